"""The elements of an SVG that pictures are made of: numbers, rectangles, lines of text."""

from __future__ import annotations

from html import escape

from autograd.drawing.cards import BODY
from autograd.drawing.palette import paint

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
    return rectangle(
        x, y, wide, high, paint(theme, fill, stroke), rounded, f' stroke-width="{number(thick)}"{more}'
    )


def text_line(
    x: float,
    middle: float,
    text: str,
    size: float,
    role: str,
    theme: str,
    *,
    anchor: str = "start",
    of: str = "",
) -> str:
    """One line of text, centred on the height `middle`; `of` says what its number is."""
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-size="{number(size)}"' if size != BODY else ""
    more += f' data-of="{of}"' if of else ""
    baseline = number(middle + 0.36 * size)
    return f'<text x="{number(x)}" y="{baseline}"{more} {paint(theme, role)}>{escaped(text)}</text>'


def escaped(text: str) -> str:
    """Text between tags."""
    return escape(text, quote=False)
