"""Charts as SVG from the standard library alone: the same bytes on every machine, light and dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from autograd import write_file
from autograd.drawing.axes import Scale
from autograd.drawing.elements import number as n
from autograd.drawing.measure import width as width_of
from autograd.settings import chosen_word
from nn.messages import listed, say

Point = tuple[float, float]

# Okabe and Ito's colours, told apart also by people who see few of them, two of them darker, so that they can
# be seen on white as well as on black; the dashes differ as well
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#2f8fc4")
DASHES = ("", "6 3", "2 2", "8 3 2 3", "1 3", "10 4")
INK, FAINT, PAPER = "#222222", "#999999", "#ffffff"
# light colours stand in the attributes, for converters; these rules override them in the dark
DARK = ".ch-paper{fill:#1b1b1b}.ch-ink{fill:#dddddd}.ch-axis{stroke:#888888}"
STYLES = {
    "auto": f"<style>@media (prefers-color-scheme: dark) {{{DARK}}}</style>",
    "light": "",
    "dark": f"<style>{DARK}</style>",
}
LEFT, TOP, BOTTOM, RIGHT = 56, 28, 40, 14


class Svg(str):
    """SVG text that shows itself as a picture in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return say("chart_repr", title=self._element("title"), count=len(self))

    def _element(self, name: str) -> str:
        return self.partition(f"<{name}>")[2].partition(f"</{name}>")[0]

    def _repr_html_(self) -> str:
        from autograd.drawing.page import image

        told = filter(None, [self._element("title"), self._element("desc")])
        return image(str(self), unescape(". ".join(told)))

    def save(self, path: str | Path) -> None:
        """Write the picture to a file."""
        write_file(path, str(self))


def document(
    body: str, width: float, height: float, title: str, *, description: str = "", theme: str = "auto"
) -> Svg:
    """A complete SVG document around the elements of `body`.

    Args:
        body: SVG elements.
        width: in pixels.
        height: in pixels.
        title: what it shows, in a few words.
        description: what those are told who do not see it.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".
    """
    chosen_word("nn.watching", "theme", theme, tuple(STYLES))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{n(width)}" height="{n(height)}" '
        f'viewBox="0 0 {n(width)} {n(height)}" font-family="sans-serif" font-size="11" role="img">'
    )
    told = f"<title>{escape(title)}</title>" + (f"<desc>{escape(description)}</desc>" if description else "")
    paper = f'<rect class="ch-paper" width="{n(width)}" height="{n(height)}" fill="{PAPER}"/>'
    return Svg(f"{head}{told}{STYLES[theme]}{paper}{body}</svg>")


def text(x: float, y: float, words: str, anchor: str = "middle", size: int = 11, turn: bool = False) -> str:
    """Words at a place; `turn` writes them upwards."""
    turned = f' transform="rotate(-90 {n(x)} {n(y)})"' if turn else ""
    return (
        f'<text class="ch-ink" x="{n(x)}" y="{n(y)}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{INK}"{turned}>{escape(words)}</text>'
    )


def side_by_side(
    parts: Sequence[tuple[str, float, float]],
    title: str,
    columns: int = 2,
    *,
    description: str = "",
    theme: str = "auto",
) -> Svg:
    """Several bodies with their widths and heights as one document, row by row; two fit into a cell."""
    body, x, y, widest, tallest = [], 0.0, 0.0, 0.0, 0.0
    for i, (inner, width, height) in enumerate(parts):
        if i and i % columns == 0:
            x, y, tallest = 0.0, y + tallest, 0.0
        body.append(f'<g transform="translate({n(x)} {n(y)})">{inner}</g>')
        x, tallest = x + width, max(tallest, height)
        widest = max(widest, x)
    return document("".join(body), widest, y + tallest, title, description=description, theme=theme)


def frame(x: Scale, y: Scale, title: str, x_label: str, y_label: str, only: float | None = None) -> str:
    """Axes with their numbers, along x with `only` one where that is given, and the three titles."""
    parts = [
        f'<path class="ch-axis" d="M{n(x.start)} {n(y.end)}V{n(y.start)}H{n(x.end)}" fill="none" '
        f'stroke="{FAINT}"/>'
    ]
    along = x.ticks() if only is None else [only]
    parts += [text(x.place(t), y.start + 14, f"{t:.4g}", size=10) for t in along]
    parts += [text(x.start - 5, y.place(t) + 3, f"{t:.4g}", "end", 10) for t in y.ticks()]
    middle = (x.start + x.end) / 2
    parts += [text(middle, y.end - 10, title, size=12), text(middle, y.start + 30, x_label)]
    return "".join([*parts, text(12, (y.start + y.end) / 2, y_label, turn=True)])


