"""`formula`: the expression in leaf names, and the formula of its gradient with common parts named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograd.entry import TABLE
from autograd.explanation.expressions import local_symbol, symbol, written
from autograd.explanation.path_story import find_node
from autograd.explanation.reading import ENDS, Block, Grid, Line, Reading, Row, both_ends
from autograd.explanation.symbols import ATOM, Symbol, Text
from autograd.explanation.tex import Tex, equations
from autograd.graph import Root
from autograd.messages import word
from autograd.trace.digits import agrees
from autograd.trace.steps import Node, Step, Trace, trace_graph

TERMS, FIRST = 20, 6  # terms of a gradient; of more, the first and the last
MOST = 10_000  # nodes
LONGEST = 70  # characters of a formula; what gets longer is told part by part


class Formula(Reading):
    """What `formula` returns: the expression and its derivatives as text, Markdown, LaTeX and HTML.

    Attributes:
        expression: the value's formula in leaf names, Python's notation.
        derivatives: for each leaf name the formula of the gradient.
        parts: common parts by name: nodes (`v1`) and gradients (`g1`) that stand in several places.
    """

    def __init__(self, trace: Trace, goals: list[Node], lang: str | None) -> None:
        if len(trace.nodes) > MOST:
            raise ValueError(word("formula_too_large", lang, count=f"{MOST:,}"))
        self.trace, self.goals, self.lang = trace, goals, lang
        self.told: dict[type[Symbol], _Formulas] = {}
        read = self._read(Text)
        self.expression = read.whole.text
        self.derivatives = {goal.name: read.derivative(goal).text for goal in goals}
        self.parts = {name: x.text for name, x in [*read.values, *read.gradients]}

    def _read(self, kind: type[Symbol]) -> _Formulas:
        if kind not in self.told:
            text = None if kind is Text else self._read(Text)
            self.told[kind] = _Formulas(self.trace, self.goals, kind, text)
        return self.told[kind]

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """Formula, common parts, derivatives; equality signs below each other."""
        read = self._read(kind)
        root = symbol(self.trace.root, kind).text
        rows: list[Row] = [[root, f"= {read.whole.text}"]]
        parts = ([[name, f"= {x.text}"] for name, x in found] for found in (read.values, read.gradients))
        names = [kind.derivative(root, symbol(goal, kind).text) for goal in self.goals]
        derivatives = [[name, f"= {read.shown(goal)}"] for name, goal in zip(names, self.goals)]
        for group in (*parts, derivatives):
            if group:
                count = f"{len(group) - 2 * ENDS:,}"
                left_out = Line(kind.plain(word("formulas_left_out", self.lang, count=count)))
                rows += [Line(""), *[row or left_out for row in both_ends(group)]]
        return [Grid([], rows, gap=" ")]

    def latex(self) -> str:
        r"""The formulas as LaTeX, `aligned`, with `\frac{dL}{da}`."""
        read = self._read(Tex)
        root = symbol(self.trace.root, Tex).text
        lines = [f"{root} &= {read.whole.text}"]
        lines += [f"{name} &= {x.text}" for name, x in [*read.values, *read.gradients]]
        for goal in self.goals:
            lines.append(rf"\frac{{d{root}}}{{d{symbol(goal, Tex).text}}} &= {read.derivative(goal).text}")
        return equations(lines)


class _Formulas:
    """The formulas of one graph in one kind of symbols."""

    def __init__(
        self, trace: Trace, goals: list[Node], kind: type[Symbol], text: _Formulas | None = None
    ) -> None:
        self.trace, self.kind = trace, kind
        self.told: set[Node] = set()  # gradients that have their name
        self.often = {node for node in trace.nodes if len(trace.steps_at(node)) > 1}  # into two and more
        self.name_of: dict[Node, str] = {} if text is None else text.name_of
        self.gradients: list[tuple[str, Symbol]] = []
        self.of: dict[Node, Symbol] = {}  # gradients, as they are handed on
        self.terms: dict[Node, list[Symbol]] = {}  # the flows into a node, to be added up
        self._differentiate()
        told = [self.derivative(goal).text for goal in goals] + [x.text for _, x in self.gradients]
        self.kept: set[Node] = _mentioned(trace, told) if text is None else text.kept
        self.values: list[tuple[str, Symbol]] = []
        self.whole = self._expand()

    def derivative(self, goal: Node) -> Symbol:
        """The formula of the gradient of `goal`."""
        return self._gradient(goal) or self.kind.numeral(0.0, fixed=True)

    def shown(self, goal: Node) -> str:
        """The formula as it is shown: of more terms than are read, the first and the last."""
        terms = self.terms.get(goal, [])
        if len(terms) <= TERMS:
            return self.derivative(goal).text
        some = [*terms[:FIRST], self.kind.name("...", 0.0), terms[-1]]
        return self.kind.write(TABLE["sum"], some, goal.grad).text

    def _gradient(self, node: Node) -> Symbol | None:
        terms = self.terms.get(node)
        if node not in self.of and terms:
            self.of[node] = terms[0] if len(terms) == 1 else self.kind.write(TABLE["sum"], terms, node.grad)
        return self.of.get(node)

    def _differentiate(self) -> None:
        one = self.kind.numeral(1.0, fixed=True)
        self.of[self.trace.root] = one
        for step in self.trace.steps:
            if step.is_kept_out:
                continue
            self._name(step.node)
            flow = TABLE["mul"](self._gradient(step.node) or one, self._local(step))
            self.terms.setdefault(step.operand, []).append(flow)

    def _local(self, step: Step) -> Symbol:
        local = step.node.locals[step.index]
        for rule in () if step.node.op is not None and step.node.op.choice else (local.rule, local.exact):
            read = local_symbol(rule, step.node, self.kind)
            if read is not None and agrees(read.number, step.local):
                return read
        return self.kind.numeral(step.local, step.node.digits(step.local), fixed=True)

    def _name(self, node: Node) -> None:
        """Give a gradient a name, before it is handed on, if several formulas need it."""
        gradient = self._gradient(node)
        if gradient is None:
            return
        needed = node in self.often or gradient.length > LONGEST
        if self.kind is Text and needed and gradient.rank < ATOM:  # in other notations it may be short
            self.name_of.setdefault(node, f"g{len(self.name_of) + 1}")
        if node in self.name_of and node not in self.told:
            self.told.add(node)
            self.of[node] = self.kind.name(self.name_of[node], node.grad)
            self.gradients.append((self.of[node].text, gradient))

    def _expand(self) -> Symbol:
        """The value's formula; nodes of several uses or mentioned in a derivative keep their name."""
        found: dict[Node, Symbol] = {node: symbol(node, self.kind) for node in self.trace.leaves}
        for node in self.trace.nodes:
            parts = [found.get(x) or symbol(x, self.kind) for x in node.operands]
            whole = written(node, parts, self.kind)
            keep = node is not self.trace.root and (
                not node.made_up or node in self.kept or len(node.uses) > 1 or whole.length > LONGEST
            )
            found[node] = whole
            if keep:
                found[node] = symbol(node, self.kind)
                self.values.append((found[node].text, whole))
        root = self.trace.root  # a constant is no leaf
        return found.get(root) or symbol(root, self.kind)


def _mentioned(trace: Trace, formulas: list[str]) -> set[Node]:
    words = set(re.findall(r"\w+", " ".join(formulas)))
    return {node for node in trace.nodes if node.name in words}


def formula(
    root: Root, wrt: Any = None, *, lang: str | None = None, names: Mapping[str, Any] | None = None
) -> Formula:
    """The expression of `root` in leaf names, and the formulas of its gradient.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        wrt: a node: only the derivative with respect to it; by default to every leaf.
        lang: "en" or "zh" for messages; formulas have no language.
        names: variable names to use instead of the caller's, such as `locals()`.

    Raises:
        ValueError: `wrt` is not part of `root`'s graph, or the graph has more than 10,000 nodes.

    >>> from autograd import Value, formula
    >>> x, w, b = Value(2.0), Value(-3.0), Value(5.0)
    >>> o = (x * w + b).tanh()
    >>> print(formula(o))
    o     = tanh(x*w + b)
    <BLANKLINE>
    g1    = 1 - o**2
    <BLANKLINE>
    do/dx = g1 * w
    do/dw = g1 * x
    do/db = g1
    """
    trace = trace_graph(root, names)
    goals = trace.leaves if wrt is None else [find_node(trace, wrt)]
    return Formula(trace, goals, lang)
