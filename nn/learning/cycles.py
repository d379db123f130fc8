"""Schedules that rise and fall: one cycle, triangles, and cosines that begin anew."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd.number import is_list, is_number
from autograd.settings import (
    ABOVE_0,
    BELOW_1,
    FROM_0,
    SHARE,
    WHOLE_FROM_1,
    chosen_number,
    chosen_numbers,
    chosen_word,
)
from nn.learning.optimizer import Optimizer
from nn.learning.schedule import Schedule
from nn.messages import problem


class Phase(NamedTuple):
    """A part of a cycle: its last step, and what rate and momentum go from and to."""

    end: float
    rates: tuple[float, float]
    momenta: tuple[float, float]


class Cycle(Schedule):
    """What cycles share: the momentum goes the other way, and a group that joins later begins as the last."""

    from_first = True
    base_momentum: float
    max_momentum: float

    def __init__(
        self, optimizer: Optimizer, cycle_momentum: bool, base: float, most: float, last_epoch: int
    ) -> None:
        self.base_momentum = chosen_number(self, "base_momentum", base, BELOW_1)
        self.max_momentum = chosen_number(self, "max_momentum", most, BELOW_1)
        self.cycle_momentum = bool(cycle_momentum)
        if self.cycle_momentum and not {"momentum", "betas"} & optimizer.defaults.keys():
            fields = {"schedule": type(self).__name__, "optimizer": type(optimizer).__name__}
            raise problem(ValueError, "schedule_no_momentum", **fields)
        if last_epoch == -1:
            for group, rate in zip(optimizer.param_groups, self.firsts(), strict=True):
                group["initial_lr"] = group["lr"] = rate
        super().__init__(optimizer, last_epoch)

    def firsts(self) -> list[float]:
        """The first rate of each group."""
        raise NotImplementedError

    def momentum(self, t: int) -> float:
        """The momentum of step `t`."""
        raise NotImplementedError

    def first_rate(self, group: dict[str, Any]) -> float:
        """What a group begins with, also one that joins later."""
        found: float = group.get("initial_lr", self.firsts()[-1])
        return found

    def beside(self, group: dict[str, Any], t: int) -> dict[str, Any]:
        """The momentum of step `t`, under the name that it has in the optimiser: Adam's first beta."""
        if not self.cycle_momentum:
            return {}
        if "betas" in self.optimizer.defaults:
            return {"betas": (self.momentum(t), *group["betas"][1:])}
        return {"momentum": self.momentum(t)}


class OneCycleLR(Cycle):
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
        ValueError: no length was given, or the optimiser has no momentum to cycle; a step after the cycle.
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
            steps = chosen_number(self, "steps_per_epoch", steps_per_epoch, WHOLE_FROM_1)
            total_steps = steps * chosen_number(self, "epochs", epochs, WHOLE_FROM_1)
        self.max_lr = per_group(self, "max_lr", max_lr, optimizer)
        self.total_steps: int = chosen_number(self, "total_steps", total_steps, WHOLE_FROM_1)
        self.pct_start: float = chosen_number(self, "pct_start", pct_start, SHARE)
        self.anneal_strategy = chosen_word(self, "anneal_strategy", anneal_strategy, ("cos", "linear"))
        self.div_factor: float = chosen_number(self, "div_factor", div_factor, ABOVE_0)
        self.final_div_factor: float = chosen_number(self, "final_div_factor", final_div_factor, ABOVE_0)
        self.three_phase = bool(three_phase)
        super().__init__(optimizer, cycle_momentum, base_momentum, max_momentum, last_epoch)

    def firsts(self) -> list[float]:
        """The first rate of each group."""
        return [top / self.div_factor for top in self.max_lr]

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
        """The rate at step `t` of the cycle; one step after the last it goes on as in PyTorch, not below 0.

        Raises:
            ValueError: a later step.
        """
        if t > self.total_steps:
            raise problem(ValueError, "schedule_over", step=t, total=self.total_steps)
        top = next((top for top in self.max_lr if top / self.div_factor == base), base * self.div_factor)
        phase, part = self._place(top, t)
        return max(0.0, self._between(*phase.rates, part))

    def momentum(self, t: int) -> float:
        """The momentum of step `t`."""
        phase, part = self._place(1.0, t)
        return self._between(*phase.momenta, part)

    def _place(self, top: float, t: int) -> tuple[Phase, float]:
        """The phase of a step, and how far in it the step is: from 0 to 1, or just beyond the end."""
        begin, phases = 0.0, self.phases(top)
        for phase in phases:
            if t <= phase.end or phase is phases[-1]:
                return phase, (t - begin) / (phase.end - begin) if phase.end > begin else 1.0
            begin = phase.end
        raise AssertionError  # the last phase is always taken

    def _between(self, start: float, end: float, part: float) -> float:
        if self.anneal_strategy == "linear":
            return (end - start) * part + start
        return end + (start - end) / 2 * (1 + math.cos(math.pi * part))


