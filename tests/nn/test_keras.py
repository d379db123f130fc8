import random

import pytest

import nn
from nn import keras

X = [[i / 7, (i * i % 5) / 5] for i in range(16)]
Y = [x[0] - x[1] for x in X]


def test_optimizers_get_their_parameters_from_fit():
    model = keras.Sequential([keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.05), loss="mean_squared_error")
    history = model.fit(X, Y, epochs=20, batch_size=8, verbose=False)
    assert history.history["loss"][-1] < history.history["loss"][0] / 2


def test_adam_has_the_form_and_defaults_of_keras():
    group = keras.optimizers.Adam()(nn.Linear(1, 1).parameters()).param_groups[0]
    assert (group["lr"], group["betas"], group["eps"], group["form"]) == (0.001, (0.9, 0.999), 1e-7, "keras")


def test_sgd_with_momentum():
    group = keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)(nn.Linear(1, 1).parameters()).param_groups[
        0
    ]
    assert (group["lr"], group["momentum"], group["nesterov"]) == (0.1, 0.9, True)


def test_callbacks_have_their_names():
    random.seed(0)
    model = keras.models.Sequential([keras.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=0, min_delta=1e9)
    assert len(model.fit(X, Y, epochs=9, validation_split=0.25, callbacks=[stop], verbose=0)) == 2


def test_evaluate_gives_loss_and_metrics_in_their_order():
    model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
    model.compile(optimizer=keras.optimizers.SGD(), loss="mse", metrics=["mae"])
    loss, error = model.evaluate(X, Y)
    said = model.predict(X)
    assert error == pytest.approx(sum(abs(p - t) for (p,), t in zip(said, Y)) / 16)
    assert loss == pytest.approx(sum((p - t) ** 2 for (p,), t in zip(said, Y)) / 16)
