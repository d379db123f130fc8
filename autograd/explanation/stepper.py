"""`step_through` and `quiz`: the chain rule as a page of its own, step by step, without kernel or network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from autograd import messages
from autograd.copying import Unpickled
from autograd.drawing.cards import Look
from autograd.drawing.collapse import scopes_of
from autograd.drawing.frames import after_backward
from autograd.drawing.measure import columns_of
from autograd.drawing.page import image
from autograd.drawing.palette import THEMES
from autograd.drawing.scene import make_scene
from autograd.drawing.svg import Drawing, lay_out_scene
from autograd.explanation.assembly import STEPPING, colours, packed, page, scripts, source, words_script
from autograd.explanation.cells import Told, forward_cells, step_cells, title
from autograd.explanation.expressions import expression, own_name
from autograd.explanation.javascript import Entry, as_script, op_entry, table_script
from autograd.explanation.mathml import Web
from autograd.explanation.own_engine import own_columns
from autograd.explanation.reading import html
from autograd.explanation.symbols import Text
from autograd.files import write_file
from autograd.graph import Root, node_of, parents_of
from autograd.messages import page_language, word
from autograd.messages.sentences import template
from autograd.settings import chosen_word
from autograd.trace.folding import Graph, Shown, is_known
from autograd.trace.names import find_names, one_line
from autograd.trace.opening import opened_graph, read_graph
from autograd.trace.own_pass import own_pass
from autograd.trace.steps import Node, Trace, in_order, trace_graph

MANY_STEPS = 200  # beyond, the page opens at the turn
LARGEST = 3000  # nodes
LONGEST = 70  # columns of an expression in the table
MARKUP = frozenset('<>"&')
HEIGHT = 860  # pixels of a frame until its page has said how high it is
# how a page looks on paper and without scripts
STATIC = (
    "body{background:var(--paper);color:var(--ink);font:14px system-ui,sans-serif}"
    "td,th{text-align:left;padding-right:14px}#still svg{max-width:100%;height:auto}"
)


class Stepper(Unpickled):
    """What `step_through` and `quiz` return: shows itself in a notebook, `.save` writes the page."""

    def __init__(self, trace: Trace, lang: str, mode: str, theme: str = "auto") -> None:
        word("forward", lang)  # another language is refused here
        self.trace, self.lang, self.mode = trace, lang, mode
        self.theme = chosen_word("step_through", "theme", theme, THEMES)

    @property
    def html(self) -> str:
        """The page: one HTML document that needs nothing else."""
        return _page(self.trace, self.lang, self.mode, self.theme)

    def save(self, path: Any) -> None:
        """Write the page to a file."""
        write_file(path, self.html)

    def _repr_html_(self) -> str:
        """The page in a frame; after it what survives where frames and scripts do not.

        That is how hosts show a notebook that somebody else ran: a picture, the forward pass, all steps.
        """
        told = self.trace, self.lang, self.mode
        drawing = _drawing(*told, self.theme)
        # hosts rewrite what they show: a label that holds markup is not given to them inside an attribute
        names = "".join(node.name for node in (*self.trace.leaves, *self.trace.nodes))
        shown = drawing is not None and MARKUP.isdisjoint(names)
        picture = image(drawing.svg, drawing.description, self.lang) if drawing is not None and shown else ""
        rest = f"<p>{escape(word('run_the_cell', self.lang))}</p>{picture}{_forward(*told[:2])}{table(*told)}"
        rest += yours(*told)
        return (
            f'<div lang="{page_language(self.lang)}">'
            f'<iframe srcdoc="{escape(self.html)}" style="width:100%;height:{HEIGHT}px;border:0" '
            f'title="{escape(title(self.trace))}"></iframe>'
            f"<details><summary>{escape(word('all_steps', self.lang))}</summary>{rest}</details></div>"
        )

    def __repr__(self) -> str:
        root = self.trace.root
        name = root.name if root.name.isidentifier() and not root.made_up else "L"
        told = {"title": title(self.trace), "count": len(self.trace.steps), "root": name}
        told["file"] = name.lower()
        return word("quiz_repr" if self.mode == "predict" else "stepper_repr", self.lang, **told)


LEAF, CONSTANT = -1, -2
VISIBLE = 40  # boxes up to which a graph is shown whole; beyond, its scopes are told too


def page_graph(trace: Trace, *, lang: str, mode: str, step: str) -> str:
    """The script of a page for these facts, which opens in `lang` at `step`."""
    nodes = in_order(trace.nodes, trace.root)
    number = {node: i for i, node in enumerate(nodes)}
    entries: dict[str, Entry] = {}
    read = {x: was for node in reversed(nodes) for x, was in zip(node.operands, node.numbers)}
    data = {
        "title": title(trace).rsplit(" = ", 1)[0], "lang": lang, "mode": mode, "step": step,
        "nodes": [_node(node, number, entries, read.get(node, node.number)) for node in nodes],
    }  # fmt: skip
    if len(nodes) > VISIBLE:
        data["scopes"] = _scopes(nodes, number)
    return f"{table_script(entries)}\nconst G = {as_script(data)}"


def _scopes(nodes: list[Node], number: dict[Node, int]) -> list[list[str]]:
    sources = [node.source for node in nodes]
    operands = [tuple(number[x] for x in node.operands) for node in nodes]
    found = scopes_of(Graph(sources, operands, sources, sources))
    return [[one_line(step) for step in scope] for scope in found]


def _node(node: Node, number: dict[Node, int], entries: dict[str, Entry], read: float) -> list[Any]:
    """`[name, op, operands, value, more]`; the last two only where they are needed.

    `read` is what the forward pass read: the page computes it again from the leaves.
    """
    if node.is_leaf:
        return [node.name, CONSTANT if node.is_constant else LEAF, [], read]
    key, entry = _entry(node)
    entries.setdefault(key, entry)
    told = [node.name, key, [number[x] for x in node.operands], node.number]
    if not node.beside:
        return told
    shares = {x.op.share: number[x] for x in node.beside if isinstance(x.op, Shown)}
    return [*told, {"beside": [shares.get(i) for i in range(len(node.operands))]}]


def _entry(node: Node) -> tuple[str, Entry]:
    """The key and the object of a node's op; nodes of one op on as many operands share it."""
    op, count = node.op, len(node.operands)
    if op is not None and is_known(op) and _by_table(node):
        share = op.share if isinstance(op, Shown) and op.share is not None else ""
        return f"{op.name}{share}/{count}", op_entry(op, count)
    name = own_name(node) if op is None else op.name
    slopes = as_script([x.number for x in node.locals])
    known = [x.number is not None for x in node.locals]
    entry = {"n": as_script(name), "v": "0", "d": f"()=>{slopes}", "own": "1"}
    if any(x.unknown for x in node.locals):
        entry["unknown"] = "1"
    return f"own {name} {slopes} {'unknown' in entry}", {**entry, "w": as_script(template("", known))}


