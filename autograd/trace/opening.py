"""A graph read, and as it is shown: small n-ary nodes opened, the `0 +` of Python's `sum` left out.

A `dot` of up to 4 inputs, such as a neuron, is shown as
`x1*w1 + x2*w2 + b`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import reduce
from itertools import accumulate
from operator import add, mul
from typing import Any

from autograd import ops
from autograd.backward import flows
from autograd.graph import is_constant
from autograd.number import UNSET, is_index
from autograd.trace.folding import Graph, Shown, folded_graph
from autograd.trace.nodes import operands_of
from autograd.value import Value

NO_SCOPE_SEEN = 20_000  # nodes after which a graph without any scope is no longer walked through


class TooLargeError(Exception):
    """A graph with more nodes than wanted, none of which has a scope."""


def read_graph(root: Any, limit: int | None = None) -> Graph:
    """Read what `root` (a node, or a list of nodes) was computed from.

    Raises:
        TooLargeError: there are more than `limit` nodes, and no scope to collapse them by was met.
    """
    roots = list(root) if isinstance(root, (list, tuple)) else [root]
    nodes: list[Any] = []
    operands: list[tuple[int, ...]] = []
    number: dict[int, int] = {}
    seen: set[int] = set()
    scoped = False
    late = all(isinstance(node, Value) for node in roots)  # leaves stand just before their first use
    stack: list[tuple[Any, Sequence[Any] | None]] = [(node, None) for node in reversed(roots)]
    while stack:
        node, parents = stack.pop()
        if parents is None:
            if id(node) in seen:
                continue
            seen.add(id(node))
            scoped = scoped or bool(getattr(node, "scope", ()))
            if limit is not None and not scoped and len(seen) > max(limit, NO_SCOPE_SEEN):
                raise TooLargeError
            parents = operands_of(node)
            stack.append((node, parents))
            stack += [(x, None) for x in reversed(parents) if not (late and x.a is None)]
            continue
        for x in parents:
            if id(x) not in number:  # a leaf
                number[id(x)] = len(nodes)
                nodes.append(x)
                operands.append(())
        if id(node) not in number:
            number[id(node)] = len(nodes)
            nodes.append(node)
            operands.append(tuple([number[id(x)] for x in parents]))
    if limit is not None and not scoped and len(nodes) > limit:
        raise TooLargeError
    return folded_graph(Graph(nodes, operands, nodes, nodes))


# -- n-ary nodes as elementary steps ------------------------------------------------------------------------

OPENED = 4  # inputs up to which a dot is opened without being asked
MOST = 64  # operands up to which a node is opened at all
LARGEST_EXPONENT = 300.0  # of what is opened: exp and its square stay finite


def _dot(xs: Sequence[Any]) -> Any:
    n = len(xs) // 2
    return reduce(add, [*map(mul, xs[n : 2 * n], xs[:n]), *xs[2 * n :]])


EXPANSIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "dot": _dot,
    "sum": lambda xs: reduce(add, xs),
    "prod": lambda xs: reduce(mul, xs),
    "logsumexp": lambda xs: ops.log(reduce(add, map(ops.exp, xs))),
    "norm": lambda xs: ops.sqrt(reduce(add, map(ops.square, xs))),
}


def opened_graph(graph: Graph, opened: bool | int | Iterable[Any] | None = None) -> Graph:
    """The graph with some n-ary nodes opened.

    Args:
        graph: as it was recorded.
        opened: None for a `dot` of up to 4 inputs, True for every n-ary node, False for none, a number for
            those with up to so many operands, or the nodes (one or several) to open.
    """
    wanted = _chooser(opened)
    made = Graph([], [], [], [])
    number: list[int] = []  # of each node of `graph`, its number in the result
    parts: dict[tuple[int, ...], list[int]] = {}  # of the softmax of some scores: exponentials and their sum
    last = len(graph.nodes) - 1
    for i, (node, old, source, owner) in enumerate(zip(*graph)):
        new = tuple([number[k] for k in old])
        if i < last and _begins_sum(node):
            number.append(new[1])
            continue
        opens = isinstance(node, Value) and len(new) <= MOST and wanted(source)
        if opens and node.op.name in EXPANSIONS:
            _open(made, node, new, owner)
        elif opens and _is_share(node):
            if new not in parts:
                same = zip(graph.nodes, graph.operands, graph.sources)
                shares = [x for x, places, whose in same if places == old and _is_share(x) and wanted(whose)]
                parts[new] = _open_shares(made, shares, new, owner)
            places = parts[new][node.op.share], parts[new][-1]
            quotient = made.nodes[places[0]] / made.nodes[places[1]]
            quotient.data, quotient.grad, quotient.scope = node.data, node.grad, node.scope
            made.add(quotient, places, source, owner)
        else:
            made.add(node, new, source, owner)
        number.append(len(made.nodes) - 1)
    used = {k for ks in made.operands for k in ks} | {number[-1]}
    # without constants that nothing uses any more, such as a hidden 0
    kept = [i for i, node in enumerate(made.nodes) if i in used or not is_constant(node)]
    return made if len(kept) == len(made.nodes) else made.only(kept)


def _chooser(opened: Any) -> Callable[[Any], bool]:
    if opened is None:
        return is_small_dot
    if isinstance(opened, bool):
        return lambda _: opened
    if is_index(opened):
        most = operator.index(opened)
        return lambda node: (len(node.parents) // 2 if node.op is ops.dot else len(node.parents)) <= most
    chosen: Collection[Any] = [opened] if isinstance(opened, Value) else list(opened)
    ids = {id(node) for node in chosen}
    return lambda node: id(node) in ids


def is_small_dot(node: Any) -> bool:
    """True for what is opened without being asked: a neuron of up to 4 inputs."""
    return isinstance(node, Value) and node.op is ops.dot and len(node.parents) // 2 <= OPENED


def _begins_sum(node: Any) -> bool:
    """True for `0 + x` without a name, which is what Python's `sum` begins with."""
    if not isinstance(node, Value) or node.op is not ops.add or node.label:
        return False
    first = node.parents[0]
    return is_constant(first) and first.data == 0.0 and not first.label


