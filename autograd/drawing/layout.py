"""Layered layout: where boxes stand and how edges run.  Pure Python, the same on every machine.

Layers follow each other along the reading direction ("LR" or "TB").  Between two layers lie a channel, in
which edges change height, and a strip for the edges' labels, in which every edge runs straight; an edge that
passes a layer gets a lane of its own there.  So no edge can run through a box or a label, by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import NamedTuple

from autograd.drawing.arranging import Arrangement, Edge
from autograd.drawing.placing import place_layers

__all__ = ["Edge", "Layout", "Point", "Route", "Trunk", "lay_out", "whole_route"]

GAP = 16.0  # between two boxes of a layer
LANE = 9.0  # beside an edge that passes a layer
PORT = 18.0  # between two edges that enter one box, when both have labels
CHANNEL = 30.0
# per direction: how much longer the channel gets with the height of its steps, and its greatest length
STRETCH = {"LR": (0.42, 120.0), "TB": (0.2, 70.0)}
MANY, PORT_OF_MANY = 6, 7.0  # from this many edges on they come closer, when they have no labels
STUB = 74.0  # of a stub: for the name of its source and a piece of line
ARROW = 10.0  # the straight end of an edge, with its arrow head
MARGIN = 14.0

Point = tuple[float, float]


class Route(NamedTuple):
    """How an edge runs: straight lines and curves through `points`, and where its label's centre is.

    The points are a start, then pairs (end of a straight line, end of the curve after it), then an end.
    `trunk`: the number of the piece of a trunk that it goes on from, or -1 where it starts at its source.
    `curved`: they are the control points of Bezier curves instead, and then the tip of the arrow.
    `stub`: a straight line at the target alone; the name of the source belongs before its start.
    """

    points: list[Point]
    label: Point
    curved: bool = False
    stub: bool = False
    trunk: int = -1


class Trunk(NamedTuple):
    """A piece of line that several edges from one node share, up to where some of them part."""

    source: int
    before: int  # the piece that it goes on from; -1 at the box
    points: list[Point]


class Layout(NamedTuple):
    """Boxes as (left, top, width, height), routes in the order of the edges, and the whole size."""

    boxes: list[tuple[float, float, float, float]]
    routes: list[Route]
    width: float
    height: float
    direction: str
    trunks: Sequence[Trunk] = ()
    shades: Sequence[int] = ()  # per box that of its lines; none: all alike


def whole_route(layout: Layout, number: int) -> Route:
    """The way of one edge from its source on, the pieces of the trunk that it shares included."""
    route = layout.routes[number]
    points, at = list(route.points), route.trunk
    while at >= 0:
        piece = layout.trunks[at]
        points = [*piece.points[:-1], *points[1:]]
        at = piece.before
    across = layout.direction == "LR"
    if len(points) > 3 and not route.curved and points[-3][across] == points[-2][across]:
        del points[-3:-1]  # a curve that does not leave its line
    return route._replace(points=points, trunk=-1)


def lay_out(
    sizes: Sequence[Point], edges: Sequence[Edge], direction: str = "LR", plan: Arrangement | None = None
) -> Layout:
    """Lay out boxes of the given sizes (width, height), numbered in forward order.

    Args:
        sizes: per node its width and height.
        edges: sources before targets; the edges into one target in the order of its operands.
        direction: "LR" (left to right) or "TB" (top to bottom).
        plan: the arrangement of these edges, if it is there already.

    >>> done = lay_out([(50, 20), (50, 20)], [Edge(0, 1)])
    >>> done.boxes[0][0] < done.boxes[1][0]
    True
    """
    plan = plan or Arrangement(len(sizes), edges)
    across = 1 if direction == "LR" else 0  # which coordinate runs across the layers
    grid = _Grid(plan, sizes, across)
    y = place_layers(plan.order, plan.segments, grid.half, grid.gap, plan.count, grid.offset)
    top = min((centre - half for centre, half in zip(y, grid.half)), default=0.0)
    y = [round(centre - top + MARGIN, 1) for centre in y]
    columns = _columns(grid, y)
    boxes = []
    for v in range(plan.count):
        at, size = (columns.starts[plan.layer[v]], y[v] - grid.half[v]), (grid.length[v], 2 * grid.half[v])
        boxes.append((*at, *size) if across else (*at[::-1], *size[::-1]))
    lines = _Lines(grid, y, columns)
    routes = [lines.route(number) for number in range(len(edges))]
    length = max(columns.ends, default=0.0) + MARGIN
    breadth = max((centre + half for centre, half in zip(y, grid.half)), default=0.0) + MARGIN
    width, height = (length, breadth) if across else (breadth, length)
    return Layout(boxes, routes, width, height, direction, lines.trunks, plan.shades)


class _Grid:
    """An arrangement with the sizes of its boxes, in one reading direction."""

    def __init__(self, plan: Arrangement, sizes: Sequence[Point], across: int) -> None:
        self.plan, self.across = plan, across
        bends = len(plan.layer) - plan.count
        self.length = [float(size[1 - across]) for size in sizes]
        self.half = [float(size[across]) / 2 for size in sizes] + [0.0] * bends
        self.gap = [GAP] * plan.count + [LANE] * bends
        self.offset = [0.0] * len(plan.port)  # per edge its port's distance from the centre of the target
        for target, into in enumerate(plan.incoming):
            self._spread(target, sorted(into, key=plan.port.__getitem__))

    def _spread(self, target: int, into: Sequence[int]) -> None:
        """Spread the edges into one node over its side; the side grows with their labels."""
        narrow = PORT if len(into) < MANY else PORT_OF_MANY
        names = 0.0 if self.across else STUB - 14.0  # from top to bottom they stand beside each other
        spans = [
            max(self.plan.edges[number].label[self.across] + 4.0, names if self.plan.stub[number] else narrow)
            for number in into
        ]
        whole = reduce(add, spans, 0.0)
        self.half[target] = max(self.half[target], whole / 2 + 4.0)
        at = -whole / 2
        for number, span in zip(into, spans):
            self.offset[number] = round(at + span / 2, 1)
            at += span


class _Columns(NamedTuple):
    """Along the layers: where each one's strip for labels starts, where its boxes start, where it ends."""

    strips: list[float]
    starts: list[float]
    ends: list[float]


