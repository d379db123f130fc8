"""`Dual`: a number with its rate of change along one direction; on it the table reads as forward mode."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from autograd import modes
from autograd.entry import Numeric, Op, Operand
from autograd.number import plain
from autograd.own import behind, stand_ins
from autograd.value import Value, constant

LEVELS = itertools.count(10)  # each `jvp` takes the next one: an inner one has the higher level


class Dual(Numeric):
    """A number and its rate of change along one direction: the table read in forward mode.

    It turns into plain numbers as a Value does, and takes attributes of one's own as a Value does.
    """

    __slots__ = ("__dict__", "primal", "reading", "tangent")
    requires_grad = True

    def __init__(self, primal: Any, tangent: Any, level: int) -> None:
        self.primal, self.tangent, self.reading = primal, tangent, level

    def apply(self, op: Op, operands: Sequence[Any]) -> Any:
        """`op` on primals, and the flows of the operands that belong to this level, added up.

        Under `no_grad` a constant, as in reverse mode.
        """
        level = self.reading
        mine = [isinstance(x, Dual) and x.reading == level for x in operands]
        primals = [x.primal if own else plain(x) for x, own in zip(operands, mine)]
        y = op.on(tuple(primals))
        if modes.watching and modes.grad_is_off():
            return _detached(y)
        tangent: Any = None
        for x, own, local in zip(operands, mine, _locals(op, primals, y)):
            if not own or local is None or (op.choice and _number(local) == 0):
                continue
            if x.tangent.__class__ is float and x.tangent == 0:
                continue  # what does not move brings nothing, not even 0 * inf
            flow = x.tangent if type(local) is float and local == 1.0 else x.tangent * local
            tangent = flow if tangent is None else tangent + flow
        return Dual(y, 0.0 if tangent is None else tangent, level)

    @property
    def data(self) -> float:  # type: ignore[override]  # a slot in Values
        """The number that stands behind it."""
        number: float = _number(self.primal)
        return number

    # fmt: off
    def __lt__(self, other: Any) -> bool: return bool(self.primal < primal_of(other))
    def __le__(self, other: Any) -> bool: return bool(self.primal <= primal_of(other))
    def __gt__(self, other: Any) -> bool: return bool(self.primal > primal_of(other))
    def __ge__(self, other: Any) -> bool: return bool(self.primal >= primal_of(other))
    # fmt: on

    def detach(self) -> Any:
        """A constant with this number."""
        return _detached(self.primal)

    def __copy__(self) -> Dual:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Dual:
        return self  # it never changes, and a copy must go on moving

    def __reduce_ex__(self, protocol: Any) -> Any:
        self.refuse_active("pickle_of_active")
        return super().__reduce_ex__(protocol)

    def _is_active(self) -> bool:
        active = modes.ACTIVE.get()
        inner = self.primal
        mine = self.reading in active and not modes.grad_is_off()
        return mine or (isinstance(inner, Numeric) and inner._is_active())

    def __repr__(self) -> str:
        return f"Dual({self.primal!r}, {self.tangent!r})"


def _locals(op: Op, primals: Sequence[Any], y: Any) -> list[Any]:
    if op.own and isinstance(y, Operand):
        *operands, result = stand_ins(op, (*primals, y))
        return [behind(local) for local in op.locals(operands, result)]
    try:
        return op.locals(primals, y)
    except (ArithmeticError, ValueError):  # Python refuses 1 / 0.0: let plain numbers be of the result's kind
        kind = constant if isinstance(y, Value) else lambda x: Dual(x, 0.0, y.reading)
        return op.locals([x if isinstance(x, Operand) else kind(x) for x in primals], y)


def _detached(x: Any) -> Any:
    return x.detach() if isinstance(x, (Value, Dual)) else constant(x)


def primal_of(x: Any) -> Any:
    """What stands behind a dual number, of another level too; anything else as it is."""
    return x.primal if isinstance(x, Dual) else x


def _number(x: Any) -> Any:
    return x.data if isinstance(x, (Value, Dual)) else x
