"""`Sequential` and `Model`: Keras's methods with its order of arguments and its names."""

from __future__ import annotations

import inspect
import math
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd.number import is_array, to_list
from autograd.settings import chosen_word
from nn import saving
from nn.fit.history import History
from nn.interop import keras as transfer
from nn.interop.transfer import transposed
from nn.keras import callbacks as told
from nn.keras import layers as keras_layers
from nn.keras.layers import Dense, Embedding, Flatten, Input, Softmax, called, snake
from nn.keras.losses import loss_of
from nn.keras.metrics import metric_of
from nn.keras.optimizers import optimizer_of
from nn.layers import linear
from nn.layers.activations import Elementwise
from nn.layers.linear import Dropout
from nn.learning.metrics import flat_row
from nn.messages import problem, say
from nn.missing import refusing
from nn.module import Module
from nn.outputs import Numbers, Parameters, Result
from nn.text import table


class Model(Module):
    """A model of one's own: a subclass makes its layers in `__init__` and says in `call` what comes out.

    >>> class Line(Model):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.dense = Dense(1, kernel_initializer="ones")
    ...     def call(self, x):
    ...         return self.dense(x)
    >>> Line()([2.0, 3.0])[0].data
    5.0
    """

    training = False  # as in Keras: `fit` and `training=True` say that it learns
    optimizer: Any = None
    stop_training = False

    def __init__(self, *inputs: Any, **outputs: Any) -> None:
        if inputs or outputs:
            raise problem(TypeError, "keras_functional")

    def __call__(self, x: Any, training: bool | None = None) -> Any:
        """The outputs; `training=True` lets dropout drop, for this call."""
        return called(self, x, training, super().__call__)

    def forward(self, inputs: Any) -> Any:
        """What `call` gives, which is told `training` where it asks."""
        call: Any = getattr(self, "call", None)
        if call is None:
            raise problem(NotImplementedError, "keras_no_call", kind=type(self).__name__)
        asks = "training" in inspect.signature(call).parameters
        return call(inputs, training=self.training) if asks else call(inputs)

    @property
    def trainable_variables(self) -> list[Any]:
        """Kernels (inputs first, as in Keras) and biases, of what is not frozen."""
        return [x for x in self.weights if x.requires_grad]

    @property
    def trainable_weights(self) -> list[Any]:
        """The same."""
        return self.trainable_variables

    @property
    def weights(self) -> list[Any]:
        """Kernels and biases, and the tables of embeddings."""
        found: list[Any] = []
        for module in self.modules():
            if isinstance(module, linear.Linear):
                found.append(Parameters(Parameters(x) for x in transposed(module.weight)))
                found += [Parameters(module.bias)] if module.bias is not None else []
            elif isinstance(module, linear.Embedding):
                found.append(Parameters(Parameters(x) for x in module.weight))
        return found

    def get_weights(self) -> list[Any]:
        """All weights as nested lists of numbers, in Keras's order and orientation."""
        return [Numbers(x) for x in transfer.keras_weights(self)]

    def set_weights(self, given: Any) -> None:
        """Take over what `get_weights` gave, here or in Keras.

        Raises:
            ValueError: another number of arrays, or a shape that differs.
        """
        transfer.load_keras(self, given)

    def save_weights(self, path: str) -> None:
        """`save`, under Keras's name."""
        self.save(path)

    def load_weights(self, path: str) -> None:
        """`load`, under Keras's name."""
        self.load(path)

    def count_params(self) -> int:
        """How many numbers the model learns."""
        return len(self.parameters())

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """The layer of this name, as `summary` says it, or at this place.

        Raises:
            ValueError: there is none.
        """
        if index is not None:
            return self.children()[index]
        known = dict(zip(self._names(), self.children()))
        return known[chosen_word(self, "name", name, known)]

    def _names(self) -> list[str]:
        """What Keras calls the layers: their own name, or dense, dense_1, ..."""
        names: list[str] = []
        counts: dict[str, int] = {}
        for layer in self.children():
            own: str | None = getattr(layer, "name", None)
            if own:
                names.append(own)
                continue
            kind = snake(type(layer).__name__)
            number = counts[kind] = counts.get(kind, -1) + 1
            names.append(f"{kind}_{number}" if number else kind)
        return names

    def summary(self, print_fn: Callable[[str], Any] | None = None) -> None:  # type: ignore[override]  # it prints
        """Print layers, shapes and counts of parameters, as Keras does.

        Args:
            print_fn: gets the text in the place of `print`.

        >>> Sequential([Input((4,)), Dense(3, "relu"), Dense(1)]).summary()
        Model: "sequential"
        Layer (type)     Output Shape  Param #
        dense (Dense)    (None, 3)          15
        dense_1 (Dense)  (None, 1)           4
        Total params: 19
        Trainable params: 19
        Non-trainable params: 0
        """
        rows = [(say("keras_layer"), say("keras_shape"), say("keras_params"))]
        shape: tuple[int, ...] | None = getattr(self, "input_shape", None)
        for name, layer in zip(self._names(), self.children()):
            shape = shape_after(layer, shape)
            said = "?" if shape is None else str((None, *shape))
            rows.append((f"{name} ({type(layer).__name__})", said, f"{len(layer.parameters()):,}"))
        counted = self.parameters()
        trained = len([p for p in counted if p.requires_grad])
        counts = {"total": len(counted), "trained": trained, "frozen": len(counted) - trained}
        head = say("keras_model", name=snake(type(self).__name__))
        text = "\n".join([head, table(rows), say("keras_counts", **counts)])
        if print_fn is None:
            sys.stdout.write(text + "\n")
        else:
            print_fn(text)

    def _penalties(self, _: Any) -> Any:
        pairs = [(x.kernel_regularizer, x.linear) for x in self.modules() if isinstance(x, Dense)]
        return ag.sum([penalty(made.weight) for penalty, made in pairs if penalty and made])

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = "mse",
        metrics: Sequence[Any] | None = None,
        penalty: Any = None,
    ) -> None:
        """Say how the model learns; as `nn.Module.compile`, with Keras's names, defaults and order.

        Functions of the reader's own get `(y_true, y_pred)`, as there.

        >>> model = Sequential([Dense(1, input_shape=(2,))])
        >>> model.compile("sgd", loss="mse", metrics=["mae"])
        """
        self.optimizer = optimizer_of(optimizer)
        regular = any(getattr(layer, "kernel_regularizer", None) is not None for layer in self.modules())
        taken: list[str] = []
        wanted = [metric_of(metric, taken) for metric in metrics or ()]
        penalty = penalty or (self._penalties if regular else None)
        super().compile(self.optimizer, loss_of(loss), wanted, penalty)

    def fit(  # type: ignore[override]  # Keras's order: the batch size stands third
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: tuple[Any, ...] | None = None,
        shuffle: bool = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        **more: Any,
    ) -> History:
        """`nn.Module.fit` in Keras's order of arguments; `verbose=0` is silent.

        `class_weight` says how much the samples of each class count, 1.0 for classes that it leaves out. All
        else is as there, also `seed`, `resume` and `replay`.

        Raises:
            ValueError: as there, or both kinds of weights.
        """
        if class_weight is not None:
            if sample_weight is not None:
                raise problem(ValueError, "keras_both_weights")
            rows = map(flat_row, to_list(y))
            classes = [row.index(max(row)) if len(row) > 1 else round(row[0]) for row in rows]
            sample_weight = [class_weight.get(label, 1.0) for label in classes]
        size = None if batch_size is None else min(batch_size, len(x))
        given = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
        self.stop_training = False
        return super().fit(
            x,
            y,
            batch_size=size,
            epochs=epochs,
            verbose=bool(verbose),
            callbacks=[told.as_ours(callback) for callback in given if callback is not None],
            validation_split=validation_split,
            validation_data=validation_data,
            shuffle=shuffle,
            sample_weight=sample_weight,
            **more,
        )

    def evaluate(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",  # noqa: ARG002 - Keras's argument
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """`nn.Module.evaluate`; `verbose` is accepted."""
        size = None if batch_size is None else min(batch_size, len(x))
        how = {"return_dict": return_dict, "sample_weight": sample_weight}
        return super().evaluate(x, y, batch_size=size, **how)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",  # noqa: ARG002 - Keras's argument
    ) -> Any:
        """The outputs: nested lists, or an array where an array or a table came; `verbose` is accepted."""
        size = None if batch_size is None else min(batch_size, len(x))
        found = super().predict(x, batch_size=size)
        if not (is_array(x) or hasattr(x, "to_numpy")):
            return found
        import numpy as np

        return np.array(found)

    def test_on_batch(self, x: Any, y: Any, sample_weight: Any = None) -> Any:
        """`evaluate` of these samples as one batch."""
        return self.evaluate(x, y, len(x), sample_weight=sample_weight)

    def predict_on_batch(self, x: Any) -> Any:
        """`predict` of these samples as one batch."""
        return self.predict(x, len(x))

    def train_on_batch(self, x: Any, y: Any, sample_weight: Any = None) -> float:
        """One step on these samples as one batch; the loss before it."""
        history = self.fit(x, y, len(x), 1, 0, shuffle=False, sample_weight=sample_weight)
        return history["loss"][0]


