"""`draw`: the graph as a picture that shows itself in a notebook and saves itself to a file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from autograd.drawing.cards import Look
from autograd.drawing.collapse import NodeGroup, Parts, collapsed
from autograd.drawing.dot_and_mermaid import check_nodes, to_dot, to_mermaid
from autograd.drawing.graphviz_layout import DotError, run_dot
from autograd.drawing.layout import Layout, whole_route
from autograd.drawing.page import image, page
from autograd.drawing.palette import THEMES
from autograd.drawing.raster import rasterized
from autograd.drawing.scene import Scene, compare_with, light_path, make_scene
from autograd.drawing.svg import WIDE, Drawing, lay_out_scene, render
from autograd.files import write_file
from autograd.graph import Root, node_of
from autograd.messages import language, listed, say, word
from autograd.settings import chosen_list
from autograd.trace.digits import digits
from autograd.trace.folding import Graph
from autograd.trace.names import find_names
from autograd.trace.opening import TooLargeError, is_small_dot, opened_graph, read_graph
from autograd.trace.steps import trace_graph

MOST_BOXES = 3_000
FEW = 60  # boxes: with more, neurons are closed, and scopes are drawn as boxes
TOLD = 300  # boxes: up to so many their numbers are written as `explain` writes them
OPEN_UP_TO = 5_000  # nodes: in larger graphs a neuron stays one node


class Picture(Drawing):
    """A drawn graph, as it was when it was drawn.

    It shows itself in notebooks as an image; `save` writes files; `svg`, `dot`, `mermaid`, `html` are texts.
    """

    @property
    def dot(self) -> str:
        """The picture as DOT source, for Graphviz."""
        return to_dot(self.scene, self.look, self.layout.direction)

    @property
    def mermaid(self) -> str:
        """The picture as mermaid text, for READMEs."""
        return to_mermaid(self.scene, self.look, self.layout.direction)

    @property
    def html(self) -> str:
        """The picture as a page of its own, with a table of the numbers under it."""
        return page(self)

    @property
    def png(self) -> bytes:
        """The picture as a PNG image, at twice its size in pixels."""
        look = replace(self.look, theme="dark" if self.look.theme == "dark" else "light")
        return rasterized(render(self.scene, self.layout, look), SCALE)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file; the suffix says what kind: .svg .html .png .dot .mmd .json .pdf.

        Raises:
            ValueError: another suffix.
            ImportError: .png without the extra `draw`.
            RuntimeError: .pdf without Graphviz's program `dot`.
        """
        suffix = Path(path).suffix.lower()
        if suffix not in WRITERS:
            raise ValueError(say("draw_suffix", suffix=suffix, known=" ".join(WRITERS)))
        write_file(path, WRITERS[suffix](self))

    def _repr_html_(self) -> str:
        """An image, since hosts strip the SVG of a notebook that somebody else ran."""
        return image(self.svg, self.description, self.look.lang)

    def _repr_svg_(self) -> str:
        """The drawing itself, for hosts that show no HTML; those that show both prefer that."""
        return self.svg

    def __repr__(self) -> str:
        roots = ", ".join(box.name for box in self.scene.boxes if box.root)
        counts = {"boxes": len(self.scene.boxes), "edges": len(self.scene.links)}
        name = _variable(self.scene)
        return word("draw_repr", self.look.lang, roots=roots, **counts, root=name, file=name.lower())


