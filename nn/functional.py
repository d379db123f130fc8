"""PyTorch's `torch.nn.functional`: the same names on nested lists of numbers and Values."""

# mypy: disable-error-code="no-any-return"
# (what comes is of the kind that went in)

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd.number import depth_of, entries, listed, number_of, plain
from autograd.settings import FINITE, FROM_0, WHOLE, Range, chosen_number
from nn import tensors
from nn.layers.activations import gelu_of, on_each, on_rows, softplus_of
from nn.layers.convolution import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from nn.layers.linear import Dropout
from nn.layers.neuron import is_batch
from nn.learning import losses
from nn.missing import refusing
from nn.outputs import Classes, Entries, Outputs, Result, Sample
from nn.shapes import each, fitting

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


def softplus(x: Entries, beta: float = 1.0, threshold: float | None = None) -> Result:
    """`log(1 + exp(beta * x)) / beta` of every number; `nn.Softplus` says what `threshold` is."""
    return on_each(softplus_of("softplus", beta, threshold), x)


def softmax(x: Entries, dim: int | None = -1) -> Result:
    """Shares of the numbers along an axis, as a rule of each innermost list."""
    return _along("softmax", ag.softmax, x, dim)


def log_softmax(x: Entries, dim: int | None = -1) -> Result:
    """Logarithms of the shares that `softmax` gives."""
    return _along("log_softmax", ag.log_softmax, x, dim)


def _along(name: str, function: Callable[[Any], Any], x: Any, dim: int | None) -> Any:
    dim = chosen_number(name, "dim", dim, WHOLE, none=True)
    return (
        on_rows(function, x) if dim is None or dim >= depth_of(x) - 1 else tensors.on_axis(function, x, dim)
    )


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


def one_hot(x: Entries, num_classes: int = -1) -> Result:
    """A list with a single 1 for each class; without their number there are as many as the largest says."""
    count: int = chosen_number("one_hot", "num_classes", num_classes, Range(-1, math.inf, whole=True))
    if count == -1:
        count = max(int(number_of(v)) for _, v in entries(x)) + 1
    for _, v in entries(x):
        fitting("one_hot", number_of(v), [0] * count, number_of(v) in range(count))
    return each(lambda k: Classes(int(i == number_of(k)) for i in range(count)), listed(x), Classes)


def normalize(x: Entries, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Result:
    """Divided by the norm along an axis, which counts as `eps` at least."""
    eps, rows = chosen_number("normalize", "eps", eps, FROM_0), each(plain, x, Outputs)
    return rows / tensors.clamp(tensors.norm(rows, p, dim, True), eps)


def cosine_similarity(x1: Entries, x2: Entries, dim: int = 1, eps: float = 1e-8) -> Result:
    """The cosine of the angle between lists along an axis."""
    eps, a, b = (
        chosen_number("cosine_similarity", "eps", eps, FROM_0),
        *(each(plain, x, Outputs) for x in (x1, x2)),
    )
    lengths = [tensors.clamp(tensors.norm(x, 2, dim), eps) for x in (a, b)]
    return (a * b).sum(dim) / (lengths[0] * lengths[1])


def dropout(x: Entries, p: float = 0.5, training: bool = True) -> Result:
    """Each number 0 with probability `p`, otherwise grown by 1/(1 - p); unchanged when not `training`."""
    return Dropout(p).train(training)(x)


def _by_layer(name: str, kind: Callable[..., Any]) -> Callable[..., Any]:
    def of(input: Any, *given: Any, **named: Any) -> Any:  # noqa: A002 - PyTorch's name
        return kind(*given, **named)(input)

    of.__name__, of.__doc__ = name, f"`nn.{kind.__name__}(...)(input)`."
    return of


for _kind in (AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d):
    _name = _kind.__name__.replace("Pool", "_pool").lower()
    globals()[_name] = _by_layer(_name, _kind)


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
