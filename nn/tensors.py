"""What a tensor can do beyond arithmetic, each function once: `x.clamp(0, 1)`, and `torch.clamp(x, 0, 1)`.

The names are PyTorch's. In: nested lists of numbers and Values, and settings; out: lists, or a number.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import autograd as ag
from autograd.number import Traced, depth_of, entries, is_list, listed, number_of
from autograd.settings import ABOVE_0, chosen_number
from nn.arranging import (
    chunk,
    expand,
    gather,
    index_select,
    length_of,
    permute,
    repeat,
    split,
    tril,
    triu,
)
from nn.keywords import told
from nn.layers.activations import on_each
from nn.messages import problem
from nn.outputs import Classes, Numbers, Outputs, Truths, both
from nn.shapes import Share, axis_of, each, fitting, permuted, reduced

EACH = (
    *("abs", "acos", "asin", "atan", "ceil", "cos", "cosh", "erf", "erfc", "exp", "exp2", "expm1", "floor"),
    *("lgamma", "log", "log10", "log1p", "log2", "reciprocal", "relu", "sigmoid", "sign", "sin", "sinh"),
    *("sqrt", "square", "tan", "tanh", "trunc"),
)  # fmt: skip


class Found(NamedTuple):
    """Entries, and their places along the axis: what `max(dim=1)`, `sort` and `topk` give."""

    values: Any
    indices: Any


def along(function: Callable[[list[Any]], Any], x: Any, dim: int | None, keepdim: bool = False) -> Any:
    """What the function makes of all entries, or of those along one axis."""
    if dim is None:
        found = function([v for _, v in entries(x)])
        return Share(found) if type(found) is float else found
    axis = axis_of("dim", dim, depth_of(x))
    made = reduced(function, x, axis, Outputs)
    return Outputs([made]) if keepdim and depth_of(x) == 1 else made.unsqueeze(axis) if keepdim else made


def on_axis(function: Callable[[list[Any]], list[Any]], x: Any, dim: int) -> Any:
    """The function of every list along one axis, in its place."""
    axis, last = axis_of("dim", dim, depth_of(x)), depth_of(x) - 1
    order = list(range(last + 1))
    order[axis], order[last] = last, axis

    def rows(part: Any) -> Any:
        deeper = part and is_list(part[0])
        return Outputs(map(rows, part)) if deeper else Outputs(function(list(part)))

    return permuted(rows(permuted(x, order, Outputs)), order, Outputs)


def _deviations(xs: list[Any]) -> list[Any]:
    middle = ag.mean(xs)
    return [v - middle for v in xs]


def _shared(total: Any, count: float) -> Any:
    """The total for each of so many; of none what IEEE's division by 0 gives."""
    return total / count if count > 0 else total * float("inf")


def var(
    x: Any, dim: int | None = None, unbiased: bool = True, keepdim: bool = False, correction: int = 1
) -> Any:
    """The variance, divided by one less than the count."""
    less = correction if unbiased else 0

    def of(xs: list[Any]) -> Any:
        return _shared(ag.sum([ag.square(v) for v in _deviations(xs)]), len(xs) - less)

    return along(of, x, dim, keepdim)


def std(
    x: Any, dim: int | None = None, unbiased: bool = True, keepdim: bool = False, correction: int = 1
) -> Any:
    """The root of the variance; where all entries are equal no gradient arrives, as in PyTorch."""
    less = correction if unbiased else 0

    def of(xs: list[Any]) -> Any:
        return _shared(ag.norm(_deviations(xs)), ag.sqrt(builtins.max(0, len(xs) - less)))

    return along(of, x, dim, keepdim)


def norm(x: Any, p: float = 2, dim: int | None = None, keepdim: bool = False) -> Any:
    """The root of the sum of squares; with `p=1` the sum of sizes."""
    if p not in (1, 2):
        chosen_number("norm", "p", p, ABOVE_0)
        raise problem(ValueError, "tensor_norm", p=p)
    size: Callable[[list[Any]], Any] = ag.norm if p == 2 else lambda xs: ag.sum([ag.abs(v) for v in xs])
    return along(size, x, dim, keepdim)


