"""What programs take from TensorFlow, or from `keras.ops`: tapes, variables, functions of whole tensors."""

from __future__ import annotations

import builtins
import math
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd import Value
from autograd.number import depth_of, is_list, listed, number_of
from nn import arranging, tensors
from nn.layers.activations import of_each
from nn.messages import problem
from nn.missing import refusing
from nn.outputs import Numbers
from nn.parameters import Parameter, Parameters
from nn.shapes import Share, each, laid_out


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
        return _shown(ag.grad(target, sources, create_graph=bool(_open)), sources)


_open: list[GradientTape] = []


def _shown(found: Any, sources: Any) -> Any:
    """Gradients that compute, in the lists or the dict that asked for them."""
    if isinstance(sources, dict):
        return {name: _shown(found[name], x) for name, x in sources.items()}
    if type(sources) in (list, tuple):
        return [_shown(*pair) for pair in zip(found, sources, strict=True)]
    if is_list(found):
        return each(lambda x: x, found, Numbers)
    return Share(found) if type(found) is float else found


def function(func: Any = None) -> Any:
    """A decorator that hands the function on: it runs as it stands."""
    return func if func is not None else function


def constant(x: Any) -> Any:
    """Numbers that are computed with entry by entry."""
    x = listed(x)
    if is_list(x):
        return Numbers(ag.number.map_nested(ag.number.to_float, x))
    return Value(ag.number.to_float(x), requires_grad=False)


def Variable(initial_value: Any, trainable: bool = True) -> Any:  # noqa: N802 - TensorFlow's name, of a class
    """What a gradient may be asked for: `nn.Parameter`."""
    return Parameter(initial_value, trainable)


def reduce_sum(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The sum of all numbers, or along an axis."""
    return tensors.along(ag.sum, x, axis, keepdims)


def reduce_mean(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The mean of all numbers, or along an axis."""
    return tensors.along(ag.mean, x, axis, keepdims)


def var(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The variance, divided by the count."""
    return tensors.var(x, axis, False, keepdims)


def std(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The root of the variance, divided by the count."""
    return tensors.std(x, axis, False, keepdims)


def softmax(x: Any, axis: int = -1) -> Any:
    """Shares of the numbers along an axis."""
    return tensors.softmax(x, axis)


def clip(x: Any, x_min: float, x_max: float) -> Any:
    """Every number, between two."""
    return tensors.clamp(x, x_min, x_max)


def reshape(x: Any, newshape: Any) -> Any:
    """The same numbers in lists of other lengths."""
    return Numbers(listed(x)).reshape(newshape)


def expand_dims(x: Any, axis: int) -> Any:
    """With one more axis of length 1."""
    return Numbers(listed(x)).unsqueeze(axis)


def transpose(x: Any, axes: Any = None) -> Any:
    """The axes in another order, the opposite one unless it is said."""
    order = range(depth_of(x))[::-1] if axes is None else axes
    return arranging.permute(Numbers(listed(x)), *order)


def cast(x: Any, dtype: Any) -> Any:
    """Whole numbers for a dtype with "int" in its name, else doubles."""
    whole = "int" in str(dtype)
    return each(lambda v: int(number_of(v)) if whole else v if isinstance(v, Value) else float(v), x, Numbers)


def zeros(shape: Any) -> Any:
    """0.0 everywhere."""
    return _filled(0.0, shape)


def ones(shape: Any) -> Any:
    """1.0 everywhere."""
    return _filled(1.0, shape)


def _filled(number: float, shape: Any) -> Any:
    sizes = list(listed(shape)) if is_list(shape) else [shape]
    return constant(laid_out([number] * math.prod(sizes), sizes, list))


def linspace(start: float, stop: float, num: int = 50) -> Any:
    """Numbers at equal distances, both ends among them."""
    return Numbers(start + i * (stop - start) / (num - 1 or 1) for i in builtins.range(num))


OF_EACH = (
    *(
        "abs",
        "exp",
        "log",
        "log1p",
        "expm1",
        "sqrt",
        "square",
        "sin",
        "cos",
        "tan",
        "tanh",
        "sigmoid",
        "relu",
    ),
    *("elu", "gelu", "silu", "softplus", "leaky_relu", "erf", "floor", "ceil", "sign"),
)
for _name in OF_EACH:
    globals()[_name] = of_each(_name)
sum, mean, convert_to_tensor = reduce_sum, reduce_mean, constant  # noqa: A001 - keras.ops.sum
SAME_AS = {
    "max": "amax", "reduce_max": "amax", "min": "amin", "reduce_min": "amin", "prod": "prod",
    "norm": "norm", "argmax": "argmax", "argmin": "argmin", "any": "any", "logsumexp": "logsumexp",
    "cumsum": "cumsum", "flip": "flip", "round": "round", "matmul": "matmul", "add": "add",
    "subtract": "sub", "multiply": "mul", "divide": "truediv", "power": "pow", "pow": "pow",
    "maximum": "maximum", "minimum": "minimum", "equal": "eq", "not_equal": "ne", "greater": "gt",
    "greater_equal": "ge", "less": "lt", "less_equal": "le", "log_softmax": "log_softmax", "isnan": "isnan",
    "isfinite": "isfinite", "tril": "tril", "triu": "triu",
}  # fmt: skip
globals().update({name: tensors.FUNCTIONS[known] for name, known in SAME_AS.items()})


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing("nn.keras.ops")
