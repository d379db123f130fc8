"""Saving a picture: what each suffix means."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from autograd.drawing.cards import rows
from autograd.drawing.numbers import digits
from autograd.drawing.raster import rasterized
from autograd.drawing.svg import render
from autograd.messages import say

if TYPE_CHECKING:
    from autograd.drawing.picture import Picture

SCALE = 2.0  # pixels of a PNG per pixel of the picture


def save(picture: Picture, path: str | os.PathLike[str]) -> None:
    """Write a picture in the form that the suffix of `path` names."""
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        raise ValueError(say("draw_suffix", suffix=suffix, known=" ".join(WRITERS)))
    written = WRITERS[suffix](picture)
    Path(path).write_bytes(written.encode("utf-8") if isinstance(written, str) else written)


def png(picture: Picture) -> bytes:
    """The picture as a PNG image."""
    look = replace(picture.look, theme="dark" if picture.look.theme == "dark" else "light")
    return rasterized(render(picture.scene, picture.layout, look), SCALE)


def pdf(picture: Picture) -> bytes:
    """The picture as PDF, laid out and written by `dot`."""
    if shutil.which("dot") is None:
        raise RuntimeError(say("draw_needs_dot", what="PDF"))
    from graphviz import Source

    return bytes(Source(picture.dot).pipe(format="pdf"))


def as_json(picture: Picture) -> str:
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
            "flow": _finite(link.flow), "points": route.points,
        }
        for link, route in zip(picture.scene.links, picture.layout.routes)
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


STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;margin:0;padding:16px;color:#17212b;
background:#fff}
figure{margin:0;overflow-x:auto}
.high{display:none}
@media (max-width:600px){.wide{display:none}.high{display:block}}
table{border-collapse:collapse;margin-top:16px;font-variant-numeric:tabular-nums}
td,th{padding:3px 12px;border-bottom:1px solid #c3ccd6;text-align:right}
td:nth-child(-n+2),th:nth-child(-n+2){text-align:left}
@media (prefers-color-scheme:dark){body{color:#e8eef4;background:#11161d}td,th{border-color:#3f4c5b}}
"""


def page(picture: Picture) -> str:
    """A self-contained page: the picture, top to bottom on narrow screens, and its numbers as a table."""
    from autograd.drawing.svg import lay_out_scene

    title = ", ".join(box.name for box in picture.scene.boxes if box.root)
    pictures = f'<figure class="wide">{picture.svg}</figure>'
    if picture.layout.direction == "LR":
        high = lay_out_scene(picture.scene, picture.look, "TB")
        pictures += f'\n<figure class="high">{render(picture.scene, high, picture.look)}</figure>'
    else:
        pictures = pictures.replace(' class="wide"', "")
    lines = ["<table><thead><tr><th></th><th></th><th>data</th><th>grad</th></tr></thead><tbody>"]
    for box in picture.scene.boxes:
        if box.kind == "constant":
            continue
        cells = [box.name, box.expression, *[text for _, text in rows(box, picture.look)][:2]]
        lines.append("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells) + "</tr>")
    lines.append("</tbody></table>")
    return (
        f'<!DOCTYPE html>\n<html lang="{picture.look.lang}"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>\n{pictures}\n"
        + "\n".join(lines)
        + "\n</body></html>\n"
    )


WRITERS: dict[str, Callable[[Picture], str | bytes]] = {
    ".svg": lambda picture: picture.svg,
    ".html": page,
    ".png": png,
    ".dot": lambda picture: picture.dot,
    ".mmd": lambda picture: picture.mermaid,
    ".json": as_json,
    ".pdf": pdf,
}
