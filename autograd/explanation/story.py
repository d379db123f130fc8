"""`explain`: the chain rule for your own expression, in words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.explanation import latex, text
from autograd.explanation.brief import brief_blocks
from autograd.explanation.cells import At, forward_cells, results, step_cells, title, untold_leaves
from autograd.explanation.closing import closing
from autograd.explanation.expressions import symbol
from autograd.explanation.own_engine import own_blocks
from autograd.explanation.path_story import Paths, find_node
from autograd.explanation.reading import Block, Grid, Line, Reading
from autograd.explanation.symbols import Symbol
from autograd.messages import word
from autograd.trace.own_pass import own_pass
from autograd.trace.steps import Step, Trace, trace_graph

TOLD = 12  # op nodes up to which everything is told


class Explanation(Reading):
    """What `explain` returns: prints as text, shows itself as a table in notebooks.

    Attributes:
        steps: the facts, one `Step` per edge, in the order in which `backward()` adds them.
    """

    def __init__(self, trace: Trace, lang: str | None, everything: bool) -> None:
        self.trace, self.lang, self.everything = trace, lang, everything
        self.own = own_pass(trace)  # what the code of the learner's own class does

    @property
    def steps(self) -> list[Step]:
        """The steps of the backward pass."""
        return self.trace.steps

    def text(self) -> str:
        """For a terminal: at most 100 columns."""
        told = self.everything and not (self.own and self.own.parts)
        return text.whole(self.trace, self.lang) if told else super().text()

    def latex(self) -> str:
        """The forward and the backward pass as LaTeX, `aligned`."""
        return latex.whole(self.trace)

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """The story as lines and tables."""
        trace, lang = self.trace, self.lang
        blocks: list[Block] = [
            Line(title(trace, kind), "title"),
            Line(kind.plain(word("rounded", lang)), "note"),
        ]
        if self.own is not None and self.own.parts:
            blocks += own_blocks(trace, self.own, lang, kind)
        elif not self.everything:
            blocks += brief_blocks(trace, lang, kind)
        else:
            blocks += _told_blocks(trace, lang, kind)
        return [*blocks, *[Line(kind.plain(line), "note") for line in closing(trace, lang)]]


def _told_blocks(trace: Trace, lang: str | None, kind: type[Symbol]) -> list[Block]:
    root = kind.plain(trace.root.name)
    blocks: list[Block] = []
    if trace.nodes:
        blocks.append(
            Line(
                f"{word('forward', lang)} {kind.plain(word('forward_what', lang, root=trace.root.name))}",
                "head",
            )
        )
        leaves = untold_leaves(trace, kind)
        rows: list[list[str] | Line] = [
            [kind.plain(x.name), f"= {kind.shown(trace.digits(x.number))}", "", ""] for x in leaves
        ]
        for node in trace.nodes:
            name, *others = forward_cells(node, kind)
            rows.append([name, *[f"= {cell}" if cell else "" for cell in others]])
        blocks.append(Grid([], rows))
    if trace.steps:
        blocks.append(
            Line(
                f"{word('backward', lang)} {kind.plain(word('backward_what', lang, root=trace.root.name))}",
                "head",
            )
        )
        blocks.append(Line(word("start", lang, root=root)))
        blocks.append(_steps_grid(trace, lang, kind))
    if trace.leaves:
        blocks.append(_result_grid(trace, lang, kind))
    return blocks


def _steps_grid(trace: Trace, lang: str | None, kind: type[Symbol]) -> Grid:
    head = [kind.plain(word(key, lang)) for key in ("step", "into", "local", "product", "after")]
    rows: list[list[str] | Line] = []
    for x in step_cells(trace, lang, kind):
        if isinstance(x, At):
            rows.append(Line(x.line + (word("colon", lang) + x.sentence if x.sentence else "")))
            continue
        rows.append([str(x.step.number), x.into, " = ".join(x.local), x.product, x.after])
        if x.use:
            rows.append(Line(x.use, "use"))
    return Grid(head, rows, right=(0,))


def _result_grid(trace: Trace, lang: str | None, kind: type[Symbol]) -> Grid:
    found = results(trace, lang, kind)
    head = [word(key, lang) for key in ("result", "symbols", "meaning")]
    rows: list[list[str] | Line] = [
        [f"{symbol(x.leaf, kind).text}.grad = {x.gradient}", x.symbols, kind.plain(x.meaning)] for x in found
    ]
    if not any(x.symbols for x in found):
        return Grid(
            [head[0], head[2]], [[row[0], row[2]] for row in rows if isinstance(row, list)], prose=(1,)
        )
    return Grid(head, rows, prose=(2,))


def explain(
    root: Any,
    wrt: Any = None,
    *,
    lang: str | None = None,
    all: bool = False,  # noqa: A002 - explain(L, all=True) is what one wants to type
    names: Mapping[str, Any] | None = None,
) -> Explanation | Paths:
    """Tell the forward and the backward pass of `root`, step by step.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        wrt: a leaf or node: tell only the paths from it to `root`.
        lang: "en" or "zh"; by default the language in force.
        all: tell every step of a graph of more than 12 op nodes too.
        names: variable names to use instead of the caller's, such as `locals()`.

    Returns:
        An object that prints as text and shows itself as a table in notebooks; `.markdown()`, `.latex()`,
        `.html()` give the other readings, `.steps` the facts.

    Raises:
        ValueError: `wrt` is not part of `root`'s graph.

    >>> from autograd import Value, explain
    >>> a, b = Value(2.0), Value(-3.0)
    >>> L = a * b
    >>> print(explain(L))  # doctest: +ELLIPSIS
    L = a * b = -6   (rounded for display, computed with all digits)
    ...
      a.grad = -3      b            a up by 0.01: L down by about 0.03
      b.grad = 2       a            b up by 0.01: L up by about 0.02
    >>> print(explain(L, wrt=a))
    L depends on a along 1 path; the gradient is the product of the local derivatives on it
    <BLANKLINE>
      L <- a        b = -3
    <BLANKLINE>
      a.grad = -3   a up by 0.01: L down by about 0.03
    """
    trace = trace_graph(root, names)
    if wrt is not None:
        return Paths(trace, find_node(trace, wrt), lang)
    return Explanation(trace, lang, all or len(trace.nodes) <= TOLD)
