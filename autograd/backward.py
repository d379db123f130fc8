"""The chain rule: a backward pass goes from the end of a graph to its leaves.

Every edge hands on `flow = upstream gradient * local derivative` to its operand, whose gradient is the sum
of the flows.  A choice op (relu, where, ...) sends nothing, not even 0 * inf, into what it did not choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from math import dist, isnan
from threading import RLock
from typing import Any, NamedTuple

from autograd import ops
from autograd.entry import CONSTANT, read_on_floats
from autograd.node import GROUP, ByHand, ConstantOperands, Operands, local_numbers, set_grads

ADD, SUB, MUL, DOT = ops.add, ops.sub, ops.mul, ops.dot
PASS = RLock()  # one backward pass at a time: passes may share leaves


def sweep(order: Sequence[Any]) -> None:
    """One backward pass: hand on every node's `.grad` to the `.grad` of its operands."""
    for node in reversed(order):
        op, g = node.op, node.grad
        if op is MUL:
            node.a.grad += g * node.b_data
            node.b.grad += g * node.a_data
        elif op is ADD:
            node.a.grad += g
            node.b.grad += g
        elif op is SUB:
            node.a.grad += g
            node.b.grad -= g
        elif op is DOT:
            ws, xs = node.a, node.b
            for w, x in zip(ws, node.b_data):
                w.grad += g * x
            if xs.__class__ is Operands:
                for x, w in zip(xs, node.a_data):
                    x.grad += g * w
            if len(ws) > len(xs):
                ws[-1].grad += g
        else:
            hand_on(node, g)


def hand_on(node: Any, g: float) -> None:
    """Add the flows of one node, whose gradient is `g`, to the `.grad` of its operands."""
    op = node.op
    if op.__class__ is ByHand and "by_hand" in node.__dict__:
        node.__dict__["by_hand"]()
    elif node.b is None and node.a.__class__ is not Operands and op.rules:  # one operand
        rule, x, y = op.rules[0], node.a_data, node.b_data
        if rule is not None:
            try:
                local = rule(x, y)
            except (ArithmeticError, ValueError):
                local = read_on_floats(rule, (x,), y)
            if local or not op.choice:
                node.a.grad += g * local
    else:
        choice = op.choice
        for operand, local in zip(node.parents, local_numbers(node)):
            if local is not None and (local or not choice):
                operand.grad += g * local


def run(root: Any, gradient: float, order: Sequence[Any], nodes: Sequence[Any]) -> None:
    """One pass on cleared `.grad`s; `nodes` are all nodes, leaves after the `order`."""
    set_grads(nodes, repeat(0.0))
    root.grad = gradient
    sweep(order)
    grads = [node.grad for node in nodes]
    if dist(grads, grads) != 0 and any(map(isnan, grads)):  # no finite number is far from itself
        # nan: perhaps 0 * inf in a branch nobody chose, so go again without the edges not taken
        hand_made = any(node.op.__class__ is ByHand for node in order)
        if not hand_made:
            found = {flow.operand: flow.after for flow in flows(root, gradient, True)}
            set_grads(nodes, [gradient if x is root else found.get(x, 0.0) for x in nodes])


def gradients(root: Any, gradient: float, inputs: Sequence[Any], sort: Any = None) -> list[float]:
    """The gradients of `root` to `inputs` as numbers, leaving every `.grad` as it was.

    `sort` is what `postorder(root)` gave, where that is known.
    """
    order, leaves = sort or postorder(root)
    nodes = [*order, *leaves]
    with PASS:
        before = [node.grad for node in nodes]
        try:
            run(root, gradient, order, nodes)
            found = {id(node): node.grad for node in nodes}
        finally:
            set_grads(nodes, before)
    return [found.get(id(x), 0.0) for x in inputs]


class Flow(NamedTuple):
    """One edge of the chain rule: `flow = upstream * local` goes from `node` into its operand."""

    node: Any
    index: int  # type: ignore[assignment]  # hides tuple.index; which operand, counted from 0
    operand: Any
    upstream: float
    local: float
    flow: float
    before: float  # the operand's gradient before and after this flow was added
    after: float


def flows(root: Any, gradient: float = 1.0, to_constants: bool = False) -> Iterator[Flow]:
    """The backward pass from `root`, told edge by edge in the order in which `backward` adds them.

    Its own sums are kept aside: no `.grad` is touched. `to_constants` also tells what would flow below nodes
    that are computed from constants alone.
    """
    suspects: list[Any] = []
    order, _ = postorder(root, suspects)
    constants = {} if to_constants else of_constants(order, suspects)
    grads: dict[Any, float] = {root: gradient}
    for node in reversed(order):
        if node in constants:
            continue
        upstream = grads.get(node)
        for i, (operand, local) in enumerate(zip(node.parents, local_numbers(node))):
            if local is None:
                continue
            before = grads.get(operand, 0.0)
            arrives = upstream is not None and (local or not node.op.choice)
            flow = upstream * local if arrives else 0.0  # type: ignore[operator]  # arrives: not None
            if arrives:
                grads[operand] = before + flow
            yield Flow(node, i, operand, upstream or 0.0, local, flow, before, before + flow)


def postorder(root: Any, suspects: list[Any] | None = None) -> tuple[list[Any], list[Any]]:
    """The computed nodes of a graph of Values, operands before results, and its leaves (unordered).

    Constants that only stand in `ConstantOperands` are left out of the leaves. To `suspects` nodes are
    added that may have constants alone as operands: where none of them has, no node has.
    """
    order: list[Any] = []
    if root.a is None:
        return order, [root]
    leaves: set[Any] = set()
    seen: set[Any] = set()
    stack: list[Any] = [root]
    push, pop, see, leaf, done = stack.append, stack.pop, seen.add, leaves.add, order.append
    suspect = (suspects if suspects is not None else []).append
    while stack:
        node = pop()
        if node is None:  # the node below this mark has all its operands in the list
            done(pop())
            continue
        if node in seen:
            continue
        see(node)
        push(node)
        push(None)
        x = node.b
        if x is not None:
            below = x.a
            if below is None:
                leaf(x)
            elif below is GROUP:
                _visit_group(x, seen, leaves, stack)
            else:
                push(x)
        x = node.a
        below = x.a
        if below is None:
            leaf(x)
            if x.op is CONSTANT and (node.b is None or node.b.op is CONSTANT):
                suspect(node)
        elif below is GROUP:
            _visit_group(x, seen, leaves, stack)
            if not x or x[0].op is CONSTANT:
                suspect(node)
        else:
            push(x)
    return order, list(leaves)


def _visit_group(group: Operands, seen: set[Any], leaves: set[Any], stack: list[Any]) -> None:
    if group in seen or group.__class__ is ConstantOperands:
        return
    inner = [x for x in group if x.a is not None]
    if inner:
        inner.reverse()
        stack += inner
    else:
        seen.add(group)  # leaves alone: the next node that shares this group need not look again
    if len(inner) < len(group):
        leaves.update([x for x in group if x.a is None])


def of_constants(order: Sequence[Any], suspects: Sequence[Any]) -> dict[Any, None]:
    """The computed nodes below which nothing wants a gradient: none arrives there."""
    found: dict[Any, None] = {}
    if any(_all_constant(node, found) for node in suspects):
        for node in order:
            if _all_constant(node, found):
                found[node] = None
    return found


def _all_constant(node: Any, found: dict[Any, None]) -> bool:
    for x in (node.a, node.b):
        if x is None or x.__class__ is ConstantOperands:
            continue
        if not all(y.op is CONSTANT or y in found for y in (x if x.a is GROUP else (x,))):
            return False
    return True
