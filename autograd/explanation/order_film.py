"""A wrong order of handing on and the right one, moving side by side, as `why_order` shows in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from autograd.drawing.animation import Reel, moving_svg
from autograd.drawing.frames import Film
from autograd.drawing.page import image
from autograd.drawing.scene import Link, Scene
from autograd.trace.steps import Step, Trace

SECONDS = 1.2  # per step
MOST = 12  # boxes of a picture that fits twice into a cell

Hand = tuple[Step, float]  # a step, and what its operand then holds


def side_by_side(trace: Trace, walks: Sequence[tuple[str, Sequence[Hand]]], lang: str | None) -> str:
    """The walks as moving pictures, each under its title; "" where the graph is too large for that.

    Args:
        trace: the graph.
        walks: for every order its title and its steps.
        lang: the language of the pictures.
    """
    names = {node.name: node.source for node in [*trace.leaves, *trace.nodes] if not node.inside}
    reel = Reel(trace.root.source, {"lang": lang, "names": names})
    boxes = reel.scenes[0].boxes
    if len(boxes) > MOST or len(boxes) != len({box.name for box in boxes}):
        return ""
    columns = []
    for title, steps in walks:
        reel.scenes = _scenes(reel, trace, steps)
        if not reel.scenes:
            return ""
        told = f"{title}: {reel.scenes[-1].caption}"
        style = "flex:1 1 300px;margin:0;font:600 13px system-ui,sans-serif"
        film = image(moving_svg(reel, SECONDS), told, lang)
        columns.append(f'<figure style="{style}"><figcaption>{escape(title)}</figcaption>{film}</figure>')
    return f'<div style="display:flex;flex-wrap:wrap;gap:12px">{"".join(columns)}</div>'


def _scenes(reel: Reel, trace: Trace, steps: Sequence[Hand]) -> list[Scene]:
    """One scene for every step, from the root's gradient on; [] where an edge is not in the picture."""
    full = reel.full
    found: dict[tuple[str, str, int], Link] = {
        (full.boxes[x.target].name, full.boxes[x.source].name, x.index): x for x in full.links
    }
    place = {box.name: i for i, box in enumerate(full.boxes)}
    state = Film(full, reel.look)
    state.known = [True] * len(full.boxes)
    state.grads[place[trace.root.name]] = 1.0
    scenes = [state.frame(f"{trace.root.name}.grad = 1", place[trace.root.name])]
    last: dict[str, Any] = {}
    for step, after in steps:
        link = found.get((step.node.name, step.operand.name, step.index))
        if link is None:
            return []
        state.hand_on(link)
        caption = f"{step.node.name} -> {step.operand.name}: {step.operand.name}.grad = {trace.digits(after)}"
        scenes.append(state.frame(caption, link.target, [link]))
        if step.operand.is_leaf:
            last[step.operand.name] = trace.digits(after)
    caption = ", ".join(f"{name}.grad = {text}" for name, text in last.items())
    return [*scenes, state.frame(caption, None)]
