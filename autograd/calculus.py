"""Derivatives of functions of Values: reverse mode, forward mode, and any nesting of both.

The point `xs` is a number, a (nested) list, or a tuple for a function of several arguments, and the
function is called as f(x), f(list) or f(*tuple).  Results have the structure of `xs`: plain floats
where `xs` holds plain numbers, Values (with a graph, to differentiate again) where it holds Values.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from autograd import ops
from autograd.backward import ByHand, gradients, postorder
from autograd.dual import LEVELS, Dual, plain
from autograd.graph import topological_order
from autograd.messages import say
from autograd.number import is_number
from autograd.value import Value, constant


def grad(
    output: Any, inputs: Any = None, create_graph: bool = False, argnums: int | tuple[int, ...] = 0
) -> Any:
    """The gradients of a Value to `inputs`; or, given a function, its gradient function.

    Args:
        output: a Value, or a function that returns one.
        inputs: with a Value: a Value or nested list of Values (inner nodes may be among them).
        create_graph: with a Value: give the gradients as Values that can be differentiated again.
        argnums: with a function: the argument(s) to differentiate to; a tuple gives a tuple.

    Returns:
        Gradients in the structure of `inputs`, 0.0 for what `output` does not depend on. No `.grad`
        is touched.

    Raises:
        TypeError: `output` is neither a Value nor a function.
        ValueError: with create_graph, a `.data` was changed since the graph was made.

    >>> from autograd import Value, grad
    >>> x = Value(3.0)
    >>> grad(x**3, x)
    27.0
    >>> grad(grad(lambda x: x**3))(3.0)
    18.0
    """
    if isinstance(output, Value):
        flat, rebuild = flatten(inputs)
        return rebuild(gradient_graph(output, flat) if create_graph else gradients(output, 1.0, flat))
    if not callable(output):
        raise TypeError(say("grad_output", kind=type(output).__name__))
    both = value_and_grad(output, argnums)
    return lambda *args, **kwargs: both(*args, **kwargs)[1]


def value_and_grad(f: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """A function that returns `(f(...), gradient)` from one run of `f`.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 5.0)
    (10.0, (5.0, 2.0))
    """

    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        chosen = (argnums,) if isinstance(argnums, int) else argnums
        flat, rebuild = flatten([args[i] for i in chosen])
        at = _Point(flat, flatten(list(args))[0])
        arguments = list(args)
        for i, argument in zip(chosen, rebuild(at.operands)):
            arguments[i] = argument
        y = one_value(at.call(with_nodes(f), *arguments, **kwargs))
        slopes = rebuild(at.slopes(y))
        return at.result(y), slopes[0] if isinstance(argnums, int) else tuple(slopes)

    return both


def vjp(f: Callable[..., Any], xs: Any, v: Any = 1.0) -> tuple[Any, Any]:
    """`(f(xs), v @ J)`: the outputs, and the gradient of their sum weighted by `v` (reverse mode).

    >>> vjp(lambda x, y: [x * y, x + y], (2.0, 3.0), [1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    flat, rebuild = flatten(xs)
    at = _Point(flat)
    outputs, rebuild_outputs = flatten(at.call(call_at, f, rebuild(at.operands)))
    weights = flatten(v)[0]
    if len(weights) != len(outputs):
        raise ValueError(say("vector_lengths", got=len(weights), wanted=len(outputs), what="outputs"))
    total = ops.sum_([w * one_value(y) for w, y in zip(weights, outputs)])
    slopes = rebuild(at.slopes(total))
    return rebuild_outputs([at.result(one_value(y)) for y in outputs]), slopes


def jvp(f: Callable[..., Any], xs: Any, v: Any) -> tuple[Any, Any]:
    """`(f(xs), J @ v)`: the outputs, and how they change along the direction `v` (forward mode).

    >>> jvp(lambda x, y: [x * y, x + y], (2.0, 3.0), (1.0, 10.0))
    ([6.0, 5.0], [23.0, 11.0])
    """
    flat, rebuild = flatten(xs)
    direction = flatten(v)[0]
    if len(direction) != len(flat):
        raise ValueError(say("vector_lengths", got=len(direction), wanted=len(flat), what="inputs"))
    level = next(LEVELS)
    duals = [Dual(plain(x), plain(t), level) for x, t in zip(flat, direction)]
    outputs, rebuild_outputs = flatten(call_at(f, rebuild(duals)))
    ys = [y if isinstance(y, Dual) and y.reading == level else Dual(y, 0.0, level) for y in outputs]
    return rebuild_outputs([y.primal for y in ys]), rebuild_outputs([y.tangent for y in ys])


def jacobian(f: Callable[..., Any], xs: Any) -> Any:
    """All first derivatives of `f`: for each output (in its structure) the gradient in the structure of `xs`.

    >>> jacobian(lambda p: [p[0] * p[1], p[0] ** 2], [2.0, 3.0])
    [[3.0, 2.0], [4.0, 0.0]]
    """
    flat, rebuild = flatten(xs)
    at = _Point(flat)
    outputs, rebuild_outputs = flatten(at.call(call_at, f, rebuild(at.operands)))
    return rebuild_outputs([rebuild(at.slopes(one_value(y))) for y in outputs])


def hessian(f: Callable[..., Any], xs: Any) -> Any:
    """All second derivatives of a function with one output: a matrix for a list `xs`.

    >>> hessian(lambda p: p[0] ** 2 * p[1], [2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    flat, rebuild = flatten(xs)

    def gradient(entries: list[Any]) -> list[Any]:
        return flatten(grad(lambda inner: call_at(f, rebuild(inner)))(entries))[0]

    return rebuild([rebuild(row) for row in jacobian(gradient, flat)])


def hvp(f: Callable[..., Any], xs: Any, v: Any) -> tuple[Any, Any]:
    """`(f(xs), H @ v)` without building the matrix H: reverse mode over forward mode.

    >>> hvp(lambda p: p[0] ** 2 * p[1], [2.0, 3.0], [1.0, 0.0])
    (12.0, [6.0, 4.0])
    """
    flat, rebuild = flatten(xs)
    at = _Point(flat)
    value, slope = at.call(jvp, f, rebuild(at.operands), v)
    return at.result(one_value(value)), rebuild(at.slopes(one_value(slope)))


def gradient_graph(output: Value, inputs: Sequence[Value]) -> list[Any]:
    """The gradients of `output` to `inputs`, as more graph: the rules are read on the Values themselves."""
    wanted = {id(x) for x in inputs}
    order, _ = postorder(output)
    reach = set(wanted)
    for node in order:
        if not reach.isdisjoint(map(id, node.parents)):
            reach.add(id(node))
    gradients_of: dict[int, Any] = {id(output): constant(1.0)}
    for node in reversed(order):
        upstream = gradients_of.get(id(node))
        if upstream is not None and id(node) in reach:
            _hand_on(gradients_of, node, upstream, reach)
    return [gradients_of.get(id(x), constant(0.0)) for x in inputs]


def _hand_on(gradients_of: dict[int, Any], node: Value, upstream: Any, reach: set[int]) -> None:
    op, parents = node.op, node.parents
    if isinstance(op, ByHand):
        raise ValueError(say("by_hand_twice", node=node))
    _check_unchanged(node, parents)
    bulk = op.bulk(parents, node) if op.bulk is not None else None
    for i, parent in enumerate(parents):
        if id(parent) not in reach:
            continue
        rule = None if bulk else op.rule(i)
        local = bulk[i] if bulk else rule(*parents, node) if rule else None
        number = local.data if isinstance(local, Value) else local
        if local is None or (number == 0 and op.choice):
            continue
        flow = upstream if type(local) is float and local == 1.0 else upstream * local
        before = gradients_of.get(id(parent))
        gradients_of[id(parent)] = flow if before is None else before + flow


def _check_unchanged(node: Value, parents: Sequence[Value]) -> None:
    for parent, then in zip(parents, node.numbers):
        if parent.data != then and (parent.data == parent.data or then == then):
            name = parent.label or repr(parent)
            raise ValueError(say("changed", node=name, now=parent.data, then=then))


def flatten(structure: Any) -> tuple[list[Any], Callable[[Sequence[Any]], Any]]:
    """The entries of nested lists and tuples in order, and what puts others in their places."""
    if not isinstance(structure, (list, tuple)):
        return [structure], lambda entries: entries[0]
    parts = [flatten(part) for part in structure]
    ends = list(itertools.accumulate(len(flat) for flat, _ in parts))
    kind = tuple if isinstance(structure, tuple) else list

    def rebuild(entries: Sequence[Any]) -> Any:
        starts = [0, *ends]
        return kind(build(entries[i:j]) for (_, build), i, j in zip(parts, starts, ends))

    return [x for flat, _ in parts for x in flat], rebuild


class _Point:
    """The point of a derivative: inputs with nodes of their own, so that other uses are not counted.

    Inside, they are "active": a derivative taken inside another one whose function uses an active node
    gives Values (or Duals), so that nothing is lost for the outer one.
    """

    def __init__(self, flat: Sequence[Any], all_arguments: Sequence[Any] | None = None) -> None:
        self.nodes: list[Value] = []
        self.operands = [self._mark(x) for x in flat]
        self.nested = any(map(_holds_value, flat if all_arguments is None else all_arguments))

    def _mark(self, x: Any) -> Any:
        if isinstance(x, Dual):
            return Dual(self._mark(x.primal), x.tangent, x.reading)
        node = ops.identity(x) if isinstance(x, Value) else Value(x)
        self.nodes.append(node)
        return node

    def call(self, f: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`f(...)`, while the nodes of this point are active."""
        outer = _ACTIVE.get()
        token = _ACTIVE.set(outer | {id(node) for node in self.nodes})
        try:
            found = f(*args, **kwargs)
        finally:
            _ACTIVE.reset(token)
        if outer and not self.nested:
            graphs = [_values_of(y) for y in flatten(found)[0]]
            self.nested = any(id(x) in outer for graph in graphs for y in graph for x in topological_order(y))
        return found

    def slopes(self, y: Any) -> list[Any]:
        """The derivatives of an output to the inputs: numbers, or Values where they are needed further."""
        if isinstance(y, Dual):
            pairs = zip(self.slopes(y.primal), self.slopes(y.tangent))
            return [Dual(primal, tangent, y.reading) for primal, tangent in pairs]
        root = _value(y)
        return gradient_graph(root, self.nodes) if self.nested else gradients(root, 1.0, self.nodes)

    def result(self, y: Any) -> Any:
        """An output in the form in which it is given back."""
        if isinstance(y, Dual):
            return Dual(self.result(y.primal), self.result(y.tangent), y.reading)
        return y if self.nested or not isinstance(y, Value) else y.data


_ACTIVE: ContextVar[frozenset[int]] = ContextVar("autograd_active", default=frozenset())


def _values_of(y: Any) -> list[Value]:
    if isinstance(y, Dual):
        return [*_values_of(y.primal), *_values_of(y.tangent)]
    return [y] if isinstance(y, Value) else []


def _holds_value(x: Any) -> bool:
    return bool(_values_of(x))


def call_at(f: Callable[..., Any], xs: Any) -> Any:
    """`f` at the point `xs`: a tuple stands for several arguments."""
    f = with_nodes(f)
    return f(*xs) if isinstance(xs, tuple) else f(xs)


def with_nodes(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself where `f` replays one: a replay leaves no nodes to differentiate."""
    return getattr(f, "with_nodes", f)


def one_value(y: Any) -> Any:
    """The one Value (or Dual) a function returned; TypeError for anything but that and a number."""
    if isinstance(y, (Value, Dual)):
        return y
    if is_number(y):
        return constant(y)
    raise TypeError(say("function_output", kind=type(y).__name__))


def _value(y: Any) -> Value:
    return y if isinstance(y, Value) else constant(y)
