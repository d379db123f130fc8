"""`Model`: Keras's methods with its order of arguments and its names."""

from __future__ import annotations

import inspect
import math
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import autograd as ag
from autograd.number import is_array, to_list
from autograd.settings import WHOLE_FROM_0, Range, chosen_number, chosen_word
from nn.fit.history import History
from nn.keras import callbacks as told
from nn.keras import decay as schedules
from nn.keras import losses as losses_here
from nn.keras import metrics as metrics_here
from nn.keras import optimizers as optimizers_here
from nn.keras.configuration import described
from nn.keras.layer import NamedPart, called
from nn.keras.layers import Dense
from nn.keras.losses import loss_of
from nn.keras.metrics import metric_of
from nn.keras.optimizers import optimizer_of
from nn.keras.pipeline import Dataset
from nn.keras.summary import table_of
from nn.learning.metrics import flat_row
from nn.messages import problem
from nn.module import Made_co
from nn.outputs import Outputs, Sample
from nn.saving import OF_KERAS
from nn.shapes import laid_out
from nn.state import modes_kept


class Calling(Protocol[Made_co]):
    """What type checkers know of a model: it gives what its `call` gives."""

    def call(self, *inputs: Any, **options: Any) -> Made_co: ...  # noqa: D102 - a subclass has it


class _Layers:
    """What `model.layers` gives where a model has no attribute of that name: its layers, named."""

    def __get__(self, model: Any, _: Any = None) -> Any:
        if model is not None:
            model.count_names()
        return self if model is None else model.children()


