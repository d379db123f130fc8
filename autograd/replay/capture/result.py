"""What a recorded call returns: a number whose gradient has been handed out, alone or in a structure.

The call adds the gradients to `.grad` itself. Were its result a plain constant, a `backward` of an
expression made of it would lose this part without a word; so such a `backward` raises and says what to write.
With `record(f, has_aux=True)` the function returns a pair: its loss, and what comes along.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from autograd.entry import Op
from autograd.messages import say
from autograd.number import UNSET
from autograd.replay.capture.arithmetic import number_of
from autograd.replay.capture.probe import Probe
from autograd.replay.capture.states import PLAIN
from autograd.value import Value


class _Result(Op):
    """The op of such a result: it has a number, and nobody can differentiate it a second time."""

    def __reduce__(self) -> str:  # type: ignore[override]  # pickle takes a global's name
        return "RESULT"


def _refuse(*_: Any) -> Any:
    raise RuntimeError(say("result_twice"))


RESULT = _Result("recorded", _refuse, (_refuse,))
ANCHOR = Value(0.0, label="recorded function")  # stands for everything behind the result


def recorded_result(number: float) -> Value:
    """A recorded call's result.

    >>> loss = recorded_result(2.0)
    >>> loss.data
    2.0
    """
    node: Value = object.__new__(Value)
    node.a, node.b, node.a_data, node.b_data = ANCHOR, None, 0.0, number
    node.op, node.grad = RESULT, UNSET
    node.data = number
    return node


class WithAux(tuple[Any, ...]):
    """A pair (loss, aux): the first is differentiated, the second comes along."""

    __slots__ = ()


def with_aux(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that returns pairs (loss, aux), its results marked as such.

    Raises (when called):
        TypeError: it returned something else.
    """

    @functools.wraps(function)
    def marked(*args: Any, **kwargs: Any) -> WithAux:
        result = function(*args, **kwargs)
        if not (isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], Value)):
            raise TypeError(say("record_aux", kind=type(result).__name__))
        return WithAux(result)

    return marked


def first_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function without what comes along."""

    @functools.wraps(function)
    def loss_alone(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)[0]

    return loss_alone


def loss_in(result: Any) -> Value | None:
    """The Value to differentiate in what a function returned; None when there is no single one."""
    if result.__class__ is WithAux:
        return result[0]  # type: ignore[no-any-return]  # a Value, as `with_aux` made sure
    return result if isinstance(result, Value) else None


def without_graph(result: Any) -> Any:
    """What a function returned, each Value in it replaced by one with the same number and no graph."""
    loss = loss_in(result)
    if result.__class__ is WithAux:
        return recorded_result(number_of(result[0])), without_graph(result[1:])[0]
    if loss is not None:
        return recorded_result(number_of(loss))
    shape, values = take_apart(result)
    return put_together(shape, [number_of(value) for value in values])


def detached(result: Any) -> Any:
    """A returned structure whose Values hand no gradient on: `value` inside another recorded function."""
    if isinstance(result, Value):
        return result.detach()
    if result.__class__ is list or result.__class__ is tuple:
        return result.__class__(map(detached, result))
    if isinstance(result, tuple) and hasattr(result, "_make"):
        return result._make(map(detached, result))
    return {name: detached(x) for name, x in result.items()} if result.__class__ is dict else result


def take_apart(result: Any) -> tuple[Any, list[Value]]:
    """A returned structure of Values and numbers: its shape, and its Values."""
    values: list[Value] = []
    return _shape(result, values), values


def _shape(x: Any, values: list[Value]) -> Any:
    # a function of its own: an inner one that calls itself would keep `values`, and their graph, in a cycle
    if isinstance(x, Value) or type(x) is Probe:
        values.append(x if isinstance(x, Value) else x.node)
        return "value" if isinstance(x, Value) else "whole" if x.whole else "number"
    if x.__class__ is list or x.__class__ is tuple or x.__class__ is WithAux:
        return ("list" if x.__class__ is list else "tuple", *[_shape(y, values) for y in x])
    if x.__class__ is dict:
        return ("dict", *[(name, _shape(y, values)) for name, y in x.items()])
    if isinstance(x, tuple) and hasattr(x, "_make"):
        return ("named", x.__class__, *[_shape(y, values) for y in x])
    return ("plain" if isinstance(x, PLAIN) else "object", x)


def foreign_part(shape: Any) -> str:
    """The type of something returned that holds more than numbers, such as a generator; "" without any."""
    if isinstance(shape, str):
        return ""
    if shape[0] in ("plain", "object"):
        return type(shape[1]).__name__ if shape[0] == "object" else ""
    parts = shape[2 if shape[0] == "named" else 1 :]
    if shape[0] == "dict":
        parts = [part for _, part in parts]
    return next(filter(None, map(foreign_part, parts)), "")


def put_together(shape: Any, numbers: Sequence[float]) -> Any:
    """The structure again; its Values have these numbers, and no graph."""
    rest = iter(numbers)

    def build(part: Any) -> Any:
        if part == "value":
            return recorded_result(next(rest))
        if part == "number":
            return next(rest)
        if part == "whole":
            return int(next(rest))
        if part[0] in ("plain", "object"):
            return part[1]
        if part[0] == "dict":
            return {name: build(y) for name, y in part[1:]}
        if part[0] == "named":
            return part[1]._make([build(y) for y in part[2:]])
        return (list if part[0] == "list" else tuple)(build(y) for y in part[1:])

    return build(shape)
