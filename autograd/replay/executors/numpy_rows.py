"""What a row of the tape does in the NumPy executor, forward and backward, as functions without arguments.

Views are made once; what runs are array operations that write where their results belong. What a row sends
back is for each of its operands a function that computes it, into an array where it gets one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.replay.executors.numpy_ops import FLOWS, VALUES
from autograd.replay.executors.numpy_views import OperandView, Store
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B, C
from autograd.replay.passes.tape import Tape

Flow = Callable[[Any], Any]


class Row:
    """One row of a tape.

    Attributes:
        places: where the results lie.
        forward: computes the results.
        flows: what goes back, in this order: to which operand, the function, the shape of what it gives.
    """

    def __init__(self, store: Store, tape: Tape, row: Any) -> None:
        u, i = np.ogrid[: row[codes.OUTER], : row[codes.ROWS]]
        self.places = row[codes.OUT] + u * row[codes.OUT_U] + i * row[codes.OUT_I]
        self.code = int(row[codes.CODE])
        self.y, self.g = store.view(self.places, False), store.view(self.places, True)
        self.flows: list[tuple[OperandView, Flow, tuple[int, ...]]] = []
        blocks = [block for block in (A, B, C) if row[block + codes.START] != codes.ABSENT]
        self.operands = [OperandView(store, tape, row, block) for block in blocks]
        lists = {codes.DOT: self._dot, codes.SUM: self._sum}
        lists |= {codes.LOGSUMEXP: self._logsumexp, codes.PICK: self._pick}
        self.forward: Callable[[], Any] = lists.get(self.code, self._elementwise)()

    def _send(self, operand: OperandView, flow: Flow, *like: int) -> None:
        if operand.wanted:
            self.flows.append((operand, flow, like or (*operand.places.shape, self.y.shape[-1])))

    # -- element by element ------------------------------------------------------------------------------

    def _elementwise(self) -> Callable[[], Any]:
        y, code, operands = self.y, self.code, self.operands
        for k, operand in enumerate(operands[: len(FLOWS.get(code, ()))]):
            self._send(operand, self._flow_of(k))
        if any(operand.view is None for operand in operands):
            return lambda: _copy(VALUES[code](*[operand.read() for operand in operands]), y)
        return partial(VALUES[code], *[operand.view for operand in operands], out=y)

    def _flow_of(self, k: int) -> Flow:
        y, g, operands, flow = self.y, self.g, self.operands, FLOWS[self.code][k]
        if any(operand.view is None for operand in operands):
            return lambda out: _copy(flow(*[operand.read() for operand in operands], y, g), _space(out, g))
        views = [operand.view for operand in operands]
        return lambda out: flow(*views, y, g, out=_space(out, g))

    # -- of lists ----------------------------------------------------------------------------------------

    def _dot(self) -> Callable[[], Any]:
        y, g = self.y, self.g
        a, b, *rest = self.operands
        for constant in rest:
            self._send(constant, lambda out: g if out is None else _copy(g, out))
        products = self._matrix(a, b) or self._matrix(b, a) or self._products(a, b)
        if not rest:
            return products
        constant = rest[0]

        def forward() -> None:
            products()
            np.add(y, constant.read(), out=y)

        return forward

    def _matrix(self, a: OperandView, b: OperandView) -> Callable[[], Any] | None:
        """Many `a`, the same for all samples, with one `b` (in each outer step): a product of matrices."""
        outer, inner, entries = a.places.shape
        if a.wide or a.view is None or b.view is None or not (inner == 1 or 1 in b.common):
            return None
        y, g, weights, x = self.y, self.g, a.view[..., 0], b.view[:, 0]
        turned, x_turned = weights.swapaxes(1, 2), x.swapaxes(1, 2)

        def to_weights(out: Any) -> Any:
            return np.matmul(g, x_turned, out=None if out is None else out[..., 0])

        def to_x(out: Any) -> Any:
            return np.matmul(turned, g, out=None if out is None else out[:, 0])

        self._send(a, lambda out: _again(to_weights(out), out, 3), outer, inner, entries, 1)
        self._send(b, lambda out: _again(to_x(out), out, 1), outer, 1, entries, y.shape[-1])
        return partial(np.matmul, weights, x, out=y)

    def _products(self, a: OperandView, b: OperandView) -> Callable[[], Any]:
        y, g = self.y, self.g[:, :, None]
        space = np.empty((*a.places.shape, y.shape[-1]))
        self._send(a, lambda out: np.multiply(g, b.read(), out=out))
        self._send(b, lambda out: np.multiply(g, a.read(), out=out))

        def forward() -> None:
            np.multiply(a.read(), b.read(), out=space)
            np.add.reduce(space, 2, out=y)

        return forward

    def _sum(self) -> Callable[[], Any]:
        y, g, (a,) = self.y, self.g[:, :, None], self.operands
        shape = (*a.places.shape, y.shape[-1])
        self._send(a, lambda out: np.broadcast_to(g, shape) if out is None else _copy(g, out))
        return lambda: np.add.reduce(a.read(), 2, out=y)

    def _logsumexp(self) -> Callable[[], Any]:
        y, g, (a, *less) = self.y, self.g[:, :, None], self.operands
        shape = (*a.places.shape, y.shape[-1])

        def forward() -> None:
            x = a.read()
            top = np.maximum.reduce(x, 2, keepdims=True)
            rest = np.exp(x - top)
            rest[x == top] = 0.0  # their powers are 1 and counted: so no digit of a small rest is lost
            tops = np.count_nonzero(x == top, 2)
            high = top[:, :, 0] - less[0].read() if less else top[:, :, 0]
            np.add(np.log1p(np.add.reduce(rest, 2) + (tops - 1)), high, out=y)

        def flow(out: Any) -> Any:
            whole = y + less[0].read() if less else y
            out = np.subtract(a.read(), whole[:, :, None], out=np.empty(shape) if out is None else out)
            np.exp(out, out=out)
            return np.multiply(out, g / np.add.reduce(out, 2, keepdims=True), out=out)  # y is rounded

        self._send(a, flow)
        for c in less:
            self._send(c, lambda out: np.negative(self.g, out=out), *y.shape)
        return forward

    def _pick(self) -> Callable[[], Any]:
        y, g = self.y, self.g
        a, which = self.operands
        shape = (*a.places.shape, y.shape[-1])
        u, i, t = np.ogrid[: shape[0], : shape[1], : shape[3]]

        def chosen() -> Any:  # the nearest where there is none: a guard tells after the pass
            return np.clip(which.read(), 0, shape[2] - 1).astype(np.intp)

        def forward() -> None:
            items = a.read()
            y[...] = items[u, i, chosen(), t if items.shape[-1] > 1 else 0]

        def flow(out: Any) -> Any:
            out = np.zeros(shape) if out is None else _copy(0.0, out)
            out[u, i, chosen(), t] = g
            return out

        self._send(a, flow)
        return forward


def _space(out: Any, like: Any) -> Any:
    return np.empty(like.shape) if out is None else out


def _copy(numbers: Any, out: Any) -> Any:
    out[...] = numbers
    return out


def _again(made: Any, out: Any, axis: int) -> Any:
    """What was made, with the axis that a product of matrices does not have."""
    return np.expand_dims(made, axis) if out is None else out
