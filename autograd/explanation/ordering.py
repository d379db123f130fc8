"""`why_order`: one graph, handed on in two simpler orders and in the right one, and what each gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from math import nan
from typing import Any

from autograd.drawing.animation import Reel, moving_svg
from autograd.drawing.frames import Film
from autograd.drawing.page import image
from autograd.drawing.scene import Link, Scene
from autograd.explanation.cells import into, side
from autograd.explanation.expressions import symbol
from autograd.explanation.reading import Block, Grid, Line, Reading, Row
from autograd.explanation.symbols import Symbol
from autograd.explanation.tex import Tex, array
from autograd.graph import Root
from autograd.messages import word
from autograd.trace.steps import Node, Step, Trace, trace_graph

MOST = 20_000  # hand-ons that a wrong order is followed for; it may take one for every path
SHOWN = 14  # of them are told
LEAVES = 6


Event = tuple[Step, float, float, int]  # a step, what was handed on, what its operand then held, uses in


@dataclass
class Walk:
    """One order of handing on: what happened, what every node held at the end."""

    key: str
    count: int = 0  # hand-ons
    events: list[Event] = field(default_factory=list)  # the first of them
    grads: dict[Node, float] = field(default_factory=dict)
    speakers: list[Node] = field(default_factory=list)  # nodes in the order in which they began to hand on
    too_early: list[tuple[Node, int]] = field(default_factory=list)  # who spoke with how many uses in
    finished: bool = True
    arrivals: dict[Node, int] = field(default_factory=dict)  # how often each node would hand on


class Order(Reading):
    """What `why_order` returns.

    Attributes:
        right: the nodes in the order in which `backward` lets them hand on.
        at_once: gradients by name when every node hands on whenever something arrives; nan where that
            takes too long to be followed to its end.
        once: gradients by name when every node hands on once, at its first arrival.
        gradients: the right ones by name.
    """

    def __init__(self, trace: Trace, lang: str | None) -> None:
        self.trace, self.lang = trace, lang
        self.walks = [_at_once(trace), _once(trace), _in_order(trace)]
        self.right = [node.name for node in self.walks[2].speakers]
        self.at_once, self.once, self.gradients = (
            {leaf.name: walk.grads.get(leaf, 0.0) if walk.finished else nan for leaf in trace.leaves}
            for walk in self.walks
        )

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """The three walks, each with its numbers and a verdict, and the rule."""
        if all(node.is_leaf or len(node.uses) < 2 for node in self.trace.nodes):
            return self._any_order(kind)
        blocks: list[Block] = []
        for walk in self.walks:
            blocks += [Line(word(walk.key, self.lang), "head"), *self._told(walk, kind)]
        return [*blocks, Line(kind.plain(word("order_rule", self.lang)), "note")]

    def _repr_html_(self) -> str:
        """The tables, and above them the wrong order and the right one as moving pictures."""
        at_once, _, right = self.walks
        if at_once.count > SHOWN or self.trace.unknown or not at_once.too_early:
            return self.html()
        told = [
            (f"{mark} {word(walk.key, self.lang)}", [(step, after) for step, _, after, _ in walk.events])
            for mark, walk in (("\u2717", at_once), ("\u2713", right))
        ]
        return side_by_side(self.trace, told, self.lang) + self.html()

    def _any_order(self, kind: type[Symbol]) -> list[Block]:
        """Where no computed node is used twice: one walk stands for all, and a graph where it would not."""
        return [
            Line(kind.plain(word("order_same", self.lang)), "note"),
            Line(""),
            *self._told(self.walks[2], kind),
            Line(kind.plain(word("order_matters", self.lang))),
            Line("  b = a + a"),
            Line("  c = b + b"),
            Line(kind.plain(word("order_rule", self.lang)), "note"),
        ]

    def _told(self, walk: Walk, kind: type[Symbol]) -> list[Block]:
        return [self._grid(walk, kind), self._verdict(walk, kind), Line("")]

    def _grid(self, walk: Walk, kind: type[Symbol]) -> Grid:
        rows: list[Row] = []
        for step, handed, after, uses_in in walk.events:
            node, name = symbol(step.node, kind).text, symbol(step.operand, kind).text
            target = into(step, self.lang, kind)
            if step.side and kind is Tex:
                target = name + kind.plain(f" ({side(step, self.lang)})")
            told = step.uses > 1 and uses_in <= step.uses
            count = word("uses_in_so_far", self.lang, uses_in=uses_in, uses=step.uses) if told else ""
            flow, held = (kind.shown(self.trace.digits(x)) for x in (handed, after))
            rows.append([f"{node} {kind.forth} {target}", flow, f"{name}.grad = {held}", count])
        if walk.count > SHOWN:
            rows.append(Line(word("order_more", self.lang, count=f"{walk.count - SHOWN:,}")))
        head = [kind.plain(word(key, self.lang)) for key in ("edge", "flow", "after", "uses_in_head")]
        return Grid(head, rows, gap="   ", indent="  ", prose=(3,))

    def _verdict(self, walk: Walk, kind: type[Symbol]) -> Line:
        held = [(x, self.trace.digits(walk.grads.get(x, 0.0))) for x in self.trace.leaves[:LEAVES]]
        told = ", ".join(f"{kind.plain(x.name)}.grad = {kind.shown(number)}" for x, number in held)
        if self.trace.unknown:
            nodes = ", ".join(kind.plain(x.name) for x in self.trace.unknown[:3])
            return Line("  " + word("not_known", self.lang, nodes=nodes))
        if not walk.finished:
            often = max(self.trace.nodes, key=lambda node: walk.arrivals[node])
            counts = {"count": f"{walk.count:,}", "times": f"{walk.arrivals[often]:,}"}
            told = word("order_unfinished", self.lang, name=kind.plain(often.name), **counts)
            return Line("  " + told, "bad")
        if all(walk.grads.get(x, 0.0) == self.walks[2].grads.get(x, 0.0) for x in self.trace.leaves):
            return Line("  " + word("order_good", self.lang, told=told), "good")
        early = ""
        if walk.too_early:
            node, uses_in = walk.too_early[0]
            fields = {"name": kind.plain(node.name), "uses_in": uses_in, "uses": len(node.uses)}
            early = word("order_early", self.lang, **fields)
        return Line("  " + word("order_bad", self.lang, told=told, early=early), "bad")

    def latex(self) -> str:
        """The right order as a LaTeX `array`: what goes along each edge, what its operand then has."""
        grid = self._grid(self.walks[2], Tex)
        cells = [row for row in grid.rows if isinstance(row, list)]
        rows = [[x.replace(".grad", r"\text{.grad}") for x in row] for row in cells]
        told: list[Row] = [[*row[:3], Tex.plain(row[3]) if row[3] else ""] for row in rows]
        return array(Grid(grid.head, told), "lrll")


def _at_once(trace: Trace) -> Walk:
    """Whoever gets something hands on what it holds, at once, to each operand in turn."""
    walk, out, uses_in = Walk("order_at_once", grads={trace.root: 1.0}), trace.steps_at, dict[Node, int]()
    walk.arrivals, total = dict.fromkeys(trace.nodes, 0), 0
    for node in reversed(trace.nodes):  # one arrival for every path from the root
        walk.arrivals[node] += node is trace.root
        for step in out(node):
            total += walk.arrivals[node]
            if not step.operand.is_leaf:
                walk.arrivals[step.operand] += walk.arrivals[node]
    walk.finished = total <= MOST
    stack = list(reversed(out(trace.root)))
    while stack:
        if walk.count == SHOWN and not walk.finished:
            walk.count = total
            return walk
        step = stack.pop()
        _hand_on(walk, step, uses_in)
        operand = step.operand
        if out(operand) and uses_in[operand] < step.uses:
            walk.too_early.append((operand, uses_in[operand]))
        stack += reversed(out(operand))
    return walk


def _once(trace: Trace) -> Walk:
    """Whoever gets something for the first time hands on, and never again."""
    walk, out, uses_in = Walk("order_once", grads={trace.root: 1.0}), trace.steps_at, dict[Node, int]()
    stack = list(reversed(out(trace.root)))
    while stack:
        step = stack.pop()
        _hand_on(walk, step, uses_in)
        if uses_in[step.operand] == 1:
            if out(step.operand) and step.uses > 1:
                walk.too_early.append((step.operand, 1))
            stack += reversed(out(step.operand))
    return walk


def _in_order(trace: Trace) -> Walk:
    """Everybody waits until all uses are in: the steps as `backward` takes them."""
    walk, uses_in = Walk("order_right", grads={trace.root: 1.0}), dict[Node, int]()
    for step in trace.steps:
        _hand_on(walk, step, uses_in)
    return walk


def _hand_on(walk: Walk, step: Step, uses_in: dict[Node, int]) -> None:
    if step.node not in walk.speakers[-1:]:
        walk.speakers.append(step.node)
    handed = walk.grads.get(step.node, 0.0) * step.local  # 0.0: behind what is flat nothing arrives
    walk.grads[step.operand] = walk.grads.get(step.operand, 0.0) + handed
    uses_in[step.operand] = uses_in.get(step.operand, 0) + 1
    walk.count += 1
    if walk.count <= SHOWN:
        walk.events.append((step, handed, walk.grads[step.operand], uses_in[step.operand]))


PACE = 1.2  # per step
MOST_BOXES = 12  # boxes of a picture that fits twice into a cell

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
    if len(boxes) > MOST_BOXES or len(boxes) != len({box.name for box in boxes}):
        return ""
    columns = []
    for title, steps in walks:
        reel.scenes = _scenes(reel, trace, steps)
        if not reel.scenes:
            return ""
        told = f"{title}: {reel.scenes[-1].caption}"
        style = "flex:1 1 300px;margin:0;font:600 13px system-ui,sans-serif"
        film = image(moving_svg(reel, PACE), told, lang)
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


def why_order(root: Root, *, lang: str | None = None, names: Mapping[str, Any] | None = None) -> Order:
    """Why `backward` needs its order: the numbers that two simpler orders would give, beside the right ones.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        lang: "en" or "zh"; by default the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    >>> from autograd import Value, why_order
    >>> a = Value(1.0)
    >>> b = a + a
    >>> c = b + b
    >>> order = why_order(c)
    >>> order.at_once, order.once, order.gradients
    ({'a': 6.0}, {'a': 2.0}, {'a': 4.0})
    """
    return Order(trace_graph(root, names), lang)
