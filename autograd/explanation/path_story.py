"""`paths` and `explain(L, wrt=a)`: the short story of one leaf, form used most in class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from autograd.drawing.measure import columns_of, folded, pad, room
from autograd.entry import TABLE
from autograd.explanation.cells import gradients_in_symbols, into, side
from autograd.explanation.expressions import local_symbol, symbol
from autograd.explanation.meaning import meaning
from autograd.explanation.reading import Block, Grid, Line, Reading, Row, text
from autograd.explanation.routes import LONGEST, Path, count_paths, every_path, largest_paths, parts_on_paths
from autograd.explanation.symbols import PRODUCT, Symbol, Text
from autograd.explanation.tex import Tex, equations, tex_name, tex_number
from autograd.graph import Root
from autograd.messages import listed, word
from autograd.trace.digits import Equation, added, agrees, multiplied
from autograd.trace.steps import Node, Step, Trace, trace_graph

LISTED = 8  # paths that are told one by one; of more, the largest few
LARGEST = 5
MOST = 10_000  # paths that are listed on request


class Paths(Reading):
    """What `paths` returns: prints as text, shows itself as a table; up to 10,000 paths can be iterated.

    Attributes:
        count: how many paths there are, exactly.
        largest: all of them, or the largest few, as `Path(nodes, product, steps)`.
        gradient: the sum of the products of all paths.
    """

    def __init__(self, trace: Trace, goal: Node, lang: str | None) -> None:
        self.trace, self.goal, self.lang = trace, goal, lang
        self.count = count_paths(trace).get(goal, 0)
        self.gradient = goal.grad
        most = LISTED if self.count <= LISTED else LARGEST
        self.largest: list[Path] = largest_paths(trace, goal, most)
        self.digits = trace.digits.also(self._equations())

    def _equations(self) -> list[Equation]:
        """What is printed beside the trace's own equations: the sum of the products, and each product."""
        short = [path for path in self.largest if len(path.steps) <= LONGEST]
        factors = [
            Equation(multiplied, [x.local for x in path.steps], path.product) for path in short if path.steps
        ]
        if not 1 < self.count <= len(self.largest):
            return factors
        return [Equation(added, [path.product for path in self.largest], self.gradient), *factors]

    def __bool__(self) -> bool:
        return self.count > 0

    def __len__(self) -> int:
        self._check_listable()
        return self.count

    def __iter__(self) -> Iterator[Path]:
        self._check_listable()
        return every_path(self.trace, self.goal)

    def _check_listable(self) -> None:
        if self.count > MOST:
            raise ValueError(
                word("too_many_paths", self.lang, count=_shown_count(self.count), most=f"{MOST:,}")
            )

    @property
    def steps(self) -> list[Step]:
        """The steps that lie on one of the paths."""
        return list(parts_on_paths(self.trace, self.goal))

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """The paths as a table, and what they add up to."""
        root, goal, lang = self.trace.root, self.goal, self.lang
        names = {"root": symbol(root, kind).text, "leaf": symbol(goal, kind).text}
        if goal is root or not self.count:
            key = "exactly_itself" if goal is root else "no_path"
            return [Line(kind.plain(word(key, lang, root=root.name, leaf=goal.name)))]
        key = "one_path" if self.count == 1 else "paths"
        lines: list[Block] = [Line(word(key, lang, count=_shown_count(self.count), **names)), Line("")]
        if self.count > len(self.largest):
            lines += [Line(word("largest", lang, count=len(self.largest)))]
        routes = [self.route(path, kind, lang) for path in self.largest]
        if kind is Text:  # the same stops in both languages
            stop = max(columns_of(self.route(path, Text, "en")) for path in self.largest)
            routes = [pad(route, stop) for route in routes]
        rows = [[route, self.equation(path, kind)] for route, path in zip(routes, self.largest)]
        says = kind.plain(meaning(self.trace, goal, lang))
        sum_ = f"{names['leaf']}.grad = {kind.shown(self.sum())}"
        if self.count == 1:
            return [*lines, _paths_grid([*rows, ["", ""], [sum_, says]])]
        symbols = gradients_in_symbols(self.trace, kind).get(goal)
        told = word("in_symbols", lang, symbols=symbols.text) if symbols is not None else ""
        row: Row = [cell for cell in (sum_, told, says) if cell]
        end = Grid([], [row], gap=" " * 8, indent="  ", prose=(1, 2))
        return [*lines, _paths_grid(rows), Line(""), end]

    def text(self) -> str:
        """For a terminal; the last line has stops of its own, as in the first lines of the course."""
        *first, last = self.blocks(Text)
        row = last.rows[0] if isinstance(last, Grid) and last.gap == " " * 8 else None
        if not isinstance(row, list) or len(row) != 3:
            return super().text()
        sum_, told, says = row
        before = text(first).split("\n")
        stops = 29 if columns_of(told) == len(told) else 28
        line = f"  {pad(sum_, 31)}{pad(told, stops)}{says}"
        if columns_of(sum_) >= 29 or columns_of(told) >= 26 or columns_of(line) > room():
            line = f"  {sum_}    {told}    {says}"  # closer together
        end = [line] if columns_of(line) <= room() else [part for cell in row for part in folded(f"  {cell}")]
        return "\n".join([*before, *end])

    def sum(self) -> str:
        """`-3 + 2 + 2 = 1`, or the gradient alone when there are more paths than are listed."""
        if self.count > len(self.largest) or not self.largest:
            return self.digits(self.gradient)
        return self.digits.total([path.product for path in self.largest], self.gradient)

    def route(self, path: Path, kind: type[Symbol], lang: str | None) -> str:
        """`L <- v1 <- a (left)`; of a long one both ends."""
        arrow = f" {kind.back} "
        stops = [symbol(self.trace.root, kind).text, *[into(step, lang, kind) for step in path.steps]]
        return arrow.join(_cut(stops, self._apart(path)))

    def _apart(self, path: Path) -> list[int]:
        """The stops of a long path at which it may differ from the others that are told."""
        same = [x for x in self.largest if len(x.steps) == len(path.steps)]
        if len(path.steps) < LONGEST or len(same) < 2:
            return []
        places = range(len(path.steps))
        return [k + 1 for k in places if len({(x.steps[k].operand, x.steps[k].side) for x in same}) > 1]

    def equation(self, path: Path, kind: type[Symbol]) -> str:
        """`(1 - o**2) * 1 * 1 * x1 = 0.5 * 1 * 1 * 2 = 1`."""
        product = kind.shown(self.digits(path.product))
        if len(path.steps) > LONGEST:
            return product
        shown = self.digits.of(multiplied, [step.local for step in path.steps], path.product)
        numbers = [kind.numeral(float(x), x) for x in shown] if shown is not None else []
        told = [_chain(self._locals(path, kind), kind), _chain(numbers, kind), product]
        return " = ".join(dict.fromkeys(x for x in told if x))

    def _locals(self, path: Path, kind: type[Symbol]) -> list[Symbol]:
        """The local derivatives on a path in symbols; [] where one of them is not known as a formula."""
        found: list[Symbol] = []
        for step in path.steps:
            read: Symbol | None = kind.numeral(step.local, self.digits(step.local))
            if step.node.op is None or not step.node.op.choice:
                read = local_symbol(step.node.locals[step.index].rule, step.node, kind)
            if read is None or not agrees(read.number, step.local):
                return []
            found.append(read)
        return found

    def latex(self) -> str:
        """The sum over the uses: what arrives, times the node's own partial derivative."""
        lines = use_by_use(self.trace, self.goal)
        return equations(lines) if len(lines) > 1 else lines[0]


