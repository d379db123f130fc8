"""`Sequential`, and a model from a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd.settings import chosen_list
from nn import saving
from nn.keras import decay as schedules
from nn.keras import layers as keras_layers
from nn.keras import losses as losses_here
from nn.keras import metrics as metrics_here
from nn.keras import optimizers as optimizers_here
from nn.keras.configuration import described, made
from nn.keras.layers import BatchNormalization, Dense, Flatten, Input
from nn.keras.model import Model
from nn.keras.summary import shape_after
from nn.layers import linear
from nn.messages import problem
from nn.missing import refusing
from nn.outputs import Result, Sample

__all__ = ["Model", "Sequential", "load_model"]


class Sequential(linear.Sequential, Model):
    """Layers one after the other; the names of optimisers, losses and metrics mean Keras's.

    Args:
        layers: a list; the first may be an `Input`.
        name: what `summary` calls it.
    """

    if TYPE_CHECKING:

        def __call__(self, x: Sample, training: bool | None = None) -> Result: ...  # type: ignore[override]  # noqa: D102 - Model.__call__ has it

    input_shape: tuple[int, ...] | None = None
    forward = linear.Sequential.forward  # type: ignore[assignment]  # no `call` of a subclass here

    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        name: str | None = None,
    ) -> None:
        self.name = name
        super().__init__(chosen_list(self, "layers", layers, none=True))

    def add(self, layer: Any) -> Sequential:
        """Put a layer at the end; what it gets from those before tells a `Dense` how many inputs it has."""
        if isinstance(layer, Input):
            self.input_shape = layer.shape
            return self
        if not self.layers and isinstance(layer, Dense) and layer.linear is not None:
            self.input_shape = (layer.linear.in_features,)
        if not self.layers and isinstance(layer, Flatten) and layer.input_shape is not None:
            self.input_shape = layer.input_shape
        shape = self.input_shape
        for before in self.layers:
            shape = shape_after(before, shape)
        if isinstance(layer, (Dense, BatchNormalization)) and shape is not None:
            layer.build(shape[-1])
        super().add(layer)
        self.count_names()
        return self

    def also_saved(self) -> dict[str, Any]:
        """Layers and what `compile` was told, for `load_model`, where all of it is plain data."""
        layers = [_described(layer) for layer in self.layers]
        shape = None if self.input_shape is None else list(self.input_shape)
        known = {"name": self._name, "layers": layers, "input_shape": shape, "compiled": self._compiled_as()}
        return {} if None in layers else known


def _described(layer: Any) -> Any:
    """Class and settings of a layer of Keras's; None where a setting is a function, which no file keeps."""
    found: list[Any] | None = described(layer, keras_layers)
    if found is not None and isinstance(layer, Dense) and layer.linear is not None:
        found[1]["input_dim"] = layer.linear.in_features
        found[1].pop("input_shape", None)
    return found


def load_model(path: str | os.PathLike[str]) -> Sequential:
    """The `Sequential` that `save` or `ModelCheckpoint` wrote, compiled as it was where that is plain data.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it holds no layers, or something that is no weight; of a file that Keras wrote it says how
            its weights come here.

    >>> from tempfile import TemporaryDirectory
    >>> model = Sequential([Dense(1, input_shape=(2,))])
    >>> with TemporaryDirectory() as folder:
    ...     model.save(f"{folder}/line.json")
    ...     again = load_model(f"{folder}/line.json")
    >>> again.predict([[1.0, 2.0]]) == model.predict([[1.0, 2.0]])
    True
    """
    saving.check_suffix(path, *saving.OF_KERAS)
    content = saving.read_json(path, "nn_file_broken", "nn_file_other", saving.FORMAT, saving.CHECKPOINT)
    if "layers" not in content:
        raise problem(ValueError, "keras_no_layers", path=str(path))
    with saving.naming(path):
        shape = content["input_shape"]
        first = [] if shape is None else [Input(shape)]
        model = Sequential(
            [*first, *(made(layer, keras_layers) for layer in content["layers"])], content.get("name")
        )
    model.load(path)
    if content.get("compiled"):
        with saving.naming(path):
            _compile_again(model, *content["compiled"])
    return model


def _compile_again(model: Sequential, optimizer: Any, loss: Any, metrics: list[Any], state: Any) -> None:
    asked = [made(metric, metrics_here) for metric in metrics]
    model.compile(made(optimizer, optimizers_here, schedules), made(loss, losses_here), asked)
    if state is not None:
        model.optimizer(model.parameters()).load_state_dict(state)


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
