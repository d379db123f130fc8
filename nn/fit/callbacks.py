"""Callbacks: what is done beside the training loop, each at its moment; `fit(..., callbacks=[...])`.

A callback gets the run (`nn.fit.run.Run`): `run.model`, `run.optimizer`, `run.history`, `run.epoch` and
`run.step` (counted from 1), `run.logs` (the numbers of this epoch), `run.stop()`. A plain function `f(run)`
is called at the end of each epoch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd.number import entries, to_grad
from autograd.settings import FROM_0, LIMIT, WHOLE_FROM_0, chosen_number, chosen_word
from nn.fit.run import Callback, Run
from nn.learning.metrics import rises
from nn.learning.regularisers import clip_grad_norm_, clip_grad_value_, length
from nn.messages import listing, problem, say
from nn.state import kept_state, put_back_state


def monitored(callback: Callback, monitor: str, run: Run) -> float:
    """The number of this epoch that `callback` watches."""
    if monitor not in run.logs:
        advice = say("callback_monitor_validation") if monitor.startswith("val_") else ""
        fields = {"callback": type(callback).__name__, "names": listing(list(run.logs)), "advice": advice}
        raise problem(ValueError, "callback_monitor", monitor=monitor, **fields)
    return run.logs[monitor]


class Best:
    """Remembers the best of the numbers it is shown: the smallest, or of what should rise the largest.

    >>> best = Best(rising=False, min_delta=0.1)
    >>> best.improved(1.0), best.improved(0.95), best.improved(0.8)
    (True, False, True)
    """

    def __init__(self, rising: bool, min_delta: float = 0.0) -> None:
        self._sign = -1.0 if rising else 1.0
        self._min_delta, self.number = min_delta, math.nan

    def improved(self, number: float) -> bool:
        """Whether `number` beats the best so far by more than `min_delta`; nan never does."""
        better = math.isnan(self.number) or self._sign * number < self._sign * self.number - self._min_delta
        if better and not math.isnan(number):
            self.number = number
            return True
        return False

    def state_dict(self) -> dict[str, Any]:
        """The best so far."""
        return {"number": self.number}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where it was taken."""
        self.number = state["number"]


