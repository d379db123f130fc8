"""`tangent`: the curve of a function and its slope at a point that a slider moves.

A picture with axes, a grid and a triangle to read the slope off, and a few lines of script; without scripts
the picture of the first point remains.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from autograd.drawing.axes import Scale
from autograd.drawing.palette import THEMES, variables
from autograd.files import write_file
from autograd.messages import page_language, word
from autograd.settings import Range, chosen_number, chosen_word
from autograd.trace.digits import digits
from autograd.value import Value

POINTS = 120  # the slider's steps
WIDTH, HEIGHT = 600.0, 380.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 88.0, 14.0, 34.0  # on the right there is room for a number
TICKS = 8  # about so many on each axis
ROLES = ["paper", "card", "ink", "muted", "frame", "track", "plus", "minus", "local"]

PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title><style>{colours}
body{{margin:8px;font:15px system-ui,sans-serif;color:var(--ink);background:var(--paper)}}
svg{{max-width:100%;height:auto;display:block}}input{{width:min({width:.0f}px,98%);accent-color:var(--minus)}}
output{{font-variant-numeric:tabular-nums}}button{{font:inherit;color:inherit;background:var(--card);
border:1px solid var(--muted);border-radius:8px;padding:4px 12px;margin-left:12px}}
text{{font-size:12px;fill:var(--ink)}}.n{{fill:var(--muted)}}.g{{stroke:var(--track)}}.a{{stroke:var(--muted)}}
#curve{{stroke:var(--plus);stroke-width:2.2;fill:none}}#line{{stroke:var(--minus);stroke-width:1.6}}
#dot{{fill:var(--minus)}}#tri{{stroke:var(--local);stroke-width:2;fill:none}}.t{{fill:var(--local);font-weight:600;
paint-order:stroke;stroke:var(--paper);stroke-width:4px}}
@media(max-width:500px){{text{{font-size:18px}}}}@media print{{input,button{{display:none}}}}</style>
{svg}<label>x <input type="range" min="0" max="{last}" value="{at}" aria-label="x"></label>
<p><output aria-live="polite">{said}</output>{button}</p><script>
const P={points},S={sides},$=id=>document.getElementById(id),I=document.querySelector('input'),
B=document.querySelector('button'),put=(e,a)=>{{for(const k in a)e.setAttribute(k,a[k])}}
let shown=!B
I.oninput=()=>{{const[x,y,s,X,Y,m,T,R,x1,y1,x2,y2]=P[I.value],q=shown?'':'?'
put($('line'),{{visibility:m===null?'hidden':'visible',x1:0,x2:{width},y1:Y+m*X,y2:Y-m*({width}-X)}})
put($('dot'),{{cx:X,cy:Y,visibility:Y===null?'hidden':'visible'}});put($('tri'),{{points:T}})
put($('run'),{{x:x1,y:y1}});put($('rise'),{{x:x2,y:y2}})
$('rise').textContent=S[1].replace('#',q||R)
for(const k of['run','rise'])$(k).setAttribute('visibility',T?'visible':'hidden')
document.querySelector('output').textContent=S[0].replace('X',x).replace('Y',y).replace('S',q||s)}}
if(B)B.onclick=()=>{{shown=true;B.hidden=true;I.oninput()}}</script></html>"""


class Place(NamedTuple):
    """One point of the curve with its slope, as texts and in pixels, and the triangle beside it."""

    x: str
    y: str
    slope: str
    left: float
    top: float | None
    steepness: float | None  # pixels up per pixel to the right; None: no slope
    triangle: str
    rise: str
    run_at: tuple[float, float]
    rise_at: tuple[float, float]

    def row(self) -> list[Any]:
        """For the page's script."""
        texts = [self.x, self.y, self.slope, self.left, self.top, self.steepness, self.triangle, self.rise]
        return [*texts, *self.run_at, *self.rise_at]


