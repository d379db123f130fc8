"""`Probe`: what stands for a plain number while a function is recorded.

A float that the function was given, or that it read from a Value's `.data`, must not slip through as a
constant. A probe does arithmetic by recording it, a comparison by recording a guard, and what it can do in
neither way (`math.exp`, an index, text) by a guard that the number itself stays the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeVar

from autograd import ops
from autograd.entry import Op
from autograd.number import UNSET, listed, unboxed
from autograd.program import STOP
from autograd.replay.capture.arithmetic import (
    DATA,
    NumberStandIn,
    combined,
    compared,
    divided,
    exact_of,
    is_narrow,
    magnitude,
    negated,
    number_of,
)
from autograd.settings import WHOLE, chosen_number
from autograd.value import Value

Item = TypeVar("Item")


def stopped(node: Value) -> Value:
    """A node with the same number, from which no gradient goes back."""
    if node.a is None and node.requires_grad is False:
        return node
    made: Value = object.__new__(Value)
    x = number_of(node)
    made.a, made.b, made.a_data, made.b_data = node, None, x, x
    made.op, made.grad = STOP, UNSET
    DATA.__set__(made, x)
    return made


class Probe(NumberStandIn):
    """A number of the function that is being recorded, with the operators of plain numbers."""

    __slots__ = ()

    def _binary(self, op: Op, left: Any, right: Any) -> Any:
        if isinstance(right if left is self else left, Value):
            return Probe.apply(op, (left, right))
        return combined(op.name, left, right)

    def _compared(self, code: str, other: Any, swapped: bool = False) -> Any:
        return compared(code, self, other, swapped)

    # fmt: off
    def __neg__(self) -> Any: return negated(self)
    def __pos__(self) -> Any: return self
    def __abs__(self) -> Any: return magnitude(self)
    def __lt__(self, other: Any) -> Any: return self._compared("gt", other, True)
    def __gt__(self, other: Any) -> Any: return self._compared("gt", other)
    def __le__(self, other: Any) -> Any: return self._compared("ge", other, True)
    def __ge__(self, other: Any) -> Any: return self._compared("ge", other)
    def __eq__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, Value) else self._compared("eq", other)
    def __ne__(self, other: Any) -> Any:
        if isinstance(other, Value):  # of which identity decides
            return NotImplemented
        same = self._compared("eq", other)
        return same if same is NotImplemented else type(same)(not same)
    def __bool__(self) -> bool: return not self.recording.compare("eq", self, 0.0)
    def __hash__(self) -> int: return hash(self.exact())
    def __float__(self) -> float: return float(self.exact())
    def __int__(self) -> Any: return self.recording.truncated(self)
    def __trunc__(self) -> Any: return self.recording.truncated(self)
    def __round__(self, digits: int | None = None) -> Any: return round(self.exact(), digits)
    def __floor__(self) -> Any: return math.floor(self.exact())
    def __ceil__(self) -> Any: return math.ceil(self.exact())
    def __pow__(self, other: Any, modulus: Any = None) -> Any:
        if modulus is not None:
            return pow(self.exact(), exact_of(other), exact_of(modulus))
        return self._binary(ops.pow_, self, other)
    def __floordiv__(self, other: Any) -> Any: return combined("floordiv", self, other)
    def __rfloordiv__(self, other: Any) -> Any: return combined("floordiv", other, self)
    def __mod__(self, other: Any) -> Any: return combined("mod", self, other)
    def __rmod__(self, other: Any) -> Any: return combined("mod", other, self)
    def __divmod__(self, other: Any) -> Any: return divided(self, other)
    def __rdivmod__(self, other: Any) -> Any: return divided(other, self)
    def __and__(self, other: Any) -> Any: return self.exact() & exact_of(other)
    def __or__(self, other: Any) -> Any: return self.exact() | exact_of(other)
    def __xor__(self, other: Any) -> Any: return self.exact() ^ exact_of(other)
    def __lshift__(self, other: Any) -> Any: return self.exact() << exact_of(other)
    def __rshift__(self, other: Any) -> Any: return self.exact() >> exact_of(other)
    def __rand__(self, other: Any) -> Any: return other & self.exact()
    def __ror__(self, other: Any) -> Any: return other | self.exact()
    def __rxor__(self, other: Any) -> Any: return other ^ self.exact()
    def __rlshift__(self, other: Any) -> Any: return other << self.exact()
    def __rrshift__(self, other: Any) -> Any: return other >> self.exact()
    def __invert__(self) -> Any: return ~self.exact()
    def __str__(self) -> str: return str(self.exact())
    def __repr__(self) -> str: return repr(self.exact())
    def __format__(self, spec: str) -> str: return format(self.exact(), spec)
    def __copy__(self) -> Any: return self
    def __deepcopy__(self, _: Any) -> Any: return self
    def __reduce_ex__(self, protocol: Any) -> Any: return self.exact().__reduce_ex__(protocol)
    # fmt: on

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **settings: Any) -> Any:
        from autograd.replay.capture.probe_arrays import on_arrays

        return on_arrays(ufunc, method, inputs, settings)

    @property
    def __array__(self) -> Any:
        """For NumPy's narrow types, which an array of several numbers may widen; others stay objects."""
        if not is_narrow(self.kind):
            raise AttributeError("__array__")
        return self._as_array

    def _as_array(self, dtype: Any = None, **_: Any) -> Any:
        import numpy as np

        return np.asarray(self.exact(), dtype)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(self.kind, name):
            raise AttributeError(f"{self.kind.__name__!r} object has no attribute {name!r}")
        if name in ABOUT_THE_TYPE:
            return getattr(self.recorded_number, name)
        return getattr(self.exact(), name)

    def __index__(self) -> int:
        if not self.whole:
            raise TypeError(f"{self.kind.__name__!r} object cannot be interpreted as an integer")
        return int(self.exact())


ABOUT_THE_TYPE = {"dtype", "shape", "ndim", "size", "itemsize", "nbytes"}


def is_recorded(x: Any) -> bool:
    """True for what a function that is being recorded sees in the place of a plain number.

    >>> is_recorded(3)
    False
    """
    return isinstance(x, Probe)


def pick(items: Sequence[Item], index: Any) -> Item:
    """`items[index]`, which a recorded function looks up anew at every call.

    With a plain `xs[i]` a recorded program would hold the one item it saw. Rows (lists) may be picked
    from too: `pick(embedding, token)` is the row, one recorded program serves every token.

    Args:
        items: Values or numbers, or lists of them, all of one length.
        index: an int, or what a recorded function has in its place.

    Raises:
        IndexError: there is no such item.

    >>> pick([10.0, 20.0, 30.0], 1)
    20.0
    >>> pick([[1.0, 2.0], [3.0, 4.0]], 0)
    [1.0, 2.0]
    """
    found: Item = _picked(listed(items), index)
    return found


def _picked(rows: Any, index: Any) -> Any:
    if not isinstance(index, Probe):
        return unboxed(rows[chosen_number("pick", "index", index, WHOLE)])
    i, recording = index.recorded_number, index.recording
    if not index.whole or not 0 <= i < len(rows):
        return rows[index.exact()]
    recording.compare("ge", index, 0.0)
    recording.compare("gt", float(len(rows)), index)
    if isinstance(rows[0], (list, tuple)):
        if len({len(row) for row in rows}) > 1:
            return rows[index.exact()]
        return [recording.picked([row[k] for row in rows], index) for k in range(len(rows[0]))]
    return recording.picked(rows, index)
