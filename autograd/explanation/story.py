"""`explain`: the chain rule for your own expression, in words and numbers, as text, tables and LaTeX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd.drawing.measure import aligned, columns_of, folded, pad, room
from autograd.explanation.cells import (
    At,
    Told,
    equalities,
    forward_cells,
    results,
    step_cells,
    title,
    untold_leaves,
)
from autograd.explanation.closing import closing
from autograd.explanation.expressions import expression_text, symbol
from autograd.explanation.own_engine import own_blocks
from autograd.explanation.path_story import Paths, find_node, use_by_use
from autograd.explanation.reading import (
    ENDS,
    Block,
    Grid,
    Line,
    Reading,
    Row,
    both_ends,
    sentence_after,
)
from autograd.explanation.symbols import Symbol
from autograd.explanation.table import gradient_cell
from autograd.explanation.tex import Tex, equations, tex_name, tex_number
from autograd.graph import Root
from autograd.messages import word
from autograd.trace.own_pass import own_pass
from autograd.trace.steps import Step, Trace, trace_graph

TOLD = 12  # op nodes up to which everything is told
LEAVES = 40
LONGEST = 44


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
        """For a terminal: at most 100 columns, less in a narrow one."""
        told = self.everything and not (self.own and self.own.parts)
        return _as_text(self.trace, self.lang) if told else super().text()

    def latex(self) -> str:
        """The forward and the backward pass as LaTeX, `aligned`."""
        return _latex(self.trace)

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
            blocks += _brief_blocks(trace, lang, kind)
        else:
            blocks += _told_blocks(trace, lang, kind)
        return [*blocks, *[Line(kind.plain(line), "note") for line in closing(trace, lang)]]


def _told_blocks(trace: Trace, lang: str | None, kind: type[Symbol]) -> list[Block]:
    root = kind.plain(trace.root.name)
    blocks: list[Block] = []
    heads = [
        Line(f"{word(way, lang)} {kind.plain(word(f'{way}_what', lang, root=trace.root.name))}", "head")
        for way in ("forward", "backward")
    ]
    if trace.nodes:
        leaves = [
            [kind.plain(x.name), kind.shown(trace.digits(x.number))] for x in untold_leaves(trace, kind)
        ]
        told = [[*cells, "", ""] for cells in leaves] + [forward_cells(node, kind) for node in trace.nodes]
        blocks += [heads[0], Grid([], [equalities(cells) for cells in told])]
    if trace.steps:
        blocks += [heads[1], Line(word("start", lang, root=root)), _steps_grid(trace, lang, kind)]
    if trace.leaves:
        blocks.append(_result_grid(trace, lang, kind))
    return blocks


def _steps_grid(trace: Trace, lang: str | None, kind: type[Symbol]) -> Grid:
    head = [kind.plain(word(key, lang)) for key in ("step", "into", "local", "product", "after")]
    rows: list[Row] = []
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
    columns = {
        "result": [f"{symbol(x.leaf, kind).text}.grad = {x.gradient}" for x in found],
        "symbols": [x.symbols for x in found],
        "meaning": [kind.plain(x.meaning) for x in found],
    }
    if not any(columns["symbols"]):
        del columns["symbols"]
    rows: list[Row] = [list(row) for row in zip(*columns.values())]
    return Grid([word(key, lang) for key in columns], rows, prose=(len(columns) - 1,))


def _brief_blocks(trace: Trace, lang: str | None, kind: type[Symbol]) -> list[Block]:
    """One line per node, forward; then the gradients of the leaves."""
    root = trace.root.name
    leaf = trace.leaves[0].name if trace.leaves else root
    told = word("many_steps", lang, nodes=len(trace.nodes), steps=len(trace.steps), root=root, leaf=leaf)
    head = [kind.plain(word(key, lang)) for key in ("node", "expression", "value", "sum_over_uses")]
    rows: list[Row] = []
    for node in both_ends(trace.nodes):
        if node is None:
            left_out = word("left_out", lang, count=len(trace.nodes) - 2 * ENDS, root=root)
            rows.append(Line(kind.plain(left_out)))
            continue
        name, expression, _, value = forward_cells(node, kind)
        if len(expression) > LONGEST:
            expression = expression_text(node, kind, LONGEST)
        rows.append([name, expression, value, gradient_cell(trace, node, kind, lang)])
    blocks: list[Block] = [
        Line(kind.plain(told)),
        Line(""),
        Grid(head, rows, right=(2,), ruled=True),
        Line(""),
    ]
    found = results(trace, lang, kind, LEAVES)
    leaves: list[Row] = [
        [f"{symbol(x.leaf, kind).text}.grad", f"= {x.gradient}", kind.plain(x.meaning)] for x in found
    ]
    if len(trace.leaves) > LEAVES:
        leaves.append(Line(kind.plain(word("more_leaves", lang, count=len(trace.leaves) - LEAVES))))
    return [
        *blocks,
        Line(word("result", lang), "head"),
        Grid([], leaves, gap=" ", indent="  ", prose=(2,)),
        Line(""),
    ]


def _latex(trace: Trace) -> str:
    r"""One `aligned` for the forward pass and the gradients, from the root to the leaves.

    `d` stands for everything downstream, `\partial` for one node's own formula.
    """
    lines = [f"{tex_name(x.name)} &= {tex_number(trace.digits(x.number))}" for x in untold_leaves(trace, Tex)]
    for node in trace.nodes:
        name, *others = forward_cells(node, Tex)
        value = tex_number(others.pop())
        lines.append(f"{name} &= " + " = ".join(x for x in [*others, value] if x))
    root = tex_name(trace.root.name)
    lines.append(rf"\frac{{d{root}}}{{d{root}}} &= 1")
    done = {trace.root}
    order = [step.operand for step in trace.steps if step.is_last]
    for node in order:
        if node not in done:
            done.add(node)
            lines += use_by_use(trace, node)
            if len(node.uses) > 1:  # the flows themselves, too, and the result once
                result = f" = {tex_number(trace.digits(node.grad))}"
                flows = " + ".join(_term(trace.digits(step.flow)) for step in node.uses)
                lines[-1:] = [lines[-1].removesuffix(result), f"&= {flows}{result}"]
    return equations(lines)


def _term(flow: str) -> str:
    shown = tex_number(flow)
    return f"({shown})" if shown.startswith("-") else shown


def _as_text(trace: Trace, lang: str | None) -> str:
    """The whole story of a graph."""
    root = trace.root.name
    lines = sentence_after(title(trace), word("rounded", lang), "   ")
    if trace.nodes:
        gap = "   " if word("forward", lang) == "FORWARD" else "  "  # as wide as BACKWARD
        lines += [
            "",
            f"{word('forward', lang)}{gap}{word('forward_what', lang, root=root)}",
            *_forward(trace),
        ]
    if trace.steps:
        lines += ["", f"{word('backward', lang)}  {word('backward_what', lang, root=root)}"]
        lines += [word("start", lang, root=root), "", *_backward(trace, lang)]
    lines += ["", *_result(trace, lang)] if trace.leaves else ["", word("constant_root", lang, root=root)]
    end = closing(trace, lang)
    return "\n".join(part for line in [*lines, *([""] if end else []), *end] for part in folded(line))


def _forward(trace: Trace) -> list[str]:
    leaves = [[leaf.name, "", "", trace.digits(leaf.number)] for leaf in untold_leaves(trace)]
    rows = [*leaves, *[forward_cells(node) for node in trace.nodes]]
    cells = [equalities(row) for row in rows]
    if not any(row[2] for row in cells):  # nothing is told in numbers
        cells = [[row[0], row[1], row[3]] for row in cells]
    lines = aligned([["", *row] for row in cells], " ")
    return [part for line, row in zip(lines, cells) for part in _broken(" " + line, row)]


def _broken(line: str, row: Sequence[str]) -> list[str]:
    """A line of equalities, broken before `=` where it is too wide."""
    if columns_of(line) <= room():
        return [line]
    name, first, *others = [cell for cell in row if cell]
    indent = " " * min(columns_of(name) + 3, room() // 2)
    start = folded(f"  {name} {first}", indent + "  ")
    return start + [part for cell in others for part in folded(indent + cell, indent + "  ")]


def _backward(trace: Trace, lang: str | None) -> list[str]:
    told = list(step_cells(trace, lang))
    head = [word(key, lang) for key in ("step", "into", "local", "product", "after")]
    steps = [x for x in told if isinstance(x, Told)]
    rows = [[f"{x.step.number:4}", x.into, " = ".join(x.local), x.product, x.after] for x in steps]
    below = _too_wide([head, *rows])
    if all(row[2] in below for row in rows):
        lines = iter(aligned([[*row[:2], *row[3:]] for row in (head, *rows)], "  "))
        out = [*folded(next(lines)), f"      {head[2]}"]
    else:
        beside = [[*row[:2], "", *row[3:]] if row[2] in below else row for row in (head, *rows)]
        lines = iter(aligned(beside, "  "))
        out = [next(lines)]
    for x in told:
        if isinstance(x, At):
            colon = word("colon", lang)
            out += sentence_after(x.line, x.sentence, colon) if x.sentence else folded(x.line)
            continue
        out += folded(next(lines), "      ")
        out += _own_line(x.local) if " = ".join(x.local) in below else []
        out += folded(f"      {x.use}", "      ") if x.use else []
    return out


def _too_wide(rows: Sequence[Sequence[str]]) -> set[str]:
    """The local derivatives for which there is no room beside the other columns."""
    columns = [max(map(columns_of, column)) for column in zip(*rows)]
    left = room() - len("  ".join("x" * column for column in [*columns[:2], *columns[3:]])) - len("  ")
    if max(columns_of(row[2]) for row in rows[1:]) <= left:
        return set()
    return {row[2] for row in rows[1:] if columns_of(row[2]) > left or left < columns_of(rows[0][2])}


def _own_line(local: Sequence[str]) -> list[str]:
    joined = "      " + " = ".join(local)
    if columns_of(joined) <= room():
        return [joined]
    split = [f"      {local[0]}", *[f"        = {piece}" for piece in local[1:]]]
    return [part for line in split for part in folded(line, " " * 10)]


def _result(trace: Trace, lang: str | None) -> list[str]:
    found = results(trace, lang)
    names = aligned([[f"{x.leaf.name}.grad", f"= {x.gradient}"] for x in found], " ")
    head = [word("result", lang) + word("result_gap", lang) + word("gradient", lang)]
    with_symbols = [[f"  {name}", x.symbols, x.meaning] for name, x in zip(names, found)]
    if all(x.symbols for x in found) and max(map(columns_of, aligned(with_symbols, "   "))) <= room():
        rows, head = with_symbols, [*head, word("symbols", lang), word("meaning", lang)]
    else:
        rows, head = [[row[0], row[2]] for row in with_symbols], [*head, word("meaning", lang)]
    least = [word("result", lang) + "  " + word("gradient", lang), *head[1:]]
    columns = [max(map(columns_of, column)) for column in zip(least, *rows)]
    lines = ["   ".join(pad(cell, w) for cell, w in zip(row, columns)).rstrip() for row in [head, *rows]]
    return [part for line in lines for part in folded(line, "      ")]


def explain(
    root: Root,
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
