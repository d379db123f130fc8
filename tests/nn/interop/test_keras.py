import pytest

import nn
from autograd.number import map_nested
from nn.interop import keras_weights, load_keras

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own


def numbers_of(x):
    return map_nested(lambda v: v.data, x)


@pytest.mark.parity
@pytest.mark.more
def test_a_dense_model_from_keras_gives_its_results(keras, same, numbers):
    import numpy

    layers = keras.layers
    theirs = keras.Sequential([layers.Input((4,)), layers.Dense(5, "tanh"), layers.Dense(3, "softmax")])
    ours = nn.Sequential([nn.Dense(5, "tanh", input_shape=(4,)), nn.Dense(3, "softmax")])
    load_keras(ours, theirs)
    x = numbers(2, 4)
    same(numbers_of(ours(x)), theirs.predict(numpy.array(x), verbose=0))


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize("name", ["SimpleRNN", "GRU", "LSTM"])
def test_a_recurrent_layer_from_keras_gives_its_results(keras, same, numbers, name):
    import numpy

    theirs = getattr(keras.layers, name)(3)
    ours = {"SimpleRNN": nn.RNNCell, "GRU": nn.GRUCell, "LSTM": nn.LSTMCell}[name](2, 3)
    x = numbers(4, 2)
    theirs(numpy.array([x]))
    theirs.set_weights([numpy.array(numbers(*w.shape)) for w in theirs.get_weights()])
    load_keras(ours, theirs)
    outputs, _ = nn.unroll(ours, x)
    same(numbers_of(outputs[-1]), keras.ops.convert_to_numpy(theirs(numpy.array([x])))[0])


@pytest.mark.parity
@pytest.mark.more
def test_a_convolution_from_keras_gives_its_results(keras, same, numbers):
    import numpy

    theirs, ours = keras.layers.Conv2D(3, (2, 3)), nn.Conv2d(2, 3, (2, 3))
    x = numpy.array(numbers(2, 4, 5))  # channels first here, last there
    expected = keras.ops.convert_to_numpy(theirs(x.transpose(1, 2, 0)[None]))[0].transpose(2, 0, 1)
    load_keras(ours, theirs)
    same(numbers_of(ours(x.tolist())), expected)


@pytest.mark.parity
@pytest.mark.more
def test_attention_from_keras_gives_its_results(keras, same, numbers):
    import numpy

    theirs, ours = keras.layers.MultiHeadAttention(2, 3), nn.MultiHeadAttention(6, 2)
    x = numbers(4, 6)
    theirs(numpy.array([x]), numpy.array([x]))
    theirs.set_weights([numpy.array(numbers(*w.shape)) for w in theirs.get_weights()])
    load_keras(ours, theirs)
    expected = theirs(numpy.array([x]), numpy.array([x]), use_causal_mask=True)
    same(numbers_of(ours(x)), keras.ops.convert_to_numpy(expected)[0])


@pytest.mark.parity
@pytest.mark.more
@pytest.mark.parametrize(
    ("make", "make_theirs", "shape"),
    [
        (lambda: nn.Layer(2, 3), lambda layers: layers.Dense(3), (1, 2)),
        (lambda: nn.Linear(2, 3), lambda layers: layers.Dense(3), (1, 2)),
        (lambda: nn.Conv1d(2, 3, 4), lambda layers: layers.Conv1D(3, 4), (1, 5, 2)),
        (lambda: nn.LayerNorm(3), lambda layers: layers.LayerNormalization(), (1, 3)),
        (lambda: nn.BatchNorm1d(3), lambda layers: layers.BatchNormalization(), (2, 3)),
        (lambda: nn.RMSNorm(3), lambda layers: layers.RMSNormalization(), (1, 3)),
        (lambda: nn.Embedding(4, 3), lambda layers: layers.Embedding(4, 3), (1, 2)),
        (lambda: nn.GRUCell(2, 3), lambda layers: layers.GRU(3), (1, 1, 2)),
        (lambda: nn.MultiHeadAttention(6, 2), lambda layers: layers.MultiHeadAttention(2, 3), None),
    ],
)
def test_every_layer_makes_the_round_trip(keras, make, make_theirs, shape):
    import numpy

    first, theirs, second = make(), make_theirs(keras.layers), make()
    if shape is None:
        theirs(numpy.zeros((1, 1, 6)), numpy.zeros((1, 1, 6)))
    else:
        theirs(numpy.zeros(shape))
    theirs.set_weights([numpy.array(x) for x in keras_weights(first)])
    load_keras(second, theirs)
    assert keras_weights(second) == keras_weights(first)
    assert [p.data for p in second.parameters()] == [p.data for p in first.parameters()]


def test_the_two_biases_of_an_lstm_are_one_in_keras():
    cell = nn.LSTMCell(1, 2)
    *_, bias = keras_weights(cell)
    assert bias == [a.data + b.data for a, b in zip(cell.bias_ih, cell.bias_hh)]
    load_keras(cell, [*keras_weights(cell)[:2], [1.0] * 8])
    assert [a.data for a in cell.bias_ih] == [1.0] * 8
    assert [b.data for b in cell.bias_hh] == [0.0] * 8


def test_a_kernel_of_the_wrong_shape_is_named():
    with pytest.raises(
        ValueError, match=r"kernel has the shape \(2, 1\), but array 0 in its place has \(1, 2\)"
    ):
        load_keras(nn.Linear(2, 1), [[[1.0, 2.0]], [0.0]])


@pytest.mark.parity
@pytest.mark.more
def test_normalisations_from_keras_bring_their_epsilon(keras, same, numbers):
    import numpy

    layers = keras.layers
    inner = keras.Sequential([layers.LayerNormalization(epsilon=0.02), layers.Dense(3)])
    theirs = keras.Sequential([layers.Input((3,)), layers.BatchNormalization(), inner])
    ours = nn.Sequential(nn.BatchNorm1d(3), nn.Sequential(nn.LayerNorm(3), nn.Linear(3, 3))).eval()
    x = numbers(2, 3)
    theirs(numpy.array(x))
    load_keras(ours, theirs)
    assert [ours[0].eps, ours[1][0].eps] == [1e-3, 0.02]
    same(numbers_of(ours(x)), theirs.predict(numpy.array(x), verbose=0))


class Layer:
    """What a Keras layer offers."""

    epsilon = 1e-3

    def get_weights(self):
        return [[1.0], [0.0], [0.0], [0.01]]


def test_another_number_of_normalisations_is_refused_and_nothing_is_changed():
    norm = nn.BatchNorm1d(1).eval()
    load_keras(norm, Layer())
    assert norm([1.0])[0].data == pytest.approx(1 / (0.01 + 1e-3) ** 0.5, rel=1e-12)
    plain = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1))
    before = plain.state_dict()
    layer = Layer()
    layer.get_weights = lambda: [[[1.0]], [0.0], [[1.0]], [0.0]]
    with pytest.raises(ValueError, match=r"epsilon does not fit: Sequential.* has 0 normalisations"):
        load_keras(plain, layer)
    assert plain.state_dict() == before
