"""Activations: what `act="tanh"` means, and as modules that work on numbers, lists and lists of samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd as ag
from nn.messages import listing, problem
from nn.module import Module
from nn.outputs import Outputs

Activation = Callable[[Any], Any]

# what `act=` and Keras's `activation=` accept by name
ACTIVATIONS: dict[str, Activation] = {
    "linear": lambda x: x,
    "relu": ag.relu,
    "tanh": ag.tanh,
    "sigmoid": ag.sigmoid,
    "leaky_relu": ag.leaky_relu,
    "elu": ag.elu,
    "gelu": ag.gelu,
    "silu": ag.silu,
    "softplus": ag.softplus,
}


def activation(act: str | Activation | None) -> Activation:
    """The function that `act` names: itself when it is a function, the identity for None.

    >>> activation("relu")(-2.0), activation(None)(-2.0)
    (0.0, -2.0)
    """
    if callable(act):
        return act
    if act is not None and act not in ACTIVATIONS:
        raise problem(ValueError, "nn_activation", name=act, names=listing(sorted(ACTIVATIONS), most=20))
    return ACTIVATIONS[act or "linear"]


def on_each(function: Activation, x: Any) -> Any:
    """`function` of a number, or of every entry of nested lists."""
    if isinstance(x, (list, tuple)):
        kind = type(x) if isinstance(x, Outputs) else Outputs
        return kind([on_each(function, y) for y in x])
    return function(x)


def on_rows(function: Callable[[list[Any]], list[Any]], x: Any) -> Any:
    """`function` of a list of numbers, or of every innermost list of nested lists."""
    if x and isinstance(x[0], (list, tuple)):
        kind = type(x) if isinstance(x, Outputs) else Outputs
        return kind([on_rows(function, row) for row in x])
    return Outputs(function(x))


class Elementwise(Module):
    """A module without parameters that applies one function to every number."""

    def __init__(self, function: Activation, *settings: float) -> None:
        self._function, self._settings = function, settings

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`."""
        return on_each(self._function, x)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{s:g}' for s in self._settings)})"


class Identity(Elementwise):
    """Hands on what it gets."""

    def __init__(self) -> None:
        super().__init__(ACTIVATIONS["linear"])


class ReLU(Elementwise):
    """`max(x, 0)`.

    >>> ReLU()([-1.0, 2.0])
    [0.0, 2.0]
    """

    def __init__(self) -> None:
        super().__init__(ag.relu)


class LeakyReLU(Elementwise):
    """`x` above 0, `negative_slope * x` below."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        super().__init__(lambda x: ag.leaky_relu(x, negative_slope), negative_slope)


class ELU(Elementwise):
    """`x` above 0, `alpha * (exp(x) - 1)` below."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__(lambda x: ag.elu(x, alpha), alpha)


class GELU(Elementwise):
    """`x * Phi(x)`, with Phi the normal distribution function (the exact form, not tanh's)."""

    def __init__(self) -> None:
        super().__init__(ag.gelu)


class SiLU(Elementwise):
    """`x * sigmoid(x)`, also called swish."""

    def __init__(self) -> None:
        super().__init__(ag.silu)


class Tanh(Elementwise):
    """Hyperbolic tangent, results in -1..1."""

    def __init__(self) -> None:
        super().__init__(ag.tanh)


class Sigmoid(Elementwise):
    """`1 / (1 + exp(-x))`, results in 0..1."""

    def __init__(self) -> None:
        super().__init__(ag.sigmoid)


class Softplus(Elementwise):
    """`log(1 + exp(x))`, a smooth relu."""

    def __init__(self) -> None:
        super().__init__(ag.softplus)


class Softmax(Module):
    """Shares of each innermost list: `exp(x) / sum(exp(xs))`.  `cross_entropy` contains it already.

    >>> Softmax()([0.0, 0.0])
    [0.5, 0.5]
    """

    def __init__(self, dim: int = -1) -> None:
        self._dim = dim  # accepted as PyTorch's; the innermost list is meant

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`; each innermost list sums to 1."""
        return on_rows(ag.softmax, x)


class LogSoftmax(Softmax):
    """Logarithms of the softmax shares, finite for any finite input."""

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`."""
        return on_rows(ag.log_softmax, x)
