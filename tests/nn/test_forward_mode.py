"""Forward mode goes through whatever reverse mode goes through: every layer, cell and loss."""

import inspect
import random

import pytest

import autograd as ag
import nn
import nn.functional as F
from autograd import Value, grad, hessian, hvp, jacobian, jvp, no_grad
from autograd.structure import flatten

PAIR, THREE = [0.4, -0.9], [0.3, -0.2, 1.1]
ROWS = [[0.3, -0.2, 1.1], [0.9, 0.5, -0.4]]
SEQUENCE = [[0.3, -0.2, 1.1, 0.6], [0.9, 0.5, -0.4, -0.7]]
SIGNAL = [[0.3, -0.2, 1.1, 0.6, -0.5], [0.9, 0.5, -0.4, -0.7, 0.1]]
IMAGE = [[[0.3, -0.2, 1.1], [0.9, 0.5, -0.4], [0.2, -0.6, 0.7]]]

LAYERS = {
    "ELU": (nn.ELU, THREE),
    "GELU": (nn.GELU, THREE),
    "AvgPool1d": (lambda: nn.AvgPool1d(2), SIGNAL),
    "AvgPool2d": (lambda: nn.AvgPool2d(2), IMAGE),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(3), ROWS),
    "Conv1d": (lambda: nn.Conv1d(2, 2, 3, padding=1), SIGNAL),
    "Conv2d": (lambda: nn.Conv2d(1, 2, 2), IMAGE),
    "Dense": (lambda: nn.Dense(2, activation="softmax"), THREE),
    "Dropout": (lambda: nn.Dropout(0.5).eval(), THREE),
    "FeedForward": (lambda: nn.FeedForward(3, 4), THREE),
    "Flatten": (nn.Flatten, ROWS),
    "GRUCell": (lambda: nn.GRUCell(3, 2), THREE),
    "Identity": (nn.Identity, THREE),
    "LSTMCell": (lambda: nn.LSTMCell(3, 2), THREE),
    "Layer": (lambda: nn.Layer(3, 2, act="tanh"), THREE),
    "LayerNorm": (lambda: nn.LayerNorm(3), THREE),
    "LeakyReLU": (nn.LeakyReLU, THREE),
    "Linear": (lambda: nn.Linear(3, 2), THREE),
    "LogSoftmax": (nn.LogSoftmax, THREE),
    "MLP": (lambda: nn.MLP(3, [4, 1, 2], act="tanh"), THREE),
    "MaxPool1d": (lambda: nn.MaxPool1d(2), SIGNAL),
    "MaxPool2d": (lambda: nn.MaxPool2d(2), IMAGE),
    "MultiHeadAttention": (lambda: nn.MultiHeadAttention(4, 2), SEQUENCE),
    "Neuron": (lambda: nn.Neuron(3), THREE),
    "RMSNorm": (lambda: nn.RMSNorm(3), THREE),
    "RNNCell": (lambda: nn.RNNCell(3, 2), THREE),
    "ReLU": (nn.ReLU, THREE),
    "Residual": (lambda: nn.Residual(nn.Linear(3, 3)), THREE),
    "Sequential": (lambda: nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)), THREE),
    "SiLU": (nn.SiLU, THREE),
    "Sigmoid": (nn.Sigmoid, THREE),
    "Softmax": (nn.Softmax, THREE),
    "Softplus": (nn.Softplus, THREE),
    "Tanh": (nn.Tanh, THREE),
    "TransformerBlock": (lambda: nn.TransformerBlock(4, 2), SEQUENCE),
    "BCELoss": (lambda: lambda x: nn.BCELoss()([ag.sigmoid(v) for v in x], [1, 0, 0.5]), THREE),
    "BCEWithLogitsLoss": (lambda: lambda x: nn.BCEWithLogitsLoss()(x, [1, 0, 0.5]), THREE),
    "CrossEntropyLoss": (lambda: lambda x: nn.CrossEntropyLoss()(x, 1), THREE),
    "HuberLoss": (lambda: lambda x: nn.HuberLoss()(x, [3.0, 0.1, 0.0]), THREE),
    "KLDivLoss": (lambda: lambda x: nn.KLDivLoss()(x, [0.2, 0.5, 0.3]), THREE),
    "L1Loss": (lambda: lambda x: nn.L1Loss()(x, [3.0, 0.1, 0.0]), THREE),
    "MSELoss": (lambda: lambda x: nn.MSELoss()(x, [3.0, 0.1, 0.0]), THREE),
    "NLLLoss": (lambda: lambda x: nn.NLLLoss()(ag.log_softmax(x), 2), THREE),
    "hinge": (lambda: lambda x: nn.hinge(x, [1, -1, 1]), THREE),
    "half_sse": (lambda: lambda x: nn.half_sse(x, [3.0, 0.1, 0.0]), THREE),
    "smooth": (lambda: lambda x: nn.cross_entropy([x], [1], label_smoothing=0.1), THREE),
    "weighted": (lambda: lambda x: nn.cross_entropy([x, x], [1, 2], weight=[1.0, 2.0, 3.0]), THREE),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(1), [IMAGE, [[[0.1 - x for x in row] for row in IMAGE[0]]]]),
    "GroupNorm": (lambda: nn.GroupNorm(1, 3), THREE),
    "RNN": (lambda: nn.RNN(4, 2), SEQUENCE),
    "LSTM": (lambda: nn.LSTM(4, 2), SEQUENCE),
    "GRU": (lambda: nn.GRU(4, 2), SEQUENCE),
    "SmoothL1Loss": (lambda: lambda x: nn.SmoothL1Loss()(x, [3.0, 0.1, 0.0]), THREE),
    "bce of shares": (lambda: lambda x: nn.bce_with_logits(x, [1, 0, 0.5]), THREE),
}
NO_LAYERS = {"Module", "ModuleDict", "ModuleList", "Embedding", "GPT"}  # these take whole numbers, or nothing


