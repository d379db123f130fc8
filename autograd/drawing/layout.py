"""Layered layout: where boxes stand and how edges run.  Pure Python, the same on every machine.

Layers follow each other along the reading direction ("LR" or "TB").  Between two layers lie a channel, in
which edges change height, and a strip for the edges' labels, in which every edge runs straight; an edge that
passes a layer gets a lane of its own there.  So no edge can run through a box or a label, by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd.drawing.arranging import Arrangement, Edge
from autograd.drawing.placing import place_layers

__all__ = ["Edge", "Layout", "Point", "Route", "lay_out"]

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
    `curved`: they are the control points of Bezier curves instead, and then the tip of the arrow.
    `stub`: a straight line at the target alone; the name of the source belongs before its start.
    """

    points: list[Point]
    label: Point
    curved: bool = False
    stub: bool = False


class Layout(NamedTuple):
    """Boxes as (left, top, width, height), routes in the order of the edges, and the whole size."""

    boxes: list[tuple[float, float, float, float]]
    routes: list[Route]
    width: float
    height: float
    direction: str


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
    routes = [_route(grid, number, y, columns) for number in range(len(edges))]
    length = max(columns.ends, default=0.0) + MARGIN
    breadth = max((centre + half for centre, half in zip(y, grid.half)), default=0.0) + MARGIN
    width, height = (length, breadth) if across else (breadth, length)
    return Layout(boxes, routes, width, height, direction)


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
        whole = _total(spans)
        self.half[target] = max(self.half[target], whole / 2 + 4.0)
        at = -whole / 2
        for number, span in zip(into, spans):
            self.offset[number] = round(at + span / 2, 1)
            at += span


def _total(numbers: Sequence[float]) -> float:
    total = 0.0
    for x in numbers:
        total += x
    return total


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


def _route(grid: _Grid, number: int, y: Sequence[float], columns: _Columns) -> Route:
    """The way of one edge: out of its box, curve by curve into the lanes, straight into its port."""
    plan = grid.plan
    edge, way = plan.edges[number], plan.ways[number]
    source, target = edge.source, edge.target
    end = round(y[target] + grid.offset[number], 1)
    start = columns.starts[plan.layer[target]]
    label = (start - ARROW - 2.0 - edge.label[1 - grid.across] / 2, end)
    if plan.stub[number]:
        tail = round(label[0] - edge.label[1 - grid.across] / 2 - 12.0, 1)
        ends = [(tail, end), (start, end)]
        return (
            Route(ends, label, stub=True)
            if grid.across
            else Route([p[::-1] for p in ends], label[::-1], stub=True)
        )
    points = [(columns.starts[plan.layer[source]] + grid.length[source], y[source])]
    for here, there in pairwise(way):
        points.append((columns.ends[plan.layer[here]], points[-1][1]))
        points.append((columns.strips[plan.layer[there]], end if there == target else y[there]))
    points.append((start, end))
    if grid.across:
        return Route(points, label)
    return Route([(b, a) for a, b in points], label[::-1])
