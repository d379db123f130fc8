"""Derivatives of functions of Values: reverse mode, forward mode, and any nesting of both.

The point `xs` is a number, a (nested) list, or a tuple for a function of several arguments, and the
function is called as f(x), f(list) or f(*tuple).  Results have the structure of `xs`: plain floats
where `xs` holds plain numbers, Values (with a graph, to differentiate again) where it holds Values.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograd import ops
from autograd.backward import ByHand, gradients, postorder
from autograd.entry import Op, Operand, is_number, to_float
from autograd.messages import say
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
        nested = any(isinstance(x, Value) for x in flatten(list(args))[0])
        marked = _mark(flat)
        arguments = list(args)
        for i, argument in zip(chosen, rebuild(marked)):
            arguments[i] = argument
        y = one_value(f(*arguments, **kwargs))
        slopes = rebuild(gradient_graph(y, marked) if nested else gradients(y, 1.0, marked))
        return (y if nested else y.data), slopes[0] if isinstance(argnums, int) else tuple(slopes)

    return both


def vjp(f: Callable[..., Any], xs: Any, v: Any = 1.0) -> tuple[Any, Any]:
    """`(f(xs), v @ J)`: the outputs, and the gradient of their sum weighted by `v` (reverse mode).

    >>> vjp(lambda x, y: [x * y, x + y], (2.0, 3.0), [1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    flat, rebuild = flatten(xs)
    marked = _mark(flat)
    outputs, rebuild_outputs = flatten(call_at(f, rebuild(marked)))
    weights = flatten(v)[0]
    if len(weights) != len(outputs):
        raise ValueError(say("vector_lengths", got=len(weights), wanted=len(outputs), what="outputs"))
    nested = _any_values(flat)
    total = ops.sum_([w * _value(y) for w, y in zip(weights, outputs)])
    slopes = gradient_graph(total, marked) if nested else gradients(total, 1.0, marked)
    return rebuild_outputs(outputs if nested else [_value(y).data for y in outputs]), rebuild(slopes)


def jvp(f: Callable[..., Any], xs: Any, v: Any) -> tuple[Any, Any]:
    """`(f(xs), J @ v)`: the outputs, and how they change along the direction `v` (forward mode).

    >>> jvp(lambda x, y: [x * y, x + y], (2.0, 3.0), (1.0, 10.0))
    ([6.0, 5.0], [23.0, 11.0])
    """
    flat, rebuild = flatten(xs)
    direction = flatten(v)[0]
    if len(direction) != len(flat):
        raise ValueError(say("vector_lengths", got=len(direction), wanted=len(flat), what="inputs"))
    level = next(_levels)
    duals = [Dual(_plain(x), _plain(t), level) for x, t in zip(flat, direction)]
    outputs, rebuild_outputs = flatten(call_at(f, rebuild(duals)))
    ys = [y if isinstance(y, Dual) and y.reading == level else Dual(y, 0.0, level) for y in outputs]
    return rebuild_outputs([y.primal for y in ys]), rebuild_outputs([y.tangent for y in ys])


def jacobian(f: Callable[..., Any], xs: Any) -> Any:
    """All first derivatives of `f`: for each output (in its structure) the gradient in the structure of `xs`.

    >>> jacobian(lambda p: [p[0] * p[1], p[0] ** 2], [2.0, 3.0])
    [[3.0, 2.0], [4.0, 0.0]]
    """
    flat, rebuild = flatten(xs)
    marked = _mark(flat)
    outputs, rebuild_outputs = flatten(call_at(f, rebuild(marked)))
    slopes = gradient_graph if _any_values(flat) else (lambda y, inputs: gradients(y, 1.0, inputs))
    return rebuild_outputs([rebuild(slopes(_value(y), marked)) for y in outputs])


def hessian(f: Callable[..., Any], xs: Any) -> Any:
    """All second derivatives of a function with one output: a matrix for a list `xs`.

    >>> hessian(lambda p: p[0] ** 2 * p[1], [2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    flat, rebuild = flatten(xs)
    return rebuild([rebuild(row) for row in jacobian(_gradient_at(f, rebuild), flat)])


def hvp(f: Callable[..., Any], xs: Any, v: Any) -> tuple[Any, Any]:
    """`(f(xs), H @ v)` without building the matrix H: reverse mode over forward mode.

    >>> hvp(lambda p: p[0] ** 2 * p[1], [2.0, 3.0], [1.0, 0.0])
    (12.0, [6.0, 4.0])
    """
    flat, rebuild = flatten(xs)
    values = _mark(flat)
    value, slope = jvp(f, rebuild(values), v)
    nested = _any_values(flat)
    product = gradient_graph(one_value(slope), values) if nested else gradients(_value(slope), 1.0, values)
    return (value if nested else _value(value).data), rebuild(product)


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
        flow = upstream if local.__class__ is float and local == 1.0 else upstream * local
        before = gradients_of.get(id(parent))
        gradients_of[id(parent)] = flow if before is None else before + flow


def _check_unchanged(node: Value, parents: Sequence[Value]) -> None:
    for parent, then in zip(parents, node.numbers):
        if parent.data != then and (parent.data == parent.data or then == then):
            name = parent.label or repr(parent)
            raise ValueError(say("changed", node=name, now=parent.data, then=then))


class Dual(Operand):
    """A number and its rate of change along one direction: the table read in forward mode."""

    __slots__ = ("primal", "reading", "tangent")

    def __init__(self, primal: Any, tangent: Any, level: int) -> None:
        self.primal, self.tangent, self.reading = primal, tangent, level

    def apply(self, op: Op, operands: Sequence[Any]) -> Dual:
        """`op` on primals, and the flows of the operands that belong to this level, added up."""
        level = self.reading
        mine = [isinstance(x, Dual) and x.reading == level for x in operands]
        primals = [x.primal if own else _plain(x) for x, own in zip(operands, mine)]
        y = op.on(tuple(primals))
        tangent: Any = None
        for x, own, local in zip(operands, mine, op.locals(primals, y)):
            if not own or local is None or (op.choice and _number(local) == 0):
                continue
            flow = x.tangent if local.__class__ is float and local == 1.0 else x.tangent * local
            tangent = flow if tangent is None else tangent + flow
        return Dual(y, 0.0 if tangent is None else tangent, level)

    @property
    def data(self) -> float:
        """The number that stands behind it."""
        return _number(self.primal)

    def __float__(self) -> float:
        return self.data

    def __repr__(self) -> str:
        return f"Dual({self.primal!r}, {self.tangent!r})"


_levels = itertools.count(10)  # an inner jvp has the higher level


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


def _gradient_at(f: Callable[..., Any], rebuild: Callable[..., Any]) -> Callable[[list[Any]], list[Any]]:
    def gradient(flat: list[Any]) -> list[Any]:
        return gradient_graph(one_value(call_at(f, rebuild(flat))), flat)

    return gradient


def _mark(flat: Sequence[Any]) -> list[Value]:
    """A node of its own for each input, so that f's other uses of the same Value are not counted."""
    return [ops.identity(x) if isinstance(x, Value) else Value(x) for x in flat]


def call_at(f: Callable[..., Any], xs: Any) -> Any:
    """`f` at the point `xs`: a tuple stands for several arguments."""
    return f(*xs) if isinstance(xs, tuple) else f(xs)


def one_value(y: Any) -> Value:
    """The one Value a function returned; TypeError for anything else but a number."""
    if isinstance(y, Value) or is_number(y):
        return _value(y)
    raise TypeError(say("function_output", kind=type(y).__name__))


def _value(y: Any) -> Value:
    return y if isinstance(y, Value) else constant(y)


def _plain(x: Any) -> Any:
    return x if isinstance(x, Operand) else to_float(x)


def _number(x: Any) -> float:
    return x if isinstance(x, float) else float(x.data) if isinstance(x, (Value, Dual)) else float(x)


def _any_values(flat: Sequence[Any]) -> bool:
    return any(isinstance(x, Value) for x in flat)
