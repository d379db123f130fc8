"""Keras's callbacks: `EarlyStopping` and `ModelCheckpoint` with its settings, defaults and meaning."""

from __future__ import annotations

import os
from typing import Any

from autograd.settings import FINITE, WHOLE_FROM_0, chosen_number, chosen_word
from nn.fit import callbacks as ours
from nn.fit.checkpoint import Checkpoint
from nn.fit.run import Run


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
        if run.epoch <= self.start_from_epoch:
            return
        waited = self._waited
        super().on_epoch_end(run)
        if self.best_epoch == run.epoch and self.baseline is not None:
            gain = (run.logs[self.monitor] - self.baseline) * (1 if self._rising else -1)
            self._waited = 0 if gain > self.min_delta else waited + 1

    def is_over(self, run: Run) -> bool:
        """Whether patience is over, after an epoch that was no better."""
        return self._waited >= self.patience and run.epoch > 1


class ModelCheckpoint(Checkpoint):
    """Write a checkpoint after each epoch, or only after the best.

    Args:
        filepath: the file, "{epoch:02d}" and "{val_loss:.2f}" in it replaced; the content is this library's.
        monitor: what decides with `save_best_only`.
        verbose: accepted.
        save_best_only: write only epochs that are better than all before.
        save_weights_only: accepted; `nn.load_checkpoint` takes the weights alone.
        mode: "min", "max", or "auto".
        save_freq: "epoch", the only one there is here.
    """

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
        return self.path.format(**{**run.logs, "epoch": run.epoch})
