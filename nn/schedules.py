"""Learning-rate schedules, in PyTorch's words and formulas: call `step()` once per epoch (or per step).

Every schedule sets the `lr` of the optimiser's groups from the rate each group began with.  A schedule of
your own is a subclass with `factor(t)`, by which the first rate is multiplied after t steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

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
            group["lr"] = self.rate(base, self.last_epoch)

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
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """A staircase."""
        return self.gamma ** (t // self.step_size)


class ExponentialLR(Schedule):
    """Times `gamma` after every step."""

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """A geometric series."""
        return self.gamma**t


class CosineAnnealingLR(Schedule):
    """Half a cosine from `lr` down to `eta_min` in `T_max` steps (Loshchilov and Hutter 2017)."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:
        """`eta_min + (lr - eta_min) * (1 + cos(pi * t / T_max)) / 2`."""
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class LinearLR(Schedule):
    """Warm-up: from `start_factor * lr` in a straight line to `end_factor * lr` in `total_iters` steps."""

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer)

    def factor(self, t: int) -> float:
        """Constant after `total_iters`."""
        part = min(t, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * part


class WarmUp(Schedule):
    """A straight line from 0 to `lr` in `warmup_steps`, then half a cosine down to 0 at `total_steps`."""

    def __init__(self, optimizer: Optimizer, warmup_steps: int, total_steps: int) -> None:
        self.warmup_steps, self.total_steps = warmup_steps, total_steps
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
        self.max_lr, self.total_steps, self.pct_start = max_lr, total_steps, pct_start
        self.first = max_lr / div_factor
        self.last = self.first / final_div_factor
        super().__init__(optimizer)

    def rate(self, base: float, t: int) -> float:  # noqa: ARG002 - the cycle alone sets the rate, as in PyTorch
        """The rate at step `t` of the cycle; constant after its end."""
        top = self.pct_start * self.total_steps - 1
        end = self.total_steps - 1
        if t <= top:
            return _cosine(self.first, self.max_lr, t / top)
        return _cosine(self.max_lr, self.last, min(1.0, (t - top) / (end - top)))


def _cosine(start: float, end: float, part: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * part))


class ReduceLROnPlateau(Schedule):
    """Times `factor` when a watched number has not improved for more than `patience` steps.

    Call `step(loss)` with the number.

    Args:
        optimizer: whose rates fall.
        mode: "min" when smaller is better, "max" when larger is.
        factor: what the rate is multiplied by.
        patience: steps without improvement that are let pass.
        threshold: the relative improvement that counts.
        cooldown: steps after a reduction in which none is counted.
        min_lr: the rate never falls below this.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        self.optimizer, self.mode, self.shrink, self.patience = optimizer, mode, factor, patience
        self.threshold, self.cooldown, self.min_lr, self.eps = threshold, cooldown, min_lr, eps
        self.best = math.inf if mode == "min" else -math.inf
        self.bad, self.resting, self.last_epoch = 0, 0, 0

    def step(self, metric: Any = None) -> None:
        """Note the watched number, and lower the rates when patience is over."""
        number = float(getattr(metric, "data", metric))
        self.last_epoch += 1
        edge = self.best * (1 - self.threshold if self.mode == "min" else 1 + self.threshold)
        if number < edge if self.mode == "min" else number > edge:
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
