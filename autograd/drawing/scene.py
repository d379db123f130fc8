"""What a picture shows, before it is laid out: boxes with names and numbers, and the edges between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.drawing.names import Names, is_constant
from autograd.drawing.reading import Graph, gradients_of, locals_of, op_sign


@dataclass
class Box:
    """One node of the picture: a leaf, a constant, an op with its result, or a group of many nodes."""

    kind: str  # "leaf", "constant", "op" or "group"
    name: str
    expression: str = ""
    data: float | None = None
    grad: float | None = None  # None: no backward pass has arrived
    root: bool = False
    scope: tuple[str, ...] = ()
    size: int = 1  # nodes inside a group
    before: tuple[float | None, float | None] | None = None  # data and grad of the picture compared with
    bad: str = ""  # "first" inf or nan, or one that was "inherited" from an operand
    faded: bool = False


@dataclass
class Link:
    """One use: the edge from an operand into the node computed from it."""

    source: int
    target: int
    index: int  # which operand, from 0
    of: int  # how many operands there are
    local: float | None = None
    flow: float | None = None  # what arrives at the operand; None before a backward pass
    lit: bool = False
    faded: bool = False
    free: bool = False  # the op does not care for the order of its operands
    many: int = 1  # edges that this one stands for, between groups


@dataclass
class Scene:
    """All boxes in forward order, the links by target and operand, and what to say about them."""

    boxes: list[Box]
    links: list[Link]
    note: str = ""
    made_up: list[str] = field(default_factory=list)


ANY_ORDER = ("+", "*", "sum", "prod", "maximum", "minimum", "logsumexp", "logaddexp", "hypot", "norm", "dot")
INFIX = ("+", "-", "*", "/", "**", ">", ">=", "<", "<=", "==")


def expression(sign: str, operands: Sequence[str]) -> str:
    """How a node was computed, as Python writes it.

    >>> expression("*", ["a", "b"]), expression("-", ["a"]), expression("tanh", ["x"]), expression("**2", ["x"])
    ('a * b', '-a', 'tanh(x)', 'x**2')
    """
    if sign in INFIX and len(operands) == 2:
        left, right = [f"({x})" if x.startswith("-") and i else x for i, x in enumerate(operands)]
        return f"{left}**{right}" if sign == "**" else f"{left} {sign} {right}"
    if sign == "-" and len(operands) == 1:
        return f"-{operands[0]}"
    if sign.startswith("**") and len(operands) == 1:
        return operands[0] + sign
    return f"{sign}({', '.join(operands)})"


def make_scene(graph: Graph, names: Names) -> Scene:
    """The scene of a whole graph, every node a box."""
    grads = gradients_of(graph.nodes)
    used = {i for operands in graph.operands for i in operands}
    boxes, links = [], []
    for number, (node, operands) in enumerate(zip(graph.nodes, graph.operands)):
        kind = "op" if operands else "constant" if is_constant(node) else "leaf"
        box = Box(kind, names[node], data=_number(node), grad=grads[number], root=number not in used)
        box.scope = tuple(getattr(node, "scope", ()) or ())
        boxes.append(box)
        if not operands:
            continue
        sign = op_sign(node)
        box.expression = expression(sign, [names[graph.nodes[i]] for i in operands])
        locals_ = locals_of(node, [graph.nodes[i] for i in operands])
        for index, (source, local) in enumerate(zip(operands, locals_)):
            constant = boxes[source].kind == "constant"
            flow = None if grads[number] is None or local is None or constant else _flow(grads[number], local)
            link = Link(source, number, index, len(operands), None if constant else local, flow)
            link.free = sign in ANY_ORDER
            links.append(link)
    _mark_bad(boxes, links)
    return Scene(boxes, links, made_up=names.made_up)


def _mark_bad(boxes: Sequence[Box], links: Sequence[Link]) -> None:
    """Tell where inf and nan begin, and which boxes only inherit them."""
    bad = [x.data is not None and not math.isfinite(x.data) for x in boxes]
    for box, is_bad in zip(boxes, bad):
        box.bad = "first" if is_bad and box.kind != "constant" else ""
    for link in links:
        if bad[link.source] and bad[link.target]:
            boxes[link.target].bad = "inherited"


def _flow(grad: float | None, local: float) -> float:
    return 0.0 if not local or grad is None else grad * local


def _number(node: Any) -> float | None:
    data = getattr(node, "data", None)
    return None if data is None else float(data)
