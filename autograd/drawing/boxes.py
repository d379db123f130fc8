"""A node's box as SVG: name and expression, data, gradient with its tint and bar."""

from __future__ import annotations

import math

from autograd.drawing.cards import BODY, HEAD, NAME, PAD, ROW, SMALL, SPACE, Look, describe, head, rows
from autograd.drawing.measure import width
from autograd.drawing.palette import paint
from autograd.drawing.scene import Box
from autograd.drawing.shapes import DASHES, escaped, framed, number, rectangle, text_line

LEVELS = 3  # strengths of the tint of a gradient
Place = tuple[float, float, float, float]  # left, top, width, height


def box(i: int, shown: Box, place: Place, look: Look, peak: float, uses: int) -> str:
    """The group of elements of box number `i`; `peak` is the gradient that fills its bar."""
    left, top, wide, high = place
    name, expression = head(shown)
    faded = ' opacity="0.3"' if shown.faded else ""
    opening, closing = (f'<a href="#{shown.link}">', "</a>") if shown.link else ("", "")
    parts = [f'{opening}<g class="ag-node" data-node="{i}"{faded}>']
    parts.append(f"<title>{escaped(describe(shown, look, uses))}</title>")
    if shown.kind == "constant":
        parts.append(framed(left, top, wide, high, look.theme, "head", "frame", 13))
        middle = (left + wide / 2, top + high / 2)
        parts.append(text_line(*middle, name, NAME, "muted", look.theme, anchor="middle"))
        return "".join([*parts, f"</g>{closing}"])
    if shown.kind == "group":
        parts.append(framed(left + 5, top + 5, wide, high, look.theme, "card", "frame", 8))
    frame, thick, dashes = _frame(shown)
    parts.append(framed(left, top, wide, high, look.theme, "card", frame, 8, thick, dashes))
    if shown.kind == "leaf":
        parts.append(_ground_of_head(left, top, wide, look))
    parts.append(_title(left + PAD, top + HEAD / 2, name, expression, look))
    for k, (key, text) in enumerate(rows(shown, look)):
        parts += _row(shown, k, key, text, (left, top + HEAD + ROW * k + 2, wide, ROW), look, peak)
    return "".join([*parts, f"</g>{closing}"])


def _frame(shown: Box) -> tuple[str, float, str]:
    """Colour, thickness and dashes of a box's frame."""
    if shown.current:
        return "accent", 3.0, ""
    if shown.bad:
        return "bad", 2.0, "" if shown.bad == "first" else ' stroke-dasharray="2 3"'
    return ("strong", 2.0, "") if shown.root else ("frame", 1.2, "")


def _ground_of_head(left: float, top: float, wide: float, look: Look) -> str:
    """The tinted head of a leaf, with the box's round corners above."""
    up, flat = number(8 - HEAD), number(wide - 16)
    d = f"M{number(left + 1)} {number(top + HEAD)}v{up}q0 -7 7 -7h{flat}q7 0 7 7v{number(HEAD - 8)}z"
    return f'<path d="{d}" {paint(look.theme, "head")}/>'


def _title(x: float, middle: float, name: str, expression: str, look: Look) -> str:
    """A name and the expression after it, in one line of text, so that any font puts them side by side."""
    at = f'x="{number(x)}" y="{number(middle + 0.36 * NAME)}" font-size="{number(NAME)}" font-weight="600"'
    line = f"<text {at} {paint(look.theme, 'ink')}>{escaped(name)}"
    if expression:
        style = f'dx="{number(SPACE)}" font-size="{number(BODY)}" font-weight="400"'
        line += f"<tspan {style} {paint(look.theme, 'muted')}>{escaped(expression)}</tspan>"
    return line + "</text>"


def _row(shown: Box, k: int, key: str, text: str, place: Place, look: Look, peak: float) -> list[str]:
    """One line of a box: what it is on the left, its number on the right, behind a gradient tint and bar."""
    left, top, wide, _ = place
    middle, end = top + ROW / 2, left + wide - PAD
    what = ("data", "grad")[k] if shown.kind != "group" else ""
    blank = what in look.blank
    key = "grad" if blank and not key else key
    parts = []
    if what == "grad" and shown.grad and not blank:
        parts += _tint(shown, place, look, peak)
    if key:
        parts.append(text_line(left + PAD, middle, key, SMALL, "muted", look.theme))
    if blank:
        x = left + PAD + width(key, SMALL) + SPACE
        parts.append(framed(x, top + 2, end - x, ROW - 3, look.theme, "card", "muted", 3, 1, DASHES))
    elif not key:
        parts.append(text_line(left + PAD, middle, text, SMALL, "muted", look.theme))
    elif text:
        number_shown = shown.data if what == "data" else shown.grad
        finite = number_shown is None or math.isfinite(number_shown)
        colour = "ink" if finite else "bad"
        parts.append(text_line(end, middle, text, BODY, colour, look.theme, anchor="end", of=what))
    return parts


def _tint(shown: Box, place: Place, look: Look, peak: float) -> list[str]:
    """A ground whose colour tells sign and size of a gradient; a bar under it tells both by its length.

    Hollow while some uses of the node are missing in its gradient.
    """
    left, top, wide, high = place
    grad = shown.grad or 0.0
    if grad != grad:
        return []
    sign = "minus" if grad < 0 else "plus"
    share = min(abs(grad) / peak, 1.0) if peak and math.isfinite(grad) else 1.0
    level = min(int(share * LEVELS) + 1, LEVELS)
    half = wide / 2 - PAD
    centre, long = left + wide / 2, max(share * half, 1.5)
    under = top + high + 0.5
    theme = look.theme
    if shown.so_far:
        ground = framed(left + 4, top, wide - 8, high, theme, "card", sign, 4, 1)
    else:
        ground = rectangle(left + 4, top, wide - 8, high, paint(theme, f"{sign}{level}"), 4)
    start = centre - long if grad < 0 else centre
    return [
        ground,
        rectangle(centre - half, under, 2 * half, 3, paint(theme, "track"), 1.5),
        rectangle(start, under, long, 3, paint(theme, sign)),
        rectangle(centre - 0.5, under - 1, 1, 5, paint(theme, "muted")),
    ]
