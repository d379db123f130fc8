"""Layered layout, second step: the order within each layer, with few crossings.

Barycentres, swept forwards and backwards, then swaps of neighbours as long as they help (Sugiyama, Tagawa,
Toda 1981; the count of crossings after Barth, Juenger, Mutzel 2002).  A segment enters its target at a port,
a number in 0..1 across the target's side, so that the operands of a node arrive in their order.
"""

from __future__ import annotations

from collections.abc import Sequence

Segment = tuple[int, int, float]  # (vertex, vertex of the next layer, port there)
SWEEPS = 12


def order_layers(start: Sequence[Sequence[int]], segments: Sequence[Sequence[Segment]]) -> list[list[int]]:
    """Reorder the vertices of each layer for few crossings.

    Args:
        start: per layer its vertices in a first order.
        segments: per gap between a layer and the next the segments in it.
    """
    into: dict[int, list[tuple[int, float]]] = {v: [] for layer in start for v in layer}
    out: dict[int, list[tuple[int, float]]] = {v: [] for layer in start for v in layer}
    for gap in segments:
        for u, v, port in gap:
            into[v].append((u, port))
            out[u].append((v, port))
    order = [list(layer) for layer in start]
    place = {v: i for layer in order for i, v in enumerate(layer)}
    best, fewest = [list(layer) for layer in order], crossings(place, segments)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        forward = sweep % 2 == 0
        for r in range(1, len(order)) if forward else range(len(order) - 2, -1, -1):
            _sort_layer(order[r], place, into if forward else out)
        _swap_neighbours(order, place, into, out)
        now = crossings(place, segments)
        if now < fewest:
            best, fewest = [list(layer) for layer in order], now
    return best


def crossings(place: dict[int, int], segments: Sequence[Sequence[Segment]]) -> int:
    """How many pairs of segments cross, given each vertex's place in its layer."""
    total = 0
    for gap in segments:
        ends = sorted((place[u], place[v] + port) for u, v, port in gap)
        heights = {y: i for i, y in enumerate(sorted({y for _, y in ends}))}
        tree = [0] * (len(heights) + 1)
        seen = 0
        i = 0
        while i < len(ends):  # segments from one vertex do not cross each other: count, then add
            j = i
            while j < len(ends) and ends[j][0] == ends[i][0]:
                k, below = heights[ends[j][1]] + 1, 0
                while k:
                    below += tree[k]
                    k &= k - 1
                total += seen - below
                j += 1
            for _, y in ends[i:j]:
                k = heights[y] + 1
                while k < len(tree):
                    tree[k] += 1
                    k += k & -k
            seen += j - i
            i = j
    return total


def _sort_layer(
    layer: list[int], place: dict[int, int], neighbours: dict[int, list[tuple[int, float]]]
) -> None:
    """Sort by the mean place of the neighbours; vertices without any keep their places."""
    forward = {v: [place[u] + p for u, p in neighbours[v]] for v in layer if neighbours[v]}
    mean = {v: _mean(ys) for v, ys in forward.items()}
    movable = iter(sorted(mean, key=lambda v: (mean[v], place[v])))
    layer[:] = [next(movable) if v in mean else v for v in layer]
    place.update((v, i) for i, v in enumerate(layer))


def _mean(ys: list[float]) -> float:
    total = 0.0
    for y in ys:
        total += y
    return total / len(ys)


def _swap_neighbours(
    order: list[list[int]],
    place: dict[int, int],
    into: dict[int, list[tuple[int, float]]],
    out: dict[int, list[tuple[int, float]]],
) -> None:
    """Swap neighbours while that removes crossings."""
    for _ in range(4):
        helped = False
        for layer in order:
            for i in range(len(layer) - 1):
                a, b = layer[i], layer[i + 1]
                gain = 0
                for neighbours, port_here in ((into, True), (out, False)):
                    ys = _ends(neighbours[a], place, port_here)
                    zs = _ends(neighbours[b], place, port_here)
                    if ys and zs:
                        gain += _inversions(ys, zs) - _inversions(zs, ys)
                if gain > 0:
                    layer[i], layer[i + 1] = b, a
                    place[a], place[b] = i + 1, i
                    helped = True
        if not helped:
            return


def _ends(neighbours: list[tuple[int, float]], place: dict[int, int], port_here: bool) -> list[float]:
    """Where a vertex's segments end on the other side; a port counts where it is."""
    return sorted(place[v] if port_here else place[v] + port for v, port in neighbours)


def _inversions(left: list[float], right: list[float]) -> int:
    """Pairs (x of left, y of right) with x > y; both sorted."""
    count = j = 0
    for x in left:
        while j < len(right) and right[j] < x:
            j += 1
        count += j
    return count
