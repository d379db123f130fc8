"""A toy engine whose mistakes can be switched on one by one: what the bug hunt's numbers are computed by."""

from __future__ import annotations

from collections.abc import Callable

from autograd.graph import topological_order


class Toy:
    """A number that remembers its operands and its local derivatives."""

    def __init__(self, data: float, parents: tuple[Toy, ...] = (), local: tuple[float, ...] = ()) -> None:
        self.data, self.parents, self.local, self.grad = data, parents, local, 0.0

    def __add__(self, other: Toy) -> Toy:
        return Toy(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Toy) -> Toy:
        return Toy(self.data * other.data, (self, other), (other.data, self.data))


def toy_gradient(
    make: Callable[[Toy], Toy],
    at: float,
    *,
    assigns: bool = False,
    in_a_set: bool = False,
    at_once: bool = False,
    runs: int = 1,
) -> float:
    """The gradient that a toy engine with these mistakes gives.

    Args:
        make: builds the graph from its leaf.
        at: the leaf's number.
        assigns: `=` where `+=` is right.
        in_a_set: the operands are kept in a set, so that `b*b` has one.
        at_once: a node hands on at each arrival, not when all its uses are in.
        runs: so many backward passes, with nothing zeroed in between.

    >>> toy_gradient(lambda a: a * a, 3.0), toy_gradient(lambda a: a * a, 3.0, assigns=True)
    (6.0, 3.0)
    """
    leaf = Toy(at)
    root = make(leaf)

    def hand_on(node: Toy) -> None:
        edges = list(zip(node.parents, node.local))
        if in_a_set:
            edges = list({id(parent): (parent, local) for parent, local in edges}.values())
        for parent, local in edges:
            parent.grad = (0.0 if assigns else parent.grad) + node.grad * local
            if at_once:
                hand_on(parent)

    for _ in range(runs):
        root.grad = 1.0
        for node in [root] if at_once else reversed(topological_order(root)):
            hand_on(node)
    return leaf.grad
