"""The operators of `Value` while a function is recorded: each makes its node and notes it in the journal.

The nodes are those that `Value`'s own operators make; the way there leads past the exchanged `.data`. In
threads that record nothing, and where something watches (`no_grad`, `scope`), the originals run.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from autograd import lists, modes
from autograd.entry import CONSTANT, TABLE, Op
from autograd.node import Operands
from autograd.number import UNSET, to_float
from autograd.ops import dot
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.this_thread import HERE
from autograd.value import Value, constant, watched

Method = Callable[..., Any]

BINARY = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": None, "pow": None}
UNARY = (
    "exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid", "relu", "gelu", "silu",
    "softplus", "abs", "square", "reciprocal",
)  # fmt: skip
_new = object.__new__
GRAD = Value.__dict__["grad"]


def operators() -> dict[str, Any]:
    """The attributes of `Value` to exchange; `_number` and `_slope` are the slots of `.data` and `.grad`."""
    made: dict[str, Any] = {"_number": DATA, "_slope": GRAD, "apply": classmethod(_apply)}
    for name, compute in BINARY.items():
        op = TABLE["div" if name == "truediv" else name]
        forward = _binary(op, compute or op.value, getattr(Value, f"__{name}__"))
        made[f"__{name}__"] = forward
        made[f"__r{name}__"] = _reflected(forward, getattr(Value, f"__r{name}__"))
    for name, entry in (("__neg__", "neg"), ("__abs__", "abs"), *zip(UNARY, UNARY)):
        made[name] = _unary(TABLE[entry], getattr(Value, name))
    return made


def _binary(op: Op, compute: Callable[[float, float], float], original: Method) -> Method:
    def method(self: Any, other: Any) -> Any:
        run = HERE.run
        if run is None or modes.watchers:
            return original(self, other)
        kind = type(other)  # not __class__, which a probe gives another
        if kind is not Value:
            if kind is not float and kind is not int:
                return original(self, other)
            other = _constant(run.journal, other)
        node: Any = _new(Value)
        node.a = self
        node.b = other
        node.a_data = x = self._number
        node.b_data = y = other._number
        node._number = compute(x, y)
        node.op = op
        node._slope = UNSET
        run.journal.nodes.append(node)
        return node

    return method


def _reflected(forward: Method, original: Method) -> Method:
    def method(self: Any, other: Any) -> Any:
        run = HERE.run
        if run is None or modes.watchers or type(other) not in (float, int):
            return original(self, other)
        return forward(_constant(run.journal, other), self)

    return method


def _unary(op: Op, original: Method) -> Method:
    compute = op.value

    def method(self: Any) -> Any:
        run = HERE.run
        if run is None or modes.watchers:
            return original(self)
        node: Any = _new(Value)
        node.a = self
        node.b = None
        node.a_data = x = self._number
        node._number = node.b_data = compute(x)
        node.op = op
        node._slope = UNSET
        run.journal.nodes.append(node)
        return node

    return method


def _constant(journal: Any, x: float) -> Any:
    """`constant(x)` for a float or an int, noted as a leaf."""
    node: Any = _new(Value)
    node._number = x if type(x) is float else to_float(x)
    node._slope, node.op = UNSET, CONSTANT
    node.a = None
    journal.constants.append(node)
    return node


def _apply(_: type[Value], op: Op, operands: Any) -> Value:
    """`Value.apply` past the exchanged `.data`, which would cost several times the rest."""
    nodes: list[Any] = [x if isinstance(x, Value) else constant(x) for x in operands]
    numbers = [x._number for x in nodes]
    node: Any = _new(Value)
    node.op, node._slope = op, UNSET
    node._number = result = op.value(*numbers)
    if op.arity == 1:
        node.a, node.b, node.a_data, node.b_data = nodes[0], None, numbers[0], result
    elif op.arity == 2:
        node.a, node.b = nodes
        node.a_data, node.b_data = numbers
    elif op is dot:
        n = len(nodes) // 2
        node.a, node.b = Operands(nodes[:n] + nodes[2 * n :]), Operands(nodes[n : 2 * n])
        node.a_data, node.b_data = numbers[:n] + numbers[2 * n :], numbers[n : 2 * n]
    else:
        node.a, node.b, node.a_data, node.b_data = Operands(nodes), None, numbers, result
    run = HERE.run
    if run is not None:
        run.journal.nodes.append(node)
    return watched(node) if modes.WATCHERS.get() else node


def noted(node: Value) -> Value:
    """What stands for `watched` in modules that make nodes by themselves."""
    if HERE.run is not None:
        HERE.run.journal.nodes.append(node)
    return watched(node)


NODE_MAKERS = (lists,)  # the modules that show their nodes to `watched`
