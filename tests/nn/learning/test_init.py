import math
import random

import numpy as np
import pytest

import nn
from autograd.number import entries
from nn import init


def numbers(tensor):
    return [p.data for _, p in entries(tensor)]


@pytest.mark.parametrize(
    ("fill", "bound"),
    [
        (lambda t: init.uniform_(t, -0.3, 0.3), 0.3),
        (init.xavier_uniform_, math.sqrt(6 / (50 + 40))),
        (lambda t: init.xavier_uniform_(t, gain=2.0), 2 * math.sqrt(6 / (50 + 40))),
        (lambda t: init.kaiming_uniform_(t, nonlinearity="relu"), math.sqrt(2) * math.sqrt(3 / 50)),
        (
            lambda t: init.he_uniform_(t, mode="fan_out", nonlinearity="relu"),
            math.sqrt(2) * math.sqrt(3 / 40),
        ),
    ],
)
def test_even_draws_fill_their_bounds(fill, bound):
    random.seed(2)
    found = numbers(fill(init.empty(40, 50)))
    assert max(map(abs, found)) <= bound
    assert max(map(abs, found)) > 0.99 * bound


@pytest.mark.parametrize(
    ("fill", "deviation"),
    [
        (init.normal_, 1.0),
        (init.xavier_normal_, math.sqrt(2 / (50 + 40))),
        (lambda t: init.kaiming_normal_(t, nonlinearity="relu"), math.sqrt(2 / 50)),
    ],
)
def test_normal_draws_have_their_deviation(fill, deviation):
    random.seed(2)
    found = numbers(fill(init.empty(40, 50)))
    assert math.sqrt(math.fsum(x * x for x in found) / len(found)) == pytest.approx(deviation, rel=0.05)


@pytest.mark.parity
@pytest.mark.parametrize("name", ["linear", "tanh", "relu", "leaky_relu", "sigmoid", "selu"])
def test_gains_equal_torch(torch, name):
    assert init.calculate_gain(name) == pytest.approx(torch.nn.init.calculate_gain(name), rel=1e-12)


@pytest.mark.parity
@pytest.mark.parametrize("shape", [(4, 3), (8, 2, 3), (8, 2, 3, 5)])
def test_fans_equal_torch(torch, shape):
    assert init.fan(init.empty(*shape)) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


def test_zeros_and_ones_fill():
    assert numbers(init.ones_(init.zeros_(init.empty(2, 2)))) == [1.0] * 4


def test_a_generator_of_ones_own_draws_alike():
    first = numbers(init.normal_(init.empty(5), generator=random.Random(4)))
    assert first == numbers(init.normal_(init.empty(5), generator=random.Random(4)))


def test_a_bias_has_no_fans():
    with pytest.raises(ValueError, match=r"weights of the shape \(3,\) have no inputs and outputs"):
        init.xavier_uniform_(nn.Linear(2, 3).bias)


@pytest.mark.parametrize(
    ("shape", "kind"), [((2, -1), ValueError), ((2.0,), ValueError), (("3", 1), TypeError)]
)
def test_weights_of_an_impossible_shape_are_refused(shape, kind):
    with pytest.raises(kind, match=r"empty needs a whole number shape\[\d\] >= 0, got"):
        init.empty(*shape)


@pytest.mark.parametrize(
    "fill",
    [
        lambda t: init.uniform_(t, np.float32(0.0), np.float32(1.0)),
        lambda t: init.normal_(t, np.float32(0.0), np.float32(1.0)),
        lambda t: init.constant_(t, np.float32(0.1)),
        lambda t: init.xavier_uniform_(t, np.float32(2.0)),
        lambda t: init.kaiming_normal_(t, np.float32(0.1)),
    ],
)
def test_initial_weights_are_floats_whatever_the_settings_are(fill):
    assert {type(p.data) for _, p in entries(fill(init.empty(2, 2)))} == {float}


def test_a_range_upside_down_is_refused():
    with pytest.raises(ValueError, match=r"uniform_ needs a finite number b >= 1, got 0\.0"):
        nn.init.uniform_(nn.init.empty(2), 1.0, 0.0)
