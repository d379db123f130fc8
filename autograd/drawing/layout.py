"""Layered layout: where boxes stand and how edges run.  Pure Python, the same on every machine.

Layers follow each other along the reading direction ("LR" or "TB").  Between two layers lie a channel, in
which edges change height, and a strip for the edges' labels, in which every edge runs straight; an edge that
passes a layer gets a lane of its own there.  So no edge can run through a box or a label, by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd.drawing.layering import layers
from autograd.drawing.ordering import BEND, Segment, order_layers
from autograd.drawing.placing import place_layers

GAP = 16.0  # between two boxes of a layer
LANE = 9.0  # beside an edge that passes a layer
PORT = 18.0  # between two edges that enter one box, when both have labels
CHANNEL = 30.0
# per direction: how much longer the channel gets with the height of its steps, and its greatest length
STRETCH = {"LR": (0.42, 120.0), "TB": (0.2, 70.0)}
MANY, PORT_OF_MANY = 6, 7.0  # from this many edges on they come closer, when they have no labels
ARROW = 10.0  # the straight end of an edge, with its arrow head
MARGIN = 14.0

Point = tuple[float, float]


class Edge(NamedTuple):
    """An edge to be laid out: node numbers, and the size (width, height) of its label."""

    source: int
    target: int
    label: tuple[float, float] = (0.0, 0.0)
    free: bool = False  # may enter its target in another place than its operand's


class Route(NamedTuple):
    """How an edge runs: straight lines and curves through `points`, and where its label's centre is.

    The points are a start, then pairs (end of a straight line, end of the curve after it), then an end.
    `curved`: they are the control points of Bezier curves instead, and then the tip of the arrow.
    """

    points: list[Point]
    label: Point
    curved: bool = False


class Layout(NamedTuple):
    """Boxes as (left, top, width, height), routes in the order of the edges, and the whole size."""

    boxes: list[tuple[float, float, float, float]]
    routes: list[Route]
    width: float
    height: float
    direction: str


def lay_out(sizes: Sequence[Point], edges: Sequence[Edge], direction: str = "LR") -> Layout:
    """Lay out boxes of the given sizes (width, height), numbered in forward order.

    Args:
        sizes: per node its width and height.
        edges: sources before targets; the edges into one target in the order of its operands.
        direction: "LR" (left to right) or "TB" (top to bottom).

    >>> done = lay_out([(50, 20), (50, 20)], [Edge(0, 1)])
    >>> done.boxes[0][0] < done.boxes[1][0]
    True
    """
    across = 1 if direction == "LR" else 0  # which coordinate runs across the layers
    grid = _Grid(sizes, edges, across)
    order = order_layers(grid.first_order(), grid.segments, grid.port, grid.free())
    grid.set_offsets()
    y = place_layers(order, grid.segments, grid.half, grid.gap, len(sizes), grid.offset)
    top = min((y[v] - grid.half[v] for v in range(len(y))), default=0.0)
    y = [round(centre - top + MARGIN, 1) for centre in y]
    starts, strips, ends = _columns(grid, y)
    boxes = []
    for v in range(len(sizes)):
        at, size = (starts[grid.layer[v]], y[v] - grid.half[v]), (grid.length[v], 2 * grid.half[v])
        boxes.append((*at, *size) if across else (*at[::-1], *size[::-1]))
    routes = [_route(grid, number, y, starts, strips, ends) for number in range(len(edges))]
    length = max(ends, default=0.0) + MARGIN
    breadth = max((y[v] + grid.half[v] for v in range(len(y))), default=0.0) + MARGIN
    width, height = (length, breadth) if across else (breadth, length)
    return Layout(boxes, routes, width, height, direction)


class _Grid:
    """Nodes and the bends of long edges in their layers, with the segments between them.

    Long edges from one node share their bends: they run as one line and part at the end.
    """

    def __init__(self, sizes: Sequence[Point], edges: Sequence[Edge], across: int) -> None:
        self.across, self.edges = across, edges
        self.layer = layers(len(sizes), [(e.source, e.target) for e in edges])
        self.length = [float(size[1 - across]) for size in sizes]
        self.half = [float(size[across]) / 2 for size in sizes]
        self.gap = [GAP] * len(sizes)
        self.count = max(self.layer, default=-1) + 1
        self.segments: list[list[Segment]] = [[] for _ in range(max(self.count - 1, 0))]
        self.ways: list[list[int]] = []  # per edge the vertices it goes through
        self.port = [0.0] * (len(edges) + 1)  # one more, for bends
        self.offset = [0.0] * (len(edges) + 1)
        self.incoming: list[list[int]] = [[] for _ in sizes]
        bends: dict[tuple[int, int], int] = {}
        for number, edge in enumerate(edges):
            self.incoming[edge.target].append(number)
        for into in self.incoming:
            for place, number in enumerate(into):
                self.port[number] = (place + 0.5) / len(into)
        for number, edge in enumerate(edges):
            way = [edge.source]
            for r in range(self.layer[edge.source] + 1, self.layer[edge.target]):
                if (edge.source, r) not in bends:
                    bends[edge.source, r] = len(self.layer)
                    self.layer.append(r)
                    self.half.append(0.0)
                    self.gap.append(LANE)
                    self.segments[r - 1].append((way[-1], len(self.layer) - 1, BEND))
                way.append(bends[edge.source, r])
            self.segments[self.layer[edge.target] - 1].append((way[-1], edge.target, number))
            self.ways.append([*way, edge.target])

    def free(self) -> list[list[int]]:
        """Groups of edges into one node whose places there may change."""
        return [into for into in self.incoming if len(into) > 1 and self.edges[into[0]].free]

    def set_offsets(self) -> None:
        """Spread the edges into each node over its side; the side grows with their labels."""
        for target, into in enumerate(self.incoming):
            narrow = PORT if len(into) < MANY else PORT_OF_MANY
            ordered = sorted(into, key=self.port.__getitem__)
            spans = [max(self.edges[number].label[self.across] + 4.0, narrow) for number in ordered]
            whole = _total(spans)
            self.half[target] = max(self.half[target], whole / 2 + 4.0)
            at = -whole / 2
            for number, span in zip(ordered, spans):
                self.offset[number] = round(at + span / 2, 1)
                at += span

    def first_order(self) -> list[list[int]]:
        """Per layer its vertices as a walk from the results back to the operands meets them."""
        order: list[list[int]] = [[] for _ in range(self.count)]
        seen: set[int] = set()
        used = {edge.source for edge in self.edges}
        stack = [v for v in reversed(range(len(self.length))) if v not in used]
        while stack:
            v = stack.pop()
            if v in seen:
                continue
            seen.add(v)
            order[self.layer[v]].append(v)
            if v < len(self.length):
                for number in reversed(self.incoming[v]):
                    stack.extend(self.ways[number][:-1])
        return order


def _total(numbers: Sequence[float]) -> float:
    total = 0.0
    for x in numbers:
        total += x
    return total


def _columns(grid: _Grid, y: Sequence[float]) -> tuple[list[float], list[float], list[float]]:
    """Along the layers: where each layer's boxes start, where its strip for labels starts, where it ends."""
    thick, strip = [0.0] * grid.count, [ARROW] * grid.count
    for v, length in enumerate(grid.length):
        thick[grid.layer[v]] = max(thick[grid.layer[v]], length)
    for edge in grid.edges:
        r = grid.layer[edge.target]
        size = edge.label[1 - grid.across]
        strip[r] = max(strip[r], size + ARROW + 4.0 if size else ARROW)
    starts, strips, ends = [], [], []
    at = MARGIN
    for r in range(grid.count):
        if r:
            steps = [abs(y[u] - y[v] - grid.offset[edge]) for u, v, edge in grid.segments[r - 1]]
            factor, most = STRETCH["LR" if grid.across else "TB"]
            at += min(max(CHANNEL, factor * max(steps, default=0.0)), most)
            strips.append(at)
            at += strip[r]
        else:
            strips.append(at)
        starts.append(round(at, 1))
        at = starts[-1] + thick[r]
        ends.append(at)
    return starts, [round(x, 1) for x in strips], ends


def _route(
    grid: _Grid,
    number: int,
    y: Sequence[float],
    starts: Sequence[float],
    strips: Sequence[float],
    ends: Sequence[float],
) -> Route:
    """The way of one edge: out of its box, curve by curve into the lanes, straight into its port."""
    edge, way = grid.edges[number], grid.ways[number]
    source, target = edge.source, edge.target
    points = [(starts[grid.layer[source]] + grid.length[source], y[source])]
    end = y[target] + grid.offset[number]
    for here, there in pairwise(way):
        points.append((ends[grid.layer[here]], points[-1][1]))
        points.append((strips[grid.layer[there]], end if there == target else y[there]))
    points.append((starts[grid.layer[target]], end))
    label = (starts[grid.layer[target]] - ARROW - 2.0 - edge.label[1 - grid.across] / 2, end)
    if grid.across:
        return Route(points, label)
    return Route([(b, a) for a, b in points], label[::-1])
