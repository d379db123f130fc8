import copy
import pickle
import random

import pytest

import nn
from autograd import Value
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


def test_names_of_optimizers_mean_those_of_keras():
    defaults = {
        "sgd": {"lr": 0.01, "momentum": 0.0},
        "rmsprop": {"lr": 0.001, "alpha": 0.9, "eps": 1e-7, "form": "keras"},
        "adagrad": {"lr": 0.001, "initial_accumulator_value": 0.1, "eps": 1e-7, "form": "keras"},
        "adam": {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-7, "form": "keras"},
        "adamw": {"lr": 0.001, "weight_decay": 0.004, "eps": 1e-7, "form": "keras"},
    }
    for name, wanted in defaults.items():
        seen = []
        model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
        model.compile(name.upper(), "mse")
        model.fit(X, Y, callbacks=[lambda run, seen=seen: seen.append(run.optimizer)], verbose=False)
        group = seen[0].param_groups[0]
        assert {key: group[key] for key in wanted} == wanted
    with pytest.raises(ValueError, match="optimizer 'lion' is not known: choose one of sgd, adam, adamw"):
        keras.Sequential([keras.Dense(1)]).compile("lion", "mse")


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("SGD", {}),
        ("SGD", {"momentum": 0.9, "nesterov": True}),
        ("SGD", {"nesterov": True}),
        ("RMSprop", {}),
        ("RMSprop", {"centered": True, "momentum": 0.5}),
        ("Adagrad", {}),
        ("Adam", {}),
        ("AdamW", {}),
    ],
)
def test_updates_are_those_of_keras(request, torch, name, settings):
    there = request.getfixturevalue("keras")
    theirs, variable = getattr(there.optimizers, name)(**settings), there.Variable([1.0, -2.0])
    ours = [Value(1.0), Value(-2.0)]
    optimizer = getattr(keras.optimizers, name)(**settings)(ours)
    for gradients in ([0.3, 1e-4], [-0.2, 2e-4], [1.5, -1e-4]):
        theirs.apply([torch.tensor(gradients)], [variable])
        for p, g in zip(ours, gradients):
            p.grad = g
        optimizer.step()
    assert [p.data for p in ours] == pytest.approx(variable.value.tolist(), rel=1e-12)


def stopped_after(column, **settings):
    class Put(nn.Callback):
        def on_epoch_end(self, run):
            run.logs["val_loss"] = column[run.epoch - 1]

    model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    stop = keras.EarlyStopping(**settings)
    return len(model.fit(X, Y, epochs=len(column), callbacks=[Put(), stop], verbose=False))


STOPS = [
    ([3.0, 2.0, 2.5, 1.0, 4.0, 5.0, 6.0], {}),
    ([3.0, 2.0, 2.5, 1.0, 4.0, 5.0, 6.0], {"patience": 1}),
    ([3.0, 2.0, 2.5, 1.0, 4.0, 5.0, 6.0], {"patience": 2}),
    ([3.0, 2.9, 2.8, 2.7, 2.6], {"min_delta": -0.5, "patience": 2}),
    ([3.0, 2.9, 2.8, 2.7, 2.6, 1.0], {"baseline": 2.75, "patience": 2}),
    ([3.0, 2.9, 2.8, 2.85, 2.9, 3.0, 3.1], {"baseline": 1.0, "patience": 3}),
    ([1.0, 9.0, 9.0, 8.0, 9.0, 9.0], {"start_from_epoch": 2, "patience": 1}),
    ([1.0, 2.0, 3.0, 2.0, 1.0], {"mode": "max", "patience": 2}),
]


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize(("column", "settings"), STOPS)
def test_early_stopping_ends_where_that_of_keras_does(request, column, settings):
    class Model:
        stop_training = False

    stop = request.getfixturevalue("keras").callbacks.EarlyStopping(**settings)
    stop.set_model(Model())
    stop.on_train_begin()
    epochs = 0
    for epochs, number in enumerate(column, 1):
        stop.on_epoch_end(epochs - 1, {"val_loss": number})
        if stop.model.stop_training:
            break
    assert stopped_after(column, **settings) == epochs


