"""Layers on lists of numbers: PyTorch's `Linear`, Keras's `Dense`, and what joins layers together."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import autograd as ag
from autograd import Number, Value
from autograd.number import (
    depth_of,
    entries,
    is_index,
    is_list,
    listed,
    number_of,
    plain,
    rectangle,
    shape_of,
    unboxed,
)  # fmt: skip
from autograd.settings import SHARE, WHOLE, WHOLE_FROM_0, WHOLE_FROM_1, Range, chosen_number
from nn.layers.activations import Activation, on_each, on_rows
from nn.layers.activations import activation as named_activation
from nn.layers.neuron import SharedWeights, checked_inputs, is_batch, said_of, weighed
from nn.learning import init
from nn.messages import problem
from nn.module import Module
from nn.outputs import Batch, Numbers, Outputs, Result, Sample, for_each_sample
from nn.parameters import Parameters


class Linear(Module):
    """`y_o = weight[o] . x + bias[o]`, PyTorch's: rows of `weight` are outputs, and a list comes out.

    Args:
        in_features: numbers in a sample.
        out_features: numbers in a result.
        bias: False leaves the bias away.

    Weights and bias are drawn from -1/sqrt(in_features) to 1/sqrt(in_features).

    >>> layer = Linear(3, 2)
    >>> layer.load_state_dict({"weight": [[1, 2, 3], [0, 0, 1]], "bias": [0.5, 0]})
    >>> [y.data for y in layer([1.0, 1.0, 2.0])]
    [9.5, 2.0]
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        self.in_features: int = chosen_number(self, "in_features", in_features, WHOLE_FROM_0)
        self.out_features: int = chosen_number(self, "out_features", out_features, WHOLE_FROM_0)
        self.weight = init.empty(self.out_features, self.in_features)
        self.bias: list[Value] | None = init.empty(self.out_features) if bias else None
        bound = 1 / math.sqrt(self.in_features) if self.in_features else 0.0
        init.uniform_(self.weight, -bound, bound)
        init.uniform_(self.bias or [], -bound, bound)
        self._shared = [SharedWeights() for _ in range(self.out_features)]

    def forward(self, x: Sample) -> Outputs:
        """A list of `out_features` Values; nested lists of samples give nested lists of these.

        A sparse sample is a dict `{index: number}`: only its entries become nodes.
        """
        row = listed(x)
        if is_batch(row):
            return for_each_sample(self, row)
        xs, keys = checked_inputs(self, row, self.in_features, f"nn.Linear({{count}}, {self.out_features})")
        return Outputs(weighed(self._shared, self.weight, self.bias, xs, keys))

    def __repr__(self) -> str:
        return f"Linear({self.in_features} -> {self.out_features})"


class Dense(Module):
    """Keras's fully connected layer: it learns its number of inputs at first use, or from `input_shape`.

    Args:
        units: outputs.
        activation: a name (also "softmax"), a function, or None.
        input_shape: `(inputs,)`.
        use_bias: False leaves the bias away.

    Weights start as Glorot's uniform, the bias at 0.

    >>> layer = Dense(2, activation="relu")
    >>> len(layer.parameters()), len(layer([1.0, 2.0, 3.0])), len(layer.parameters())
    (0, 2, 8)
    """

    unnamed = "linear"

    def __init__(
        self,
        units: int,
        activation: str | Activation | None = None,
        input_shape: tuple[int, ...] | None = None,
        use_bias: bool = True,
    ) -> None:
        self.units: int = chosen_number(self, "units", units, WHOLE_FROM_1)
        self.use_bias, self.activation = use_bias, activation
        self.linear: Linear | None = None
        self._act = named_activation(activation, self, "activation", ("softmax",))
        if input_shape is not None:
            self.build(input_shape[-1])

    def build(self, inputs: int) -> None:
        """Make the weights for this number of inputs; nothing happens when they exist."""
        if self.linear is None:
            self.linear = Linear(inputs, self.units, self.use_bias)
            init.xavier_uniform_(self.linear.weight)
            init.zeros_(self.linear.bias or [])
            if self._path:
                self.take_place(self._path)

    def forward(self, x: Sample) -> Outputs:
        """A list of `units` Values; a list of samples gives a list of these."""
        row = listed(x)
        if is_batch(row):
            return for_each_sample(self, row)
        if self.linear is None:
            if not is_list(row):
                raise problem(TypeError, "nn_one_number", layer=repr(self), inputs=number_of(row))
            self.build(len(row))
        sums = self.linear(row) if self.linear is not None else row
        act = self.activation
        made: Outputs = on_rows(ag.softmax, sums) if act == "softmax" else on_each(self._act, sums)
        return made

    def __repr__(self) -> str:
        inputs = "" if self.linear is None else f"{self.linear.in_features} -> "
        return f"Dense({inputs}{self.units})"

    def is_unit(self) -> bool:
        """One line of `summary`."""
        return True


