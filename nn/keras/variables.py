"""Weights under Keras's names: of layers and of models the same methods."""

from __future__ import annotations

from typing import Any

from autograd import Value
from autograd.number import entries
from nn.interop import keras as transfer
from nn.interop.transfer import transposed
from nn.layers.linear import Embedding, Linear
from nn.layers.normalisation import BatchNorm1d
from nn.module import Module
from nn.outputs import Numbers
from nn.parameters import Parameters


class Weight(Parameters):
    """A variable of a layer: nested lists of Values that know what Keras calls them."""

    __slots__ = ("name",)
    name: str

    def assign(self, numbers: Any) -> None:
        """Change the numbers; the shape stays."""
        self.data = getattr(numbers, "tolist", lambda: numbers)()

    def assign_add(self, numbers: Any) -> None:
        """Add to the numbers."""
        self.data.add_(numbers)

    def assign_sub(self, numbers: Any) -> None:
        """Take from the numbers."""
        self.data.sub_(numbers)


def as_weight(name: str, made: Any) -> Any:
    """Nested lists of Values that know their name; one Value as it is."""
    return made if isinstance(made, Value) else _weight(name, made)


def _weight(name: str, rows: Any) -> Weight:
    made = Weight(Parameters(row) if isinstance(row, list) else row for row in rows)
    made.name = name
    return made


class Weighted(Module):
    """What Keras's layers and models alike say about their weights."""

    @property
    def weights(self) -> list[Any]:
        """Kernels (inputs first, as in Keras), biases, tables of embeddings, averages of normalisations."""
        found: list[Any] = []
        for module in self.modules():
            if isinstance(module, Linear):
                found.append(_weight("kernel", transposed(module.weight)))
                found += [_weight("bias", module.bias)] if module.bias is not None else []
            elif isinstance(module, Embedding):
                found.append(_weight("embeddings", module.weight))
            elif isinstance(module, BatchNorm1d):
                pairs = ("gamma", module.weight), ("beta", module.bias)
                found += [_weight(name, x) for name, x in pairs if x is not None]
                found += [_weight("moving_mean", module.running_mean)]
                found += [_weight("moving_variance", module.running_var)]
            else:  # a layer of one's own
                own = [(name, x) for name, x in module.parts() if not isinstance(x, Module)]
                found += [x if isinstance(x, (Weight, Value)) else _weight(name, x) for name, x in own]
        return found

    @property
    def trainable(self) -> bool:
        """Whether its weights learn; settable, before there are any too."""
        return bool(vars(self).get("_trainable", True))

    @trainable.setter
    def trainable(self, wanted: bool) -> None:
        for module in self.modules():
            vars(module)["_trainable"] = bool(wanted)
        self.requires_grad_(bool(wanted))

    @property
    def trainable_variables(self) -> list[Any]:
        """The weights that are not frozen."""
        return [x for x in self.weights if x.requires_grad]

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The weights that are frozen."""
        return [x for x in self.weights if not x.requires_grad]

    variables: Any = weights
    trainable_weights: Any = trainable_variables
    non_trainable_variables: Any = non_trainable_weights

    def get_weights(self) -> list[Any]:
        """All weights as nested lists of numbers, in Keras's order and orientation."""
        return [Numbers(x) for x in transfer.keras_weights(self)]

    def set_weights(self, given: Any) -> None:
        """Take over what `get_weights` gave, here or in Keras.

        Raises:
            ValueError: another number of arrays, or a shape that differs.
        """
        transfer.load_keras(self, given)

    def count_params(self) -> int:
        """How many numbers the weights have."""
        return len([x for weight in self.weights for _, x in entries(weight)])