class EarlyStopping(Callback):
    """Stop when a number has not improved for `patience` epochs, and go back to the best weights.

    Args:
        monitor: what to watch: "val_loss", "loss", "val_accuracy" ...
        patience: epochs without improvement that are still borne.
        min_delta: what counts as an improvement must be more than this.
        restore_best_weights: at the end, also of a run that went through all epochs, load the best weights.
        mode: "min" when it should fall, "max" when it should rise; "auto" knows the losses and scores of
            this library.

    Raises:
        ValueError: `fit` records no such number, a setting is out of its range, or "auto" does not know the
            number's name.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        patience: int = 5,
        min_delta: float = 0.0,
        restore_best_weights: bool = True,
        mode: str = "auto",
    ) -> None:
        self.monitor, self.mode, self._rising = monitor, mode, rises(self, monitor, mode)
        self.patience: int = chosen_number(self, "patience", patience, WHOLE_FROM_0)
        self.min_delta: float = chosen_number(self, "min_delta", min_delta, FROM_0)
        self.restore_best_weights = restore_best_weights
        self.best_epoch = 0

    def on_fit_begin(self, run: Run) -> None:
        """Forget an earlier run."""
        self._best, self._waited, self.best_epoch = Best(self._rising, self.min_delta), 0, 0
        self._weights: dict[str, Any] | None = None

    def on_epoch_end(self, run: Run) -> None:
        """Keep the weights of a better epoch; count the others."""
        if self._best.improved(monitored(self, self.monitor, run)):
            self._waited, self.best_epoch = 0, run.epoch
            if self.restore_best_weights:
                self._weights = run.model.state_dict()
            return
        self._waited += 1
        if self.is_over(run):
            run.stop()

    def is_over(self, run: Run) -> bool:
        """Whether patience is over, after an epoch that was no better."""
        return self._waited > self.patience

    def on_fit_end(self, run: Run) -> None:
        """Load the best weights, unless Ctrl-C or an error asked for those of the last step."""
        if self._weights is not None and run.history.stopped in ("finished", "early"):
            run.model.load_state_dict(self._weights)


class LearningRate(Callback):
    """Change the learning rate by a schedule.

    Args:
        make: gets the optimizer and gives a schedule of `nn`, e.g. `lambda o: nn.StepLR(o, step_size=10)`.
        per: "epoch" or "step": when the schedule goes on.
        monitor: a number of the epoch that the schedule wants to see, e.g. "val_loss" for ReduceLROnPlateau.

    Raises:
        TypeError: `make` is no function.

    The history records the rate of each epoch as "lr".
    """

    def __init__(self, make: Callable[[Any], Any], per: str = "epoch", monitor: str | None = None) -> None:
        given: Any = make
        if not callable(given):
            fields = {"kind": type(given).__name__, "instead": "lambda o: nn.StepLR(o, step_size=10)"}
            raise problem(TypeError, "schedule_kind", schedule="LearningRate", **fields)
        self._make, self.monitor = make, monitor
        self.per = chosen_word(self, "per", per, ("epoch", "step"))
        self.steps_optional = per == "epoch"  # then a run may be replayed

    def on_fit_begin(self, run: Run) -> None:
        """Make the schedule, and tell it what it will be shown."""
        self.schedule = self._make(run.optimizer)
        if self.monitor and hasattr(self.schedule, "watch"):
            self.schedule.watch(self.monitor)

    def state_dict(self) -> dict[str, Any]:
        """The schedule's; of one that does not say its state, all its attributes that are data."""
        state = kept_state(self.schedule, but=("optimizer",))
        return {"kind": type(self.schedule).__name__, "state": state}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Let the schedule go on where it was taken.

        Raises:
            ValueError: it was another kind of schedule.
        """
        kind = type(self.schedule).__name__
        if state["kind"] != kind:
            fields = {"schedule": kind, "got": state["kind"], "names": "-"}
            raise problem(ValueError, "schedule_state", **fields)
        put_back_state(self.schedule, state["state"])

    def on_step_end(self, run: Run) -> None:
        """Go on, per step."""
        if self.per == "step":
            self.schedule.step()

    def on_epoch_end(self, run: Run) -> None:
        """Record the rate; go on, per epoch."""
        run.logs["lr"] = run.learning_rate()
        if self.per == "epoch":
            self.schedule.step(*([monitored(self, self.monitor, run)] if self.monitor else []))


class GradientNorms(Callback):
    """Record the length of the gradient at each step, of the whole model and of each tensor of parameters.

    `history.steps["gradient_norm"]` and `history.steps["gradient_norm layers.0.weight"]`, ...; what has got
    no gradient counts 0.
    """

    def __init__(self, per_tensor: bool = True) -> None:
        self.per_tensor = per_tensor

    def on_gradients(self, run: Run) -> None:
        """Measure."""
        groups = gradients_by_tensor(run.model)
        norms = {name: length(numbers) for name, numbers in groups.items()}
        steps = run.history.steps
        steps.setdefault("gradient_norm", []).append(length(norms.values()))
        if self.per_tensor:
            for name, norm in norms.items():
                steps.setdefault(f"gradient_norm {name}", []).append(norm)


def gradients_by_tensor(model: Any) -> dict[str, list[float]]:
    """The gradients of each tensor of parameters as a flat list, by dotted name."""
    return {name: [to_grad(p.grad) for _, p in entries(tensor)] for name, tensor in model.named_tensors()}


class ClipGradients(Callback):
    """Shorten the gradient before each step, so that one bad batch cannot throw the weights away.

    Args:
        max_norm: the longest the whole gradient may be (all parameters together); its direction is kept.
        max_value: the largest a single gradient may be, either sign.
    """

    def __init__(self, max_norm: float | None = None, max_value: float | None = None) -> None:
        self.max_norm: float | None = chosen_number(self, "max_norm", max_norm, LIMIT, none=True)
        self.max_value: float | None = chosen_number(self, "max_value", max_value, LIMIT, none=True)

    def on_gradients(self, run: Run) -> None:
        """Clip."""
        if self.max_norm is not None:
            clip_grad_norm_(run.parameters, self.max_norm)
        if self.max_value is not None:
            clip_grad_value_(run.parameters, self.max_value)
