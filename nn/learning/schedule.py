"""`Schedule`, what all learning-rate schedules share: the first rates, the step, what is saved.

A schedule of your own is a subclass with `factor(t)`, by which the first rate is multiplied after t steps.
"""

from __future__ import annotations

import math
from itertools import repeat
from typing import Any

from autograd.settings import FROM_0, Range, chosen_number, chosen_numbers
from nn.learning.optimizer import Optimizer
from nn.messages import listing, problem
from nn.state import load_state_of, state_of
from nn.weights import at_once


class Schedule:
    """The base class; `factor(t)` is all that a closed form needs.

    Args:
        optimizer: whose `param_groups` get their `lr` set, from now on.
        last_epoch: how many steps were made before, -1 for a new start.

    The rate that a group began with stays in it as `initial_lr`, so that another schedule of the same
    optimiser, now or after a restart, begins from there too: the two multiply. A group that joins later
    begins with its own rate.
    """

    from_first = False  # True: the rate follows from the first one, whatever is in force, as in PyTorch

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        if not hasattr(optimizer, "param_groups"):
            fields = {"kind": type(optimizer).__name__, "instead": "optimizer, ..."}
            raise problem(TypeError, "schedule_kind", schedule=type(self).__name__, **fields)
        self.optimizer = optimizer
        self.last_epoch: int = chosen_number(self, "last_epoch", last_epoch, Range(-1, whole=True))
        self.base_lrs: list[float] = []
        self._alone: list[float] = []  # the rates that this schedule alone would give now
        self.step()

    def first_rate(self, group: dict[str, Any]) -> float:
        """What a group began with."""
        if self.last_epoch >= 0 and not self.base_lrs and "initial_lr" not in group:
            fields = {"schedule": type(self).__name__, "last_epoch": self.last_epoch}
            raise problem(ValueError, "schedule_no_first_rate", **fields)
        found: float = group.get("initial_lr", group["lr"])
        return found

    def factor(self, t: int) -> float:
        """What the first rate is multiplied by after `t` steps."""
        raise NotImplementedError

    def rate(self, base: float, t: int) -> float:
        """The rate after `t` steps of a group that began with `base`."""
        return base * self.factor(t)

    def onward(self, lr: float, base: float, t: int) -> float:
        """The rate after `t` steps where the one in force, `lr`, is not this schedule's alone.

        Another schedule, or you, changed it: it goes on from there in proportion, as in PyTorch.
        """
        if t > 0 and not self._alone:
            return lr  # built after a restart: the rate in force is that of step t already
        before = self.rate(base, t - 1) if t > 0 else base
        return lr * (self.rate(base, t) / before) if before else self.rate(base, t)

    def beside(self, group: dict[str, Any], t: int) -> dict[str, Any]:  # noqa: ARG002 - most move rates alone
        """What else a group gets at step `t`."""
        return {}

    def step(self) -> None:
        """Go one step further and set the rates: all of them or, where something stops the step, none."""
        groups, t = self.optimizer.param_groups, self.last_epoch + 1
        bases = [*self.base_lrs, *map(self.first_rate, groups[len(self.base_lrs) :])]
        alone, lrs = [self.rate(base, t) for base in bases], []
        for i, group in enumerate(groups):
            before = self._alone[i] if i < len(self._alone) else bases[i] if t == 0 else math.nan
            follows = self.from_first or group["lr"] == before
            lr = alone[i] if follows else self.onward(group["lr"], bases[i], t)
            lrs.append(chosen_number(self, "lr", lr, FROM_0))
        first = [{"initial_lr": group.get("initial_lr", base)} for group, base in zip(groups, bases)]
        new = [{**one, "lr": lr, **self.beside(group, t)} for one, group, lr in zip(first, groups, lrs)]
        stand = {"base_lrs": bases, "_alone": alone, "last_epoch": t}
        at_once(map(dict.update, groups, new), map(vars(self).update, [stand]))

    def begin_anew(self) -> None:
        """Go back to step 0, to the rates that the groups began with."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        self.last_epoch, self.base_lrs, self._alone = -1, [], []
        self.step()

    def get_last_lr(self) -> list[float]:
        """The rates in force, one per group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Where the schedule stands, with its settings and the rates in force, as plain data."""
        state = state_of(self, but=("optimizer",))
        return {"schedule": type(self).__name__, **state, "lr": self.get_last_lr()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where the `state_dict` was taken: the optimiser gets the rates of then.

        Raises:
            TypeError, ValueError: it is the state of another kind of schedule, or of other groups.
        """
        wanted = self.state_dict()
        of = state.get("schedule") if isinstance(state, dict) else type(state).__name__
        missing = [name for name in wanted if name not in state] if isinstance(state, dict) else []
        if of != wanted["schedule"] or missing:
            fields = {"schedule": wanted["schedule"], "names": listing(missing) if missing else "-"}
            raise problem(ValueError, "schedule_state", got=of, **fields)
        lrs = chosen_numbers(self, "lr", state["lr"], len(wanted["lr"]), FROM_0)
        load_state_of(self, {name: x for name, x in state.items() if name not in ("schedule", "lr")})
        at_once(map(dict.__setitem__, self.optimizer.param_groups, repeat("lr"), lrs))
