"""A laid-out scene as SVG: plain shapes and text, nothing from the network, the same bytes everywhere."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograd.copying import Unpickled
from autograd.drawing.arranging import Arrangement, Edge
from autograd.drawing.cards import BODY, NAME, SMALL, Look, box_size, describe, label, label_size
from autograd.drawing.elements import DASHES, box, escaped, framed, legend, number, rectangle, text_line
from autograd.drawing.graphviz_layout import lay_out_by_dot
from autograd.drawing.layout import MARGIN, STUB, Layout, Route, lay_out
from autograd.drawing.measure import shorten
from autograd.drawing.palette import paint, style
from autograd.drawing.scene import Link, Scene

FONTS = (
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','PingFang SC',"
    "'Microsoft YaHei','Noto Sans CJK SC','DejaVu Sans',sans-serif"
)
WIDE = 1000.0  # pixels, about a notebook's cell; a wider picture is turned if that makes it narrower
MOST_DESCRIBED = 60  # boxes
CAPTION = 14.0


@dataclass
class Drawing(Unpickled):
    """What the writers of pictures take: a scene, where its parts lie, how they look."""

    scene: Scene
    layout: Layout
    look: Look
    reopen: Callable[[str], Drawing] | None = None  # of a collapsed picture: draws one scope opened

    @property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return render(self.scene, self.layout, self.look)

    @property
    def description(self) -> str:
        """The picture in words, for those who do not see it."""
        return f"{_title(self.scene, self.look)}. {_boxes_in_words(self.scene, self.look)}".removesuffix(" ")


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
    lines, wide, high = pieces(scene, layout, look)
    return document("\n".join(line for line in lines if line), wide, high, scene, look)


def pieces(
    scene: Scene, layout: Layout, look: Look, peak: float | None = None, least: float = 0.0
) -> tuple[list[str], float, float]:
    """The elements of a scene, "" for what is not shown, and the size of the whole.

    Args:
        scene: what to show.
        layout: where.
        look: how.
        peak: the gradient that fills its bar; None: the largest of the scene.
        least: the whole is at least so wide.
    """
    peak = peak_of(scene) if peak is None else peak
    uses = Counter(link.source for link in scene.links)
    edges = list(zip(scene.links, layout.routes))
    body = _trunks(scene, look, layout)
    body += [_edge(link, route, scene.boxes[link.source].name, look, layout) for link, route in edges]
    body += [_label(k, link, route, look) for k, (link, route) in enumerate(edges)]
    for i, (shown, place) in enumerate(zip(scene.boxes, layout.boxes)):
        body.append(box(i, shown, place, look, peak, uses[i]))
    wide, high = max(layout.width, least), layout.height
    if look.legend:
        lines, wide, below = legend(scene, look, peak, wide, high)
        body += lines
        high += below
    if scene.caption:
        high += 2 * CAPTION
        caption = shorten(scene.caption, NAME, wide - MARGIN)
        body.append(text_line(MARGIN, high - CAPTION, caption, NAME, "ink", look.theme))
    return body, wide, high


def document(
    drawing: str, wide: float, high: float, scene: Scene, look: Look, rules: str = "", rounded: bool = True
) -> str:
    """An SVG document of a given size, with the colours of its elements and further rules of style."""
    w, h = number(math.ceil(wide)), number(math.ceil(high))
    title, words = escaped(_title(scene, look)), escaped(_boxes_in_words(scene, look))
    described = f"<desc>{words}</desc>\n" if words else ""
    corners = 'rx="8" ' if rounded else ""
    paper = f'<rect width="{w}" height="{h}" {corners}{paint(look.theme, "paper")}/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        f'font-family="{FONTS}" font-size="{number(BODY)}">\n<title>{title}</title>\n'
        f"{described}{style(look.theme, paper + drawing, rules)}{paper}\n{drawing}\n</svg>\n"
    )


def _boxes_in_words(scene: Scene, look: Look) -> str:
    """What a screen reader reads after the title: every box in a line."""
    if len(scene.boxes) > MOST_DESCRIBED:
        return ""
    uses = Counter(link.source for link in scene.links)
    told = [(i, shown) for i, shown in enumerate(scene.boxes) if shown.kind != "constant"]
    return ". ".join(describe(shown, look, uses[i]) for i, shown in told)


def _title(scene: Scene, look: Look) -> str:
    roots = [box for box in scene.boxes if box.root]
    named = [f"{x.name} = {x.expression}" if x.kind == "op" else x.name for x in roots[:3]]
    return ", ".join(
        f"{text} = {look.digits(x.data)}" if x.data is not None else text for text, x in zip(named, roots)
    )


def peak_of(scene: Scene) -> float:
    """The largest finite gradient, by size: the full length of a bar."""
    grads = [abs(box.grad) for box in scene.boxes if box.grad is not None and math.isfinite(box.grad)]
    return max(grads, default=0.0)


def _trunks(scene: Scene, look: Look, layout: Layout) -> list[str]:
    """The lines that several edges share: lit where one of these is, dotted or faded where all are."""
    parts: list[list[tuple[bool, bool, bool]]] = [[] for _ in layout.trunks]  # lit, dotted, faded
    for link, route in zip(scene.links, layout.routes):
        if route.trunk >= 0:
            parts[route.trunk].append((link.lit, link.flow == 0.0, link.faded))
    drawn = [""] * len(layout.trunks)
    for k in reversed(range(len(drawn))):  # a piece comes after the one that it goes on from
        piece = layout.trunks[k]
        lit, dotted, faded = zip(*parts[k])
        style = _stroke(any(lit), all(dotted), _shade(piece.source, layout), look)
        d = _line(piece.points, layout.direction == "LR")
        pale = ' opacity="0.3"' if all(faded) else ""
        drawn[k] = f'<g class="ag-trunk" data-node="{piece.source}"{pale}><path d="{d}" {style}/></g>'
        if piece.before >= 0:
            parts[piece.before].append((any(lit), all(dotted), all(faded)))
    return drawn


def _shade(source: int, layout: Layout) -> str:
    """The role of the colour of lines out of a box."""
    shade = layout.shades[source] if layout.shades else 0
    return f"edge{shade}" if shade else "edge"


def _stroke(lit: bool, dotted: bool, colour: str, look: Look) -> str:
    thick = 2.6 if lit else 1.4
    dash = ' stroke-dasharray="2 4"' if dotted and not lit else ""
    return f'fill="none" stroke-width="{thick}"{dash} {paint(look.theme, stroke="accent" if lit else colour)}'


def _edge(link: Link, route: Route, source: str, look: Look, layout: Layout) -> str:
    colour = _shade(min(link.source, link.target), layout)
    faded = ' opacity="0.3"' if link.faded else ""
    horizontal = layout.direction == "LR"
    name = ""
    if route.stub:
        (x, y), text = route.points[0], shorten(source, SMALL, STUB - 20.0)
        at = (x - 4.0, y, "end") if horizontal else (x, y - 7.0, "middle")
        name = text_line(*at[:2], text, SMALL, "muted", look.theme, anchor=at[2])
    style = _stroke(link.lit, link.flow == 0.0, colour, look)
    return (
        f'<g class="ag-edge" data-edge="{link.target}-{link.index}"{faded}>'
        f'<path d="{path_of(route, horizontal)}" {style}/>{name}'
        f'<path d="{_arrow(route.points[-1], horizontal)}" '
        f"{paint(look.theme, 'accent' if link.lit else colour)}/></g>"
    )


def path_of(route: Route, horizontal: bool) -> str:
    """The path of an edge: straight in its lanes, curved in the channels between layers."""
    points = route.points
    if route.curved:
        start, *rest = [_at(*point) for point in points]
        return f"M{start}C{' '.join(rest[:-1])}L{rest[-1]}"
    x, y = points[-1]
    end = f"L{_at(x - 6, y)}" if horizontal else f"L{_at(x, y - 6)}"  # the arrow covers the rest
    return _line(points[:-1], horizontal) + end


def _line(points: Sequence[tuple[float, float]], horizontal: bool) -> str:
    """A path straight to every second point and curved to the one after it."""
    d = [f"M{_at(*points[0])}"]
    for (x, y), (to_x, to_y) in zip(points[1::2], points[2::2]):
        half_x, half_y = (x + to_x) / 2, (y + to_y) / 2
        first, second = ((half_x, y), (half_x, to_y)) if horizontal else ((x, half_y), (to_x, half_y))
        d.append(f"L{_at(x, y)}C{_at(*first)} {_at(*second)} {_at(to_x, to_y)}")
    if len(points) % 2 == 0:
        d.append(f"L{_at(*points[-1])}")
    return "".join(d)


def _at(x: float, y: float) -> str:
    return f"{number(x)} {number(y)}"


def _arrow(tip: tuple[float, float], horizontal: bool) -> str:
    x, y = tip
    if horizontal:
        return f"M{number(x - 1)} {number(y)}l-7 -3.5v7z"
    return f"M{number(x)} {number(y - 1)}l-3.5 -7h7z"


def _label(k: int, link: Link, route: Route, look: Look) -> str:
    """The local derivative on edge number `k`, on a ground that interrupts the line."""
    text = label(link, look)
    if not text:
        return ""
    (x, y), (wide, high) = route.label, label_size(link, look)
    faded = ' opacity="0.3"' if link.faded else ""
    left, top = x - wide / 2, y - high / 2
    if text.strip():
        content = rectangle(left, top, wide, high, paint(look.theme, "paper"), 3)
        content += text_line(x, y, text, SMALL, "local", look.theme, anchor="middle", of="local")
    else:  # left blank
        content = framed(left, top, wide, high, look.theme, "card", "muted", 3, 1, DASHES)
    return f'<g class="ag-label" data-edge-number="{k}"{faded}>{content}</g>'