def test_every_layer_and_loss_is_in_the_list():
    public = {name for name in nn.__all__ if inspect.isclass(getattr(nn, name))}
    modules = {name for name in public if issubclass(getattr(nn, name), nn.Module)}
    assert modules - set(LAYERS) == NO_LAYERS


def numbers(found):
    return [x.data if isinstance(x, Value) else x for x in flatten(found)[0]]


def directions(x):
    entries, rebuild = flatten(x)
    for j in range(len(entries)):
        yield rebuild([float(i == j) for i in range(len(entries))])


@pytest.mark.parametrize(("make", "x"), LAYERS.values(), ids=LAYERS.keys())
def test_tangents_are_the_columns_of_the_jacobian(make, x):
    random.seed(1)
    layer = make()
    layer(x)  # a Dense learns its size
    rows = [numbers(row) for row in jacobian(lambda p: flatten(layer(p))[0], x)]
    with no_grad():
        for j, direction in enumerate(directions(x)):
            values, tangents = jvp(layer, x, direction)
            assert numbers(values) == pytest.approx(numbers(layer(x)), rel=1e-12)
            assert numbers(tangents) == pytest.approx([row[j] for row in rows], rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(("make", "x"), LAYERS.values(), ids=LAYERS.keys())
def test_products_with_the_hessian_are_its_columns(make, x):
    random.seed(1)
    layer = make()
    layer(x)

    def f(p):
        return ag.sum([(k + 1) * y * y for k, y in enumerate(flatten(layer(p))[0])])

    first = next(directions(x))
    column = [numbers(row)[0] for row in flatten_rows(hessian(f, x), x)]
    assert numbers(hvp(f, x, first)[1]) == pytest.approx(column, rel=1e-10, abs=1e-12)


def flatten_rows(matrix, x):
    """The rows of a Hessian, in order: one for each entry of x."""
    width = len(flatten(x)[0])
    entries = flatten(matrix)[0]
    return [entries[i : i + width] for i in range(0, len(entries), width)]


@pytest.mark.parametrize(("make", "x"), [LAYERS[n] for n in ("Linear", "MLP", "Conv1d", "LSTMCell")])
def test_the_gradient_of_a_tangent_reaches_the_parameters(make, x):
    random.seed(1)
    layer = make()
    tangents = jvp(layer, x, next(directions(x)))[1]
    loss = ag.sum([t * t for t in flatten(tangents)[0]])
    loss.backward()
    assert any(p.grad for p in layer.parameters())


def test_weights_may_be_what_is_differentiated_forward():
    layer = nn.Linear(2, 1)

    def f(w):
        layer.weight = [w]
        return layer(PAIR)[0]

    with no_grad():
        assert [jvp(f, [0.1, 0.2], d)[1] for d in ([1.0, 0.0], [0.0, 1.0])] == pytest.approx(PAIR)
    assert numbers(grad(f)([0.1, 0.2])) == pytest.approx(PAIR)


ON_LISTS = [
    "relu",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "tanh",
    "sigmoid",
    "logsigmoid",
    "softplus",
    "softmax",
    "log_softmax",
]


@pytest.mark.parametrize("name", ON_LISTS)
def test_functions_on_lists_are_differentiated_forward(name):
    f = getattr(F, name)
    rows = jacobian(f, THREE)
    for j, direction in enumerate(directions(THREE)):
        assert jvp(f, THREE, direction)[1] == pytest.approx([row[j] for row in rows], rel=1e-12, abs=1e-15)


def test_attention_to_earlier_positions_is_differentiated_forward():
    random.seed(1)
    attention = nn.MultiHeadAttention(4, 2)

    def f(x):
        cache = nn.attention.Cache()
        attention(SEQUENCE[:1], cache)  # its keys are Values
        return attention([x], cache)[0]

    rows = [numbers(row) for row in jacobian(f, SEQUENCE[1])]
    for j, direction in enumerate(directions(SEQUENCE[1])):
        assert numbers(jvp(f, SEQUENCE[1], direction)[1]) == pytest.approx(
            [row[j] for row in rows], rel=1e-11
        )