def prod(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The product of the entries."""
    return along(ag.prod, x, dim, keepdim)


def logsumexp(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The logarithm of the sum of exponentials."""
    return along(ag.logsumexp, x, dim, keepdim)


def softmax(x: Any, dim: int = -1) -> Any:
    """Shares of the entries along an axis."""
    return on_axis(ag.softmax, x, dim)


def log_softmax(x: Any, dim: int = -1) -> Any:
    """Logarithms of the shares that `softmax` gives."""
    return on_axis(ag.log_softmax, x, dim)


def any(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:  # noqa: A001 - torch.any
    """Whether an entry is true."""
    return along(lambda xs: builtins.any(map(number_of, xs)), x, dim, keepdim)


def all(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:  # noqa: A001 - torch.all
    """Whether each entry is true."""
    return along(lambda xs: builtins.all(map(number_of, xs)), x, dim, keepdim)


def max(x: Any, dim: Any = None, keepdim: bool = False) -> Any:  # noqa: A001 - torch.max
    """The largest entry; along an axis with its place; of two tensors the larger entry at each place."""
    return _extreme(ag.maximum, x, dim, keepdim, descending=True)


def min(x: Any, dim: Any = None, keepdim: bool = False) -> Any:  # noqa: A001 - torch.min
    """The smallest entry; along an axis with its place; of two tensors the smaller entry at each place."""
    return _extreme(ag.minimum, x, dim, keepdim, descending=False)


def _extreme(function: Any, x: Any, dim: Any, keepdim: bool, descending: bool) -> Any:
    if is_list(dim):
        return both(function, x, dim)
    if dim is None:
        return along(function, x, None)
    best = _first(x, 1, dim, -1 if descending else 1, -1)
    return best if keepdim else Found(*(_one(part, dim) for part in best))


def _one(x: Any, dim: int) -> Any:
    return x[0] if depth_of(x) == 1 else x.squeeze(dim)


def amax(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The largest entries alone; equal ones share the gradient."""
    return along(ag.maximum, x, dim, keepdim)


def amin(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The smallest."""
    return along(ag.minimum, x, dim, keepdim)


def argsort(x: Any, dim: int = -1, descending: bool = False) -> Any:
    """The places of the entries along an axis, the smallest first."""
    return sort(x, dim, descending).indices


def argmax(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The place of the largest entry, the first of equal ones."""
    return _place(x, dim, keepdim, True)


def argmin(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The place of the smallest."""
    return _place(x, dim, keepdim, False)


def _place(x: Any, dim: int | None, keepdim: bool, descending: bool) -> Any:
    if dim is None:
        return _place([v for _, v in entries(x)], 0, False, descending)
    return _extreme(None, x, dim, keepdim, descending).indices


def sort(x: Any, dim: int = -1, descending: bool = False) -> Found:
    """The entries along an axis in order, and where each stood."""
    return topk(x, length_of("sort", x, dim), dim, descending)


def topk(x: Any, k: int, dim: int = -1, largest: bool = True) -> Found:
    """The `k` largest entries along an axis, and where each stands."""
    sign = -1 if largest else 1
    return _first(x, k, dim, sign, sign)


def _first(x: Any, k: int, dim: int, sign: int, odd: int) -> Found:
    """The first `k` along an axis by `sign` times the entry; at -1 for `odd` nan comes before all."""
    fitting("topk", f"k={k}", x, 0 <= k <= length_of("topk", x, dim))

    def first(xs: list[Any]) -> list[Any]:
        ranks = [sign * number_of(v) for v in xs]
        places = sorted(range(len(xs)), key=lambda i: (odd * (ranks[i] != ranks[i]), ranks[i]))[:k]
        return [_Pair((xs[i], i)) for i in places]

    pairs = on_axis(first, x, dim)
    return Found(each(lambda p: p.entry, pairs, Outputs), each(lambda p: p.place, pairs, Classes))


class _Pair:
    """An entry and its place: one entry to all that walks lists."""

    def __init__(self, pair: tuple[Any, int]) -> None:
        self.entry, self.place = pair


def cumsum(x: Any, dim: int) -> Any:
    """The sums of the entries up to each."""

    def sums(xs: list[Any]) -> list[Any]:
        found = xs[:1]
        for v in xs[1:]:
            found.append(found[-1] + v)
        return found

    return on_axis(sums, x, dim)


def flip(x: Any, dims: Any) -> Any:
    """The entries along these axes in the opposite order."""
    for dim in listed(dims) if is_list(dims) else [dims]:
        x = on_axis(lambda xs: xs[::-1], x, dim)
    return x


def clamp(x: Any, min: Any = None, max: Any = None) -> Any:  # noqa: A002 - PyTorch's names
    """Every entry, no lower than one number and no higher than the other."""
    low, high = (-float("inf") if min is None else min), (float("inf") if max is None else max)
    return on_each(lambda v: ag.clamp(v, low, high), x)


def round(x: Any, decimals: int = 0) -> Any:  # noqa: A001 - torch.round
    """Plain numbers, the even one of two that are as near."""
    return each(lambda v: float(builtins.round(number_of(v), decimals)), x, Classes)


def isnan(x: Any) -> Any:
    """Whether each entry is no number."""
    return each(lambda v: bool(number_of(v) != number_of(v)), x, Truths)


def isfinite(x: Any) -> Any:
    """Whether each entry is a number, and not endless."""
    return each(lambda v: abs(number_of(v)) < float("inf"), x, Truths)


def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """`value` where the mask is true, else the entry."""
    return both(lambda v, yes: value if number_of(yes) else v, x, mask)


def add(x: Any, other: Any, alpha: float = 1) -> Any:
    """`x + alpha * other`."""
    return x + (other if alpha == 1 else Numbers(other) * alpha if is_list(other) else other * alpha)


def sub(x: Any, other: Any, alpha: float = 1) -> Any:
    """`x - alpha * other`."""
    return x - (other if alpha == 1 else Numbers(other) * alpha if is_list(other) else other * alpha)


def _of_two(name: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def of(x: Any, other: Any) -> Any:
        return function(x, other)

    of.__name__, of.__doc__ = name, f"`{name}` of two tensors, or of one and a number."
    return of


def _compared(ask: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    return lambda x, y: each(bool, both(lambda a, b: ask(number_of(a), number_of(b)), x, y), Truths)


def _plain(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def of(x: Any, other: Any) -> Any:
        found = each(lambda v: v, both(lambda a, b: function(number_of(a), number_of(b)), x, other), Classes)
        return each(bool, found, Truths) if type(next(entries(found))[1]) is bool else found

    return of


def _of_each(name: str) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = getattr(ag, name)

    def of(x: Any) -> Any:
        return on_each(function, x)

    of.__name__, of.__doc__ = name, f"`autograd.{name}` of each number."
    return of


OF_TWO = {
    **{name: getattr(operator, name) for name in ("mul", "truediv", "pow", "matmul")},
    **{name: _compared(getattr(operator, name)) for name in ("eq", "ne", "gt", "ge", "lt", "le")},
    "logical_and": _compared(lambda a, b: bool(a and b)), "logical_or": _compared(lambda a, b: bool(a or b)),
    "maximum": lambda x, y: both(ag.maximum, x, y), "minimum": lambda x, y: both(ag.minimum, x, y),
}  # fmt: skip
ALIASES = {
    "div": "truediv", "mm": "matmul", "bmm": "matmul", "mv": "matmul", "dot": "matmul", "clip": "clamp",
    "multiply": "mul", "divide": "truediv", "subtract": "sub", "absolute": "abs", "true_divide": "truediv",
    "swapaxes": "transpose",
}  # fmt: skip
OWN: tuple[Callable[..., Any], ...] = (
    add, sub, var, std, norm, prod, logsumexp, softmax, log_softmax, any, all, max, min, amax, amin,
    argsort, argmax, argmin, sort, topk, cumsum, flip, clamp, round, isnan, isfinite, masked_fill,
    tril, triu, permute, repeat, expand, split, chunk, gather, index_select,
    *(_of_each(name) for name in EACH), *(_of_two(name, function) for name, function in OF_TWO.items()),
)  # fmt: skip
FUNCTIONS: dict[str, Callable[..., Any]] = {function.__name__: told(function) for function in OWN}
FUNCTIONS |= {name: FUNCTIONS[known] for name, known in ALIASES.items() if known in FUNCTIONS}
for _sign in ("mod", "floordiv", "and_", "or_"):  # of plain numbers: 5 % 3, and of answers
    _function = _plain(getattr(operator, _sign))
    setattr(Numbers, f"__{_sign.rstrip('_')}__", _function)
setattr(Numbers, "__invert__", lambda x: each(lambda v: not number_of(v), x, Truths))  # noqa: B010 - as the others
for _name, _function in FUNCTIONS.items():
    if _name not in vars(Numbers):
        setattr(Numbers, _name, _function)


def as_function(name: str) -> Callable[..., Any]:
    """`torch.flatten(x, 1)` of `x.flatten(1)`, for what lists and numbers have as a method."""
    if name in FUNCTIONS:
        return FUNCTIONS[name]

    def of(x: Any, *given: Any, **named: Any) -> Any:
        known = x if isinstance(x, (Numbers, Traced)) else Numbers(listed(x)) if is_list(x) else x
        return getattr(known, name)(*given, **named)

    of.__name__, of.__doc__ = name, f"`x.{name}(...)`."
    return of
