"""Keras's names for what this library has under PyTorch's: change the imports of a small Keras program.

    from nn.keras import Dense, Sequential
    from nn.keras import optimizers

    model = Sequential([Dense(32, activation="relu", input_shape=(10,)), Dense(1)])
    model.compile(optimizer=optimizers.Adam(learning_rate=0.01), loss="mse", metrics=["mae"])
    history = model.fit(X, y, batch_size=32, epochs=10)

or step by step:

    with tf.GradientTape() as tape:
        loss = keras.losses.MeanSquaredError()(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))

Optimisers are Keras's in formula and defaults, by name too: `compile("sgd")` has the rate 0.01 here. They get
the parameters when `fit` has them. Callbacks have Keras's defaults and meaning.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import autograd as ag
from autograd import UNSET, Value
from autograd.number import entries, is_array, is_list, listed, number_of
from autograd.settings import WHOLE_FROM_1, chosen_number, chosen_word
from nn.fit.history import History
from nn.interop import keras as weights
from nn.interop.transfer import transposed
from nn.keras_callbacks import EarlyStopping, ModelCheckpoint
from nn.keras_losses import LOSSES, KerasLoss, initializer, losses, regularizers
from nn.layers import linear
from nn.layers.linear import Dropout, Embedding, Flatten
from nn.learning import optim
from nn.learning.optimizer import Optimizer as Base
from nn.messages import problem
from nn.outputs import Numbers, Parameter, Parameters

__all__ = [
    "Dense", "Dropout", "EarlyStopping", "Embedding", "Flatten", "GradientTape", "ModelCheckpoint",
    "Sequential", "callbacks", "layers", "losses", "models", "optimizers", "regularizers", "tf",
]  # fmt: skip


class Optimizer:
    """What an optimiser is before it has parameters: called with them, it makes the one of `nn.optim`.

    Raises:
        TypeError, ValueError: a setting is out of its range.
    """

    def __init__(self, kind: type[Base], **settings: Any) -> None:
        kind([Value(0.0)], **settings)  # what is wrong with the settings is said here
        self.kind, self.settings = kind, settings

    def __call__(self, parameters: Any) -> Base:
        """The optimiser of these parameters."""
        return self.kind(parameters, **self.settings)

    def apply_gradients(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Move each variable by its gradient: `apply_gradients(zip(gradients, model.trainable_variables))`.

        Raises:
            ValueError: a gradient has another shape than its variable, or there are no pairs.
        """
        wanted: dict[Value, float] = {}
        for gradient, variable in pairs:
            if ag.number.shape_of(gradient) != ag.number.shape_of(variable):
                fields = {"wanted": ag.number.shape_of(variable), "got": ag.number.shape_of(gradient)}
                raise problem(ValueError, "nn_parameter_shape", **fields)
            numbers = [ag.number.to_float(number_of(x)) for _, x in entries(gradient)]
            wanted.update(zip([p for _, p in entries(variable)], numbers, strict=True))
        made: Base | None = self.__dict__.get("made")
        if made is None:
            made = self.made = self(list(wanted))
        known = {p for group in made.param_groups for p in group["params"]}
        if wanted.keys() - known:
            made.add_param_group({"params": [p for p in wanted if p not in known]})
        for p, g in wanted.items():
            p.grad = g
        made.step()
        for p in wanted:
            p.grad = UNSET

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={x!r}' for name, x in self.settings.items())})"


class SGD(Optimizer):
    """Gradient descent; Keras keeps the rate inside the velocity, which is the same while it is constant."""

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False) -> None:
        ahead = bool(nesterov) and momentum != 0  # without momentum Keras has nothing to look ahead with
        super().__init__(optim.SGD, lr=learning_rate, momentum=momentum, nesterov=ahead)


class Adam(Optimizer):
    """Adam in Keras's form: `epsilon` is added after the correction of the root."""

    def __init__(
        self, learning_rate: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
    ) -> None:
        super().__init__(optim.Adam, lr=learning_rate, betas=(beta_1, beta_2), eps=epsilon, form="keras")


class AdamW(Optimizer):
    """The same with weights that decay past the means."""

    def __init__(
        self,
        learning_rate: float = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
    ) -> None:
        settings = {"lr": learning_rate, "weight_decay": weight_decay, "betas": (beta_1, beta_2)}
        super().__init__(optim.AdamW, eps=epsilon, form="keras", **settings)


class RMSprop(Optimizer):
    """A running mean of squares, `epsilon` inside the root."""

    def __init__(
        self,
        learning_rate: float = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
    ) -> None:
        settings = {"lr": learning_rate, "alpha": rho, "momentum": momentum, "eps": epsilon}
        super().__init__(optim.RMSprop, centered=bool(centered), form="keras", **settings)


class Adagrad(Optimizer):
    """A sum of squares that starts above 0, `epsilon` inside the root."""

    def __init__(
        self, learning_rate: float = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7
    ) -> None:
        settings = {"lr": learning_rate, "initial_accumulator_value": initial_accumulator_value}
        super().__init__(optim.Adagrad, eps=epsilon, form="keras", **settings)


OPTIMIZERS = {"sgd": SGD, "adam": Adam, "adamw": AdamW, "rmsprop": RMSprop, "adagrad": Adagrad}