def _shown_count(count: int) -> str:
    """`128`, `131,072`, and what nobody reads digit by digit as `2.82e+4515`."""
    if count.bit_length() > 1000:
        return f"{Decimal(count):.2e}"
    return f"{count:,}" if count > 9999 else str(count)


def _cut(stops: Sequence[str], apart: Sequence[int]) -> list[str]:
    """The stops of a path; of a long one both ends and where it differs from others, the rest counted."""
    count = len(stops)
    if count <= LONGEST:
        return list(stops)
    kept = {0, 1, count - 1, *apart[: LONGEST - 3]} if apart else {*range(4), *range(count - 4, count)}
    shown: list[str] = []
    last = -1
    for k in sorted(kept):
        if k - last > 1:
            shown.append(f"... ({k - last - 1}) ...")
        shown.append(stops[k])
        last = k
    return shown


def _paths_grid(rows: list[list[str]]) -> Grid:
    return Grid([], [row if any(row) else Line("") for row in rows], gap="   ", indent="  ")


def _chain(factors: list[Symbol], kind: type[Symbol]) -> str:
    if not factors:
        return ""
    first, *others = factors
    if first.rank == PRODUCT and others:  # (1 / s) * x reads better than 1 / s * x
        first = kind.grouped(first)
    return kind.write(TABLE["prod"], [first, *others], 0.0).text if others else first.text


