"""What Keras's layers have in common, and `Layer`, the base of those that a program writes itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from autograd.number import entries, is_array, is_list, listed
from nn.keras.configuration import Remembered
from nn.keras.initializers import initializer as initializer_of
from nn.keras.variables import Weighted, as_weight
from nn.learning import init
from nn.messages import problem
from nn.module import Module
from nn.outputs import Numbers
from nn.parameters import Parameter
from nn.state import modes_kept


def snake(name: str) -> str:
    """The name that Keras makes of a class's: `leaky_re_lu` of `LeakyReLU`.

    >>> snake("TopKCategoricalAccuracy"), snake("R2Score"), snake("AUC")
    ('top_k_categorical_accuracy', 'r2_score', 'auc')
    """
    return re.sub(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class NamedPart(Weighted):
    """What has a name: its own, or what its model calls it, or what Keras makes of its class."""

    _name: str | None = None
    _called: tuple[str, ...] = ()  # by its model, for as long as it has no name of its own

    @property
    def name(self) -> str:
        """The name that it was given; else it is dense, dense_1, ... as the model counts its layers."""
        return self._name or next(iter(self._called), snake(type(self).__name__))

    @name.setter
    def name(self, wanted: str | None) -> None:
        self._name = wanted

    def count_names(self) -> list[str]:
        """The names of the layers below, those counted that were given none."""
        names: list[str] = []
        counts: dict[str, int] = {}
        for layer in self.children():
            own: str | None = layer._name if isinstance(layer, NamedPart) else getattr(layer, "name", None)
            if not own:
                kind = snake(type(layer).__name__)
                number = counts[kind] = counts.get(kind, -1) + 1
                own = f"{kind}_{number}" if number else kind
                if isinstance(layer, NamedPart):
                    layer._called = (own,)
            names.append(own)
        return names


class Made(Remembered, NamedPart):
    """A layer of Keras's: it remembers its settings, and its weights have Keras's names."""


class Layer(Made):
    """A layer of one's own: `build` makes its weights by `add_weight`, `call` says what comes out.

    Args:
        trainable: False freezes its weights.
        name: what `get_layer` finds it by.

    >>> class Scale(Layer):
    ...     def build(self, input_shape):
    ...         self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones")
    ...     def call(self, inputs):
    ...         return inputs * self.factor
    >>> [y.data for y in Scale()([2.0, 3.0])]
    [2.0, 3.0]
    """

    built = False

    def __init__(self, trainable: bool = True, name: str | None = None) -> None:
        self.name, self._trainable = name, trainable

    def add_weight(
        self,
        shape: Any = (),
        initializer: Any = "glorot_uniform",
        trainable: bool = True,
        name: str | None = None,
    ) -> Any:
        """Weights of this shape, filled as said; put them into an attribute."""
        return filled(self, shape, initializer, trainable and self._trainable, name)

    def build(self, input_shape: Any) -> None:
        """Make the weights for samples of this shape; a subclass says how."""

    def forward(self, inputs: Any) -> Any:
        """What `call` gives, after the first inputs have told `build` their shape."""
        inputs = (
            Numbers(inputs)
            if type(inputs) is list
            else Numbers(listed(inputs))
            if is_array(inputs)
            else inputs
        )
        if not self.built:
            self.built = True
            self.build(getattr(inputs, "shape", ()))
        call: Any = getattr(self, "call", None)
        if call is None:
            raise problem(NotImplementedError, "keras_no_call", kind=type(self).__name__)
        asks = "training" in inspect.signature(call).parameters
        return call(inputs, training=self.training) if asks else call(inputs)


def filled(owner: Any, shape: Any, initializer: Any, trainable: bool, name: str | None) -> Any:
    """Weights of this shape, filled by an initialiser."""
    made = init.empty(*listed(shape)) if is_list(shape) and shape else Parameter(0.0)
    fill = initializer_of(initializer, owner, "initializer")
    fill(made if is_list(made) else [made])
    weight = as_weight(name or "variable", made)
    for _, p in entries(weight):
        p.requires_grad = trainable
    return weight


def called(module: Module, x: Any, training: bool | None, call: Callable[[Any], Any]) -> Any:
    """What `call` gives; with `training` the module is in that mode for this call."""
    if training is None:
        return call(x)
    with modes_kept(module):
        module.train(bool(training))
        return call(x)
