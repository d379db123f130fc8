"""`step_through` and `quiz`: the chain rule as a page of its own, step by step, without kernel or network."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from functools import cache
from html import escape
from string import Template
from typing import Any

from autograd import messages
from autograd.drawing.palette import COLOURS
from autograd.explanation.cells import Told, step_cells, title
from autograd.explanation.expressions import expression
from autograd.explanation.javascript import PAGE
from autograd.explanation.own_engine import own_columns
from autograd.explanation.page_graph import page_graph
from autograd.explanation.page_views import clipped
from autograd.explanation.reading import html
from autograd.explanation.symbols import Text, Web
from autograd.files import write_file
from autograd.graph import node_of, parents_of
from autograd.messages import word
from autograd.trace.own_pass import own_pass
from autograd.trace.steps import Trace, trace_graph

SCRIPTS = ("numbers", "engine", "view", "speech", "quiz", "drawers", "controls")
ROLES = ["paper", "card", "head", "frame", "ink", "muted", "edge", "local", "accent", "bad", "plus", "plus1"]
TALLEST = 460  # pixels of the picture; a larger one is scrolled
AROUND = 600  # pixels of what stands around it, one open drawer included
MANY_STEPS = 200  # beyond, the page opens at the turn
LARGEST = 3000  # nodes
LONGEST = 70  # columns of an expression in the table


class Stepper:
    """What `step_through` and `quiz` return: shows itself in a notebook, `.save` writes the page."""

    def __init__(self, trace: Trace, lang: str, mode: str) -> None:
        word("forward", lang)  # another language is refused here
        self.trace, self.lang, self.mode = trace, lang, mode

    @property
    def html(self) -> str:
        """The page: one HTML document that needs nothing else."""
        return _page(self.trace, self.lang, self.mode)

    def save(self, path: Any) -> None:
        """Write the page to a file."""
        write_file(path, self.html)

    def _repr_html_(self) -> str:
        """The page in a frame; after it all steps as a plain table, which survives where scripts do not."""
        height = int(min(page_height(self.trace), TALLEST)) + AROUND
        steps = table(self.trace, self.lang, self.mode)
        return (
            f'<iframe srcdoc="{escape(self.html)}" style="width:100%;height:{height}px;border:0" '
            f'title="{escape(title(self.trace))}"></iframe>'
            f"<details><summary>{escape(word('backward', self.lang))}</summary>{steps}</details>{self._yours}"
        )

    @property
    def _yours(self) -> str:
        """Where a learner's own backward() goes another way: its steps beside the right ones."""
        own = own_pass(self.trace) if self.mode == "watch" else None
        return html(own_columns(self.trace, own, self.lang, Web)) if own and own.parts else ""

    def __repr__(self) -> str:
        kind = "quiz" if self.mode == "predict" else "stepper"
        return f"<{kind}: {title(self.trace)}, {len(self.trace.steps)} steps>"


def step_through(root: Any, *, lang: str | None = None, names: Mapping[str, Any] | None = None) -> Stepper:
    """Forward and backward through the graph of `root`, one step at a time, as an interactive page.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        lang: "en" or "zh" to open in; by default the language in force. The page switches.
        names: variable names to use instead of the caller's, such as `locals()`.

    Raises:
        ValueError: the graph has more nodes than anybody steps through.

    >>> from autograd import Value, step_through
    >>> a, b = Value(2.0), Value(-3.0)
    >>> L = a * a + a * b
    >>> step_through(L)
    <stepper: L = a*a + a*b = -2, 6 steps>
    """
    return Stepper(_told(root, names), lang or messages.language(), "watch")


def quiz(root: Any, *, lang: str | None = None, names: Mapping[str, Any] | None = None) -> Stepper:
    """The page of `step_through` with the gradients hidden: the learner types them, and mistakes are named.

    The page holds no answers, only the graph; it computes them when something was typed.

    >>> from autograd import Value, quiz
    >>> x = Value(3.0)
    >>> y = x * x
    >>> quiz(y)
    <quiz: y = x * x = 9, 2 steps>
    """
    return Stepper(_told(root, names), lang or messages.language(), "predict")


def _told(root: Any, names: Mapping[str, Any] | None) -> Trace:
    """The facts about `root`, if it has not too many nodes; the walk stops where they get too many."""
    root = node_of(root)
    seen = {id(root): root}
    waiting = [root]
    while waiting and len(seen) <= LARGEST:
        for parent in parents_of(waiting.pop()):
            if id(parent) not in seen:
                seen[id(parent)] = parent
                waiting.append(parent)
    if len(seen) > LARGEST:
        raise ValueError(word("too_large", None, count=f"{LARGEST:,}"))
    return trace_graph(root, names)


def _page(trace: Trace, lang: str, mode: str) -> str:
    start = "turn" if mode == "predict" or len(trace.steps) > MANY_STEPS else "ready"
    graph = page_graph(trace, lang=lang, mode=mode, step=start)
    return Template((PAGE / "page.html").read_text(encoding="utf-8")).substitute(
        lang=lang, title=escape(title(trace)), colours=_colours(graph.height),
        table=table(trace, lang, mode), graph=graph.script, script=_packed(),
    )  # fmt: skip


def page_height(trace: Trace) -> float:
    """The height of the picture in pixels."""
    return page_graph(trace, lang="en", mode="watch", step="ready").height


def table(trace: Trace, lang: str, mode: str) -> str:
    """All steps of the backward pass as a plain HTML table; in a quiz with the numbers left out."""
    head = [word(key, lang) for key in ("step", "node", "into", "local", "product", "after")]
    rows = []
    for cells in step_cells(trace, lang):
        if not isinstance(cells, Told):
            continue
        node = cells.step.node
        equation = clipped(f"{node.name} = {expression(node, Text).text}", LONGEST)
        row = [str(cells.step.number), equation, cells.into]
        row += ["?"] * 3 if mode == "predict" else [" = ".join(cells.local), cells.product, cells.after]
        rows.append("".join(f"<td>{escape(cell)}</td>" for cell in row))
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f'<table id="steps"><thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table>'


def _colours(height: float) -> str:
    """The picture's colours for this page, light and dark, and the height of its picture."""
    light, dark = ("".join(f"--{role}:{COLOURS[role][i]};" for role in ROLES) for i in (0, 1))
    tall = f"--tall:{min(height + 2, TALLEST):.0f}px"
    return f":root{{{light}{tall}}}\n@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


@cache
def _packed() -> str:
    """What every page runs, compressed: words, style and scripts from the folder beside this file."""
    words, style = ((PAGE / name).read_text(encoding="utf-8") for name in ("words.json", "page.css"))
    parts = [
        f"const W = {words}\nconst style = {json.dumps(style)}",
        *((PAGE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS),
    ]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress("\n".join(parts).encode()) + packer.flush()
    return base64.b64encode(packed).decode()
