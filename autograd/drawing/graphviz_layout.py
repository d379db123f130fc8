"""Graphviz's `dot`, on request and for ten seconds at most: layouts, whose boxes we still draw, and PDF."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from autograd.drawing.arranging import Edge
from autograd.drawing.layout import MARGIN, Layout, Point, Route
from autograd.messages import say

INCH = 72.0
LIMIT = 10.0  # seconds; some graphs of 200 boxes keep dot busy for minutes


class DotError(RuntimeError):
    """There is no program `dot` ("no_dot"), or it is not done in time ("slow_dot"): that is the `key`."""

    def __init__(self, key: str, kind: str) -> None:
        super().__init__(say(f"draw_{key}", what=kind.upper()))
        self.key = key


def run_dot(source: str, kind: str) -> bytes:
    """What `dot` makes of its source: "svg", "pdf", "json0", ...

    Raises:
        DotError: it is missing, it fails, or it is not done in 10 seconds.
    """
    program = shutil.which("dot")
    if program is None:
        raise DotError("no_dot", kind)
    try:
        done = subprocess.run(  # noqa: S603 - the program found on the path
            [*_bound(), program, f"-T{kind}"],
            input=source.encode(),
            capture_output=True,
            timeout=LIMIT,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as problem:  # it has been killed
        raise DotError("slow_dot", kind) from problem
    return done.stdout


def _bound() -> list[str]:
    """What stands before a command so that it is killed when this process is; on Linux."""
    if sys.platform != "linux":
        return []
    program = (
        "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9);"  # PR_SET_PDEATHSIG, SIGKILL: outlives exec
        "os.getppid() == int(sys.argv[1]) and os.execv(sys.argv[2], sys.argv[2:])"
    )
    return [sys.executable, "-I", "-S", "-c", program, str(os.getpid())]


def lay_out_by_dot(sizes: Sequence[Point], edges: Sequence[Edge], direction: str = "LR") -> Layout:
    """Lay out boxes as `lay_out` does, with `dot`.

    Raises:
        DotError: there is no program `dot`, or it takes too long.
    """
    found = json.loads(run_dot(_source(sizes, edges, direction), "json0"))
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
