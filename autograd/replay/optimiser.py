"""`Optimiser`: the optimiser of a training as the kernels know it, and its update in plain Python."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from itertools import chain, repeat
from typing import Any

from autograd.entry import CONSTANT
from autograd.messages import say
from autograd.number import kind_of
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.passes.codes import ADAM, MOMENTUM, SGD
from autograd.settings import (
    ABOVE_0,
    BELOW_1,
    FROM_0,
    SHARE,
    chosen_number,
    chosen_numbers,
    chosen_word,
)
from autograd.value import Value

NAMES = ("sgd", "momentum", "adam")
RANGES = {"momentum": SHARE, "dampening": SHARE, "eps": FROM_0, "weight_decay": FROM_0}


def parameters_of(params: Any) -> list[Value]:
    """What `record(f, params=...)` was given, as a list.

    Raises:
        TypeError: it is no sequence of Values.
    """
    if hasattr(params, "parameters"):
        raise TypeError(f"params={type(params).__name__} is a model: write params=model.parameters()")
    if isinstance(params, Value) or not hasattr(params, "__iter__"):
        raise TypeError(
            f"params={params!r} is no list of Values: write params=[w, b], or params=model.parameters()"
        )
    found = list(params)
    for i, p in enumerate(found):
        if not isinstance(p, Value):
            raise TypeError(
                f"params[{i}] is no Value but {kind_of(p)}: only Values can be trained. Write "
                "Value(2.0) for a number, and one flat list, such as model.parameters(), for several lists"
            )
    return found


class Optimiser:
    """An optimiser as the kernel knows it: which, its four settings, and what it remembers.

    Args:
        optimizer: "sgd", "momentum", "adam", or an object of `nn.optim`.
        params: the parameters in the order of memory.
        settings: lr, momentum, dampening, nesterov, betas, eps, weight_decay.

    Raises:
        ValueError: an unknown name or setting.
    """

    def __init__(self, optimizer: Any, params: Sequence[Value], settings: dict[str, Any]) -> None:
        self.object = None if isinstance(optimizer, str) else optimizer
        self.params = params
        if self.object is not None:
            self._check_object(settings)
            group = self.object.param_groups[0]
            settings = {**group, **settings}
            optimizer = type(self.object).__name__.lower()
            alike = len(self.object.param_groups) == 1 and [*group["params"]] == [*params]
            self.native = alike and optimizer in ("sgd", "adam") and settings.get("form", "torch") == "torch"
        else:
            self.native = True
            chosen_word("train", "optimizer", optimizer, NAMES, say("train_optimizer"))
            for name in settings:
                chosen_word("train", "setting", name, ("lr", "nesterov", "betas", *RANGES))
        for name, among in RANGES.items():
            if name in settings:
                settings = {**settings, name: chosen_number("train", name, settings[name], among)}
        momentum = settings.get("momentum", 0.9 if optimizer == "momentum" else 0.0)
        if settings.get("nesterov") and optimizer != "adam":
            chosen_number("train(nesterov=True)", "momentum", momentum, ABOVE_0)
        self.rate = settings.get("lr", 0.001 if optimizer == "adam" else 0.01)
        if not callable(self.rate):
            chosen_number("train", "lr", self.rate, FROM_0)
        decay = settings.get("weight_decay", 0.0)
        if optimizer == "adam":
            self.kind = ADAM
            self.settings = [
                *chosen_numbers("train", "betas", settings.get("betas", (0.9, 0.999)), 2, BELOW_1),
                settings.get("eps", 1e-8),
                decay,
            ]
        else:
            self.kind = MOMENTUM if momentum else SGD
            self.settings = [
                momentum,
                settings.get("dampening", 0.0),
                float(settings.get("nesterov", False)),
                decay,
            ]
        self.state = [0.0] * (2 * len(params))
        self.step = 0
        self._take_over()

    def _check_object(self, settings: dict[str, Any]) -> None:
        groups = getattr(self.object, "param_groups", None)
        if isinstance(self.object, type) or groups is None:
            raise ValueError(
                f"optimizer={self.object!r} is no optimiser: give 'sgd', 'momentum', 'adam', or an object "
                "such as nn.SGD(params, lr=0.1)"
            )
        unknown = sorted(set(settings) - set(groups[0]))
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)}: {type(self.object).__name__} has no such setting; there are "
                f"{', '.join(sorted(set(groups[0]) - {'params'}))}"
            )
        known = set(self.params)
        if not any(p in known for group in groups for p in group["params"]):
            raise ValueError(
                "the optimiser holds none of the parameters of record(f, params=...): give both the same ones"
            )

    def rate_at(self, step: int) -> float:
        """The learning rate of an update, counted from 0.

        Raises:
            TypeError, ValueError: the function given as `lr` made none: nan, a negative number, no number.
        """
        if not callable(self.rate):
            return float(self.rate)
        return float(chosen_number("train", "lr", self.rate(step), FROM_0))

    def reaches(self, reached: Collection[Value]) -> bool:
        """Whether every parameter moves where these have a gradient.

        An optimiser object leaves a tensor alone that got none, and moves all of a tensor of which a part
        got one; an optimiser by name takes what is missing as 0.
        """
        if self.object is None:
            return True
        beside: set[Value] = set()
        for tensor in getattr(self.object, "tensors", list)():
            if any(p in reached for p in tensor):
                beside.update(tensor)
        return all(p in reached or p in beside or p.op is CONSTANT for p in self.params)

    def _take_over(self) -> None:
        """Go on from what an optimiser object remembers, where that is as much of every parameter."""
        if self.object is None or not self.native:
            return
        moving = [self.object.state.get(p, {}) for p in self.params if p.op is not CONSTANT]
        if self.kind != SGD and len({(memory.get("step"), *sorted(memory)) for memory in moving}) > 1:
            self.native = False
            return
        n = len(self.params)
        for i, p in enumerate(self.params):
            memory = self.object.state.get(p, {})
            self.state[i] = memory.get("velocity", memory.get("mean", 0.0))
            self.state[n + i] = memory.get("square", 0.0)
            self.step = max(self.step, int(memory.get("step", "velocity" in memory)))

    def hand_back(self) -> None:
        """Leave in the optimiser object what it would remember."""
        if self.object is None or not self.native or not self.step:
            return
        n = len(self.params)
        for i, p in enumerate(self.params):
            if p.op is CONSTANT:
                continue
            memory = self.object.state.setdefault(p, {})
            if self.kind == MOMENTUM:
                memory["velocity"] = self.state[i]
            elif self.kind == ADAM:
                memory.update(mean=self.state[i], square=self.state[n + i], step=self.step)


def commit(
    params: Sequence[Value], numbers: Sequence[float], optimiser: Optimiser, state: Sequence[float], step: int
) -> None:
    """One finished update: parameters and the optimiser, in a call that no interrupt splits."""
    fields = map(setattr, repeat(optimiser), ("state", "step"), (list(state), step))
    deque(chain(map(DATA.__set__, params, numbers), fields), maxlen=0)


def updated(
    optimiser: Optimiser, state: list[float], numbers: list[float], gradients: Sequence[float], rate: float
) -> None:
    """One update of `numbers` and `state` in plain Python: what the kernel computes."""
    a, b, c, decay = optimiser.settings
    n, first = len(numbers), optimiser.step == 0
    t = optimiser.step + 1 if optimiser.kind == ADAM else 0
    weight_m, weight_v = 1.0 - a**t, 1.0 - b**t  # both means began at 0
    for i, (p, slope) in enumerate(zip(numbers, gradients)):
        g = slope + decay * p
        if optimiser.kind == SGD:
            change = g
        elif optimiser.kind == MOMENTUM:
            m = state[i] = g if first else a * state[i] + (1.0 - b) * g
            change = g + a * m if c else m
        else:
            m = state[i] = a * state[i] + (1.0 - a) * g
            v = state[n + i] = b * state[n + i] + (1.0 - b) * (g * g)
            change = m / weight_m / ((v / weight_v) ** 0.5 + c)
        numbers[i] = p - rate * change