def rates_after(column, **settings):
    class Put(nn.Callback):
        def on_epoch_end(self, run):
            run.logs["val_loss"] = column[run.epoch - 1]

    model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    lower = keras.callbacks.ReduceLROnPlateau(**settings)
    history = model.fit(X, Y, epochs=len(column), callbacks=[Put(), lower], verbose=0)
    return [*history.history["learning_rate"], model.optimizer.learning_rate]


PLATEAUS = [
    ([3.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0], {"patience": 2, "factor": 0.5}),
    ([3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0], {"patience": 1, "cooldown": 2}),
    ([3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0], {"patience": 0, "min_lr": 0.01}),
    ([3.0, 2.9, 2.8, 2.7, 2.6, 2.5], {"patience": 2, "min_delta": 0.15}),
    ([1.0, 2.0, 1.5, 1.5, 1.5, 3.0], {"patience": 2, "mode": "max"}),
]


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras's own arrays
@pytest.mark.parametrize(("column", "settings"), PLATEAUS)
def test_rates_fall_on_a_plateau_as_those_of_keras(request, column, settings):
    theirs = request.getfixturevalue("keras")

    class Model:
        optimizer = theirs.optimizers.SGD(0.5)

    lower, rates = theirs.callbacks.ReduceLROnPlateau(**settings), []
    lower.set_model(Model())
    lower.on_train_begin()
    for epoch, number in enumerate(column):
        logs = {"val_loss": number}
        lower.on_epoch_end(epoch, logs)
        rates.append(float(logs["learning_rate"]))
    rates.append(float(Model.optimizer.learning_rate))
    assert rates_after(column, **settings) == pytest.approx(rates, rel=1e-9)


def test_a_plateau_halves_the_rate_and_history_has_its_name():
    assert rates_after([1.0, 1.0, 1.0], patience=1, factor=0.5) == [0.5, 0.5, 0.25, 0.125]
    model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    falls = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    assert model.fit(X, Y, epochs=2, callbacks=falls, verbose=0).history["learning_rate"] == [0.25, 0.125]


def test_a_model_comes_back_from_its_file_with_its_layers(tmp_path):
    layers = keras.layers
    made = [
        keras.Input((2,)), layers.Dense(3, "relu", kernel_initializer="he_normal", name="first"),
        layers.Dropout(0.2), layers.LeakyReLU(0.1), layers.Activation("tanh"),
        layers.Dense(2, use_bias=False), layers.Softmax(),
    ]  # fmt: skip
    model = keras.Sequential(made)
    model.save(tmp_path / "model.json")
    other = keras.models.load_model(tmp_path / "model.json")
    assert other.predict(X) == model.predict(X)
    assert repr(other) == repr(model)
    assert other.input_shape == (2,)
    assert other.get_layer("first").units == 3
    late = keras.Sequential([layers.Flatten(), layers.Dense(1)])
    late([[1.0], [2.0], [3.0]])
    late.save(tmp_path / "late.json")
    assert keras.models.load_model(tmp_path / "late.json").get_weights() == late.get_weights()


def test_a_model_that_no_file_can_describe_says_how_to_load_it(tmp_path):
    model = keras.Sequential([keras.Dense(1, activation=lambda x: x, input_shape=(2,))])
    model.save(tmp_path / "model.json")
    with pytest.raises(ValueError, match="holds weights without layers: build the layers as they were"):
        keras.models.load_model(tmp_path / "model.json")
    model.load(tmp_path / "model.json")
    with pytest.raises(ValueError, match=r"suffix of another kind of file, PyTorch: write .*model\.json"):
        model.save(tmp_path / "model.pth")
    written = (tmp_path / "model.json").read_text("utf-8")
    written = written[:-2] + ', "input_shape": [2], "layers": [["os", {}]]}'
    (tmp_path / "model.json").write_text(written, "utf-8")
    with pytest.raises(ValueError, match="layers 'os' is not known"):
        keras.models.load_model(tmp_path / "model.json")