class Sequential(linear.Sequential, Model):
    """Layers one after the other; the names of optimisers, losses and metrics mean Keras's.

    Args:
        layers: a list; the first may be an `Input`.
        name: accepted.
    """

    if TYPE_CHECKING:

        def __call__(self, x: Any, training: bool | None = None) -> Result: ...  # noqa: D102 - Model.__call__ has it

    input_shape: tuple[int, ...] | None = None
    forward = linear.Sequential.forward  # type: ignore[assignment]  # no `call` of a subclass here

    def __init__(
        self,
        layers: Sequence[Any] | None = None,
        name: str | None = None,  # noqa: ARG002 - Keras's argument
    ) -> None:
        super().__init__(list(layers or ()))

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
        if isinstance(layer, Dense) and shape is not None:
            layer.build(shape[-1])
        super().add(layer)
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write layers and weights into one JSON file: for `load_model`, and as before for `load`."""
        layers = [_described(layer) for layer in self.layers]
        shape = None if self.input_shape is None else list(self.input_shape)
        known = {} if None in layers else {"layers": layers, "input_shape": shape}
        saving.write_weights(path, repr(self), self.state_dict(), **known)


def _described(layer: Any) -> list[Any] | None:
    """Class and settings of a layer of Keras's; None where a setting is a function, which no file keeps."""
    if type(layer) is not getattr(keras_layers, type(layer).__name__, None):
        return None
    bound = inspect.signature(type(layer).__init__).bind(layer, *layer._made_with[0], **layer._made_with[1])
    settings = {name: x for name, x in list(bound.arguments.items())[1:] if x is not None}
    if isinstance(layer, Dense) and layer.linear is not None:
        settings = {**settings, "input_shape": None, "input_dim": layer.linear.in_features}
    return None if any(callable(x) for x in settings.values()) else [type(layer).__name__, settings]