def lines_chart(
    series: Mapping[str, Sequence[Point]],
    title: str,
    x_label: str = "",
    y_label: str = "",
    *,
    log: bool = False,
    width: float = 340,
    height: float = 240,
) -> tuple[str, float, float]:
    """Curves by name in one frame, with a legend; a body for `side_by_side`.

    Points that are not finite, on a logarithmic axis also those up to 0, leave a gap.
    """
    shown = {
        name: [p if math.isfinite(p[1]) and (p[1] > 0 or not log) else None for p in curve]
        for name, curve in series.items()
    }
    points = [p for curve in shown.values() for p in curve if p] or [(0.0, 1.0)]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    edge = width - RIGHT
    if any(shown):  # the legend stands beside the frame
        width += 34 + max(width_of(name, 10) for name in shown)
    x = Scale(min(xs), max(xs), LEFT, edge)
    y = Scale(min(ys), max(ys), height - BOTTOM, TOP, log)
    parts = [frame(x, y, title, x_label, y_label)]
    for i, (name, curve) in enumerate(shown.items()):
        colour, dash = COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)]
        style = f'stroke="{colour}" stroke-width="1.6"' + (f' stroke-dasharray="{dash}"' if dash else "")
        parts.append(f'<path d="{_path(curve, x, y)}" fill="none" {style}/>')
        if name:
            row = TOP + 6 + 13 * i
            parts.append(f'<path d="M{n(edge + 8)} {n(row)}h18" fill="none" {style}/>')
            parts.append(text(edge + 30, row + 4, name, "start", 10))
    return "".join(parts), width, height


def bars_chart(
    heights: Sequence[float], low: float, high: float, title: str, colour: str, only: float | None = None
) -> tuple[str, float, float]:
    """Bars of equal width from `low` to `high`, or `only` one number: a body for `side_by_side`."""
    width, height = 220, 150
    x = Scale(low, high, LEFT, width - RIGHT)
    y = Scale(0.0, max([*heights, 1.0]), height - BOTTOM, TOP)
    wide = (x.end - x.start) / max(1, len(heights))
    bars = [
        f'<rect x="{n(x.start + i * wide)}" y="{n(y.place(h))}" width="{n(wide * 0.92)}" '
        f'height="{n(y.start - y.place(h))}" fill="{colour}"/>'
        for i, h in enumerate(heights)
        if h
    ]
    return frame(x, y, title, "", "", only) + "".join(bars), width, height


def heat(value: float) -> str:
    """A colour from blue (0) through near white (1/2) to orange (1), readable without telling red from green.

    >>> heat(0.0), heat(0.5), heat(1.0)
    ('#2166ac', '#f7f7f7', '#d6604d')
    """
    stops = ((33, 102, 172), (247, 247, 247), (214, 96, 77))
    share = min(1.0, max(0.0, value)) * 2 if value == value else 1.0
    i = min(1, int(share))
    mixed = [round(a + (b - a) * (share - i)) for a, b in zip(stops[i], stops[i + 1])]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def cells(grid: Sequence[Sequence[float]], x: Scale, y: Scale) -> str:
    """A grid of shares 0..1 as coloured cells, the first row at the bottom; a run of one colour is one."""
    wide, high = (x.end - x.start) / len(grid[0]), (y.start - y.end) / len(grid)
    parts = []
    for j, row in enumerate(grid):
        colours = [heat(round(value * 40) / 40) for value in row]
        i = 0
        while i < len(colours):
            run = next((k for k in range(i, len(colours)) if colours[k] != colours[i]), len(colours)) - i
            place = f'x="{n(x.start + i * wide)}" y="{n(y.start - (j + 1) * high)}"'
            size = f'width="{n(run * wide + 0.4)}" height="{n(high + 0.4)}"'
            parts.append(f'<rect {place} {size} fill="{colours[i]}"/>')
            i += run
    return "".join(parts)


def curves(history: Any, path: str | None = None, log: bool = False, theme: str = "auto") -> Svg:
    """One panel per recorded number, training and validation in the same panel.

    Args:
        history: what `fit` returned.
        path: also write the picture to this file.
        log: losses on a logarithmic axis.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".

    >>> from nn import History
    >>> history = History()
    >>> history.add(1, {"loss": 2.0, "val_loss": 2.5})
    >>> history.add(2, {"loss": 1.0, "val_loss": 2.25})
    >>> curves(history)[:4]
    '<svg'
    """
    names = [name for name in history.history if not name.startswith("val_")]
    known = {f"val_{name}" for name in names}
    names += [name for name in history.history if name.startswith("val_") and name not in known]
    parts = []
    for name in names:
        both = [column for column in (name, f"val_{name}") if column in history.history]
        series = {column: list(zip(history.epoch, history.history[column])) for column in both}
        parts.append(lines_chart(series, name, say("chart_epoch"), log=log and "loss" in name))
    if "gradient_norm" in history.steps:
        steps = {"": list(enumerate(history.steps["gradient_norm"], start=1))}
        parts.append(lines_chart(steps, say("chart_gradient_norm"), say("chart_step"), log=True))
    columns = [(name, column) for name, column in history.history.items() if column]
    told = [say("chart_from_to", name=name, first=x[0], last=x[-1]) for name, x in columns]
    picture = side_by_side(parts, say("chart_history"), description=listed(told), theme=theme)
    if path is not None:
        picture.save(path)
    return picture


def _path(curve: Sequence[Point | None], x: Scale, y: Scale) -> str:
    steps, pen = [], "M"
    for p in curve:
        if p is None:
            pen = "M"
        else:
            steps.append(f"{pen}{n(x.place(p[0]))} {n(y.place(p[1]))}")
            pen = "L"
    return "".join(steps)