def _open(made: Graph, node: Value, at: Sequence[int], owner: Any) -> None:
    """Append the elementary steps of one node; the last of them stands for the node itself."""
    stand_ins = [Value(x) for x in node.numbers]
    inner = read_graph(EXPANSIONS[node.op.name](stand_ins))
    result = inner.nodes[-1]
    if len(inner.nodes) == 1:  # the sum of one operand
        made.add(node, at, node, owner)
        return
    if node.grad is not UNSET:
        for flow in flows(result, node.grad):
            flow.operand.grad = flow.after
    result.grad, result.data, result.scope = node.grad, node.data, node.scope
    place = {id(stand_in): k for stand_in, k in zip(stand_ins, at)}
    numbers: list[int] = []
    for step, old in zip(inner.nodes, inner.operands):
        if id(step) in place:
            numbers.append(place[id(step)])
            continue
        step.scope = node.scope
        source = node if step is result else step
        numbers.append(made.add(step, [numbers[k] for k in old], source, owner))


def _is_share(node: Any) -> bool:
    """True for a softmax share whose exponentials are finite."""
    share = isinstance(node, Value) and isinstance(node.op, Shown) and node.op.share is not None
    return share and max(map(abs, node.numbers)) < LARGEST_EXPONENT


def _open_shares(made: Graph, shares: Sequence[Value], at: Sequence[int], owner: Any) -> list[int]:
    """Append what all shares of one softmax have in common: exponentials and their sum; their numbers."""
    exps: list[Value] = [ops.exp(Value(x)) for x in shares[0].numbers]
    sums = [*accumulate(exps, add)]
    if all(x.grad is not UNSET for x in shares):
        down = reduce(add, [-x.grad * x.data / sums[-1].data for x in shares])
        into = {x.op.share: x.grad / sums[-1].data for x in shares}  # type: ignore[attr-defined]  # `Shown`
        for k, e in enumerate(exps):
            e.grad = down + into.get(k, 0.0)
        for total in sums[1:]:
            total.grad = down
    found: list[int] = []
    last = 0
    for k, (e, total) in enumerate(zip(exps, sums)):
        e.scope = total.scope = shares[0].scope
        found.append(made.add(e, (at[k],), e, owner))
        last = made.add(total, (last, found[k]), total, owner) if k else found[k]
    return [*found, last]
