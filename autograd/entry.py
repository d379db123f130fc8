"""What a row of the op table is, and the operator syntax shared by everything an op applies to."""

# mypy: disable-error-code="no-any-return"
# (a reading decides what an op gives; the operators say that it is of their own kind)

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, Union

from autograd import hinting
from autograd.messages import say
from autograd.number import Traced, is_array, is_number, say_not_a_number, to_float
from autograd.settings import chosen_list

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

Rule = Callable[..., Any]
OnFloats = Callable[..., float]
Own = TypeVar("Own", bound="Operand")  # an op on Values gives a Value, on dual numbers a dual number
Plain = Union[float, "Fraction", "Decimal"]
Number = Union[Plain, "Operand"]


class Op:
    """One row of the table; call it on numbers for a number, on Values for a Value."""

    __slots__ = (
        "arity", "bulk", "choice", "composed", "defaults", "gather", "name", "own", "partials",
        "precedence", "rules", "sample", "sign", "stable", "tex", "value",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        value: Callable[..., float],
        partials: Sequence[Rule | None] = (),
        *,
        stable: Sequence[Rule | None] = (),
        arity: int | None = 1,
        sign: str = "",
        precedence: int = 9,
        tex: str = "",
        defaults: tuple[float, ...] = (),
        sample: tuple[tuple[float, float], ...] = (),
        choice: bool = False,
        gather: Callable[..., list[Any]] | None = None,
        bulk: Callable[..., list[Any]] | None = None,
        composed: Callable[..., Any] | None = None,
    ) -> None:
        self.name, self.value, self.arity = name, value, arity
        self.partials, self.stable = tuple(partials), tuple(stable)
        self.rules = self.stable or self.partials  # what numbers and graphs are made from
        self.sign, self.precedence, self.tex = sign or name, precedence, tex
        self.defaults, self.choice, self.gather, self.bulk = defaults, choice, gather, bulk
        self.composed = composed
        self.own = False  # declared by the user: its rules are read with care
        self.sample = sample or ((-3.0, 3.0),) * (arity or 3)

    def __call__(self, *operands: Any) -> Any:
        """Apply the op: floats give a float, arrays an array, what `Operand` stands for its own kind."""
        return self.on(operands if self.gather is None else tuple(self.gather(*operands)))

    def on(self, operands: tuple[Any, ...]) -> Any:
        """Apply the op to its operands, all in one flat tuple."""
        if self.arity == 1 and len(operands) == 1:
            (x,) = operands
            if isinstance(x, Operand):
                return x.apply(self, operands)
            if type(x) is float:
                return self.value(x)
            return self._over(operands) if is_array(x) else self.value(to_float(x))
        for x in operands:
            if type(x) is not float:
                break
        else:
            if self.arity is None or len(operands) == self.arity:
                return self.value(*operands)
        return self._read(operands)

    def _read(self, operands: tuple[Any, ...]) -> Any:
        if self.arity is not None and len(operands) != self.arity:
            missing = self.arity - len(operands)
            if not 0 < missing <= len(self.defaults):
                raise TypeError(say("arity", name=self.name, arity=self.arity, got=len(operands)))
            operands += self.defaults[-missing:]
        reader: Any = None
        arrays = False
        for x in operands:
            if isinstance(x, Operand):
                if reader is None or x.reading > reader.reading:
                    reader = x
            elif type(x) is not float and is_array(x):
                arrays = True
        if arrays and self.arity is not None:
            return self._over(operands)
        if reader is not None:
            return reader.apply(self, operands)
        return self.value(*[to_float(x) for x in operands])

    def _over(self, operands: Sequence[Any]) -> Any:
        """The op entry by entry over arrays, which NumPy brings to one shape."""
        import numpy as np

        arrays = [x if isinstance(x, Operand) else np.asarray(x) for x in operands]
        found = np.frompyfunc(lambda *xs: self.on(xs), len(arrays), 1)(*arrays)
        return found if any(isinstance(x, Operand) for x in found.flat) else found.astype(np.float64)

    def locals(self, operands: Sequence[Any], result: Any) -> list[Any]:
        """The local derivative to each operand, None where flat: numbers, Values, whatever they are."""
        if self.bulk is not None:
            return self.bulk(operands, result)
        if self.arity is None:
            nary = self.rules[0]
            if nary is None:
                return [None] * len(operands)
            try:
                return [nary(i, operands, result) for i in range(len(operands))]
            except (ArithmeticError, ValueError):
                rules = [self.rule(i) for i in range(len(operands))]
                return [read_on_floats(rule, operands, result) for rule in rules if rule is not None]
        rules = [self.rule(i) for i in range(len(operands))]
        if all(type(x) is float for x in operands):
            return [None if rule is None else read_on_floats(rule, operands, result) for rule in rules]
        return [None if rule is None else rule(*operands, result) for rule in rules]

    def rule(self, i: int, readable: bool = False) -> Rule | None:
        """The partial derivative to operand `i`, as a function of the operands and the result.

        `readable=True` gives the form people are shown, otherwise the one that keeps all digits.
        """
        rules = self.partials if readable else self.rules
        if self.arity is not None:
            return rules[i] if i < len(rules) else None
        if not rules or (nary := rules[0]) is None:
            return None
        return lambda *xs_y: nary(i, xs_y[:-1], xs_y[-1])

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if TABLE.get(self.name) is not self and self not in (LEAF, CONSTANT):
            raise TypeError(say("pickle_op", name=self.name))
        return find_op, (self.name,)


