"""Layered layout, first step: which layer each node stands in, so that every edge goes forward.

A node first stands just before the earliest of its consumers, which is best for every node that is used
at least as often as it uses; then nodes with more operands than uses move towards their operands.
"""

from __future__ import annotations

from collections.abc import Sequence

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
