"""Arithmetic of plain numbers in a recorded function.

It is recorded only where float64 gives what Python or NumPy would have given: floats; whole numbers as long
as they stay within 2**53 and their type, for which there is a guard where nothing else tells. Everything else
(float32, bits, powers of negative numbers) is done with the plain numbers, which then must stay the same.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from autograd import ops
from autograd.entry import Op, Operand
from autograd.messages import say
from autograd.number import is_number
from autograd.value import Value, constant

DATA = Value.__dict__["data"]  # the slot itself: reads and writes that recording does not see
SAFE = 2**53 - 1  # a float up to here is the very number that ints would have given
SMALL = 2**26  # ints of arguments up to here: the product of two needs no guard
LARGEST = 1e300  # beyond it a power may be one at which Python raises
NARROW = ("float16", "float32")
PYTHON: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "pow": operator.pow, "floordiv": operator.floordiv, "mod": operator.mod,
}  # fmt: skip
COMPARISONS = {"gt": operator.gt, "ge": operator.ge, "eq": operator.eq}


def number_of(node: Value) -> float:
    """A node's number, past any recording."""
    return DATA.__get__(node)  # type: ignore[no-any-return]  # a slot of floats


RANGES: dict[Any, tuple[int, int] | None] = {int: (-SAFE, SAFE), bool: (0, 1)}


def range_of(kind: Any) -> tuple[int, int] | None:
    """The whole numbers that a type holds and float64 too; None for types of other numbers."""
    if kind not in RANGES:
        RANGES[kind] = None
        if kind.__module__ == "numpy":
            import numpy as np

            if issubclass(kind, np.integer):
                limits = np.iinfo(kind)
                RANGES[kind] = max(int(limits.min), -SAFE), min(int(limits.max), SAFE)
    return RANGES[kind]


class NumberStandIn(Operand):
    """What stands for a plain number.

    `kind` is its type outside of recordings, Python's or NumPy's; `low` and `high` enclose a whole number.
    """

    __slots__ = ("high", "kind", "low", "node", "recording")
    reading = 3

    def __init__(
        self, recording: Any, node: Value, kind: Any = float, low: int | None = None, high: int | None = None
    ) -> None:
        self.recording, self.node, self.kind = recording, node, kind
        recording.probes.append(self)
        least, most = range_of(kind) or (None, None)
        self.low, self.high = least if low is None else low, most if high is None else high

    @property  # type: ignore[misc]  # isinstance asks it: a function that sorts by type takes its usual way
    def __class__(self) -> type:
        return self.kind  # type: ignore[no-any-return]  # a type

    @property
    def whole(self) -> bool:
        """Whether it is an int, Python's or NumPy's."""
        return self.low is not None

    @property
    def recorded_number(self) -> Any:
        """The plain number at the time of recording."""
        x = number_of(self.node)
        return x if self.kind is float else self.kind(int(x) if self.whole else x)

    def exact(self) -> Any:
        """The plain number, with a guard that it stays this one."""
        x = number_of(self.node)
        self.recording.guard("eq", self.node, x, True)
        if x == 0.0 and not self.whole:  # 0.0 == -0.0, but math.copysign and text tell them apart
            sign = Value.apply(ops.copysign, (constant(1.0), self.node))
            self.recording.guard("eq", sign, number_of(sign), True)
        return self.recorded_number

    def like(self, node: Value, kind: Any = float, low: int | None = None, high: int | None = None) -> Any:
        """What stands for another number of the same recording."""
        return type(self)(self.recording, node, kind, low, high)

    def as_kind(self, kind: Any) -> Any:
        """The same number as another type, which holds it exactly."""
        whole = self.whole and range_of(kind) is not None
        return self.like(self.node, kind, *((self.low, self.high) if whole else ()))

    def as_value(self) -> Value:
        """The node behind it: what an expression with Values uses."""
        return self.node

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """Record the op: what stands for its result, or the Value where Values take part."""
        node = Value.apply(op, [x.node if is_stand_in(x) else x for x in operands])
        if any(isinstance(x, Value) for x in operands):
            return node
        return next(x for x in operands if is_stand_in(x)).like(node)


class ArrayStandIn:
    """What stands for an array of numbers, as `probe_arrays` makes it where NumPy is in use."""

    __slots__ = ()


