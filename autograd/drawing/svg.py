"""A laid-out scene as SVG: plain shapes and text, nothing from the network, the same bytes everywhere."""

from __future__ import annotations

import math
from collections import Counter
from html import escape

from autograd.drawing.arranging import Arrangement, Edge
from autograd.drawing.cards import (
    BODY,
    HEAD,
    NAME,
    PAD,
    ROW,
    SMALL,
    SPACE,
    Look,
    box_size,
    describe,
    head,
    label,
    label_size,
    rows,
)  # fmt: skip
from autograd.drawing.graphviz_layout import lay_out_by_dot
from autograd.drawing.layout import Layout, Route, lay_out
from autograd.drawing.legend import legend
from autograd.drawing.measure import width
from autograd.drawing.numbers import digits
from autograd.drawing.palette import paint, style
from autograd.drawing.scene import Box, Link, Scene

FONTS = (
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','PingFang SC','Microsoft YaHei',"
    "'Noto Sans CJK SC','DejaVu Sans',sans-serif"
)
WIDE = 1250.0  # pixels; wider than this, a picture is turned if that makes it narrower
LEVELS = 3  # strengths of the tint of a gradient


def lay_out_scene(scene: Scene, look: Look, direction: str = "LR", by_dot: bool = False) -> Layout:
    """Lay out a scene; "auto" reads from left to right unless that gets much too wide."""
    sizes = [box_size(box, look) for box in scene.boxes]
    edges = [
        Edge(min(x.source, x.target), max(x.source, x.target), label_size(x, look), x.free)
        for x in scene.links
    ]
    plan = None if by_dot else Arrangement(len(sizes), edges)

    def place(way: str) -> Layout:
        return lay_out_by_dot(sizes, edges, way) if by_dot else lay_out(sizes, edges, way, plan)

    if direction != "auto":
        return place(direction)
    wide = place("LR")
    if wide.width <= WIDE:
        return wide
    high = place("TB")
    return high if high.width < wide.width else wide


def render(scene: Scene, layout: Layout, look: Look) -> str:
    """The SVG document of a scene."""
    peak = _peak(scene)
    uses = Counter(link.source for link in scene.links)
    body = [_edge(link, route, look, layout) for link, route in zip(scene.links, layout.routes)]
    body += [_label(link, route, look) for link, route in zip(scene.links, layout.routes)]
    for number, (box, place) in enumerate(zip(scene.boxes, layout.boxes)):
        body.append(_box(number, box, place, look, peak, uses[number]))
    wide, high = layout.width, layout.height
    if look.legend:
        lines, wide, below = legend(scene, look, peak, wide, high)
        body += lines
        high += below
    drawing = "\n".join(line for line in body if line)
    w, h = _n(math.ceil(wide)), _n(math.ceil(high))
    title = escape(_title(scene), quote=False)
    paper = f'<rect width="{w}" height="{h}" rx="8" {paint(look.theme, "paper")}/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        f'font-family="{FONTS}" font-size="{_n(BODY)}">\n<title>{title}</title>\n'
        f"{style(look.theme, paper + drawing)}{paper}\n{drawing}\n</svg>\n"
    )


def _title(scene: Scene) -> str:
    roots = [box for box in scene.boxes if box.root]
    named = [f"{x.name} = {x.expression}" if x.expression else x.name for x in roots[:3]]
    return ", ".join(
        f"{text} = {digits(x.data)}" if x.data is not None else text for text, x in zip(named, roots)
    )


def _peak(scene: Scene) -> float:
    """The largest finite gradient, by size: the full length of a bar."""
    grads = [abs(box.grad) for box in scene.boxes if box.grad is not None and math.isfinite(box.grad)]
    return max(grads, default=0.0)


