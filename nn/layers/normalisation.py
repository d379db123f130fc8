"""Normalisation: `BatchNorm1d` over a batch, `LayerNorm` and `RMSNorm` over the numbers of one sample."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import autograd as ag
from autograd import Value
from autograd.number import depth_of, entries, is_list, listed, number_of, plains, rectangle, shape_of
from autograd.settings import FROM_0, SHARE, WHOLE_FROM_1, chosen_number
from nn.layers.neuron import check_row, is_batch, said_of
from nn.messages import problem
from nn.module import Module
from nn.outputs import Batch, Numbers, Outputs
from nn.parameters import Parameters
from nn.shapes import laid_out

SMALLEST_STEP = sys.float_info.epsilon  # PyTorch's eps where none is given


def ones(count: int) -> list[Value]:
    """Parameters that start at 1."""
    return Parameters([Value(1.0) for _ in range(count)])


def zeros(count: int) -> list[Value]:
    """Parameters that start at 0."""
    return Parameters([Value(0.0) for _ in range(count)])


def mean_and_variance(xs: Sequence[Any]) -> tuple[Any, list[Any], Any]:
    """Mean, deviations from it, and mean squared deviation (divided by the count, not by count - 1)."""
    mean = ag.mean(xs)
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

    def forward(self, x: Any) -> Outputs:
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

    def forward(self, x: Any) -> Outputs:
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
        self.running_mean = Numbers([0.0] * num_features)
        self.running_var = Numbers([1.0] * num_features)
        self.num_batches_tracked = 0.0

    def forward(self, x: Any) -> Outputs:
        """A list of samples for a list of samples; in `eval()` one sample for one."""
        x = listed(x)
        samples = [_sample(self, sample, self.num_features) for sample in (x if is_batch(x) else [x])]
        if self.training:
            normalised = self._measured(samples)
        else:
            pairs = list(zip(self.running_mean, self.running_var, strict=True))
            rows = (zip(sample, pairs, strict=True) for sample in samples)
            normalised = [[(v - m) / (var + self.eps) ** 0.5 for v, (m, var) in row] for row in rows]
        out = Batch([Outputs(_scaled(sample, self.weight, self.bias)) for sample in normalised])
        return out if is_batch(x) else out[0]

    def _measured(self, samples: Sequence[Sequence[Any]]) -> list[list[Any]]:
        columns = self.normalised_columns([[sample[i] for sample in samples] for i in range(len(samples[0]))])
        return [list(row) for row in zip(*columns, strict=True)]

    def normalised_columns(self, columns: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """What a batch has of each feature, measured, and the running averages moved."""
        count = len(columns[0])
        if count < 2:
            raise problem(ValueError, "nn_batch_of_one", layer=said_of(self))
        found = []
        for i, column in enumerate(columns):
            mean, deviations, variance = mean_and_variance(column)
            scale = 1 / ag.sqrt(variance + self.eps)
            found.append([d * scale for d in deviations])
            unbiased = number_of(variance) * count / (count - 1)
            self.running_mean[i] += self.momentum * (number_of(mean) - self.running_mean[i])
            self.running_var[i] += self.momentum * (unbiased - self.running_var[i])
        self.num_batches_tracked += 1
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.num_features})"


class BatchNorm2d(BatchNorm1d):
    """`BatchNorm1d` for images: each channel of a batch, all its places together, gets mean 0 and variance 1.

    A sample is `[channel][row][column]`; settings and errors are those of `BatchNorm1d`.

    >>> out = BatchNorm2d(1)([[[[1.0, 2.0]]], [[[3.0, 4.0]]]])
    >>> [round(v.data, 3) for sample in out for v in sample[0][0]]
    [-1.342, -0.447, 0.447, 1.342]
    """

    def forward(self, x: Any) -> Outputs:
        """A list of samples for a list of samples; in `eval()` one sample for one."""
        x = rectangle(listed(x), repr(self))
        depth = depth_of(x)
        if depth not in (3, 4):
            fields = {"wanted": "[channel][row][column]", "got": depth}
            raise problem(ValueError, "nn_depth", layer=said_of(self), **fields)
        samples = x if depth == 4 else [x]
        _check_channels(self, samples[0], self.num_features)
        shape: Any = shape_of(samples[0])
        columns = [
            plains(v for sample in samples for _, v in entries(sample[c])) for c in range(self.num_features)
        ]
        if self.training:
            columns = self.normalised_columns(columns)
        else:
            pairs = zip(columns, self.running_mean, self.running_var, strict=True)
            columns = [[(v - m) / (var + self.eps) ** 0.5 for v in column] for column, m, var in pairs]
        scaled = [_scaled_channel(self, c, column) for c, column in enumerate(columns)]
        size = len(columns[0]) // len(samples)
        parts = [slice(k * size, (k + 1) * size) for k in range(len(samples))]
        flat = [[v for column in scaled for v in column[part]] for part in parts]
        out = Batch([laid_out(numbers, shape, Outputs) for numbers in flat])
        return out if depth == 4 else out[0]


class GroupNorm(Module):
    """Layer normalisation of groups of channels, each sample on its own (Wu and He 2018).

    Args:
        num_groups: into how many groups the channels go.
        num_channels: of a sample `[channel]`, `[channel][place]` or `[channel][row][column]`.
        eps: added to the variance.
        affine: False leaves weight and bias, one for each channel, away.
        sample_depth: how deep lists are nested in one sample, 1 to 3; without it a list of as many entries
            as there are channels is one sample, unless a layer gave it as a batch.

    >>> [round(v.data, 3) for v in GroupNorm(1, 3)([1.0, 2.0, 3.0])]
    [-1.225, 0.0, 1.225]
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        sample_depth: int | None = None,
    ) -> None:
        self.num_groups: int = chosen_number(self, "num_groups", num_groups, WHOLE_FROM_1)
        self.num_channels: int = chosen_number(self, "num_channels", num_channels, WHOLE_FROM_1)
        if self.num_channels % self.num_groups:
            fields = {"channels": self.num_channels, "groups": self.num_groups}
            raise problem(ValueError, "nn_groups", **fields)
        self.eps: float = chosen_number(self, "eps", eps, FROM_0)
        sample_depth = chosen_number(self, "sample_depth", sample_depth, WHOLE_FROM_1, none=True)
        self.sample_depth = sample_depth
        self.weight = ones(self.num_channels) if affine else None
        self.bias = zeros(self.num_channels) if affine else None

    def forward(self, x: Any) -> Outputs:
        """Same nesting as `x`."""
        x = rectangle(listed(x), repr(self))
        depth = depth_of(x)
        if self._is_batch(x, depth):
            return Batch([self._one(sample) for sample in x])
        return self._one(x)

    def _is_batch(self, x: Any, depth: int) -> bool:
        if self.sample_depth is not None:
            return depth > self.sample_depth
        return isinstance(x, Batch) or depth > 3 or (depth > 1 and len(x) != self.num_channels)

    def _one(self, x: Any) -> Outputs:
        _check_channels(self, x, self.num_channels)
        size, made = self.num_channels // self.num_groups, Outputs()
        for first in range(0, self.num_channels, size):
            channels = [plains(v for _, v in entries(channel)) for channel in x[first : first + size]]
            _, deviations, variance = mean_and_variance([v for channel in channels for v in channel])
            scale, count = 1 / ag.sqrt(variance + self.eps), len(channels[0])
            for k in range(size):
                numbers = [d * scale for d in deviations[k * count : (k + 1) * count]]
                shape: Any = shape_of(x[first + k])
                made.append(laid_out(_scaled_channel(self, first + k, numbers), shape, Outputs))
        return made

    def __repr__(self) -> str:
        return f"GroupNorm({self.num_groups}, {self.num_channels})"


