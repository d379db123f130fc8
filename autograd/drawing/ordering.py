"""Layered layout, second step: the order within each layer, with few crossings.

Barycentres, swept forwards and backwards, then swaps of neighbours as long as they help (Sugiyama, Tagawa,
Toda 1981; the count of crossings after Barth, Juenger, Mutzel 2002).  An edge enters its target at a port, a
number in 0..1 across the target's side, so that the operands of a node arrive in their order.  Where an op does
not care for the order of its operands, its ports may change places if that saves crossings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Segment = tuple[int, int, int]  # vertex, vertex of the next layer, edge that ends there (BEND: none)
BEND = -1  # a segment into a bend of a long edge; the list of ports has one more entry, 0.0, for it
SWEEPS = 12
Neighbours = Sequence[Sequence[tuple[int, int]]]  # per vertex pairs (vertex, edge)


def order_layers(
    start: Sequence[Sequence[int]],
    segments: Sequence[Sequence[Segment]],
    port: list[float],
    free: Sequence[Sequence[int]] = (),
) -> list[list[int]]:
    """Reorder the vertices of each layer for few crossings.

    Args:
        start: per layer its vertices in a first order.
        segments: per gap between a layer and the next the segments in it.
        port: per edge its place at its target, in 0..1; changed for edges that are free.
        free: groups of edges that enter one target and may change places.
    """
    count = len([v for layer in start for v in layer])
    into: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    out: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for gap in segments:
        for u, v, edge in gap:
            into[v].append((u, edge))
            out[u].append((v, edge))
    best, fewest = _sweep(start, segments, port, into, out)
    if fewest and free:
        trial = list(port)
        for group in free:
            for edge in group:
                trial[edge] = 0.5  # as if all entered at one point
        other, fewer = _sweep(start, segments, trial, into, out)
        if fewer < fewest:
            best = other
            _sort_ports(free, segments, best, port)
    return best


def _sweep(
    start: Sequence[Sequence[int]],
    segments: Sequence[Sequence[Segment]],
    port: Sequence[float],
    into: Neighbours,
    out: Neighbours,
) -> tuple[list[list[int]], int]:
    """The best order of several sweeps, and its crossings."""
    order = [list(layer) for layer in start]
    place = [0] * len(into)
    for layer in order:
        _number(layer, place)
    best, fewest = [list(layer) for layer in order], crossings(place, segments, port)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        forward = sweep % 2 == 0
        for r in range(1, len(order)) if forward else range(len(order) - 2, -1, -1):
            _sort_layer(order[r], place, port, into if forward else out)
        _swap_neighbours(order, place, port, into, out)
        now = crossings(place, segments, port)
        if now < fewest:
            best, fewest = [list(layer) for layer in order], now
    return best, fewest


def crossings(place: Sequence[int], segments: Sequence[Sequence[Segment]], port: Sequence[float]) -> int:
    """How many pairs of segments cross, given each vertex's place in its layer."""
    total = 0
    for gap in segments:
        ends = sorted([(place[u], place[v] + port[edge]) for u, v, edge in gap])
        heights = {y: i for i, y in enumerate(sorted({y for _, y in ends}), 1)}
        tree = [0] * (len(heights) + 1)  # a Fenwick tree of the ends so far
        seen = i = 0
        while i < len(
            ends
        ):  # segments from one vertex do not cross each other: count them all, then add them
            j = i
            while j < len(ends) and ends[j][0] == ends[i][0]:
                k, below = heights[ends[j][1]], 0
                while k:
                    below += tree[k]
                    k &= k - 1
                total += seen - below
                j += 1
            for _, y in ends[i:j]:
                k = heights[y]
                while k < len(tree):
                    tree[k] += 1
                    k += k & -k
            seen, i = seen + j - i, j
    return total


def _number(layer: Iterable[int], place: list[int]) -> None:
    for i, v in enumerate(layer):
        place[v] = i


def _sort_layer(layer: list[int], place: list[int], port: Sequence[float], neighbours: Neighbours) -> None:
    """Sort by the mean place of the neighbours; vertices without any keep their places."""
    mean: dict[int, float] = {}
    for v in layer:
        if neighbours[v]:
            total = 0.0
            for u, edge in neighbours[v]:
                total += place[u] + port[edge]
            mean[v] = total / len(neighbours[v])
    movable = iter(sorted(mean, key=lambda v: (mean[v], place[v])))
    layer[:] = [next(movable) if v in mean else v for v in layer]
    _number(layer, place)


def _sort_ports(
    free: Sequence[Sequence[int]],
    segments: Sequence[Sequence[Segment]],
    order: Sequence[Sequence[int]],
    port: list[float],
) -> None:
    """Let the edges of each free group enter in the order of their sources."""
    place = {v: i for layer in order for i, v in enumerate(layer)}
    source = {edge: place[u] for gap in segments for u, _, edge in gap}
    for group in free:
        places = sorted(port[edge] for edge in group)
        for edge, at in zip(sorted(group, key=lambda edge: (source[edge], edge)), places):
            port[edge] = at


def _swap_neighbours(
    order: list[list[int]], place: list[int], port: Sequence[float], into: Neighbours, out: Neighbours
) -> None:
    """Swap neighbours while that removes crossings."""
    for _ in range(4):
        helped = False
        for layer in order:
            for i in range(len(layer) - 1):
                a, b = layer[i], layer[i + 1]
                gain = 0
                for neighbours, at_port in ((into, 0.0), (out, 1.0)):
                    ys = sorted([place[v] + at_port * port[edge] for v, edge in neighbours[a]])
                    zs = sorted([place[v] + at_port * port[edge] for v, edge in neighbours[b]])
                    if ys and zs:
                        gain += _inversions(ys, zs) - _inversions(zs, ys)
                if gain > 0:
                    layer[i], layer[i + 1] = b, a
                    place[a], place[b] = i + 1, i
                    helped = True
        if not helped:
            return


def _inversions(left: Sequence[float], right: Sequence[float]) -> int:
    """Pairs (x of left, y of right) with x > y; both sorted."""
    count = j = 0
    for x in left:
        while j < len(right) and right[j] < x:
            j += 1
        count += j
    return count