def draw(
    root: Root,
    *,
    direction: str = "auto",
    expand: str | Iterable[str] = (),
    collapse: bool | None = None,
    opened: bool | int | Iterable[Any] | None = None,
    highlight: Any = (),
    compare: Picture | None = None,
    blank: str | Iterable[str] = (),
    labels: bool = True,
    legend: bool = True,
    engine: str = "auto",
    theme: str = "auto",
    lang: str | None = None,
    names: Mapping[str, Any] | None = None,
) -> Picture:
    """Draw the graph of `root`: nodes with name, value and gradient, edges with their local derivatives.

    Args:
        root: a Value or a list of Values; or nodes of another engine with `.data`, `.grad` and their operands
            in `parents`, `_prev` or `_children`; or a recorded program.
        direction: "LR" (left to right), "TB" (top to bottom), or "auto": LR unless that gets much too wide.
        expand: scopes to open in a collapsed picture, such as "layers.0" or "layers.0.neurons.3".
        collapse: draw scopes as boxes; None: when there would be more than 60 boxes, or a
            picture that a notebook's cell cannot show.
        opened: n-ary nodes to draw as elementary steps: True for all, False for none, a number for those with
            up to so many operands, a node or several; None: a `dot` of up to 4 inputs, in pictures of up to
            60 boxes.
        highlight: a node (all its paths to the root), or several nodes that form a path.
        compare: an earlier picture; numbers that changed since are shown as `before → after`.
        blank: "data", "grad", "local" or several of them: boxes to be filled in by hand.
        labels: show the local derivatives on the edges.
        legend: say under the picture how to read it.
        engine: who lays it out: "own" ("auto" is the same), or "dot"; where that is missing or not done in 10
            seconds, a note says so, and the layout is ours.
        theme: "auto" (follows the reader's light or dark mode), "light" or "dark".
        lang: "en" or "zh"; None: the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    Raises:
        ValueError: more than 3,000 boxes, or an option that is not known.
        TypeError: `root` is no node.

    No `.grad` is touched. The same graph gives the same bytes on every machine.

    >>> from autograd import Value, draw
    >>> a = Value(2.0); L = a * a
    >>> draw(L)
    <picture of L: 2 boxes, 2 edges; to see it: .save("l.html"); in words: explain(L)>
    >>> "no gradient yet" in draw(L).svg
    True
    """
    expand = _words_of("expand", expand)
    look = Look(lang or language(), theme, _words_of("blank", blank), labels, legend)
    _check("theme", theme, THEMES)
    _check("direction", direction, ("auto", "LR", "TB"))
    _check("engine", engine, ("auto", "own", "dot"))
    _check("lang", look.lang, ("en", "zh"))
    for what in look.blank:
        _check("blank", what, ("data", "grad", "local"))
    root = node_of(root)
    graph, parts = _shown(_read(root), opened, expand, collapse)
    boxes = len(parts.parts) if parts else len(graph.nodes)
    if boxes > MOST_BOXES:
        raise ValueError(say("draw_too_large", count=f"{boxes:,}", most=MOST_BOXES))
    if parts is None and boxes <= TOLD and not isinstance(root, (list, tuple)):
        look = replace(look, digits=trace_graph(root, {}).digits)
    scene = make_scene(graph, find_names(root, names, order=_named(graph, parts)), parts)
    if parts and any(isinstance(part, NodeGroup) for part in parts.parts):
        scene.note = _note(scene, parts, look.lang)
    if compare is not None:
        compare_with(scene, compare.scene)
    if highlight is not None and highlight != ():
        light_path(scene, graph, parts, highlight)
    picture = Picture(scene, _laid_out(scene, look, direction, engine == "dot"), look)
    how: dict[str, Any] = {
        "direction": direction, "opened": opened, "blank": blank, "labels": labels, "legend": legend,
        "engine": engine, "theme": theme, "lang": lang, "names": names,
    }  # fmt: skip
    if parts is not None:
        picture.reopen = lambda scope: draw(root, expand=[*expand, scope], **how)
    elif collapse is None and picture.layout.width > WIDE and _has_scopes(graph):
        smaller = draw(root, collapse=True, highlight=highlight, compare=compare, **how)
        return smaller if smaller.layout.width < picture.layout.width else picture
    return picture


def _has_scopes(graph: Graph) -> bool:
    return any(getattr(node, "scope", ()) for node in graph.nodes)


def _laid_out(scene: Scene, look: Look, direction: str, by_dot: bool) -> Layout:
    try:
        return lay_out_scene(scene, look, direction, by_dot)
    except DotError as problem:
        scene.note = "\n".join(filter(None, [scene.note, word(f"without_{problem.key}", look.lang)]))
        return lay_out_scene(scene, look, direction)


