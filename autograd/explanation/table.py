"""`trace_table`: the table of textbooks, one row per node: expression, value, local derivatives, gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.explanation.cells import forward_cells, side
from autograd.explanation.expressions import expression_text, pieces, symbol
from autograd.explanation.mathml import Web
from autograd.explanation.reading import ENDS, Block, Grid, Line, Reading, Row, both_ends
from autograd.explanation.symbols import Symbol
from autograd.explanation.tex import Tex, array
from autograd.graph import Root
from autograd.messages import word
from autograd.trace.digits import added_products
from autograd.trace.steps import Node, Step, Trace, trace_graph

LONGEST_SUM = 6  # uses whose flows are written out
MOST = 25  # nodes that are told by the sum over their uses; of more, one use a line
LEAVES = 40
LONGEST = 30  # characters of an expression in a large table


class Table(Reading):
    """What `trace_table` returns: prints as text, shows itself as a table in notebooks."""

    def __init__(self, trace: Trace, lang: str | None) -> None:
        self.trace, self.lang = trace, lang

    @property
    def steps(self) -> list[Step]:
        """The steps of the backward pass."""
        return self.trace.steps

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """How to read it, and the table."""
        told = [Line(kind.plain(word("table", self.lang))), Line("")]
        return [*told, self._by_node(kind) if len(self.trace.nodes) <= MOST else self._by_use(kind)]

    def _by_node(self, kind: type[Symbol]) -> Grid:
        """A row for each node, with the sum over its uses, and more where it has several operands."""
        keys = ("node", "expression", "value", "locals", "sum_over_uses", "from")
        head = [kind.plain(word(key, self.lang)) for key in keys]
        leaf_word = kind.plain(word("leaf", self.lang))
        rows: list[Row] = [
            self._row(leaf, leaf_word, kind.shown(leaf.digits(leaf.number)), "", kind)
            for leaf in self.trace.leaves
        ]
        if self.trace.leaves and self.trace.nodes:
            rows.append(Line(""))
        for node in self.trace.nodes:
            _, expression, _, value = forward_cells(node, kind)
            told = [self.local(step, kind) for step in self.trace.steps_at(node)]
            rows.append(self._row(node, expression, value, told[0] if told else "", kind))
            rows += [["", "", "", local, "", ""] for local in told[1:]]
        return Grid(head, rows, right=(2,), ruled=True)

    def _by_use(self, kind: type[Symbol]) -> Grid:
        """The table of a larger graph: a row for each use of a node; of a very large one both ends."""
        keys = ("node", "expression", "value", "gradient", "product", "from")
        head = [kind.plain(word(key, self.lang)) for key in keys]
        nodes, leaves = self.trace.nodes, self.trace.leaves
        rows: list[Row] = []
        for leaf in leaves[:LEAVES]:
            rows += self._uses(leaf, kind.plain(word("leaf", self.lang)), kind)
        if len(leaves) > LEAVES:
            rows.append(Line(kind.plain(word("more_leaves", self.lang, count=len(leaves) - LEAVES))))
        rows += [Line("")] if leaves else []
        for node in both_ends(nodes):
            if node is not None:
                rows += self._uses(node, expression_text(node, kind, LONGEST), kind)
                continue
            left_out = word("rows_left_out", self.lang, count=f"{len(nodes) - 2 * ENDS:,}")
            rows.append(Line(kind.plain(left_out)))
        return Grid(head, rows, right=(2, 3), ruled=True)

    def _uses(self, node: Node, expression: str, kind: type[Symbol]) -> list[Row]:
        shown = node.digits
        numbers = [kind.shown(shown(x)) for x in (node.number, node.grad)]
        first = [symbol(node, kind).text, expression, *numbers]
        rows: list[Row] = []
        for step in node.uses[:LONGEST_SUM]:
            product = kind.shown(shown.product(step.upstream, step.local, step.flow))
            rows.append([*(["", "", "", ""] if rows else first), product, symbol(step.node, kind).text])
        if len(node.uses) > LONGEST_SUM:
            more = kind.plain(word("more_uses", self.lang, count=len(node.uses) - LONGEST_SUM))
            rows.append(["", "", "", "", more, ""])
        start = kind.plain(word("starts", self.lang)) if node is self.trace.root else ""
        return rows or [[*first, "", start]]

    def _row(self, node: Node, expression: str, value: str, local: str, kind: type[Symbol]) -> list[str]:
        users = " ".join(symbol(step.node, kind).text for step in node.uses[:LONGEST_SUM])
        if len(node.uses) > LONGEST_SUM:
            users += " ..."
        if node is self.trace.root:
            users = kind.plain(word("starts", self.lang))
        gradient = gradient_cell(self.trace, node, kind, self.lang)
        return [symbol(node, kind).text, expression, value, local, gradient, users]

    def local(self, step: Step, kind: type[Symbol]) -> str:
        """`left a: a = 2`: to which operand, in symbols, in numbers."""
        told = pieces(step.node, step.index, kind, self.lang)
        short = " = ".join(told if len(told) < 3 else [told[0], told[2]])
        name, which = symbol(step.operand, kind).text, kind.plain(side(step, self.lang))
        if kind is Tex and step.side:
            return kind.plain(f"{side(step, self.lang)} ") + f"{name}: {short}"
        fields = {"side": which, "name": name, "local": short}
        return word("table_side", self.lang, **fields) if step.side else f"{name}: {short}"

    def latex(self) -> str:
        """The table as a LaTeX `array`."""
        grid = self.blocks(Tex)[-1]
        columns = "llrlll" if len(self.trace.nodes) <= MOST else "llrrll"
        return array(grid, columns) if isinstance(grid, Grid) else ""


def gradient_cell(trace: Trace, node: Node, kind: type[Symbol], lang: str | None) -> str:
    """`1*-3 + 1*2 + 1*2 = 1`: the sum over the uses."""
    gradient = kind.numeral(node.grad, node.digits(node.grad)).text
    if node is trace.root or not node.uses:
        return gradient
    if len(node.uses) > LONGEST_SUM:
        return gradient if kind is Tex else gradient + word("uses_count", lang, uses=len(node.uses))
    numbers = [x for step in node.uses for x in (step.upstream, step.local)]
    shown = node.digits.of(added_products, numbers, node.grad)
    if shown is None:  # a choice kept nan * 0 out
        return gradient
    if kind is Web:
        products_ = [f"{a} * {b}" for a, b in zip(shown[::2], shown[1::2])]
        return kind.shown(f"{' + '.join(products_)} = {node.digits(node.grad)}")
    dot = r"\cdot " if kind is Tex else "*"
    cells = [kind.numeral(float(x), x).text for x in shown]
    products = [f"{a}{dot}{_inside(b, kind)}" for a, b in zip(cells[::2], cells[1::2])]
    return f"{' + '.join(products)} = {gradient}"


def _inside(number: str, kind: type[Symbol]) -> str:
    return f"({number})" if kind is Tex and number.startswith("-") else number


def trace_table(root: Root, *, lang: str | None = None, names: Mapping[str, Any] | None = None) -> Table:
    """The table of textbooks for `root`: per node expression, value, local derivatives and gradient.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        lang: "en" or "zh"; by default the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    >>> from autograd import Value, trace_table
    >>> a = Value(2.0)
    >>> y = a * a
    >>> print(trace_table(y))
    Read values down, gradients up. A gradient is the sum, over the uses, of upstream * local.
    <BLANKLINE>
    node  expression  value  local derivatives  gradient: sum over uses  from
    ----  ----------  -----  -----------------  -----------------------  -----
    a     leaf            2                     1*2 + 1*2 = 4            y y
    <BLANKLINE>
    y     a * a           4  left a: a = 2      1                        start
                             right a: a = 2
    """
    return Table(trace_graph(root, names), lang)
