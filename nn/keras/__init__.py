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
from types import ModuleType
from typing import TYPE_CHECKING

from nn.keras import callbacks, initializers, layers, losses, metrics, models, optimizers, regularizers
from nn.keras import decay as schedules
from nn.keras import encoding as utils
from nn.keras import tensorflow as ops
from nn.keras.callbacks import EarlyStopping, ModelCheckpoint
from nn.keras.layers import Dense, Dropout, Embedding, Flatten, Input
from nn.keras.model import Model
from nn.keras.models import Sequential
from nn.keras.pipeline import Dataset
from nn.keras.tensorflow import GradientTape, Variable
from nn.missing import refusing

__all__ = [
    "Dense", "Dropout", "EarlyStopping", "Embedding", "Flatten", "GradientTape", "Input", "Model",
    "ModelCheckpoint", "Sequential", "Variable", "callbacks", "initializers", "layers", "losses", "metrics",
    "models", "ops", "optimizers", "regularizers", "tf", "utils",
]  # fmt: skip

tf = ModuleType("nn.keras.tf")
vars(tf).update({name: x for name, x in vars(ops).items() if not name.startswith("_")})
tf_data = ModuleType("nn.keras.tf.data")
vars(tf_data).update(Dataset=Dataset, AUTOTUNE=-1, __getattr__=refusing("nn.keras.tf.data"))
vars(tf).update(keras=sys.modules[__name__], data=tf_data, __getattr__=refusing("nn.keras.tf"))
# `from nn.keras.utils import to_categorical`
sys.modules[f"{__name__}.utils"], sys.modules[f"{__name__}.ops"] = utils, ops
sys.modules[f"{__name__}.optimizers.schedules"] = schedules


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
