"""Local derivatives of any node: from the table for Values, from their own rule for a reader's own nodes.

A node of one's own needs `.data` and its operands.  Its local derivatives are looked for as numbers beside it
(`_local_grads`, as microgpt keeps them); else its `_backward()` is run on gradients set to 0 and put back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

from autograd.backward import local_numbers
from autograd.entry import TABLE, Op, Rule
from autograd.graph import parents_of
from autograd.value import Value


class Local(NamedTuple):
    """The local derivative to one operand: its number and the rule it comes from, as far as known."""

    number: float | None  # None: flat; nan with `unknown`
    rule: Rule | None = None  # the form people are shown
    exact: Rule | None = None  # the form the number comes from
    unknown: bool = False


UNKNOWN = Local(math.nan, unknown=True)


def is_value(node: Any) -> bool:
    """True for a node of this library."""
    return isinstance(node, Value)


def number_of(node: Any) -> float:
    """The number a node holds."""
    return float(getattr(node, "data", 0.0))


def op_of(node: Any) -> tuple[Op | None, tuple[Any, ...]]:
    """The table's entry of a node, as far as it can be known, and the operands in its order."""
    if is_value(node):
        return node.op, node.parents
    parents = parents_of(node)
    sign = str(getattr(node, "_op", "") or getattr(node, "op", "") or "").lower()
    for op in TABLE.values():
        if sign not in (op.sign, op.name) or not parents:
            continue
        repeats = parents * 2 if op.arity == 2 and len(parents) == 1 else parents  # a set keeps one of a * a
        if op.arity not in (None, len(repeats)):
            continue
        for operands in permutations(repeats) if len(repeats) <= 2 else [repeats]:
            if op.value(*map(number_of, operands)) == number_of(node):
                return op, tuple(operands)
    return None, parents


def operand_numbers(node: Any, parents: Sequence[Any]) -> tuple[float, ...]:
    """The operands' numbers when the node was computed."""
    return tuple(node.numbers) if is_value(node) else tuple(map(number_of, parents))


def local_derivatives(node: Any, parents: Sequence[Any]) -> list[Local]:
    """The local derivative to each of the operands."""
    if not is_value(node):
        return _of_foreign(node, parents)
    try:
        numbers = local_numbers(node)
    except ValueError:  # made by hand, without a rule
        return [UNKNOWN] * len(parents)
    op = node.op
    return [Local(x, op.rule(i, readable=True), op.rule(i)) for i, x in enumerate(numbers)]


def _of_foreign(node: Any, parents: Sequence[Any]) -> list[Local]:
    kept = getattr(node, "_local_grads", None)
    if kept is not None and len(kept) == len(parents):
        return [_matched(node, parents, i, float(x)) for i, x in enumerate(kept)]
    rule = getattr(node, "_backward", None)
    if not callable(rule):
        return [UNKNOWN] * len(parents)
    nodes = [node, *parents]
    before = [x.grad for x in nodes]
    try:
        for x in nodes:
            x.grad = 0.0
        node.grad = 1.0
        rule()
        totals = [float(x.grad) for x in parents]
    finally:
        for x, grad in zip(nodes, before):
            x.grad = grad
    return [_share(node, parents, i, totals[i]) for i in range(len(parents))]


def _share(node: Any, parents: Sequence[Any], i: int, total: float) -> Local:
    """One operand's part of what the rule adds to a node that stands there several times."""
    same = [j for j, x in enumerate(parents) if x is parents[i]]
    if len(same) == 1:
        return _matched(node, parents, i, total)
    told = [x for j in same if (x := _table_number(node, parents, j)) is not None]
    if len(told) == len(same) and math.isclose(math.fsum(told), total, rel_tol=1e-9):
        return _matched(node, parents, i, told[same.index(i)])
    return Local(total if same[0] == i else 0.0)


def _table_number(node: Any, parents: Sequence[Any], i: int) -> float | None:
    op, operands = op_of(node)
    rule = op.rule(i) if op is not None and list(operands) == list(parents) else None
    return None if rule is None else float(rule(*map(number_of, parents), number_of(node)))


def _matched(node: Any, parents: Sequence[Any], i: int, number: float) -> Local:
    """The number with the table's rule, where the two agree."""
    known = _table_number(node, parents, i)
    op = op_of(node)[0]
    if op is None or known is None or abs(known - number) > 1e-9 * max(1.0, abs(number)):
        return Local(number)
    return Local(number, op.rule(i, readable=True), op.rule(i))
