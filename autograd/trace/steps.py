"""The evaluation trace of a graph: its nodes as they are shown, and the backward pass edge by edge.

Drawing, explaining and the pages are made from it. A graph is shown nearly as it is: a small `dot` is opened
into its products and sums, and the `0 +` that Python's `sum` begins with is left out. Both only while the
gradients stay the same, bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from operator import floordiv, mod, truediv
from typing import Any

from autograd.collector import uncollected
from autograd.entry import CONSTANT, LEAF, Op, Rule
from autograd.graph import is_constant, is_node, node_of
from autograd.messages import as_one_word, say
from autograd.number import kind_of
from autograd.trace.digits import Digits, Equation, added, added_products, agrees, multiplied
from autograd.trace.folding import Graph, Shown, is_known
from autograd.trace.names import find_names
from autograd.trace.nodes import (
    Local,
    local_derivatives,
    number_of,
    op_of,
    operand_numbers,
    same_number,
)
from autograd.trace.opening import opened_graph, read_graph

RULE_ALONE = Digits()  # of a node that stands in no trace yet


@dataclass(eq=False, repr=False, slots=True)
class Node:
    """A node as it is told."""

    source: Any  # the node of the user's graph; the dot, for what was opened out of it
    op: Op | None  # None: not known, as in engines of one's own
    operands: tuple[Node, ...]
    number: float
    numbers: tuple[float, ...]  # the operands' numbers when it was computed
    locals: tuple[Local, ...] = ()
    beside: tuple[Node, ...] = ()  # further nodes that its rules are told by: the other shares of a softmax
    inside: bool = False  # one part of an opened node: the user cannot give it a name
    name: str = ""
    made_up: bool = False
    is_reached: bool = False  # some gradient arrives, if only 0
    grad: float = 0.0  # the sum of its flows, from this pass
    uses: list[Step] = field(default_factory=list)  # the steps into it, in order
    symbols: dict[Any, list[Any]] = field(default_factory=dict)  # readings of operands and result, by kind
    digits: Digits = RULE_ALONE  # how the trace's numbers are shown

    def __repr__(self) -> str:
        return f"{self.name} = {self.digits(self.number)}"

    @property
    def label(self) -> str:
        """The label the user gave."""
        return "" if self.inside else getattr(self.source, "label", "")

    @property
    def parents(self) -> tuple[Node, ...]:
        """The operands, under the name by which graphs are walked."""
        return self.operands

    @property
    def data(self) -> float:
        """The number, under the name that nodes have for it."""
        return self.number

    @property
    def is_leaf(self) -> bool:
        """True for what nobody computed."""
        return not self.operands

    @property
    def is_constant(self) -> bool:
        """True for a leaf that wants no gradient."""
        return self.op is CONSTANT

    @property
    def equation(self) -> Equation | None:
        """The op on the operands' numbers, as Python computes it; None for an op that is not of the table."""
        op = self.op
        if op is None or not is_known(op) or not self.operands:
            return None
        value: Callable[..., Any] = PYTHON.get(op.name, op.value)
        return Equation(lambda xs: value(*xs), self.numbers, self.number)

    def slopes(self, index: int) -> list[tuple[Rule, Equation]]:
        """The rules that tell the local derivative to an operand, as equations: readable, then exact."""
        local, numbers = self.locals[index], [*self.numbers, *[x.number for x in self.beside], self.number]
        if local.number is None or local.unknown or (self.op is not None and self.op.choice):
            return []
        found = dict.fromkeys(rule for rule in (local.rule, local.exact) if rule is not None)
        return [(rule, Equation(partial(_finite, rule), numbers, local.number)) for rule in found]


@dataclass(eq=False, repr=False, slots=True)
class Step:
    """One edge of the chain rule: `upstream * local = flow` goes from `node` into one of its operands."""

    number: int  # from 1, in the order in which backward adds
    node: Node
    index: int  # which operand, from 0
    operand: Node
    upstream: float
    local: float
    flow: float
    before: float  # the operand's gradient before and after this flow was added
    after: float
    use: int = 1  # this is use 2 of 3 of the operand
    uses: int = 1

    def __repr__(self) -> str:
        made = self.node.digits.product(self.upstream, self.local, self.flow)
        return say("step_repr", number=self.number, operand=self.operand.name, made=made)

    @property
    def is_kept_out(self) -> bool:
        """True where nothing is handed on: a choice went elsewhere, or no gradient arrives at the node."""
        chose_another = self.node.op is not None and self.node.op.choice and not self.local
        return chose_another or (not self.node.is_reached)

    @property
    def is_last(self) -> bool:
        """True when all uses of the operand are in now."""
        return self.use == self.uses

    @property
    def side(self) -> tuple[int, int] | None:
        """Which of several: (index, number of operands), when the operand stands there more than once."""
        several = self.node.operands.count(self.operand) > 1
        return (self.index, len(self.node.operands)) if several else None


