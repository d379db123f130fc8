"""Keras's names for what this library has under PyTorch's: change the imports of a small Keras program.

    from nn import keras
    from nn.keras import layers

    model = keras.Sequential([keras.Input((10,)), layers.Dense(32, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse", metrics=["mae"])
    history = model.fit(X, y, batch_size=32, epochs=10)

or step by step:

    with tf.GradientTape() as tape:
        loss = keras.losses.MeanSquaredError()(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))

Optimisers are Keras's in formula and defaults, by name too: `compile("sgd")` has the rate 0.01 here. They get
the parameters when `fit` has them. Losses, metrics and callbacks have Keras's defaults, order and meaning.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from nn.keras import callbacks, initializers, layers, losses, metrics, models, optimizers, regularizers
from nn.keras import decay as schedules
from nn.keras import encoding as utils
from nn.keras import tensorflow as ops
from nn.keras.callbacks import EarlyStopping, ModelCheckpoint
from nn.keras.layers import Dense, Dropout, Embedding, Flatten, Input
from nn.keras.models import Model, Sequential
from nn.keras.tensorflow import GradientTape, Variable
from nn.missing import refusing, settings_told

__all__ = [
    "Dense", "Dropout", "EarlyStopping", "Embedding", "Flatten", "GradientTape", "Input", "Model",
    "ModelCheckpoint", "Sequential", "Variable", "callbacks", "initializers", "layers", "losses", "metrics",
    "models", "ops", "optimizers", "regularizers", "tf", "utils",
]  # fmt: skip

settings_told(
    *(
        x
        for part in (callbacks, layers, losses, metrics, models, optimizers, regularizers)
        for x in vars(part).values()
        if getattr(x, "__module__", "") == part.__name__
    )
)

tf = SimpleNamespace(**{name: x for name, x in vars(ops).items() if not name.startswith("_")})
tf.keras = sys.modules[__name__]
# `from nn.keras.utils import to_categorical`
sys.modules[f"{__name__}.utils"], sys.modules[f"{__name__}.ops"] = utils, ops
sys.modules[f"{__name__}.optimizers.schedules"] = schedules


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
