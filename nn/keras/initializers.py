"""Keras's first weights by its names: `kernel_initializer="he_normal"`, `initializers.HeNormal()`."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd.settings import FINITE, FROM_0, WHOLE, chosen_number, chosen_word
from nn.learning import init
from nn.missing import refusing

Fill = Callable[..., Any]

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


def _seeded(fill: Fill, seed: int | None) -> Fill:
    """Fills with draws of its own, the same at each use as in Keras; without a seed with `random`'s."""
    if chosen_number("initializer", "seed", seed, WHOLE, none=True) is None:
        return fill
    return lambda weights: fill(weights, generator=random.Random(seed))


def _named(name: str, drawn: bool = True) -> Callable[..., Fill]:
    """The class of an initialiser as Keras has it: called with its seed, it gives what fills weights."""

    def make(seed: int | None = None) -> Fill:
        return _seeded(KNOWN[name], seed)

    def fixed() -> Fill:
        return KNOWN[name]

    made = make if drawn else fixed
    made.__name__ = name.title().replace("_", "")
    return made


GlorotUniform, GlorotNormal = _named("glorot_uniform"), _named("glorot_normal")
HeUniform, HeNormal = _named("he_uniform"), _named("he_normal")
Zeros, Ones = _named("zeros", False), _named("ones", False)


def Constant(value: float = 0.0) -> Fill:  # noqa: N802 - Keras's name, of a class there
    """The same number everywhere."""
    number: float = chosen_number("Constant", "value", value, FINITE)
    return functools.partial(init.constant_, value=number)


def RandomNormal(mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> Fill:  # noqa: N802 - Keras's name
    """Draws from a normal distribution."""
    middle: float = chosen_number("RandomNormal", "mean", mean, FINITE)
    width: float = chosen_number("RandomNormal", "stddev", stddev, FROM_0)
    return _seeded(functools.partial(init.normal_, mean=middle, std=width), seed)


def RandomUniform(minval: float = -0.05, maxval: float = 0.05, seed: int | None = None) -> Fill:  # noqa: N802 - Keras's name
    """Draws between two numbers."""
    low: float = chosen_number("RandomUniform", "minval", minval, FINITE)
    high: float = chosen_number("RandomUniform", "maxval", maxval, FINITE)
    return _seeded(functools.partial(init.uniform_, a=low, b=high), seed)


glorot_uniform, glorot_normal, he_uniform, he_normal = GlorotUniform, GlorotNormal, HeUniform, HeNormal
zeros, ones, constant, random_normal, random_uniform = Zeros, Ones, Constant, RandomNormal, RandomUniform


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