def _n(x: float) -> str:
    text = f"{x:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _box(
    number: int, box: Box, place: tuple[float, float, float, float], look: Look, peak: float, uses: int
) -> str:
    left, top, wide, high = place
    name, expr = head(box)
    faded = ' opacity="0.3"' if box.faded else ""
    parts = [
        f'<g class="ag-node" data-node="{number}"{faded}>',
        f"<title>{escape(describe(box, look, uses), quote=False)}</title>",
    ]
    lines = rows(box, look)
    frame, thick, dash = ("strong", 2.0, "") if box.root else ("frame", 1.2, "")
    if box.kind == "constant":
        parts.append(_rect(left, top, wide, high, 13, look, "head", "frame"))
        parts.append(_text(left + wide / 2, top + high / 2, name, NAME, "muted", look, anchor="middle"))
        return "".join([*parts, "</g>"])
    if box.bad:
        frame, thick, dash = "bad", 2.0, "" if box.bad == "first" else ' stroke-dasharray="2 3"'
    if box.kind == "group":
        parts.append(_rect(left + 5, top + 5, wide, high, 8, look, "card", "frame"))
    parts.append(_rect(left, top, wide, high, 8, look, "card", frame, thick, dash))
    if box.kind == "leaf":
        d = f"M{_n(left + 1)} {_n(top + HEAD)}v{_n(8 - HEAD)}q0 -7 7 -7h{_n(wide - 16)}q7 0 7 7v{_n(HEAD - 8)}z"
        parts.append(f'<path d="{d}" {paint(look.theme, "head")}/>')
    middle = top + HEAD / 2
    parts.append(_title_line(left + PAD, middle, name, expr, look))
    for i, (key, text) in enumerate(lines):
        parts += _row(box, i, key, text, left, top + HEAD + ROW * i + 2, wide, look, peak)
    return "".join([*parts, "</g>"])


def _title_line(x: float, middle: float, name: str, expression: str, look: Look) -> str:
    """A name and the expression after it, in one line of text, so that any font puts them side by side."""
    line = (
        f'<text x="{_n(x)}" y="{_n(middle + 0.36 * NAME)}" font-size="{_n(NAME)}" font-weight="600" '
        f"{paint(look.theme, 'ink')}>{escape(name, quote=False)}"
    )
    if expression:
        line += (
            f'<tspan dx="{_n(SPACE)}" font-size="{_n(BODY)}" font-weight="400" {paint(look.theme, "muted")}>'
            f"{escape(expression, quote=False)}</tspan>"
        )
    return line + "</text>"


def _row(
    box: Box, i: int, key: str, text: str, left: float, top: float, wide: float, look: Look, peak: float
) -> list[str]:
    """One line of a box: what it is on the left, the number on the right, behind a gradient its tint and bar."""
    parts = []
    what = ("data", "grad")[i] if box.kind != "group" else ""
    blank = what in look.blank
    if what == "grad" and box.grad and not blank:
        parts += _tint(box.grad, left, top, wide, look, peak)
    if what == "grad" and (box.grad is None or blank):
        key = key or ("grad" if blank else "")
    if key:
        parts.append(_text(left + PAD, top + ROW / 2, key, SMALL, "muted", look))
    if blank:
        x, room = left + PAD + width(key, SMALL) + SPACE, wide - 2 * PAD - width(key, SMALL) - SPACE
        parts.append(_rect(x, top + 2, room, ROW - 3, 3, look, "card", "muted", 1, ' stroke-dasharray="3 2"'))
    elif not key:
        parts.append(_text(left + PAD, top + ROW / 2, text, SMALL, "muted", look))
    else:
        colour = "bad" if what == "data" and box.bad else "ink"
        parts.append(
            _text(left + wide - PAD, top + ROW / 2, text, BODY, colour, look, anchor="end", data=what)
        )
    return parts


def _tint(grad: float, left: float, top: float, wide: float, look: Look, peak: float) -> list[str]:
    """A ground whose colour tells sign and size of a gradient, and under it a bar that tells both by its length."""
    sign = "minus" if grad < 0 else "plus"
    share = min(abs(grad) / peak, 1.0) if peak and math.isfinite(grad) else 1.0
    level = min(int(share * LEVELS) + 1, LEVELS)
    if grad != grad:
        return []
    half = (wide - 2 * PAD) / 2
    centre, long = left + wide / 2, max(share * half, 1.5)
    start = centre - long if grad < 0 else centre
    under = top + ROW + 0.5
    return [
        f'<rect x="{_n(left + 4)}" y="{_n(top)}" width="{_n(wide - 8)}" height="{_n(ROW)}" rx="4" '
        f"{paint(look.theme, f'{sign}{level}')}/>",
        f'<rect x="{_n(centre - half)}" y="{_n(under)}" width="{_n(2 * half)}" height="3" rx="1.5" '
        f"{paint(look.theme, 'track')}/>",
        f'<rect x="{_n(start)}" y="{_n(under)}" width="{_n(long)}" height="3" {paint(look.theme, sign)}/>',
        f'<rect x="{_n(centre - 0.5)}" y="{_n(under - 1)}" width="1" height="5" {paint(look.theme, "muted")}/>',
    ]


