"""Keras's first weights by its names: `kernel_initializer="he_normal"`, `initializers.HeNormal()`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd.settings import FINITE, FROM_0, chosen_number, chosen_word
from nn.learning import init
from nn.missing import refusing

Fill = Callable[[Any], Any]

KNOWN: dict[str, Fill] = {
    "glorot_uniform": init.xavier_uniform_, "glorot_normal": init.xavier_normal_,
    "he_uniform": functools.partial(init.kaiming_uniform_, nonlinearity="relu"),
    "he_normal": functools.partial(init.kaiming_normal_, nonlinearity="relu"),
    "zeros": init.zeros_, "ones": init.ones_,
    "random_uniform": functools.partial(init.uniform_, a=-0.05, b=0.05),
    "random_normal": functools.partial(init.normal_, std=0.05),
}  # fmt: skip
KNOWN["uniform"], KNOWN["normal"] = KNOWN["random_uniform"], KNOWN["random_normal"]


def initializer(name: Any, owner: Any, setting: str) -> Fill:
    """The function that fills weights which a name, or a function of weights, means."""
    return name if callable(name) else KNOWN[chosen_word(owner, setting, name, KNOWN)]


def _of_name(name: str) -> Callable[[], Fill]:
    return lambda: KNOWN[name]


GlorotUniform, GlorotNormal = _of_name("glorot_uniform"), _of_name("glorot_normal")
HeUniform, HeNormal = _of_name("he_uniform"), _of_name("he_normal")
Zeros, Ones = _of_name("zeros"), _of_name("ones")


def Constant(value: float = 0.0) -> Fill:  # noqa: N802 - Keras's name, of a class there
    """The same number everywhere."""
    number: float = chosen_number("Constant", "value", value, FINITE)
    return functools.partial(init.constant_, value=number)


def RandomNormal(mean: float = 0.0, stddev: float = 0.05) -> Fill:  # noqa: N802 - as above
    """Draws from a normal distribution."""
    middle: float = chosen_number("RandomNormal", "mean", mean, FINITE)
    width: float = chosen_number("RandomNormal", "stddev", stddev, FROM_0)
    return functools.partial(init.normal_, mean=middle, std=width)


def RandomUniform(minval: float = -0.05, maxval: float = 0.05) -> Fill:  # noqa: N802 - as above
    """Draws between two numbers."""
    low: float = chosen_number("RandomUniform", "minval", minval, FINITE)
    high: float = chosen_number("RandomUniform", "maxval", maxval, FINITE)
    return functools.partial(init.uniform_, a=low, b=high)


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
