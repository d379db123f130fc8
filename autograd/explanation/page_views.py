"""The pictures of a page: one of the whole graph and, where that has too many boxes, one per part of it.

A part is a scope, such as a layer or a neuron.  Its own picture shows what is inside, and what goes into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.drawing.arranging import Arrangement, Edge
from autograd.drawing.collapse import scopes_of
from autograd.drawing.layout import lay_out, whole_route
from autograd.drawing.svg import path_of
from autograd.explanation.expressions import expression
from autograd.explanation.reading import width
from autograd.explanation.symbols import Text
from autograd.graph import topological_order
from autograd.trace.names import one_line
from autograd.trace.opening import Graph
from autograd.trace.steps import Node, Step

WIDE = 1166.0  # pixels: the page's room for a picture; a wider one is turned if that makes it narrower
VISIBLE = 40  # boxes up to which a graph, or a part of it, is shown whole
ENOUGH, TOO_FEW = 16, 4  # a picture of parts opens some up to so many boxes, and more when it has few
COLUMN = 7.9  # pixels per character of the typewriter face in boxes and on edges
NARROWEST, HEIGHT, LONGEST = 128.0, 66.0, 30  # pixels, pixels, columns of a box's text
SEVERAL = 176.0  # pixels: room for `so far 2 of 3` and a number
PILL = 30.0  # height of a constant
LABEL, NARROWEST_LABEL, WIDEST_LABEL = 16.0, 90.0, 190.0  # on an edge: `right 1 · 2 = 2`

Scope = tuple[str, ...]


class Box:
    """What a box of a picture stands for: one node, or a part with its nodes inside."""

    def __init__(self, members: list[int], scope: Scope = ()) -> None:
        self.members = members  # numbers of nodes
        self.scope = scope  # of a part; () for a node
        self.view = 0  # of a part: the number of its own picture
        self.parents: list[Box] = []  # the boxes that edges come from


class Views:
    """The pictures of one graph, as data for the page: `told`, the whole graph first."""

    def __init__(self, nodes: Sequence[Node], steps: Sequence[Step]) -> None:
        self.nodes = nodes
        self.number = {node: i for i, node in enumerate(nodes)}
        self.labels = {(step.node, step.index): _label_width(step) for step in steps}
        self.scopes: list[Scope] = [()] * len(nodes)
        if len(nodes) > VISIBLE:
            sources = [node.source for node in nodes]
            operands = [tuple(self.number[x] for x in node.operands) for node in nodes]
            self.scopes = scopes_of(Graph(sources, operands, sources, sources))
        self.told: list[dict[str, Any]] = []
        parts = [Box(list(range(len(nodes))))]
        ups = [-1]
        for view, part in enumerate(parts):  # the list grows while it is gone through
            inside = self._cut(part)
            for box in inside:
                if box.scope:
                    box.view = len(parts)
                    parts.append(box)
                    ups.append(view)
            self.told.append({"up": ups[view], "name": _part_name(part), **self._picture(part, inside)})

    def _cut(self, part: Box) -> list[Box]:
        """The boxes inside a part: its nodes, or its parts, as many of them opened as there is room for."""
        if len(part.members) <= VISIBLE:
            return [Box([i]) for i in part.members]
        boxes = self._inside(part)
        while closed := [box for box in boxes if box.scope]:
            opened = {box: self._inside(box) for box in closed}
            smallest = min(closed, key=lambda box: len(opened[box]))
            count = len(boxes) - 1 + len(opened[smallest])
            if count > (ENOUGH if len(boxes) >= TOO_FEW else VISIBLE) and len(boxes) > 1:
                break
            place = boxes.index(smallest)
            boxes[place : place + 1] = opened[smallest]
        return boxes

    def _inside(self, part: Box) -> list[Box]:
        """The boxes one scope further in."""
        depth = len(part.scope)
        found: dict[Any, Box] = {}
        for i in part.members:
            scope = self.scopes[i][: depth + 1]
            if len(scope) <= depth:
                found[i] = Box([i])
            else:
                found.setdefault(scope, Box([], scope)).members.append(i)
        return [box if len(box.members) > 1 else Box(box.members) for box in found.values()]

    def _picture(self, part: Box, inside: list[Box]) -> dict[str, Any]:
        """Boxes as [node, or minus the number of a part's picture, x, y, width, height, text], and edges."""
        box_of = {i: box for box in inside for i in box.members}
        outside = {self.number[x] for i in part.members for x in self.nodes[i].operands} - set(box_of)
        around = [Box([i]) for i in sorted(outside)]
        box_of.update((box.members[0], box) for box in around)
        links = self._links(part, box_of)
        boxes_here = [*inside, *around]
        order: list[Box] = topological_order(boxes_here)
        place = {box: k for k, box in enumerate(order)}
        forward = [link for link in links if place[link[0]] < place[link[1]]]  # scopes may form a circle
        edges = [
            Edge(place[source], place[target], (self._label(target, index), LABEL if index >= 0 else 0.0))
            for source, target, index in forward
        ]
        texts = [self._text(box) for box in order]
        sizes = [self._size(box, text) for box, text in zip(order, texts)]
        plan = Arrangement(len(sizes), edges)
        layout = lay_out(sizes, edges, "LR", plan)
        if layout.width > WIDE and len(order) <= VISIBLE:  # a larger one is scrolled whichever way it goes
            layout = min(layout, lay_out(sizes, edges, "TB", plan), key=lambda found: found.width)
        whole = [whole_route(layout, number) for number in range(len(edges))]
        boxes = [
            [-box.view if box.scope else box.members[0], *spot, text]
            for box, spot, text in zip(order, layout.boxes, texts)
        ]
        drawn = [
            [place[source], place[target], index, path_of(route, layout.direction == "LR"), *route.label]
            for (source, target, index), route in zip(forward, whole)
        ]
        outer = [place[box] for box in around]
        return {"size": [layout.width, layout.height], "boxes": boxes, "edges": drawn, "outer": outer}

    def _links(self, part: Box, box_of: dict[int, Box]) -> list[tuple[Box, Box, int]]:
        """Pairs of boxes with an edge between them, and which operand it is, -1 where parts are concerned."""
        found: dict[tuple[Box, Box, int], None] = {}
        for i in part.members:
            for index, operand in enumerate(self.nodes[i].operands):
                source, target = box_of[self.number[operand]], box_of[i]
                if source is not target:
                    found[source, target, -1 if source.scope or target.scope else index] = None
                    target.parents.append(source)
        return list(found)

    def _label(self, target: Box, index: int) -> float:
        if index < 0:
            return 0.0
        return self.labels.get((self.nodes[target.members[0]], index), NARROWEST_LABEL)

    def _size(self, box: Box, text: str) -> tuple[float, float]:
        wide = round(COLUMN * width(text) + 26)
        if not box.scope and self.nodes[box.members[0]].is_constant:
            return wide, PILL
        several = not box.scope and len(self.nodes[box.members[0]].uses) > 1
        return max(SEVERAL if several else NARROWEST, wide), HEIGHT

    def _text(self, box: Box) -> str:
        """What stands in the upper line of a box."""
        if box.scope:
            return clipped(_part_name(box), LONGEST)
        node = self.nodes[box.members[0]]
        whole = node.name if node.is_leaf else f"{node.name} = {expression(node, Text).text}"
        return clipped(whole, LONGEST)


def clipped(text: str, columns: int) -> str:
    """The text, cut with an ellipsis if it takes more columns; a Chinese character takes two.

    >>> clipped("tanh(v4)", 6)
    'tanh(…'
    """
    if width(text) <= columns:
        return text
    kept = text[: columns - 1]
    while width(kept) >= columns:
        kept = kept[:-1]
    return kept + "…"


def _part_name(part: Box) -> str:
    return one_line(part.scope[-1]) if part.scope else ""


def _label_width(step: Step) -> float:
    letters = len(step.node.digits.product(step.upstream, step.local, step.flow)) + (6 if step.side else 0)
    return min(max(COLUMN * letters, NARROWEST_LABEL), WIDEST_LABEL)
