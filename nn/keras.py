"""Keras's names for what this library has under PyTorch's: change the imports of a small Keras program.

    from nn.keras import Dense, Sequential
    from nn.keras import optimizers

    model = Sequential([Dense(32, activation="relu", input_shape=(10,)), Dense(1)])
    model.compile(optimizer=optimizers.Adam(learning_rate=0.01), loss="mse", metrics=["mae"])
    history = model.fit(X, y, batch_size=32, epochs=10)

Optimisers are Keras's in formula and defaults (`epsilon` 1e-7, added after the correction of the root); they
get the parameters when `fit` has them.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from nn import optim
from nn.callbacks import EarlyStopping
from nn.checkpoint import Checkpoint as ModelCheckpoint
from nn.layers import Dense, Dropout, Embedding, Flatten, Sequential

__all__ = [
    "Dense", "Dropout", "EarlyStopping", "Embedding", "Flatten", "ModelCheckpoint", "Sequential", "callbacks",
    "layers", "models", "optimizers",
]  # fmt: skip


def SGD(  # noqa: N802 - a class in Keras
    learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False
) -> Callable[[Any], Any]:
    """Gradient descent; Keras keeps the rate inside the velocity, which is the same while it is constant."""
    return lambda p: optim.SGD(p, lr=learning_rate, momentum=momentum, nesterov=nesterov)


def Adam(  # noqa: N802 - a class in Keras
    learning_rate: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
) -> Callable[[Any], Any]:
    """Adam in Keras's form."""
    return lambda p: optim.Adam(p, lr=learning_rate, betas=(beta_1, beta_2), eps=epsilon, form="keras")


layers = SimpleNamespace(Dense=Dense, Dropout=Dropout, Embedding=Embedding, Flatten=Flatten)
models = SimpleNamespace(Sequential=Sequential)
optimizers = SimpleNamespace(SGD=SGD, Adam=Adam)
callbacks = SimpleNamespace(EarlyStopping=EarlyStopping, ModelCheckpoint=ModelCheckpoint)
