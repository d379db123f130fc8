"""Keras's callbacks, with its settings, defaults and meaning; one's own get `(epoch, logs)`, as there."""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd import write_file
from autograd.settings import BELOW_1, FINITE, FROM_0, WHOLE_FROM_0, chosen_number, chosen_word
from nn.fit import callbacks as ours
from nn.fit.callbacks import monitored
from nn.fit.checkpoint import Checkpoint
from nn.fit.run import Callback as OurCallback
from nn.fit.run import Run
from nn.keras.optimizers import set_rate
from nn.learning.metrics import rises
from nn.missing import refusing
from nn.saving import OF_KERAS


def epoch_of(run: Run) -> int:
    """The epoch as Keras counts it: from 0, or from the `initial_epoch` of `fit`."""
    first: int = getattr(run.model, "initial_epoch", 0)
    return run.epoch - 1 + first


class EarlyStopping(ours.EarlyStopping):
    """Stop as soon as a number has not improved in `patience` epochs, the first epoch left out.

    Args:
        monitor: what to watch.
        min_delta: what counts as an improvement must be more than this, either sign.
        patience: epochs without improvement; 0 and 1 stop at the first.
        verbose: accepted; `fit` says why it ended in `history.stopped`.
        mode: "min", "max", or "auto", which knows the losses and scores of this library.
        baseline: patience starts anew only with a number that beats this too.
        restore_best_weights: go back to the best weights at the end.
        start_from_epoch: so many epochs are not looked at.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: Any = 0,  # noqa: ARG002 - Keras's argument
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        delta = abs(chosen_number(self, "min_delta", min_delta, FINITE))
        super().__init__(monitor, patience, delta, restore_best_weights, mode)
        self.baseline: float | None = chosen_number(self, "baseline", baseline, FINITE, none=True)
        self.start_from_epoch: int = chosen_number(self, "start_from_epoch", start_from_epoch, WHOLE_FROM_0)

    def on_epoch_end(self, run: Run) -> None:
        """As without Keras, once the first epochs are over; what misses the baseline goes on waiting."""
        if epoch_of(run) < self.start_from_epoch:
            return
        waited = self._waited
        super().on_epoch_end(run)
        if self.best_epoch == run.epoch and self.baseline is not None:
            gain = (run.logs[self.monitor] - self.baseline) * (1 if self._rising else -1)
            self._waited = 0 if gain > self.min_delta else waited + 1

    def is_over(self, run: Run) -> bool:
        """Whether patience is over, after an epoch that was no better."""
        return self._waited >= self.patience and epoch_of(run) > 0


class TerminateOnNaN(OurCallback):
    """Accepted: `fit` stops at the first loss that is no number without it."""


class ReduceLROnPlateau(OurCallback):
    """Multiply the rate by `factor` when a number has not improved in `patience` epochs.

    Args:
        monitor: what to watch.
        factor: what the rate is multiplied by.
        patience: epochs without improvement.
        verbose: accepted; the history records the rates as "learning_rate".
        mode: "min", "max", or "auto", which knows the losses and scores of this library.
        min_delta: what counts as an improvement must be more than this.
        cooldown: epochs after a reduction in which none is counted.
        min_lr: the rate never falls below this.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: Any = 0,  # noqa: ARG002 - Keras's argument
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        self.monitor, self.rising = monitor, rises(self, monitor, mode)
        self.factor: float = chosen_number(self, "factor", factor, BELOW_1)
        self.patience: int = chosen_number(self, "patience", patience, WHOLE_FROM_0)
        self.min_delta: float = chosen_number(self, "min_delta", min_delta, FROM_0)
        self.cooldown: int = chosen_number(self, "cooldown", cooldown, WHOLE_FROM_0)
        self.min_lr: float = chosen_number(self, "min_lr", min_lr, FROM_0)
        self.steps_optional = True  # a run may be replayed

    def on_fit_begin(self, run: Run) -> None:  # noqa: ARG002 - the moment's form
        """Forget an earlier run."""
        self.best, self.waited, self.resting = -math.inf if self.rising else math.inf, 0, 0

    def on_epoch_end(self, run: Run) -> None:
        """Record the rate, count this epoch, and lower the rate when patience is over."""
        run.logs["learning_rate"] = rate = run.learning_rate()
        number = monitored(self, self.monitor, run)
        if self.resting:
            self.resting, self.waited = self.resting - 1, 0
        gain = number - self.best if self.rising else self.best - number
        if gain > self.min_delta:
            self.best, self.waited = number, 0
        elif not self.resting:
            self.waited += 1
            if self.waited >= self.patience and rate > self.min_lr:
                self.resting, self.waited = self.cooldown, 0
                set_rate(run.optimizer, max(rate * self.factor, self.min_lr))


