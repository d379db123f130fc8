"""Normalisation: `BatchNorm1d` over a batch, `LayerNorm` and `RMSNorm` over the numbers of one sample."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import autograd as ag
from autograd import Value
from autograd.number import is_list, listed, number_of, plains
from autograd.settings import FROM_0, SHARE, WHOLE_FROM_1, chosen_number
from nn.layers.neuron import is_batch, said_of
from nn.messages import problem
from nn.module import Module
from nn.outputs import Batch, Outputs, Parameters

SMALLEST_STEP = sys.float_info.epsilon  # PyTorch's eps where none is given


def ones(count: int) -> list[Value]:
    """Parameters that start at 1."""
    return Parameters([Value(1.0) for _ in range(count)])


def zeros(count: int) -> list[Value]:
    """Parameters that start at 0."""
    return Parameters([Value(0.0) for _ in range(count)])


def mean_and_variance(xs: Sequence[Any]) -> tuple[Any, list[Any], Any]:
    """Mean, deviations from it, and mean squared deviation (divided by the count, not by count - 1)."""
    mean = ag.sum(xs) / len(xs)
    deviations = [x - mean for x in xs]
    return mean, deviations, ag.sum([ag.square(d) for d in deviations]) / len(xs)


class LayerNorm(Module):
    """`(x - mean) / sqrt(variance + eps) * weight + bias` over each sample's numbers (Ba et al. 2016).

    >>> [round(y.data, 3) for y in LayerNorm(3)([1.0, 2.0, 3.0])]
    [-1.225, 0.0, 1.225]
    """

    def __init__(
        self, normalized_shape: int, eps: float = 1e-5, elementwise_affine: bool = True, bias: bool = True
    ) -> None:
        self.size: int = chosen_number(self, "normalized_shape", normalized_shape, WHOLE_FROM_1)
        self.eps: float = chosen_number(self, "eps", eps, FROM_0)
        self.weight = ones(self.size) if elementwise_affine else None
        self.bias = zeros(self.size) if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`; every innermost list is one sample."""
        x = listed(x)
        if is_batch(x):
            return (type(x) if isinstance(x, Outputs) else Batch)([self(sample) for sample in x])
        x = _sample(self, x, self.size)
        _, deviations, variance = mean_and_variance(x)
        scale = 1 / ag.sqrt(variance + self.eps)
        return Outputs(_scaled([d * scale for d in deviations], self.weight, self.bias))

    def __repr__(self) -> str:
        return f"LayerNorm({self.size})"


class RMSNorm(Module):
    """`x / sqrt(mean of x**2 + eps) * weight` over each sample's numbers (Zhang and Sennrich 2019)."""

    def __init__(
        self, normalized_shape: int, eps: float | None = None, elementwise_affine: bool = True
    ) -> None:
        self.size: int = chosen_number(self, "normalized_shape", normalized_shape, WHOLE_FROM_1)
        self.eps: float = SMALLEST_STEP if eps is None else chosen_number(self, "eps", eps, FROM_0)
        self.weight = ones(self.size) if elementwise_affine else None

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`; every innermost list is one sample."""
        x = listed(x)
        if is_batch(x):
            return (type(x) if isinstance(x, Outputs) else Batch)([self(sample) for sample in x])
        x = _sample(self, x, self.size)
        scale = 1 / ag.sqrt(ag.sum([ag.square(v) for v in x]) / self.size + self.eps)
        return Outputs(_scaled([v * scale for v in x], self.weight, None))

    def __repr__(self) -> str:
        return f"RMSNorm({self.size})"


class BatchNorm1d(Module):
    """Brings each feature of a batch to mean 0 and variance 1 (Ioffe and Szegedy 2015).

    While training, the batch is measured and running averages are kept (their variance divided by
    count - 1); in `eval()` the running averages are used, also for a single sample.

    Args:
        num_features: numbers in a sample.
        eps: added to the variance.
        momentum: how much of a running average each batch replaces.
        affine: False leaves weight and bias away.

    Raises:
        ValueError: a batch of one sample while training.
    """

    buffers = ("running_mean", "running_var", "num_batches_tracked")
    needs_batch = True

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True
    ) -> None:
        num_features = self.num_features = chosen_number(self, "num_features", num_features, WHOLE_FROM_1)
        self.eps: float = chosen_number(self, "eps", eps, FROM_0)
        self.momentum: float = chosen_number(self, "momentum", momentum, SHARE)
        self.weight = ones(num_features) if affine else None
        self.bias = zeros(num_features) if affine else None
        self.running_mean = [0.0] * num_features
        self.running_var = [1.0] * num_features
        self.num_batches_tracked = 0.0

    def forward(self, x: Any) -> Any:
        """A list of samples for a list of samples; in `eval()` one sample for one."""
        x = listed(x)
        samples = [_sample(self, sample, self.num_features) for sample in (x if is_batch(x) else [x])]
        if self.training:
            normalised = self._measured(samples)
        else:
            pairs = list(zip(self.running_mean, self.running_var, strict=True))
            normalised = [
                [(v - m) / (var + self.eps) ** 0.5 for v, (m, var) in zip(sample, pairs, strict=True)]
                for sample in samples
            ]
        out = Batch([Outputs(_scaled(sample, self.weight, self.bias)) for sample in normalised])
        return out if is_batch(x) else out[0]

    def _measured(self, samples: Sequence[Sequence[Any]]) -> list[list[Any]]:
        count = len(samples)
        if count < 2:
            raise problem(ValueError, "nn_batch_of_one", layer=said_of(self))
        columns = []
        for i in range(self.num_features):
            mean, deviations, variance = mean_and_variance([sample[i] for sample in samples])
            scale = 1 / ag.sqrt(variance + self.eps)
            columns.append([d * scale for d in deviations])
            unbiased = number_of(variance) * count / (count - 1)
            self.running_mean[i] += self.momentum * (number_of(mean) - self.running_mean[i])
            self.running_var[i] += self.momentum * (unbiased - self.running_var[i])
        self.num_batches_tracked += 1
        return [list(row) for row in zip(*columns, strict=True)]

    def __repr__(self) -> str:
        return f"BatchNorm1d({self.num_features})"


def _scaled(xs: Sequence[Any], weight: list[Value] | None, bias: list[Value] | None) -> list[Any]:
    scaled = list(xs) if weight is None else [x * w for x, w in zip(xs, weight, strict=True)]
    return scaled if bias is None else [x + b for x, b in zip(scaled, bias, strict=True)]


def _sample(module: Module, x: Any, wanted: int) -> list[Any]:
    """One sample's Values, and plain numbers as floats, after it was found to be as long as it should be."""
    x = listed(x)
    if not is_list(x):
        raise problem(TypeError, "nn_one_number", layer=repr(module), inputs=number_of(x))
    if len(x) != wanted:
        numbers = list(map(number_of, x))
        build = f"nn.{type(module).__name__}({len(x)})"
        fields = {"got": len(x), "inputs": numbers, "wanted": wanted, "build": build}
        raise problem(ValueError, "nn_inputs", layer=said_of(module), **fields)
    return plains(x)