class Sequential(Module):
    """Layers one after the other, given one by one or as one list.

    >>> model = Sequential(Linear(2, 3), Linear(3, 1))
    >>> model
    Sequential(Linear(2 -> 3), Linear(3 -> 1))
    >>> len(model([1.0, 2.0]))
    1
    """

    unnamed = "layers"

    def __init__(self, *layers: Callable[..., Any] | Iterable[Callable[..., Any]]) -> None:
        self.layers: list[Any] = []
        listed: Any = layers[0] if len(layers) == 1 and isinstance(layers[0], (list, tuple)) else layers
        for layer in listed:
            self.add(layer)

    def add(self, layer: Callable[..., Any]) -> Sequential:
        """Put a layer at the end (Keras's name; `append` is PyTorch's)."""
        if isinstance(layer, type):
            raise problem(TypeError, "nn_class_of_layers", name=layer.__name__)
        if not callable(layer):
            raise problem(TypeError, "nn_not_a_layer", kind=type(layer).__name__)
        outputs = [y.units for y in self.layers if isinstance(y, Dense) and y.linear is not None]
        if isinstance(layer, Dense) and outputs and isinstance(self.layers[-1], Dense):
            layer.build(outputs[-1])
        self.layers.append(layer)
        return self

    append = add

    def forward(self, x: Number | Sample) -> Result:
        """What the last layer makes of what the others made of `x`."""
        made: Any = x
        for layer in self.layers:
            made = layer(made)
        return made  # type: ignore[no-any-return]  # a layer is what can be called

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: Any) -> Any:
        """A layer; of a slice, as in PyTorch, a `Sequential` of these very layers."""
        if not isinstance(index, slice):
            return self.layers[index]
        part = Sequential(self.layers[index])
        if not self._path:
            self.take_place((repr(self),))
        part._path = self._path  # so that its layers are still called what the model calls them
        return part

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"


class Residual(Module):
    """`x + module(x)`: gradients have a way past the module (He et al. 2016).

    Args:
        module: its result has the shape of its input.
        shortcut: what is added in the place of x where the shapes differ.

    >>> from nn import ReLU
    >>> Residual(ReLU())([-1.0, 2.0])
    [-1.0, 4.0]
    """

    def __init__(self, module: Module, shortcut: Module | None = None) -> None:
        self.module, self.shortcut = module, shortcut

    def forward(self, x: Any) -> Any:
        """The shape of the module's result."""
        x = listed(x)
        made, kept = self.module(x), x if self.shortcut is None else self.shortcut(x)
        if shape_of(made) != shape_of(kept):
            fields = {"got": shape_of(kept), "made": shape_of(made)}
            raise problem(ValueError, "nn_residual", layer=said_of(self), **fields)
        return _added(kept, made)

    def __repr__(self) -> str:
        return f"Residual({self.module!r})"


def _added(x: Any, y: Any) -> Any:
    if isinstance(y, (list, tuple)):
        kind = type(y) if isinstance(y, Outputs) else Outputs
        return kind([_added(a, b) for a, b in zip(x, y, strict=True)])
    return plain(x) + y


