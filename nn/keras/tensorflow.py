"""What programs take from TensorFlow, or from `keras.ops`: tapes, variables, functions of whole tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd import Value
from autograd.number import entries, is_list, listed
from nn.layers.activations import of_each, on_rows
from nn.messages import problem
from nn.missing import refusing
from nn.outputs import Numbers, Parameter, Parameters


class GradientTape:
    """What computes inside `with tf.GradientTape() as tape:`; every graph is recorded here, so it only asks.

    Args:
        persistent: accepted; a tape may always be asked again.

    >>> x = Value(3.0)
    >>> with GradientTape() as tape:
    ...     y = x**2
    >>> tape.gradient(y, x)
    6.0
    """

    def __init__(self, persistent: bool = False) -> None:
        self.persistent = bool(persistent)

    def __enter__(self) -> GradientTape:
        _open.append(self)
        return self

    def __exit__(self, *exception: object) -> None:
        _open.remove(self)

    def watch(self, tensor: Any) -> None:
        """Let gradients arrive at a constant.

        Raises:
            TypeError: a plain number, which nobody can watch: write `tf.Variable(x)`.
        """
        if isinstance(tensor, Numbers) and not isinstance(tensor, Parameters):
            tensor[:] = Parameter(tensor)
        elif is_list(tensor):
            for x in tensor:
                self.watch(x)
        elif not isinstance(tensor, Value):
            raise problem(TypeError, "keras_watch")
        elif tensor.a is None:
            tensor.requires_grad = True

    def gradient(self, target: Any, sources: Any) -> Any:
        """The gradients of a Value to Values, nested as these; 0.0 for what it does not depend on.

        Inside another tape they are Values, so that it can ask for the gradients of gradients.
        """
        return ag.grad(target, sources, create_graph=bool(_open))


_open: list[GradientTape] = []


def constant(x: Any) -> Any:
    """Numbers that are computed with entry by entry."""
    x = listed(x)
    if is_list(x):
        return Numbers(ag.number.map_nested(ag.number.to_float, x))
    return Value(ag.number.to_float(x), requires_grad=False)


def Variable(initial_value: Any, trainable: bool = True) -> Any:  # noqa: N802 - TensorFlow's name, of a class
    """What a gradient may be asked for: `nn.Parameter`."""
    return Parameter(initial_value, trainable)


def reduce_sum(x: Any, axis: int | None = None) -> Any:
    """The sum of all numbers, or with `axis=-1` of each innermost list."""
    return _reduced(ag.sum, x, axis)


def reduce_mean(x: Any, axis: int | None = None) -> Any:
    """The mean of all numbers, or with `axis=-1` of each innermost list."""
    return _reduced(ag.mean, x, axis)


def _reduced(function: Callable[[list[Any]], Any], x: Any, axis: int | None) -> Any:
    if axis not in (None, -1):
        raise problem(ValueError, "nn_dim", owner="axis", dim=axis, last=-1)
    x = listed(x)
    if axis is None or not (is_list(x) and is_list(listed(x[0]))):
        return function([v for _, v in entries(x)])
    return Numbers(_reduced(function, row, axis) for row in x)


abs, exp, log, sqrt, square = map(of_each, ("abs", "exp", "log", "sqrt", "square"))  # noqa: A001 - tf.abs
sin, cos, tanh, sigmoid, relu = map(of_each, ("sin", "cos", "tanh", "sigmoid", "relu"))
sum, mean, convert_to_tensor = reduce_sum, reduce_mean, constant  # noqa: A001 - keras.ops.sum


def softmax(x: Any) -> Any:
    """Shares of each innermost list."""
    return on_rows(ag.softmax, x)


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing("nn.keras.ops")
