"""Measured slopes: what a derivative is compared with.

Central differences over shrinking steps, extrapolated to step 0 (C. J. F. Ridders, Advances in Engineering
Software 4(2), 1982, 75-76): about 1e-9 on smooth functions. Differences to either side alone show a kink.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Function = Callable[[float], float]


@dataclass
class Slope:
    """A measured slope: its value, how sure it is, and the slopes to either side."""

    value: float
    error: float
    left: float
    right: float

    @property
    def is_kink(self) -> bool:
        """Whether the two sides disagree."""
        return abs(self.left - self.right) > 1e-3 * max(1.0, abs(self.left), abs(self.right))


def measure(f: Function, x: float) -> Slope:
    """The slope of `f` at `x` by Ridders' extrapolation, and the slopes to the left and to the right."""
    scale = max(abs(x), 0.01)
    h = 0.02 * scale
    for _ in range(20):  # stay inside the domain
        if math.isfinite(f(x + h)) and math.isfinite(f(x - h)):
            break
        h /= 4
    best, error, rounding = math.nan, math.inf, math.ulp(f(x)) / h  # no slope is surer than the digits of f
    row: list[float] = []
    for k in range(10):
        up, down = x + h, x - h
        new, factor = [(f(up) - f(down)) / (up - down)], 1.0
        for j in range(k):
            factor *= 1.96
            new.append((new[j] * factor - row[j]) / (factor - 1.0))
            change = max(abs(new[j + 1] - new[j]), abs(new[j + 1] - row[j]))
            if change < error:
                best, error = new[j + 1], change
        if k > 2 and abs(new[k] - row[k - 1]) > 2 * error:
            break
        row, h = new, h / 1.4
    y, near = f(x), 1e-7 * scale
    return Slope(best, max(error, rounding), (y - f(x - near)) / near, (f(x + near) - y) / near)
