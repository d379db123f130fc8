"""Measured slopes: what a derivative is compared with.

Central differences over shrinking steps, extrapolated to step 0 (C. J. F. Ridders, Advances in Engineering
Software 4(2), 1982, 75-76): about 1e-9 on smooth functions. How large the steps may be depends on the
function (1e-10 for 1/x at 1e-8, 1 for sin at 1e6), so they are tried from the smallest that rounding allows
to larger ones, as long as the slope stays the same. Differences to either side alone show a kink.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Function = Callable[[float], float]
RATIO = 100.0  # from one scale of steps to the next
STEP = 0.02  # the first step at a scale
NOTHING = 1e-290  # rounding of a function that is 0 around here


@dataclass
class Slope:
    """A measured slope.

    Attributes:
        value: the slope.
        error: how far it may be off.
        left, right: the slopes to either side.
        is_kink: whether the two sides disagree, the more so the closer one looks.
        typical: how steep the function is nearby: the scale of a slope that is nearly 0.
    """

    value: float
    error: float
    left: float
    right: float
    is_kink: bool
    typical: float

    @property
    def is_settled(self) -> bool:
        """Whether three digits are sure."""
        return self.error <= 1e-3 * abs(self.value)


def measure(f: Function, x: float, noise: float = 0.0) -> Slope:
    """The slope of `f` at `x`, and the slopes to the left and to the right.

    Args:
        f: the function.
        x: where.
        noise: by how much rounding inside `f` may move its result; at least the last digit's.
    """
    y = f(x)
    lost = 2 * (math.ulp(y) + noise)
    rough: list[tuple[float, float]] = []  # at the smallest steps rounding leaves too few digits
    scales = list(_scales(x))
    while scales:
        steep, rounding = _difference(f, x, lost, STEP * scales[0])
        if rounding <= 1e-4 * abs(steep) or rounding < NOTHING:
            break
        if math.isfinite(steep):
            rough.append((steep, rounding))
            last = scales[0]
        scales.pop(0)
    if scales:
        value, error, scale = _agreed(f, x, lost, scales)
    elif rough:  # flat, or lost in rounding, at every scale
        (value, error), scale = rough[-1], last
    else:
        return Slope(math.nan, math.inf, math.nan, math.nan, False, 0.0)
    slope = _with_sides(f, x, y, lost, value, error, STEP * scale)
    for steep, rounding in rough:
        if abs(steep - value) > 10 * rounding + error:  # seen from near it is something else
            slope.error, slope.is_kink = max(slope.error, abs(steep - value)), False
    return slope


def _agreed(f: Function, x: float, lost: float, scales: Sequence[float]) -> tuple[float, float, float]:
    """The surest slope from growing steps, while it stays the same; with its error and its scale."""
    value, error = _extrapolated(f, x, lost, STEP * scales[0])
    scale, agreed = scales[0], False
    for s in scales[1:]:
        found, sure = _extrapolated(f, x, lost, STEP * s)
        if not abs(found - value) <= 4 * (error + sure) + 1e-12 * abs(value):
            return value, error if agreed or math.isnan(found) else max(error, abs(found - value)), scale
        agreed = True
        if sure < error:
            value, error, scale = found, sure, s
        if error <= 1e-11 * abs(value):
            break
    return value, error, scale


def _scales(x: float) -> Iterator[float]:
    """From 16 roundings of `x` up to `x` itself or 1, whatever is more."""
    s = max(16 * math.ulp(x) / STEP, 1e-300) if x else 1e-13
    end = 1.01 * max(abs(x), 1.0)
    while s <= end:
        yield s
        s *= RATIO


def _difference(f: Function, x: float, lost: float, h: float) -> tuple[float, float]:
    """The central difference at one step, and what rounding may make of it."""
    up, down = x + h, x - h
    high, low = f(up), f(down)
    return (high - low) / (up - down), (math.ulp(high) + math.ulp(low) + lost) / (up - down)


def _extrapolated(f: Function, x: float, lost: float, h: float) -> tuple[float, float]:
    """Ridders' extrapolation from step `h` on, and its error; nan where the function is not finite."""
    best, error = math.nan, math.inf
    row: list[float] = []
    for k in range(8):
        slope, rounding = _difference(f, x, lost, h)
        new, factor = [slope], 1.0
        for j in range(k):
            factor *= 1.96
            new.append((new[j] * factor - row[j]) / (factor - 1.0))
            change = max(abs(new[j + 1] - new[j]), abs(new[j + 1] - row[j]), rounding)
            if change < error:
                best, error = new[j + 1], change
        if k > 2 and abs(new[k] - row[k - 1]) > 2 * error:
            break
        row, h = new, h / 1.4
    return best, error


def _with_sides(f: Function, x: float, y: float, lost: float, value: float, error: float, h: float) -> Slope:
    """The slope with those to either side, from steps h and h/8."""

    def sides(step: float) -> tuple[float, float]:
        up, down = x + step, x - step
        return (y - f(down)) / (x - down), (f(up) - y) / (up - x)

    wide, narrow = sides(h), sides(h / 8)
    gap = abs(narrow[0] - narrow[1]) - 32 * lost / h
    typical, steepest = max(map(abs, wide)), max(map(abs, narrow))
    steady = max(abs(a - b) for a, b in zip(wide, narrow)) <= 0.2 * gap
    is_kink = gap > 1e-3 * steepest and steady
    finest = 16 * math.ulp(x)
    near = sides(finest)
    jumps = abs(near[0] - near[1]) > 1e-3 * max(map(abs, near)) + 8 * lost / finest
    if jumps and not is_kink and x:  # no straight line however closely one looks
        error = math.inf
    return Slope(value, error, *narrow, is_kink, typical)
