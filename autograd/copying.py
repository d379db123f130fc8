"""Copying and pickling whole graphs, by op name and without recursion.

A pickled node is "number i of that batch": a batch holds, flat, the nodes of a graph that no batch of
the same pickle holds yet, so shared nodes keep their identity and a list of all nodes stays linear.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NoReturn
from weakref import WeakKeyDictionary, ref

from autograd import modes
from autograd.graph import Node, settle, topological_order
from autograd.messages import say
from autograd.node import ByHand, Operands

Pointer = Any  # in a row: the number of a node, -1 - the number of a group, None, or a node of another batch


class Batch:
    """Nodes that are pickled together; it lives as long as a pickler remembers it."""

    __slots__ = ("__weakref__", "nodes")

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes = nodes

    def __reduce__(self) -> tuple[Any, ...]:
        numbers = {id(node): i for i, node in enumerate(self.nodes)}
        groups: dict[int, int] = {}
        members: list[tuple[type, list[Pointer]]] = []

        def point(x: Any) -> Pointer:
            if not isinstance(x, Operands):
                return None if x is None else numbers.get(id(x), x)
            if id(x) not in groups:
                groups[id(x)] = len(groups)
                members.append((type(x), [numbers.get(id(y), y) for y in x]))
            return -1 - groups[id(x)]

        rows = [(node.op, node.data, node.grad, *_links(node, point), _extras(node)) for node in self.nodes]
        return restore, (type(self.nodes[0]), rows, members)


_BATCHES: WeakKeyDictionary[Any, tuple[ref[Batch], int]] = WeakKeyDictionary()


def batch_of(node: Any) -> tuple[Batch | None, int]:
    """The living batch that holds `node`, and the node's number in it."""
    found = _BATCHES.get(node)
    return (None, 0) if found is None else (found[0](), found[1])


def reduce(node: Any) -> tuple[Callable[..., Any], tuple[Batch, int]]:
    """What a pickler writes for `node`."""
    batch, number = batch_of(node)
    if batch is None:
        batch = Batch([x for x in topological_order(node) if batch_of(x)[0] is None])
        settle(batch.nodes)
        _BATCHES.update({x: (ref(batch), i) for i, x in enumerate(batch.nodes)})
        number = len(batch.nodes) - 1
    return pick, (batch, number)


def pick(nodes: list[Any], number: int) -> Any:
    """What a pickler reads a node from: a restored batch is the list of its nodes."""
    return nodes[number]


def restore(kind: type, rows: list[tuple[Any, ...]], members: list[tuple[type, list[Pointer]]]) -> list[Any]:
    """The nodes of a pickled batch."""
    nodes: list[Any] = [object.__new__(kind) for _ in rows]

    def node_at(pointer: Pointer) -> Any:
        return nodes[pointer] if isinstance(pointer, int) else pointer

    groups = [group(map(node_at, pointers)) for group, pointers in members]
    for node, (op, data, grad, a, b, a_data, b_data, extras) in zip(nodes, rows):
        node.op, node.data, node.grad, node.a = op, data, grad, None
        if a is not None:
            node.a = groups[-1 - a] if isinstance(a, int) and a < 0 else node_at(a)
            node.b = groups[-1 - b] if isinstance(b, int) and b < 0 else node_at(b)
            node.a_data, node.b_data = a_data, b_data
        if extras:
            node.__dict__.update(extras)
        if modes.differentiating:
            modes.note_birth(node)
    return nodes


def _links(node: Any, point: Callable[[Any], Pointer]) -> tuple[Any, ...]:
    if node.a is None:
        return None, None, None, None
    return point(node.a), point(node.b), node.a_data, node.b_data


def _extras(node: Any) -> dict[str, Any] | None:
    extras = node.__dict__
    if node.op.__class__ is ByHand and (
        "by_hand" in extras or any(map(callable, extras.get("given_locals", ())))
    ):
        raise TypeError(say("pickle_backward", node=node))
    return extras or None


class Unpickled:
    """What shows a graph as it was: nothing changes it, so a copy is itself; a file keeps what it says.

    Raises:
        TypeError: it is pickled, since the rules that it shows are functions.
    """

    def __copy__(self) -> Unpickled:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Unpickled:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(say("pickle_reading", kind=type(self).__name__))


def copy_node(node: Node) -> Node:
    """A node like `node`, on the same operands."""
    twin: Any = object.__new__(type(node))
    source: Any = node
    twin.op, twin.data, twin.grad, twin.a = source.op, source.data, source.grad, source.a
    if source.a is not None:
        twin.b, twin.a_data, twin.b_data = source.b, source.a_data, source.b_data
    twin.__dict__.update(source.__dict__)
    if modes.differentiating:
        modes.note_birth(twin)
    return twin  # type: ignore[no-any-return]  # made as the same class above


def copy_graph(root: Node, memo: dict[int, Any]) -> Node:
    """A copy of `root` with its whole graph; nodes that `memo` knows are not copied again."""

    def twin_of(x: Any) -> Any:
        if not isinstance(x, Operands):
            return memo.get(id(x), x)
        if id(x) not in memo:
            memo[id(x)] = type(x)(memo[id(y)] for y in x)
        return memo[id(x)]

    source: Any = root
    nodes: list[Any] = [source] if source.a is None else topological_order(source)
    settle(nodes)
    unchanged: set[int] = set()  # what is its own copy, such as a scope
    for node in nodes:
        if id(node) in memo:
            continue
        memo[id(node)] = twin = copy_node(node)
        if node.a is not None:
            twin.a, twin.b = twin_of(node.a), twin_of(node.b)
        for name, x in node.__dict__.items():
            if id(x) not in unchanged:
                y = memo[id(x)] if id(x) in memo else copy.deepcopy(x, memo)
                if y is x:
                    unchanged.add(id(x))
                else:
                    twin.__dict__[name] = y
    return memo[id(root)]  # type: ignore[no-any-return]  # a copy has its original's class
