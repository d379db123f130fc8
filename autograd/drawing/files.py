"""Saving a picture: what each suffix means."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autograd.drawing.dot import to_dot
from autograd.drawing.graphviz_layout import run_dot
from autograd.drawing.layout import whole_route
from autograd.drawing.mermaid import to_mermaid
from autograd.drawing.page import page
from autograd.drawing.raster import rasterized
from autograd.drawing.svg import Drawing, render
from autograd.files import write_file
from autograd.messages import say
from autograd.trace.digits import digits

SCALE = 2.0  # pixels of a PNG per pixel of the picture


def save(picture: Drawing, path: str | os.PathLike[str]) -> None:
    """Write a picture in the form that the suffix of `path` names."""
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        raise ValueError(say("draw_suffix", suffix=suffix, known=" ".join(WRITERS)))
    written = WRITERS[suffix](picture)
    write_file(path, written)


def png(picture: Drawing) -> bytes:
    """The picture as a PNG image."""
    look = replace(picture.look, theme="dark" if picture.look.theme == "dark" else "light")
    return rasterized(render(picture.scene, picture.layout, look), SCALE)


def pdf(picture: Drawing) -> bytes:
    """The picture as PDF, laid out and written by `dot`."""
    return run_dot(to_dot(picture.scene, picture.look, picture.layout.direction), "pdf")


def as_json(picture: Drawing) -> str:
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
    size = {
        "width": picture.layout.width,
        "height": picture.layout.height,
        "direction": picture.layout.direction,
    }
    return (
        json.dumps({**size, "nodes": nodes, "edges": edges}, ensure_ascii=False, indent=1, allow_nan=False)
        + "\n"
    )


def _finite(x: float | None) -> float | str | None:
    """JSON has no inf and nan: they are written as text."""
    return x if x is None or x - x == 0.0 else digits(x)


WRITERS: dict[str, Callable[[Drawing], str | bytes]] = {
    ".svg": lambda picture: picture.svg,
    ".html": page,
    ".png": png,
    ".dot": lambda x: to_dot(x.scene, x.look, x.layout.direction),
    ".mmd": lambda x: to_mermaid(x.scene, x.look, x.layout.direction),
    ".json": as_json,
    ".pdf": pdf,
}
