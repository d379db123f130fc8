"""Layers on lists of numbers: `Linear` in PyTorch's meaning, `Sequential`, `Flatten`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from autograd import Value, weigh
from nn import init
from nn.messages import problem
from nn.module import Module, Outputs
from nn.neuron import SharedWeights, checked_inputs, is_batch


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
        self.in_features, self.out_features = in_features, out_features
        self.weight = init.empty(out_features, in_features)
        self.bias: list[Value] | None = init.empty(out_features) if bias else None
        bound = 1 / math.sqrt(in_features) if in_features else 0.0
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)
        self._shared = [SharedWeights() for _ in range(out_features)]

    def forward(self, x: Any) -> Any:
        """A list of `out_features` Values; nested lists of samples give nested lists of these.

        A sparse sample is a dict `{index: number}`: only its entries become nodes.
        """
        if is_batch(x):
            return Outputs([self(sample) for sample in x])
        xs, keys = checked_inputs(self, x, self.in_features, f"nn.Linear({{count}}, {self.out_features})")
        biases: Sequence[Value | None] = self.bias or [None] * self.out_features
        rows = zip(self._shared, self.weight, biases, strict=True)
        return Outputs([weigh(shared.of(row, b, keys), xs) for shared, row, b in rows])

    def __repr__(self) -> str:
        return f"Linear({self.in_features} -> {self.out_features})"


class Sequential(Module):
    """Layers one after the other.

    >>> model = Sequential(Linear(2, 3), Linear(3, 1))
    >>> model
    Sequential(Linear(2 -> 3), Linear(3 -> 1))
    >>> len(model([1.0, 2.0]))
    1
    """

    def __init__(self, *layers: Module | list[Module]) -> None:
        self.layers: list[Any] = list(layers)
        if len(layers) == 1 and isinstance(layers[0], list):  # one list of layers is Keras's form
            self.layers = list(layers[0])
        wrong = next((x for x in self.layers if not callable(x)), None)
        if wrong is not None:
            raise problem(TypeError, "nn_not_a_layer", kind=type(wrong).__name__)

    def append(self, layer: Module) -> Sequential:
        """Add a layer at the end."""
        self.layers.append(layer)
        return self

    def forward(self, x: Any) -> Any:
        """What the last layer makes of what the others made of `x`."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: int) -> Module:
        found: Module = self.layers[index]
        return found

    def __iter__(self) -> Iterator[Module]:
        return iter(self.layers)

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"
