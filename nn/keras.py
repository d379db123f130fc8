"""Keras's names for what this library has under PyTorch's: change the imports of a small Keras program.

    from nn.keras import Dense, Sequential
    from nn.keras import optimizers

    model = Sequential([Dense(32, activation="relu", input_shape=(10,)), Dense(1)])
    model.compile(optimizer=optimizers.Adam(learning_rate=0.01), loss="mse", metrics=["mae"])
    history = model.fit(X, y, batch_size=32, epochs=10)

Optimisers are Keras's in formula and defaults, by name too: `compile("sgd")` has the rate 0.01 here. They get
the parameters when `fit` has them. Callbacks have Keras's defaults and meaning.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from autograd import Value
from autograd.settings import FINITE, WHOLE_FROM_0, chosen_number, chosen_word
from nn.fit import callbacks as ours
from nn.fit.checkpoint import Checkpoint
from nn.fit.run import Run
from nn.layers import linear
from nn.layers.linear import Dense, Dropout, Embedding, Flatten
from nn.learning import optim
from nn.learning.optimizer import Optimizer as Base

__all__ = [
    "Dense", "Dropout", "EarlyStopping", "Embedding", "Flatten", "ModelCheckpoint", "Sequential", "callbacks",
    "layers", "models", "optimizers",
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


class Sequential(linear.Sequential):
    """Layers one after the other; the names of optimisers mean Keras's."""

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
        super().compile(optimizer, loss, metrics or (), penalty)


class EarlyStopping(ours.EarlyStopping):
    """Stop as soon as a number has not improved in `patience` epochs, the first epoch left out.

    Args:
        monitor: what to watch.
        min_delta: what counts as an improvement must be more than this, either sign.
        patience: epochs without improvement; 0 and 1 stop at the first.
        verbose: accepted; `fit` says why it ended in `history.stopped`.
        mode: "min", "max", or "auto", which knows the losses and scores of this library.
        baseline: patience starts anew only with a number that beats this too.
        restore_best_weights: go back to the best weights at the end.
        start_from_epoch: so many epochs are not looked at.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: Any = 0,  # noqa: ARG002 - Keras's argument
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        delta = abs(chosen_number(self, "min_delta", min_delta, FINITE))
        super().__init__(monitor, patience, delta, restore_best_weights, mode)
        self.baseline: float | None = chosen_number(self, "baseline", baseline, FINITE, none=True)
        self.start_from_epoch: int = chosen_number(self, "start_from_epoch", start_from_epoch, WHOLE_FROM_0)

    def on_epoch_end(self, run: Run) -> None:
        """As without Keras, once the first epochs are over; what misses the baseline goes on waiting."""
        if run.epoch <= self.start_from_epoch:
            return
        waited = self._waited
        super().on_epoch_end(run)
        if self.best_epoch == run.epoch and self.baseline is not None:
            gain = (run.logs[self.monitor] - self.baseline) * (1 if self._rising else -1)
            self._waited = 0 if gain > self.min_delta else waited + 1

    def is_over(self, run: Run) -> bool:
        """Whether patience is over, after an epoch that was no better."""
        return self._waited >= self.patience and run.epoch > 1


class ModelCheckpoint(Checkpoint):
    """Write a checkpoint after each epoch, or only after the best.

    Args:
        filepath: the file, "{epoch:02d}" and "{val_loss:.2f}" in it replaced; the content is this library's.
        monitor: what decides with `save_best_only`.
        verbose: accepted.
        save_best_only: write only epochs that are better than all before.
        save_weights_only: accepted; `nn.load_checkpoint` takes the weights alone.
        mode: "min", "max", or "auto".
        save_freq: "epoch", the only one there is here.
    """

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: Any = 0,  # noqa: ARG002 - Keras's argument
        save_best_only: bool = False,
        save_weights_only: bool = False,  # noqa: ARG002 - Keras's argument
        mode: str = "auto",
        save_freq: str = "epoch",
    ) -> None:
        chosen_word(self, "save_freq", save_freq, ("epoch",))
        super().__init__(filepath, monitor if save_best_only else None, mode=mode)

    def path_of(self, run: Run) -> str:
        """The file for the epoch that has just ended."""
        return self.path.format(**{**run.logs, "epoch": run.epoch})


layers = SimpleNamespace(Dense=Dense, Dropout=Dropout, Embedding=Embedding, Flatten=Flatten)
models = SimpleNamespace(Sequential=Sequential)
optimizers = SimpleNamespace(SGD=SGD, Adam=Adam, AdamW=AdamW, RMSprop=RMSprop, Adagrad=Adagrad)
callbacks = SimpleNamespace(EarlyStopping=EarlyStopping, ModelCheckpoint=ModelCheckpoint)
