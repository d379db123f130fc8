"""Learning-rate schedules, in PyTorch's words and formulas: call `step()` once per epoch (or per step).

Every schedule sets the `lr` of the optimiser's groups from the rate each group began with; `Schedule` tells
how to write one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from autograd.number import is_list, is_number, number_of, to_float
from autograd.settings import (
    ABOVE_0,
    BELOW_1,
    FROM_0,
    SHARE,
    WHOLE_FROM_0,
    WHOLE_FROM_1,
    chosen_number,
    chosen_numbers,
    chosen_word,
)
from nn.learning.metrics import MODES, rises
from nn.learning.optimizer import Optimizer
from nn.learning.schedule import Schedule
from nn.messages import problem
from nn.weights import at_once


class LambdaLR(Schedule):
    """A function of your own: the rate after t steps is `lr * lr_lambda(t)`."""

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float], last_epoch: int = -1) -> None:
        if not callable(lr_lambda):
            raise problem(TypeError, "schedule_lambda", got=repr(lr_lambda))
        self.lr_lambda = lr_lambda
        super().__init__(optimizer, last_epoch)

    def factor(self, t: int) -> float:
        """The function's value."""
        found = self.lr_lambda(t)
        if not is_number(found):
            chosen_number(self, f"lr_lambda({t})", found)  # says what is wrong
        return found

    def onward(self, lr: float, base: float, t: int) -> float:  # noqa: ARG002 - as in PyTorch, it alone counts
        """The function of the first rate, whatever the rate in force."""
        return self.rate(base, t)


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


class Phase(NamedTuple):
    """A part of a cycle: its last step, and what rate and momentum go from and to."""

    end: float
    rates: tuple[float, float]
    momenta: tuple[float, float]


class OneCycleLR(Schedule):
    """Up to `max_lr` and down to almost nothing, the momentum the other way (Smith and Topin 2019).

    Args:
        optimizer: its own `lr` is replaced, and its `momentum` (of Adam the first of `betas`).
        max_lr: the rate at the top; a list has one for each group.
        total_steps: length of the cycle.
        epochs, steps_per_epoch: in its place, their product.
        pct_start: part of the steps that go up.
        anneal_strategy: "cos" or "linear", how it goes from one to the other.
        cycle_momentum: False leaves the momentum alone.
        base_momentum: the momentum at the top.
        max_momentum: the momentum at both ends.
        div_factor: the first rate is `max_lr / div_factor`.
        final_div_factor: the last rate is the first one divided by this.
        three_phase: down to the first rate as fast as up, and then on to the last one.
        last_epoch: how many steps were made before, -1 for a new start.

    Raises:
        ValueError: no length was given, or the optimiser has no momentum to cycle.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | Sequence[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        if total_steps is None:
            total_steps = chosen_number(self, "epochs", epochs, WHOLE_FROM_1) * chosen_number(
                self, "steps_per_epoch", steps_per_epoch, WHOLE_FROM_1
            )
        groups = len(optimizer.param_groups)
        given = max_lr if is_list(max_lr) else [max_lr] * groups
        self.max_lr: list[float] = list(chosen_numbers(self, "max_lr", given, groups, FROM_0))
        self.total_steps: int = chosen_number(self, "total_steps", total_steps, WHOLE_FROM_1)
        self.pct_start: float = chosen_number(self, "pct_start", pct_start, SHARE)
        self.anneal_strategy = chosen_word(self, "anneal_strategy", anneal_strategy, ("cos", "linear"))
        self.base_momentum: float = chosen_number(self, "base_momentum", base_momentum, BELOW_1)
        self.max_momentum: float = chosen_number(self, "max_momentum", max_momentum, BELOW_1)
        self.div_factor: float = chosen_number(self, "div_factor", div_factor, ABOVE_0)
        self.final_div_factor: float = chosen_number(self, "final_div_factor", final_div_factor, ABOVE_0)
        self.cycle_momentum, self.three_phase = bool(cycle_momentum), bool(three_phase)
        if self.cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            raise problem(ValueError, "schedule_no_momentum", optimizer=type(optimizer).__name__)
        if last_epoch == -1:
            for group, top in zip(optimizer.param_groups, self.max_lr, strict=True):
                group["initial_lr"] = group["lr"] = top / self.div_factor
        super().__init__(optimizer, last_epoch)

    def phases(self, top: float) -> list[Phase]:
        """The parts of the cycle of a group whose highest rate is `top`, as PyTorch cuts it."""
        first, up = top / self.div_factor, self.pct_start * self.total_steps - 1
        last, end = first / self.final_div_factor, float(self.total_steps - 1)
        low, high = self.base_momentum, self.max_momentum
        rise = Phase(up, (first, top), (high, low))
        if not self.three_phase:
            return [rise, Phase(end, (top, last), (low, high))]
        fall = Phase(2 * self.pct_start * self.total_steps - 2, (top, first), (low, high))
        return [rise, fall, Phase(end, (first, last), (high, high))]

    def rate(self, base: float, t: int) -> float:
        """The rate at step `t` of the cycle; constant after its end."""
        top = next((top for top in self.max_lr if top / self.div_factor == base), base * self.div_factor)
        phase, part = self._place(top, t)
        return self._between(*phase.rates, part)

    def first_rate(self, group: dict[str, Any]) -> float:
        """The cycle's first rate, also for a group that joins later."""
        found: float = group.get("initial_lr", self.max_lr[-1] / self.div_factor)
        return found

    def onward(self, lr: float, base: float, t: int) -> float:  # noqa: ARG002 - as in PyTorch, it alone counts
        """The cycle's rate, whatever the rate in force."""
        return self.rate(base, t)

    def beside(self, group: dict[str, Any], t: int) -> dict[str, Any]:
        """The momentum of step `t`, under the name that it has in the optimiser."""
        if not self.cycle_momentum:
            return {}
        phase, part = self._place(1.0, t)
        momentum = self._between(*phase.momenta, part)
        if "betas" in self.optimizer.defaults:
            return {"betas": (momentum, *group["betas"][1:])}
        return {"momentum": momentum}

    def _place(self, top: float, t: int) -> tuple[Phase, float]:
        """The phase of a step, and how far in it the step is: from 0 to 1."""
        begin, phases, t = 0.0, self.phases(top), min(t, self.total_steps - 1)
        for phase in phases:
            if t <= phase.end or phase is phases[-1]:
                return phase, min(1.0, (t - begin) / (phase.end - begin)) if phase.end > begin else 1.0
            begin = phase.end
        raise AssertionError  # the last phase is always taken

    def _between(self, start: float, end: float, part: float) -> float:
        if self.anneal_strategy == "linear":
            return (end - start) * part + start
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
