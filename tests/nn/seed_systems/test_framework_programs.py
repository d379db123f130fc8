"""Rows 9, 11 and 35: programs written for Keras and PyTorch, here and there."""

import math
import random

import pytest

import nn
import nn.functional
from autograd import no_grad
from nn.interop import keras_weights, load_keras, load_torch, torch_state

SAMPLES = [[math.sin(i), math.cos(3 * i)] for i in range(12)]
WANTED = [[x * x - y] for x, y in SAMPLES]
ROW_09 = {
    "torch": [0.3217758136323322, 0.6719743031436093, 0.13892653604805255],
    "keras": [0.3217758136323322, 0.6719750140033055, 0.13892610303504307],
}


def keras_model():
    """Dense 10 sigmoid, Dense 1, with weights made by a rule."""
    model = nn.Sequential([nn.Dense(10, activation="sigmoid", input_shape=(2,)), nn.Dense(1)])
    draw = random.Random(9)
    for p in model.parameters():
        p.data = draw.uniform(-1, 1)
    return model


def one_by_one(model, optimizer, epochs=5):
    losses = []
    for _ in range(epochs):
        for x, t in zip(SAMPLES, WANTED):
            optimizer.zero_grad()
            loss = nn.mse(model(x), t)
            loss.backward()
            optimizer.step()
            losses.append(loss.data)
    return losses


@pytest.mark.parametrize("form", ["torch", "keras"])
def test_row_09_sample_by_sample_with_adam_has_its_stored_losses(form):
    model = keras_model()
    losses = one_by_one(model, nn.Adam(model.parameters(), lr=0.01, form=form))
    assert losses[::20] == pytest.approx(ROW_09[form], rel=1e-9)


@pytest.mark.parity
def test_row_09_sample_by_sample_with_adam_equals_torch(torch):
    model = keras_model()
    layers = torch.nn.Linear(2, 10), torch.nn.Sigmoid(), torch.nn.Linear(10, 1)
    theirs = torch.nn.Sequential(*layers)
    theirs.load_state_dict(torch_state(model, theirs))
    optimizer, expected = torch.optim.Adam(theirs.parameters(), lr=0.01), []
    for _ in range(5):
        for x, t in zip(SAMPLES, WANTED):
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(theirs(torch.tensor(x)), torch.tensor(t))
            loss.backward()
            optimizer.step()
            expected.append(loss.item())
    assert one_by_one(model, nn.Adam(model.parameters(), lr=0.01)) == pytest.approx(expected, rel=1e-9)
    last = [x for tensor in theirs.state_dict().values() for x in tensor.reshape(-1).tolist()]
    assert [p.data for p in model.parameters()] == pytest.approx(last, rel=1e-9)


def test_row_09_keras_adam_equals_its_formula_in_numpy():
    import numpy as np

    model = keras_model()
    k1, b1, k2, b2 = params = [np.array(x) for x in keras_weights(model)]
    m, v, t, expected = [0 * p for p in params], [0 * p for p in params], 0, []
    for _ in range(5):
        for x, wanted in zip(np.array(SAMPLES), np.array(WANTED)):
            h = 1 / (1 + np.exp(-(x @ k1 + b1)))
            error = h @ k2 + b2 - wanted
            expected.append(float(error[0] ** 2))
            d_hidden = (2 * error) @ k2.T * h * (1 - h)
            gradients = np.outer(x, d_hidden), d_hidden, np.outer(h, 2 * error), 2 * error
            t += 1
            rate = 0.01 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            for i, g in enumerate(gradients):
                m[i] += (g - m[i]) * (1 - 0.9)
                v[i] += (g * g - v[i]) * (1 - 0.999)
                params[i] -= rate * m[i] / (np.sqrt(v[i]) + 1e-7)
    losses = one_by_one(model, nn.Adam(model.parameters(), lr=0.01, form="keras"))
    assert losses == pytest.approx(expected, rel=1e-9)


