"""Keras's configurations, weights, schedules, normalisation and files, beside Keras itself."""

import random

import pytest

import nn
from autograd.number import map_nested
from nn import keras as ours
from nn.keras.optimizers import schedules

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own

SCHEDULES = [
    ("ExponentialDecay", (0.1, 7, 0.5), {}),
    ("ExponentialDecay", (0.1, 7, 0.5), {"staircase": True}),
    ("InverseTimeDecay", (0.1, 7, 0.5), {}),
    ("InverseTimeDecay", (0.1, 7, 0.5), {"staircase": True}),
    ("PiecewiseConstantDecay", ([3, 8], [0.1, 0.05, 0.01]), {}),
    ("PolynomialDecay", (0.1, 7), {"power": 2.0}),
    ("PolynomialDecay", (0.1, 7), {"cycle": True}),
    ("CosineDecay", (0.1, 7), {"alpha": 0.1}),
    ("CosineDecay", (0.01, 7), {"warmup_target": 0.1, "warmup_steps": 4}),
]
LAYERS = [
    ("Dense", (3,), {"activation": "relu", "name": "hidden"}),
    ("Dropout", (0.5,), {"seed": 3}),
    ("Flatten", (), {}),
    ("BatchNormalization", (), {"momentum": 0.9}),
    ("LeakyReLU", (), {}),
    ("Embedding", (5, 2), {}),
]


def close(found, wanted):
    import numpy

    numpy.testing.assert_allclose(numpy.array(found, dtype=float), wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize(("name", "given", "settings"), SCHEDULES)
def test_schedules_give_the_rates_of_keras(keras, name, given, settings):
    theirs = getattr(keras.optimizers.schedules, name)(*given, **settings)
    mine = getattr(schedules, name)(*given, **settings)
    for step in range(20):
        assert mine(step) == pytest.approx(float(theirs(step)), abs=1e-9)


def both(keras, build, numbers):
    """The same model here and there, with the same weights."""
    import numpy

    models = [build(library) for library in (ours, keras)]
    models[1].set_weights([numpy.abs(numpy.array(numbers(*w.shape))) + 0.1 for w in models[1].get_weights()])
    models[0].set_weights(models[1].get_weights())
    return models


def with_normalisation(library):
    layers = library.layers
    rate = library.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    model = library.Sequential(
        [library.Input((3,)), layers.Dense(4), layers.BatchNormalization(), layers.Activation("tanh"),
         layers.Dense(1)]
    )  # fmt: skip
    model.compile(library.optimizers.SGD(rate, momentum=0.9), "mse")
    return model


@pytest.mark.parity
@pytest.mark.more
def test_a_normalised_model_with_a_schedule_trains_as_in_keras(keras, numbers):
    import numpy

    mine, theirs = both(keras, with_normalisation, numbers)
    x, y = numpy.array(numbers(10, 3)), numpy.array(numbers(10, 1))
    close(mine.predict(x, verbose=0), theirs.predict(x, verbose=0))
    histories = [m.fit(x, y, batch_size=4, epochs=5, initial_epoch=2, shuffle=False, verbose=0)
                 for m in (mine, theirs)]  # fmt: skip
    assert histories[0].epoch == histories[1].epoch == [2, 3, 4]
    close(histories[0].history["loss"], histories[1].history["loss"])
    for found, wanted in zip(mine.get_weights(), theirs.get_weights(), strict=True):
        close(found, wanted)
    close(mine.predict(x, verbose=0), theirs.predict(x, verbose=0))
    assert mine.optimizer.iterations == int(theirs.optimizer.iterations) == 9
    assert mine.optimizer.learning_rate == pytest.approx(float(theirs.optimizer.learning_rate), abs=1e-9)
    assert mine.count_params() == theirs.count_params()
    assert [w.name for w in mine.weights] == [w.name for w in theirs.weights]
    assert len(mine.non_trainable_weights) == len(theirs.non_trainable_weights) == 2
    assert [tuple(w.shape) for w in mine.layers[1].get_weights()] == [(4,)] * 4


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize(("name", "given", "settings"), LAYERS)
def test_the_configuration_of_a_layer_says_what_keras_says(keras, name, given, settings):
    found = getattr(ours.layers, name)(*given, **settings).get_config()
    wanted = getattr(keras.layers, name)(*given, **settings).get_config()
    plain = [key for key in found if key in wanted and isinstance(wanted[key], (bool, int, float))]
    assert {key: found[key] for key in plain} == {key: wanted[key] for key in plain}
    assert getattr(ours.layers, name).from_config(found).get_config() == found
    if "name" in settings:
        assert found["name"] == wanted["name"]


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"])
def test_the_configuration_of_an_optimizer_says_what_keras_says(keras, name):
    found = getattr(ours.optimizers, name)(0.5).get_config()
    wanted = getattr(keras.optimizers, name)(0.5).get_config()
    assert {key: wanted[key] for key in found} == pytest.approx(found)
    assert getattr(ours.optimizers, name).from_config(found).get_config() == found


@pytest.mark.parity
@pytest.mark.more
def test_callbacks_are_told_the_epochs_that_keras_tells(keras):
    import numpy

    told = []
    for library in (ours, keras):
        model = library.Sequential([library.Input((1,)), library.layers.Dense(1)])
        model.compile("sgd", "mse")
        seen = []
        callback = library.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs, seen=seen: seen.append(epoch)
        )
        model.fit(
            numpy.ones((4, 1)), numpy.ones((4, 1)), epochs=6, initial_epoch=3, callbacks=[callback], verbose=0
        )
        told.append(seen)
    assert told[0] == told[1] == [3, 4, 5]


