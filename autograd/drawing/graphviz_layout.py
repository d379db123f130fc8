"""Layout by Graphviz's `dot`, for large graphs or on request; the boxes and edges are still drawn by us."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence

from autograd.drawing.arranging import Edge
from autograd.drawing.layout import MARGIN, Layout, Point, Route

INCH = 72.0


def dot_is_there() -> bool:
    """Whether the program `dot` is on the path, and the package that calls it installed."""
    if shutil.which("dot") is None:
        return False
    try:
        import graphviz  # noqa: F401 - asked for only
    except ImportError:
        return False
    return True


def lay_out_by_dot(sizes: Sequence[Point], edges: Sequence[Edge], direction: str = "LR") -> Layout:
    """Lay out boxes as `lay_out` does, with `dot`.

    Raises:
        graphviz.ExecutableNotFound: there is no program `dot`; ask `dot_is_there` first.
    """
    from graphviz import Source

    found = json.loads(Source(_source(sizes, edges, direction)).pipe(format="json0", encoding="utf-8"))
    left, bottom, right, top = map(float, found["bb"].split(","))

    def point(text: str) -> Point:
        x, y = text.removeprefix("e,").split(",")[:2]
        return round(float(x) - left + MARGIN, 1), round(top - float(y) + MARGIN, 1)

    boxes: list[tuple[float, float, float, float]] = [(0.0, 0.0, 0.0, 0.0)] * len(sizes)
    for node in found.get("objects", []):
        number = int(node["name"])
        (x, y), (wide, high) = point(node["pos"]), sizes[number]
        boxes[number] = (round(x - wide / 2, 1), round(y - high / 2, 1), wide, high)
    routes = [Route([], (0.0, 0.0))] * len(edges)
    for edge in found.get("edges", []):
        tip, *rest = edge["pos"].split(" ")
        label = point(edge["lp"]) if "lp" in edge else (0.0, 0.0)
        routes[int(edge["id"])] = Route([*map(point, rest), point(tip)], label, curved=True)
    return Layout(boxes, routes, right - left + 2 * MARGIN, top - bottom + 2 * MARGIN, direction)


def _source(sizes: Sequence[Point], edges: Sequence[Edge], direction: str) -> str:
    into, out = ("w", "e") if direction == "LR" else ("n", "s")
    lines = [
        f"digraph {{ rankdir={direction}; nodesep=0.22; ranksep=0.45; ordering=in;",
        f'node [shape=box, fixedsize=true, label=""]; edge [headport={into}, tailport={out}, arrowsize=0.6];',
    ]
    for number, (wide, high) in enumerate(sizes):
        lines.append(f"{number} [width={wide / INCH:.4f}, height={high / INCH:.4f}];")
    for number, edge in enumerate(edges):
        wide, high = edge.label
        space = f'BORDER="0" FIXEDSIZE="TRUE" WIDTH="{wide:.0f}" HEIGHT="{high:.0f}"'
        label = f", label=<<TABLE {space}><TR><TD></TD></TR></TABLE>>" if wide else ""
        lines.append(f'{edge.source} -> {edge.target} [id="{number}"{label}];')
    return "\n".join([*lines, "}"])