class Tangent:
    """What `tangent` returns: a page in a frame, in a notebook; `.save` writes it."""

    def __init__(
        self, f: Callable[[Any], Any], low: float, high: float, at: float, hide: bool, theme: str,
        lang: str | None,
    ) -> None:  # fmt: skip
        self.lang, self.hide = lang, hide
        self.theme = chosen_word("tangent", "theme", theme, THEMES)
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
        finite = [y for _, y, _ in self.points if math.isfinite(y)] or [0.0]
        self.across = Scale(low, high, LEFT, WIDTH - RIGHT)
        margin = 0.04 * (max(finite) - min(finite))
        self.up = Scale(min(finite) - margin, max(finite) + margin, HEIGHT - BOTTOM, TOP)
        self.run = _run(high - low)

    def html(self) -> str:
        """The page."""
        placed = [self._place(*point) for point in self.points]
        sides = [word("tangent", self.lang), word("rise", self.lang, size="#")]
        told = escape(word("show_numbers", self.lang))
        button = f'<button type="button">{told}</button>' if self.hide else ""
        points = json.dumps([place.row() for place in placed])
        said = escape(self._said())
        return PAGE.format(
            lang=page_language(self.lang), title=said, width=WIDTH, svg=self._svg(placed), button=button,
            last=len(placed) - 1, at=self.at, said=said, points=points, sides=json.dumps(sides),
            colours=variables(ROLES, self.theme),
        )  # fmt: skip

    def _said(self) -> str:
        x, y, slope = self.points[self.at]
        text = word("tangent", self.lang).replace("X", digits(round(x, 9))).replace("Y", digits(y))
        return text.replace("S", "?" if self.hide else digits(slope))

    def _place(self, x: float, y: float, slope: float) -> Place:
        told = digits(round(x, 9)), digits(y), digits(slope)
        left = round(self.across.place(x), 1)
        if not (math.isfinite(y) and math.isfinite(slope)):
            return Place(*told, left, None, None, "", "?", (0.0, 0.0), (0.0, 0.0))
        up, across = self.up, self.across
        rise = slope * self.run
        back = x + self.run > across.high  # then the triangle ends at the point instead of beginning there
        ends = [(x - self.run, y - rise), (x, y)] if back else [(x, y), (x + self.run, y + rise)]
        (x0, y0), (x1, y1) = ((round(across.place(a), 1), round(up.place(b), 1)) for a, b in ends)
        under = 15.0 if rise >= 0 else -6.0
        inside = [min(max(y, TOP + 8), HEIGHT - BOTTOM - 4) for y in (y0 + under, (y0 + y1) / 2 + 4)]
        pixels = (up.start - up.end) / (up.high - up.low) / (across.end - across.start)
        steepness = round(slope * pixels * (across.high - across.low), 4)
        triangle = f"{x0},{y0} {x1},{y0} {x1},{y1}"
        run_at, rise_at = ((x0 + x1) / 2, inside[0]), (x1 + 6, inside[1])
        return Place(
            *told, left, round(up.place(y), 1), steepness, triangle, digits(rise), run_at, rise_at
        )  # fmt: skip

    def _svg(self, placed: list[Place]) -> str:
        here = placed[self.at]
        rise = "?" if self.hide else here.rise
        slope, top = here.steepness or 0.0, here.top or 0.0
        shown = "visible" if here.triangle else "hidden"
        ends = f'y1="{top + slope * here.left:.1f}" y2="{top - slope * (WIDTH - here.left):.1f}"'
        (a, b), (c, d) = here.run_at, here.rise_at
        field = f'x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - TOP - BOTTOM}"'
        words = [word("run", self.lang, size=digits(self.run)), word("rise", self.lang, size=rise)]
        texts = [
            f'<text class="t" id="run" visibility="{shown}" x="{a:.1f}" y="{b:.1f}" text-anchor="middle">',
            f'<text class="t" id="rise" visibility="{shown}" x="{c:.1f}" y="{d:.1f}">',
        ]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
            f'width="{WIDTH:.0f}" role="img" aria-label="{escape(word("tangent_picture", self.lang))}">'
            f'<clipPath id="field"><rect {field}/></clipPath>{self._axes()}<g clip-path="url(#field)">'
            f'<path id="curve" d="{_path(placed)}"/>'
            f'<line id="line" visibility="{shown}" x1="0" x2="{WIDTH}" {ends}/>'
            f'<polyline id="tri" points="{here.triangle}"/></g>'
            f'<circle id="dot" visibility="{shown}" cx="{here.left}" cy="{top}" r="5"/>'
            + "".join(f"{start}{told}</text>" for start, told in zip(texts, words))
            + "</svg>"
        )

    def _axes(self) -> str:
        """Grid, numbers, and the two axes: at 0 where that is in the picture, else at its edge."""
        bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        parts = []
        for t in self.across.ticks(TICKS):
            x = f"{self.across.place(t):.1f}"
            parts.append(f'<line class="g" x1="{x}" x2="{x}" y1="{TOP}" y2="{bottom}"/>')
            parts.append(_tick(t, "x", x, f"{bottom + 18}", "middle"))
        for t in self.up.ticks(TICKS):
            y = self.up.place(t)
            parts.append(f'<line class="g" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(_tick(t, "y", f"{LEFT - 8}", f"{y + 4:.1f}", "end"))
        left = self.across.place(min(max(0.0, self.across.low), self.across.high))
        top = self.up.place(min(max(0.0, self.up.low), self.up.high))
        parts.append(f'<path class="a" fill="none" d="M{left:.1f} {TOP}V{bottom}M{LEFT} {top:.1f}H{right}"/>')
        return "".join(parts)

    def save(self, path: str) -> None:
        """Write the page to a file."""
        write_file(path, self.html())

    def _repr_html_(self) -> str:
        frame = f'style="width:100%;height:{HEIGHT + 110:.0f}px;border:0" title="{escape(self._said())}"'
        return f'<iframe srcdoc="{escape(self.html())}" {frame}></iframe>'

    def __repr__(self) -> str:
        return self._said()


def _run(width: float) -> float:
    """How far the triangle goes to the right: 1, or the power of ten that fits into this width."""
    return 10.0 ** round(math.log10(width / 6.0))


def _tick(number: float, axis: str, x: str, y: str, anchor: str) -> str:
    shown = f"{number:.6g}" if number else "0"
    return f'<text class="n" data-axis="{axis}" x="{x}" y="{y}" text-anchor="{anchor}">{shown}</text>'


def _path(placed: list[Place]) -> str:
    """The curve, with a gap where the function has no value."""
    steps, pen = [], "M"
    for place in placed:
        if place.top is None:
            pen = "M"
            continue
        steps.append(f"{pen}{place.left} {place.top}")
        pen = "L"
    return "".join(steps)


def tangent(
    f: Callable[[Any], Any], low: float, high: float, *, at: float | None = None, hide: bool = False,
    theme: str = "auto", lang: str | None = None,
) -> Tangent:  # fmt: skip
    """The curve of `f` from `low` to `high`, with its tangent at a point that a slider moves.

    Args:
        f: a function of one Value that returns a Value.
        low: left end.
        high: right end.
        at: where the slider starts; by default a quarter of the way.
        hide: keep the slope to be guessed, until the reader asks for it.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".
        lang: "en" or "zh"; by default the language in force.

    >>> from autograd import tangent
    >>> tangent(lambda x: x * x - 3 * x + 4, -2, 4, at=1)
    x = 1, height 2, slope -1
    >>> tangent(lambda x: x * x - 3 * x + 4, -2, 4, at=1, hide=True)
    x = 1, height 2, slope ?
    """
    start = low + (high - low) / 4 if at is None else at
    return Tangent(f, low, high, start, hide, theme, lang)
