"""The NumPy executor: every row of the tape is a few array operations on strided views of one memory.

For machines without Numba (a browser's Python among them). All samples of a batch lie side by side, and a
dot whose weights are shared is a matrix product.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from operator import setitem
from typing import Any

import numpy as np

from autograd.replay import codes
from autograd.replay.codes import GUARD, LOOK, NONE, NOT_FINITE, OK, A, B, C
from autograd.replay.numpy_ops import FLOWS, VALUES
from autograd.replay.tape import Tape, tape_of
from autograd.replay.variant import Variant

CACHE = 1 << 19  # bytes of rows that stay near the processor
COMPARE: dict[str, Callable[..., Any]] = {"gt": np.greater, "ge": np.greater_equal, "eq": np.equal}
NEAR = 1e-10  # as in `kernels`
NUMBERS = np.zeros(0)


class Entries:
    """The operands of one block of a row of the tape: views to read them, and to add flows to them.

    Shape (results, entries) for what the samples share, (results, entries, lanes) for the others.
    """

    def __init__(self, memory: Memory, row: Any, block: int) -> None:
        part = row[block : block + codes.BLOCK]
        rows, outer = int(row[codes.ROWS]), int(row[codes.OUTER])
        wide = (
            block in (A, B) and row[codes.CODE] >= codes.LISTS and not (row[0] == codes.PICK and block == B)
        )
        width = int(row[codes.ENTRIES]) if wide else 1
        start = int(part[codes.START])
        if part[codes.INDEXED]:
            places = memory.tape.index[start : start + rows * outer * width].astype(np.int64)
            places = places.reshape(-1, width)
        else:
            u, i = np.divmod(np.arange(rows * outer), rows)
            places = (start + u * part[codes.U] + i * part[codes.I])[:, None] + np.arange(width) * part[
                codes.J
            ]
        edge = memory.tape.edge
        self.mixed = bool((places < edge).any() and (places >= edge).any())
        self.shared = bool(places[0, 0] < edge)
        self.places = places if self.shared or self.mixed else places - edge
        self.once = len(np.unique(places)) == places.size
        self.memory, self.wanted = memory, bool(part[codes.WANTED])
        source, slopes = (
            (memory.numbers, memory.number_slopes) if self.shared else (memory.rows, memory.slopes)
        )
        self.view = None if self.mixed else _view(source, self.places)
        self.slope_view = _view(slopes, self.places) if self.view is not None and self.once else None

    def read(self) -> Any:
        """The operands' numbers."""
        if self.view is not None:
            return self.view
        if not self.mixed:
            return (self.memory.numbers if self.shared else self.memory.rows)[self.places]
        return np.stack([self.memory.row(p) for p in self.places.ravel()]).reshape(*self.places.shape, -1)

    def add(self, flow: Any) -> None:
        """Add flows of the shape of the operands, with lanes."""
        if self.mixed:
            for p, one in zip(self.places.ravel(), flow.reshape(self.places.size, -1)):
                self.memory.add(p, one)
            return
        if self.shared:
            flow = flow.sum(-1)
        if self.slope_view is not None:
            self.slope_view += flow
        elif self.shared:
            np.add.at(self.memory.number_slopes, self.places, flow)
        else:
            np.add.at(self.memory.slopes, self.places, flow)


def _view(source: Any, places: Any) -> Any:
    """`source[places]` as a view, where the places step regularly; None where they do not."""
    count, width = places.shape
    step = int(places[1, 0] - places[0, 0]) if count > 1 else 0
    entry = int(places[0, 1] - places[0, 0]) if width > 1 else 0
    if (
        step < 0
        or entry < 0
        or not (places == places[0, 0] + step * np.arange(count)[:, None] + entry * np.arange(width)).all()
    ):
        return None
    unit = source.strides[0]
    return np.lib.stride_tricks.as_strided(
        source[int(places[0, 0]) :],
        (count, width, *source.shape[1:]),
        (step * unit, entry * unit, *source.strides[1:]),
    )