def _edge(link: Link, route: Route, look: Look, layout: Layout) -> str:
    colour, thick = ("accent", 2.6) if link.lit else ("edge", 1.4)
    dash = ' stroke-dasharray="2 4"' if link.flow == 0.0 and not link.lit else ""
    faded = ' opacity="0.3"' if link.faded else ""
    horizontal = layout.direction == "LR"
    return (
        f'<g class="ag-edge" data-edge="{link.target}-{link.index}"{faded}>'
        f'<path d="{path_of(route, horizontal)}" fill="none" stroke-width="{thick}"{dash} '
        f"{paint(look.theme, stroke=colour)}/>"
        f'<path d="{_arrow(route.points[-1], horizontal)}" {paint(look.theme, colour)}/></g>'
    )


def path_of(route: Route, horizontal: bool) -> str:
    """The path of an edge: straight in its lanes, curved in the channels between layers."""
    points = route.points
    if route.curved:
        start, *rest = [f"{_n(x)} {_n(y)}" for x, y in points]
        return f"M{start}C{' '.join(rest[:-1])}L{rest[-1]}"
    x, y = points[0]
    d = [f"M{_n(x)} {_n(y)}"]
    for here, there in zip(points[1:-1:2], points[2:-1:2]):
        d.append(f"L{_n(here[0])} {_n(here[1])}")
        if horizontal:
            middle = _n((here[0] + there[0]) / 2)
            d.append(f"C{middle} {_n(here[1])} {middle} {_n(there[1])} {_n(there[0])} {_n(there[1])}")
        else:
            middle = _n((here[1] + there[1]) / 2)
            d.append(f"C{_n(here[0])} {middle} {_n(there[0])} {middle} {_n(there[0])} {_n(there[1])}")
    end_x, end_y = points[-1]
    d.append(f"L{_n(end_x - 6)} {_n(end_y)}" if horizontal else f"L{_n(end_x)} {_n(end_y - 6)}")
    return "".join(d)


def _arrow(tip: tuple[float, float], horizontal: bool) -> str:
    x, y = tip
    if horizontal:
        return f"M{_n(x - 1)} {_n(y)}l-7 -3.5v7z"
    return f"M{_n(x)} {_n(y - 1)}l-3.5 -7h7z"


def _label(link: Link, route: Route, look: Look) -> str:
    text = label(link, look)
    if not text:
        return ""
    (x, y), (wide, high) = route.label, label_size(link, look)
    faded = ' opacity="0.3"' if link.faded else ""
    ground = (
        f'<rect x="{_n(x - wide / 2)}" y="{_n(y - high / 2)}" width="{_n(wide)}" height="{_n(high)}" rx="3" '
    )
    if not text.strip():
        ground += f'stroke-dasharray="3 2" {paint(look.theme, stroke="muted")} fill="#ffffff"/>'
        return ground
    ground += f"{paint(look.theme, 'paper')}/>"
    return f"<g{faded}>{ground}{_text(x, y, text, SMALL, 'local', look, anchor='middle', data='local')}</g>"


def _rect(
    x: float, y: float, wide: float, high: float, round_: float, look: Look, fill: str, stroke: str,
    thick: float = 1.2, more: str = "",
) -> str:  # fmt: skip
    """A rounded rectangle."""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="{_n(round_)}" '
        f'{paint(look.theme, fill, stroke)} stroke-width="{_n(thick)}"{more}/>'
    )


def _text(
    x: float, middle: float, text: str, size: float, role: str, look: Look, *,
    anchor: str = "start", data: str = "",
) -> str:  # fmt: skip
    """One line of text, centred on the height `middle`."""
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-size="{_n(size)}"' if size != BODY else ""
    more += f' data-of="{data}"' if data else ""
    return (
        f'<text x="{_n(x)}" y="{_n(middle + 0.36 * size)}"{more} {paint(look.theme, role)}>'
        f"{escape(text, quote=False)}</text>"
    )