def _check_channels(module: Module, sample: Any, wanted: int) -> None:
    if not is_list(sample) or len(sample) != wanted:
        got = len(sample) if is_list(sample) else 1
        groups = f"{module.num_groups}, " if isinstance(module, GroupNorm) else ""
        fields = {"got": got, "wanted": wanted, "build": f"nn.{type(module).__name__}({groups}{got})"}
        raise problem(ValueError, "nn_channels", layer=said_of(module), **fields)


def _scaled_channel(module: Any, channel: int, numbers: list[Any]) -> list[Any]:
    """A channel's numbers times its weight, plus its bias."""
    if module.weight is None:
        return numbers
    weight, bias = module.weight[channel], module.bias[channel]
    return [x * weight + bias for x in numbers]


def _scaled(xs: Sequence[Any], weight: list[Value] | None, bias: list[Value] | None) -> list[Any]:
    scaled = list(xs) if weight is None else [x * w for x, w in zip(xs, weight, strict=True)]
    return scaled if bias is None else [x + b for x, b in zip(scaled, bias, strict=True)]


def _sample(module: Module, x: Any, wanted: int) -> list[Any]:
    """One sample's Values, and plain numbers as floats, after it was found to be as long as it should be."""
    x = listed(x)
    check_row(module, x, wanted, f"nn.{type(module).__name__}({{count}})")
    return plains(x)
