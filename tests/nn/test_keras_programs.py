"""Programs in Keras's words, and the same numbers beside Keras itself."""

import math

import numpy as np
import pytest

import nn
from nn import keras
from nn.keras import tf

# Keras on torch asks NumPy for arrays in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's

X = [[math.sin(i), math.cos(3 * i)] for i in range(12)]
Y = [[x * x - y] for x, y in X]


def both_models(theirs, *layers):
    """Ours and Keras's with the same weights: pairs of (units, settings)."""
    made = []
    for module in (keras, theirs):
        model = module.Sequential()
        if module is theirs:
            model.add(module.Input((2,)))
        for i, (units, settings) in enumerate(layers):
            first = {"input_dim": 2} if module is keras and i == 0 else {}
            model.add(module.layers.Dense(units, **settings, **first))
        made.append(model)
    made[0].set_weights(made[1].get_weights())
    return made


def by_tape(module, tape_of, model, optimizer, loss_of, x, y, steps=8):
    losses = []
    for _ in range(steps):
        with tape_of() as tape:
            loss = loss_of(y, model(x))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        losses.append(float(loss))
    return losses


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad", "AdamW"])
def test_row_09_a_tape_and_apply_gradients_train_as_fit_does(name):
    make = lambda: keras.Sequential([keras.Dense(3, "tanh", input_dim=2), keras.Dense(1)])
    first, second = make(), make()
    second.set_weights(first.get_weights())
    optimizer = getattr(tf.keras.optimizers, name)(learning_rate=0.05)
    losses = by_tape(keras, tf.GradientTape, first, optimizer, keras.losses.MeanSquaredError(), X, Y)
    second.compile(getattr(keras.optimizers, name)(learning_rate=0.05), loss="mse")
    history = second.fit(X, Y, 12, 8, verbose=0, shuffle=False)
    assert history["loss"] == pytest.approx(losses, rel=1e-12)
    assert all(p.grad == 0.0 for p in first.parameters())


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad", "AdamW"])
def test_row_10_fit_equals_keras(request, name):
    theirs = request.getfixturevalue("keras")
    ours, model = both_models(theirs, (4, {"activation": "sigmoid"}), (1, {}))
    found = []
    for module, each, x, y in ((keras, ours, X, Y), (theirs, model, np.array(X), np.array(Y))):
        each.compile(optimizer=getattr(module.optimizers, name)(learning_rate=0.0625), loss="mse")
        history = each.fit(x, y, 5, 6, verbose=0, shuffle=False)
        found.append(history.history["loss"])
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    for a, b in zip(ours.get_weights(), model.get_weights()):
        assert np.allclose(np.array(a), b, rtol=1e-12, atol=1e-14)


@pytest.mark.parity
@pytest.mark.more
def test_what_remains_without_the_lifted_entry_is_keras_own_float32(request, monkeypatch):
    theirs = request.getfixturevalue("keras")
    ours, model = both_models(theirs, (4, {}))
    kernel, bias = model.get_weights()
    exact = np.array(X) @ kernel + bias
    assert np.abs(np.array(ours.predict(X)) - exact).max() < 1e-15
    assert np.abs(model.predict(np.array(X), verbose=0) - exact).max() < 1e-15
    from keras.src.backend.common import dtypes

    monkeypatch.setitem(
        dtypes.BIT64_TO_BIT32_DTYPE, "float64", "float32"
    )  # as Keras has it, but on TensorFlow
    assert theirs.backend.result_type("float64", "float64") == "float32"
    assert np.abs(model.predict(np.array(X), verbose=0) - exact).max() > 1e-9


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize(
    ("loss", "outputs", "activation", "targets"),
    [
        ("categorical_crossentropy", 3, "softmax", [[0, 1, 0], [1, 0, 0], [0, 0, 1]] * 4),
        ("sparse_categorical_crossentropy", 3, "softmax", [1, 0, 2] * 4),
        ("sparse_categorical_crossentropy", 3, "softmax", [[1], [0], [2]] * 4),
        ("binary_crossentropy", 1, "sigmoid", [[0.0], [1.0], [1.0]] * 4),
        ("mean_absolute_error", 1, None, Y),
    ],
)
def test_string_losses_and_regularizers_are_those_of_keras(request, loss, outputs, activation, targets):
    layers = (3, {"activation": "tanh"}), (outputs, {"activation": activation})
    theirs = request.getfixturevalue("keras")
    ours, model = both_models(theirs, *layers)
    for each in (ours, model):
        each.compile("sgd", loss)
    expected = model.evaluate(np.array(X), np.array(targets), verbose=0)
    assert ours.evaluate(X, targets, verbose=0) == pytest.approx(expected, rel=1e-12)
    ours.layers[0].kernel_regularizer = keras.regularizers.L2(0.1)
    ours.compile("sgd", loss)
    kernel = model.get_weights()[0]
    wanted = expected + 0.1 * float((kernel**2).sum())
    assert ours.evaluate(X, targets) == pytest.approx(wanted, rel=1e-12)


