"""Programs in Keras's words, and the same numbers beside Keras itself."""

import math

import numpy as np
import pytest

import nn
from nn import keras
from nn.keras import tf

# Keras on torch asks NumPy for arrays in a way that NumPy 2 warns of
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

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
@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad", "AdamW"])
def test_row_10_fit_equals_keras(request, name):
    theirs = request.getfixturevalue("keras")
    ours, model = both_models(theirs, (4, {"activation": "sigmoid"}), (1, {}))
    found = []
    for module, each, x, y in ((keras, ours, X, Y), (theirs, model, np.array(X), np.array(Y))):
        each.compile(optimizer=getattr(module.optimizers, name)(learning_rate=0.0625), loss="mse")
        history = each.fit(x, y, 5, 6, verbose=0, shuffle=False)
        found.append(history.history["loss"])
    assert found[0] == pytest.approx(found[1], rel=1e-6)
    for a, b in zip(ours.get_weights(), model.get_weights()):
        assert np.allclose(np.array(a), b, rtol=1e-6, atol=1e-9)


@pytest.mark.parity
@pytest.mark.parametrize(
    ("loss", "outputs", "activation", "targets"),
    [
        ("categorical_crossentropy", 3, "softmax", [[0, 1, 0], [1, 0, 0], [0, 0, 1]] * 4),
        ("sparse_categorical_crossentropy", 3, "softmax", [1, 0, 2] * 4),
        ("binary_crossentropy", 1, "sigmoid", [[0.0], [1.0], [1.0]] * 4),
        ("mean_absolute_error", 1, None, Y),
    ],
)
def test_string_losses_and_regularizers_are_those_of_keras(request, loss, outputs, activation, targets):
    layers = (3, {"activation": "tanh"}), (outputs, {"activation": activation})
    theirs = request.getfixturevalue("keras")
    ours, model = both_models(theirs, *layers)
    ours.compile("sgd", loss)
    function = theirs.losses.get(loss)  # `evaluate` adds losses up in float32
    expected = float(function(np.array(targets), model(np.array(X))).detach().mean())
    assert ours.evaluate(X, targets, verbose=0) == pytest.approx(expected, rel=1e-8)
    ours.layers[0].kernel_regularizer = keras.regularizers.L2(0.1)
    ours.compile("sgd", loss)
    kernel = model.get_weights()[0]
    wanted = expected + 0.1 * float((kernel**2).sum())
    assert ours.evaluate(X, targets) == pytest.approx(wanted, rel=1e-8)


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
        tape.watch(tf.constant([1.0]))
    with pytest.raises(ValueError, match="give the same shape"):
        keras.optimizers.SGD().apply_gradients([([1.0], x)])
