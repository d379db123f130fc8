"""`tangent`: the curve of a function and its slope at a point that a slider moves.

A picture and a few lines of script; without scripts the picture of the first point remains.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from html import escape
from typing import Any

from autograd.files import write_file
from autograd.messages import word
from autograd.settings import Range, chosen_number
from autograd.trace.digits import digits
from autograd.value import Value

POINTS = 120  # the slider's steps
WIDTH, HEIGHT, EDGE = 460.0, 280.0, 24.0

PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title><style>
body{{margin:8px;font:15px system-ui,sans-serif;color:#1c2127;background:#fff}}
svg{{max-width:100%;height:auto;display:block}}input{{width:min({width}px,98%)}}output{{font-variant-numeric:tabular-nums}}
.a{{stroke:#8a94a0}}.c{{stroke:#1b66c9;stroke-width:2;fill:none}}.t{{stroke:#c2410c;stroke-width:2}}.p{{fill:#c2410c}}
@media(prefers-color-scheme:dark){{body{{color:#e6e9ec;background:#16191d}}.c{{stroke:#6aa9ff}}.t{{stroke:#ff9a5c}}
.p{{fill:#ff9a5c}}}}</style>
{svg}<label>x <input type="range" min="0" max="{last}" value="{at}" aria-label="x"></label>
<p><output aria-live="polite">{said}</output></p><script>
const P={points},S={sides},T=document.querySelector('.t'),D=document.querySelector('.p'),
O=document.querySelector('output'),I=document.querySelector('input');
I.oninput=()=>{{const[x,y,s,X,Y,m]=P[I.value],w=60/Math.hypot(1,m);T.setAttribute('x1',X-w);T.setAttribute('x2',X+w);
T.setAttribute('y1',Y-w*m);T.setAttribute('y2',Y+w*m);D.setAttribute('cx',X);D.setAttribute('cy',Y);
O.textContent=S.replace('X',x).replace('Y',y).replace('S',s)}}</script></html>"""


class Tangent:
    """What `tangent` returns: a page in a frame, in a notebook; `.save` writes it."""

    def __init__(self, f: Callable[[Any], Any], low: float, high: float, at: float, lang: str | None) -> None:
        self.lang = lang
        low = float(chosen_number("tangent", "low", low))
        high = float(chosen_number("tangent", "high", high, Range(low, open="low")))
        at = float(chosen_number("tangent", "at", at))
        xs = [low + (high - low) * i / POINTS for i in range(POINTS + 1)]
        leaves = [Value(x) for x in xs]
        results = [f(leaf) for leaf in leaves]
        for y in results:
            y.backward()
        self.points = [(x, y.data, leaf.grad) for x, y, leaf in zip(xs, results, leaves)]
        self.at = min(range(len(xs)), key=lambda i: abs(xs[i] - at))

    def html(self) -> str:
        """The page."""
        finite = [y for _, y, _ in self.points if math.isfinite(y)]
        bottom, top = min(finite), max(finite)
        sx = (WIDTH - 2 * EDGE) / (self.points[-1][0] - self.points[0][0])
        sy = (HEIGHT - 2 * EDGE) / ((top - bottom) or 1.0)
        placed = []
        for x, y, slope in self.points:
            px, py = EDGE + (x - self.points[0][0]) * sx, HEIGHT - EDGE - (y - bottom) * sy
            placed.append(
                [digits(round(x, 6)), digits(y), digits(slope), round(px, 1), round(py, 1), -slope * sy / sx]
            )
        shape = json.dumps([[*p[:5], round(float(p[5]), 4)] for p in placed])
        sides = word("tangent", self.lang)
        x, y, slope = placed[self.at][:3]
        said = sides.replace("X", str(x)).replace("Y", str(y)).replace("S", str(slope))
        return PAGE.format(
            lang=self.lang or "en", title=escape(said), width=WIDTH, svg=self._svg(placed, bottom, sy),
            last=len(placed) - 1, at=self.at, said=escape(said), points=shape, sides=json.dumps(sides),
        )  # fmt: skip

    def _svg(self, placed: list[list[Any]], bottom: float, sy: float) -> str:
        line = " ".join(f"{p[3]},{p[4]}" for p in placed if p[1] not in ("inf", "-inf", "nan"))
        zero = HEIGHT - EDGE + bottom * sy
        axis = (
            f'<line class="a" x1="0" x2="{WIDTH}" y1="{zero:.1f}" y2="{zero:.1f}"/>'
            if 0 <= zero <= HEIGHT
            else ""
        )
        *_, px, py, slope = placed[self.at]
        w = 60 / math.hypot(1, slope)
        ends = f'x1="{px - w:.1f}" x2="{px + w:.1f}" y1="{py - w * slope:.1f}" y2="{py + w * slope:.1f}"'
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" aria-label="curve and tangent">'
            f'{axis}<polyline class="c" points="{line}"/><line class="t" {ends}/>'
            f'<circle class="p" cx="{px}" cy="{py}" r="5"/></svg>'
        )

    def save(self, path: str) -> None:
        """Write the page to a file."""
        write_file(path, self.html())

    def _repr_html_(self) -> str:
        frame = f'style="width:100%;height:{HEIGHT + 110:.0f}px;border:0" title="tangent"'
        return f'<iframe srcdoc="{escape(self.html())}" {frame}></iframe>'

    def __repr__(self) -> str:
        x, y, slope = self.points[self.at]
        said = word("tangent", self.lang).replace("X", digits(x)).replace("Y", digits(y))
        return said.replace("S", digits(slope))


def tangent(
    f: Callable[[Any], Any], low: float, high: float, *, at: float | None = None, lang: str | None = None
) -> Tangent:
    """The curve of `f` from `low` to `high`, with its tangent at a point that a slider moves.

    Args:
        f: a function of one Value that returns a Value.
        low: left end.
        high: right end.
        at: where the slider starts; by default a quarter of the way.
        lang: "en" or "zh"; by default the language in force.

    >>> from autograd import tangent
    >>> tangent(lambda x: x * x - 3 * x + 4, -2, 4, at=1)
    x = 1, height 2, slope -1
    """
    return Tangent(f, low, high, low + (high - low) / 4 if at is None else at, lang)