def _by_table(node: Node) -> bool:
    """Whether the node's local derivatives are its op's."""
    return all(x.number is None or x.rule is not None for x in node.locals)


def step_through(
    root: Root, *, theme: str = "auto", lang: str | None = None, names: Mapping[str, Any] | None = None
) -> Stepper:
    """Forward and backward through the graph of `root`, one step at a time, as an interactive page.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".
        lang: "en" or "zh" to open in; by default the language in force. The page switches.
        names: variable names to use instead of the caller's, such as `locals()`.

    Raises:
        ValueError: the graph has more nodes than anybody steps through.

    >>> from autograd import Value, step_through
    >>> a, b = Value(2.0), Value(-3.0)
    >>> L = a * a + a * b
    >>> step_through(L)
    <stepper: L = a*a + a*b = -2, 6 steps; to use it: .save("l.html"); in words: explain(L)>
    """
    return Stepper(_told(root, names), lang or messages.language(), "watch", theme)


def quiz(
    root: Root, *, theme: str = "auto", lang: str | None = None, names: Mapping[str, Any] | None = None
) -> Stepper:
    """The page of `step_through` with the gradients hidden: the learner types them, and mistakes are named.

    The page holds no answers, only the graph; it computes them when something was typed. The arguments are
    those of `step_through`.

    >>> from autograd import Value, quiz
    >>> x = Value(3.0)
    >>> y = x * x
    >>> quiz(y)
    <quiz: y = x * x = 9, 2 steps; to take it: .save("y.html")>
    """
    return Stepper(_told(root, names), lang or messages.language(), "predict", theme)


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