@pytest.mark.parametrize("name", ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "RandomNormal"])
def test_a_seed_gives_the_same_first_weights_each_time(name):
    fill = getattr(ours.initializers, name)(seed=3)
    made = [ours.layers.Dense(3, kernel_initializer=fill, input_dim=2).get_weights() for _ in range(2)]
    assert made[0] == made[1]
    plain = getattr(ours.initializers, name)()
    made = [ours.layers.Dense(3, kernel_initializer=plain, input_dim=2).get_weights() for _ in range(2)]
    assert made[0] != made[1]


def test_a_batch_of_one_sample_is_normalised_to_beta():
    layer = ours.layers.BatchNormalization()
    assert map_nested(lambda v: v.item(), layer([[1.0, 5.0]], training=True)) == [[0.0, 0.0]]
    with pytest.raises(ValueError, match="axis"):
        ours.layers.BatchNormalization(axis=1)


def compiled(optimizer, loss, metrics):
    random.seed(0)
    model = ours.Sequential([ours.Input((2,)), ours.layers.Dense(3, "tanh"), ours.layers.Dense(1)])
    model.compile(optimizer, loss, metrics)
    return model


X = [[i / 7, (i * i % 5) / 5] for i in range(8)]
Y = [[x[0] - x[1]] for x in X]


@pytest.mark.parametrize("loss", ["mse", ours.losses.Huber(0.5)])
@pytest.mark.parametrize("optimizer", ["adam", ours.optimizers.SGD(0.1, momentum=0.9)])
def test_a_model_from_a_file_goes_on_training_where_it_was_saved(tmp_path, optimizer, loss):
    model = compiled(optimizer, loss, ["mae"])
    model.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    model.save(tmp_path / "m.json")
    again = ours.models.load_model(tmp_path / "m.json")
    wanted = model.fit(X, Y, epochs=2, shuffle=False, verbose=0).history
    assert again.fit(X, Y, epochs=2, shuffle=False, verbose=0).history == wanted
    assert sorted(wanted) == ["loss", "mae"]


def test_a_loss_of_one_s_own_is_in_no_file(tmp_path):
    model = compiled("adam", lambda y, p: nn.mse(p, y), None)
    model.save(tmp_path / "m.json")
    with pytest.raises(ValueError, match="compile"):
        ours.models.load_model(tmp_path / "m.json").fit(X, Y, verbose=0)


def test_a_file_names_no_class_of_another_kind(tmp_path):
    path = tmp_path / "m.json"
    compiled("adam", "mse", None).save(path)
    path.write_text(path.read_text().replace('["Adam"', '["Callable"'))
    with pytest.raises(ValueError, match="Callable"):
        ours.models.load_model(path)


def test_weights_know_their_names_and_take_numbers():
    layer = ours.layers.Dense(2, input_dim=1)
    assert [w.name for w in layer.weights] == ["kernel", "bias"]
    layer.weights[0].assign([[1.0, 2.0]])
    layer.set_weights([*layer.get_weights()[:1], [3.0, 4.0]])
    assert layer.get_weights() == [[[1.0, 2.0]], [3.0, 4.0]]
    assert layer.count_params() == 4


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("name", ["SGD", "RMSprop"])
def test_a_momentum_outlives_a_change_of_the_rate_as_in_keras(keras, numbers, name):
    import numpy

    def build(library):
        model = library.Sequential([library.Input((2,)), library.layers.Dense(1)])
        model.compile(getattr(library.optimizers, name)(0.1, momentum=0.9), "mse")
        return model

    x, y, losses = numpy.array(numbers(6, 2)), numpy.array(numbers(6, 1)), []
    for library, model in zip((ours, keras), both(keras, build, numbers), strict=True):
        slower = library.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (1 + epoch))
        history = model.fit(x, y, batch_size=3, epochs=5, shuffle=False, callbacks=[slower], verbose=0)
        losses.append(history.history["loss"])
    close(*losses)
