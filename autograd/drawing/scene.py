"""What a picture shows before it is laid out: boxes with names and numbers, edges, what is lit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from autograd.drawing.collapse import NodeGroup, Parts, crossing_links
from autograd.graph import is_constant
from autograd.messages import say
from autograd.trace.folding import Graph, Shown
from autograd.trace.names import Names
from autograd.trace.nodes import gradients_of, local_numbers_of, op_sign


@dataclass
class Box:
    """One node of the picture: a leaf, a constant, an op with its result, or a group of many nodes."""

    kind: str  # "leaf", "constant", "op" or "group"
    name: str
    expression: str = ""
    data: float | None = None
    grad: float | None = None  # None: no backward pass has arrived
    root: bool = False
    size: int = 1  # nodes inside a group
    content: str = ""  # what a group holds, if that is of one kind
    opens: str = ""  # the scope that a group can be expanded by
    link: str = ""  # where a click on the box leads to
    before: tuple[float | None, float | None] | None = None  # data and grad of the picture compared with
    bad: str = ""  # "first" inf or nan, or one that was "inherited" from an operand
    faded: bool = False
    current: bool = False  # in an animation: what is being computed
    waiting: bool = False  # its gradient is not known yet: an empty place
    so_far: bool = False  # some uses are missing in its gradient
    node: int | None = None  # its number in the graph, where it stands for one node
    part: int = 0  # its number among the parts


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
    caption: str = ""  # in an animation: what happens in this frame
    made_up: list[str] = field(default_factory=list)


ANY_ORDER = ("+", "*", "sum", "prod", "maximum", "minimum", "logsumexp", "logaddexp", "hypot", "norm", "dot")
INFIX = ("+", "-", "*", "/", "//", "%", "**", ">", ">=", "<", "<=", "==", "!=")


def expression(sign: str, operands: Sequence[str]) -> str:
    """How a node was computed, as Python writes it.

    >>> expression("*", ["a", "b"]), expression("-", ["a"]), expression("tanh", ["x"])
    ('a * b', '-a', 'tanh(x)')
    """
    if sign in INFIX and len(operands) == 2:
        left, right = [f"({x})" if x.startswith("-") and i else x for i, x in enumerate(operands)]
        return f"{left}**{right}" if sign == "**" else f"{left} {sign} {right}"
    if sign == "-" and len(operands) == 1:
        return f"-{operands[0]}"
    if sign.startswith("**") and len(operands) == 1:
        return operands[0] + sign
    return f"{sign}({', '.join(operands)})"


def make_scene(graph: Graph, names: Names, parts: Parts | None = None) -> Scene:
    """The scene of a graph: every node a box, or every part of it one."""
    everything = range(len(graph.nodes))
    cut = parts or Parts(list(everything), list(everything))
    between = crossing_links(graph, cut) if parts else {}
    order = _forward(cut, between) if parts else list(everything)
    number = {part: i for i, part in enumerate(order)}
    shown = [part for part in cut.parts if not isinstance(part, NodeGroup)]
    grads = dict(zip(shown, gradients_of([graph.nodes[i] for i in shown])))
    used = {k for operands in graph.operands for k in operands}
    boxes: list[Box] = []
    for key in order:
        part = cut.parts[key]
        if isinstance(part, NodeGroup):
            box = Box("group", part.name, part.kind, content=part.content, opens=part.opens)
            box.size, box.root = len(part.nodes), any(i not in used for i in part.nodes)
        else:
            box = _box(graph, names, part, grads[part], part not in used)
        box.part = key
        boxes.append(box)
    links = [
        link
        for key in order
        if not isinstance(cut.parts[key], NodeGroup)
        for link in _links(graph, cut, number, cut.parts[key], grads)  # type: ignore[arg-type]  # no group
    ]
    for (source, target), many in between.items():
        if isinstance(cut.parts[target], NodeGroup):
            links.append(Link(number[source], number[target], 0, 1, many=many, free=True))
    _mark_bad(boxes, links)
    return Scene(boxes, links, made_up=names.made_up)


def _box(graph: Graph, names: Names, i: int, grad: float | None, root: bool) -> Box:
    """The box of one node."""
    node, operands = graph.nodes[i], graph.operands[i]
    kind = "op" if operands else "constant" if is_constant(node) else "leaf"
    named = [names[graph.sources[k]] for k in operands]
    op = getattr(node, "op", None)
    shown = op.text(named) if isinstance(op, Shown) else expression(op_sign(node), named) if named else ""
    return Box(kind, names[graph.sources[i]], shown, _number(node), grad, root, node=i)


def _links(
    graph: Graph, cut: Parts, number: dict[int, int], i: int, grads: dict[int, float | None]
) -> Iterator[Link]:
    """The edges into one node; those out of one group are one."""
    node, operands = graph.nodes[i], graph.operands[i]
    free = op_sign(node) in ANY_ORDER
    from_group: dict[int, Link] = {}
    locals_ = local_numbers_of(node, [graph.nodes[k] for k in operands])
    for index, (k, local) in enumerate(zip(operands, locals_)):
        source = cut.part[k]
        grouped = isinstance(cut.parts[source], NodeGroup)
        if grouped and source in from_group:
            from_group[source].many += 1
            continue
        known = None if local is None or grouped or is_constant(graph.nodes[k]) else float(local)
        grad = grads[i]
        flow = None if grad is None or known is None else grad * known if known else 0.0
        link = Link(number[source], number[cut.part[i]], index, len(operands), known, flow, free=free)
        if grouped:
            from_group[source] = link
        yield link


def _forward(cut: Parts, links: Iterable[tuple[int, int]]) -> list[int]:
    """The parts, operands before results as far as they form no circle."""
    into: list[list[int]] = [[] for _ in cut.parts]
    for source, target in links:
        into[target].append(source)
    order: list[int] = []
    seen: set[int] = set()
    stack = [(part, False) for part in range(len(cut.parts))]  # the last part, the result, comes first
    while stack:
        part, done = stack.pop()
        if done:
            order.append(part)
        elif part not in seen:
            seen.add(part)
            stack.append((part, True))
            stack.extend((source, False) for source in reversed(into[part]))
    return order


def _mark_bad(boxes: Sequence[Box], links: Sequence[Link]) -> None:
    """Tell where inf and nan begin, and which boxes only inherit them."""
    bad = [x.data is not None and not math.isfinite(x.data) for x in boxes]
    for box, is_bad in zip(boxes, bad):
        box.bad = "first" if is_bad and box.kind != "constant" else ""
    for link in links:
        if bad[link.source] and bad[link.target]:
            boxes[link.target].bad = "inherited"


def _number(node: Any) -> float | None:
    data = getattr(node, "data", None)
    return None if data is None else float(data)


def light_path(scene: Scene, graph: Graph, parts: Parts | None, highlight: Any) -> None:
    """Light the edges of a path and fade everything beside it.

    Args:
        scene: the scene to mark.
        graph: the graph it was made from.
        parts: how that was cut into boxes, if it was.
        highlight: a node, for all paths from it to the results; or the nodes of one path, in either order.

    Raises:
        ValueError: a node is not in the picture.
    """
    several = isinstance(highlight, (list, tuple))
    wanted = [_box_of(scene, graph, parts, node) for node in (highlight if several else [highlight])]
    if len(wanted) == 1:
        chosen = _above(scene, wanted[0])
        lit = [link.source in chosen and link.target in chosen for link in scene.links]
    else:
        chosen = set(wanted)
        pairs = set(pairwise(wanted)) | set(pairwise(wanted[::-1]))
        lit = [(link.source, link.target) in pairs for link in scene.links]
    for link, is_lit in zip(scene.links, lit):
        link.lit, link.faded = is_lit, not is_lit
    for number, box in enumerate(scene.boxes):
        box.faded = number not in chosen


def _box_of(scene: Scene, graph: Graph, parts: Parts | None, node: Any) -> int:
    """The number of the box that shows a node, given itself or by its name."""
    names = [box.name for box in scene.boxes]
    if isinstance(node, str) and node in names:
        return names.index(node)
    for number, box in enumerate(scene.boxes):
        if box.node is not None and graph.sources[box.node] is node:
            return number
    for i, source in enumerate(graph.sources if parts else ()):
        if source is node and parts is not None:
            inside = {box.part: number for number, box in enumerate(scene.boxes)}
            return inside[parts.part[i]]
    root = next((box.name for box in scene.boxes if box.root), "")
    raise ValueError(say("draw_not_shown", node=node, root=root))


def _above(scene: Scene, start: int) -> set[int]:
    """The box `start` and all that were computed from it."""
    uses: list[list[int]] = [[] for _ in scene.boxes]
    for link in scene.links:
        uses[link.source].append(link.target)
    found, stack = {start}, [start]
    while stack:
        for target in uses[stack.pop()]:
            if target not in found:
                found.add(target)
                stack.append(target)
    return found


def compare_with(scene: Scene, earlier: Scene) -> None:
    """Give every box the numbers that the box of the same name had in an earlier scene."""
    before = {box.name: box for box in earlier.boxes if box.kind in ("leaf", "op")}
    for box in scene.boxes:
        old = before.get(box.name)
        if old is not None and (old.data, old.grad) != (box.data, box.grad):
            box.before = (old.data, old.grad)
