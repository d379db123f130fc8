"""Keras's layers with its settings; what came in before `Dense` tells it how many inputs it has."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd.number import depth_of, is_list, listed, number_of, to_list
from autograd.settings import FROM_0, SHARE, WHOLE_FROM_0, WHOLE_FROM_1, Range, chosen_number
from nn.keras.initializers import initializer
from nn.keras.layer import Layer, Made, called
from nn.layers import activations, linear
from nn.layers.neuron import is_batch
from nn.layers.normalisation import BatchNorm1d, mean_and_variance
from nn.messages import problem
from nn.missing import refusing
from nn.outputs import Outputs, Sample, for_each_sample

__all__ = [
    "ELU", "Activation", "BatchNormalization", "Dense", "Dropout", "Embedding", "Flatten",
    "GlobalAveragePooling1D", "Input", "Layer", "LeakyReLU", "Normalization", "ReLU", "Softmax",
]  # fmt: skip


class Input:
    """How large a sample is: the first entry of a `Sequential`.

    Args:
        shape: `(4,)` for four numbers; `(28, 28)` for lists in a list, which `Flatten` makes one list of.

    >>> Input((28, 28)).count
    784
    """

    def __init__(self, shape: Any) -> None:
        sizes = to_list(shape) if is_list(shape) else [shape]
        self.shape: tuple[int, ...] = tuple(chosen_number(self, "shape", n, WHOLE_FROM_1) for n in sizes)

    @property
    def count(self) -> int:
        """How many numbers a sample has."""
        return math.prod(self.shape)


InputLayer = Input  # the name it has in texts of Keras 2


class Dense(Made, linear.Dense):
    """A fully connected layer with Keras's settings.

    Args:
        units: outputs.
        activation: a name (also "softmax"), a function, or None.
        use_bias: False leaves the bias away.
        kernel_initializer, bias_initializer: "glorot_uniform", "he_normal", "zeros", ...,
            or a function that fills nested lists of Values.
        kernel_regularizer: a function of the weights whose Value is added to the loss: `regularizers.L2`.
        name: what `get_layer` finds it by.
        input_shape, input_dim: how many numbers come in; without them the first use tells.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Callable[[Any], Any] | None = None,
        name: str | None = None,
        input_shape: tuple[int, ...] | None = None,
        input_dim: int | None = None,
    ) -> None:
        self.name, self.kernel_regularizer = name, kernel_regularizer
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        for setting in ("kernel_initializer", "bias_initializer"):
            initializer(getattr(self, setting), self, setting)
        inputs = chosen_number(self, "input_dim", input_dim, WHOLE_FROM_1, none=True)
        super().__init__(units, activation, input_shape if inputs is None else (inputs,), use_bias)

    @property
    def kernel(self) -> Any:
        """The weights, inputs first; None before the first use."""
        return next(iter(self.weights), None)

    @property
    def bias(self) -> Any:
        """The bias, where there is one."""
        return next(iter(self.weights[1:]), None)

    def forward(self, x: Sample) -> Outputs:
        """A list of `units` Values; a list of samples gives a list of these."""
        if isinstance(x, Input):
            raise problem(TypeError, "keras_functional")
        return super().forward(x)

    def build(self, inputs: int) -> None:
        """Make the weights for this number of inputs, and fill them as was said."""
        if self.linear is None:
            super().build(inputs)
            made: Any = self.linear
            initializer(self.kernel_initializer, self, "kernel_initializer")(made.weight)
            initializer(self.bias_initializer, self, "bias_initializer")(made.bias or [])
            self.requires_grad_(self.trainable)


