"""Checkpoints: a run of `fit` as a JSON file, from which it goes on as if it had never stopped."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from autograd import write_file
from autograd.settings import WHOLE_FROM_1, chosen_number
from nn.callbacks import Best, Callback, monitored
from nn.history import History, rises
from nn.messages import problem
from nn.saving import as_json, check_suffix, checked_weights, naming, read_json

if TYPE_CHECKING:
    from nn.run import Run

FORMAT = "scalar-autograd checkpoint"


class Checkpoint(Callback):
    """Write weights, optimizer state and history to a JSON file after each epoch.

    Args:
        path: the file; "{epoch}" in it is replaced, so that each epoch has its own.
        monitor: None writes every epoch, a name ("val_loss") only epochs that are better than all before.
        every: write every so many epochs; with `monitor` the best among these.
        mode: "min" when the number should fall, "max" when it should rise; "auto" knows the losses and
            scores of this library.

    An older file is replaced in one move: a crash leaves the older or the new one, never half of one.
    `fit(..., resume=path)` goes on from there; `nn.load_checkpoint(path, model)` loads the weights alone.
    """

    def __init__(
        self, path: str | os.PathLike[str], monitor: str | None = None, every: int = 1, mode: str = "auto"
    ) -> None:
        check_suffix(path)
        self.path, self.monitor, self.mode = str(path), monitor, mode
        self.every: int = chosen_number(self, "every", every, WHOLE_FROM_1)
        self._rising = rises(self, "loss" if monitor is None else monitor, mode)

    def on_fit_begin(self, run: Run) -> None:
        """Forget an earlier run."""
        self._best = Best(self._rising) if self.monitor else None

    def on_epoch_end(self, run: Run) -> None:
        """Write, where this epoch is wanted."""
        if run.epoch % self.every:
            return
        if not self.monitor or self._best is None or self._best.improved(monitored(self, self.monitor, run)):
            write_checkpoint(self.path.replace("{epoch}", str(run.epoch)), run)


def write_checkpoint(path: str, run: Run) -> None:
    """Write the run as it stands at the end of an epoch."""
    history = History.from_state(json.loads(json.dumps(run.history.state())))
    history.add(run.epoch, run.logs)
    content = {
        "format": FORMAT,
        "model": repr(run.model),
        "epoch": run.epoch,
        "step": run.step,
        "weights": run.model.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "history": history.state(),
    }
    write_file(path, as_json(content))


def read_checkpoint(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The content of a checkpoint file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file was cut short, or is of another kind.
    """
    content = read_json(path, "checkpoint_broken", "checkpoint_other", FORMAT)
    if not {"epoch", "step", "weights", "optimizer", "history"} <= content.keys():
        raise problem(ValueError, "checkpoint_other", path=str(path))
    return {**content, "weights": checked_weights(path, content["weights"])}


def load_checkpoint(path: str | os.PathLike[str], model: Any, optimizer: Any = None) -> History:
    """Take over the weights of a checkpoint, and the optimizer's state when one is given.

    Nothing is changed unless everything fits.

    Returns:
        The history of the run that wrote the file.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file was cut short, is of another kind, or does not fit the model or optimizer.
    """
    content = read_checkpoint(path)
    try:
        history = History.from_state(content["history"])
    except (KeyError, TypeError, ValueError):  # edited by hand
        raise problem(ValueError, "checkpoint_other", path=str(path)) from None
    before = model.state_dict()
    with naming(path):
        model.load_state_dict(content["weights"])
    if optimizer is not None:
        try:
            with naming(path):
                optimizer.load_state_dict(content["optimizer"])
        except Exception:
            model.load_state_dict(before)
            raise
    return history
