"""A graph read for drawing: its nodes in forward order, each with its operands as numbers.

Reads Values, and anything else with `.data`, `.grad` and operands (`parents`, `_prev`, `_children`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.backward import local_numbers
from autograd.drawing.names import is_constant
from autograd.entry import TABLE
from autograd.number import UNSET
from autograd.value import Value

NO_SCOPE_SEEN = 20_000  # nodes after which a graph without any scope is no longer walked through
SPELLINGS = {"relu": "relu", "+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow"}
REPEATS = ("+", "*")  # ops of two operands; one operand in a set means that it stands on both sides


class TooLargeError(Exception):
    """A graph with more nodes than wanted, none of which has a scope."""


class Graph(NamedTuple):
    """Nodes in forward order, and for each the numbers of its operands, in order, repeats kept."""

    nodes: list[Any]
    operands: list[tuple[int, ...]]
    sources: list[Any]  # the user's node that each stands for; itself where nothing was opened


def read_graph(root: Any, limit: int | None = None) -> Graph:
    """Read what `root` (a node, or a list of nodes) was computed from.

    Raises:
        TooLargeError: there are more than `limit` nodes, and no scope to collapse them by was met.
    """
    roots = list(root) if isinstance(root, (list, tuple)) else [root]
    nodes: list[Any] = []
    operands: list[tuple[int, ...]] = []
    number: dict[int, int] = {}
    seen: set[int] = set()
    scoped = False
    late = all(isinstance(node, Value) for node in roots)  # leaves stand just before their first use
    stack: list[tuple[Any, Sequence[Any] | None]] = [(node, None) for node in reversed(roots)]
    while stack:
        node, parents = stack.pop()
        if parents is None:
            if id(node) in seen:
                continue
            seen.add(id(node))
            scoped = scoped or bool(getattr(node, "scope", ()))
            if limit is not None and not scoped and len(seen) > max(limit, NO_SCOPE_SEEN):
                raise TooLargeError
            parents = operands_of(node)
            stack.append((node, parents))
            stack += [(x, None) for x in reversed(parents) if not (late and x.a is None)]
            continue
        for x in parents:
            if id(x) not in number:  # a leaf
                number[id(x)] = len(nodes)
                nodes.append(x)
                operands.append(())
        if id(node) not in number:
            number[id(node)] = len(nodes)
            nodes.append(node)
            operands.append(tuple([number[id(x)] for x in parents]))
    if limit is not None and not scoped and len(nodes) > limit:
        raise TooLargeError
    return Graph(nodes, operands, nodes)


def operands_of(node: Any) -> Sequence[Any]:
    """The operands of a node in order; those that an engine keeps in a set by label and number."""
    if isinstance(node, Value):
        return node.parents
    for name in ("parents", "_prev", "_children"):
        found = getattr(node, name, None)
        if found is not None:
            break
    else:
        return ()
    if not isinstance(found, (set, frozenset)):
        return tuple(found)
    if len(found) == 1 and op_sign(node) in REPEATS:
        return (*found, *found)
    return sorted(found, key=lambda x: (str(getattr(x, "label", "")), str(getattr(x, "data", ""))))


def op_sign(node: Any) -> str:
    """The sign or name of the op that made a node; "" for a leaf."""
    op = getattr(node, "op", None)
    if isinstance(node, Value):
        return node._op
    sign = op if isinstance(op, str) else getattr(node, "_op", "")
    return sign if isinstance(sign, str) else ""


def locals_of(node: Any, operands: Sequence[Any]) -> Sequence[float | None]:
    """The local derivative to each operand; None where there is none, or where it cannot be known."""
    unknown = [None] * len(operands)
    if isinstance(node, Value):
        try:
            return local_numbers(node)
        except ValueError:  # a node made by hand that has no rule yet
            return unknown
    entry = TABLE.get(SPELLINGS.get(op_sign(node).lower(), op_sign(node)))
    numbers = [float(x.data) for x in operands]
    if entry is None or entry.arity != len(operands) or entry.value(*numbers) != node.data:
        return unknown
    return [None if rule is None else float(rule(*numbers, node.data)) for rule in entry.rules]


def gradients_of(nodes: Sequence[Any]) -> list[float | None]:
    """Each node's gradient; None where no backward pass has arrived, and for constants."""
    grads: list[float | None] = []
    for node in nodes:
        grad = getattr(node, "grad", None)
        unknown = grad is None or grad is UNSET or is_constant(node)
        grads.append(None if unknown else float(grad))  # type: ignore[arg-type]  # None was just asked for
    foreign = nodes and not isinstance(nodes[-1], Value)
    if foreign and not any(grads):  # an engine whose gradients start at 0: after a pass its root has 1
        return [None] * len(nodes)
    return grads
