"""Colours, in light and in dark, and how they are written into an SVG.

Every element carries its light colour as a literal attribute, since converters know no variables, and a
class that a media query gives the dark colour.  Text keeps a contrast of 4.5 to 1 on every ground that it can
stand on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# of every role its light and its dark colour
COLOURS = {
    "paper": ("#ffffff", "#11161d"),
    "card": ("#ffffff", "#1a212b"),
    "head": ("#eef2f7", "#263140"),
    "frame": ("#c3ccd6", "#3f4c5b"),
    "strong": ("#3d4a58", "#c3ced9"),
    "ink": ("#17212b", "#e8eef4"),
    "muted": ("#4b5763", "#b0bcc8"),
    "edge": ("#84919e", "#76848f"),
    "edge1": ("#5b9490", "#5f9a95"),
    "edge2": ("#9a8f4e", "#9a9150"),
    "edge3": ("#a07fa8", "#a886b0"),
    "edge4": ("#a9846a", "#b08a6f"),
    "local": ("#6a35b8", "#c3a6ff"),
    "accent": ("#0a7d55", "#4fd6a0"),
    "bad": ("#c01f2f", "#ff8088"),
    "track": ("#dfe5eb", "#33404e"),
    "plus": ("#1668b3", "#62b0f5"),
    "plus1": ("#e8f1fb", "#17283b"),
    "plus2": ("#cbe1f6", "#193957"),
    "plus3": ("#b0d3f3", "#1c4873"),
    "minus": ("#b34d0b", "#f39a5e"),
    "minus1": ("#fdf0e6", "#33241a"),
    "minus2": ("#fbdcc4", "#4f301b"),
    "minus3": ("#f8c7a3", "#683c1d"),
}
THEMES = ("auto", "light", "dark")


def paint(theme: str, fill: str = "", stroke: str = "") -> str:
    """The attributes that give an element the colours of two roles.

    >>> paint("light", "ink")
    'fill="#17212b"'
    >>> paint("auto", "card", "frame")
    'class="ag-f-card ag-s-frame" fill="#ffffff" stroke="#c3ccd6"'
    """
    asked = [(attribute, role) for attribute, role in (("fill", fill), ("stroke", stroke)) if role]
    literal = [f'{attribute}="{COLOURS[role][theme == "dark"]}"' for attribute, role in asked]
    classes = " ".join(f"ag-{attribute[0]}-{role}" for attribute, role in asked)
    return " ".join([f'class="{classes}"', *literal] if theme == "auto" else literal)


def variables(roles: Iterable[str], theme: str = "auto") -> str:
    """The colours of roles as variables of a page's style, `var(--ink)` and so on; "auto" follows its reader.

    >>> variables(["ink"], "dark")
    ':root:root{color-scheme:dark;--ink:#e8eef4}'
    """
    light, dark = (";".join(f"--{role}:{COLOURS[role][i]}" for role in roles) for i in (0, 1))
    if theme != "auto":  # stronger than what a style that comes later says
        return f":root:root{{color-scheme:{theme};{dark if theme == 'dark' else light}}}"
    return f":root{{color-scheme:light dark;{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def style(theme: str, body: str, rules: str = "") -> str:
    """The style element: `rules`, and unless the theme is fixed the dark colours of the roles in `body`."""
    dark = ""
    if theme == "auto":
        used = sorted(set(re.findall(r"\bag-([fs])-([a-z0-9]+)", body)))
        names = {"f": "fill", "s": "stroke"}
        dark = "".join(f".ag-{letter}-{role}{{{names[letter]}:{COLOURS[role][1]}}}" for letter, role in used)
        dark = f"@media (prefers-color-scheme:dark){{{dark}}}"
    return f"<style>{rules}{dark}</style>" if rules or dark else ""
