"""`ProbeArray`: what stands for a NumPy array of numbers while a function is recorded.

What works element by element, sums and means in float64 and whole numbers are recorded with the elements. For
everything else NumPy gets the array itself, of the very type, whose numbers must then stay the same.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd import ops
from autograd.messages import say
from autograd.replay.capture.arithmetic import (
    SAFE,
    ArrayStandIn,
    exact_of,
    is_stand_in,
    plain_of,
    range_of,
    within,
)
from autograd.replay.this_thread import HERE
from autograd.value import Value

ARITHMETIC = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "floordiv": "floor_divide", "mod": "remainder",
}  # fmt: skip
BITS = {
    "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor", "lshift": "left_shift",
    "rshift": "right_shift",
}  # fmt: skip
ALONE = {"neg": "negative", "pos": "positive", "abs": "absolute"}
ORDER = {
    "gt": "greater", "ge": "greater_equal", "lt": "less", "le": "less_equal",
    "eq": "equal", "ne": "not_equal",
}  # fmt: skip
MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne"}
RECORDED = {name: getattr(operator, short) for short, name in {**ARITHMETIC, **ALONE, **ORDER}.items()}
REFLECTED = {getattr(operator, short): f"__r{short}__" for short in ARITHMETIC} | {
    getattr(operator, short): f"__{other}__" for short, other in MIRRORED.items()
}
FUNCTIONS = {name: name for name in (
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "square", "sin", "cos", "tan",
    "sinh", "cosh", "tanh", "hypot", "copysign", "maximum", "minimum", "degrees", "radians", "floor",
)} | {f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "tan2")}  # fmt: skip
METHODS = (
    "sum", "mean", "max", "min", "var", "std", "dot", "reshape", "ravel", "transpose", "squeeze", "copy",
)  # fmt: skip
REARRANGED = ("reshape", "ravel", "flatten", "transpose", "squeeze", "swapaxes", "copy", "repeat", "diagonal")
IN_MEMORY = {"flags", "strides", "base", "data", "ctypes", "shares_memory", "may_share_memory", "K", "A"}


def array_of(cells: Sequence[Any], like: Any) -> ProbeArray:
    """What stands for `like`, with these elements."""
    box = np.fromiter(cells, object, like.size)  # as they are: in lists NumPy looks into them
    return ProbeArray(box.reshape(like.shape), like.dtype)


class ProbeArray(ArrayStandIn):
    """Elements in an array of objects, probes or NumPy's numbers; and the type that they have outside."""

    __slots__ = ("cells", "dtype")
    __hash__ = None  # type: ignore[assignment]  # as arrays have none

    def __init__(self, cells: Any, dtype: Any) -> None:
        self.cells, self.dtype = cells, dtype
        if HERE.run is not None:
            HERE.run.arrays.append(self)

    @property  # type: ignore[misc]  # isinstance asks it
    def __class__(self) -> type:
        return np.ndarray

    def plain(self) -> Any:
        """The array itself, as it was while recording."""
        made = np.array([plain_of(x) for x in self.cells.ravel()], self.dtype).reshape(self.cells.shape)
        made.flags.writeable = False
        return made

    def exact(self) -> Any:
        """The array as `plain` gives it, with a guard that every number stays."""
        for x in self.cells.ravel():
            exact_of(x)
        return self.plain()

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        found = self.exact()
        return found if dtype is None else found.astype(dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **settings: Any) -> Any:
        return on_arrays(ufunc, method, inputs, settings)

    def __array_function__(self, function: Any, _: Any, args: Any, settings: Any) -> Any:
        name = _told(function.__name__)
        if name in METHODS and args and type(args[0]) is ProbeArray:
            return getattr(args[0], name)(*args[1:], **settings)
        return function(*_exact(args), **{key: _exact(x) for key, x in settings.items()})

    # -- elements --------------------------------------------------------------------------------------

    def _wrap(self, found: Any) -> Any:
        return ProbeArray(found, self.dtype) if type(found) is np.ndarray else found

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Any]:
        return map(self._wrap, iter(self.cells))

    def __getitem__(self, key: Any) -> Any:
        return self._wrap(self.cells[_exact(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        key, changed = _exact(key), self.plain().copy()
        changed[key] = _exact(value)
        self.cells[key] = boxed(changed[key])

    def __contains__(self, x: Any) -> bool:
        return any(cell == x for cell in self.cells.ravel())

    def tolist(self) -> Any:
        """Nested lists of Python's numbers."""
        kind = int if self.dtype.kind in "iu" else float
        found = self.cells.copy()
        found.ravel()[:] = [x.as_kind(kind) if is_stand_in(x) else x.item() for x in found.ravel()]
        return found.tolist()

    def item(self, *where: Any) -> Any:
        """One element as Python's number."""
        self.plain().item(*map(exact_of, where))  # or the error that it is none
        return self.cells.item(*map(exact_of, where)).as_kind(int if self.dtype.kind in "iu" else float)

    def astype(self, dtype: Any, *args: Any, **settings: Any) -> Any:
        """The numbers as another type; recorded where that holds them all exactly."""
        if args or settings or not np.can_cast(self.dtype, dtype) or np.dtype(dtype).kind not in "fiu":
            wider = np.dtype(dtype) == np.float64 and not args and not settings
            if not wider:  # int64 to float64 is exact here, where numbers are below 2**53
                return self.exact().astype(dtype, *args, **settings)
        kind = np.dtype(dtype).type
        cells = [x.as_kind(kind) if is_stand_in(x) else kind(x) for x in self.cells.ravel()]
        return array_of(cells, np.empty(self.cells.shape, dtype))

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """Transposed."""
        return self._wrap(self.cells.T)

    @property
    def flat(self) -> Any:
        """The elements one after another."""
        return self.ravel()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in REARRANGED:
            found = getattr(self.cells, name)
            return lambda *args, **settings: self._wrap(
                found(*map(_told, map(_exact, args)), **{key: _told(x) for key, x in settings.items()})
            )
        found = getattr(self.plain(), _told(name))  # or the error that there is none
        if name in ("shape", "ndim", "size", "itemsize", "nbytes"):
            return found
        return getattr(self.exact(), name)

    # -- sums ------------------------------------------------------------------------------------------

    def _reduced(self, name: str, axis: Any, args: Any, settings: Any) -> Any:
        """By a function of `REDUCTIONS`; NumPy's where floats are narrow."""
        usual = not args and not settings and not isinstance(axis, tuple) and self.size
        want = getattr(self.plain(), name)(axis) if usual else None
        if want is None or (want.dtype != float and want.dtype.kind not in "iu"):
            return getattr(self.exact(), name)(axis, *args, **settings)
        return self._along(axis, lambda cells: REDUCTIONS[name](cells, want.dtype.type))

    def _along(self, axis: int | None, function: Any) -> Any:
        if axis is None:
            return function(self.cells.ravel().tolist())
        rows = np.moveaxis(self.cells, axis, -1)
        found = np.empty(rows.shape[:-1], object)
        for place in np.ndindex(found.shape):
            found[place] = function(rows[place].tolist())
        plain = [plain_of(x) for x in found.ravel()]
        return ProbeArray(found, np.array(plain).dtype) if found.shape else found[()]

    def dot(self, other: Any) -> Any:
        """The product of two vectors, or of a matrix and a vector; others with the numbers as they are."""
        other = other if type(other) is ProbeArray else np.asarray(other)
        if other.dtype == object:
            return self.cells.dot(other)
        if other.ndim != 1 or self.ndim > 2 or self.plain().dot(plain_of_array(other)).dtype != float:
            return self.exact().dot(_exact(other))
        return (self * other).sum(-1)

    __matmul__ = dot

    def __rmatmul__(self, other: Any) -> Any:
        other = np.asarray(other)
        if other.dtype == object:
            return other @ self.cells
        return self.dot(other) if self.ndim == other.ndim == 1 else other @ self.exact()

    # -- operators -------------------------------------------------------------------------------------

    def __copy__(self, _: Any = None) -> Any:
        return self._wrap(self.cells.copy())

    __deepcopy__ = __copy__


def _operators() -> None:
    """The operators of arrays, each by its ufunc, and sums and their like."""

    def ufunc(name: str, *inputs: Any) -> Any:
        return on_arrays(getattr(np, name), "__call__", inputs, {})

    def inplace(name: str) -> Any:
        def method(self: Any, other: Any) -> Any:
            self[...] = ufunc(name, self, other)
            return self

        return method

    def reduction(name: str) -> Any:
        return lambda self, axis=None, *args, **settings: self._reduced(name, axis, args, settings)

    for reading in (bool, float, int, repr, str, format):
        name = f"__{reading.__name__}__"
        setattr(ProbeArray, name, lambda self, *how, reading=reading: reading(self.exact(), *how))
    two_sided = ARITHMETIC | BITS
    for short, name in {**two_sided, **ALONE, "invert": "invert", **ORDER}.items():
        setattr(ProbeArray, f"__{short}__", lambda self, *other, name=name: ufunc(name, self, *other))
    for short, name in two_sided.items():
        setattr(ProbeArray, f"__r{short}__", lambda self, other, name=name: ufunc(name, other, self))
        setattr(ProbeArray, f"__i{short}__", inplace(name))
    for name in REDUCTIONS:
        setattr(ProbeArray, name, reduction(name))


def _told(x: Any) -> Any:
    """A name or an order that says nothing of how the numbers lie in memory; else an error."""
    if isinstance(x, str) and x in IN_MEMORY:
        raise TypeError(say("record_memory", order=repr(x)))
    return x


def _exact(x: Any) -> Any:
    """Indices and the like with their plain numbers."""
    if type(x) is ProbeArray:
        return x.exact()
    if isinstance(x, (tuple, list)):
        return type(x)(map(_exact, x))
    return x if isinstance(x, Value) else exact_of(x)


def plain_of_array(x: Any) -> Any:
    """What stands for an array or a number, as it was while recording; no guard."""
    return x.plain() if type(x) is ProbeArray else plain_of(x)


def boxed(x: Any) -> Any:
    """Numbers and arrays as an array of objects, which keeps NumPy's types."""
    if type(x) is ProbeArray:
        return x.cells
    shape = x.shape if type(x) is np.ndarray else ()
    made = np.empty(shape, object)
    if shape:
        made.ravel()[:] = list(x.ravel())
    else:
        made[()] = x[()] if type(x) is np.ndarray else x
    return made


def total(cells: Sequence[Any], kind: Any) -> Any:
    """The sum of numbers, in this type."""
    cells = [x.as_kind(kind) if is_stand_in(x) else kind(x) for x in cells]
    probe = next((x for x in cells if is_stand_in(x)), None)
    if probe is None:
        return reduce(operator.add, cells, kind(0))
    limits = [(x.low, x.high) if is_stand_in(x) else (x, x) for x in cells] if range_of(kind) else []
    if reduce(operator.add, (max(abs(int(low)), abs(int(high))) for low, high in limits), 0) > SAFE:
        return reduce(operator.add, cells, kind(0))  # a guard for every step
    node = Value.apply(ops.sum_, [x.node if is_stand_in(x) else x for x in cells])
    if not range_of(kind):
        return probe.like(node, kind)
    low, high = (reduce(operator.add, map(int, ends)) for ends in zip(*limits))
    return within(probe, node, reduce(operator.add, map(plain_of, cells), kind(0)), low, high)


def _on_scalars(python: Any, left: Any, *rest: Any) -> Any:
    """An operator whose left side may be NumPy's, which would ask here again."""
    if is_stand_in(left) or not rest:
        return python(left, *rest)
    return getattr(rest[0], REFLECTED[python])(left)


def _variance(cells: Sequence[Any], kind: Any) -> Any:
    middle = total(cells, kind) / len(cells)
    return total([(x - middle) ** 2 for x in cells], kind) / len(cells)


def _extreme(op: Any, cells: Sequence[Any]) -> Any:
    probe = next((x for x in cells if is_stand_in(x)), None)
    if probe is None or len(cells) == 1:
        return op.value(*cells) if probe is None else probe
    node = Value.apply(op, [x.node if is_stand_in(x) else x for x in cells])
    limits = [(x.low, x.high) if is_stand_in(x) else (int(x), int(x)) for x in cells] if probe.whole else []
    return probe.like(node, probe.kind, *([op.value(*xs) for xs in zip(*limits)] if limits else ()))


# of elements and the type of the result, as NumPy's: whole numbers are added up in a wide type
REDUCTIONS: dict[str, Callable[[Sequence[Any], Any], Any]] = {
    "sum": total,
    "mean": lambda xs, kind: total(xs, kind) / len(xs),
    "var": _variance,
    "std": lambda xs, kind: _variance(xs, kind) ** 0.5,
    "max": lambda xs, _: _extreme(ops.maximum, xs),
    "min": lambda xs, _: _extreme(ops.minimum, xs),
}
_operators()


def _by_op(ufunc: Any) -> Any:
    """A function of elements that records the op of the table that a ufunc is; None without such an op."""
    op: Any = getattr(ops, FUNCTIONS.get(ufunc.__name__, ""), None)

    def applied(*xs: Any) -> Any:
        probe = next((x for x in xs if is_stand_in(x)), None)
        if probe is None:
            return ufunc(*xs)
        return probe.like(Value.apply(op, [x.node if is_stand_in(x) else x for x in xs]), np.float64)

    return None if op is None else applied


def on_arrays(ufunc: Any, method: str, inputs: Sequence[Any], settings: dict[str, Any]) -> Any:
    """A ufunc of probes and what stands for arrays."""

    def objects(x: Any) -> bool:
        return isinstance(x, Value) or (type(x) is np.ndarray and x.dtype == object)

    if any(map(objects, inputs)):  # Values, or lists of anything
        return getattr(ufunc, method)(*map(boxed, inputs), **settings)
    python = RECORDED.get(ufunc.__name__) if method == "__call__" and not settings else None
    if python is not None and not any(type(x) in (ProbeArray, np.ndarray) for x in inputs):
        return _on_scalars(python, *inputs)
    by_op = _by_op(ufunc) if method == "__call__" and not settings and python is None else None
    function: Any = python or by_op
    if function is not None:
        want = ufunc(*map(plain_of_array, inputs))
        if want.dtype == float or (python is not None and want.dtype.kind in "iub"):
            with np.errstate(all="ignore"):  # NumPy has said it
                found: Any = np.frompyfunc(function, len(inputs), 1)(*map(boxed, inputs))
            if type(found) is not np.ndarray:
                return found
            return found.astype(bool) if want.dtype.kind == "b" else ProbeArray(found, want.dtype)
    (out,) = settings.pop("out", (None,))  # as NumPy hands it here
    found = getattr(ufunc, method)(*map(_exact, inputs), **{name: _exact(x) for name, x in settings.items()})
    if out is not None:
        out[...] = found
    return found if out is None else out
