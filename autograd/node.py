"""The anatomy of a node: its operands, a rule written by hand, the local derivatives at its numbers.

A node has its operands in the slots `a` and `b` (None where it has one); an entry of any number of operands
has them in one `Operands`, which many nodes may share.  The `a` of a leaf is None.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

from autograd.entry import Op
from autograd.messages import say

GROUP = object()


class Operands(tuple[Any, ...]):
    """The operands of a node of any number; equal only to itself, so many nodes may share one."""

    a = GROUP  # where a node has its first operand

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


class ConstantOperands(Operands):
    """Operands that were all constants when the node was made: no gradient goes into them."""


class ByHand(Op):
    """The op of a node whose gradient rule its author wrote: `_backward` or `local_derivatives`."""

    def __init__(self, name: str, sign: str = "") -> None:
        super().__init__(name, no_value, arity=None, sign=sign)
        self.own = True


def no_value(*_numbers: float) -> float:
    """Stands where an op's value would: nobody can compute a hand-made node again."""
    raise ValueError(say("by_hand_value"))


def local_numbers(node: Any) -> list[float | None]:
    """The local derivative to each operand at the forward-time numbers; None where the op is flat."""
    op, numbers, parents = node.op, node.numbers, node.parents
    if op.__class__ is ByHand:
        return _local_by_hand(node, parents)
    if not parents:
        return []
    result = op.value(*numbers) if node.b is not None else node.b_data
    found: list[float | None] = op.locals(numbers, result)
    return found


def _local_by_hand(node: Any, parents: Sequence[Any]) -> list[float | None]:
    given = node.__dict__.get("given_locals")
    if given is not None:
        return [float(d() if callable(d) else d) for d in given]
    if "by_hand" not in node.__dict__:
        raise ValueError(say("no_rule", node=node, op=node.op.name))
    nodes = [node, *parents]
    before = [x.grad for x in nodes]
    set_grads(nodes, repeat(0.0))  # the rule is linear in node.grad: 1 shows the local derivatives
    try:
        node.grad = 1.0
        node.__dict__["by_hand"]()
        locals_ = [x.grad for x in parents]
    finally:
        set_grads(nodes, before)
    first = [next(j for j, x in enumerate(parents) if x is parent) for parent in parents]
    return [d if first[i] == i else 0.0 for i, d in enumerate(locals_)]


def set_grads(nodes: Iterable[Any], grads: Iterable[float]) -> None:
    """Set every node's `.grad`, in one call that an interrupt cannot split."""
    deque(map(setattr, nodes, repeat("grad"), grads), maxlen=0)
