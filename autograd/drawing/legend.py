"""The lines under a picture that say how to read it."""

from __future__ import annotations

import math

from autograd.drawing.cards import SMALL, Look, label
from autograd.drawing.layout import MARGIN
from autograd.drawing.measure import width
from autograd.drawing.palette import paint
from autograd.drawing.scene import Scene
from autograd.drawing.shapes import number, rectangle, text_line
from autograd.messages import word
from autograd.trace.digits import digits

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
    entries = []
    if any(grad > 0 for grad in grads):
        entries.append(("plus", word("draw_plus", look.lang)))
    if any(grad < 0 for grad in grads):
        entries.append(("minus", word("draw_minus", look.lang)))
    if peak and grads and math.isfinite(peak):
        entries.append(("track", word("draw_full", look.lang, size=digits(peak))))
    if any(label(link, look).strip() for link in scene.links):
        entries.append(("local", word("draw_local", look.lang)))
    if any(link.flow == 0.0 for link in scene.links):
        entries.append(("zero", word("draw_zero", look.lang)))
    if any(box.bad for box in scene.boxes):
        entries.append(("bad", word("draw_bad", look.lang)))
    if any(box.before for box in scene.boxes):
        entries.append(("", word("draw_before", look.lang)))
    return entries


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