@dataclass(eq=False, repr=False)
class Trace:
    """A graph and its backward pass as facts."""

    root: Node
    nodes: list[Node]  # computed, in forward order
    leaves: list[Node]  # that want a gradient, in the order in which they are first used
    steps: list[Step]
    unknown: list[Node]  # nodes whose local derivatives are not known; what they hand on is nan

    def __repr__(self) -> str:
        return f"<{self.root!r}: {len(self.nodes)} nodes, {len(self.steps)} steps>"

    @cached_property
    def digits(self) -> Digits:
        """How the numbers of this trace are shown, the same wherever they stand."""
        return self.root.digits

    def steps_at(self, node: Node) -> list[Step]:
        """The steps out of one node, into its operands."""
        return self._steps_by_node.get(node, [])

    @cached_property
    def _steps_by_node(self) -> dict[Node, list[Step]]:
        found: dict[Node, list[Step]] = {}
        for step in self.steps:
            found.setdefault(step.node, []).append(step)
        return found


def trace_graph(root: Any, names: Mapping[str, Any] | None = None) -> Trace:
    """The trace of `root`'s graph; names are the caller's variables unless `names` gives them.

    Raises:
        TypeError: `root` is no node.
    """
    root = node_of(root)
    if not is_node(root):
        count = f" of {len(root)}" if isinstance(root, (list, tuple)) else ""
        raise TypeError(say("not_a_node", kind=kind_of(root) + count))
    with uncollected():
        return _told(read_graph(root), names)


def _told(graph: Graph, names: Mapping[str, Any] | None) -> Trace:
    nodes = _nodes(graph)
    opened = opened_graph(graph)
    if len(opened.nodes) != len(graph.nodes) or any(x is not y for x, y in zip(opened.nodes, graph.nodes)):
        _pass(nodes)
        exact = {id(node.source): node.grad for node in nodes}
        elementary = _nodes(opened)
        _pass(elementary)
        if all(same_number(node.grad, exact[id(node.source)]) for node in elementary if not node.inside):
            nodes = elementary
    return _with_names(nodes, names)


def _nodes(graph: Graph) -> list[Node]:
    found: list[Node] = []
    for node, places, source, owner in zip(*graph):
        if not places:
            kind = CONSTANT if is_constant(node) else LEAF
            found.append(Node(owner, kind, (), number_of(node), ()))
            continue
        parents = [graph.nodes[k] for k in places]
        operands, numbers = tuple([found[k] for k in places]), operand_numbers(node, parents)
        told = Node(owner, op_of(node)[0], operands, number_of(node), numbers)
        told.locals, told.inside = tuple(local_derivatives(node, parents)), source is not owner
        found.append(told)
    _tell_shares(found)
    return found


def _tell_shares(nodes: Sequence[Node]) -> None:
    """Let the shares of one softmax be told by each other: `-p1 * p2` where both are in the graph."""
    groups: dict[tuple[Node, ...], dict[int, Node]] = {}
    for node in nodes:
        if isinstance(node.op, Shown) and node.op.share is not None:
            groups.setdefault(node.operands, {})[node.op.share] = node
    for operands, shares in groups.items():
        for k, node in shares.items():
            others = {i: x for i, x in shares.items() if i != k}
            node.beside = tuple(others.values())
            place = {i: len(operands) + n for n, i in enumerate(others)}
            told = [_by_share(x, len(operands), place.get(i)) for i, x in enumerate(node.locals)]
            node.locals = tuple(told)


def _by_share(local: Local, count: int, place: int | None) -> Local:
    """A local derivative of a share: its rules take what stands beside the node, too."""
    rules = [_of_operands(rule, count) for rule in (local.rule, local.exact)]
    told: Rule | None = rules[0] if place is None else lambda *names: -names[-1] * names[place]
    return local._replace(rule=told, exact=rules[1])


def _of_operands(rule: Rule | None, count: int) -> Rule | None:
    return None if rule is None else lambda *names: rule(*names[:count], names[-1])


