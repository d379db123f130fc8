"""`Film`: a callback that keeps frames of a run, few and small enough for one page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.settings import WHOLE_FROM_0, WHOLE_FROM_1, chosen_number, chosen_word
from nn.fit.run import Callback
from nn.looking.boundary import SCORES, Bounds, answers, bounds_of
from nn.looking.histograms import histogram, tensors

LEVELS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"  # 64, one character each


class Spread(NamedTuple):
    """The histogram of one tensor's numbers at one moment."""

    bars: str  # heights, in LEVELS
    low: float
    high: float


class Frame(NamedTuple):
    """A model at one moment."""

    epoch: int
    numbers: dict[str, float]
    weights: dict[str, Spread]
    gradients: dict[str, Spread]
    plane: str  # what the model says over the plane, in LEVELS; "" when it has not two inputs


class Film(Callback):
    """Keep frames of a run: numbers, histograms of weights and gradients, the decision boundary.

    Args:
        X: samples with two numbers, whose surroundings are the plane of the boundary; None leaves it out.
        y: their targets, drawn upon it.
        frames: the most to keep, besides the one before learning.
        size: points along each side of the boundary.
        most_tensors: histograms are kept of the largest tensors of parameters, so many.
        score: how one output becomes a share; see `nn.watching.boundary`.

    `nn.watching.report(film, "report.html")` makes a page of it.
    """

    def __init__(
        self,
        X: Sequence[Any] | None = None,
        y: Sequence[Any] | None = None,
        frames: int = 100,
        size: int = 24,
        most_tensors: int = 8,
        score: str = "auto",
    ) -> None:
        self.X, self.y, self.score = X, y, chosen_word(self, "score", score, SCORES)
        self.most: int = chosen_number(self, "frames", frames, WHOLE_FROM_1)
        self.size: int = chosen_number(self, "size", size, WHOLE_FROM_1)
        self.most_tensors: int = chosen_number(self, "most_tensors", most_tensors, WHOLE_FROM_0)
        self.frames: list[Frame] = []
        self.bounds: Bounds | None = None if X is None else bounds_of(X)

    def state_dict(self) -> dict[str, Any]:
        """The frames so far."""

        def plain(spreads: dict[str, Spread]) -> dict[str, tuple[Any, ...]]:
            return {name: tuple(spread) for name, spread in spreads.items()}

        return {
            "frames": [
                (f.epoch, f.numbers, plain(f.weights), plain(f.gradients), f.plane) for f in self.frames
            ]
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where it was taken."""

        def spreads(plain: dict[str, tuple[Any, ...]]) -> dict[str, Spread]:
            return {name: Spread(*spread) for name, spread in plain.items()}

        self.frames = [
            Frame(epoch, numbers, spreads(weights), spreads(gradients), plane)
            for epoch, numbers, weights, gradients, plane in state["frames"]
        ]

    def on_fit_begin(self, run: Any) -> None:
        """The frame before learning."""
        self.frames, self.model = [], repr(run.model)
        self._every = max(1, math.ceil(run.epochs / self.most))
        by_size = sorted(tensors(run.model).items(), key=lambda pair: -len(pair[1][0]))
        self._watched = {name for name, _ in by_size[: self.most_tensors]}
        self._take(run)

    def on_epoch_end(self, run: Any) -> None:
        """A frame, when one is due."""
        if run.epoch % self._every == 0:
            self._take(run)

    def on_fit_end(self, run: Any) -> None:
        """The last state, where it is no frame yet, and the history of the whole run."""
        if self.frames[-1].epoch != run.epoch:
            self._take(run)
        self.history = run.history

    def _take(self, run: Any) -> None:
        watched = {name: pair for name, pair in tensors(run.model).items() if name in self._watched}
        plane = ""
        if self.bounds is not None:
            grid = answers(run.model, self.bounds, self.size, self.score)
            shares = [share if share == share else 0.0 for row in grid for share in row]
            plane = "".join([LEVELS[round(63 * share)] for share in shares])
        self.frames.append(
            Frame(
                run.epoch,
                dict(run.logs),
                {name: _spread(numbers) for name, (numbers, _) in watched.items()},
                {name: _spread(gradients) for name, (_, gradients) in watched.items()},
                plane,
            )
        )


def _spread(numbers: Sequence[float]) -> Spread:
    counts, low, high = histogram(numbers, bins=20)
    top = max(counts)
    return Spread("".join(LEVELS[math.ceil(63 * count / top)] for count in counts), low, high)