LABELS = [1, 0, 2] * 4
SHARES = [[float(label == i) for i in range(3)] for label in LABELS]


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("how", ["sample_weight", "class_weight", "validation_split", "validation_data"])
@pytest.mark.parametrize("targets", [LABELS, SHARES], ids=["labels", "shares"])
def test_fit_with_weights_and_metrics_equals_keras(request, how, targets):
    theirs = request.getfixturevalue("keras")
    pair = both_models(theirs, (4, {"activation": "tanh"}), (3, {"activation": "softmax"}))
    loss = "sparse_categorical_crossentropy" if targets is LABELS else "categorical_crossentropy"
    weights = [0.25 * (1 + i % 5) for i in range(12)]
    found = []
    for make, each in zip((list, np.array), pair):
        x, y, w = make(X), make(targets), make(weights)
        more = {
            "sample_weight": {"sample_weight": w},
            "class_weight": {"class_weight": {0: 2.0, 2: 0.5}},
            "validation_split": {"validation_split": 0.25, "sample_weight": w},
            "validation_data": {"validation_data": (x, y, w)},
        }[how]
        each.compile("rmsprop", loss, metrics=["accuracy"] if targets is LABELS else ["accuracy", "mse"])
        history = each.fit(x, y, 5, 4, verbose=0, shuffle=False, **more)
        found.append((history.history, each.evaluate(x, y, sample_weight=w, verbose=0, return_dict=True)))
    (ours, judged), (keras_says, keras_judged) = found
    assert ours.keys() == keras_says.keys()  # Keras gives them by the alphabet
    for name, column in ours.items():
        assert column == pytest.approx(keras_says[name], rel=1e-9)
    assert judged == pytest.approx(keras_judged, rel=1e-9)


BINARY = [0, 1, 1, 0, 1, 0]
SCORES = [0.1, 0.8, 0.4, 0.6, 0.95, 0.35]
ROWS = [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3], [0.5, 0.2, 0.3], [0.2, 0.2, 0.6]]
CLASSES = [1, 1, 2, 0, 0, 2]
ONE_HOT = [[float(c == i) for i in range(3)] for c in CLASSES]
REAL = [0.5, -1.0, 2.0, 3.0, 0.25, 1.5]
METRICS = [
    ("Accuracy", {}, CLASSES, [1, 2, 2, 0, 1, 2]),
    ("BinaryAccuracy", {"threshold": 0.375}, BINARY, SCORES),
    ("CategoricalAccuracy", {}, ONE_HOT, ROWS),
    ("SparseCategoricalAccuracy", {}, CLASSES, ROWS),
    ("TopKCategoricalAccuracy", {"k": 2}, ONE_HOT, ROWS),
    ("SparseTopKCategoricalAccuracy", {"k": 2}, CLASSES, ROWS),
    ("MeanSquaredError", {}, REAL, SCORES),
    ("RootMeanSquaredError", {}, REAL, SCORES),
    ("MeanAbsoluteError", {}, ONE_HOT, ROWS),
    ("MeanAbsolutePercentageError", {}, REAL, SCORES),
    ("MeanSquaredLogarithmicError", {}, SCORES, REAL),
    ("BinaryCrossentropy", {}, BINARY, SCORES),
    ("CategoricalCrossentropy", {}, ONE_HOT, ROWS),
    ("SparseCategoricalCrossentropy", {}, CLASSES, ROWS),
    ("R2Score", {}, [[x, x * x] for x in REAL], [[x, 1.0] for x in SCORES]),
    ("Precision", {}, BINARY, SCORES),
    ("Precision", {"thresholds": 0.375}, BINARY, SCORES),
    ("Recall", {}, BINARY, SCORES),
    ("AUC", {}, BINARY, SCORES),
    ("AUC", {"num_thresholds": 7}, BINARY, SCORES),
]


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("weights", [None, [1.0, 0.5, 2.0, 0.0, 3.0, 1.5]], ids=["", "weighted"])
@pytest.mark.parametrize(("name", "settings", "targets", "outputs"), METRICS)
def test_metrics_are_those_of_keras(request, name, settings, targets, outputs, weights):
    theirs = request.getfixturevalue("keras").metrics
    torch = request.getfixturevalue("torch")
    torch.set_default_dtype(torch.float32)  # its AUC mixes float32 in
    found = []
    for module, make in ((keras.metrics, list), (theirs, np.array)):
        metric = getattr(module, name)(**settings)
        column = name not in ("Accuracy", "R2Score") and not isinstance(targets[0], list) and module is theirs
        for part in (slice(0, 2), slice(2, 6)):
            y, p = make(targets[part]), make(outputs[part])
            if column and p.ndim == 1:
                y, p = y[:, None], p[:, None]
            more = {} if weights is None else {"sample_weight": make(weights[part])}
            metric.update_state(y, p, **more)
        found.append(float(metric.result()))
        metric.reset_state()
    assert found[0] == pytest.approx(found[1], rel=1e-9)


