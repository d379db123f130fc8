"""What an SVG of a graph is made of: plain shapes, the boxes of nodes, the legend under the picture."""

from __future__ import annotations

import math
from html import escape

from autograd.drawing.cards import BODY, HEAD, NAME, PAD, ROW, SMALL, SPACE, Look, describe, head, label, rows
from autograd.drawing.layout import MARGIN
from autograd.drawing.measure import width
from autograd.drawing.palette import paint
from autograd.drawing.scene import Box, Scene
from autograd.messages import word

DASHES = ' stroke-dasharray="3 2"'


def number(x: float) -> str:
    """A coordinate with at most one decimal.

    >>> number(2.0), number(0.25)
    ('2', '0.2')
    """
    return f"{x:.1f}".removesuffix(".0")


def rectangle(
    x: float, y: float, wide: float, high: float, colours: str, rounded: float = 0.0, more: str = ""
) -> str:
    """A rectangle; `colours` are attributes from `paint`, `more` are further ones."""
    rx = f' rx="{number(rounded)}"' if rounded else ""
    at = f'x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}"'
    return f"<rect {at}{rx} {colours}{more}/>"


def framed(
    x: float, y: float, wide: float, high: float, theme: str, fill: str, stroke: str, rounded: float,
    thick: float = 1.2, more: str = "",
) -> str:  # fmt: skip
    """A rectangle with a frame, in the colours of two roles."""
    more = f' stroke-width="{number(thick)}"{more}'
    return rectangle(x, y, wide, high, paint(theme, fill, stroke), rounded, more)


def text_line(
    x: float, middle: float, text: str, size: float, role: str, theme: str, *, anchor: str = "start",
    of: str = "",
) -> str:  # fmt: skip
    """One line of text, centred on the height `middle`; `of` says what its number is."""
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-size="{number(size)}"' if size != BODY else ""
    more += f' data-of="{of}"' if of else ""
    baseline = number(middle + 0.36 * size)
    return f'<text x="{number(x)}" y="{baseline}"{more} {paint(theme, role)}>{escaped(text)}</text>'


def escaped(text: str) -> str:
    """Text between tags."""
    return escape(text, quote=False)


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
    key = word("draw_grad", look.lang) if blank and not key else key
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


LINE = 18.0
SWATCH = 20.0
BETWEEN = 18.0
NARROWEST = 260.0


def legend(scene: Scene, look: Look, peak: float, wide: float, top: float) -> tuple[list[str], float, float]:
    """The elements of the legend, the picture's width with it, and the legend's height.

    Args:
        scene: what the picture shows; only what occurs in it is explained.
        look: language and colours.
        peak: the largest gradient, which fills its bar.
        wide: the width of the picture so far; the legend's entries break into lines of it.
        top: the height of the picture so far.
    """
    entries = _entries(scene, look, peak)
    texts = [text for text in scene.note.split("\n") if text]
    if not entries and not texts:
        return [], wide, 0.0
    needed = [SWATCH + 6.0 + width(text, SMALL) if swatch else width(text, SMALL) for swatch, text in entries]
    needed += [width(text, SMALL) for text in texts]
    wide = max(wide, NARROWEST, 2 * MARGIN + max(needed))
    lines: list[str] = []
    x, y = MARGIN, top + 2.0
    for (swatch, text), size in zip([*entries, *(("", text) for text in texts)], needed):
        if x > MARGIN and (x + size > wide - MARGIN or text in texts):
            x, y = MARGIN, y + LINE
        if swatch:
            lines.append(_swatch(swatch, x, y, look))
        at = x + (SWATCH + 6.0 if swatch else 0.0)
        lines.append(text_line(at, y, text, SMALL, "muted", look.theme))
        x += size + BETWEEN
    return lines, wide, y + LINE - 4.0 - top


def _entries(scene: Scene, look: Look, peak: float) -> list[tuple[str, str]]:
    """Pairs (sign to draw, its meaning) for what this picture contains."""
    grads = [] if "grad" in look.blank else [box.grad for box in scene.boxes if box.grad]
    full = bool(peak and grads and math.isfinite(peak))
    entries = (
        (any(grad > 0 for grad in grads), "plus", "draw_plus"),
        (any(grad < 0 for grad in grads), "minus", "draw_minus"),
        (full, "track", "draw_full"),
        (any(label(link, look).strip() for link in scene.links), "local", "draw_local"),
        (any(link.flow == 0.0 for link in scene.links), "zero", "draw_zero"),
        (any(box.bad for box in scene.boxes), "bad", "draw_bad"),
        (any(box.before for box in scene.boxes), "", "draw_before"),
    )
    size = look.digits(peak) if full else ""
    return [(sign, word(key, look.lang, size=size)) for occurs, sign, key in entries if occurs]


def _swatch(kind: str, x: float, y: float, look: Look) -> str:
    theme, half = look.theme, SWATCH / 2
    line = f'<path d="M{number(x)} {number(y)}h{number(SWATCH)}" stroke-width="1.4" fill="none" '
    if kind in ("plus", "minus"):
        return (
            rectangle(x, y - 6, SWATCH, 9, paint(theme, kind + "2"), 2)
            + rectangle(x + half if kind == "plus" else x, y + 4, half, 3, paint(theme, kind))
            + rectangle(x + half - 0.5, y + 3, 1, 5, paint(theme, "muted"))
        )
    if kind == "track":
        ground = rectangle(x, y - 1.5, SWATCH, 3, paint(theme, "track"), 1.5)
        return ground + rectangle(x + half, y - 1.5, half, 3, paint(theme, "muted"))
    if kind == "local":
        ground = rectangle(x + 6, y - 6, 8, 12, paint(theme, "paper"))
        example = text_line(x + half, y, "2", SMALL, "local", theme, anchor="middle")
        return f"{line}{paint(theme, stroke='edge')}/>{ground}{example}"
    if kind == "zero":
        return f'{line}stroke-dasharray="2 4" {paint(theme, stroke="edge")}/>'
    more = ' fill="none" stroke-width="2"'
    return rectangle(x + 2, y - 6, 16, 11, paint(theme, stroke="bad"), 3, more)
