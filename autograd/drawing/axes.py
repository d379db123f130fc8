"""Axes of charts: from numbers to places, and where round numbers stand."""

from __future__ import annotations

import math
from collections.abc import Callable


class Scale:
    """Where numbers are along an axis, linear or by logarithm, with ticks at round numbers.

    >>> Scale(0.0, 10.0, 100.0, 200.0).place(5.0)
    150.0
    >>> Scale(0.0, 10.0, 0.0, 1.0).ticks()
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """

    def __init__(self, low: float, high: float, start: float, end: float, log: bool = False) -> None:
        if low == high:
            low, high = (low / 2, high * 2) if log else (low - 0.5, high + 0.5)
        self.low, self.high, self.start, self.end, self.log = low, high, start, end, log
        self._read: Callable[[float], float] = math.log10 if log else float

    def place(self, x: float) -> float:
        """Where the number stands."""
        low, high = self._read(self.low), self._read(self.high)
        return self.start + (self._read(x) - low) / (high - low) * (self.end - self.start)

    def ticks(self, count: int = 5) -> list[float]:
        """About so many round numbers, powers of ten on a logarithmic axis."""
        if self.log:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            every = max(1, (last - first + 1) // count)
            powers = [10.0**k for k in range(first, last + 1, every)]
            return powers if len(powers) > 1 else [self.low, self.high]
        rough = (self.high - self.low) / count
        unit = 10.0 ** math.floor(math.log10(rough))
        step = unit * next(m for m in (1, 2, 5, 10) if m * unit >= rough * 0.999)
        steps = math.floor((self.high - self.low) / step + 1e-9) + 1
        first = math.ceil(self.low / step - 1e-9)
        return [(first + i) * step for i in range(steps) if (first + i) * step <= self.high + 1e-9 * step]