class Flatten(Module):
    """All numbers of a sample in one list; with `start_dim` the axes from there to `end_dim`, as in PyTorch.

    Args:
        start_dim, end_dim: axes, those of the batch counted.
        sample_depth: how deep lists are nested in one sample.  Not needed after a layer that knows
            (convolution, pooling), of a tensor (its first axis is the batch), nor for one sample.

    >>> Flatten()([[1.0, 2.0], [3.0, 4.0]])
    [1.0, 2.0, 3.0, 4.0]
    >>> Flatten(sample_depth=1)([[1.0, 2.0], [3.0, 4.0]])
    [[1.0, 2.0], [3.0, 4.0]]
    """

    def __init__(
        self, start_dim: int | None = None, end_dim: int = -1, *, sample_depth: int | None = None
    ) -> None:
        self.axes = chosen_number(self, "start_dim", start_dim, WHOLE, none=True), end_dim
        chosen_number(self, "end_dim", end_dim, WHOLE)
        sample_depth = chosen_number(self, "sample_depth", sample_depth, WHOLE_FROM_1, none=True)
        self.sample_depth = sample_depth

    def forward(self, x: Any) -> Any:
        """One list, or one for each sample of a batch.

        Raises:
            ValueError: lists of different lengths stand side by side in a sample.
        """
        x, (first, last) = listed(x), self.axes
        if first is not None and not (first == 1 and last == -1 and depth_of(x) == 1):
            return Outputs(x).flatten(first, last)
        tensor = isinstance(x, Numbers) and not isinstance(x, (Outputs, Parameters))
        known = self.sample_depth or (1 if tensor and depth_of(x) > 1 else None)
        if isinstance(x, Batch) or (known is not None and depth_of(x) > known):
            if tensor and self.sample_depth is None:
                return Outputs(x).flatten(1)
            return for_each_sample(self, x)
        return Outputs([unboxed(v) for _, v in entries(rectangle(x, repr(self)))])


class Embedding(Module):
    """A table of vectors, one trainable row for each index, drawn from the normal distribution.

    Args:
        num_embeddings: rows.
        embedding_dim: numbers in a row.
        padding_idx: a row of zeros, frozen: what fills up short texts.

    >>> table = Embedding(3, 2)
    >>> table(1) == table.weight[1], len(table([0, 2]))
    (True, 2)
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None) -> None:
        self.num_embeddings: int = chosen_number(self, "num_embeddings", num_embeddings, WHOLE_FROM_0)
        self.embedding_dim: int = chosen_number(self, "embedding_dim", embedding_dim, WHOLE_FROM_0)
        self.weight = init.normal_(init.empty(self.num_embeddings, self.embedding_dim))
        rows = Range(-self.num_embeddings, self.num_embeddings - 1, whole=True)
        self.padding_idx: int | None = chosen_number(self, "padding_idx", padding_idx, rows, none=True)
        for p in self.weight[padding_idx] if padding_idx is not None else ():
            p.data, p.requires_grad = 0.0, False

    def forward(self, index: Any) -> Outputs:
        """The row of an index; nested lists of indices give nested lists of rows.

        Raises:
            ValueError: an index that is no whole number, or names no row.
        """
        index = listed(index)
        if is_list(index):
            return for_each_sample(self, index)
        if ag.is_recorded(index):
            return Outputs(ag.pick(self.weight, index))  # one program for all rows
        if not is_index(index) or not 0 <= index < self.num_embeddings:
            fields = {"layer": said_of(self), "index": repr(index), "last": self.num_embeddings - 1}
            raise problem(ValueError, "nn_index", **fields)
        return Outputs(self.weight[index])

    def __repr__(self) -> str:
        return f"Embedding({self.num_embeddings}, {self.embedding_dim})"


class Dropout(Module):
    """While training, each number is 0 with probability `p`, else it grows by 1/(1 - p); off in `eval()`.

    >>> drop = Dropout(0.5, generator=random.Random(0))
    >>> drop([1.0, 1.0, 1.0, 1.0])
    [2.0, 2.0, 0.0, 0.0]
    >>> drop.eval()([1.0, 1.0])
    [1.0, 1.0]
    """

    draws = True

    def __init__(self, p: float = 0.5, generator: random.Random | None = None) -> None:
        self.p, self._generator = chosen_number(self, "p", p, SHARE), generator

    def forward(self, x: Any) -> Any:
        """Same nesting as `x`."""
        if not self.training or self.p == 0:
            return x
        draw = (self._generator or random).random
        return on_each(lambda v: plain(v) * 0.0 if draw() < self.p else plain(v) / (1 - self.p), x)

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"