def is_stand_in(x: Any) -> bool:
    """Whether it stands for a number, which `isinstance(x, float)` does not tell."""
    return issubclass(type(x), NumberStandIn)


def plain_of(x: Any) -> Any:
    """The plain number behind what stands for it; anything else as it is."""
    return x.recorded_number if is_stand_in(x) else x


def exact_of(x: Any) -> Any:
    """The plain number as `plain_of` gives it, with a guard that it stays this one."""
    return x.exact() if is_stand_in(x) else x


def is_narrow(kind: Any) -> bool:
    """Whether NumPy has a wider type for sums of such numbers."""
    return bool(kind.__module__ == "numpy" and kind().itemsize < 8)


def kind_of(x: Any) -> Any:
    """The type of a plain number, also where something stands for it."""
    kind: Any = type(x)
    return x.kind if is_stand_in(x) else kind


def combined(name: str, left: Any, right: Any) -> Any:
    """`left op right` of two plain numbers, at least one of them stood for."""
    mine, other = (left, right) if is_stand_in(left) else (right, left)
    if not is_stand_in(other) and (isinstance(other, Operand) or not is_number(other)):
        return NotImplemented
    a, b = plain_of(left), plain_of(right)
    try:
        result = PYTHON[name](a, b)
    except Exception:  # which is what the function is to see as long as the numbers are these
        _stay(mine, left, right)
        raise
    made = _recorded(name, left, right, result) if _fits(a) and _fits(b) else None
    if made is None:
        _stay(mine, left, right, type(result).__name__)
        return result
    return made


def _stay(mine: Any, left: Any, right: Any, kind: str = "") -> None:
    """Guards that both numbers stay as they are."""
    with mine.recording.noting(say("record_narrow", kind=kind) if kind in NARROW else ""):
        exact_of(left)
        exact_of(right)


def _fits(x: Any) -> bool:
    """Whether a float64 is the very number."""
    return range_of(type(x)) is None or abs(int(x)) <= SAFE + 1


def _node(x: Any) -> Any:
    return x.node if is_stand_in(x) else constant(x)


def _recorded(name: str, left: Any, right: Any, result: Any) -> Any:
    """What stands for the result; None where float64 would give another one, or might next time."""
    kind, mine = type(result), left if is_stand_in(left) else right
    whole = range_of(kind) is not None
    if not whole and not issubclass(kind, float):
        return None
    if name == "pow":
        return _power(left, right, result)
    if name in ("div", "floordiv", "mod"):
        if plain_of(right) == 0:
            return None
        if whole:
            return _divided_whole(name, left, right, result)
        if name != "div":
            return None
        if is_stand_in(right):
            mine.recording.guard("eq", right.node, 0.0, False)
    node = Value.apply(getattr(ops, name), (_node(left), _node(right)))
    if not whole:
        return mine.like(node, kind)
    (a, b), (c, d) = _bounds(left), _bounds(right)
    ends = {"add": (a + c, b + d), "sub": (a - d, b - c)}.get(name) or _ends(a * c, a * d, b * c, b * d)
    if name == "mul" and left is not right and ((a <= 0 <= b and c < 0) or (c <= 0 <= d and a < 0)):
        node = _no_minus(node)
    return within(mine, node, result, *ends)


def _bounds(x: Any) -> tuple[int, int]:
    return (x.low, x.high) if is_stand_in(x) else (int(x), int(x))


def _ends(*xs: int) -> tuple[int, int]:
    return min(xs), max(xs)


def _no_minus(node: Value) -> Value:
    """0 in the place of -0.0, which no int is."""
    return Value.apply(ops.add, (node, constant(0.0)))


def within(mine: Any, node: Value, result: Any, low: int, high: int) -> Any:
    """A whole number, guarded where it might leave its type or the whole numbers that float64 knows."""
    kind = type(result)
    least, most = range_of(kind) or (0, 0)
    if not (least <= result <= most and number_of(node) == result):
        return None  # NumPy's went round, or it is too large
    if low < least:
        mine.recording.guard("ge", node, float(least), True)
    if high > most:
        mine.recording.guard("ge", float(most), node, True)
    return mine.like(node, kind, max(low, least), min(high, most))


