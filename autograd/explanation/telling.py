"""The facts that all readings are made from: the nodes as they are told, and the steps of the backward pass.

A graph is told nearly as it is: a small `dot` is opened into its products and sums, and the `0 +` that
Python's `sum` begins with is left out.  Both only while the gradients stay the same, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograd import ops
from autograd.backward import postorder
from autograd.drawing.names import find_names, is_constant
from autograd.entry import CONSTANT, LEAF, Op, read_on_floats
from autograd.explanation.derivatives import (
    Local,
    is_value,
    local_derivatives,
    number_of,
    op_of,
    operand_numbers,
)
from autograd.explanation.words import word
from autograd.graph import node_of, topological_order

OPENED = 4  # inputs up to which a dot is told as products and sums


@dataclass(eq=False)
class Node:
    """A node as it is told."""

    source: Any  # the node of the user's graph; the dot, for what was opened out of it
    op: Op | None  # None: not known, as in engines of one's own
    operands: tuple[Node, ...]
    number: float
    numbers: tuple[float, ...]  # the operands' numbers when it was computed
    locals: tuple[Local, ...] = ()
    inside: bool = False  # one part of an opened node: the user cannot give it a name
    name: str = ""
    made_up: bool = False
    is_reached: bool = False  # some gradient arrives, if only 0
    grad: float = 0.0  # the sum of its flows, from this pass
    uses: list[Step] = field(default_factory=list)  # the steps into it, in order

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


@dataclass(eq=False)
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
        several = sum(x is self.operand for x in self.node.operands) > 1
        return (self.index, len(self.node.operands)) if several else None


@dataclass(eq=False)
class Telling:
    """A graph and its backward pass as facts."""

    root: Node
    nodes: list[Node]  # computed, in forward order
    leaves: list[Node]  # that want a gradient, in the order in which they are first used
    steps: list[Step]
    unknown: list[Node]  # nodes whose local derivatives are not known; what they hand on is nan

    def steps_at(self, node: Node) -> list[Step]:
        """The steps out of one node, into its operands."""
        return self._steps_by_node.get(node, [])

    @cached_property
    def _steps_by_node(self) -> dict[Node, list[Step]]:
        found: dict[Node, list[Step]] = {}
        for step in self.steps:
            found.setdefault(step.node, []).append(step)
        return found


def tell(root: Any, names: Mapping[str, Any] | None = None) -> Telling:
    """The facts about `root`'s graph; names are the caller's variables unless `names` gives them.

    Raises:
        TypeError: `root` is no node.
    """
    root = node_of(root)
    if not hasattr(root, "data"):
        count = f" of {len(root)}" if isinstance(root, (list, tuple)) else ""
        raise TypeError(word("not_a_node", None, kind=type(root).__name__ + count))
    order = _forward_order(root)
    plain = _copy(order, {})
    _pass(plain)
    exact = {id(node.source): node.grad for node in plain}
    told = plain
    rewritten = _rewrite(order, plain)
    if rewritten is not None:
        _pass(rewritten)
        if all(_same(node.grad, exact[id(node.source)]) for node in rewritten if not node.inside):
            told = rewritten
    return _with_names(told, names)


def _forward_order(root: Any) -> list[Any]:
    """All nodes, operands before results; the computed ones in the order in which `backward` holds them."""
    if not is_value(root):
        return topological_order(root)
    order: dict[Any, None] = {}
    for node in postorder(root)[0]:
        order.update(dict.fromkeys(leaf for leaf in node.parents if not leaf.parents))
        order[node] = None
    order[root] = None
    return list(order)


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def _copy(order: Sequence[Any], replaced: Mapping[int, Any]) -> list[Node]:
    """One `Node` per node of the graph, operands before results; `replaced` nodes are not told."""
    by_id: dict[int, Node] = {}
    told: list[Node] = []
    for source in order:
        if id(source) in replaced:
            by_id[id(source)] = by_id[id(replaced[id(source)])]
            continue
        by_id[id(source)] = _tell_node(source, by_id)
        told.append(by_id[id(source)])
    return told


def _tell_node(source: Any, by_id: Mapping[int, Node]) -> Node:
    op, parents = op_of(source)
    operands = tuple(by_id[id(parent)] for parent in parents)
    if not operands:
        return Node(source, CONSTANT if is_constant(source) else LEAF, (), number_of(source), ())
    locals_ = tuple(local_derivatives(source, parents))
    return Node(source, op, operands, number_of(source), operand_numbers(source, parents), locals_)


def _rewrite(order: Sequence[Any], plain: Sequence[Node]) -> list[Node] | None:
    """The nodes with small dots opened and `0 +` left out, or None when there is nothing to change."""
    root = order[-1]
    hidden = {id(x): x.parents[1] for x in order if x is not root and _is_begin_of_sum(x)}
    if not hidden and not any(_can_open(node) for node in plain):
        return None
    told: list[Node] = []
    for node in _copy(order, hidden):
        told += _open(node) if _can_open(node) else [node]
    return told


def _is_begin_of_sum(source: Any) -> bool:
    """True for `0 + x` without a name, which is what Python's `sum` begins with."""
    if not is_value(source) or source.op is not ops.add or source.label:
        return False
    first = source.parents[0]
    return first.op is CONSTANT and first.data == 0.0 and not first.label


