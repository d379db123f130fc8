"""A run as one page: curves, and frame by frame the boundary and the histograms, under a slider.

The page is a single HTML file without network or kernel: it can be mailed, printed, and opened in ten years.
"""

from __future__ import annotations

import json
import re
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from autograd import write_file
from autograd.drawing.axes import Scale
from autograd.settings import chosen_word
from nn.charts import STYLES, curves
from nn.looking.boundary import KEY, key
from nn.looking.film import Film, Spread

SIDE = 300.0  # pixels of the plane on the page


class Page(str):
    """HTML text that shows itself in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<page: {len(self):,} characters of HTML>"

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self)}" style="width:100%;height:760px;border:0"></iframe>'


def report(
    film: Film, path: str | Path | None = None, title: str = "A training run", theme: str = "auto"
) -> Page:
    """The page of a film.

    Args:
        film: a `nn.watching.Film` that was among the callbacks of `fit`.
        path: also write the page to this file.
        title: its heading.
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
        f"{len(last)} epochs ({last.stopped})",
        *[f"{name} {column[-1]:.4g}" for name, column in last.history.items()],
    ]
    fields = {
        "TITLE": escape(title),
        "MODEL": escape(film.model),
        "FACTS": escape(" · ".join(facts)),
        "STYLE": f"<style>:root{{color-scheme:{scheme}}}</style>{STYLES[theme]}",
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
    return {
        "size": film.size,
        "bounds": film.bounds,
        "points": points,
        "key": key(SIDE + 8.0, Scale(0.0, 1.0, SIDE, 8.0)),
        "beside": KEY,
        "frames": [
            {
                "epoch": frame.epoch,
                "numbers": {name: _short(x) for name, x in frame.numbers.items()},
                "weights": {name: _spread(s) for name, s in frame.weights.items()},
                "gradients": {name: _spread(s) for name, s in frame.gradients.items()},
                "plane": frame.plane,
            }
            for frame in film.frames
        ],
    }


def _spread(s: Spread) -> list[Any]:
    return [s.bars, _short(s.low), _short(s.high)]


def _short(x: float) -> float | None:
    return float(f"{x:.4g}") if x == x and abs(x) != float("inf") else None