def test_a_metric_counts_up_until_it_is_reset():
    mean, sums = keras.metrics.Mean(name="loss"), keras.metrics.Sum()
    for number in (1.0, [2.0, 6.0]):
        mean.update_state(number)
        sums(number)
    assert (mean.result(), sums.result(), mean.name) == (3.0, 9.0, "loss")
    mean.reset_state()
    assert mean.result() == 0.0
    with pytest.raises(ValueError, match="y_pred has 1 sample and y_true has 2 targets"):
        keras.metrics.Precision().update_state([0, 1], [0.5])


def test_names_in_the_history_are_keras_names():
    model = keras.Sequential([keras.Dense(1, "sigmoid", input_dim=2)])
    precision = keras.metrics.Precision()
    own = lambda y_true, y_pred: tf.abs(y_true - y_pred)
    metrics = [
        "acc",
        "mean_squared_error",
        "AUC",
        precision,
        keras.metrics.Precision(),
        keras.metrics.Recall(name="r"),
    ]
    model.compile("adam", "binary_crossentropy", metrics=[*metrics, own])
    history = model.fit(X, [i % 2 for i in range(12)], verbose=0)
    names = ["loss", "acc", "mean_squared_error", "AUC", "precision", "precision_1", "r", "<lambda>"]
    assert list(history.history) == names
    assert precision.result() == 0.0


LOSSES = [
    ("MeanSquaredError", {}, [[x] for x in REAL], [[x] for x in SCORES]),
    ("MeanAbsoluteError", {}, ONE_HOT, ROWS),
    ("MeanAbsolutePercentageError", {}, [[x] for x in REAL], [[x] for x in SCORES]),
    ("MeanSquaredLogarithmicError", {}, [[x] for x in SCORES], [[x] for x in REAL]),
    ("LogCosh", {}, ONE_HOT, ROWS),
    ("Poisson", {}, ONE_HOT, ROWS),
    ("Hinge", {}, ONE_HOT, ROWS),
    ("SquaredHinge", {}, [[2.0 * x - 1] for x in BINARY], [[x] for x in SCORES]),
    ("KLDivergence", {}, ROWS[::-1], ROWS),
    ("CosineSimilarity", {}, ONE_HOT, ROWS),
    ("Huber", {"delta": 0.5}, [[x] for x in REAL], [[x] for x in SCORES]),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, [[float(x)] for x in BINARY], [[x] for x in SCORES]),
    ("BinaryCrossentropy", {"from_logits": True}, [[float(x)] for x in BINARY], [[x] for x in REAL]),
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}, ONE_HOT, ROWS),
    ("CategoricalCrossentropy", {"from_logits": True}, ONE_HOT, ROWS),
    ("SparseCategoricalCrossentropy", {}, CLASSES, ROWS),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, CLASSES, ROWS),
]


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", None])
@pytest.mark.parametrize("weights", [None, [1.0, 0.5, 2.0, 0.0, 3.0, 1.5]], ids=["", "weighted"])
@pytest.mark.parametrize(("name", "settings", "targets", "outputs"), LOSSES)
def test_losses_are_those_of_keras(request, name, settings, targets, outputs, weights, reduction):
    theirs = request.getfixturevalue("keras").losses
    more = {"sample_weight": weights}
    ours = getattr(keras.losses, name)(reduction=reduction, **settings)(targets, outputs, **more)
    loss = getattr(theirs, name)(reduction=reduction, **settings)
    expected = loss(np.array(targets), np.array(outputs), **{k: w and np.array(w) for k, w in more.items()})
    assert np.array(ours, dtype=float) == pytest.approx(expected.numpy(), rel=1e-9)


