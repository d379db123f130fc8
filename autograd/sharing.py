"""Operands shared by several nodes: what makes a neuron one node and a layer one tuple of inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import modes, ops, special
from autograd.backward import ConstantOperands, Operands
from autograd.entry import CONSTANT
from autograd.number import UNSET
from autograd.value import Value, constant, watched


def operands_of(xs: Iterable[Any]) -> Operands:
    """Numbers and Values as operands that several n-ary nodes can share."""
    nodes = [x if isinstance(x, Value) else constant(x) for x in xs]
    kind = ConstantOperands if all(x.op is CONSTANT for x in nodes) else Operands
    return kind(nodes)


def weigh(ws: Operands, xs: Operands) -> Value:
    """The node `dot(ws, xs)` on operands that are shared with other nodes; one more weight is a bias."""
    return weigh_rows((ws,), xs)[0]


def weigh_rows(rows: Iterable[Operands], xs: Operands) -> list[Value]:
    """`weigh(ws, xs)` for every `ws` in `rows`: the neurons of a layer share inputs and their numbers."""
    inputs = [x.data for x in xs]
    dot, add, nodes = ops.dot, special.dot_in_order, []
    for ws in rows:
        if ws.__class__ is ConstantOperands:
            ws = Operands(ws)  # noqa: PLW2901 - a pass skips constants among the inputs alone
        node: Value = object.__new__(Value)
        node.op, node.grad, node.a, node.b, node.b_data = dot, UNSET, ws, xs, inputs
        node.a_data = weights = [w.data for w in ws]
        node.data = add(weights, inputs)
        nodes.append(watched(node) if modes.watching else node)
    return nodes
