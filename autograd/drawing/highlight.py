"""Marking a scene: a path lit and the rest faded, and numbers compared with an earlier scene."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from autograd.drawing.collapse import Parts
from autograd.drawing.scene import Scene
from autograd.messages import say
from autograd.trace.folding import Graph


def light_path(scene: Scene, graph: Graph, parts: Parts | None, highlight: Any) -> None:
    """Light the edges of a path and fade everything beside it.

    Args:
        scene: the scene to mark.
        graph: the graph it was made from.
        parts: how that was cut into boxes, if it was.
        highlight: a node, for all paths from it to the results; or the nodes of one path, in either order.

    Raises:
        ValueError: a node is not in the picture.
    """
    several = isinstance(highlight, (list, tuple))
    wanted = [_box_of(scene, graph, parts, node) for node in (highlight if several else [highlight])]
    if len(wanted) == 1:
        chosen = _above(scene, wanted[0])
        lit = [link.source in chosen and link.target in chosen for link in scene.links]
    else:
        chosen = set(wanted)
        pairs = set(pairwise(wanted)) | set(pairwise(wanted[::-1]))
        lit = [(link.source, link.target) in pairs for link in scene.links]
    for link, is_lit in zip(scene.links, lit):
        link.lit, link.faded = is_lit, not is_lit
    for number, box in enumerate(scene.boxes):
        box.faded = number not in chosen


def _box_of(scene: Scene, graph: Graph, parts: Parts | None, node: Any) -> int:
    """The number of the box that shows a node, given itself or by its name."""
    names = [box.name for box in scene.boxes]
    if isinstance(node, str) and node in names:
        return names.index(node)
    for number, box in enumerate(scene.boxes):
        if box.node is not None and graph.sources[box.node] is node:
            return number
    for i, source in enumerate(graph.sources if parts else ()):
        if source is node and parts is not None:
            inside = {box.part: number for number, box in enumerate(scene.boxes)}
            return inside[parts.part[i]]
    root = next((box.name for box in scene.boxes if box.root), "")
    raise ValueError(say("draw_not_shown", node=node, root=root))


def _above(scene: Scene, start: int) -> set[int]:
    """The box `start` and all that were computed from it."""
    uses: list[list[int]] = [[] for _ in scene.boxes]
    for link in scene.links:
        uses[link.source].append(link.target)
    found, stack = {start}, [start]
    while stack:
        for target in uses[stack.pop()]:
            if target not in found:
                found.add(target)
                stack.append(target)
    return found


def compare_with(scene: Scene, earlier: Scene) -> None:
    """Give every box the numbers that the box of the same name had in an earlier scene."""
    before = {box.name: box for box in earlier.boxes if box.kind in ("leaf", "op")}
    for box in scene.boxes:
        old = before.get(box.name)
        if old is not None and (old.data, old.grad) != (box.data, box.grad):
            box.before = (old.data, old.grad)