def find_op(name: str) -> Op:
    """The table's entry called `name`."""
    return {"leaf": LEAF, "constant": CONSTANT}.get(name) or TABLE[name]


NO_OPERANDS = dict.fromkeys((str, bytes, complex, type(None)), "operand")  # these know nothing of Values
NO_OPERANDS |= dict.fromkeys((list, tuple, dict, set), "operand_many")


class Operand(Traced):
    """The operator syntax shared by everything an op can be applied to.

    A subclass says how it reads an op: `apply(op, operands)`; among mixed operands the one with the
    largest `reading` decides.
    """

    __slots__ = ()
    reading: int = 0

    def apply(self, op: Op, operands: Sequence[Any]) -> Any:
        """What `op` at these operands is, in this reading."""
        raise NotImplementedError

    def _binary(self, op: Op, left: Any, right: Any) -> Any:
        other = right if left is self else left
        if isinstance(other, Operand) or is_number(other):
            return op(left, right)
        if text := NO_OPERANDS.get(kind := other.__class__):
            raise TypeError(say(text, sign=op.sign, kind=kind.__name__, problem=say_not_a_number(other)))
        return NotImplemented  # it may know what to do with a Value

    def _compare(self, other: Any, holds: Callable[[float, float], bool]) -> bool:
        """Compare the numbers that stand behind two operands."""
        number: float = self.data  # type: ignore[attr-defined]  # names, which have no number, raise
        if isinstance(other, Operand):
            return bool(holds(number, other.data))  # type: ignore[attr-defined]  # as above
        return bool(holds(number, to_float(other))) if is_number(other) else NotImplemented

    # fmt: off
    def __add__(self: Own, other: Number) -> Own: return self._binary(TABLE["add"], self, other)
    def __radd__(self: Own, other: Number) -> Own: return self._binary(TABLE["add"], other, self)
    def __sub__(self: Own, other: Number) -> Own: return self._binary(TABLE["sub"], self, other)
    def __rsub__(self: Own, other: Number) -> Own: return self._binary(TABLE["sub"], other, self)
    def __mul__(self: Own, other: Number) -> Own: return self._binary(TABLE["mul"], self, other)
    def __rmul__(self: Own, other: Number) -> Own: return self._binary(TABLE["mul"], other, self)
    def __truediv__(self: Own, other: Number) -> Own: return self._binary(TABLE["div"], self, other)
    def __rtruediv__(self: Own, other: Number) -> Own: return self._binary(TABLE["div"], other, self)
    def __pow__(self: Own, other: Number) -> Own: return self._binary(TABLE["pow"], self, other)
    def __rpow__(self: Own, other: Number) -> Own: return self._binary(TABLE["pow"], other, self)
    def __mod__(self: Own, other: Number) -> Own: return self._binary(TABLE["mod"], self, other)
    def __rmod__(self: Own, other: Number) -> Own: return self._binary(TABLE["mod"], other, self)
    def __floordiv__(self: Own, other: Number) -> Own: return self._binary(TABLE["floordiv"], self, other)
    def __rfloordiv__(self: Own, other: Number) -> Own: return self._binary(TABLE["floordiv"], other, self)
    def __divmod__(self: Own, other: Number) -> tuple[Own, Own]: return self // other, self % other
    def __rdivmod__(self: Own, other: Number) -> tuple[Own, Own]: return other // self, other % self
    def __neg__(self: Own) -> Own: return TABLE["neg"](self)
    def __pos__(self: Own) -> Own: return self
    def __abs__(self: Own) -> Own: return TABLE["abs"](self)

    def __lt__(self, other: Number) -> bool: return self._compare(other, operator.lt)
    def __le__(self, other: Number) -> bool: return self._compare(other, operator.le)
    def __gt__(self, other: Number) -> bool: return self._compare(other, operator.gt)
    def __ge__(self, other: Number) -> bool: return self._compare(other, operator.ge)
    # fmt: on


