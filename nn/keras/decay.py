"""Keras's learning rates that change from step to step: `optimizers.schedules`, given as `learning_rate`.

Each is a function of the number of steps that were made, in Keras's formulas, in double precision.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nn.keras.configuration import Remembered
from nn.missing import refusing


class LearningRateSchedule(Remembered):
    """The base class: `__call__(step)` gives the rate of the step, counted from 0."""

    def __call__(self, step: int) -> float:
        """The rate."""
        raise NotImplementedError


class ExponentialDecay(LearningRateSchedule):
    """`initial * rate ** (step / steps)`; with `staircase` whole powers alone.

    >>> ExponentialDecay(0.1, 10, 0.5)(20)
    0.025
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str | None = None,
    ) -> None:
        self.initial, self.steps, self.rate = initial_learning_rate, decay_steps, decay_rate
        self.staircase, self.name = staircase, name

    def _passed(self, step: int) -> float:
        return math.floor(step / self.steps) if self.staircase else step / self.steps

    def __call__(self, step: int) -> float:
        """The rate."""
        return float(self.initial * self.rate ** self._passed(step))


class InverseTimeDecay(ExponentialDecay):
    """`initial / (1 + rate * step / steps)`."""

    def __call__(self, step: int) -> float:
        """The rate."""
        return self.initial / (1.0 + self.rate * self._passed(step))


class PiecewiseConstantDecay(LearningRateSchedule):
    """`values[0]` up to `boundaries[0]`, that step included, and so on; one value more than boundaries."""

    def __init__(self, boundaries: Sequence[int], values: Sequence[float], name: str | None = None) -> None:
        self.boundaries, self.values, self.name = list(boundaries), list(values), name

    def __call__(self, step: int) -> float:
        """The rate."""
        return self.values[bisect_left(self.boundaries, step)]


class PolynomialDecay(LearningRateSchedule):
    """From the first rate to `end_learning_rate` along a power; with `cycle` again and longer."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str | None = None,
    ) -> None:
        self.initial, self.steps, self.end = initial_learning_rate, decay_steps, end_learning_rate
        self.power, self.cycle, self.name = power, cycle, name

    def __call__(self, step: int) -> float:
        """The rate."""
        times = math.ceil(step / self.steps) if self.cycle and step else 1
        share = min(step / (self.steps * times), 1.0)
        return float((self.initial - self.end) * (1.0 - share) ** self.power + self.end)


class CosineDecay(LearningRateSchedule):
    """Half a wave from the first rate down to `alpha` of it; before it straight up to `warmup_target`."""

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str | None = None,
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        self.initial, self.steps, self.alpha, self.name = initial_learning_rate, decay_steps, alpha, name
        self.target, self.warmup = warmup_target, warmup_steps

    def __call__(self, step: int) -> float:
        """The rate."""
        top = self.initial
        if self.target is not None:
            if step < self.warmup:
                return self.initial + (self.target - self.initial) * step / self.warmup
            top, step = self.target, step - self.warmup
        wave = 0.5 * (1.0 + math.cos(math.pi * min(step, self.steps) / self.steps))
        return top * ((1.0 - self.alpha) * wave + self.alpha)


def current(rate: Any, step: int) -> Any:
    """The rate at a step of a schedule; a number is the same at all."""
    return rate(step) if callable(rate) else rate


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing("nn.keras.optimizers.schedules")
