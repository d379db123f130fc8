"""Habits: micrograd's `_prev`, `_op`, `_backward`, `Value(data, (parents), "op")`, and PyTorch's `shape`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from autograd.backward import hand_on
from autograd.elsewhere import OF_A_NUMBER, Elsewhere
from autograd.entry import Numeric, Op
from autograd.messages import say
from autograd.node import ByHand, Operands
from autograd.number import kind_of, number_of, to_float
from autograd.ops import Functions

Own = TypeVar("Own", bound="Habits")


class Habits(Functions, Numeric):  # in this order: the first base's own bases cost time at every freeing
    """What code written for micrograd, and for PyTorch, looks for on a node."""

    __slots__ = ()
    op: Op
    shape = ()  # PyTorch's: a number has no axis

    def numel(self) -> int:
        """How many numbers it is: one, so that `sum(p.numel() for p in model.parameters())` counts them."""
        return 1

    def to(self: Own, *where: Any) -> Own:  # noqa: ARG002 - a device or a type, PyTorch's argument
        """The same: everything is double precision on this machine's processor."""
        return self

    cpu = to

    def numpy(self: Any) -> float:
        """The number, as TensorFlow's and PyTorch's programs ask for it."""
        return to_float(self.data)

    def assign(self: Any, number: Any) -> Any:
        """Change a variable's number, TensorFlow's way."""
        self.data = to_float(number_of(number))
        return self

    def assign_add(self: Any, number: Any) -> Any:
        """Add to a variable's number."""
        return self.assign(self.data + number_of(number))

    def assign_sub(self: Any, number: Any) -> Any:
        """Take from a variable's number."""
        return self.assign(self.data - number_of(number))

    @property
    def _prev(self: Any) -> set[Any]:
        """The operands as a set, micrograd's form."""
        return set(self.parents)

    @property
    def _op(self: Any) -> str:
        """The sign of the op, "" for a leaf: micrograd's form."""
        return self.op.sign if self.a is not None else ""

    @property
    def _backward(self: Any) -> Callable[[], None]:
        """A function that hands this node's `.grad` on to its operands; assign your own rule here."""
        by_hand: Callable[[], None] | None = self.__dict__.get("by_hand")
        return by_hand or (lambda: hand_on(self, self.grad) if self.a is not None else None)

    @_backward.setter
    def _backward(self: Any, rule: Callable[[], None]) -> None:
        if self.a is not None:
            self.op = ByHand(self.op.name, self.op.sign)
            self.__dict__["by_hand"] = rule

    def __dir__(self) -> list[str]:
        """What there is, without the names that only say what to write."""
        return [name for name in super().__dir__() if not isinstance(vars(Habits).get(name), Elsewhere)]


def _refusing(name: str, instead: str) -> Elsewhere:
    return Elsewhere(lambda kind: say("elsewhere_number", kind=kind.__name__, name=name, instead=instead))


for _instead, _names in OF_A_NUMBER.items():
    for _name in _names:
        setattr(Habits, _name, _refusing(_name, _instead))


def adopt(node: Any, parents: Iterable[Any], name: str, local_derivatives: Sequence[Any] | None) -> None:
    """Make a fresh Value the result of `parents` by an op that its author describes."""
    if not hasattr(parents, "__iter__"):
        raise TypeError(say("not_parents", kind=repr(parents)))
    operands = Operands(parents)
    for parent in operands:
        if not isinstance(parent, Habits):
            raise TypeError(say("not_a_parent", kind=kind_of(parent)))
    node.op = ByHand(name or "by_hand")
    node.a, node.b, node.a_data, node.b_data = operands, None, [x.data for x in operands], node.data
    if local_derivatives is not None:
        node.__dict__["given_locals"] = tuple(local_derivatives)
