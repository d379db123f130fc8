"""Layered layout, its first two steps together: what stands in which layer, in which order.

That depends on the edges alone, so one arrangement serves both reading directions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from autograd.drawing.layering import layers
from autograd.drawing.ordering import BEND, Segment, order_layers

MOST_BENDS = 4_000  # with more, edges over more than a few layers are not drawn as lines
FEW = 4


class Edge(NamedTuple):
    """An edge to be laid out: node numbers, and the size (width, height) of its label."""

    source: int
    target: int
    label: tuple[float, float] = (0.0, 0.0)
    free: bool = False  # may enter its target in another place than its operand's


class Arrangement:
    """Nodes and the bends of long edges in their layers and in order, with the segments between them.

    Long edges from one node share their bends: they run as one line and part at the end.  Where there would
    be thousands of bends, long edges become stubs: a short line at the target with the source's name.
    """

    def __init__(self, count: int, edges: Sequence[Edge]) -> None:
        self.count, self.edges = count, edges
        self.layer = layers(count, [(e.source, e.target) for e in edges])  # nodes first, then bends
        self.depth = max(self.layer, default=-1) + 1
        self.segments: list[list[Segment]] = [[] for _ in range(max(self.depth - 1, 0))]
        self.ways: list[list[int]] = []  # per edge the vertices it goes through
        self.incoming: list[list[int]] = [[] for _ in range(count)]
        self.port = [0.0] * (len(edges) + 1)  # per edge its place at the target; one more, for bends
        for number, edge in enumerate(edges):
            self.incoming[edge.target].append(number)
        for into in self.incoming:
            for place, number in enumerate(into):
                self.port[number] = (place + 0.5) / len(into)
        spans = [self.layer[edge.target] - self.layer[edge.source] for edge in edges]
        longest = [0] * count
        for edge, span in zip(edges, spans):
            longest[edge.source] = max(longest[edge.source], span - 1)
        crowded = math.fsum(longest) > MOST_BENDS
        self.stub = [crowded and span > FEW for span in spans]  # per edge: drawn at its target only
        self._cut_edges()
        free = [into for into in self.incoming if len(into) > 1 and edges[into[0]].free]
        self.order = order_layers(self._first_order(), self.segments, self.port, free)

    def _cut_edges(self) -> None:
        """Cut every edge into segments from layer to layer."""
        bends: dict[tuple[int, int], int] = {}
        for number, edge in enumerate(self.edges):
            if self.stub[number]:
                self.ways.append([edge.source, edge.target])
                continue
            way = [edge.source]
            for r in range(self.layer[edge.source] + 1, self.layer[edge.target]):
                if (edge.source, r) not in bends:
                    bends[edge.source, r] = len(self.layer)
                    self.layer.append(r)
                    self.segments[r - 1].append((way[-1], len(self.layer) - 1, BEND))
                way.append(bends[edge.source, r])
            self.segments[self.layer[edge.target] - 1].append((way[-1], edge.target, number))
            self.ways.append([*way, edge.target])

    def _first_order(self) -> list[list[int]]:
        """Per layer its vertices as a walk from the results back to the operands meets them."""
        order: list[list[int]] = [[] for _ in range(self.depth)]
        seen: set[int] = set()
        used = {edge.source for edge in self.edges}
        stack = [v for v in reversed(range(self.count)) if v not in used]
        while stack:
            v = stack.pop()
            if v in seen:
                continue
            seen.add(v)
            order[self.layer[v]].append(v)
            if v < self.count:
                for number in reversed(self.incoming[v]):
                    stack.extend(self.ways[number][:-1])
        return order
