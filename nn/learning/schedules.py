"""Learning-rate schedules, in PyTorch's words and formulas: call `step()` once per epoch (or per step).

Every schedule sets the `lr` of the optimiser's groups from the rate each group began with; `Schedule` tells
how to write one.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

from autograd.number import is_list, is_number, number_of, to_float
from autograd.settings import BELOW_1, FROM_0, WHOLE_FROM_0, WHOLE_FROM_1, chosen_number, chosen_word
from nn.learning.cycles import CosineAnnealingWarmRestarts, CyclicLR, OneCycleLR, Phase
from nn.learning.metrics import MODES, rises
from nn.learning.optimizer import Optimizer
from nn.learning.schedule import Schedule
from nn.messages import problem
from nn.missing import refusing
from nn.weights import at_once

__all__ = [
    "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR", "ExponentialLR", "LambdaLR",
    "LinearLR", "MultiStepLR", "OneCycleLR", "Phase", "PolynomialLR", "ReduceLROnPlateau",
    "SequentialLR", "StepLR", "WarmUp",
]  # fmt: skip


class LambdaLR(Schedule):
    """A function of your own: the rate after t steps is `lr * lr_lambda(t)`."""

    from_first = True

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float], last_epoch: int = -1) -> None:
        if not callable(lr_lambda):
            raise problem(TypeError, "schedule_lambda", schedule="LambdaLR", got=repr(lr_lambda))
        self.lr_lambda = lr_lambda
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """The function's value."""
        found = self.lr_lambda(t)
        if not is_number(found):
            chosen_number(self, f"lr_lambda({t})", found)  # says what is wrong
        return found