class Memory:
    """A tape's numbers and gradients, and its rows turned into functions."""

    def __init__(self, variant: Variant, tape: Tape, lanes: int) -> None:
        self.variant, self.tape, self.lanes = variant, tape, lanes
        self.numbers, self.number_slopes = np.zeros(tape.edge), np.zeros(tape.edge)
        self.numbers[: len(tape.start)] = tape.start
        wide = max(1, tape.count - tape.edge)
        self.rows, self.slopes = np.zeros((wide, lanes)), np.zeros((wide, lanes))
        self.values, self.gradients = self.numbers, self.number_slopes  # parameters first, as in the kernels
        self.edge = tape.edge
        steps = [self._step(row) for row in tape.rows]
        self.first, self.then = steps[: tape.shared], steps[tape.shared :]

    def row(self, place: int) -> Any:
        """A row's numbers, one per lane."""
        if place < self.tape.edge:
            return np.broadcast_to(self.numbers[place], (self.lanes,))
        return self.rows[place - self.tape.edge]

    def add(self, place: int, flow: Any) -> None:
        """Add a flow to a row."""
        if place < self.tape.edge:
            self.number_slopes[place] += flow.sum()
        else:
            self.slopes[place - self.tape.edge] += flow

    def _step(self, row: Any) -> tuple[Callable[[], None], Callable[[], None]]:
        code, count = int(row[codes.CODE]), int(row[codes.ROWS] * row[codes.OUTER])
        out, wide = int(row[codes.OUT]), bool(row[codes.LANES])
        y = (
            self.rows[out - self.edge : out - self.edge + count]
            if wide
            else self.numbers[out : out + count, None]
        )
        g = (
            self.slopes[out - self.edge : out - self.edge + count]
            if wide
            else self.number_slopes[out : out + count, None]
        )
        blocks = [Entries(self, row, block) if row[block + codes.START] >= 0 else None for block in (A, B, C)]
        wanted = any(block is not None and block.wanted for block in blocks)
        maker = {codes.DOT: _dot, codes.SUM: _sum, codes.LOGSUMEXP: _logsumexp, codes.PICK: _pick}.get(code)
        forward, backward = maker(blocks, y, g) if maker else _elementwise(code, blocks, y, g)
        return forward, backward if wanted else lambda: None

    def forward(self, shared: bool) -> None:
        """Compute what the samples share, or their rows."""
        for forward, _ in self.first if shared else self.then:
            forward()

    def backward(self, shared: bool) -> None:
        """Send the gradients back."""
        for _, backward in reversed(self.first if shared else self.then):
            backward()

    def holding(self, count: int) -> Any:
        """For each lane whether all guards surely come out as recorded."""
        good = np.ones(count, bool)
        leaves = len(self.variant.program.leaves)
        for code, left, right, outcome, _ in self.variant.guards:
            a, b = (self.row(int(self.tape.place[side]))[:count] for side in (left, right))
            good &= COMPARE[code](a, b) == outcome
            if left >= leaves or right >= leaves:
                good &= ~(np.abs(a - b) <= NEAR * (np.abs(a) + np.abs(b)))
        return good

    def run(
        self,
        samples: Any,
        inputs: int,
        order: Any,
        kind: int,
        *,
        guarded: bool = True,
        position: int = 0,
        count: int = 0,
        size: int = 0,
        mean: bool = False,
        parameters: int = 0,
        settings: Any = NUMBERS,
        state: Any = NUMBERS,
        rates: Any = NUMBERS,
        step: int = 0,
        limit: int = 1,
        losses: Any = NUMBERS,
        sums: Any = NUMBERS,
        steady: bool = False,
        kept: Any = NUMBERS,
        good: Any = NUMBERS,
        root: int = -2,
    ) -> Any:
        """As `kernels.run`."""
        count, size = count or len(order), size or len(order)
        samples = samples.reshape(-1, inputs) if inputs else np.zeros((int(order.max()) + 1, 0))
        root = self.tape.root if root == -2 else root
        made = 0
        with np.errstate(all="ignore"):
            while made < limit and position < len(order):
                end = min(position + size, (position // count + 1) * count)
                weight = 1.0 / (end - position) if mean else 1.0
                self.forward(True)
                self.number_slopes[:] = 0.0
                for begin in range(position, end, self.lanes):
                    stop = min(begin + self.lanes, end)
                    if not (steady and made):
                        self.rows[:inputs, : stop - begin] = samples[order[begin:stop]].T
                        self.rows[:inputs, stop - begin :] = self.rows[
                            :inputs, stop - begin - 1 : stop - begin
                        ]
                    bad = self._block(stop - begin, root, weight, losses[begin - position :], kind, guarded)
                    if kind == LOOK:
                        good[begin:stop] = self.holding(stop - begin)
                        kept.reshape(len(order), -1)[begin:stop] = self._outputs(stop - begin)
                    elif bad >= 0:
                        return GUARD, begin + bad, made
                if kind == LOOK:
                    return OK, 0, 0
                self.backward(True)
                loss = float(losses[: end - position].sum()) if root >= 0 else 0.0
                if kind != NONE:
                    slopes = self.number_slopes[:parameters]
                    if not (np.isfinite(slopes).all() and np.isfinite(loss)):
                        return NOT_FINITE, position, made
                    numbers = self.numbers[:parameters]
                    made_of = _update(numbers, slopes, kind, settings, state, rates[made], step + made)
                    goals, places = (numbers, state, sums), (slice(None), slice(None), made)
                    # in one call, which an interrupt cannot split
                    deque(map(setitem, goals, places, (*made_of, loss * weight if mean else loss)), maxlen=0)
                else:
                    sums[made] = loss * weight if mean else loss
                made, position = made + 1, end
        return OK, position, made

    def _block(self, count: int, root: int, weight: float, losses: Any, kind: int, guarded: bool) -> int:
        """Forward and backward of the samples in the lanes; the lane whose guard fails, or -1."""
        self.forward(False)
        if kind == LOOK:
            return -1
        if guarded and self.variant.guards:
            good = self.holding(count)
            if not good.all():
                return int(np.argmin(good))
        if root < 0:
            return -1
        losses[:count] = self.row(root)[:count]
        self.slopes[:] = 0.0
        if root >= self.edge:
            self.slopes[root - self.edge, :count] = weight
        else:
            self.number_slopes[root] += weight * count
        self.backward(False)
        return -1

    def _outputs(self, count: int) -> Any:
        places = [int(self.tape.place[i]) for i in self.variant.outputs]
        return np.stack([self.row(p)[:count] for p in places], 1) if places else np.zeros((count, 0))


class Single(Memory):
    """One call at a time."""

    def __init__(self, variant: Variant) -> None:
        super().__init__(variant, tape_of(variant, batched=False), 1)
        rest = [i for i in [*variant.read, *variant.given] if i not in set(variant.wanted)]
        self.order = [*variant.wanted, *dict.fromkeys(rest)]
        self.one = (NUMBERS, 0, np.zeros(1, np.int64))

    def run_one(self, numbers: Sequence[float], gradient: bool) -> Any:
        """(root's number, gradients of the wanted leaves, outputs), or None when a guard does not hold."""
        self.numbers[: len(self.order)] = [numbers[i] for i in self.order]
        root = self.tape.root
        status, _, _ = self.run(
            *self.one, NONE, losses=np.zeros(1), sums=np.zeros(1), root=root if gradient else -1
        )
        if status != OK:
            return None
        return (
            float(self.row(root)[0]) if root >= 0 else 0.0,
            self.number_slopes[: len(self.variant.wanted)].tolist() if gradient else [],
            self._outputs(1)[0].tolist(),
        )


class Batch(Memory):
    """Many samples at a time."""

    def __init__(self, variant: Variant, size: int) -> None:
        tape = tape_of(variant, batched=True)
        most = max(16, CACHE // (16 * max(1, tape.count - tape.edge)))
        blocks = -(-size // most)
        super().__init__(variant, tape, -(-size // blocks))
        self.parameters = len([i for i in variant.wanted if i not in set(variant.given)])
        self.inputs = len(variant.given)

    def read(self, numbers: Sequence[float]) -> None:
        """Take over the numbers of the leaves that are no inputs (from all leaves' numbers)."""
        given = set(self.variant.given)
        first = [numbers[i] for i in self.variant.wanted if i not in given]
        first += [numbers[i] for i in dict.fromkeys(self.variant.read)]
        self.numbers[: len(first)] = first

    def passing(self, samples: Any, order: Any) -> tuple[Any, Any]:
        """For samples of `order`: whether the guards hold, and the outputs."""
        good = np.zeros(len(order), bool)
        kept = np.zeros((len(order), len(self.variant.outputs)))
        self.run(samples, self.inputs, order, LOOK, kept=kept, good=good)
        return good, kept

    def gradient(self, samples: Any, order: Any, weight: float) -> tuple[Any, Any]:
        """(losses of `order`, gradients of the parameters times `weight`), whatever the guards say."""
        losses = np.zeros(len(order))
        self.run(samples, self.inputs, order, NONE, guarded=False, losses=losses, sums=np.zeros(1))
        return losses, self.number_slopes[: self.parameters] * weight


def _update(p: Any, g: Any, kind: int, settings: Any, state: Any, rate: float, step: int) -> tuple[Any, Any]:
    """The parameters and the state after one update."""
    a, b, c, decay = settings
    n = len(p)
    g = g + decay * p if decay else g
    m, v = state[:n], state[n:]
    if kind == codes.MOMENTUM:
        m = g if step == 0 else a * m + (1.0 - b) * g
        g = g + a * m if c else m
    elif kind == codes.ADAM:
        m = a * m + (1.0 - a) * g
        v = b * v + (1.0 - b) * (g * g)
        g = m / (1.0 - a ** (step + 1)) / (np.sqrt(v / (1.0 - b ** (step + 1))) + c)
    return p - rate * g, np.concatenate([m, v])


# -- what a row does, forward and backward -------------------------------------------------------------------


def _flat(x: Any) -> Any:
    """One operand per result, with lanes: (results, lanes or 1)."""
    return x[:, 0] if x.ndim == 3 else x


def _elementwise(code: int, blocks: Sequence[Entries | None], y: Any, g: Any) -> Any:
    operands = [block for block in blocks if block is not None]
    value, flows = VALUES[code], FLOWS.get(code, ())

    def forward() -> None:
        y[...] = value(*[_flat(block.read()) for block in operands])

    def backward() -> None:
        numbers = [_flat(block.read()) for block in operands]
        for block, flow in zip(operands, flows):
            if block.wanted:
                block.add(flow(*numbers, y, g)[:, None])

    return forward, backward


def _lanes(x: Any) -> Any:
    """(results, entries, lanes or 1)."""
    return x if x.ndim == 3 else x[:, :, None]


def _dot(blocks: Sequence[Any], y: Any, g: Any) -> Any:  # noqa: C901 - two forms, each forward and backward
    a, b, c = blocks
    matrix = (
        a.shared
        and not a.mixed
        and not b.shared
        and not b.mixed
        and b.view is not None
        and (len(b.places) == 1 or not b.view.strides[0])
    )

    rows = (
        _view(b.memory.slopes, b.places[:1])
        if matrix and len(set(b.places[0].tolist())) == b.places.shape[1]
        else None
    )

    def forward() -> None:
        if matrix:
            np.matmul(a.read(), b.view[0], out=y)
        else:
            y[...] = (_lanes(a.read()) * _lanes(b.read())).sum(1)
        if c is not None:
            y[...] += _flat(c.read())

    def backward() -> None:
        if c is not None and c.wanted:
            c.add(g[:, None])
        if matrix:
            x = b.view[0]
            if a.wanted:
                slope = g @ x.T
                if a.slope_view is not None:
                    a.slope_view += slope
                else:
                    np.add.at(a.memory.number_slopes, a.places, slope)
            if b.wanted and rows is not None:
                rows[0] += a.read().T @ g
            elif b.wanted:
                np.add.at(b.memory.slopes, b.places[0], a.read().T @ g)
            return
        if a.wanted:
            a.add(g[:, None] * _lanes(b.read()))
        if b.wanted:
            b.add(g[:, None] * _lanes(a.read()))

    return forward, backward


def _sum(blocks: Sequence[Any], y: Any, g: Any) -> Any:
    a = blocks[0]

    def forward() -> None:
        y[...] = _lanes(a.read()).sum(1)

    def backward() -> None:
        if a.wanted:
            a.add(np.broadcast_to(g[:, None], (*a.places.shape, g.shape[1])))

    return forward, backward


def _logsumexp(blocks: Sequence[Any], y: Any, g: Any) -> Any:
    a = blocks[0]

    def forward() -> None:
        x = _lanes(a.read())
        top = x.max(1)
        y[...] = top + np.log(np.exp(x - top[:, None]).sum(1))

    def backward() -> None:
        if a.wanted:
            a.add(
                np.broadcast_to(
                    g[:, None] * np.exp(_lanes(a.read()) - y[:, None]), (*a.places.shape, g.shape[1])
                )
            )

    return forward, backward


def _pick(blocks: Sequence[Any], y: Any, g: Any) -> Any:
    a, b = blocks[:2]

    def chosen() -> Any:
        return np.broadcast_to(_flat(b.read()).astype(np.int64)[:, None], (y.shape[0], 1, y.shape[1]))

    def forward() -> None:
        items = np.broadcast_to(_lanes(a.read()), (*a.places.shape, y.shape[1]))
        y[...] = np.take_along_axis(items, chosen(), 1)[:, 0]

    def backward() -> None:
        if a.wanted:
            flow = np.zeros((*a.places.shape, y.shape[1]))
            np.put_along_axis(flow, chosen(), g[:, None], 1)
            a.add(flow)

    return forward, backward
