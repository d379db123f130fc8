"""PyTorch's `torch.nn.functional`: the same names on nested lists of numbers and Values."""

# mypy: disable-error-code="no-any-return"
# (what comes is of the kind that went in)

from __future__ import annotations

from typing import TYPE_CHECKING

import autograd as ag
from autograd.number import listed
from autograd.settings import FINITE, WHOLE, chosen_number
from nn.layers.activations import gelu_of, innermost, on_each, on_rows
from nn.layers.linear import Dropout
from nn.layers.neuron import is_batch
from nn.learning import losses
from nn.missing import refusing
from nn.outputs import Entries, Outputs, Result, Sample

cross_entropy = losses.cross_entropy
kl_div = losses.kl_div
mse_loss = losses.mse
l1_loss = losses.mae
huber_loss = losses.huber
smooth_l1_loss = losses.smooth_l1
nll_loss = losses.nll
binary_cross_entropy = losses.bce
binary_cross_entropy_with_logits = losses.bce_with_logits


def relu(x: Entries) -> Result:
    """`max(x, 0)` of every number.

    >>> relu([[-1.0], [2.0]])
    [[0.0], [2.0]]
    """
    return on_each(ag.relu, x)


def leaky_relu(x: Entries, negative_slope: float = 0.01) -> Result:
    """`x` above 0, `negative_slope * x` below, of every number."""
    negative_slope = chosen_number("leaky_relu", "negative_slope", negative_slope, FINITE)
    return on_each(lambda v: ag.leaky_relu(v, negative_slope), x)


def elu(x: Entries, alpha: float = 1.0) -> Result:
    """`x` above 0, `alpha * (exp(x) - 1)` below, of every number."""
    alpha = chosen_number("elu", "alpha", alpha, FINITE)
    return on_each(lambda v: ag.elu(v, alpha), x)


def gelu(x: Entries, approximate: str = "none") -> Result:
    """`x * Phi(x)` of every number, Phi the normal distribution function, or its approximation by "tanh"."""
    return on_each(gelu_of("gelu", approximate), x)


def silu(x: Entries) -> Result:
    """`x * sigmoid(x)` of every number."""
    return on_each(ag.silu, x)


def tanh(x: Entries) -> Result:
    """Hyperbolic tangent of every number."""
    return on_each(ag.tanh, x)


def sigmoid(x: Entries) -> Result:
    """`1 / (1 + exp(-x))` of every number."""
    return on_each(ag.sigmoid, x)


def logsigmoid(x: Entries) -> Result:
    """`log(sigmoid(x))` of every number, exact far to the left."""
    return on_each(ag.log_sigmoid, x)


def softplus(x: Entries) -> Result:
    """`log(1 + exp(x))` of every number."""
    return on_each(ag.softplus, x)


def softmax(x: Entries, dim: int | None = -1) -> Result:
    """Shares of each innermost list; another `dim` is refused."""
    dim = chosen_number("softmax", "dim", dim, WHOLE, none=True)
    return on_rows(ag.softmax, innermost("softmax", x, dim))


def log_softmax(x: Entries, dim: int | None = -1) -> Result:
    """Logarithms of the shares of each innermost list; another `dim` is refused."""
    dim = chosen_number("log_softmax", "dim", dim, WHOLE, none=True)
    return on_rows(ag.log_softmax, innermost("log_softmax", x, dim))


def linear(x: Sample, weight: Sample, bias: Sample | None = None) -> Outputs:
    """`weight[o] . x + bias[o]` for every row o; nested lists of samples give nested lists.

    >>> linear([1.0, 2.0], [[3.0, 4.0]], [0.5])
    [11.5]
    """
    inputs, rows = listed(x), listed(weight)
    if is_batch(inputs):
        return Outputs([linear(sample, rows, bias) for sample in inputs])
    biases = [None] * len(rows) if bias is None else listed(bias)
    return Outputs([ag.dot(row, inputs, b) for row, b in zip(rows, biases, strict=True)])


def dropout(x: Entries, p: float = 0.5, training: bool = True) -> Result:
    """Each number 0 with probability `p`, otherwise grown by 1/(1 - p); unchanged when not `training`."""
    return Dropout(p).train(training)(x)


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
