"""What programs of Keras's write themselves, and options that came later, beside Keras: the same numbers."""

import copy
import pickle

import numpy as np
import pytest

import nn
from autograd import language
from nn import keras as ours
from nn.keras import tf

# Keras on torch asks NumPy for arrays in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

X = np.array([[i / 7, (i * i % 5) / 5 - 0.4] for i in range(8)])
Y = (X[:, :1] - 2 * X[:, 1:]) ** 2


def filled(model):
    weights = [np.array(w) for w in model.get_weights()]
    model.set_weights(
        [np.linspace(-0.9, 0.7, w.size).reshape(w.shape) + 0.1 * i for i, w in enumerate(weights)]
    )
    return model


def layers_of_ones_own(keras):
    class Linear(keras.layers.Layer):
        def __init__(self, units=3, **settings):
            super().__init__(**settings)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(
                shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True
            )
            self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

        def call(self, inputs):
            return keras.ops.matmul(inputs, self.w) + self.b

    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = Linear(3), Linear(1, name="last")

        def call(self, x):
            return self.second(keras.ops.tanh(self.first(x)))

    return Net(), "mse", {}


def a_loss_of_ones_own(keras):
    class Cubic(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return keras.ops.mean(keras.ops.abs(y_true - y_pred) ** 3, axis=-1)

    return keras.Sequential([keras.layers.Dense(2, "tanh"), keras.layers.Dense(1)]), Cubic(), {}


def measured_first(keras):
    normalizer = keras.layers.Normalization(axis=-1)
    normalizer.adapt(X)
    return keras.Sequential([normalizer, keras.layers.Dense(1)]), "mae", {}


def words(keras):
    layers = [keras.Input((2,)), keras.layers.Embedding(4, 3), keras.layers.GlobalAveragePooling1D()]
    return keras.Sequential([*layers, keras.layers.Dense(1)]), "mse", {"x": np.arange(16).reshape(8, 2) % 4}


def clipped(**how):
    return lambda keras: (
        *a_loss_of_ones_own(keras)[:1],
        "mse",
        {"optimizer": keras.optimizers.SGD(0.3, 0.9, **how)},
    )


PROGRAMS = [
    layers_of_ones_own, a_loss_of_ones_own, words, clipped(clipnorm=0.1), clipped(clipvalue=0.05),
    clipped(global_clipnorm=0.2), measured_first,
]  # fmt: skip


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_train_as_in_keras(keras, program):
    losses = []
    for module in (ours, keras):
        model, loss, more = program(module)
        x = more.pop("x", X)
        model.predict(x, verbose=0)
        filled(
            model.layers[-1] if program is measured_first else model
        ) if program is not measured_first else None
        if program is measured_first:
            model.layers[-1].set_weights([np.array([[0.5], [-1.0]]), np.array([0.25])])
        model.compile(**{"optimizer": "sgd", "loss": loss, **more})
        losses.append(model.fit(x, Y, batch_size=4, epochs=4, shuffle=False, verbose=0).history["loss"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-6)  # Keras measures in single precision


OPS = (
    """
max(x)|max(x, axis=1)|min(x, axis=0)|std(x)|var(x, axis=0)|mean(x, axis=1, keepdims=True)|sum(x, axis=0)
argmax(x, axis=1)|clip(x, -0.5, 0.5)|reshape(x, (3, 2))|transpose(x)|expand_dims(x, 0)|matmul(x, transpose(x))
softmax(x, axis=0)|log_softmax(x)|logsumexp(x)|maximum(x, 0)|cumsum(x, axis=1)|add(x, x)|power(x, 2)
zeros((2, 2))|greater(x, 0)
cast(greater(x, 0), 'int32')|norm(x)|linspace(0.0, 1.0, 5)|silu(x)|round(x)|prod(x, axis=1)
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parity
@pytest.mark.more
def test_functions_of_keras_ops_equal_keras(keras):
    x = [[0.25, -1.5, 2.5], [0.75, 0.5, -0.375]]
    for typed in OPS:
        found = eval(typed, {**vars(ours.ops), "x": tf.constant(x)})  # noqa: S307 - the table above
        names = {name: getattr(keras.ops, name) for name in dir(keras.ops)}
        wanted = np.array(eval(typed, {**names, "x": keras.ops.convert_to_tensor(x, "float64")}))  # noqa: S307 - as above
        np.testing.assert_allclose(
            np.array(nn.Outputs([found]).tolist()[0], dtype=float), wanted, rtol=1e-6, err_msg=typed
        )


def scheduled():
    model = ours.Sequential([ours.layers.Dense(3, input_dim=2), ours.layers.Dense(1)])
    rate = ours.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    model.compile(ours.optimizers.Adam(rate, clipnorm=1.0), "mse")
    model.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    return model


def test_a_scheduled_optimizer_is_pickled_copied_and_saved_and_goes_on(tmp_path):
    model = scheduled()
    others = [pickle.loads(pickle.dumps(model)), copy.deepcopy(model)]
    model.save(tmp_path / "m.json")
    others.append(ours.models.load_model(tmp_path / "m.json"))
    wanted = model.fit(X, Y, epochs=2, shuffle=False, verbose=0).history
    for other in others:
        assert other.fit(X, Y, epochs=2, shuffle=False, verbose=0).history == wanted
        assert other.optimizer.learning_rate == model.optimizer.learning_rate < 0.1


def test_a_frozen_layer_keeps_its_weights_also_where_they_come_later():
    model = ours.Sequential([ours.layers.Dense(2), ours.layers.Dense(1)])
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    model.build((None, 2))
    before = model.layers[0].get_weights()
    model.fit(X, Y, epochs=2, verbose=0)
    assert model.layers[0].get_weights() == before
    assert (len(model.trainable_weights), len(model.non_trainable_weights)) == (2, 2)
    assert (model.layers[0].trainable, model.layers[1].kernel.shape, model.layers[1].bias.shape) == (
        False,
        (2, 1),
        (1,),
    )


def test_a_loss_by_its_function_s_name_takes_its_settings():
    y, p = [[1.0], [0.0]], [[2.0], [-1.0]]
    wanted = ours.losses.BinaryCrossentropy(from_logits=True, reduction=None)(y, p)
    assert ours.losses.binary_crossentropy(y, p, from_logits=True, axis=-1) == wanted
    with pytest.raises(
        TypeError, match="BinaryCrossentropy has no setting from_logit here: write from_logits"
    ):
        ours.losses.binary_crossentropy(y, p, from_logit=True)


def test_normalization_asks_for_its_measures_in_both_languages():
    for lang, said in (("en", "write layer.adapt"), ("zh", "尚未测量")):
        language(lang)
        try:
            with pytest.raises(ValueError, match=said):
                ours.layers.Normalization()([1.0])
        finally:
            language("en")


def test_a_variable_is_moved_by_assign_and_gradients_know_numpy():
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2
    slope = tape.gradient(y, x)
    x.assign_sub(0.5 * slope)
    x.assign_add(1.0)
    assert (slope.numpy(), x.numpy(), tf.function(float)(2)) == (6.0, 1.0, 2.0)
    w, b = tf.Variable(tf.ones((3, 2))), tf.Variable(tf.zeros(2))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.constant([[1.0, 2.0, 3.0]]) @ w + b) ** 2)
    found = tape.gradient(loss, {"w": w, "b": b})
    assert (found["w"].shape, found["b"].numpy().tolist()) == ((3, 2), [6.0, 6.0])


def own_metric(library):
    ops = library.ops

    class Misses(library.metrics.Metric):
        def __init__(self, name="misses", **settings):
            super().__init__(name=name, **settings)
            self.wrong = self.add_weight(name="wrong", initializer="zeros")
            self.seen = self.add_weight(shape=(1,), initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            far = ops.greater(ops.abs(ops.subtract(ops.cast(y_true, "float64"), y_pred)), 0.25)
            self.wrong.assign_add(ops.sum(ops.cast(far, "float64")))
            self.seen.assign_add([float(len(y_true))])

        def result(self):
            return self.wrong / self.seen[0]

    return Misses()


@pytest.mark.parity
@pytest.mark.more
def test_names_and_a_metric_of_one_s_own_and_the_rows_of_a_file_are_those_of_keras(keras, tmp_path):
    import numpy as np

    x, y = np.array([[1.0, 2.0], [2.0, 3.0], [0.0, 1.0]]), np.array([[1.0], [0.5], [0.0]])
    found = []
    written = []
    keras.backend.clear_session()  # it counts names through a session
    for library in (ours, keras):
        layers, file = library.layers, str(tmp_path / "log.csv")
        made = [layers.Dense(2, "relu", kernel_initializer="ones"), layers.ReLU()]
        made += [layers.Dense(2, name="own", kernel_initializer="ones")]
        made.append(layers.Dense(1, kernel_initializer="ones"))
        model = library.Sequential([library.Input((2,)), *made])
        model.compile(library.optimizers.SGD(0.01), "mse", metrics=[own_metric(library)])
        logger = library.callbacks.CSVLogger(file)
        model.fit(x, y, epochs=2, verbose=0, shuffle=False, callbacks=[logger])
        rows = [row.split(",") for row in (tmp_path / "log.csv").read_text().splitlines()]
        metric = own_metric(library)
        metric.update_state(y, y + 1.0)
        counted = float(metric.result())
        metric.reset_state()
        numbers = [float(cell) for row in rows[1:] for cell in row if cell != "NA"]
        found.append([[model.name, *(layer.name for layer in model.layers)], rows[0], len(rows), counted])
        found[-1] += [float(metric.wrong)]
        written.append(numbers)
    assert found[0] == found[1]
    assert written[0] == pytest.approx(written[1], rel=1e-6)
    assert found[0][0] == ["sequential", "dense", "re_lu", "own", "dense_1"]


def test_datasets_are_shuffled_changed_and_put_into_batches_and_models_learn_from_them():
    Dataset, x, y = tf.data.Dataset, [[1.0], [2.0], [3.0]], [0.0, 1.0, 2.0]
    data = Dataset.from_tensor_slices((x, y)).map(
        lambda x, y: (x * 2, y), num_parallel_calls=tf.data.AUTOTUNE
    )
    batches = data.batch(2).prefetch(tf.data.AUTOTUNE)
    assert [(x.shape, y.numpy().tolist()) for x, y in batches] == [((2, 1), [0.0, 1.0]), ((1, 1), [2.0])]
    assert (len(batches), len(data.repeat(2).take(5)), data.repeat().cardinality()) == (2, 5, -1)
    assert list(Dataset.range(6).skip(1).filter(lambda n: n % 2 == 1)) == [1, 3, 5]
    drawn = Dataset.range(50).shuffle(5, seed=1)
    first, second = list(drawn), list(drawn)
    assert (first != second, sorted(first)) == (True, list(range(50)))
    assert all(n - place < 5 for place, n in enumerate(first))
    still = Dataset.range(50).shuffle(50, reshuffle_each_iteration=False)
    assert list(still) == list(still)

    def model():
        made = ours.Sequential([ours.layers.Dense(1, input_shape=(1,), kernel_initializer="ones")])
        made.compile("sgd", "mse")
        return made

    one, other = model(), model()
    one.fit(batches, epochs=3, verbose=0, validation_data=batches)
    other.fit([[2.0], [4.0], [6.0]], y, 2, 3, 0, shuffle=False)
    assert (one.get_weights(), one.evaluate(batches)) == (
        other.get_weights(),
        other.evaluate([[2.0], [4.0], [6.0]], y),
    )
    assert one.predict(batches) == other.predict([[2.0], [4.0], [6.0]])
    one.fit(data.shuffle(3).batch(2), verbose=0)
    for refused, said in (
        (data, "数据"), (batches.repeat(), "repeat"), (data.batch(2).repeat(2), "最后一步"),
    ):  # fmt: skip
        language("zh")
        try:
            with pytest.raises(ValueError, match=said):
                one.fit(refused)
        finally:
            language("en")
    with pytest.raises(TypeError, match="nobody knows the length"):
        len(data.repeat())
