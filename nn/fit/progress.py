"""How far a run is: a bar of tqdm when it is installed, otherwise a plain line now and then."""

from __future__ import annotations

import sys
import time
from typing import Any

from nn.fit.run import Callback, Run
from nn.messages import say


def shown_numbers(logs: dict[str, float]) -> str:
    """The numbers of an epoch in a line.

    >>> shown_numbers({"loss": 0.123456, "val_accuracy": 0.95})
    'loss 0.1235  val_accuracy 0.95'
    """
    return "  ".join(f"{name} {number:.4g}" for name, number in logs.items())


class Bar(Callback):
    """A tqdm bar over all steps, with the numbers of the last epoch."""

    lasting = False
    steps_optional = True  # what is replayed has no single steps; the bar then moves epoch by epoch

    def on_fit_begin(self, run: Run) -> None:
        """Open the bar."""
        from tqdm import tqdm

        total = run.epochs * run.batches
        self._bar: Any = tqdm(total=total, initial=run.step, unit=say("progress_step"), leave=True)
        self._before = run.step

    def on_step_end(self, run: Run) -> None:
        """Move on."""
        self._bar.update()
        self._before = run.step

    def on_epoch_end(self, run: Run) -> None:
        """Show the numbers."""
        self._bar.update(run.step - self._before)
        self._before = run.step
        self._bar.set_description(say("progress_epoch", epoch=run.epoch, epochs=run.epochs), refresh=False)
        self._bar.set_postfix_str(shown_numbers(run.logs))

    def on_fit_end(self, run: Run) -> None:
        """Close the bar."""
        self._bar.close()


class Lines(Callback):
    """A line per epoch, at most one per `pause` seconds, the first and the last always."""

    lasting = False

    def __init__(self, pause: float = 1.0) -> None:
        self._pause = pause

    def on_fit_begin(self, run: Run) -> None:
        """Start the clock."""
        self._start, self._next, self._line = time.monotonic(), 0.0, ""

    def on_epoch_end(self, run: Run) -> None:
        """Print, unless the last line is too young."""
        now = time.monotonic() - self._start
        width = len(str(run.epochs))
        self._line = say(
            "progress_line", epoch=f"{run.epoch:{width}}", epochs=run.epochs,
            numbers=shown_numbers(run.logs), seconds=now,
        )  # fmt: skip
        if now >= self._next:
            self._print(now)

    def on_fit_end(self, run: Run) -> None:
        """Print the last line, if it was held back."""
        self._print(0.0)

    def _print(self, now: float) -> None:
        if self._line:
            sys.stderr.write(self._line + "\n")
            sys.stderr.flush()
            self._line, self._next = "", now + self._pause


def progress() -> Callback:
    """A bar where tqdm is installed, lines otherwise."""
    try:
        import tqdm  # noqa: F401  only whether it is there
    except ImportError:
        return Lines()
    return Bar()


def only_shows(callback: Callback, moment: str) -> bool:
    """Whether a callback does nothing at a moment, or shows the run: then no code of the user's has run."""
    kind = type(callback)
    absent = getattr(kind, moment) is getattr(Callback, moment) and moment not in vars(callback)
    return absent or kind in (Bar, Lines)
