"""Walking a graph: for Values and for anything else that keeps what it was computed from.

A node's operands are found as `.parents`, else `._prev` (micrograd), else `._children` (microgpt),
so a reader's own engine can be ordered, drawn and explained as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from autograd.messages import say
from autograd.number import Traced, say_not_a_number, to_float, to_grad

_OPERANDS_DONE = object()  # on the stack above a node: when it comes up, the node's operands are in order


class HasData(Protocol):
    """A node, to type checkers; `is_node` asks for its operands too."""

    @property
    def data(self) -> Any:
        """The number of the node."""


class HoldsGraph(Protocol):
    """What holds a graph without being a node."""

    def as_node(self) -> Any:
        """The node that stands for it."""


Root = HasData | HoldsGraph
Node = TypeVar("Node", bound=Root)


def node_of(shown: Any) -> Any:
    """What drawing and explaining show: `shown` itself, or the node that its `as_node()` gives.

    So what holds a graph without being a node, such as a recorded program, is drawn and explained as well.

    Raises:
        TypeError: a recorded function, whose program it is that can be shown.
    """
    as_node = getattr(shown, "as_node", None)
    node = shown if as_node is None else as_node()
    if callable(node) and hasattr(type(node), "program"):
        raise TypeError(say("not_a_node_but_recorded", kind=type(node).__name__))
    if isinstance(node, Traced) and hasattr(node, "data"):
        settle(topological_order(node))
    return node


def is_node(x: Any) -> bool:
    """True for a node of ours or of another engine: it has `.data` and says where its operands are.

    A tensor, an array and a memoryview have a `.data` too, and are none.
    """
    known = any(hasattr(x, name) for name in ("parents", "_prev", "_children"))
    return known and hasattr(x, "data")


def settle(nodes: Iterable[Any]) -> None:
    """Make floats of what somebody assigned to these Values: an int, a NumPy number, None as `.grad`.

    `.data` and `.grad` are plain slots, so that assigning them costs nothing: `backward`, saving and showing
    come here.

    Raises:
        TypeError: a `.data` or `.grad` is no number; the message names the node.
    """
    for node in nodes:
        if node.data.__class__ is not float:
            node.data = _settled(node, "data", to_float)
        if node.grad.__class__ is not float:
            node.grad = _settled(node, "grad", to_grad)
        if node.a is not None:
            node.a_data, node.b_data = _as_floats(node.a_data), _as_floats(node.b_data)


def _settled(node: Any, what: str, convert: Callable[[Any], float]) -> float:
    number = getattr(node, what)
    try:
        return convert(number)
    except TypeError:
        name = f"{node.label or say('a_value')}.{what}"
        raise TypeError(say("assigned", name=name, problem=say_not_a_number(number))) from None


def _as_floats(numbers: Any) -> Any:
    if not isinstance(numbers, list):
        return numbers if numbers is None or numbers.__class__ is float else to_float(numbers)
    if any(x.__class__ is not float for x in numbers):
        numbers[:] = map(to_float, numbers)  # in place: the nodes of a layer share one list
    return numbers


def parents_of(node: Any) -> tuple[Any, ...]:
    """The operands `node` was computed from, in order, repeats kept; () for a leaf."""
    for name in ("parents", "_prev", "_children"):
        found = getattr(node, name, None)
        if found is not None:
            return tuple(found)
    return ()


def is_constant(node: Any) -> bool:
    """True for a leaf that wants no gradient, such as the 2 of `2 * x`."""
    return getattr(getattr(node, "op", None), "name", "") == "constant" and not parents_of(node)


def topological_order(root: Node | Iterable[Node]) -> list[Node]:
    """Every node that `root` (a node or several) was computed from, operands before results.

    Depth-first, operands from left to right, without recursion; the backward pass goes through this
    list from its end.

    >>> from autograd import Value
    >>> a = Value(2.0); b = a + a; c = b + b
    >>> topological_order(c) == [a, b, c]
    True
    """
    order: list[Any] = []
    seen: set[int] = set()
    stack: list[Any] = list(reversed(root)) if isinstance(root, (list, tuple)) else [root]
    while stack:
        node = stack.pop()
        if node is _OPERANDS_DONE:
            order.append(stack.pop())
        elif id(node) not in seen:
            seen.add(id(node))
            parents = parents_of(node)
            if parents:
                stack += (node, _OPERANDS_DONE)
                stack += reversed(parents)
            else:
                order.append(node)
    return order


def leaves(root: Node) -> list[Node]:
    """The nodes of `root`'s graph that nobody computed, constants included, in forward order."""
    return [node for node in topological_order(root) if not parents_of(node)]


def consumers(root: Any) -> dict[int, list[tuple[Any, int]]]:
    """For each node, by `id`, its uses: pairs (consumer, operand index) in forward order."""
    order = topological_order(root)
    uses: dict[int, list[tuple[Any, int]]] = {id(node): [] for node in order}
    for node in order:
        for i, parent in enumerate(parents_of(node)):
            uses[id(parent)].append((node, i))
    return uses