def _power(left: Any, right: Any, result: Any) -> Any:
    """`left ** right`; the exponent of a whole power stays the same."""
    base, exponent, kind = plain_of(left), plain_of(right), type(result)
    counted = range_of(type(exponent)) is not None and 0 <= exponent <= 64
    if range_of(kind) is not None:
        if not (counted and is_stand_in(left)):
            return None
        times = int(exact_of(right))
        node, most = constant(1.0), max(map(abs, _bounds(left))) ** times
        for k in range(times):
            node = Value.apply(ops.mul, (node, left.node)) if k else left.node
        return within(left, node, result, 0 if left.low >= 0 or times % 2 == 0 else -most, most)
    mine = left if is_stand_in(left) else right
    if counted:
        exponent = exact_of(right)
        right = float(exponent)
    elif base > 0:
        if is_stand_in(left):
            mine.recording.guard("gt", left.node, 0.0, True)
    else:
        return None
    node = Value.apply(ops.pow_, (_node(left), _node(right)))
    if not abs(number_of(node)) < LARGEST:
        return None
    mine.recording.guard("gt", LARGEST, Value.apply(ops.abs_, (node,)), True)
    return mine.like(node, kind)


def _divided_whole(name: str, left: Any, right: Any, result: Any) -> Any:
    """`left // m` and `left % m` of whole numbers; m stays the same."""
    if not is_stand_in(left) or abs(int(plain_of(right))) > SMALL:
        return None
    m = int(exact_of(right))
    divisor = constant(float(m))
    node = Value.apply(ops.floor, (Value.apply(ops.div, (left.node, divisor)),))
    if name == "mod":
        node = Value.apply(ops.sub, (left.node, Value.apply(ops.mul, (divisor, node))))
        return within(left, node, result, *((0, m - 1) if m > 0 else (m + 1, 0)))
    return within(left, _no_minus(node) if m < 0 else node, result, *_ends(left.low // m, left.high // m))


def divided(left: Any, right: Any) -> Any:
    """`divmod(left, right)`."""
    if range_of(kind_of(left)) and range_of(kind_of(right)) and plain_of(right) != 0:
        return combined("floordiv", left, right), combined("mod", left, right)
    return divmod(exact_of(left), exact_of(right)) if is_number(plain_of(left)) else NotImplemented


def negated(x: Any) -> Any:
    """`-x`."""
    if not x.whole:
        return x.like(Value.apply(ops.neg, (x.node,)), x.kind)
    node = Value.apply(ops.sub, (constant(0.0), x.node))  # 0 has no sign
    made = within(x, node, -x.recorded_number, -x.high, -x.low)
    return -x.exact() if made is None else made


def magnitude(x: Any) -> Any:
    """`abs(x)`."""
    node = Value.apply(ops.abs_, (x.node,))
    if not x.whole:
        return x.like(node, x.kind)
    most = max(abs(x.low), abs(x.high))
    made = within(x, node, abs(x.recorded_number), max(x.low, 0), most)
    return abs(x.exact()) if made is None else made


def compared(code: str, mine: Any, other: Any, swapped: bool) -> Any:
    """The outcome of `mine code other`, or of `other code mine`, guarded."""
    if not isinstance(other, Value):
        if not is_stand_in(other) and (isinstance(other, Operand) or not is_number(other)):
            return NotImplemented
        mine, other = _on_one_scale(mine, other)
    sides = (other, mine) if swapped else (mine, other)
    outcome = COMPARISONS[code](*[number_of(x) if isinstance(x, Value) else plain_of(x) for x in sides])
    if all(isinstance(x, Value) or is_stand_in(x) or type(x) is float for x in sides):
        recording = (mine if is_stand_in(mine) else other).recording
        return type(outcome)(recording.compare(code, *sides))
    for x in sides:  # a Fraction, an int that is no float: exact, as Python compares
        exact_of(x)
    return outcome


def _on_one_scale(mine: Any, other: Any) -> tuple[Any, Any]:
    """Two sides of a comparison, as NumPy brings them to one type; floats where floats are the same."""
    if kind_of(mine).__name__ in NARROW and kind_of(other) in (int, float):  # Python's number gets as narrow
        other = kind_of(mine)(exact_of(other))
    elif kind_of(other).__name__ in NARROW and mine.kind in (int, float):
        mine = kind_of(other)(mine.exact())
    return _float(mine), _float(other)


def _float(x: Any) -> Any:
    """A plain number as a float where that is the very same."""
    try:
        return x if is_stand_in(x) or float(x) != x else float(x)
    except OverflowError:
        return x
