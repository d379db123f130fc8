"""Activations: what `act="tanh"` means, and as modules that work on numbers, lists and lists of samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import autograd as ag
from autograd import Operand
from autograd.number import depth_of, is_list, listed, number_of
from autograd.settings import ABOVE_0, FINITE, WHOLE, chosen_number, chosen_word
from nn.messages import problem, say
from nn.module import Module
from nn.outputs import Entries, Outputs, Result

Activation = Callable[[Any], Any]


def unchanged(x: Any) -> Any:
    """`x` itself."""
    return x


# what `act=` and Keras's `activation=` accept by name
ACTIVATIONS: dict[str, Activation] = {
    "linear": unchanged,
    "relu": ag.relu,
    "tanh": ag.tanh,
    "sigmoid": ag.sigmoid,
    "leaky_relu": ag.leaky_relu,
    "elu": ag.elu,
    "gelu": ag.gelu,
    "silu": ag.silu,
    "softplus": ag.softplus,
}


def activation(
    act: str | Activation | None, owner: Any = "nn", name: str = "act", more: Iterable[str] = ()
) -> Activation:
    """The function that `act` names: itself when it is a function, the identity for None.

    Args:
        act: what was given.
        owner: who was given it, for the error.
        name: of the setting.
        more: names that the owner itself knows besides.

    Raises:
        ValueError: no activation has this name; the message lists those that there are.

    >>> activation("relu")(-2.0), activation(None)(-2.0)
    (0.0, -2.0)
    """
    if type(act) is str and act in ACTIVATIONS:  # asked at every call of a neuron
        return ACTIVATIONS[act]
    if callable(act):
        return act
    if act is None:
        return unchanged
    chosen_word(owner, name, act, sorted([*ACTIVATIONS, *more]), say("nn_or_function"))
    return unchanged


def gelu_of(owner: Any, approximate: str) -> Activation:
    """The gelu that PyTorch's `approximate` names: "none" or "tanh"."""
    words: dict[str, Activation] = {"none": ag.gelu, "tanh": _gelu_by_tanh}
    chosen_word(owner, "approximate", approximate, words)
    return words[approximate]


def _gelu_by_tanh(x: Any) -> Any:
    return 0.5 * x * (1.0 + ag.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))


def on_each(function: Activation, x: Any) -> Any:
    """`function` of a number, or of every entry of nested lists or of an array."""
    x = listed(x)
    if isinstance(x, (list, tuple)):
        kind = type(x) if isinstance(x, Outputs) else Outputs
        return kind([function(y) if isinstance(y, Operand) else on_each(function, y) for y in x])
    return function(x)


def of_each(name: str) -> Activation:
    """The function of `autograd` that has this name, of every number in nested lists."""
    function: Activation = getattr(ag, name)

    def of(x: Any) -> Any:
        return on_each(function, x)

    of.__name__, of.__doc__ = name, f"`autograd.{name}` of each number."
    return of


def on_rows(function: Callable[[list[Any]], list[Any]], x: Any) -> Any:
    """`function` of a list of numbers, or of every innermost list of nested lists or of an array."""
    x = listed(x)
    if not is_list(x):
        raise problem(TypeError, "nn_row", got=repr(number_of(x)))
    if x and is_list(x[0]):
        kind = type(x) if isinstance(x, Outputs) else Outputs
        return kind([on_rows(function, row) for row in x])
    return Outputs(function(x))


class Elementwise(Module):
    """A module without parameters that applies one function to every number."""

    def __init__(self, function: Activation, **settings: float) -> None:
        found = [chosen_number(self, name, x, FINITE) for name, x in settings.items()]
        self._function, self._settings = function, found

    def forward(self, x: Entries) -> Result:
        """Same nesting as `x`."""
        settings = self._settings
        made: Result = on_each((lambda v: self._function(v, *settings)) if settings else self._function, x)
        return made

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
        super().__init__(ag.leaky_relu, negative_slope=negative_slope)


class ELU(Elementwise):
    """`x` above 0, `alpha * (exp(x) - 1)` below."""

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__(ag.elu, alpha=alpha)


class GELU(Elementwise):
    """`x * Phi(x)`, with Phi the normal distribution function; or GPT-2's approximation of it by "tanh"."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__(gelu_of(self, approximate))
        self.approximate = approximate


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


def softplus_of(owner: Any, beta: float, threshold: float | None) -> Activation:
    """`log(1 + exp(beta * x)) / beta`, exact everywhere; with PyTorch's `threshold` x itself beyond it."""
    beta, limit = (
        chosen_number(owner, "beta", beta, ABOVE_0),
        chosen_number(owner, "threshold", threshold, FINITE, none=True),
    )
    if beta == 1 and limit is None:
        return ag.softplus

    def curve(x: Any) -> Any:
        y = ag.softplus(x * beta) / beta
        return y if limit is None else ag.where(ag.gt(x * beta, limit), x, y)

    return curve


class Softplus(Elementwise):
    """`log(1 + exp(beta * x)) / beta`, a smooth relu.

    Args:
        beta: how sharp it bends.
        threshold: from where on it is x itself, as PyTorch's is from 20 on; without it nowhere.
    """

    def __init__(self, beta: float = 1.0, threshold: float | None = None) -> None:
        super().__init__(softplus_of(self, beta, threshold))
        self.beta, self.threshold = beta, threshold


class Softmax(Module):
    """Shares of each innermost list: `exp(x) / sum(exp(xs))`.  `cross_entropy` contains it already.

    >>> Softmax()([0.0, 0.0])
    [0.5, 0.5]
    """

    def __init__(self, dim: int | None = -1) -> None:
        self._dim = chosen_number(self, "dim", dim, WHOLE, none=True)

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`; each innermost list sums to 1."""
        return on_rows(ag.softmax, innermost(self, x, self._dim))


class LogSoftmax(Softmax):
    """Logarithms of the softmax shares, finite for any finite input."""

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`."""
        return on_rows(ag.log_softmax, innermost(self, x, self._dim))


def innermost(owner: Any, x: Any, dim: int | None) -> Any:
    """`x`, after PyTorch's `dim` was found to mean its innermost lists: the only ones that are worked on.

    A sample without its batch may be given with the `dim` of the batch.

    Raises:
        ValueError: it means others.
    """
    if dim is not None and dim != -1 and not dim >= depth_of(x) - 1:
        kind = owner if isinstance(owner, str) else type(owner).__name__
        raise problem(ValueError, "nn_dim", owner=kind, dim=dim, last=depth_of(x) - 1)
    return x