PROGRAM = """
class LinearRegression(nn.Module):
    def __init__(self):
        super(LinearRegression, self).__init__()
        self.linear = nn.Linear(1, 1)

    def forward(self, x):
        return self.linear(x)

model = LinearRegression()
start(model)
optimizer = optim.SGD(model.parameters(), lr=0.01)
losses = []
for epoch in range(1000):
    outputs = model(x_train)
    loss = F.mse_loss(outputs, y_train)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
"""
X_TRAIN, Y_TRAIN = [[1.0], [2.0], [3.0], [4.0], [5.0]], [[2.1], [3.9], [6.2], [8.1], [9.8]]


def run_here(program):
    def start(model):
        load_torch(model, {"linear.weight": [[0.5]], "linear.bias": [-0.25]})

    names = {
        "nn": nn,
        "F": nn.functional,
        "optim": nn.optim,
        "x_train": X_TRAIN,
        "y_train": Y_TRAIN,
        "start": start,
    }
    exec(program, names)  # noqa: S102 - the text above
    return names["losses"], [p.data for p in names["model"].parameters()]


def test_row_11_the_pytorch_program_runs_with_lists_in_the_place_of_tensors():
    losses, (w, b) = run_here(PROGRAM)
    assert [losses[i] for i in (0, 499, 999)] == pytest.approx(
        [27.0345, 0.018401108019339578, 0.01840003747368113], rel=1e-9
    )
    assert (w, b) == pytest.approx((1.9598747463419632, 0.14045220544828402), rel=1e-9)


def test_row_11_step_and_zero_grad_may_stand_in_either_order():
    first = PROGRAM.replace("    optimizer.zero_grad()\n", "").replace(
        "    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()"
    )
    assert first != PROGRAM
    assert run_here(first) == run_here(PROGRAM)


@pytest.mark.parity
def test_row_11_the_pytorch_program_has_the_trajectory_of_torch(torch):
    def start(model):
        model.load_state_dict({"linear.weight": torch.tensor([[0.5]]), "linear.bias": torch.tensor([-0.25])})

    names = {"nn": torch.nn, "F": torch.nn.functional, "optim": torch.optim, "start": start}
    found = {**names, "x_train": torch.tensor(X_TRAIN), "y_train": torch.tensor(Y_TRAIN)}
    exec(PROGRAM, found)  # noqa: S102 - the text above
    losses, weights = run_here(PROGRAM)
    assert losses == pytest.approx(found["losses"], rel=1e-9)
    assert weights == pytest.approx([p.item() for p in found["model"].parameters()], rel=1e-9)


@pytest.mark.parity
def test_row_35_a_model_goes_to_torch_and_comes_back(torch, numbers, same):
    ours = nn.Sequential(nn.Conv1d(1, 2, 3), nn.Tanh(), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(6, 2))
    theirs = torch.nn.Sequential(
        torch.nn.Conv1d(1, 2, 3),
        torch.nn.Tanh(),
        torch.nn.MaxPool1d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(6, 2),
    )
    theirs.load_state_dict(torch_state(ours))
    x = numbers(4, 1, 8)
    with no_grad():
        same([[v.data for v in row] for row in ours(x)], theirs(torch.tensor(x)).detach())
    again = nn.Sequential(nn.Conv1d(1, 2, 3), nn.Tanh(), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(6, 2))
    load_torch(again, theirs)
    assert again.state_dict() == ours.state_dict()


def test_row_35_a_model_goes_to_keras_lists_and_comes_back():
    first, second = keras_model(), nn.Sequential([nn.Dense(10, "sigmoid", input_shape=(2,)), nn.Dense(1)])
    arrays = keras_weights(first)
    assert [(len(x), len(x[0]) if isinstance(x[0], list) else 0) for x in arrays] == [
        (2, 10),
        (10, 0),
        (10, 1),
        (1, 0),
    ]
    load_keras(second, arrays)
    assert second.state_dict() == first.state_dict()


@pytest.mark.parity
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_row_35_the_same_model_side_by_side_with_keras(keras, same):
    import numpy

    model, layers = keras_model(), keras.layers
    theirs = keras.Sequential([layers.Input((2,)), layers.Dense(10, activation="sigmoid"), layers.Dense(1)])
    theirs.set_weights([numpy.array(x) for x in keras_weights(model)])
    expected = keras.ops.convert_to_numpy(theirs(numpy.array(SAMPLES)))
    same([[v.data for v in row] for row in model(SAMPLES)], expected, rel=1e-6)  # Keras multiplies in float32
