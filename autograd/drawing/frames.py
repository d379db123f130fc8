"""A computation as a series of scenes: forward fills in values, then backward gradients, step by step.

The steps are the edges of the graph, in the order in which `backward()` adds their flows; in large graphs one
scene shows all edges out of a node.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograd.drawing.cards import Look
from autograd.drawing.scene import Box, Link, Scene
from autograd.messages import as_one_word, listed, word

NAMES = ("name", "node", "operand", "root")  # fields of a caption
BY_EDGE_UP_TO = 60  # edges; beyond, a step is a node


class Film:
    """The state of a running animation: which values and gradients are known, and what is being done."""

    def __init__(self, scene: Scene, look: Look) -> None:
        self.scene, self.look = scene, look
        self.into: list[list[Link]] = [[] for _ in scene.boxes]
        self.missing = [0] * len(scene.boxes)  # uses whose flow has not arrived
        for link in scene.links:
            self.into[link.target].append(link)
            if carries(scene, link):
                self.missing[link.source] += 1
        self.uses = list(self.missing)
        self.known = [box.kind in ("leaf", "constant") for box in scene.boxes]
        self.grads: list[float | None] = [None] * len(scene.boxes)
        self.flows: dict[int, float] = {}  # that were handed on, by the ids of their links

    def frame(self, caption: str, current: int | None, lit: Sequence[Link] = ()) -> Scene:
        """The scene of this moment."""
        busy = {id(link) for link in lit}
        boxes = [self._box(i, box, i == current) for i, box in enumerate(self.scene.boxes)]
        links = []
        for link in self.scene.links:
            local = link.local if id(link) in self.flows else None
            links.append(replace(link, local=local, flow=self.flows.get(id(link)), lit=id(link) in busy))
        return Scene(boxes, links, made_up=self.scene.made_up, caption=caption)

    def _box(self, i: int, box: Box, current: bool) -> Box:
        grad = self.grads[i]
        return replace(
            box,
            data=box.data if self.known[i] else None,
            grad=grad,
            waiting=grad is None and box.kind != "constant",
            so_far=grad is not None and self.missing[i] > 0,
            current=current,
            bad=box.bad if self.known[i] else "",
        )

    def say(self, key: str, **fields: object) -> str:
        """A caption in the picture's language."""
        names = {k: as_one_word(str(x)) if k in NAMES else x for k, x in fields.items()}
        return word(f"frame_{key}", self.look.lang, **names)

    def hand_on(self, link: Link) -> str:
        """Add the flow of one edge to the gradient of its operand, and tell it."""
        boxes = self.scene.boxes
        upstream, local = self.grads[link.target] or 0.0, link.local or 0.0
        flow = upstream * local if local else 0.0
        self.flows[id(link)] = flow
        self.missing[link.source] -= 1
        self.grads[link.source] = grad = (self.grads[link.source] or 0.0) + flow
        name, uses = boxes[link.source].name, self.uses[link.source]
        shown = self.look.digits
        names = {"node": boxes[link.target].name, "operand": name}
        text = self.say("edge", **names, upstream=shown(upstream), local=shown(local), flow=shown(flow))
        if uses > 1:
            use = uses - self.missing[link.source]
            text += word("semicolon", self.look.lang)
            text += self.say("use", name=name, grad=shown(grad), use=use, uses=uses)
        return text


def carries(scene: Scene, link: Link) -> bool:
    """True when a gradient goes along this edge."""
    return link.local is not None and scene.boxes[link.source].kind != "constant"


def film(scene: Scene, look: Look) -> Iterator[Scene]:
    """The scenes of an animation, from the leaves' values to the last gradient."""
    state = Film(scene, look)
    boxes = scene.boxes
    order = [i for i, box in enumerate(boxes) if box.kind == "op"]
    root = order[-1] if order else 0
    yield state.frame(state.say("ready"), None)
    for i in order:
        state.known[i] = True
        value = "" if boxes[i].data is None else look.digits(boxes[i].data or 0.0)
        text = state.say("forward", name=boxes[i].name, expression=boxes[i].expression, value=value)
        yield state.frame(text, i, state.into[i])
    yield state.frame(state.say("turn", root=boxes[root].name), None)
    state.grads[root] = 1.0
    yield state.frame(state.say("start", root=boxes[root].name), root)
    by_edge = len(scene.links) <= BY_EDGE_UP_TO
    for i in reversed(order):
        links = [link for link in state.into[i] if carries(scene, link)]
        texts = []
        for link in links:
            texts.append(state.hand_on(link))
            if by_edge:
                yield state.frame(texts[-1], i, [link])
        if links and not by_edge:
            operands = listed(dict.fromkeys(boxes[link.source].name for link in links), look.lang)
            yield state.frame(state.say("node", node=boxes[i].name, operands=operands), i, links)
    yield state.frame(state.say("end"), None)


def after_backward(scene: Scene) -> Scene:
    """The scene with the gradients that a backward pass from its root gives, whatever `.grad` holds now."""
    *_, last = film(scene, Look())
    return replace(last, caption="")