def _page(trace: Trace, lang: str, mode: str, theme: str) -> str:
    start = "turn" if mode == "predict" or len(trace.steps) > MANY_STEPS else "ready"
    graph = page_graph(trace, lang=lang, mode=mode, step=start)
    return page(
        lang=page_language(lang), title=escape(title(trace)), style=colours(theme) + STATIC,
        still=without_scripts(trace, lang, mode), table=table(trace, lang, mode) + yours(trace, lang, mode),
        script=f"{graph}\n{_packed()}",
    )  # fmt: skip


def yours(trace: Trace, lang: str, mode: str) -> str:
    """Where a learner's own backward() goes another way: its steps beside the right ones; else nothing."""
    own = own_pass(trace) if mode == "watch" else None
    if own is None or not own.parts:
        return ""
    return f'<div style="padding:0 16px">{html(own_columns(trace, own, lang, Web))}</div>'


def without_scripts(trace: Trace, lang: str, mode: str) -> str:
    """What is seen on paper and where no script runs: title, picture, the forward pass."""
    drawing = _drawing(trace, lang, mode, "light")  # as paper is
    # inside HTML it needs no name space
    svg = "" if drawing is None else drawing.svg.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    back = f"<h2>{escape(word('backward', lang))}</h2>"
    return f"<h1>{escape(title(trace))}</h1>{svg}{_forward(trace, lang)}{back}"


def _forward(trace: Trace, lang: str) -> str:
    """The forward pass as a list."""
    lines = [" = ".join(filter(None, forward_cells(node))) for node in trace.nodes]
    told = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{escape(word('forward', lang))}</h2><ol>{told}</ol>" if told else ""


def _drawing(trace: Trace, lang: str, mode: str, theme: str) -> Drawing | None:
    """The graph with the gradients of this pass, in a quiz with places for them; None for a large one."""
    names = {node.name: node.source for node in [*trace.leaves, *trace.nodes] if not node.inside}
    root = trace.root.source
    blank = ("grad", "local") if mode == "predict" else ()
    look = Look(lang, theme, blank, legend=False, digits=trace.digits)
    graph = opened_graph(read_graph(root))
    if len(graph.nodes) > VISIBLE:
        return None
    scene = after_backward(make_scene(graph, find_names(root, names, order=graph.sources)))
    return Drawing(scene, lay_out_scene(scene, look, "auto"), look)


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
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f'<table id="steps"><thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table>'


def clipped(text: str, columns: int) -> str:
    """The text, cut with an ellipsis if it takes more columns; a Chinese character takes two.

    >>> clipped("tanh(v4)", 6)
    'tanh(…'
    """
    if columns_of(text) <= columns:
        return text
    kept = text[: columns - 1]
    while columns_of(kept) >= columns:
        kept = kept[:-1]
    return kept + "…"


@cache
def _packed() -> str:
    """What every page runs, the same on all of them and therefore packed: words, style and scripts."""
    style = f"document.head.appendChild(sheet).textContent = {json.dumps(source('page.css'))}"
    sheet = "const sheet = document.createElement('style')"
    return packed("\n".join([sheet, style, words_script("parts"), scripts(*STEPPING, "boot")]))