class GradientTape:
    """What computes inside `with tf.GradientTape() as tape:`; every graph is recorded here, so it only asks.

    Args:
        persistent: accepted; a tape may always be asked again.

    >>> x = Value(3.0)
    >>> with GradientTape() as tape:
    ...     y = x**2
    >>> tape.gradient(y, x)
    6.0
    """

    def __init__(self, persistent: bool = False) -> None:
        self.persistent = bool(persistent)

    def __enter__(self) -> GradientTape:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def watch(self, tensor: Any) -> None:
        """Accepted for Values, which are always watched.

        Raises:
            TypeError: numbers, which nobody can watch: write `tf.Variable(x)`.
        """
        if not all(isinstance(x, Value) for _, x in entries(tensor)):
            raise problem(TypeError, "keras_watch")

    def gradient(self, target: Any, sources: Any) -> Any:
        """The gradients of a Value to Values, nested as these; 0.0 for what it does not depend on."""
        return ag.grad(target, sources)


class Dense(linear.Dense):
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

    def build(self, inputs: int) -> None:
        """Make the weights for this number of inputs, and fill them as was said."""
        if self.linear is None:
            super().build(inputs)
            made: Any = self.linear
            initializer(self.kernel_initializer, self, "kernel_initializer")(made.weight)
            initializer(self.bias_initializer, self, "bias_initializer")(made.bias or [])


class Sequential(linear.Sequential):
    """Layers one after the other; the names of optimisers and losses mean Keras's."""

    @property
    def trainable_variables(self) -> list[Any]:
        """Kernels (inputs first, as in Keras) and biases, of what is not frozen."""
        return [x for x in self._variables() if x.requires_grad]

    @property
    def weights(self) -> list[Any]:
        """Kernels and biases."""
        return self._variables()

    def _variables(self) -> list[Any]:
        found: list[Any] = []
        for module in self.modules():
            if isinstance(module, linear.Linear):
                found.append(Parameters(Parameters(x) for x in transposed(module.weight)))
                found += [module.bias] if module.bias is not None else []
        return found

    def get_weights(self) -> list[Any]:
        """All weights as nested lists of numbers, in Keras's order and orientation."""
        return [Numbers(x) for x in weights.keras_weights(self)]

    def set_weights(self, given: Any) -> None:
        """Take over what `get_weights` gave, here or in Keras.

        Raises:
            ValueError: another number of arrays, or a shape that differs.
        """
        weights.load_keras(self, given)

    def get_layer(self, name: str) -> Any:
        """The layer of this name.

        Raises:
            ValueError: there is none.
        """
        known = {layer.name: layer for layer in self.layers if getattr(layer, "name", None)}
        return known[chosen_word(self, "name", name, known)]

    def _penalties(self, _: Any) -> Any:
        terms = [
            layer.kernel_regularizer(layer.linear.weight)
            for layer in self.layers
            if getattr(layer, "kernel_regularizer", None) is not None and layer.linear is not None
        ]
        return ag.sum(terms)

    def fit(  # type: ignore[override]  # Keras's order: the batch size stands third
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        **more: Any,
    ) -> History:
        """`nn.Module.fit` in Keras's order of arguments; `verbose=0` is silent."""
        size = None if batch_size is None else min(batch_size, len(x))
        return super().fit(x, y, batch_size=size, epochs=epochs, verbose=bool(verbose), **more)

    def evaluate(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",  # noqa: ARG002 - Keras's argument
        return_dict: bool = False,
        sample_weight: Any = None,
    ) -> Any:
        """`nn.Module.evaluate`; `verbose` is accepted."""
        return super().evaluate(
            x, y, batch_size=batch_size, return_dict=return_dict, sample_weight=sample_weight
        )

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",  # noqa: ARG002 - Keras's argument
    ) -> Any:
        """The outputs: nested lists, and an array where an array was given; `verbose` is accepted."""
        found = super().predict(x, batch_size=batch_size)
        if not is_array(x):
            return found
        import numpy as np

        return np.array(found)

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = "mse",
        metrics: Sequence[Any] | None = None,
        penalty: Any = None,
    ) -> None:
        """Say how the model learns; as `nn.Module.compile`, with Keras's optimisers and its default.

        >>> model = Sequential([Dense(1, input_shape=(2,))])
        >>> model.compile("sgd", loss="mse")
        """
        if isinstance(optimizer, str):
            optimizer = OPTIMIZERS[chosen_word("compile", "optimizer", optimizer.lower(), OPTIMIZERS)]()
        if isinstance(loss, str) and loss in LOSSES:
            loss = LOSSES[loss]
        elif isinstance(loss, KerasLoss):
            loss = loss.function
        regular = any(getattr(layer, "kernel_regularizer", None) is not None for layer in self.layers)
        super().compile(optimizer, loss, metrics or (), penalty or (self._penalties if regular else None))


layers = SimpleNamespace(Dense=Dense, Dropout=Dropout, Embedding=Embedding, Flatten=Flatten)
models = SimpleNamespace(Sequential=Sequential)
optimizers = SimpleNamespace(SGD=SGD, Adam=Adam, AdamW=AdamW, RMSprop=RMSprop, Adagrad=Adagrad)
callbacks = SimpleNamespace(EarlyStopping=EarlyStopping, ModelCheckpoint=ModelCheckpoint)
tf = SimpleNamespace(
    GradientTape=GradientTape,
    keras=sys.modules[__name__],
    constant=lambda x: (
        Numbers(ag.number.map_nested(ag.number.to_float, x)) if is_list(x) else ag.number.to_float(x)
    ),
    Variable=Parameter,
    reduce_mean=lambda x: ag.mean([v for _, v in entries(x)]),
    reduce_sum=lambda x: ag.sum([v for _, v in entries(x)]),
    square=lambda x: Numbers(listed(x)) ** 2 if is_list(x) else ag.square(x),
)
