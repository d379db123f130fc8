"""`Probe`: what stands for a plain number while a function is recorded.

A float that the function was given, or that it read from a Value's `.data`, must not slip through as a
constant. A probe does arithmetic by recording it, a comparison by recording a guard, and what it can do in
neither way (`math.exp`, an index, text) by a guard that the number itself stays the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import ops
from autograd.entry import Op, Operand
from autograd.number import UNSET, is_number
from autograd.program import STOP
from autograd.value import Value, constant

DATA = Value.__dict__["data"]  # the slot itself: reads and writes that recording does not see


def number_of(node: Value) -> float:
    """A node's number, past any recording."""
    return DATA.__get__(node)  # type: ignore[no-any-return]  # a slot of floats


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


class Probe(Operand):
    """A number of the function that is being recorded; `whole` when Python has it as an int.

    `kind` is its type where that is NumPy's.
    """

    __slots__ = ("kind", "node", "recording", "whole")
    reading = 3

    def __init__(self, recording: Any, node: Value, whole: bool = False, kind: Any = None) -> None:
        self.recording, self.node, self.whole, self.kind = recording, node, whole, kind

    @property  # type: ignore[misc]  # isinstance asks it: a function that sorts by type takes its usual way
    def __class__(self) -> type:
        return self.kind or (int if self.whole else float)

    @property
    def recorded_number(self) -> Any:
        """The plain number at the time of recording."""
        x = number_of(self.node)
        x = int(x) if self.whole else x
        return self.kind(x) if self.kind else x

    def exact(self) -> Any:
        """The plain number, with a guard that it stays this one."""
        x = number_of(self.node)
        self.recording.guard("eq", self.node, x, True)
        if x == 0.0 and not self.whole:  # 0.0 == -0.0, but math.copysign and text tell them apart
            sign = Value.apply(ops.copysign, (constant(1.0), self.node))
            self.recording.guard("eq", sign, number_of(sign), True)
        return self.recorded_number

    def as_value(self) -> Value:
        """The node behind it: what an expression with Values uses."""
        return self.node

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """Record the op: a probe of its result, or the Value where Values take part."""
        probe = next(x for x in operands if isinstance(x, Probe))
        node = Value.apply(op, [x.node if isinstance(x, Probe) else x for x in operands])
        if any(isinstance(x, Value) for x in operands):
            return node
        return Probe(probe.recording, node)

    def _binary(self, op: Op, left: Any, right: Any) -> Any:
        other = right if left is self else left
        if isinstance(other, Value):
            return Probe.apply(op, (left, right))
        if not isinstance(other, Probe) and not (
            (is_number(other) and not hasattr(other, "numerator")) or isinstance(other, (int, float))
        ):
            return (
                NotImplemented
                if isinstance(other, Operand) or not is_number(other)
                else self._plain(op, left, right)
            )
        if op is ops.add or op is ops.sub or op is ops.mul:
            made = Probe.apply(op, (left, right))
            made.whole = _whole(left) and _whole(right)
            if made.whole and abs(number_of(made.node)) >= 2**53:
                return self._plain(op, left, right)
            return made
        if op is ops.div:
            divisor = _plain(right)
            if isinstance(right, Probe):
                self.recording.guard("eq", right.node, 0.0, divisor == 0)
            if divisor != 0:
                return Probe.apply(op, (left, right))
        if op is ops.pow_ and type(right) is int and 0 <= right < 100 and not self.whole:
            made = Probe.apply(op, (left, right))
            if abs(number_of(made.node)) < 1e300:
                return made
        return self._plain(op, left, right)

    def _plain(self, op: Op, left: Any, right: Any) -> Any:
        """What Python does with the plain numbers, which are then guarded."""
        a, b = (x.exact() if isinstance(x, Probe) else x for x in (left, right))
        return {
            "add": lambda: a + b,
            "sub": lambda: a - b,
            "mul": lambda: a * b,
            "div": lambda: a / b,
            "pow": lambda: a**b,
        }[op.name]()

    # fmt: off
    def __neg__(self) -> Any: return self._keep(Probe.apply(ops.neg, (self,)))
    def __pos__(self) -> Any: return self
    def __abs__(self) -> Any: return self._keep(Probe.apply(ops.abs_, (self,)))
    def _keep(self, made: Any) -> Any: made.whole = self.whole; return made  # noqa: E702
    def __lt__(self, other: Any) -> Any: return self.recording.compare("gt", other, self)
    def __gt__(self, other: Any) -> Any: return self.recording.compare("gt", self, other)
    def __le__(self, other: Any) -> Any: return self.recording.compare("ge", other, self)
    def __ge__(self, other: Any) -> Any: return self.recording.compare("ge", self, other)
    def __eq__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, Value) else self.recording.compare("eq", self, other)
    def __ne__(self, other: Any) -> Any:
        if isinstance(other, Value):  # of which identity decides
            return NotImplemented
        same = self.recording.compare("eq", self, other)
        return same if same is NotImplemented else not same
    def __bool__(self) -> bool: return not self.recording.compare("eq", self, 0.0)
    def __hash__(self) -> int: return hash(self.exact())
    def __float__(self) -> float: return float(self.exact())
    def __int__(self) -> Any: return self.recording.truncated(self)
    def __trunc__(self) -> Any: return self.recording.truncated(self)
    def __round__(self, digits: int | None = None) -> Any: return round(self.exact(), digits)
    def __floor__(self) -> Any: return math.floor(self.exact())
    def __ceil__(self) -> Any: return math.ceil(self.exact())
    def __floordiv__(self, other: Any) -> Any: return self.exact() // _exact(other)
    def __rfloordiv__(self, other: Any) -> Any: return _exact(other) // self.exact()
    def __mod__(self, other: Any) -> Any: return self.exact() % _exact(other)
    def __rmod__(self, other: Any) -> Any: return _exact(other) % self.exact()
    def __divmod__(self, other: Any) -> Any: return divmod(self.exact(), _exact(other))
    def __rdivmod__(self, other: Any) -> Any: return divmod(_exact(other), self.exact())
    def __and__(self, other: Any) -> Any: return self.exact() & _exact(other)
    def __or__(self, other: Any) -> Any: return self.exact() | _exact(other)
    def __xor__(self, other: Any) -> Any: return self.exact() ^ _exact(other)
    def __lshift__(self, other: Any) -> Any: return self.exact() << _exact(other)
    def __rshift__(self, other: Any) -> Any: return self.exact() >> _exact(other)
    def __str__(self) -> str: return str(self.exact())
    def __repr__(self) -> str: return repr(self.exact())
    def __format__(self, spec: str) -> str: return format(self.exact(), spec)
    # fmt: on

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(self.__class__, name):
            raise AttributeError(f"{self.__class__.__name__!r} object has no attribute {name!r}")
        return getattr(self.exact(), name)

    def __index__(self) -> int:
        if not self.whole:
            raise TypeError("'float' object cannot be interpreted as an integer")
        return self.exact()  # type: ignore[no-any-return]  # whole: an int


def _whole(x: Any) -> bool:
    return x.whole if isinstance(x, Probe) else isinstance(x, int)


def _plain(x: Any) -> Any:
    return x.recorded_number if isinstance(x, Probe) else x


def _exact(x: Any) -> Any:
    return x.exact() if isinstance(x, Probe) else x


def is_recorded(x: Any) -> bool:
    """True for what a function that is being recorded sees in the place of a plain number.

    >>> is_recorded(3)
    False
    """
    return isinstance(x, Probe)


def pick(items: Sequence[Any], index: Any) -> Any:
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
    if not isinstance(index, Probe):
        return items[int(index) if not hasattr(index, "__index__") else index]
    i, recording = index.recorded_number, index.recording
    if not index.whole or not 0 <= i < len(items):
        return items[index.exact()]
    recording.compare("ge", index, 0.0)
    recording.compare("gt", float(len(items)), index)
    if isinstance(items[0], (list, tuple)):
        if len({len(row) for row in items}) > 1:
            return items[index.exact()]
        return [recording.picked([row[k] for row in items], index) for k in range(len(items[0]))]
    return recording.picked(items, index)
