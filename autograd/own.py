"""Ops of one's own: declared like the table's, but checked, for nobody has tried them.

What a value or a rule computes becomes a float or is refused where it arises.  Where a rule is read for a
derivative of the derivative, it gets stand-ins for its operands: a rule that asks them for a plain number
(`math.cos(x)`, `x.data`) would be flat there without a word, so they raise.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

from autograd import declaration, entry
from autograd.entry import CONSTANT, TABLE, Numeric, OnFloats, Op, Rule
from autograd.messages import say
from autograd.number import Traced, is_number, to_float

if TYPE_CHECKING:
    from autograd.declaration import Binary, Unary


@overload
def op(name: str, value: OnFloats, rule: Rule | None, /) -> Unary: ...
@overload
def op(name: str, value: OnFloats, a: Rule | None, b: Rule | None, /) -> Binary: ...
@overload
def op(name: str, value: OnFloats, *partials: Rule | None, **how: Any) -> Op: ...
def op(name: str, value: OnFloats, *partials: Rule | None, **how: Any) -> Op:
    """Declare an op: its value on floats and one partial derivative per operand.

    Args:
        name: how it is found and shown; a name of your own, or one you declared before.
        value: floats in, a real number out.
        partials: per operand a rule `(operands..., y)`, an expression of operands, result and ops
            (`autograd.cos(x)`, not `math.cos(x)`, or it has no derivative itself), or None where it is flat.
        how: `stable` (rules without loss of digits), `arity` (None: any number of operands),
            `sign`, `precedence`, `tex`, `defaults`, `sample`, `choice`, `gather`, `composed` (the value
            as an expression of other ops, so that replay can run it natively).

    Raises:
        ValueError: the name belongs to the library.

    Using the op raises TypeError where its value or a rule gives something else than a real number, and, for
    derivatives of its derivative, where a rule reads plain numbers.

    >>> from autograd import Value, op
    >>> cube = op("cube", lambda x: x**3, lambda x, y: 3 * x**2)
    >>> x = Value(2.0)
    >>> cube(x).backward()
    >>> x.grad
    12.0
    """
    if name in entry.BUILT_IN:
        raise ValueError(say("op_taken", name=name))
    how["stable"] = [_checked(name, rule) for rule in how.get("stable", ())]
    rules = [_checked(name, rule) for rule in partials]
    made: Op = declaration.op(name, _checked(name, value), *rules, **how)
    made.own = True
    return made


def _checked(name: str, function: Any) -> Any:
    """A value or a rule whose result is a float; what an op reads in its own way passes."""
    if function is None:
        return None

    @functools.wraps(function)
    def number(*operands: Any) -> Any:
        x = function(*operands)
        if x.__class__ is float or (isinstance(x, Traced) and isinstance(operands[-1], Traced)):
            return x
        if not is_number(x):
            raise TypeError(say("own_op_number", op=name, got=repr(x)))
        return to_float(x)

    return number


class StandIn(Numeric):
    """An operand of a rule that is read for a derivative of its own: it goes through ops, and is no number.

    What is flat (comparisons, truth, `int`, `round`, `math.floor`) asks what stands behind it.
    """

    __slots__ = ("behind", "fixed", "op")
    reading = sys.maxsize  # above every dual number

    def __init__(self, behind: Any, op: Op) -> None:
        self.behind, self.op = behind, op
        self.fixed = getattr(behind, "op", None) is CONSTANT  # its number is all there is

    def apply(self, op: Op, operands: Sequence[Any]) -> StandIn:
        """`op` on what stands behind."""
        return StandIn(op.on(tuple(map(behind, operands))), self.op)

    @property
    def data(self) -> float:  # type: ignore[override]  # a slot in others
        """The number, of constants alone.

        Raises:
            TypeError: it depends on what the rule is differentiated to.
        """
        if not self.fixed:
            raise TypeError(say("own_op_reads", op=self.op.name, function=_function_in(self.op)))
        number: float = self.behind.data
        return number

    def detach(self) -> StandIn:
        """A constant, whose number may be read."""
        return StandIn(self.behind.detach(), self.op)

    # fmt: off
    def __float__(self) -> float: return self.data
    def __bool__(self) -> bool: return bool(self.behind)
    def __int__(self) -> int: return int(self.behind)
    def __trunc__(self) -> int: return int(self.behind)
    def __floor__(self) -> Any: return math.floor(self.behind)
    def __ceil__(self) -> Any: return math.ceil(self.behind)
    def __round__(self, digits: int | None = None) -> Any: return round(self.behind, digits)
    def __format__(self, spec: str) -> str: return format(self.behind, spec)
    def __lt__(self, other: Any) -> bool: return self.behind < behind(other)  # type: ignore[no-any-return]  # floats
    def __le__(self, other: Any) -> bool: return self.behind <= behind(other)  # type: ignore[no-any-return]  # floats
    def __gt__(self, other: Any) -> bool: return self.behind > behind(other)  # type: ignore[no-any-return]  # floats
    def __ge__(self, other: Any) -> bool: return self.behind >= behind(other)  # type: ignore[no-any-return]  # floats
    # fmt: on


def behind(x: Any) -> Any:
    """What stands behind a stand-in; anything else as it is."""
    return x.behind if isinstance(x, StandIn) else x


def stand_ins(op: Op, operands: Sequence[Any]) -> list[Any]:
    """The operands of a rule of `op`, guarded where they are no plain numbers."""
    return [StandIn(x, op) if isinstance(x, Numeric) else x for x in operands]


def _function_in(op: Op) -> str:
    """A function of `math` that a rule names and the table has, to say how it is written; `cos` otherwise."""
    codes = [getattr(getattr(rule, "__wrapped__", None), "__code__", None) for rule in op.rules]
    named = [code.co_names for code in codes if code is not None and "math" in code.co_names]
    names = [name for found in named for name in found[found.index("math") :] if hasattr(math, name)]
    return next((name for name in names if name in TABLE and TABLE[name].arity == 1), "cos")