def _pass(nodes: Sequence[Node]) -> list[Step]:
    """The backward pass over these nodes; fills in `grad` and `uses`."""
    steps: list[Step] = []
    for node in nodes:
        node.grad, node.uses, node.is_reached = 0.0, [], False
    nodes[-1].grad, nodes[-1].is_reached = 1.0, True
    wanting: set[int] = set()  # what is computed from constants alone gets no gradient either
    for node in nodes:
        if node.op is not CONSTANT and (node.is_leaf or not wanting.isdisjoint(map(id, node.operands))):
            wanting.add(id(node))
    for node in reversed(nodes):
        upstream = node.grad
        for i, (operand, local) in enumerate(zip(node.operands, node.locals)):
            if local.number is None or id(operand) not in wanting:
                continue
            chooses = node.op is not None and node.op.choice
            arrives = node.is_reached and (local.number or not chooses)
            flow = upstream * local.number if arrives else 0.0
            before = operand.grad
            if arrives:
                operand.grad = before + flow
                operand.is_reached = True
            step = Step(len(steps) + 1, node, i, operand, upstream, local.number, flow, before, operand.grad)
            operand.uses.append(step)
            step.use = len(operand.uses)
            steps.append(step)
    for step in steps:
        step.uses = len(step.operand.uses)
    return steps


def _with_names(nodes: list[Node], names: Mapping[str, Any] | None) -> Trace:
    """Run the pass for good and give every node its name."""
    steps = _pass(nodes)
    seen = [node if node.inside else node.source for node in nodes]
    found = find_names(nodes[-1].source, names, order=seen)
    made_up = set(found.made_up)
    for node, key in zip(nodes, seen):
        node.name = as_one_word(found[key]) if node.label else found[key]
        node.made_up = node.name in made_up
    computed = [node for node in nodes if node.operands]
    used = [x for x in in_order(computed, nodes[-1]) if x.is_leaf and not x.is_constant]
    unknown = [x for x in computed if any(d.unknown for d in x.locals)]
    constants = [x.number for x in nodes if x.is_constant and not x.label]
    shown = Digits(lambda: _equations(computed, steps), lambda: constants)
    shown.unknown = bool(unknown)
    for node in nodes:
        node.digits = shown
    return Trace(nodes[-1], computed, used, steps, unknown)


# Python's own operators, which raise or turn complex where an op of the table does not
PYTHON: dict[str, Callable[..., Any]] = {"div": truediv, "pow": pow, "mod": mod, "floordiv": floordiv}
WIDE = 64  # operands of an equation that may be printed
SETTLED = 2000  # nodes; of more, the first and last, which are told
ENDS = 60
USES = 6  # whose products are printed as one sum


def _equations(nodes: Sequence[Node], steps: Sequence[Step]) -> Iterator[Equation]:
    """The equalities of numbers that are told, each before those that its operands come from."""
    if len(nodes) > SETTLED:
        kept = {*nodes[:ENDS], *nodes[-ENDS:]}
        nodes = [node for node in nodes if node in kept]
        steps = [step for step in steps if step.node in kept]
    for step in reversed(steps):
        if step.is_last and 1 < step.uses <= WIDE:
            uses = step.operand.uses
            yield Equation(added, [x.flow for x in uses], step.after)
            if step.uses <= USES:
                yield Equation(added_products, [n for x in uses for n in (x.upstream, x.local)], step.after)
        if step.use > 1:
            yield Equation(added, [step.before, step.flow], step.after)
        yield Equation(multiplied, [step.upstream, step.local], step.flow)
    for step in reversed(steps):
        if len(step.node.operands) <= WIDE:
            yield from islice(filter(_agrees, [x for _, x in step.node.slopes(step.index)]), 1)
    for node in reversed(nodes):
        equation = node.equation if len(node.operands) <= WIDE else None
        if equation is not None:
            yield equation


def _agrees(equation: Equation) -> bool:
    """True when the numbers with all digits give the result."""
    try:
        return agrees(equation.evaluate(equation.numbers), equation.result)
    except (ArithmeticError, ValueError, TypeError):
        return False


def _finite(rule: Rule, xs: Sequence[float]) -> float:
    """The rule's number; an error where Python refuses, as by / 0, also where the rule's own ops do not."""
    value = rule(*xs)
    if isinstance(value, complex) or (not math.isfinite(value) and all(map(math.isfinite, xs[:-1]))):
        raise ArithmeticError
    return float(value)


def in_order(computed: Iterable[Node], root: Node) -> list[Node]:
    """Every node, operands before results, a leaf just before its first use: as pictures number them."""
    return list(dict.fromkeys(x for node in (*computed, root) for x in (*node.operands, node)))
