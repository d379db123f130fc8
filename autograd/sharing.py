"""Operands shared by several nodes: what makes a neuron one node and a layer one tuple of inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import modes, ops, special
from autograd.backward import ConstantOperands, Operands
from autograd.entry import CONSTANT
from autograd.value import UNSET, Value, constant, watched


def operands_of(xs: Iterable[Any]) -> Operands:
    """Numbers and Values as operands that several n-ary nodes can share."""
    nodes = [x if isinstance(x, Value) else constant(x) for x in xs]
    kind = ConstantOperands if all(x.op is CONSTANT for x in nodes) else Operands
    return kind(nodes)


def weigh(ws: Operands, xs: Operands) -> Value:
    """The node `dot(ws, xs)` on operands that are shared with other nodes; one more weight is a bias.

    What a layer uses: its neurons share `xs`, and each neuron's calls share its `ws`.
    """
    node: Value = object.__new__(Value)
    node.op, node.grad, node.a, node.b = ops.dot, UNSET, ws, xs
    node.a_data = weights = [w.data for w in ws]
    node.b_data = inputs = [x.data for x in xs]
    node.data = special.dot_in_order(weights, inputs)
    return watched(node) if modes.watching else node
