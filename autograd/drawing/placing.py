"""Layered layout, third step: where in its layer each vertex stands.

Every segment pulls its ends to one height, long edges more strongly so that they run straight; within a
layer the order and the gaps are kept.  For one layer that is a least-squares problem in one dimension, and
pooling adjacent violators solves it exactly (Ayer et al. 1955); layers are solved in turn until all rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd.drawing.crossings import Segment

PASSES = 16
NEAR = 14.0  # segments that are off by less than this are made straight


class Pull(NamedTuple):
    """One end of a segment as its vertex sees it: other vertex, wanted distance to it, strength."""

    other: int
    distance: float
    weight: float


def place_layers(
    order: Sequence[Sequence[int]],
    segments: Sequence[Sequence[Segment]],
    half: Sequence[float],
    gap: Sequence[float],
    real: int,
    offset: Sequence[float],
) -> list[float]:
    """The centre of every vertex across the layers.

    Args:
        order: per layer its vertices in order.
        segments: per gap between layers the segments in it.
        half: per vertex half its size.
        gap: per vertex the space it wants beside it.
        real: vertices below this number are nodes, the others bends of long edges.
        offset: per edge the distance of its port from the target's centre, and 0.0 for bends.
    """
    pulls: list[list[Pull]] = [[] for _ in half]
    for between in segments:
        for u, v, edge in between:
            weight = 1.0 if u < real and v < real else 3.0 if u < real or v < real else 8.0
            at = offset[edge]
            pulls[v].append(Pull(u, -at, weight))
            pulls[u].append(Pull(v, at, weight))
    y = [0.0] * len(half)
    for layer in order:
        _settle(layer, [0.0] * len(layer), [1.0] * len(layer), half, gap, y)
    for step in range(PASSES):
        for layer in order if step % 2 == 0 else reversed(order):
            wanted, weights = [], []
            for v in layer:
                total = weight = 0.0
                for pull in pulls[v]:
                    total += pull.weight * (y[pull.other] + pull.distance)
                    weight += pull.weight
                wanted.append(total / weight if weight else y[v])
                weights.append(weight or 1.0)
            _settle(layer, wanted, weights, half, gap, y)
    _straighten(order, pulls, half, gap, y)
    return y


def _settle(
    layer: Sequence[int],
    wanted: Sequence[float],
    weights: Sequence[float],
    half: Sequence[float],
    gap: Sequence[float],
    y: list[float],
) -> None:
    """Put a layer's vertices as near to where they want to be as order and gaps allow."""
    shifts: list[float] = []
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many vertices
    at = 0.0
    for i, v in enumerate(layer):
        if i:
            at += _apart(layer[i - 1], v, half, gap)
        shifts.append(at)
        mean, weight, size = wanted[i] - at, weights[i], 1
        while blocks and blocks[-1][0] > mean:
            other, heavy, many = blocks.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight, size = weight + heavy, size + many
        blocks.append((mean, weight, size))
    i = 0
    for mean, _, size in blocks:
        for _ in range(size):
            y[layer[i]] = mean + shifts[i]
            i += 1


def _apart(u: int, v: int, half: Sequence[float], gap: Sequence[float]) -> float:
    return half[u] + half[v] + min(gap[u], gap[v])


def _straighten(
    order: Sequence[Sequence[int]],
    pulls: Sequence[Sequence[Pull]],
    half: Sequence[float],
    gap: Sequence[float],
    y: list[float],
) -> None:
    """Level out small steps: a vertex moves to the height of a neighbour before it, if there is room."""
    layer_of = {v: r for r, layer in enumerate(order) for v in layer}
    for r, layer in enumerate(order):
        for i, v in enumerate(layer):
            ways = [y[p.other] + p.distance - y[v] for p in pulls[v] if layer_of[p.other] < r]
            if not ways:
                continue
            step = min(ways, key=abs)
            if not 0.0 < abs(step) < NEAR:
                continue
            if i and step < 0.0:
                step = max(step, y[layer[i - 1]] + _apart(layer[i - 1], v, half, gap) - y[v])
            if i + 1 < len(layer) and step > 0.0:
                step = min(step, y[layer[i + 1]] - _apart(v, layer[i + 1], half, gap) - y[v])
            y[v] += step