class ModelCheckpoint(Checkpoint):
    """Write a checkpoint after each epoch, or only after the best.

    Args:
        filepath: the file, "{epoch:02d}" and "{val_loss:.2f}" in it replaced; JSON, "best.keras" too, for
            `load_model`, `load_weights` and `fit(resume=...)`.
        monitor: what decides with `save_best_only`.
        verbose: accepted.
        save_best_only: write only epochs that are better than all before.
        save_weights_only: accepted; `load_weights` takes the weights alone.
        mode: "min", "max", or "auto".
        save_freq: "epoch", the only one there is here.
    """

    suffixes = OF_KERAS

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: Any = 0,  # noqa: ARG002 - Keras's argument
        save_best_only: bool = False,
        save_weights_only: bool = False,  # noqa: ARG002 - Keras's argument
        mode: str = "auto",
        save_freq: str = "epoch",
    ) -> None:
        chosen_word(self, "save_freq", save_freq, ("epoch",))
        super().__init__(filepath, monitor if save_best_only else None, mode=mode)

    def path_of(self, run: Run) -> str:
        """The file for the epoch that has just ended."""
        return self.path.format(**{**run.logs, "epoch": epoch_of(run) + 1})


class Callback:
    """The moments of a training as Keras tells them: a subclass fills in those it needs.

    Epochs and batches count from 0. `self.model` is the model; `self.model.stop_training = True` ends the
    training after this epoch.

    >>> class Shout(Callback):
    ...     def on_epoch_end(self, epoch, logs=None):
    ...         print(epoch, sorted(logs))
    """

    model: Any = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Before the first epoch."""

    def on_train_end(self, logs: Any = None) -> None:
        """The training is over."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Before the first batch of an epoch."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """The numbers of the epoch are in `logs`."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """The optimiser has made its step."""


class LambdaCallback(Callback):
    """Functions in the place of methods: `LambdaCallback(on_epoch_end=lambda epoch, logs: ...)`."""

    def __init__(self, **moments: Callable[..., Any]) -> None:
        for name, function in moments.items():
            known = [x for x in vars(Callback) if x.startswith("on_")]
            setattr(self, chosen_word(self, "moment", name, known), function)


class LearningRateScheduler(Callback):
    """`schedule(epoch, rate)` gives the rate of each epoch.

    Args:
        schedule: the function; one of the epoch alone is taken too.
        verbose: accepted.
    """

    def __init__(self, schedule: Callable[..., float], verbose: Any = 0) -> None:  # noqa: ARG002 - Keras's
        self.schedule = schedule

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras's
        """Set the rate."""
        optimizer = self.model.optimizer
        given = (epoch, optimizer.learning_rate)[: len(inspect.signature(self.schedule).parameters)]
        optimizer.learning_rate = self.schedule(*given)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras's
        """Record the rate of this epoch, under the name that it has in Keras."""
        logs["learning_rate"] = self.model.optimizer.learning_rate


class CSVLogger(Callback):
    """Write the numbers of each epoch as a row of a CSV file, with a head, as Keras does.

    Args:
        filename: the file; it is whole after each epoch.
        separator: between the entries of a row.
        append: go on with an older file.
    """

    def __init__(self, filename: str | os.PathLike[str], separator: str = ",", append: bool = False) -> None:
        self.filename, self.separator, self.append = str(filename), separator, bool(append)

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002 - Keras's
        """Keep what an older file holds, or begin anew."""
        there = self.append and os.path.exists(self.filename)
        self.text = Path(self.filename).read_text("utf-8") if there else ""
        self.keys: list[str] | None = None

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Add a row."""
        rows: list[list[Any]] = []
        if self.keys is None:
            validated = any(name.startswith("val_") for name in logs)
            self.keys = sorted(logs) + ([] if validated else [f"val_{name}" for name in sorted(logs)])
            rows += [] if self.text else [["epoch", *self.keys]]
        rows.append([epoch, *(logs.get(name, "NA") for name in self.keys)])
        self.text += "".join(self.separator.join(map(str, row)) + "\n" for row in rows)
        write_file(self.filename, self.text)


class Told(OurCallback):
    """A callback in Keras's form as `fit` here knows it."""

    def __init__(self, callback: Callback) -> None:
        self.callback = callback
        overridden = type(callback).on_train_batch_end is not Callback.on_train_batch_end
        self.steps_optional = not (overridden or "on_train_batch_end" in vars(callback))

    @property
    def name(self) -> str:
        """The callback's."""
        return type(self.callback).__name__

    def on_fit_begin(self, run: Run) -> None:
        """Before the first epoch."""
        self.callback.model = run.model
        self.callback.on_train_begin({})

    def on_epoch_begin(self, run: Run) -> None:
        """Before the first batch of an epoch."""
        self.callback.on_epoch_begin(epoch_of(run), {})

    def on_step_end(self, run: Run) -> None:
        """The optimiser has made its step."""
        losses = run.history.steps["loss"]
        self.callback.on_train_batch_end(run.batch - 1, {"loss": losses[-1]} if losses else {})

    def on_epoch_end(self, run: Run) -> None:
        """The numbers of the epoch are there."""
        self.callback.on_epoch_end(epoch_of(run), run.logs)
        if getattr(run.model, "stop_training", False):
            run.stop()

    def on_fit_end(self, run: Run) -> None:
        """The training is over."""
        self.callback.on_train_end(run.logs)


def as_ours(callback: Any) -> Any:
    """A callback in Keras's form as one of `nn`; all others as they are."""
    return Told(callback) if isinstance(callback, Callback) else callback


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
