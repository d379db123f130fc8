"""`draw`: the graph as a picture that shows itself in a notebook and saves itself to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograd import messages
from autograd.drawing.cards import Look
from autograd.drawing.dot import to_dot
from autograd.drawing.mermaid import to_mermaid
from autograd.drawing.names import find_names
from autograd.drawing.opening import opened_graph
from autograd.drawing.reading import read_graph
from autograd.drawing.scene import Scene, make_scene
from autograd.drawing.svg import lay_out_scene, render


class Picture:
    """What `draw` returns: shows itself in a notebook, `.svg` and `.dot` are its texts, `save` writes a file."""

    def __init__(self, scene: Scene, look: Look, direction: str = "auto") -> None:
        self.scene, self.look = scene, look
        self.layout = lay_out_scene(scene, look, direction)

    @property
    def svg(self) -> str:
        """The picture as an SVG document."""
        return render(self.scene, self.layout, self.look)

    @property
    def dot(self) -> str:
        """The picture as DOT source, for Graphviz."""
        return to_dot(self.scene, self.look, self.layout.direction)

    @property
    def mermaid(self) -> str:
        """The picture as mermaid text."""
        return to_mermaid(self.scene, self.look, self.layout.direction)

    def save(self, path: Any) -> None:
        """Write the picture to a file; the suffix (.svg .dot .mmd) says what kind."""
        kinds = {".svg": lambda: self.svg, ".dot": lambda: self.dot, ".mmd": lambda: self.mermaid}
        Path(path).write_text(kinds[Path(path).suffix](), encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.svg


def draw(
    root: Any, *, direction: str = "auto", names: Any = None, theme: str = "auto", lang: str | None = None
) -> Picture:
    """The graph of `root` as a picture.

    >>> from autograd import Value, draw
    >>> a = Value(2.0)
    >>> draw(a * a).svg[:4]
    '<svg'
    """
    graph = opened_graph(read_graph(root))
    found = find_names(root, names, order=graph.sources)
    return Picture(make_scene(graph, found), Look(lang or messages.language(), theme), direction)
