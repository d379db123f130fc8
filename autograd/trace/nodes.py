"""What any engine's node tells: its op and operands, its gradient, its local derivatives.

A node of one's own needs `.data` and its operands (`parents`, `_prev` or `_children`). Its local derivatives
are looked for as numbers beside it (`_local_grads`, as microgpt keeps them); else its `_backward()` is run on
gradients set to 0 and put back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

from autograd import special
from autograd.entry import TABLE, Op, Rule
from autograd.graph import is_constant
from autograd.node import local_numbers
from autograd.number import UNSET
from autograd.value import Value


class Local(NamedTuple):
    """The local derivative to one operand: its number and the rule it comes from, as far as known."""

    number: float | None  # None: flat; nan with `unknown`
    rule: Rule | None = None  # the form people are shown
    exact: Rule | None = None  # the form the number comes from
    unknown: bool = False


UNKNOWN = Local(math.nan, unknown=True)


def number_of(node: Any) -> float:
    """The number a node holds."""
    return float(getattr(node, "data", 0.0))


def op_sign(node: Any) -> str:
    """The sign or name of the op that made a node; "" for a leaf."""
    if isinstance(node, Value):
        return node._op
    op = getattr(node, "op", None)
    sign = op if isinstance(op, str) else getattr(node, "_op", "")
    return sign if isinstance(sign, str) and sign else _method_of(node)


METHOD = re.compile(r"(?:__)?(?:r(?=(?:add|mul|sub|truediv|pow)__))?(\w+?)(?:__)?\.<locals>\.[^.]*$")


def _method_of(node: Any) -> str:
    """The method in which a node's rule was written, `mul` for `Toy.__mul__.<locals>._backward`; else ""."""
    found = METHOD.search(getattr(getattr(node, "_backward", None), "__qualname__", ""))
    name = {"truediv": "div"}.get(found[1], found[1]) if found else ""
    return name if _spelled(name) else ""


def op_of(node: Any) -> tuple[Op | None, tuple[Any, ...]]:
    """The table's entry of a node, as far as it can be known, and the operands in its order."""
    if isinstance(node, Value):
        return node.op, node.parents
    parents = _in_order(node)
    for op in _spelled(op_sign(node).lower()) if parents else ():
        repeats = parents * 2 if op.arity == 2 and len(parents) == 1 else parents  # a set keeps one of a * a
        if op.arity not in (None, len(repeats)):
            continue
        for operands in permutations(repeats) if len(repeats) <= 2 else [repeats]:
            value, number = op.value(*map(number_of, operands)), number_of(node)
            if same_number(value, number) or math.isclose(
                value, number, rel_tol=1e-14
            ):  # tanh as a quotient of exps
                return op, tuple(operands)
    return None, parents


def same_number(a: float, b: float) -> bool:
    """Equal, or both nan."""
    return a == b or (a != a and b != b)


def operands_of(node: Any) -> tuple[Any, ...]:
    """The operands of a node in order; those that an engine keeps in a set as its op and numbers tell."""
    return node.parents if isinstance(node, Value) else op_of(node)[1]


def is_order_lost(node: Any) -> bool:
    """True where an engine keeps its operands in a set."""
    return not isinstance(node, Value) and isinstance(held_operands(node), (set, frozenset))


def held_operands(node: Any) -> Any:
    """What a node of any engine keeps as its operands; None where nothing is found."""
    kept = (getattr(node, name, None) for name in ("parents", "_prev", "_children"))
    return next((x for x in kept if x is not None), None)


def _in_order(node: Any) -> tuple[Any, ...]:
    """The operands of another engine's node; from a set, in the order of labels and numbers."""
    found = held_operands(node)
    if isinstance(found, (set, frozenset)):
        found = sorted(found, key=lambda x: (str(getattr(x, "label", "")), str(getattr(x, "data", ""))))
    return () if found is None else tuple(found)


def _spelled(sign: str) -> list[Op]:
    """The entries that a sign or a name may stand for."""
    return [op for op in TABLE.values() if sign in (op.sign, op.name)]


def gradients_of(nodes: Sequence[Any]) -> list[float | None]:
    """Each node's gradient; None where no backward pass has arrived, and for constants."""
    grads: list[float | None] = []
    for node in nodes:
        grad = getattr(node, "grad", None)
        unknown = grad is None or grad is UNSET or is_constant(node)
        grads.append(None if unknown else float(grad))  # type: ignore[arg-type]  # None was just asked for
    foreign = nodes and not isinstance(nodes[-1], Value)
    if foreign and not any(grads):  # an engine whose gradients start at 0: after a pass its root has 1
        return [None] * len(nodes)
    return grads


def local_numbers_of(node: Any, operands: Sequence[Any]) -> list[float | None]:
    """The local derivative to each operand; None where there is none, or where it cannot be known."""
    return [None if x.unknown else x.number for x in local_derivatives(node, operands)]


def operand_numbers(node: Any, parents: Sequence[Any]) -> tuple[float, ...]:
    """The operands' numbers when the node was computed."""
    return tuple(node.numbers) if isinstance(node, Value) else tuple(map(number_of, parents))


def local_derivatives(node: Any, parents: Sequence[Any]) -> list[Local]:
    """The local derivative to each of the operands."""
    if not isinstance(node, Value):
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
        told = [table_number(node, parents, i) for i in range(len(parents))]
        return [UNKNOWN if x is None else _matched(node, parents, i, x) for i, x in enumerate(told)]
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
    told = [x for j in same if (x := table_number(node, parents, j)) is not None]
    if len(told) == len(same) and math.isclose(special.total(*told), total, rel_tol=1e-9):
        return _matched(node, parents, i, told[same.index(i)])
    return Local(total if same[0] == i else 0.0)


def table_number(node: Any, parents: Sequence[Any], i: int) -> float | None:
    """The local derivative by the table; None where the op is not known, or flat."""
    op, operands = op_of(node)
    rule = op.rule(i) if op is not None and list(operands) == list(parents) else None
    return None if rule is None else float(rule(*map(number_of, parents), number_of(node)))


def _matched(node: Any, parents: Sequence[Any], i: int, number: float) -> Local:
    """The number with the table's rule, where the two agree."""
    known = table_number(node, parents, i)
    op = op_of(node)[0]
    if op is None or known is None or abs(known - number) > 1e-9 * max(1.0, abs(number)):
        return Local(number)
    return Local(number, op.rule(i, readable=True), op.rule(i))
