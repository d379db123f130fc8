"""Functions of lists of numbers: operands that several nodes share, weighted sums, log-softmax, means.

Shared operands make a neuron one node and a layer one tuple of inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, overload

from autograd import modes, ops, special
from autograd.entry import CONSTANT, Number, Numeric, Own, Plain, some_listed
from autograd.messages import say
from autograd.node import ConstantOperands, Operands
from autograd.number import UNSET, plains
from autograd.ops import Entry
from autograd.settings import chosen_list
from autograd.value import Value, constant, watched


class DualOperands(Operands):
    """Operands with dual numbers among them: what they enter is no node but a dual number."""


def operands_of(xs: Iterable[Any], inputs: bool = True) -> Operands:
    """Numbers and Values as operands that several n-ary nodes can share; dual numbers stay themselves.

    A pass leaves out inputs that are constants alone, not weights.
    """
    xs = xs if isinstance(xs, (list, tuple)) else list(xs)
    try:
        nodes = [x if isinstance(x, Value) else constant(x) for x in xs]
    except TypeError:
        if not any(isinstance(x, Numeric) and not isinstance(x, Value) for x in xs):
            raise
        return DualOperands(x if isinstance(x, Numeric) else constant(x) for x in xs)
    if not inputs or (nodes and nodes[0].op is not CONSTANT):  # the first one mostly tells
        return Operands(nodes)
    return (ConstantOperands if all(x.op is CONSTANT for x in nodes) else Operands)(nodes)


def weigh(ws: Operands, xs: Operands) -> Any:
    """The node `dot(ws, xs)` on operands that are shared with other nodes; one more weight is a bias."""
    return weigh_rows((ws,), xs)[0]


def weigh_rows(rows: Iterable[Operands], xs: Operands) -> list[Any]:
    """`weigh(ws, xs)` for every `ws` in `rows`: the neurons of a layer share inputs and their numbers."""
    inputs = [x.data for x in xs]
    dot, add, nodes = ops.dot, special.dot_in_order, []
    plain = xs.__class__ is not DualOperands
    for ws in rows:
        if not plain or ws.__class__ is not Operands:
            if not plain or ws.__class__ is DualOperands:
                nodes.append(dot.on((*ws[: len(xs)], *xs, *ws[len(xs) :])))
                continue
            ws = Operands(ws)  # noqa: PLW2901 - a pass skips constants among the inputs alone
        node: Value = object.__new__(Value)
        node.op, node.grad, node.a, node.b, node.b_data = dot, UNSET, ws, xs, inputs
        node.a_data = weights = [w.data for w in ws]
        node.data = add(weights, inputs)
        nodes.append(watched(node) if modes.watching else node)
    return nodes


def log_softmax(xs: Iterable[Entry]) -> list[Entry]:
    """`x - logsumexp(xs)` for each x: the logarithms of the softmax shares, finite for any finite xs.

    >>> log_softmax([1e16, 1e16])
    [-0.6931471805599453, -0.6931471805599453]
    """
    logits, total, rest = ops.with_total("log_softmax", xs)
    return [x - total - rest for x in logits]


def surprisals(chosen: Sequence[Any], xs: Iterable[Any]) -> list[Any]:
    """`logsumexp(xs) - x` for some x of xs, what its rounding dropped given back: never below 0.

    >>> surprisals([50.0], [50.0, -50.0])
    [3.720075976020836e-44]
    """
    _, total, rest = ops.with_total("cross_entropy", xs)
    return [total - x + rest for x in plains(chosen)]


@overload
def mean(x: Own, /, *more: Number) -> Own: ...
@overload
def mean(*xs: Plain) -> float: ...
@overload
def mean(*xs: Number) -> Any: ...
@overload
def mean(xs: Iterable[Plain], /) -> float: ...  # type: ignore[overload-overlap]  # an empty list is both
@overload
def mean(xs: Iterable[Own | Plain], /) -> Own: ...
@overload
def mean(xs: Iterable[Number], /) -> Any: ...  # type: ignore[overload-cannot-match]  # [a, 1.0] does, to mypy
def mean(*xs: Any) -> Any:
    """The mean of numbers or Values, given one by one or as one list.

    Raises:
        ValueError: there are none.

    >>> mean([1.0, 2.0, 6.0]), mean(1.0, 2.0)
    (3.0, 1.5)
    """
    found = some_listed(*xs)
    return ops.sum_(found) / len(found)


@overload
def dist(p: Iterable[Plain], q: Iterable[Plain]) -> float: ...
@overload
def dist(p: Iterable[Own], q: Iterable[Own | Plain]) -> Own: ...
@overload
def dist(p: Iterable[Number], q: Iterable[Own]) -> Own: ...
@overload
def dist(p: Iterable[Number], q: Iterable[Number]) -> Any: ...
def dist(p: Iterable[Number], q: Iterable[Number]) -> Any:
    """Euclidean distance of two points given as sequences of numbers or Values, as `math.dist`."""
    ps, qs = plains(chosen_list("dist", "p", p)), plains(chosen_list("dist", "q", q))
    if len(ps) != len(qs):
        raise ValueError(say("dot_lengths", weights=len(ps), inputs=len(qs)))
    return ops.norm([a - b for a, b in zip(ps, qs)])
