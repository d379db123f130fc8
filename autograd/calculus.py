"""Derivatives of functions of Values: reverse mode, forward mode, and any nesting of both.

The point `xs` is a number, a (nested) list, or a tuple for a function of several arguments, and the
function is called as f(x), f(list) or f(*tuple); an array, dict, namedtuple or dataclass is one argument.

Results have the structure of `xs`.  They are plain floats, unless they must carry a graph:

* where `xs` holds Values, they are Values, to differentiate again;
* where the function reaches a Value of its own that wants a gradient (a parameter `w`), they are Values as
  well, so that a loss made of a derivative trains `w`.

Whoever moves the inputs of a trained model (SciPy, adversarial examples) wants floats: write
`with no_grad():` around the call, or freeze the model (`model.requires_grad_(False)`).  Under `no_grad`
the numbers are the same, and no graph comes along.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

from autograd import ops
from autograd.messages import say
from autograd.number import is_list, kind_of
from autograd.point import Direction, Point, gradient_inputs, gradients_to, one_value
from autograd.settings import WHOLE, chosen_number
from autograd.structure import Rebuild, flatten, in_order_of, point_entries
from autograd.value import Value

if TYPE_CHECKING:
    from autograd import point

LEFT_OUT: Any = object()  # the point of a curried call comes later
Function = Callable[..., Any]
Argnums = Any  # an int, also NumPy's, or several in a tuple or list


@overload
def grad(output: Value, inputs: Value, create_graph: Literal[False] = False) -> float: ...
@overload
def grad(output: Value, inputs: Value, create_graph: Literal[True]) -> Value: ...
@overload
def grad(output: Value, inputs: list[Value], create_graph: Literal[False] = False) -> list[float]: ...
@overload
def grad(output: Value, inputs: list[Value], create_graph: Literal[True]) -> list[Value]: ...
@overload
def grad(output: Value, inputs: Any, create_graph: bool = False) -> Any: ...
@overload
def grad(
    output: Function, *, argnums: Literal[0] = 0, has_aux: Literal[False] = False
) -> point.GradientFunction: ...
@overload
def grad(output: Function, *, argnums: Argnums = 0, has_aux: bool = False) -> Function: ...
def grad(
    output: Any,
    inputs: Any = LEFT_OUT,
    create_graph: bool = False,
    argnums: Argnums = 0,
    has_aux: bool = False,
) -> Any:
    """The gradients of a Value to `inputs`; or, given a function, its gradient function.

    The gradient function gives floats; Values with a graph where its point holds Values, or where the
    function reaches a parameter that wants a gradient. For floats alone call it under `no_grad()`, or
    freeze the model.

    Args:
        output: a Value, or a function that returns one.
        inputs: with a Value: Values (inner nodes may be among them), in lists, tuples, dicts, dataclasses,
            arrays; or a model, for all its parameters in order.
        create_graph: with a Value: give the gradients as Values that can be differentiated again.
        argnums: with a function: the argument(s) to differentiate to; a tuple gives a tuple.
        has_aux: with a function: it returns a pair, its output and what else is to come along; then so
            does the gradient function, `(gradient, aux)`.

    Returns:
        Gradients in the structure of `inputs`, 0.0 for what `output` does not depend on. No `.grad`
        is touched.

    Raises:
        TypeError: `output` is neither a Value nor a function; there are no `inputs`, or they are no Values;
            an argument to differentiate to was not given by position, or holds something else than numbers.
        ValueError: with create_graph, a `.data` was changed since the graph was made.

    >>> from autograd import Value, grad
    >>> x = Value(3.0)
    >>> grad(x**3, x)
    27.0
    >>> grad(grad(lambda x: x**3))(3.0)
    18.0
    """
    if isinstance(output, Value):
        flat, rebuild = gradient_inputs(None if inputs is LEFT_OUT else inputs)
        return rebuild(gradients_to(output, flat, create_graph))
    if not callable(output):
        raise TypeError(say("grad_output", kind=kind_of(output)))
    both = value_and_grad(output, argnums, has_aux)

    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, slopes = both(*args, **kwargs)
        return (slopes, value[1]) if has_aux else slopes

    return gradient


@overload
def value_and_grad(
    f: Function, argnums: Literal[0] = 0, has_aux: Literal[False] = False
) -> point.ValueAndGradient: ...
@overload
def value_and_grad(f: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function: ...
def value_and_grad(f: Function, argnums: Argnums = 0, has_aux: bool = False) -> Any:
    """A function that returns `(f(...), gradient)` from one run of `f`.

    Both are floats, or Values with a graph as those of `grad(f)` are.

    Args:
        f: returns one Value; with `has_aux` a pair of that and anything else.
        argnums: the argument(s) to differentiate to; a tuple gives a tuple.
        has_aux: the result is `((f(...), aux), gradient)`.

    Raises:
        TypeError: an argument to differentiate to was not given by position, or holds no numbers; `f`
            returns something else than one Value.

    >>> value_and_grad(lambda x, y: x * y, argnums=(0, 1))(2.0, 5.0)
    (10.0, (5.0, 2.0))
    """

    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        flat, rebuild, call = _arguments(f, argnums, args, kwargs)
        at = Point(flat)
        with at.running():
            found = call(at.operands)
            aux = None
            if has_aux:
                if not isinstance(found, (tuple, list)) or len(found) != 2:
                    raise TypeError(say("aux_pair", kind=kind_of(found)))
                found, aux = found
            y = one_value(found)
            at.settle([y], at.nodes)
        slopes, value = rebuild(at.slopes(y)), at.result(y)
        return (value, at.beside(aux, at.nodes)) if has_aux else value, slopes

    return both


@overload
def vjp(f: Function) -> point.Pullback: ...
@overload
def vjp(f: Function, xs: float, v: Any = 1.0) -> tuple[Any, float]: ...
@overload
def vjp(f: Function, xs: point.At, v: Any = 1.0) -> tuple[Any, point.At]: ...
def vjp(f: Function, xs: Any = LEFT_OUT, v: Any = 1.0) -> Any:
    """`(f(xs), v @ J)`: the outputs, and the gradient of their sum weighted by `v` (reverse mode).

    They are floats, or Values with a graph as those of `grad(f)` are. `vjp(f)` waits for `xs, v`.

    Raises:
        TypeError: the point holds something else than numbers and Values.
        ValueError: `v` has another length than the outputs.

    >>> vjp(lambda x, y: [x * y, x + y], (2.0, 3.0), [1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    if xs is LEFT_OUT:
        return partial(vjp, f)
    flat, rebuild, call = _at(f, xs)
    at = Point(flat)
    with at.running():
        found = call(at.operands)
        outputs, rebuild_outputs = flatten(found)
        weights = _entry_by_entry(v, found, len(outputs), "outputs")
        ys = [one_value(y) for y in outputs]
        total = one_value(ops.sum_([w * y for w, y in zip(weights, ys)]))
        at.settle([total], at.nodes)
    return rebuild_outputs([at.result(y) for y in ys]), rebuild(at.slopes(total))


@overload
def jvp(f: Function) -> point.Pushforward: ...
@overload
def jvp(f: Function, xs: point.Structure, v: point.Structure) -> tuple[Any, Any]: ...
def jvp(f: Function, xs: Any = LEFT_OUT, v: Any = LEFT_OUT) -> Any:
    """`(f(xs), J @ v)`: the outputs, and how they change along the direction `v` (forward mode).

    They are floats, or Values with a graph as those of `grad(f)` are. `jvp(f)` waits for `xs, v`.

    Raises:
        TypeError: the point holds something else than numbers and Values; there is no direction.
        ValueError: `v` has another length than the point.

    >>> jvp(lambda x, y: [x * y, x + y], (2.0, 3.0), (1.0, 10.0))
    ([6.0, 5.0], [23.0, 11.0])
    """
    if xs is LEFT_OUT:
        return partial(jvp, f)
    flat, _, call = _at(f, xs)
    direction = _direction("jvp", flat, v, xs)
    along = Direction(flat, direction)
    with along.taken([along.level]):
        outputs, rebuild = flatten(call(along.operands))
        parts = [along.parts(y) for y in outputs]
        along.settle([x for pair in parts for x in pair])
    values, tangents = ([along.result(pair[i]) for pair in parts] for i in (0, 1))
    return rebuild(values), rebuild(tangents)


@overload
def jacobian(f: Function, *, argnums: Literal[0] = 0) -> point.JacobianFunction: ...
@overload
def jacobian(f: Function, *, argnums: Argnums) -> Function: ...
@overload
def jacobian(f: Function, xs: point.Structure) -> Any: ...
def jacobian(f: Function, xs: Any = LEFT_OUT, argnums: Argnums = 0) -> Any:
    """All first derivatives of `f`: for each output (in its structure) the gradient in the structure of `xs`.

    They are floats, or Values with a graph as those of `grad(f)` are.

    Args:
        f: returns Values in any structure.
        xs: the point; left out, the Jacobian function, which takes the arguments of `f` as `grad(f)` does.
        argnums: of the Jacobian function: the argument(s) to differentiate to.

    Raises:
        TypeError: the point holds something else than numbers and Values.

    >>> jacobian(lambda p: [p[0] * p[1], p[0] ** 2], [2.0, 3.0])
    [[3.0, 2.0], [4.0, 0.0]]
    """
    if xs is LEFT_OUT:
        return lambda *args, **kwargs: _jacobian(*_arguments(f, argnums, args, kwargs))
    return _jacobian(*_at(f, xs))


def _jacobian(flat: list[Any], rebuild: Rebuild, call: Function) -> Any:
    at = Point(flat)
    with at.running():
        outputs, rebuild_outputs = flatten(call(at.operands))
        ys = [one_value(y) for y in outputs]
        at.settle(ys, at.nodes)
    return rebuild_outputs([rebuild(at.slopes(y)) for y in ys])


@overload
def hessian(f: Function, *, argnums: Literal[0] = 0) -> point.HessianFunction: ...
@overload
def hessian(f: Function, *, argnums: Argnums) -> Function: ...
@overload
def hessian(f: Function, xs: float) -> float: ...
@overload
def hessian(f: Function, xs: list[float]) -> list[list[float]]: ...
@overload
def hessian(f: Function, xs: point.Structure) -> Any: ...
def hessian(f: Function, xs: Any = LEFT_OUT, argnums: Argnums = 0) -> Any:
    """All second derivatives of a function with one output: a matrix for a list or an array `xs`.

    They are floats, or Values with a graph as those of `grad(f)` are.

    Args:
        f: returns one Value.
        xs: the point; left out, the Hessian function, which takes the arguments of `f` as `grad(f)` does.
        argnums: of the Hessian function: the argument(s) to differentiate to.

    Raises:
        TypeError: the point holds something else than numbers and Values; `f` returns no single Value.

    >>> hessian(lambda p: p[0] ** 2 * p[1], [2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    if xs is LEFT_OUT:
        return lambda *args, **kwargs: _hessian(*_arguments(f, argnums, args, kwargs))
    return _hessian(*_at(f, xs))


def _hessian(flat: list[Any], rebuild: Rebuild, call: Function) -> Any:
    at = Point(flat)
    with at.running():
        value, rows = value_and_grad(call)(at.operands)
        at.settle([value, *rows], at.nodes)
    return rebuild([rebuild(at.slopes(row)) for row in rows])


@overload
def hvp(f: Function) -> point.HessianProduct: ...
@overload
def hvp(f: Function, xs: float, v: point.Structure) -> tuple[Any, float]: ...
@overload
def hvp(f: Function, xs: point.At, v: point.Structure) -> tuple[Any, point.At]: ...
def hvp(f: Function, xs: Any = LEFT_OUT, v: Any = LEFT_OUT) -> Any:
    """`(f(xs), H @ v)` without building the matrix H: reverse mode over forward mode.

    They are floats, or Values with a graph as those of `grad(f)` are. `hvp(f)` waits for `xs, v`.

    Raises:
        TypeError: the point holds something else than numbers and Values; there is no direction; `f`
            returns no single Value.
        ValueError: `v` has another length than the point.

    >>> hvp(lambda p: p[0] ** 2 * p[1], [2.0, 3.0], [1.0, 0.0])
    (12.0, [6.0, 4.0])
    """
    if xs is LEFT_OUT:
        return partial(hvp, f)
    flat, rebuild, call = _at(f, xs)
    direction = _direction("hvp", flat, v, xs)
    at = Point(flat)
    with at.running():
        value, slope = map(one_value, jvp(call, at.operands, direction))
        at.settle([value, slope], at.nodes)
    return at.result(value), rebuild(at.slopes(slope))


# --- where the point stands among the arguments -------------------------------------------------------


def _at(f: Function, xs: Any) -> tuple[list[Any], Rebuild, Function]:
    """The entries of the point `xs`, what rebuilds its structure, and `f` as a function of entries."""
    flat, rebuild = point_entries(xs)

    def call(entries: list[Any]) -> Any:
        try:
            return call_at(f, rebuild(entries))
        except TypeError:
            if isinstance(xs, tuple) or not _wants_several(f):
                raise
        raise TypeError(say("point_of_several"))

    return flat, rebuild, call


def _wants_several(f: Function) -> bool:
    """Whether a function cannot do with one argument."""
    try:
        inspect.signature(f).bind(None)
    except TypeError:
        return True
    except ValueError:  # nobody knows
        pass
    return False


def _arguments(
    f: Function, argnums: Argnums, args: Sequence[Any], kwargs: dict[str, Any]
) -> tuple[list[Any], Rebuild, Function]:
    """What `_at` gives, for those of a call's arguments that `argnums` names."""
    one = not is_list(argnums)
    numbers = [chosen_number("grad", "argnums", i, WHOLE) for i in ([argnums] if one else argnums)]
    missing = [i for i in numbers if not -len(args) <= i < len(args)]
    if missing:
        raise TypeError(say("argument_missing", number=missing[0], given=len(args)))
    if len({i % len(args) for i in numbers}) < len(numbers):
        raise ValueError(say("argnums_twice", got=argnums))
    flat, rebuild_all = point_entries([args[i] for i in numbers])

    def call(entries: Sequence[Any]) -> Any:
        arguments = list(args)
        for i, argument in zip(numbers, rebuild_all(entries)):
            arguments[i] = argument
        return with_nodes(f)(*arguments, **kwargs)

    def rebuild(entries: Sequence[Any]) -> Any:
        slopes = rebuild_all(entries)
        return slopes[0] if one else tuple(slopes)

    return flat, rebuild, call


def call_at(f: Function, xs: Any) -> Any:
    """`f` at the point `xs`: a tuple stands for several arguments."""
    f = with_nodes(f)
    return f(*xs) if type(xs) is tuple else f(xs)


def with_nodes(f: Function) -> Function:
    """The function itself where `f` replays one: a replay leaves no nodes to differentiate."""
    return getattr(f, "with_nodes", f)


def _direction(name: str, flat: Sequence[Any], v: Any, xs: Any) -> list[Any]:
    if v is LEFT_OUT:
        raise TypeError(say("direction", name=name))
    return _entry_by_entry(v, xs, len(flat), "inputs")


def _entry_by_entry(v: Any, other: Any, count: int, what: str) -> list[Any]:
    """The entries of a vector, as many as those of what it belongs to."""
    found = point_entries(in_order_of(v, other))[0]
    if len(found) != count:
        raise ValueError(say("vector_lengths", got=len(found), wanted=count, what=what))
    return found
