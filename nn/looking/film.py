"""`Film`: a callback that keeps frames of a run; `report`: a page of them, with the curves, under a slider.

The page is a single HTML file without network or kernel: it can be mailed, printed, and opened in ten years.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from autograd import write_file
from autograd.drawing.axes import Scale
from autograd.settings import WHOLE_FROM_0, WHOLE_FROM_1, chosen_list, chosen_number, chosen_word
from nn.charts import STYLES, curves
from nn.fit.run import Callback
from nn.looking.boundary import KEY, SCORES, Bounds, answers, bounds_of, key
from nn.looking.gradients import histogram, tensors
from nn.messages import page_language, say

SIDE = 300.0  # pixels of the plane on the page
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
        self.X = None if X is None else chosen_list(self, "X", X)
        self.y = None if y is None else chosen_list(self, "y", y)
        self.score = chosen_word(self, "score", score, SCORES)
        self.most: int = chosen_number(self, "frames", frames, WHOLE_FROM_1)
        self.size: int = chosen_number(self, "size", size, WHOLE_FROM_1)
        self.most_tensors: int = chosen_number(self, "most_tensors", most_tensors, WHOLE_FROM_0)
        self.frames: list[Frame] = []
        self.bounds: Bounds | None = None if self.X is None else bounds_of(self.X)

    def state_dict(self) -> dict[str, Any]:
        """The frames so far."""

        def plain(spreads: dict[str, Spread]) -> dict[str, tuple[Any, ...]]:
            return {name: tuple(spread) for name, spread in spreads.items()}

        pairs = [(f, plain(f.weights), plain(f.gradients)) for f in self.frames]
        return {"frames": [(f.epoch, f.numbers, *spread, f.plane) for f, *spread in pairs]}

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
        weights, gradients = ({name: _spread(pair[i]) for name, pair in watched.items()} for i in (0, 1))
        self.frames.append(Frame(run.epoch, dict(run.logs), weights, gradients, plane))


def _spread(numbers: Sequence[float]) -> Spread:
    counts, low, high = histogram(numbers, bins=20)
    top = max(counts)
    if len(set(numbers)) == 1:  # one number is at both ends
        low = high = numbers[0] if math.isfinite(numbers[0]) else 0.0
    return Spread("".join(LEVELS[math.ceil(63 * count / top)] for count in counts), low, high)


class Page(str):
    """HTML text that shows itself in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return say("report_repr", count=len(self))

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self)}" style="width:100%;height:760px;border:0"></iframe>'


def report(film: Film, path: str | Path | None = None, title: str | None = None, theme: str = "auto") -> Page:
    """The page of a film.

    Args:
        film: a `nn.watching.Film` that was among the callbacks of `fit`.
        path: also write the page to this file.
        title: its heading; by default "A training run" in the language in force.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".

    Returns:
        The page, which shows itself in a notebook; at most about 300 kB for 100 frames.

    >>> import nn
    >>> model, film = nn.Linear(2, 1), nn.watching.Film()
    >>> model.compile("sgd")
    >>> _ = model.fit([[0.0, 1.0]], [1.0], callbacks=[film], verbose=False)
    >>> report(film)[:15]
    '<!doctype html>'
    """
    template = resources.files("nn.looking").joinpath("report.html").read_text(encoding="utf-8")
    chosen_word("nn.watching", "theme", theme, tuple(STYLES))
    scheme = "light dark" if theme == "auto" else theme
    last = film.history
    facts = [
        say("report_epochs", count=len(last), how=last.ending),
        *[f"{name} {column[-1]:.4g}" for name, column in last.history.items()],
    ]
    fields = {
        "LANG": page_language(),
        "TITLE": escape(say("report_title") if title is None else title),
        "MODEL": escape(film.model),
        "FACTS": escape(" · ".join(facts)),
        "STYLE": f"<style>:root{{color-scheme:{scheme}}}</style>{STYLES[theme]}",
        "PLAY": say("report_play"),
        "FRAME": say("report_frame"),
        "NOSCRIPT": say("report_noscript"),
        "CURVES": curves(last, theme=theme) if len(last) else "",
        "DATA": json.dumps(_data(film), separators=(",", ":")).replace("<", "\\u003c"),
    }
    # in one go: what is filled in is not looked at again, so a title may hold a mark
    page = Page(re.sub(f"@({'|'.join(fields)})@", lambda mark: fields[mark[1]], template))
    if path is not None:
        write_file(path, page)
    return page


def _data(film: Film) -> dict[str, Any]:
    points = []
    if film.bounds is not None and film.X is not None:
        labels = film.y if film.y is not None else [0] * len(film.X)
        for x, label in zip(film.X[:300], labels):
            number = label[0] if hasattr(label, "__len__") else label
            points.append([round(float(x[0]), 3), round(float(x[1]), 3), int(number > 0)])
    words = {
        "play": say("report_play"),
        "pause": say("report_pause"),
        "before": say("report_before"),
        "after": say("report_after", epoch="@"),
        "plane": say("chart_boundary"),
    }
    return {
        "words": words,
        "size": film.size,
        "bounds": film.bounds,
        "points": points,
        "key": key(SIDE + 8.0, Scale(0.0, 1.0, SIDE, 8.0)),
        "beside": KEY,
        "frames": [
            {
                "epoch": frame.epoch,
                "numbers": {name: _short(x) for name, x in frame.numbers.items()},
                "weights": {name: _written(s) for name, s in frame.weights.items()},
                "gradients": {name: _written(s) for name, s in frame.gradients.items()},
                "plane": frame.plane,
            }
            for frame in film.frames
        ],
    }


def _written(s: Spread) -> list[Any]:
    return [s.bars, _short(s.low), _short(s.high)]


def _short(x: float) -> float | None:
    return float(f"{x:.4g}") if x == x and abs(x) != float("inf") else None