class StepLR(Schedule):
    """Times `gamma` after every `step_size` steps."""

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size: int = chosen_number(self, "step_size", step_size, WHOLE_FROM_1)
        self.gamma: float = chosen_number(self, "gamma", gamma, FROM_0)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """A staircase."""
        return self.gamma ** (t // self.step_size)


class MultiStepLR(Schedule):
    """Times `gamma` at each of the steps named in `milestones`; one named twice counts twice."""

    def __init__(
        self, optimizer: Optimizer, milestones: Sequence[int], gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.milestones = _steps(self, milestones)
        self.gamma: float = chosen_number(self, "gamma", gamma, FROM_0)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """A staircase with steps of any width."""
        return self.gamma ** bisect_right(self.milestones, t)


class ConstantLR(Schedule):
    """`factor * lr` for the first `total_iters` steps, then `lr`."""

    def __init__(
        self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5, last_epoch: int = -1
    ) -> None:
        self.share: float = chosen_number(self, "factor", factor, FROM_0)
        self.total_iters: int = chosen_number(self, "total_iters", total_iters, WHOLE_FROM_0)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """One step up."""
        return self.share if t < self.total_iters else 1.0


class PolynomialLR(Schedule):
    """`lr * (1 - t / total_iters)**power`, and 0 from `total_iters` on."""

    def __init__(
        self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0, last_epoch: int = -1
    ) -> None:
        self.total_iters: int = chosen_number(self, "total_iters", total_iters, WHOLE_FROM_1)
        self.power: float = chosen_number(self, "power", power, FROM_0)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """A power of what is left."""
        left = 1 - min(t, self.total_iters) / self.total_iters
        return math.pow(left, self.power)


class ExponentialLR(Schedule):
    """Times `gamma` after every step."""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma: float = chosen_number(self, "gamma", gamma, FROM_0)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """A geometric series."""
        return self.gamma**t


class CosineAnnealingLR(Schedule):
    """Half a cosine from `lr` down to `eta_min` in `T_max` steps (Loshchilov and Hutter 2017)."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.T_max: int = chosen_number(self, "T_max", T_max, WHOLE_FROM_1)
        self.eta_min: float = chosen_number(self, "eta_min", eta_min, FROM_0)
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, t: int) -> float:
        """`eta_min + (lr - eta_min) * (1 + cos(pi * t / T_max)) / 2`."""
        return self.eta_min + (base - self.eta_min) * self._height(t)

    def onward(self, lr: float, base: float, t: int) -> float:
        """The distance to `eta_min` changes in proportion; from the bottom it rises to what it began with."""
        if t == 0 or not self._alone:
            return lr
        before = self._height(t - 1)
        if before:
            return self.eta_min + (lr - self.eta_min) * (self._height(t) / before)
        return lr + (base - self.eta_min) * self._height(t)

    def _height(self, t: int) -> float:
        return (1 + math.cos(math.pi * t / self.T_max)) / 2


class LinearLR(Schedule):
    """Warm-up: from `start_factor * lr` in a straight line to `end_factor * lr` in `total_iters` steps."""

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        self.start_factor: float = chosen_number(self, "start_factor", start_factor, FROM_0)
        self.end_factor: float = chosen_number(self, "end_factor", end_factor, FROM_0)
        self.total_iters: int = chosen_number(self, "total_iters", total_iters, WHOLE_FROM_1)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """Constant after `total_iters`."""
        part = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * part


class WarmUp(Schedule):
    """A straight line from 0 to `lr` in `warmup_steps`, then half a cosine down to 0 at `total_steps`."""

    def __init__(
        self, optimizer: Optimizer, warmup_steps: int, total_steps: int, last_epoch: int = -1
    ) -> None:
        self.warmup_steps: int = chosen_number(self, "warmup_steps", warmup_steps, WHOLE_FROM_0)
        self.total_steps: int = chosen_number(self, "total_steps", total_steps, WHOLE_FROM_1)
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """Up, then down."""
        if t < self.warmup_steps:
            return t / self.warmup_steps
        left = max(1, self.total_steps - self.warmup_steps)
        return (1 + math.cos(math.pi * min(1.0, (t - self.warmup_steps) / left))) / 2


class SequentialLR(Schedule):
    """One schedule after another: each begins anew, from the first rate, when its turn comes.

    Args:
        optimizer: of all of them.
        schedulers: in their order.
        milestones: the steps at which the second, the third, ... takes over.
        last_epoch: how many steps were made before, -1 for a new start.

    Raises:
        ValueError: not one milestone less than schedules, or a schedule of another optimiser or one that
            waits for a number.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[Schedule],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        schedulers = list(schedulers) if is_list(schedulers) else []
        steps = _steps(self, milestones)
        fitting = [
            isinstance(s, Schedule) and not isinstance(s, ReduceLROnPlateau) and s.optimizer is optimizer
            for s in schedulers
        ]
        if not schedulers or len(steps) != len(schedulers) - 1 or not all(fitting):
            fields = {"got": len(schedulers), "milestones": len(steps)}
            raise problem(ValueError, "schedule_sequence", **fields)
        self.schedulers, self.milestones = schedulers, steps
        super().__init__(optimizer, last_epoch)

    def step(self) -> None:
        """One step of the schedule whose turn it is."""
        self.last_epoch += 1
        turn = bisect_right(self.milestones, self.last_epoch)
        if self.last_epoch == (self.milestones[turn - 1] if turn else 0):
            self.schedulers[turn].begin_anew()
        else:
            self.schedulers[turn].step()


def _steps(owner: Any, milestones: Any) -> list[int]:
    given = list(milestones) if is_list(milestones) else [milestones]
    return sorted(chosen_number(owner, f"milestones[{i}]", t, WHOLE_FROM_0) for i, t in enumerate(given))


class ReduceLROnPlateau(Schedule):
    """Times `factor` when a watched number has not improved for more than `patience` steps.

    Call `step(loss)` with the number.

    Args:
        optimizer: whose rates fall.
        mode: "min" when smaller is better, "max" when larger is; "auto" goes by the name that
            `nn.LearningRate` watches, and is "min", PyTorch's default, where you call `step` yourself.
        factor: what the rate is multiplied by.
        patience: steps without improvement that are let pass.
        threshold: the relative improvement that counts, measured on the size of the best number.
        cooldown: steps after a reduction in which none is counted.
        min_lr: the rate never falls below this.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "auto",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        self.optimizer, self.mode = optimizer, chosen_word(self, "mode", mode, MODES)
        self.shrink: float = chosen_number(self, "factor", factor, BELOW_1)
        self.patience: int = chosen_number(self, "patience", patience, WHOLE_FROM_0)
        self.threshold: float = chosen_number(self, "threshold", threshold, FROM_0)
        self.cooldown: int = chosen_number(self, "cooldown", cooldown, WHOLE_FROM_0)
        self.min_lr: float = chosen_number(self, "min_lr", min_lr, FROM_0)
        self.eps: float = chosen_number(self, "eps", eps, FROM_0)
        self._turn(mode == "max")
        self.bad, self.resting, self.last_epoch = 0, 0, 0

    def _turn(self, rising: bool) -> None:
        self.rising, self.best = rising, -math.inf if rising else math.inf

    def watch(self, name: str) -> None:
        """Learn what the number is called that `step` will get; `mode="auto"` goes by it.

        Raises:
            ValueError: nobody knows whether this number should rise or fall; give mode="min" or "max".
        """
        if self.mode == "auto":
            self._turn(rises(self, name))

    def step(self, metric: Any = None) -> None:
        """Note the watched number, and lower the rates when patience is over."""
        number, groups = to_float(number_of(metric)), self.optimizer.param_groups
        best, bad, resting = self.best, self.bad + 1, self.resting
        margin = self.threshold * abs(best) if math.isfinite(best) else 0.0
        if number > best + margin if self.rising else number < best - margin:
            best, bad = number, 0
        if resting > 0:
            resting, bad = resting - 1, 0
        rates = [group["lr"] for group in groups]
        if bad > self.patience:
            resting, bad = self.cooldown, 0
            lower = [max(rate * self.shrink, self.min_lr) for rate in rates]
            rates = [new if rate - new > self.eps else rate for rate, new in zip(rates, lower)]
        stand = {"best": best, "bad": bad, "resting": resting, "last_epoch": self.last_epoch + 1}
        at_once(map(dict.__setitem__, groups, repeat("lr"), rates), map(vars(self).update, [stand]))


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing("nn.optim.lr_scheduler")
