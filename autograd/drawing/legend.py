"""The lines under a picture that say how to read it."""

from __future__ import annotations

import math
from html import escape

from autograd.drawing.cards import SMALL, Look, label, word
from autograd.drawing.layout import MARGIN
from autograd.drawing.measure import width
from autograd.drawing.numbers import digits
from autograd.drawing.palette import paint
from autograd.drawing.scene import Scene

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
        lines.append(
            f'<text x="{at:g}" y="{y + 4.0:g}" font-size="{SMALL:g}" {paint(look.theme, "muted")}>'
            f"{escape(text, quote=False)}</text>"
        )
        x += size + BETWEEN
    return lines, wide, y + LINE - 4.0 - top


def _entries(scene: Scene, look: Look, peak: float) -> list[tuple[str, str]]:
    """Pairs (sign to draw, its meaning) for what this picture contains."""
    grads = [] if "grad" in look.blank else [box.grad for box in scene.boxes if box.grad]
    entries = []
    if any(grad > 0 for grad in grads):
        entries.append(("plus", word("plus", look.lang)))
    if any(grad < 0 for grad in grads):
        entries.append(("minus", word("minus", look.lang)))
    if peak and grads and math.isfinite(peak):
        entries.append(("track", word("full", look.lang, size=digits(peak))))
    if any(label(link, look).strip() for link in scene.links):
        entries.append(("local", word("local", look.lang)))
    if any(link.flow == 0.0 for link in scene.links):
        entries.append(("zero", word("zero", look.lang)))
    if any(box.bad for box in scene.boxes):
        entries.append(("bad", word("bad", look.lang)))
    if any(box.before for box in scene.boxes):
        entries.append(("", word("before", look.lang)))
    return entries


def _swatch(kind: str, x: float, y: float, look: Look) -> str:
    theme = look.theme
    if kind in ("plus", "minus"):
        half = SWATCH / 2
        start = x + half if kind == "plus" else x
        return (
            f'<rect x="{x:g}" y="{y - 6:g}" width="{SWATCH:g}" height="9" rx="2" {paint(theme, kind + "2")}/>'
            f'<rect x="{start:g}" y="{y + 4:g}" width="{half:g}" height="3" {paint(theme, kind)}/>'
            f'<rect x="{x + half - 0.5:g}" y="{y + 3:g}" width="1" height="5" {paint(theme, "muted")}/>'
        )
    if kind == "track":
        return (
            f'<rect x="{x:g}" y="{y - 1.5:g}" width="{SWATCH:g}" height="3" rx="1.5" {paint(theme, "track")}/>'
            f'<rect x="{x + SWATCH / 2:g}" y="{y - 1.5:g}" width="{SWATCH / 2:g}" height="3" {paint(theme, "muted")}/>'
        )
    if kind == "local":
        return (
            f'<path d="M{x:g} {y:g}h{SWATCH:g}" stroke-width="1.4" fill="none" {paint(theme, stroke="edge")}/>'
            f'<rect x="{x + 6:g}" y="{y - 6:g}" width="8" height="12" {paint(theme, "paper")}/>'
            f'<text x="{x + SWATCH / 2:g}" y="{y + 4:g}" text-anchor="middle" font-size="{SMALL:g}" '
            f"{paint(theme, 'local')}>2</text>"
        )
    if kind == "zero":
        return (
            f'<path d="M{x:g} {y:g}h{SWATCH:g}" stroke-width="1.4" fill="none" stroke-dasharray="2 4" '
            f"{paint(theme, stroke='edge')}/>"
        )
    return (
        f'<rect x="{x + 2:g}" y="{y - 6:g}" width="16" height="11" rx="3" fill="none" stroke-width="2" '
        f"{paint(theme, stroke='bad')}/>"
    )