class CyclicLR(Cycle):
    """Triangles between `base_lr` and `max_lr`, the momentum the other way (Smith 2017).

    Args:
        optimizer: its own `lr` is replaced, and its `momentum` (of Adam the first of `betas`).
        base_lr: the rate at the foot; a list has one for each group.
        max_lr: the rate at the top.
        step_size_up: steps from foot to top.
        step_size_down: steps from top to foot; None for as many.
        mode: "triangular"; "triangular2", each triangle half as high as the one before; or "exp_range",
            the height multiplied by `gamma` at every step.
        gamma: for "exp_range".
        scale_fn: a function in the place of `mode`, of the number of the cycle from 1, or of the step.
        scale_mode: "cycle" or "iterations", which of them `scale_fn` gets.
        cycle_momentum: False leaves the momentum alone.
        base_momentum: the momentum at the top.
        max_momentum: the momentum at the foot.
        last_epoch: how many steps were made before, -1 for a new start.

    Raises:
        ValueError: the optimiser has no momentum to cycle.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | Sequence[float],
        max_lr: float | Sequence[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[Any], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float = 0.8,
        max_momentum: float = 0.9,
        last_epoch: int = -1,
    ) -> None:
        self.foot = per_group(self, "base_lr", base_lr, optimizer)
        self.max_lr = per_group(self, "max_lr", max_lr, optimizer)
        self.up: int = chosen_number(self, "step_size_up", step_size_up, WHOLE_FROM_1)
        down = chosen_number(self, "step_size_down", step_size_down, WHOLE_FROM_1, none=True)
        self.down: int = self.up if down is None else down
        self.mode = chosen_word(self, "mode", mode, ("triangular", "triangular2", "exp_range"))
        self.gamma: float = chosen_number(self, "gamma", gamma, FROM_0)
        if scale_fn is not None and not callable(scale_fn):
            raise problem(TypeError, "schedule_lambda", schedule="CyclicLR", got=repr(scale_fn))
        self.scale_fn = scale_fn
        self.scale_mode = chosen_word(self, "scale_mode", scale_mode, ("cycle", "iterations"))
        super().__init__(optimizer, cycle_momentum, base_momentum, max_momentum, last_epoch)

    def firsts(self) -> list[float]:
        """The foot of each group."""
        return self.foot

    def height(self, t: int) -> float:
        """How far from the foot to the top step `t` is, times the scale of its cycle."""
        place = t / (self.up + self.down)
        cycle = math.floor(1 + place)
        x, ratio = 1 + place - cycle, self.up / (self.up + self.down)
        return (x / ratio if x <= ratio else (x - 1) / (ratio - 1)) * self._scale(t, cycle)

    def _scale(self, t: int, cycle: int) -> float:
        if self.scale_fn is not None:
            found = self.scale_fn(cycle if self.scale_mode == "cycle" else t)
            if not is_number(found):
                chosen_number(self, f"scale_fn({cycle})", found)  # says what is wrong
            return found
        if self.mode == "triangular2":
            return 1 / 2.0 ** (cycle - 1)
        return self.gamma**t if self.mode == "exp_range" else 1.0

    def rate(self, base: float, t: int) -> float:
        """From the foot, `base`, towards the top."""
        top = next((top for foot, top in zip(self.foot, self.max_lr) if foot == base), self.max_lr[-1])
        return base + (top - base) * self.height(t)

    def momentum(self, t: int) -> float:
        """The momentum of step `t`."""
        return self.max_momentum - (self.max_momentum - self.base_momentum) * self.height(t)


class CosineAnnealingWarmRestarts(Schedule):
    """Half cosines from `lr` down to `eta_min`, of `T_0` steps and then each `T_mult` times as long.

    Loshchilov and Hutter 2017.
    """

    from_first = True

    def __init__(
        self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        self.T_0: int = chosen_number(self, "T_0", T_0, WHOLE_FROM_1)
        self.T_mult: int = chosen_number(self, "T_mult", T_mult, WHOLE_FROM_1)
        self.eta_min: float = chosen_number(self, "eta_min", eta_min, FROM_0)
        super().__init__(optimizer, last_epoch)

    def rate(self, base: float, t: int) -> float:
        """`eta_min + (lr - eta_min) * (1 + cos(pi * steps since the restart / length)) / 2`."""
        since, length = t, self.T_0
        while since >= length:
            since, length = since - length, length * self.T_mult
            if self.T_mult == 1:
                since %= length
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * since / length)) / 2


def per_group(owner: Any, name: str, rates: Any, optimizer: Optimizer) -> list[float]:
    """One rate for each group, from one number for all or a list."""
    groups = len(optimizer.param_groups)
    return list(chosen_numbers(owner, name, rates if is_list(rates) else [rates] * groups, groups, FROM_0))
