"""Layered layout, its first two steps together: what stands in which layer, in which order.

That depends on the edges alone, so one arrangement serves both reading directions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from autograd.drawing.crossings import BEND, Segment, order_layers

Edges = Sequence[tuple[int, int]]  # pairs (source, target) of node numbers; a source's number is smaller


def layers(count: int, edges: Edges) -> list[int]:
    """The layer of each of `count` nodes, from 0; a source's layer is smaller than its target's.

    Nodes are numbered in forward order: an edge's source has a smaller number than its target.

    >>> layers(4, [(0, 2), (1, 3), (2, 3)])
    [0, 1, 1, 2]
    """
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        before[target].append(source)
        after[source].append(target)
    layer = [0] * count
    for node in reversed(range(count)):
        layer[node] = min((layer[x] for x in after[node]), default=1) - 1
    moved = True
    for _ in range(8):
        if not moved:
            break
        moved = False
        for node in range(count):
            if len(before[node]) > len(after[node]) and after[node]:
                earliest = max(layer[x] for x in before[node]) + 1
                moved = moved or earliest < layer[node]
                layer[node] = earliest
        for node in reversed(range(count)):
            if after[node] and len(after[node]) >= len(before[node]):
                latest = min(layer[x] for x in after[node]) - 1
                moved = moved or latest > layer[node]
                layer[node] = latest
    first = min(layer, default=0)
    return [x - first for x in layer]


MOST_BENDS = 4_000  # with more, edges over more than a few layers are not drawn as lines
FEW = 4
SHADES = 5  # of grey, for lines that run side by side


class Edge(NamedTuple):
    """An edge to be laid out: node numbers, and the size (width, height) of its label."""

    source: int
    target: int
    label: tuple[float, float] = (0.0, 0.0)
    free: bool = False  # may enter its target in another place than its operand's


class Arrangement:
    """Nodes and the bends of long edges in their layers and in order, with the segments between them.

    Long edges from one node share their bends: they run as one line, the node's trunk, and part at the end.
    Where there would be thousands of bends, long edges become stubs: a short line at the target with the
    source's name.
    """

    def __init__(self, count: int, edges: Sequence[Edge]) -> None:
        self.count, self.edges = count, edges
        self.layer = layers(count, [(e.source, e.target) for e in edges])  # nodes first, then bends
        self.depth = max(self.layer, default=-1) + 1
        self.segments: list[list[Segment]] = [[] for _ in range(max(self.depth - 1, 0))]
        self.bends: list[list[int]] = [[] for _ in range(count)]  # per node, of its trunk: one in each layer
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
        # per edge how many bends of its source's trunk it goes through
        self.passes = [0 if stub else span - 1 for span, stub in zip(spans, self.stub)]
        self._cut_edges()
        free = [into for into in self.incoming if len(into) > 1 and edges[into[0]].free]
        self.order = order_layers(self._first_order(), self.segments, self.port, free)
        self.shades = self._shades()

    def _cut_edges(self) -> None:
        """Cut trunks and the edges that leave them into segments from layer to layer."""
        for number, (edge, passes) in enumerate(zip(self.edges, self.passes)):
            if self.stub[number]:
                continue
            trunk = self.bends[edge.source]
            while len(trunk) < passes:
                layer, before = (
                    self.layer[edge.source] + len(trunk) + 1,
                    self._before(edge.source, len(trunk)),
                )
                self.segments[layer - 1].append((before, len(self.layer), BEND))
                trunk.append(len(self.layer))
                self.layer.append(layer)
            last = self._before(edge.source, passes)
            self.segments[self.layer[edge.target] - 1].append((last, edge.target, number))

    def _before(self, source: int, passes: int) -> int:
        """The vertex that a line out of `source` comes from after so many bends."""
        return self.bends[source][passes - 1] if passes else source

    def _first_order(self) -> list[list[int]]:
        """Per layer its vertices as a walk from the results back to the operands meets them."""
        order: list[list[int]] = [[] for _ in range(self.depth)]
        seen: set[int] = set()
        met = [0] * self.count  # bends of each trunk
        used = {edge.source for edge in self.edges}
        stack = [(v, 0) for v in reversed(range(self.count)) if v not in used]
        while stack:
            v, passes = stack.pop()
            for bend in reversed(self.bends[v][met[v] : passes]):
                order[self.layer[bend]].append(bend)
            met[v] = max(met[v], passes)
            if v in seen:
                continue
            seen.add(v)
            order[self.layer[v]].append(v)
            stack.extend((self.edges[k].source, self.passes[k]) for k in reversed(self.incoming[v]))
        return order

    def _shades(self) -> list[int]:
        """Per node the shade of its lines, so that no two trunks that run side by side have the same."""
        owner = {bend: v for v, trunk in enumerate(self.bends) for bend in trunk}
        beside: list[set[int]] = [set() for _ in range(self.count)]
        for layer in self.order:
            lanes = [owner[v] for v in layer if v in owner]
            for i, v in enumerate(lanes):
                for w in lanes[i + 1 : i + SHADES]:
                    beside[v].add(w)
                    beside[w].add(v)
        shades = [0] * self.count
        for v in range(self.count):
            taken = {shades[w] for w in beside[v] if w < v}
            shades[v] = next((shade for shade in range(SHADES) if shade not in taken), v % SHADES)
        return shades