class Activation(Made, activations.Elementwise):
    """An activation as a layer of its own, by its name or as a function.

    >>> Activation("relu")([-1.0, 2.0])
    [0.0, 2.0]
    """

    def __init__(self, activation: Any, name: str | None = None) -> None:
        self.activation, self.name = activation, name
        super().__init__(activations.activation(activation, self, "activation", ("softmax",)))

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`."""
        if self.activation == "softmax":
            return activations.on_rows(ag.softmax, x)
        return super().forward(x)

    def __repr__(self) -> str:
        return f"Activation({getattr(self.activation, '__name__', self.activation)!r})"


class ReLU(Made, activations.Elementwise):
    """`x` above 0, `negative_slope * x` below."""

    def __init__(self, negative_slope: float = 0.0, name: str | None = None) -> None:
        self.name = name
        chosen_number(self, "negative_slope", negative_slope, FROM_0)
        super().__init__(ag.leaky_relu, negative_slope=negative_slope)


class LeakyReLU(ReLU):
    """`ReLU` with a slope below 0: Keras's is 0.3, PyTorch's 0.01."""

    def __init__(self, negative_slope: float = 0.3, name: str | None = None) -> None:
        super().__init__(negative_slope, name)


class ELU(Made, activations.Elementwise):
    """`x` above 0, `alpha * (exp(x) - 1)` below."""

    def __init__(self, alpha: float = 1.0, name: str | None = None) -> None:
        self.name = name
        super().__init__(ag.elu, alpha=alpha)


class Softmax(Made, activations.Softmax):
    """Shares of each sample's scores."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name
        super().__init__()


class Dropout(Made, linear.Dropout):
    """Each number is 0 with probability `rate` while training, which `fit` and `training=True` say."""

    training = False

    def __init__(self, rate: float, seed: int | None = None, name: str | None = None) -> None:
        self.name = name
        chosen_number(self, "rate", rate, SHARE)
        super().__init__(rate, None if seed is None else random.Random(seed))

    def __call__(self, x: Any, training: bool | None = None) -> Any:
        """Same nesting as `x`."""
        return called(self, x, training, super().__call__)


class Flatten(Made, linear.Flatten):
    """All numbers of a sample in one list.

    Args:
        name: what `get_layer` finds it by.
        input_shape: the shape of a sample, as `Input` says it.
    """

    def __init__(self, name: str | None = None, input_shape: tuple[int, ...] | None = None) -> None:
        self.name, self.input_shape = name, None if input_shape is None else Input(input_shape).shape
        super().__init__(sample_depth=None if input_shape is None else len(input_shape))


class GlobalAveragePooling1D(Made):
    """The mean of the vectors of a sample: one vector of lists of them."""

    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def forward(self, x: Any) -> Any:
        """One list for each sample."""
        return for_each_sample(self, x) if depth_of(x) > 2 else Outputs(map(ag.mean, zip(*x, strict=True)))


class Normalization(Made):
    """Each feature less its mean, divided by its deviation; `adapt` measures both.

    Args:
        axis: the last, the only one there is here.
        mean, variance: known ones, in the place of `adapt`.
        name: what `get_layer` finds it by.
    """

    buffers = ("mean", "variance")

    def __init__(
        self, axis: int | None = -1, mean: Any = None, variance: Any = None, name: str | None = None
    ) -> None:
        chosen_number(self, "axis", axis, Range(-1, -1, whole=True), none=True)
        self.name, self.axis, self.mean, self.variance = name, axis, mean, variance

    def adapt(self, data: Any) -> None:
        """Measure the features of these samples."""
        columns = list(zip(*to_list(data), strict=True)) if depth_of(data) > 1 else [tuple(to_list(data))]
        self.mean = [ag.mean(list(column)) for column in columns]
        pairs = zip(columns, self.mean, strict=True)
        self.variance = [ag.mean([(v - mean) ** 2 for v in column]) for column, mean in pairs]

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`."""
        if self.mean is None:
            raise problem(ValueError, "keras_adapt")
        deviations = [max(math.sqrt(v), 1e-7) for v in self.variance]
        return (Outputs(listed(x)) - self.mean) / deviations


class Embedding(Made, linear.Embedding):
    """A table of vectors, drawn from -0.05 to 0.05; an index in, a vector out."""

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        name: str | None = None,
    ) -> None:
        self.name = name
        rows: int = chosen_number(self, "input_dim", input_dim, WHOLE_FROM_0)
        super().__init__(rows, chosen_number(self, "output_dim", output_dim, WHOLE_FROM_0))
        initializer(embeddings_initializer, self, "embeddings_initializer")(self.weight)


class BatchNormalization(Made, BatchNorm1d):
    """Brings each feature of a batch to mean 0 and variance 1, in Keras's settings.

    While training the batch is measured, and running averages of means and variances (both divided by the
    count) are kept; otherwise these are used.

    Args:
        axis: the last, the only one there is here.
        momentum: how much of a running average is kept.
        epsilon: added to the variance.
        center, scale: False leaves beta or gamma away.
        name: what `get_layer` finds it by.
    """

    training = False

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        name: str | None = None,
    ) -> None:
        self.name, self.center, self.scale = name, center, scale
        chosen_number(self, "axis", axis, Range(-1, -1, whole=True))
        chosen_number(self, "momentum", momentum, SHARE)
        super().__init__(1, epsilon, 1.0 - momentum)
        self.num_features, self.weight, self.bias = 0, None, None  # the first use tells how many

    def build(self, features: int) -> None:
        """Make the weights for this number of features; nothing happens when they exist."""
        if self.num_features == 0:
            made = BatchNorm1d(features)
            self.num_features, self.running_mean, self.running_var = (
                features,
                made.running_mean,
                made.running_var,
            )
            self.weight = made.weight if self.scale else None
            self.bias = made.bias if self.center else None
            self.requires_grad_(self.trainable)
            if self._path:
                self.take_place(self._path)

    def __call__(self, x: Any, training: bool | None = None) -> Any:
        """Same nesting as `x`."""
        return called(self, x, training, super().__call__)

    def forward(self, x: Any) -> Any:
        """A list of samples for a list of samples."""
        x = listed(x)
        self.build(len(listed(x[0])) if is_batch(x) else len(x))
        return super().forward(x)

    def normalised_columns(self, columns: Any) -> list[list[Any]]:
        """What a batch, also of one sample, has of each feature, measured, and the running averages moved."""
        found = []
        for i, column in enumerate(columns):
            mean, deviations, variance = mean_and_variance(column)
            scale = 1 / ag.sqrt(variance + self.eps)
            found.append([d * scale for d in deviations])
            self.running_mean[i] += self.momentum * (number_of(mean) - self.running_mean[i])
            self.running_var[i] += self.momentum * (number_of(variance) - self.running_var[i])
        return found


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
