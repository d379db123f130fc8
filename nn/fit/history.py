"""`History`: what a run of `fit` recorded, epoch by epoch and step by step."""

from __future__ import annotations

import math
from typing import Any

from autograd.settings import chosen_word
from nn.charts import curves
from nn.learning.metrics import rises
from nn.messages import problem, say
from nn.text import Text, sparkline

ENDINGS = {
    "finished": "history_finished",
    "early": "history_early",
    "interrupted": "history_interrupted",
    "failed": "history_failed",
}


class History:
    """What `fit` returns and keeps as `model.history`.

        history     {"loss": [...], "val_loss": [...], "accuracy": [...]}, one number per epoch: Keras's form
        epoch       the epochs, counted from 1
        steps       {"loss": [...]}, one number per step (batch); callbacks add to both
        stopped     why the run ended: "finished", "early", "interrupted", or "failed"

    >>> h = History()
    >>> h.add(1, {"loss": 0.5})
    >>> h.add(2, {"loss": 0.25})
    >>> h["loss"], h.epoch, h.best("loss")
    ([0.5, 0.25], [1, 2], (2, 0.25))
    """

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []
        self.steps: dict[str, list[float]] = {"loss": []}
        self.stopped = "finished"

    def add(self, epoch: int, numbers: dict[str, float]) -> None:
        """Record what an epoch gave; a number that was not recorded before is nan for earlier epochs."""
        for name in [*self.history, *numbers]:
            column = self.history.setdefault(name, [float("nan")] * len(self.epoch))
            if len(column) == len(self.epoch):
                column.append(float(numbers.get(name, float("nan"))))
        self.epoch.append(epoch)

    def __getitem__(self, name: str) -> list[float]:
        return self.history[name]

    def __contains__(self, name: str) -> bool:
        return name in self.history

    def __len__(self) -> int:
        return len(self.epoch)

    def best(self, name: str = "loss", mode: str = "auto") -> tuple[int, float]:
        """The epoch with the best number, and the number; nan is never the best.

        Args:
            name: of what was recorded: "loss", "val_accuracy" ...
            mode: "min" for the smallest, "max" for the largest; "auto" takes the smallest of the losses and
                the largest of the scores that this library has.

        Raises:
            ValueError: nothing of that name was recorded, or only nan; or "auto" does not know the name.
        """
        column = self.history[chosen_word(self, "name", name, self.history)]
        pick = max if rises("History.best", name, mode) else min
        places = [i for i, number in enumerate(column) if not math.isnan(number)]
        if not places:
            raise problem(ValueError, "history_only_nan", name=name)
        place = pick(places, key=lambda i: column[i])
        return self.epoch[place], column[place]

    @property
    def ending(self) -> str:
        """Why the run ended, in the language in force."""
        return say(ENDINGS[self.stopped]) if self.stopped in ENDINGS else self.stopped

    def plot(self, path: str | None = None, theme: str = "auto", ax: Any = None) -> Any:
        """The curves as a picture; see `nn.watching.curves`.

        Args:
            path: also write the picture to this file.
            theme: "auto" (light or dark as the reader's browser is), "light" or "dark".
            ax: axes of matplotlib: every recorded number becomes a labelled line on them, and nothing is
                written.

        Returns:
            An SVG picture, or `ax`.
        """
        if ax is None:
            return curves(self, path, theme=theme)
        for name, column in self.history.items():
            ax.plot(self.epoch, column, label=name)
        ax.set_xlabel(say("chart_epoch"))
        ax.legend()
        return ax

    def state(self) -> dict[str, Any]:
        """Everything as plain lists and dicts, for JSON."""
        return {"history": self.history, "epoch": self.epoch, "steps": self.steps, "stopped": self.stopped}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> History:
        """The history that `state` described."""
        made = cls()
        made.history = {name: [float(x) for x in column] for name, column in state["history"].items()}
        made.epoch = [int(x) for x in state["epoch"]]
        steps = {name: [float(x) for x in column] for name, column in state["steps"].items()}
        made.steps, made.stopped = {"loss": steps["loss"], **steps}, state["stopped"]
        return made

    def __repr__(self) -> str:
        if not self.epoch:
            return Text(say("history_none"))
        width = max(map(len, self.history))
        lines = [say("history_head", count=len(self.epoch), how=self.ending)]
        lines += [
            f"{name:{width}}  {sparkline(column, 40)}  {column[0]:.4g} -> {column[-1]:.4g}"
            for name, column in self.history.items()
        ]
        return "\n".join(lines)