def use_by_use(trace: Trace, goal: Node) -> list[str]:
    """LaTeX, line by line: `dL/da` as the sum over the uses of a, in symbols and in numbers."""
    root, name = tex_name(trace.root.name), tex_name(goal.name)
    start = rf"\frac{{d{root}}}{{d{name}}} "
    terms, numbers = [], []
    for step in goal.uses:
        node, which = tex_name(step.node.name), side(step, "en")
        below = f"{_grouped(name)}_{{\\text{{{which}}}}}" if which else name
        terms.append(rf"\frac{{d{root}}}{{d{node}}}\,\frac{{\partial {node}}}{{\partial {below}}}")
        numbers.append(_product(step))
    if not terms:
        return [start + f"&= {trace.digits(goal.grad)}"]
    indent = " " * (len(start) + 1)
    joined = f"\n{indent}+ ".join(terms)
    total = tex_number(trace.digits(goal.grad))
    return [f"{start}&= {joined}", f"{' ' * len(start)}&= {' + '.join(numbers)} = {total}"]


def _product(step: Step) -> str:
    left, right = map(step.node.digits, (step.upstream, step.local))
    one, other = Tex.numeral(step.upstream, left), Tex.numeral(step.local, right)
    dot = r"\cdot" if other.rank < PRODUCT + 1 or right.startswith("-") else r"\cdot "
    return one.text + dot + (rf"({other.text})" if right.startswith("-") else other.text)


def _grouped(name: str) -> str:
    return f"{{{name}}}" if "_" in name else name


def find_node(trace: Trace, wanted: Any) -> Node:
    """The told node of a node of the graph.

    Raises:
        ValueError: it is not part of the graph, or a constant.
    """
    for node in [*trace.leaves, *trace.nodes]:
        if node.source is wanted and not node.inside:
            return node
    if wanted is trace.root.source:
        return trace.root
    known = listed(node.name for node in trace.leaves[:8]) or word("cli_none")
    constants = [x.source for node in trace.nodes for x in node.operands if x.is_constant]
    key = "constant_in_graph" if any(x is wanted for x in constants) else "not_in_graph"
    raise ValueError(word(key, None, root=trace.root.name, known=known))


def paths(root: Root, node: Any, *, lang: str | None = None, names: Mapping[str, Any] | None = None) -> Paths:
    """Every path from `node` to `root` with the product along it; they add up to `node.grad`.

    Args:
        root: where the gradient starts.
        node: the leaf or node it goes to.
        lang: "en" or "zh"; by default the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    Raises:
        ValueError: `node` is not part of `root`'s graph.

    >>> from autograd import Value, paths
    >>> a = Value(1.0)
    >>> b = a
    >>> for _ in range(60):
    ...     b = b + b
    >>> paths(b, a).count == 2**60
    True
    """
    trace = trace_graph(root, names)
    return Paths(trace, find_node(trace, node), lang)
