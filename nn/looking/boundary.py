"""The decision boundary of a model with two inputs: what it says at every point of the plane."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import fsum
from autograd.drawing.axes import Scale
from autograd.drawing.elements import number as n
from autograd.settings import WHOLE_FROM_1, chosen_list, chosen_number, chosen_word
from nn.charts import Svg, cells, document, frame, heat, text
from nn.fit.evaluating import judge
from nn.messages import problem, say

Bounds = tuple[float, float, float, float]
SCORES = ("auto", "probability", "logit")  # how one output becomes a share
KEY = 78.0  # pixels beside the plane, for what its colours and signs mean
MARGIN = 0.15  # of the data's extent, around it


def bounds_of(X: Sequence[Sequence[float]]) -> Bounds:
    """The rectangle of the data with a margin: x low, x high, y low, y high.

    >>> bounds_of([[0.0, 0.0], [1.0, 2.0]])
    (-0.15, 1.15, -0.3, 2.3)
    """
    edges = []
    for column in (0, 1):
        low, high = min(x[column] for x in X), max(x[column] for x in X)
        margin = MARGIN * (high - low or 1.0)
        edges += [low - margin, high + margin]
    return edges[0], edges[1], edges[2], edges[3]


def answers(model: Any, bounds: Bounds, size: int = 40, score: str = "auto") -> list[list[float]]:
    """What the model says on a grid, as shares 0..1, the first row at the bottom.

    Args:
        model: takes two numbers.
        bounds: the rectangle to look at.
        size: points along each side.
        score: how one output becomes a share: "probability" as it is, "logit" through the sigmoid, "auto"
            takes it as it is when all outputs are within 0..1. Of several scores it is the softmax share of
            the last class.
    """
    chosen_word("nn.watching", "score", score, SCORES)
    size = chosen_number("nn.watching", "size", size, WHOLE_FROM_1)
    left, right, bottom, top = bounds
    xs = [left + (right - left) * (i + 0.5) / size for i in range(size)]
    ys = [bottom + (top - bottom) * (j + 0.5) / size for j in range(size)]
    said, _ = judge(model, None, [[x, y] for y in ys for x in xs], [], size)
    rows = [row if isinstance(row, list) else [row] for row in said]
    if len(rows[0]) > 1:
        shares = [_last_share(row) for row in rows]
    else:
        numbers = [row[0] for row in rows]
        as_it_is = score == "probability" or (score == "auto" and all(0 <= x <= 1 for x in numbers))
        shares = numbers if as_it_is else [1 / (1 + math.exp(-x)) if x > -700 else 0.0 for x in numbers]
    return [shares[j * size : (j + 1) * size] for j in range(size)]


def boundary(
    model: Any,
    X: Sequence[Sequence[float]],
    y: Sequence[Any],
    size: int = 40,
    score: str = "auto",
    theme: str = "auto",
    ax: Any = None,
) -> Svg | Any:
    """The plane in the colours of the model's answers, and the data upon it: class 0 round, others square.

    Args:
        model: takes two numbers.
        X: the samples.
        y: their classes.
        size: points along each side of the plane.
        score: how one output becomes a share; see `answers`.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".
        ax: axes of matplotlib, to draw on them instead.

    Returns:
        An SVG picture, or `ax`.

    Raises:
        ValueError: samples do not have two numbers.

    >>> import nn
    >>> X, y = nn.data.moons(20)
    >>> boundary(nn.MLP(2, [4, 1]), X, y, size=8)[:4]
    '<svg'
    """
    X, y = chosen_list("boundary", "X", X), chosen_list("boundary", "y", y)
    if any(len(x) != 2 for x in X):
        raise problem(ValueError, "look_two_inputs")
    box = bounds_of(X)
    if ax is not None:
        return _on_axes(ax, answers(model, box, size, score), box, X, y)
    width, height = 320.0, 300.0
    across, up = Scale(box[0], box[1], 50, width - 10), Scale(box[2], box[3], height - 40, 26)
    body = cells(answers(model, box, size, score), across, up)
    body += frame(across, up, say("chart_boundary"), "x1", "x2")
    for point, label in zip(X, y):
        body += mark(across.place(point[0]), up.place(point[1]), _is_first(label))
    body += key(width + 8, up)
    told = say("chart_boundary_told", count=len(X))
    return document(body, width + KEY, height, say("chart_boundary"), description=told, theme=theme)


def _on_axes(
    ax: Any, shares: list[list[float]], box: Bounds, X: Sequence[Sequence[float]], y: Sequence[Any]
) -> Any:
    ax.imshow(shares, origin="lower", extent=box, aspect="auto", cmap="RdBu_r", vmin=0.0, vmax=1.0, alpha=0.6)
    for first, sign, colour in ((True, "o", "#2166ac"), (False, "s", "#d6604d")):
        chosen = [point for point, label in zip(X, y) if _is_first(label) == first]
        place, label = zip(*chosen) if chosen else ((), ()), say("chart_class_0" if first else "chart_others")
        ax.scatter(*place, marker=sign, color=colour, edgecolors="white", label=label)
    ax.set_xlabel("x1")
    ax.set_ylabel("x2")
    return ax


def key(x: float, up: Scale) -> str:
    """What the colours and the signs mean: a bar of the shares from 0 to 1, and the two signs."""
    bar = Scale(0.0, 1.0, up.start - 60, up.end + 16)
    steps = 40
    high = (bar.start - bar.end) / steps
    parts = [text(x, up.end + 4, say("chart_says"), "start")]
    for i in range(steps):
        y = bar.place((i + 1) / steps)
        place = f'x="{n(x)}" y="{n(y)}" width="14" height="{n(high + 0.4)}"'
        parts.append(f'<rect {place} fill="{heat((i + 0.5) / steps)}"/>')
    parts += [text(x + 20, bar.place(share) + 4, f"{share:g}", "start", 10) for share in (0.0, 0.5, 1.0)]
    for row, (first, words) in enumerate([(True, say("chart_class_0")), (False, say("chart_others"))]):
        y = up.start - 32 + 18 * row
        parts += [mark(x + 7, y, first), text(x + 20, y + 4, words, "start", 10)]
    return "".join(parts)


def mark(x: float, y: float, first: bool) -> str:
    """A sample: a disc for the first class, a square for others."""
    rim = 'stroke="#ffffff" stroke-width="1.3"'  # seen on every colour of the plane
    if first:
        return f'<circle cx="{n(x)}" cy="{n(y)}" r="3.4" fill="#2166ac" {rim}/>'
    return f'<rect x="{n(x - 3)}" y="{n(y - 3)}" width="6" height="6" fill="#d6604d" {rim}/>'


def _is_first(label: Any) -> bool:
    number = label[0] if hasattr(label, "__len__") else label
    return bool(number <= 0)


def _last_share(scores: list[float]) -> float:
    top = max(scores)
    weights = [math.exp(s - top) for s in scores]
    return weights[-1] / fsum(weights)
