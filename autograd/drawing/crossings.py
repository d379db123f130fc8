"""Layered layout, second step: the order within each layer, with few crossings.

Barycentres, swept forwards and backwards, then swaps of neighbours as long as they help (Sugiyama, Tagawa,
Toda 1981).  An edge enters its target at a port, a number in 0..1 across the target's side, so that the
operands of a node arrive in their order.  Where an op does not care for the order of its operands, its ports
may change places if that saves crossings.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence

Segment = tuple[int, int, int]  # vertex, vertex of the next layer, edge that ends there (BEND: none)
BEND = -1  # a segment into a bend of a long edge; the list of ports has one more entry, 0.0, for it
SWEEPS = 8
PATIENCE = 3  # sweeps without a gain
SMALL, SHUFFLES, MIDDLING = 40, 6, 80  # with fewer vertices more starts are tried
Layers = Sequence[Sequence[int]]  # per layer its vertices in order
Neighbours = Sequence[Sequence[tuple[int, int]]]  # per vertex pairs (vertex, edge)


def order_layers(
    start: Layers,
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
    gaps = _Gaps(start, segments, port)
    best, fewest = gaps.best_of_sweeps(start)
    if fewest and free:
        trial = list(port)
        for group in free:
            for edge in group:
                trial[edge] = 0.5  # as if all entered at one point
        other, fewer = _Gaps(start, segments, trial).best_of_sweeps(start)
        if fewer < fewest:
            best = other
            _sort_ports(free, segments, best, port)
    return best


class _Gaps:
    """The segments between layers, with their ports at one end; orders of the vertices are tried on them."""

    def __init__(self, start: Layers, segments: Sequence[Sequence[Segment]], port: Sequence[float]) -> None:
        count = len([v for layer in start for v in layer])
        self.segments, self.port = segments, port
        self.into: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        self.out: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for gap in segments:
            for u, v, edge in gap:
                self.into[v].append((u, edge))
                self.out[u].append((v, edge))

    def best_of_sweeps(self, start: Layers) -> tuple[list[list[int]], int]:
        """The best order found from several starts, and its crossings."""
        best, fewest = self._sweep(start, False)
        count = len(self.into)
        starts = [(start, True), ([layer[::-1] for layer in start], False)] if count <= MIDDLING else []
        if count <= SMALL:
            starts += [(_shuffled(start, seed), seed % 2 == 0) for seed in range(SHUFFLES)]
        for first, turned in starts:
            if fewest == 0:
                break
            order, found = self._sweep(first, turned)
            if found < fewest:
                best, fewest = order, found
        return best, fewest

    def _sweep(self, start: Layers, turned: bool) -> tuple[list[list[int]], int]:
        """The best order of several sweeps, and its crossings; `turned`: begin backwards, turn ties round."""
        order = [list(layer) for layer in start]
        place = [0] * len(self.into)
        for layer in order:
            _number(layer, place)
        best, fewest = [list(layer) for layer in order], crossings(place, self.segments, self.port)
        gained = 0
        for sweep in range(SWEEPS):
            if fewest == 0 or sweep - gained > PATIENCE:
                break
            forward = (sweep % 2 == 0) != turned
            ties = -1 if turned and sweep % 4 < 2 else 1
            for r in range(1, len(order)) if forward else range(len(order) - 2, -1, -1):
                if forward:
                    _sort_layer(order[r], place, self.into, None, ties)
                else:
                    _sort_layer(order[r], place, self.out, self.port, ties)
            self._swap_neighbours(order, place, 0 if sweep % 4 > 1 else 1)
            now = crossings(place, self.segments, self.port)
            if now < fewest:
                best, fewest, gained = [list(layer) for layer in order], now, sweep
        return best, fewest

    def _swap_neighbours(self, order: list[list[int]], place: list[int], least: int) -> None:
        """Swap neighbours while that removes crossings; `least` 0 tries swaps that change nothing, too."""
        for _ in range(3):
            helped = False
            for layer in order:
                if len(layer) == 1:
                    continue
                before = {v: sorted([place[u] for u, _ in self.into[v]]) for v in layer}
                after = {v: sorted([place[w] + self.port[edge] for w, edge in self.out[v]]) for v in layer}
                for i in range(len(layer) - 1):
                    a, b = layer[i], layer[i + 1]
                    gain = _gain(before[a], before[b]) + _gain(after[a], after[b])
                    if gain >= least:
                        layer[i], layer[i + 1] = b, a
                        place[a], place[b] = i + 1, i
                        helped = helped or gain > 0
            if not helped:
                return


def _shuffled(start: Layers, seed: int) -> list[list[int]]:
    """The layers in another order, the same on every machine."""
    return [sorted(layer, key=lambda v: (v * 7919 + seed * 104729) % 1009) for layer in start]


def crossings(place: Sequence[int], segments: Sequence[Sequence[Segment]], port: Sequence[float]) -> int:
    """How many pairs of segments cross, given each vertex's place in its layer."""
    total = 0
    for gap in segments:
        ends = sorted([(place[u], place[v] + port[edge]) for u, v, edge in gap])
        so_far: list[float] = []
        for count, (_, end) in enumerate(ends):  # those of one source rise, and do not cross each other
            total += count - bisect_right(so_far, end)
            insort(so_far, end)
    return total


def _number(layer: Iterable[int], place: list[int]) -> None:
    for i, v in enumerate(layer):
        place[v] = i


def _sort_layer(
    layer: list[int], place: list[int], neighbours: Neighbours, port: Sequence[float] | None, ties: int
) -> None:
    """Sort by the mean place of the neighbours; vertices without any keep their places."""
    mean: dict[int, float] = {}
    for v in layer:
        if neighbours[v]:
            total = 0.0
            for u, edge in neighbours[v]:
                total += place[u] + (port[edge] if port else 0.0)
            mean[v] = total / len(neighbours[v])
    movable = iter(sorted(mean, key=lambda v: (mean[v], ties * place[v])))
    layer[:] = [next(movable) if v in mean else v for v in layer]
    _number(layer, place)


def _sort_ports(
    free: Sequence[Sequence[int]],
    segments: Sequence[Sequence[Segment]],
    order: Sequence[Sequence[int]],
    port: list[float],
) -> None:
    """Let the edges of each free group enter in the order of their sources, those drawn as stubs first."""
    place = {v: i for layer in order for i, v in enumerate(layer)}
    source = {edge: place[u] for gap in segments for u, _, edge in gap}
    for group in free:
        places = sorted(port[edge] for edge in group)
        for edge, at in zip(sorted(group, key=lambda edge: (source.get(edge, -1), edge)), places):
            port[edge] = at


def _gain(left: Sequence[float], right: Sequence[float]) -> int:
    """How many crossings go when two neighbours with these ends, both sorted, change places."""
    if not left or not right or left[-1] <= right[0]:
        return -_inversions(right, left) if left and right else 0
    return _inversions(left, right) - _inversions(right, left)


def _inversions(left: Sequence[float], right: Sequence[float]) -> int:
    """Pairs (x of left, y of right) with x > y; both sorted."""
    count = j = 0
    for x in left:
        while j < len(right) and right[j] < x:
            j += 1
        count += j
    return count