def _words_of(name: str, given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(chosen_list("draw", name, given, none=True))


def _check(option: str, given: str, known: Iterable[str]) -> None:
    if given not in known:
        raise ValueError(say("draw_choice", option=option, given=given, known=listed(map(repr, known))))


def _read(root: Any) -> Graph:
    """The graph of `root`, refused at once when it is hopelessly large."""
    check_nodes(root)
    try:
        return read_graph(root, MOST_BOXES)
    except TooLargeError:
        count = say("draw_more_than", count=MOST_BOXES)
        raise ValueError(say("draw_too_large", count=count, most=MOST_BOXES)) from None


def _shown(
    recorded: Graph, opened: Any, expand: str | Iterable[str], collapse: bool | None
) -> tuple[Graph, Parts | None]:
    """The graph as it is drawn, and how it is cut into boxes; None: every node is one."""
    if len(recorded.nodes) > OPEN_UP_TO:
        return recorded, _parts(recorded, expand, collapse)
    if opened is not None:
        graph = opened_graph(recorded, opened)
        return graph, _parts(graph, expand, collapse)
    closed = opened_graph(recorded, False)
    parts = _parts(closed, expand, collapse)
    if parts is None:
        graph = opened_graph(recorded) if len(closed.nodes) <= FEW else closed
        return (graph if len(graph.nodes) <= FEW else closed), None
    alone = [closed.nodes[part] for part in parts.parts if not isinstance(part, NodeGroup)]
    graph = opened_graph(recorded, [node for node in alone if is_small_dot(node)])
    finer = _parts(graph, expand, collapse)
    return (graph, finer) if finer and len(finer.parts) <= FEW else (closed, parts)


def _parts(graph: Graph, expand: str | Iterable[str], collapse: bool | None) -> Parts | None:
    if collapse is None:
        collapse = bool(expand) or len(graph.nodes) > FEW
    if not collapse or not (expand or _has_scopes(graph)):
        return None
    return collapsed(graph, expand)


def _named(graph: Graph, parts: Parts | None) -> list[Any]:
    """The nodes that need a name: those shown, and their operands."""
    if parts is None:
        return graph.sources
    shown = [part for part in parts.parts if not isinstance(part, NodeGroup)]
    needed = {k for i in shown for k in (i, *graph.operands[i])}
    return [graph.sources[i] for i in sorted(needed)]


def _variable(scene: Scene) -> str:
    """The variable that holds the result, as far as it is known; "L" stands for any."""
    variables = [box.name for box in scene.boxes if box.root and box.name.isidentifier()]
    return next((name for name in variables if name not in scene.made_up), "L")


def _note(scene: Scene, parts: Parts, lang: str) -> str:
    """The line under a collapsed picture; it names a scope that can be opened."""
    groups = [part for part in parts.parts if isinstance(part, NodeGroup)]
    group = max(groups, key=lambda part: len(part.nodes))
    counts = {"count": reduce(add, [box.size for box in scene.boxes]), "boxes": len(scene.boxes)}
    return word("draw_collapsed", lang, scope=group.opens, root=_variable(scene), **counts)


SCALE = 2.0  # pixels of a PNG per pixel of the picture


def _json(picture: Picture) -> str:
    """What the picture shows, and where, as JSON: nodes, edges, size."""
    nodes = [
        {
            "id": number, "kind": box.kind, "name": box.name, "expression": box.expression,
            "data": _finite(box.data), "grad": _finite(box.grad), "nodes": box.size, "box": place,
        }
        for number, (box, place) in enumerate(zip(picture.scene.boxes, picture.layout.boxes))
    ]  # fmt: skip
    edges = [
        {
            "source": link.source, "target": link.target, "operand": link.index, "local": _finite(link.local),
            "flow": _finite(link.flow), "points": whole_route(picture.layout, number).points,
        }
        for number, link in enumerate(picture.scene.links)
    ]  # fmt: skip
    size = {name: getattr(picture.layout, name) for name in ("width", "height", "direction")}
    told = {**size, "nodes": nodes, "edges": edges}
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _finite(x: float | None) -> float | str | None:
    """JSON has no inf and nan: they are written as text."""
    return x if x is None or x - x == 0.0 else digits(x)


WRITERS: dict[str, Callable[[Picture], str | bytes]] = {
    ".svg": lambda picture: picture.svg,
    ".html": lambda picture: picture.html,
    ".png": lambda picture: picture.png,
    ".dot": lambda picture: picture.dot,
    ".mmd": lambda picture: picture.mermaid,
    ".json": _json,
    ".pdf": lambda picture: run_dot(picture.dot, "pdf"),
}