def load_model(path: str | os.PathLike[str]) -> Sequential:
    """The `Sequential` that `model.save(path)` wrote, layers and weights; `compile` it before `fit`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it holds no layers, or something that is no weight.

    >>> model = Sequential([Dense(1, input_shape=(2,))])
    >>> model.save("line.json")  # doctest: +SKIP
    >>> load_model("line.json").predict([[1.0, 2.0]])  # doctest: +SKIP
    """
    saving.check_suffix(path)
    content = saving.read_json(path, "nn_file_broken", "nn_file_other", saving.FORMAT)
    if "layers" not in content:
        raise problem(ValueError, "keras_no_layers", path=str(path))
    with saving.naming(path):
        shape = content["input_shape"]
        first = [] if shape is None else [Input(shape)]
        model = Sequential([*first, *(_made(kind, settings) for kind, settings in content["layers"])])
    model.load(path)
    return model


def _made(kind: str, settings: dict[str, Any]) -> Any:
    """A layer by class and settings, which come from a file: only Keras's names are looked up."""
    return getattr(keras_layers, chosen_word("load_model", "layer", kind, keras_layers.__all__))(**settings)


def shape_after(layer: Any, shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The shape of what a layer gives for a sample of this shape; None where that is not known."""
    if isinstance(layer, linear.Dense):
        return (*(shape or (0,))[:-1], layer.units)
    if isinstance(layer, Embedding):
        return None if shape is None else (*shape, layer.embedding_dim)
    if isinstance(layer, Flatten) and shape is not None:
        return (math.prod(shape),)
    keeps = (Elementwise, Dropout, Softmax)
    return shape if isinstance(layer, keeps) else None


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