def all_listed(*operands: Any) -> list[Any]:
    """Operands given one by one or as one iterable, as a list."""
    if len(operands) == 1 and not isinstance(operands[0], Operand) and hasattr(operands[0], "__iter__"):
        operands = tuple(operands[0])
    return list(operands)


def some_listed(*operands: Any) -> list[Any]:
    """Operands as `all_listed` gives them, at least one."""
    found = all_listed(*operands)
    if not found:
        raise ValueError(say("no_operands"))
    return found


def paired(ws: Iterable[Any], xs: Iterable[Any], b: Any = None) -> list[Any]:
    """The operands of `dot(ws, xs, b)` in one list: weights, inputs, and the bias when there is one."""
    try:
        weights, inputs = list(ws), list(xs)
    except TypeError:
        weights, inputs = chosen_list("dot", "ws", ws), chosen_list("dot", "xs", xs)
    if len(weights) != len(inputs):
        raise ValueError(say("dot_lengths", weights=len(weights), inputs=len(inputs)))
    return weights + inputs + ([] if b is None else [b])


class Numeric(Operand):
    """An operand behind which a number stands: a Value or a dual number; how it turns into plain ones.

    `int`, `round`, `math.floor` and the like, text, comparisons and truth are flat, so nothing is lost.
    `float()` would lose the slope of what is being differentiated, so there it is refused.
    """

    __slots__ = ()
    data: float
    label: str = ""
    scope: tuple[str, ...] = ()

    # fmt: off
    def __bool__(self) -> bool: return bool(self.data)
    def __int__(self) -> int: return int(self.data)
    def __trunc__(self) -> int: return int(self.data)
    def __floor__(self) -> int: return math.floor(self.data)
    def __ceil__(self) -> int: return math.ceil(self.data)
    def __round__(self, digits: int | None = None) -> float: return round(self.data, digits)
    def __format__(self, spec: str) -> str: return format(self.data, spec) if spec else repr(self)
    # fmt: on

    def conjugate(self) -> Any:
        """The number itself, as it is real: NumPy's `std` and `var` ask for it."""
        return self

    def __float__(self) -> float:
        self.refuse_active()
        if not hinting.hints_refused():
            hinting.watch_float(self)
        return self.item()

    def refuse_active(self, problem: str = "float_of_active") -> None:
        """Raise where this depends on the point of a derivative being taken: a plain number would lose it."""
        if self._is_active():
            raise TypeError(say(problem, place=hinting.say_caller()))

    def _is_active(self) -> bool:
        raise NotImplementedError

    def item(self) -> float:
        """The number, as PyTorch's `item`."""
        return self.data


TABLE: dict[str, Op] = {}
LEAF = Op("leaf", to_float, arity=0)  # a Value nobody computed
CONSTANT = Op("constant", to_float, arity=0)  # a leaf that wants no gradient


BUILT_IN: frozenset[str] = frozenset()


class Ieee(Operand):
    """A float whose operators follow IEEE 754 where Python's raise: a rule is read again on it.

    >>> (1.0 / Ieee(0.0)).number
    inf
    """

    __slots__ = ("number",)
    reading = 1

    def __init__(self, number: float) -> None:
        self.number = number

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Ieee:
        return cls(op.value(*[x.number if isinstance(x, Ieee) else to_float(x) for x in operands]))


def read_on_floats(rule: Rule, numbers: Sequence[float], result: float) -> float:
    """A rule's number at these operands; what Python refuses (1 / 0.0) follows IEEE 754."""
    try:
        return rule(*numbers, result)
    except (ArithmeticError, ValueError):
        read = rule(*[Ieee(x) for x in numbers], Ieee(result))
        return read.number if isinstance(read, Ieee) else float(read)
