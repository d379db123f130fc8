"""What stands on a box, and how large that makes it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from autograd.drawing.measure import shorten, width
from autograd.drawing.scene import Box, Link
from autograd.messages import word
from autograd.trace.digits import digits

NAME, BODY, SMALL = 13.0, 12.0, 11.0  # type sizes in pixels
PAD = 10.0
HEAD, ROW, FOOT = 27.0, 19.0, 8.0  # heights
WIDEST = 250.0  # a longer expression is cut, and stands whole in the tooltip
NARROWEST = 92.0
SPACE = 7.0


@dataclass(frozen=True)
class Look:
    """How a picture is to look: language, colours, what is left blank, which labels are shown.

    `digits` writes its numbers: those of a trace, where the picture stands beside what tells the graph.
    """

    lang: str = "en"
    theme: str = "auto"
    blank: Collection[str] = ()  # of "data", "grad", "local"
    labels: bool = True
    legend: bool = True
    digits: Callable[[float], str] = digits


def head(box: Box) -> tuple[str, str]:
    """The name and the expression in the upper line of a box, cut to fit."""
    name = shorten(box.name, NAME, WIDEST - 2 * PAD, bold=True)
    if not box.expression:
        return name, ""
    room = WIDEST - 2 * PAD - width(name, NAME, bold=True) - SPACE
    text = box.expression if box.kind == "group" else "= " + box.expression
    return name, shorten(text, BODY, max(room, 60.0))


def rows(box: Box, look: Look) -> list[tuple[str, str]]:
    """The lines under the head of a box: pairs (what it is, number)."""
    if box.kind == "constant":
        return []
    if box.kind == "group":
        return [("", text) for text in (box.content, word("draw_nodes", look.lang, count=box.size)) if text]
    data_key, grad_key = (word(f"draw_{what}", look.lang) for what in ("data", "grad"))
    if box.waiting:
        return [(data_key, "" if box.data is None else look.digits(box.data)), (grad_key, "")]
    old_data, old_grad = box.before or (None, None)
    grad = word("draw_none", look.lang) if box.grad is None else _change(old_grad, box.grad, look)
    return [(data_key, _change(old_data, box.data, look)), (grad_key if box.grad is not None else "", grad)]


def _change(old: float | None, new: float | None, look: Look) -> str:
    if new is None:
        return ""
    return look.digits(new) if old is None or old == new else f"{look.digits(old)} → {look.digits(new)}"


def box_size(box: Box, look: Look) -> tuple[float, float]:
    """Width and height of a box, in whole pixels."""
    name, expression = head(box)
    wide = width(name, NAME, bold=True) + (SPACE + width(expression, BODY) if expression else 0.0)
    lines = rows(box, look)
    if not lines:
        return float(round(wide + 2 * PAD + 4.0)), 26.0
    for key, text in lines:
        wide = max(wide, width(key, SMALL) + 2 * SPACE + width(text, BODY))
    return float(round(max(wide + 2 * PAD, NARROWEST))), HEAD + ROW * len(lines) + FOOT


def label(link: Link, look: Look) -> str:
    """The text on an edge: its local derivative."""
    if not look.labels or link.local is None:
        return ""
    return "    " if "local" in look.blank else look.digits(link.local)


def label_size(link: Link, look: Look) -> tuple[float, float]:
    """Width and height of the text on an edge."""
    text = label(link, look)
    return (width(text, SMALL) + 6.0, 14.0) if text else (0.0, 0.0)


def describe(box: Box, look: Look, uses: int) -> str:
    """A box in one line, for tooltips and screen readers."""
    parts = [f"{box.name} = {box.expression}" if box.expression and box.kind != "group" else box.name]
    if box.kind in ("leaf", "constant"):
        parts.append(word(f"draw_{box.kind}", look.lang))
    if box.kind == "group":
        parts += [box.expression, word("draw_nodes", look.lang, count=box.size)]
    if box.data is not None and box.kind != "constant" and "data" not in look.blank:
        parts.append(f"{word('draw_data', look.lang)} {look.digits(box.data)}")
    if box.kind in ("leaf", "op") and "grad" not in look.blank:
        told = "" if box.grad is None else f"{word('draw_grad', look.lang)} {look.digits(box.grad)}"
        parts.append(told or word("draw_none", look.lang))
    if uses > 1:
        parts.append(word("draw_use", look.lang, count=uses))
    return word("semicolon", look.lang).join(part for part in parts if part)