def _can_open(node: Node) -> bool:
    return node.op is ops.dot and 0 < len(node.operands) // 2 <= OPENED


def _open(node: Node) -> list[Node]:
    """A dot as x1*w1 + x2*w2 + b; the last of the nodes is `node` itself, now a sum."""
    n = len(node.operands) // 2
    pairs = zip(node.operands[n : 2 * n], node.operands[:n], node.numbers[n : 2 * n], node.numbers[:n])
    parts = [_inner(node, ops.mul, (x, w), (p, q)) for x, w, p, q in pairs]
    made, total = list(parts), parts[0]
    rest = [*parts[1:], *node.operands[2 * n :]]
    numbers = [part.number for part in parts[1:]] + list(node.numbers[2 * n :])
    # operands before results, as the forward pass of the written-out expression goes
    made = [parts[0]]
    for term, number in zip(rest, numbers):
        if term in parts:
            made.append(term)
        total = _inner(node, ops.add, (total, term), (total.number, number))
        made.append(total)
    last = made.pop()
    node.op, node.operands, node.numbers, node.locals = last.op, last.operands, last.numbers, last.locals
    return [*made, node]


def _inner(node: Node, op: Op, operands: tuple[Node, ...], numbers: tuple[float, ...]) -> Node:
    number = op.value(*numbers)
    locals_ = tuple(Local(read_on_floats(rule, numbers, number), rule) for rule in op.partials if rule)
    return Node(node.source, op, operands, number, numbers, locals_, inside=True)


def _pass(told: Sequence[Node], gradient: float = 1.0) -> list[Step]:
    """The backward pass over these nodes; fills in `grad` and `uses`."""
    steps: list[Step] = []
    for node in told:
        node.grad, node.uses, node.is_reached = 0.0, [], False
    told[-1].grad, told[-1].is_reached = gradient, True
    for node in reversed(told):
        upstream = node.grad
        for i, (operand, local) in enumerate(zip(node.operands, node.locals)):
            if local.number is None or operand.is_constant:
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


def _with_names(told: list[Node], names: Mapping[str, Any] | None) -> Telling:
    """Run the pass for good and give every node its name."""
    steps = _pass(told)
    seen = [node if node.inside else node.source for node in told]
    found = find_names(told[-1].source, names, order=seen)
    made_up = set(found.made_up)
    for node, key in zip(told, seen):
        node.name = found[key]
        node.made_up = node.name in made_up
    computed = [node for node in told if node.operands]
    used = _leaves_in_order([*computed, told[-1]])
    unknown = [x for x in computed if any(d.unknown for d in x.locals)]
    return Telling(told[-1], computed, used, steps, unknown)


def _leaves_in_order(told: Iterable[Node]) -> list[Node]:
    """The leaves that want a gradient, by their first use."""
    found: dict[Node, None] = {}
    for node in told:
        found.update(dict.fromkeys(node.operands or (node,)))
    return [node for node in found if node.is_leaf and not node.is_constant]
