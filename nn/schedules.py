"""Learning-rate schedules, in PyTorch's words and formulas: call `step()` once per epoch (or per step).

Every schedule sets the `lr` of the optimiser's groups from the rate each group began with.  A schedule of
your own is a subclass with `factor(t)`, by which the first rate is multiplied after t steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd.settings import (
    ABOVE_0,
    BELOW_1,
    FROM_0,
    SHARE,
    WHOLE_FROM_0,
    WHOLE_FROM_1,
    chosen_number,
    chosen_word,
)
from nn.history import MODES, rises

if TYPE_CHECKING:
    from nn.optimizer import Optimizer


class Schedule:
    """The base class; `factor(t)` is all that a closed form needs.

    Args:
        optimizer: whose `param_groups` get their `lr` set, from now on.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.base_lrs: list[float] = [group["lr"] for group in optimizer.param_groups]
        self.last_epoch = -1
        self.step()

    def factor(self, t: int) -> float:
        """What the first rate is multiplied by after `t` steps."""
        raise NotImplementedError

    def rate(self, base: float, t: int) -> float:
        """The rate after `t` steps of a group that began with `base`."""
        return base * self.factor(t)

    def step(self) -> None:
        """Go one step further and set the rates."""
        self.last_epoch += 1
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = chosen_number(self, "lr", self.rate(base, self.last_epoch), FROM_0)

    def get_last_lr(self) -> list[float]:
        """The rates in force, one per group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Where the schedule stands, as plain numbers."""
        return {name: x for name, x in vars(self).items() if isinstance(x, (int, float, str, list))}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where the `state_dict` was taken."""
        vars(self).update(state)


class LambdaLR(Schedule):
    """A function of your own: the rate after t steps is `lr * lr_lambda(t)`."""

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """The function's value."""
        return self.lr_lambda(t)


class StepLR(Schedule):
    """Times `gamma` after every `step_size` steps."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size: int = chosen_number(self, "step_size", step_size, WHOLE_FROM_1)
        self.gamma: float = chosen_number(self, "gamma", gamma, FROM_0)
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """A staircase."""
        return self.gamma ** (t // self.step_size)


class ExponentialLR(Schedule):
    """Times `gamma` after every step."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma: float = chosen_number(self, "gamma", gamma, FROM_0)
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """A geometric series."""
        return self.gamma**t


class CosineAnnealingLR(Schedule):
    """Half a cosine from `lr` down to `eta_min` in `T_max` steps (Loshchilov and Hutter 2017)."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max: int = chosen_number(self, "T_max", T_max, WHOLE_FROM_1)
        self.eta_min: float = chosen_number(self, "eta_min", eta_min, FROM_0)
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        """`eta_min + (lr - eta_min) * (1 + cos(pi * t / T_max)) / 2`."""
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class LinearLR(Schedule):
    """Warm-up: from `start_factor * lr` in a straight line to `end_factor * lr` in `total_iters` steps."""

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor: float = chosen_number(self, "start_factor", start_factor, FROM_0)
        self.end_factor: float = chosen_number(self, "end_factor", end_factor, FROM_0)
        self.total_iters: int = chosen_number(self, "total_iters", total_iters, WHOLE_FROM_1)
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """Constant after `total_iters`."""
        part = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * part


class WarmUp(Schedule):
    """A straight line from 0 to `lr` in `warmup_steps`, then half a cosine down to 0 at `total_steps`."""

    def __init__(self, optimizer: Optimizer, warmup_steps: int, total_steps: int) -> None:
        self.warmup_steps: int = chosen_number(self, "warmup_steps", warmup_steps, WHOLE_FROM_0)
        self.total_steps: int = chosen_number(self, "total_steps", total_steps, WHOLE_FROM_1)
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """Up, then down."""
        if t < self.warmup_steps:
            return t / self.warmup_steps
        left = max(1, self.total_steps - self.warmup_steps)
        return (1 + math.cos(math.pi * min(1.0, (t - self.warmup_steps) / left))) / 2


class OneCycleLR(Schedule):
    """Up to `max_lr` and down to almost nothing in two cosine halves (Smith and Topin 2019), step by step.

    Args:
        optimizer: its own `lr` is replaced.
        max_lr: the rate at the top.
        total_steps: length of the cycle.
        pct_start: part of the steps that go up.
        div_factor: the first rate is `max_lr / div_factor`.
        final_div_factor: the last rate is the first one divided by this.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float,
        total_steps: int,
        pct_start: float = 0.3,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        self.max_lr: float = chosen_number(self, "max_lr", max_lr, FROM_0)
        self.total_steps: int = chosen_number(self, "total_steps", total_steps, WHOLE_FROM_1)
        self.pct_start: float = chosen_number(self, "pct_start", pct_start, SHARE)
        self.first: float = self.max_lr / chosen_number(self, "div_factor", div_factor, ABOVE_0)
        self.last: float = self.first / chosen_number(self, "final_div_factor", final_div_factor, ABOVE_0)
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:  # noqa: ARG002 - the cycle alone sets the rate, as in PyTorch
        """The rate at step `t` of the cycle; constant after its end."""
        top = self.pct_start * self.total_steps - 1
        end = self.total_steps - 1
        if t <= top:  # a rise of no steps is over at once
            return _cosine(self.first, self.max_lr, t / top if top > 0 else 1.0)
        if t >= end:
            return self.last if end > top else self.max_lr
        return _cosine(self.max_lr, self.last, (t - top) / (end - top))


def _cosine(start: float, end: float, part: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * part))


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
        number = float(getattr(metric, "data", metric))
        self.last_epoch += 1
        margin = self.threshold * abs(self.best) if math.isfinite(self.best) else 0.0
        if number > self.best + margin if self.rising else number < self.best - margin:
            self.best, self.bad = number, 0
        else:
            self.bad += 1
        if self.resting > 0:
            self.resting, self.bad = self.resting - 1, 0
        if self.bad > self.patience:
            self.resting, self.bad = self.cooldown, 0
            for group in self.optimizer.param_groups:
                lower = max(group["lr"] * self.shrink, self.min_lr)
                if group["lr"] - lower > self.eps:
                    group["lr"] = lower