def test_a_batch_is_tested_and_predicted_as_it_is_trained():
    model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    assert model.test_on_batch(X, Y) == model.evaluate(X, Y)
    assert model.predict_on_batch(X) == model.predict(X)


def test_early_stopping_keeps_the_last_weights_unless_asked():
    assert not keras.EarlyStopping().restore_best_weights
    assert keras.EarlyStopping().patience == 0


def test_a_checkpoint_is_written_each_epoch_or_for_the_best_under_its_own_name(tmp_path):
    def files(name, **settings):
        folder = tmp_path / name
        folder.mkdir()
        model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
        model.compile("sgd", "mse")
        keep = keras.ModelCheckpoint(folder / "{epoch:02d}-{loss:.1f}.json", **settings)
        put = lambda run: run.logs.update(loss=[3.0, 1.0, 2.0][run.epoch - 1])
        model.fit(X, Y, epochs=3, callbacks=[put, keep], verbose=False)
        return sorted(path.name for path in folder.iterdir())

    assert files("all") == ["01-3.0.json", "02-1.0.json", "03-2.0.json"]
    assert files("best", monitor="loss", save_best_only=True) == ["01-3.0.json", "02-1.0.json"]
    with pytest.raises(ValueError, match="save_freq 10 is not known: choose one of epoch"):
        keras.ModelCheckpoint("run.json", save_freq=10)


def test_a_model_with_its_optimizer_goes_through_pickle():
    model = keras.Sequential([keras.Dense(4, activation="elu"), keras.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.05), loss="mse", metrics=["mae"])
    model.fit(X, Y, epochs=1, verbose=False)
    for back in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert back.predict(X) == model.predict(X)
        assert back.fit(X, Y, epochs=2, verbose=False)["loss"][-1] >= 0


@pytest.mark.parametrize(
    "loss", ["binary_crossentropy", "hinge", keras.losses.BinaryCrossentropy(label_smoothing=0.1)]
)
def test_a_compiled_model_goes_through_pickle_with_its_loss(loss):
    model = keras.Sequential([keras.Dense(1, activation="sigmoid", input_dim=2)])
    model.compile("adam", loss, metrics=["accuracy", keras.metrics.AUC()])
    labels = [i % 2 for i in range(16)]
    model.fit(X, labels, verbose=0)
    for back in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert back.evaluate(X, labels) == model.evaluate(X, labels)


def test_evaluate_gives_loss_and_metrics_in_their_order():
    model = keras.Sequential([keras.Dense(1, input_shape=(2,))])
    model.compile(optimizer=keras.optimizers.SGD(), loss="mse", metrics=["mae"])
    loss, error = model.evaluate(X, Y)
    said = model.predict(X)
    assert error == pytest.approx(sum(abs(p - t) for (p,), t in zip(said, Y)) / 16)
    assert loss == pytest.approx(sum((p - t) ** 2 for (p,), t in zip(said, Y)) / 16)


@pytest.mark.parametrize("label", [2, -1, 0.5, 1e300, float("inf"), float("nan")])
@pytest.mark.parametrize(
    "measure",
    [
        keras.losses.sparse_categorical_crossentropy, keras.losses.SparseCategoricalCrossentropy(),
        keras.metrics.SparseCategoricalCrossentropy(), keras.metrics.SparseCategoricalAccuracy(),
        keras.metrics.SparseTopKCategoricalAccuracy(), keras.metrics.TopKCategoricalAccuracy(),
    ],
)  # fmt: skip
def test_a_label_that_is_no_class_is_refused_by_every_loss_and_metric(measure, label):
    with pytest.raises(ValueError, match=r"target .* from 0 to 1"):
        measure([label], [[0.1, 0.9]])