class Model(NamedPart):
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
    suffixes = OF_KERAS  # `model.save("model.keras")` is what programs type; the content is JSON
    _asked: tuple[Any, list[Any]] | None = None  # loss and metrics as `compile` got them
    initial_epoch = 0  # where the latest `fit` began to count

    layers: Any = _Layers()

    def __init__(self, *inputs: Any, name: str | None = None, **outputs: Any) -> None:
        if inputs or outputs:
            raise problem(TypeError, "keras_functional")
        self.name = name

    if TYPE_CHECKING:

        def __call__(self: Calling[Made_co], x: Any, training: bool | None = None) -> Made_co: ...  # noqa: D102 - below

    else:

        def __call__(self, x, training=None):
            """The outputs; `training=True` lets dropout drop, for this call."""
            return called(self, x, training, super().__call__)

    def forward(self, inputs: Any) -> Any:
        """What `call` gives, which is told `training` where it asks."""
        call: Any = getattr(self, "call", None)
        if call is None:
            raise problem(NotImplementedError, "keras_no_call", kind=type(self).__name__)
        asks = "training" in inspect.signature(call).parameters
        return call(inputs, training=self.training) if asks else call(inputs)

    def _compiled_as(self) -> list[Any] | None:
        """Optimiser, loss, metrics and what the optimiser remembers; None where a part is a function."""
        if self._asked is None:
            return None
        loss, metrics = self._asked
        parts = [described(self.optimizer, optimizers_here, schedules), described(loss, losses_here)]
        named = [described(metric, metrics_here) for metric in metrics]
        if None in parts or None in named:
            return None
        moved = getattr(self.optimizer, "made", None)
        return [*parts, named, None if moved is None else moved.state_dict()]

    def build(self, input_shape: Any) -> None:
        """Make the weights for samples of this shape, whose first length is the batch's: `(None, 4)`."""
        model: Any = self
        with ag.no_grad(), modes_kept(self):
            model.eval()
            model(laid_out([0.0] * math.prod(input_shape[1:]), input_shape[1:], Outputs))

    def save_weights(self, path: str) -> None:
        """`save`, under Keras's name; JSON, "model.weights.h5" too."""
        self.save(path)

    def load_weights(self, path: str) -> None:
        """`load`, under Keras's name."""
        self.load(path)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """The layer of this name, as `summary` says it, or at this place.

        Raises:
            ValueError: there is none.
        """
        if index is not None:
            return self.children()[index]
        known = dict(zip(self.count_names(), self.children()))
        return known[chosen_word(self, "name", name, known)]

    def summary(self, print_fn: Callable[[str], Any] | None = None) -> None:  # type: ignore[override]  # it prints
        """Print layers, shapes and counts of parameters, as Keras does.

        Args:
            print_fn: gets the text in the place of `print`.

        >>> from nn.keras import Input, Sequential
        >>> Sequential([Input((4,)), Dense(3, "relu"), Dense(1)]).summary()
        Model: "sequential"
        Layer (type)     Output Shape  Param #
        dense (Dense)    (None, 3)          15
        dense_1 (Dense)  (None, 1)           4
        Total params: 19
        Trainable params: 19
        Non-trainable params: 0
        """
        text = table_of(self, self.count_names())
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

        >>> from nn.keras import Sequential
        >>> model = Sequential([Dense(1, input_shape=(2,))])
        >>> model.compile("sgd", loss="mse", metrics=["mae"])
        """
        self.optimizer, self._asked = optimizer_of(optimizer), (loss, list(metrics or ()))
        regular = any(getattr(layer, "kernel_regularizer", None) is not None for layer in self.modules())
        taken: list[str] = []
        wanted = [metric_of(metric, taken) for metric in metrics or ()]
        penalty = penalty or (self._penalties if regular else None)
        super().compile(self.optimizer, loss_of(loss), wanted, penalty)

    def fit(  # Keras's order: the batch size stands third
        self,
        x: Sample | Dataset,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        *,
        seed: int = 0,
        resume: str | os.PathLike[str] | None = None,
        replay: bool | str = "auto",
    ) -> History:
        """`nn.Module.fit` in Keras's order of arguments; `verbose=0` is silent.

        Epochs are counted from 0 here, as in Keras; `initial_epoch` is the number of the first, `epochs`
        where to end.

        A `tf.data.Dataset` in the place of `x` and `y` is gone through once; where it is shuffled, each epoch
        has an order of its own.

        `class_weight` says how much the samples of each class count, 1.0 for classes that it leaves out. All
        else is as there, also `seed`, `resume` and `replay`.

        Raises:
            ValueError: as there, or both kinds of weights.
        """
        X: Any = x
        if isinstance(x, Dataset):
            batch_size, shuffle = x.size, x.shuffled
            X, y, sample_weight = x.columns("fit")
        if isinstance(validation_data, Dataset):
            validation_data = [part for part in validation_data.columns("fit") if part is not None]
        if class_weight is not None:
            if sample_weight is not None:
                raise problem(ValueError, "keras_both_weights")
            rows = map(flat_row, to_list(y))
            classes = [row.index(max(row)) if len(row) > 1 else round(row[0]) for row in rows]
            sample_weight = [class_weight.get(label, 1.0) for label in classes]
        size = None if batch_size is None else min(batch_size, len(X))
        given = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
        first = self.initial_epoch = chosen_number("fit", "initial_epoch", initial_epoch, WHOLE_FROM_0)
        self.stop_training = False
        history = super().fit(
            X,
            y,
            batch_size=size,
            epochs=chosen_number("fit", "epochs", epochs, Range(first + 1, whole=True)) - first,
            verbose=bool(verbose),
            callbacks=[told.as_ours(callback) for callback in given if callback is not None],
            validation_split=validation_split,
            validation_data=validation_data,
            shuffle=shuffle,
            sample_weight=sample_weight,
            seed=seed,
            resume=resume,
            replay=replay,
        )
        history.epoch = [epoch - 1 + first for epoch in history.epoch]
        return history

    def evaluate(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",  # noqa: ARG002 - Keras's argument
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """`nn.Module.evaluate`, also of a `tf.data.Dataset`; `verbose` is accepted."""
        if isinstance(x, Dataset):
            batch_size = x.size
            x, y, sample_weight = x.columns("evaluate")
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
        if isinstance(x, Dataset):
            batch_size, x = x.size, x.columns("predict")[0]
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