def _columns(grid: _Grid, y: Sequence[float]) -> _Columns:
    plan = grid.plan
    thick, strip = [0.0] * plan.depth, [ARROW] * plan.depth
    for v, length in enumerate(grid.length):
        thick[plan.layer[v]] = max(thick[plan.layer[v]], length)
    for edge, is_stub in zip(plan.edges, plan.stub):
        r, size = plan.layer[edge.target], edge.label[1 - grid.across] + (STUB if is_stub else 0.0)
        strip[r] = max(strip[r], size + ARROW + 4.0 if size else ARROW)
    factor, most = STRETCH["LR" if grid.across else "TB"]
    columns = _Columns([], [], [])
    at = MARGIN
    for r in range(plan.depth):
        if r:
            steps = [abs(y[u] - y[v] - grid.offset[edge]) for u, v, edge in plan.segments[r - 1]]
            at += min(max(CHANNEL, factor * max(steps, default=0.0)), most)
        columns.strips.append(round(at, 1))
        columns.starts.append(round(at + strip[r] if r else at, 1))
        at = columns.starts[-1] + thick[r]
        columns.ends.append(at)
    return columns


class _Lines:
    """How edges run: out of the box, curve by curve through the bends, straight into their ports.

    What several edges have in common is one line, a trunk, cut where edges part.
    """

    def __init__(self, grid: _Grid, y: Sequence[float], columns: _Columns) -> None:
        self.grid, self.y, self.columns = grid, y, columns
        self.trunks: list[Trunk] = []
        # per edge its last piece of trunk and the bends till there
        self.leaves = [(-1, 0)] * len(grid.plan.edges)
        long: dict[int, list[int]] = {}  # per source its edges that pass bends
        for number, passes in enumerate(grid.plan.passes):
            if passes:
                long.setdefault(grid.plan.edges[number].source, []).append(number)
        for source, numbers in long.items():
            self._grow(source, sorted(numbers, key=grid.plan.passes.__getitem__))

    def _grow(self, source: int, numbers: Sequence[int]) -> None:
        """The trunk of one source, piece by piece, as long as two edges or more go on together."""
        passes = self.grid.plan.passes
        at = (-1, 0)
        for i, number in enumerate(numbers):
            if passes[number] > at[1] and i + 1 < len(numbers):
                points = self._through(source, at[1], passes[number])
                points.append((self.columns.ends[self._layer(source, passes[number])], points[-1][1]))
                self.trunks.append(Trunk(source, at[0], self._turned(points)))
                at = (len(self.trunks) - 1, passes[number])
            self.leaves[number] = at

    def _layer(self, source: int, passes: int) -> int:
        return self.grid.plan.layer[source] + passes

    def _through(self, source: int, before: int, passes: int) -> list[Point]:
        """A start behind bend number `before`, or at the box; two points for each bend at another height."""
        plan, ends = self.grid.plan, self.columns.ends
        if before:
            at = self.y[plan.bends[source][before - 1]]
            points = [(ends[self._layer(source, before)], at)]
        else:
            at = self.y[source]
            points = [(self.columns.starts[plan.layer[source]] + self.grid.length[source], at)]
        for number in range(before, passes):
            there = self.y[plan.bends[source][number]]
            if there != at:
                layer = self._layer(source, number)
                points += [(ends[layer], at), (self.columns.strips[layer + 1], there)]
            at = there
        return points

    def route(self, number: int) -> Route:
        """The way of one edge from where it leaves the trunk, or its box."""
        grid, columns, plan = self.grid, self.columns, self.grid.plan
        edge, passes = plan.edges[number], plan.passes[number]
        end = round(self.y[edge.target] + grid.offset[number], 1)
        layer = plan.layer[edge.target]
        start, along = columns.starts[layer], edge.label[1 - grid.across]
        label = (start - ARROW - 2.0 - along / 2, end)
        turned_label = label if grid.across else label[::-1]
        if plan.stub[number]:
            tail = round(label[0] - along / 2 - 12.0, 1)
            return Route(self._turned([(tail, end), (start, end)]), turned_label, stub=True)
        trunk, before = self.leaves[number]
        points = self._through(edge.source, before, passes)
        points += [(columns.ends[layer - 1], points[-1][1]), (columns.strips[layer], end), (start, end)]
        return Route(self._turned(points), turned_label, trunk=trunk)

    def _turned(self, points: list[Point]) -> list[Point]:
        """Points along and across the layers as left and top."""
        return points if self.grid.across else [(b, a) for a, b in points]