def test_a_loss_of_ones_own_gets_keras_order_of_arguments():
    def too_low(y_true, y_pred):
        return tf.reduce_mean(tf.relu(y_true - y_pred))

    model = keras.Sequential([keras.Dense(1, kernel_initializer="zeros", input_dim=2)])
    model.compile("sgd", too_low, metrics=[too_low])
    targets = [3.0, -1.0] * 6
    assert model.evaluate(X, targets) == [1.5, 1.5]
    history = model.fit(X, targets, sample_weight=[1.0, 0.0] * 6, verbose=0)
    assert history["loss"] == [1.5]


def test_both_kinds_of_weights_are_one_too_many():
    model = keras.Sequential([keras.Dense(1, "sigmoid", input_dim=2)])
    model.compile("sgd", "binary_crossentropy")
    with pytest.raises(ValueError, match="sample_weight and class_weight came together"):
        model.fit(X, [0, 1] * 6, class_weight={0: 2.0}, sample_weight=[1.0] * 12)


def test_a_summary_is_printed(capsys):
    model = keras.Sequential(
        [
            keras.Input((2, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(4, activation="relu", name="first"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(2),
            keras.layers.Dense(2),
            keras.layers.Softmax(),
        ]
    )
    model.get_layer("first").requires_grad_(False)
    assert model.summary() is None
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'Model: "sequential"'
    assert [line.split() for line in lines[2:8]] == [
        ["flatten", "(Flatten)", "(None,", "6)", "0"],
        ["first", "(Dense)", "(None,", "4)", "28"],
        ["dropout", "(Dropout)", "(None,", "4)", "0"],
        ["dense", "(Dense)", "(None,", "2)", "10"],
        ["dense_1", "(Dense)", "(None,", "2)", "6"],
        ["softmax", "(Softmax)", "(None,", "2)", "0"],
    ]
    assert lines[8:] == ["Total params: 44", "Trainable params: 16", "Non-trainable params: 28"]
    said = []
    model.summary(print_fn=said.append)
    assert said[0].splitlines() == lines
    assert model.get_layer("dense_1") is model.layers[4]
    assert model.get_layer(index=1) is model.layers[1]


def test_a_model_of_ones_own_says_in_call_what_comes_out(capsys):
    class Mine(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.drop = keras.layers.Dense(4, activation="relu"), keras.layers.Dropout(0.9)
            self.last = keras.layers.Dense(1)

        def call(self, x, training=False):
            seen.append(training)
            return self.last(self.drop(self.first(x)))

    seen = []
    model = Mine()
    assert model(X[0])[0].data == model.predict([X[0]])[0][0]  # no dropout outside a training
    model(X[0], training=True)
    assert seen == [False, False, True]
    model.compile("adam", "mse", metrics=["mae"])
    history = model.fit(X, Y, epochs=2, verbose=0)
    assert list(history.history) == ["loss", "mae"]
    assert True in seen[3:]
    assert len(model.trainable_variables) == 4
    model.summary()
    assert "Total params: 17" in capsys.readouterr().out
    with pytest.raises(TypeError, match="put the layers into a Sequential, or write a subclass"):
        keras.Model(inputs=keras.Input((2,)), outputs=None)


def test_ones_own_callback_is_told_as_keras_tells_it():
    class Watch(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            said.append("begin")

        def on_epoch_end(self, epoch, logs=None):
            said.append((epoch, sorted(logs)))
            if epoch == 1:
                self.model.stop_training = True

        def on_train_end(self, logs=None):
            said.append("end")

    said, rates = [], []
    model = keras.Sequential([keras.Dense(1, input_dim=2)])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    slower = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: rates.append(model.optimizer.learning_rate)
    )
    model.fit(X, Y, epochs=9, verbose=0, callbacks=[Watch(), slower, watch])
    assert said == ["begin", (0, ["loss"]), (1, ["loss"]), "end"]
    assert rates == [0.25, 0.125]


def test_an_optimizer_goes_on_where_the_last_fit_left_it():
    make = lambda: keras.Sequential([keras.Dense(1, kernel_initializer="ones", input_dim=2)])
    once, twice = make(), make()
    for model, runs in ((once, [4]), (twice, [1, 3])):
        model.compile(keras.optimizers.Adam(0.1), "mse")
        for epochs in runs:
            model.fit(X, Y, 12, epochs, verbose=0, shuffle=False)
    assert twice.get_weights() == once.get_weights()


def test_modules_are_imported_by_the_paths_of_keras():
    from nn.keras.ops import relu
    from nn.keras.utils import to_categorical

    from nn.keras.callbacks import EarlyStopping
    from nn.keras.layers import Activation, Dense, InputLayer
    from nn.keras.losses import BinaryCrossentropy
    from nn.keras.metrics import AUC
    from nn.keras.models import Sequential
    from nn.keras.optimizers import Adam
    from nn.keras.regularizers import l2

    model = Sequential([InputLayer((2,)), Dense(3, kernel_regularizer=l2(0.01)), Activation("softmax")])
    model.compile(Adam(), BinaryCrossentropy(), metrics=[AUC()])
    model.fit(np.array(X), to_categorical(np.array(LABELS), 3), verbose=0, callbacks=[EarlyStopping("loss")])
    assert relu([-1.0, 2.0]) == [0.0, 2.0]
    assert to_categorical([2, 0]) == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]


@pytest.mark.parametrize("name", ["Conv2D", "LSTM", "LayerNormalization"])
def test_what_is_not_here_says_what_to_write(name):
    with pytest.raises(ImportError, match=rf"nn.keras.layers has no {name} here. Write nn\."):
        exec(f"from nn.keras.layers import {name}")  # noqa: S102 - as a program has it
    with pytest.raises(AttributeError, match="nonsense"):
        keras.layers.nonsense  # noqa: B018 - the attribute is what is asked for


def test_images_are_flattened_first_and_scores_become_shares_after_a_training():
    model = keras.Sequential([keras.layers.Flatten(input_shape=(2, 2)), keras.layers.Dense(3)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    images = np.arange(24.0).reshape(6, 2, 2) / 24
    model.fit(images, np.array([0, 1, 2] * 2), epochs=2, verbose=0)
    shares = keras.Sequential([model, keras.layers.Softmax()]).predict(images, verbose=0)
    assert shares.shape == (6, 3)
    assert shares.sum(axis=1) == pytest.approx(1.0)
    with pytest.raises(TypeError, match="put the layers into a Sequential"):
        keras.layers.Dense(8)(keras.Input(shape=(4,)))


def test_a_dense_layer_has_keras_settings():
    layer = keras.Dense(2, kernel_initializer="ones", bias_initializer="ones", name="first", input_dim=3)
    model = keras.Sequential([layer, keras.Dense(1, kernel_initializer="zeros")])
    assert model.get_layer("first") is layer
    assert layer([1.0, 2.0, 3.0]).tolist() == [7.0, 7.0]
    assert [w.shape for w in model.get_weights()] == [(3, 2), (2,), (2, 1), (1,)]
    assert [w.shape for w in model.trainable_variables] == [(3, 2), (2,), (2, 1), (1,)]
    with pytest.raises(ValueError, match="kernel_initializer 'lecun' is not known: choose one of glorot"):
        keras.Dense(1, kernel_initializer="lecun")
    with pytest.raises(ValueError, match="name 'second' is not known"):
        model.get_layer("second")


def test_predict_gives_an_array_where_one_came():
    model = keras.Sequential([keras.Dense(1, input_dim=2)])
    found = model.predict(np.array(X), verbose=0)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == model.predict(X)


def test_losses_have_keras_order():
    assert keras.losses.MeanSquaredError()([0.0, 0.0], [1.0, 2.0]) == 2.5
    logits = nn.Parameter([[2.0, 1.0]])
    of_logits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)([0], logits)
    assert of_logits.data == pytest.approx(math.log(1 + math.exp(-1)))
    assert keras.losses.BinaryCrossentropy()([1.0], [1.0]) == pytest.approx(1e-7, rel=1e-6)


def test_a_tape_watches_variables_and_not_numbers():
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        y = tf.reduce_sum(tf.square(x))
    assert tape.gradient(y, x) == [2.0, 4.0]
    assert tape.gradient(y, [x]) == [[2.0, 4.0]]
    tape.watch(x)
    with pytest.raises(TypeError, match=r"write x = tf.Variable\(x\)"):
        tape.watch([1.0])
    with pytest.raises(ValueError, match="give the same shape"):
        keras.optimizers.SGD().apply_gradients([([1.0], x)])


def test_a_tape_watches_constants():
    x, row = tf.constant(3.0), tf.constant([[1.0, 2.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x, row])
        y = x * x
        z = y * y + tf.reduce_sum(tf.square(row))
    assert (float(tape.gradient(z, x)), float(tape.gradient(y, x))) == (108.0, 6.0)
    assert tape.gradient(z, row) == [[2.0, 4.0]]


def test_a_tape_in_a_tape_gives_the_second_derivative():
    x = tf.Variable(2.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x * x * x
        dy = inner.gradient(y, x)
    assert (float(dy), float(outer.gradient(dy, x))) == (12.0, 12.0)
