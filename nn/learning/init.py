"""Initial weights, in PyTorch's words: each function fills nested lists of Values (or a module's) in place.

`gain` stretches the spread: `calculate_gain("relu")` is sqrt(2).  "Xavier" is Glorot's initialisation (Glorot
and Bengio 2010), "kaiming" He's (He et al. 2015).  Draws come from Python's `random`, or from `generator`.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.number import entries, number_of, shape_of, to_float
from autograd.settings import FINITE, FROM_0, WHOLE_FROM_0, Range, chosen_number, chosen_word
from nn.messages import problem
from nn.missing import refusing
from nn.parameters import Parameters

# PyTorch's gains; leaky_relu's follows from its slope
GAINS = {
    **dict.fromkeys(("linear", "conv1d", "conv2d", "sigmoid"), 1.0),
    "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 0.75, "leaky_relu": math.nan,
}  # fmt: skip
MODES = ("fan_in", "fan_out")


def empty(*shape: int) -> Any:
    """Nested lists of Values that are 0.0, to be filled.

    Raises:
        TypeError, ValueError: a size is no whole number, or is below 0.

    >>> [[v.data for v in row] for row in empty(1, 2)]
    [[0.0, 0.0]]
    """
    size, *rest = [chosen_number("empty", f"shape[{i}]", n, WHOLE_FROM_0) for i, n in enumerate(shape)]
    return Parameters([empty(*rest) if rest else Value(0.0) for _ in range(size)])


def fan(tensor: Any) -> tuple[int, int]:
    """Inputs and outputs of one entry's layer, from the shape (outputs, inputs, window...).

    >>> fan(empty(4, 3)), fan(empty(8, 2, 3, 3))
    ((3, 4), (18, 72))
    """
    shape = shape_of(tensor)
    if isinstance(shape, str) or len(shape) < 2:
        raise problem(ValueError, "nn_fan", shape=shape)
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """PyTorch's recommended gain for an activation; `param` is the slope of leaky_relu.

    Raises:
        ValueError: no gain is known for it; the message lists those that are.

    >>> calculate_gain("tanh"), round(calculate_gain("relu"), 4)
    (1.6666666666666667, 1.4142)
    """
    slope = chosen_number("calculate_gain", "param", param, FINITE, none=True)
    if chosen_word("calculate_gain", "nonlinearity", nonlinearity, GAINS) == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if slope is None else slope) ** 2))
    return GAINS[nonlinearity]


def constant_(tensor: Any, value: float) -> Any:
    """Every entry `value`."""
    for _, p in entries(tensor):
        p.data = to_float(value)
    return tensor


def zeros_(tensor: Any) -> Any:
    """Every entry 0: right for a bias; weights of 0 never learn, since all neurons stay alike."""
    return constant_(tensor, 0.0)


def ones_(tensor: Any) -> Any:
    """Every entry 1."""
    return constant_(tensor, 1.0)


def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, generator: random.Random | None = None) -> Any:
    """Evenly from `a` to `b`.

    Raises:
        ValueError: `b` is less than `a`.
    """
    a = chosen_number("uniform_", "a", a, FINITE)
    b = chosen_number("uniform_", "b", b, Range(number_of(a)))
    draw = (generator or random).uniform
    for _, p in entries(tensor):
        p.data = to_float(draw(a, b))
    return tensor


def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, generator: random.Random | None = None) -> Any:
    """Draw every number from the normal distribution."""
    mean, std = chosen_number("normal_", "mean", mean, FINITE), chosen_number("normal_", "std", std, FROM_0)
    draw = (generator or random).gauss
    for _, p in entries(tensor):
        p.data = to_float(draw(mean, std))
    return tensor


def xavier_uniform_(tensor: Any, gain: float = 1.0, generator: random.Random | None = None) -> Any:
    """Evenly within `gain * sqrt(6 / (inputs + outputs))`: keeps the spread forward and backward."""
    bound = chosen_number("xavier_uniform_", "gain", gain, FROM_0) * math.sqrt(6 / math.fsum(fan(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Any, gain: float = 1.0, generator: random.Random | None = None) -> Any:
    """Normal with deviation `gain * sqrt(2 / (inputs + outputs))`."""
    gain = chosen_number("xavier_normal_", "gain", gain, FROM_0)
    return normal_(tensor, 0.0, gain * math.sqrt(2 / math.fsum(fan(tensor))), generator)


def kaiming_uniform_(
    tensor: Any,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: random.Random | None = None,
) -> Any:
    """Evenly within `gain * sqrt(3 / inputs)` (or outputs, with `mode="fan_out"`): for relu layers."""
    bound = _kaiming_deviation(tensor, a, mode, nonlinearity) * math.sqrt(3)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Any,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: random.Random | None = None,
) -> Any:
    """Normal with deviation `gain / sqrt(inputs)`, or outputs with `mode="fan_out"`."""
    return normal_(tensor, 0.0, _kaiming_deviation(tensor, a, mode, nonlinearity), generator)


def _kaiming_deviation(tensor: Any, a: float, mode: str, nonlinearity: str) -> float:
    side = MODES.index(chosen_word("kaiming", "mode", mode, MODES))
    return calculate_gain(nonlinearity, a) / math.sqrt(fan(tensor)[side])


he_uniform_, he_normal_ = kaiming_uniform_, kaiming_normal_  # the same, by the author's family name


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing("nn.init")
