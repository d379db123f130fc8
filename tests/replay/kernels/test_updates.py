"""The optimisers' kernels against the same steps in plain Python, whatever the number of parameters."""

import random

import numpy as np
import pytest
from numba import njit

from autograd import Value
from autograd.replay.executors.numba_updates import plan_of
from autograd.replay.kernels import updates
from autograd.replay.kernels.vector_functions import square_root
from autograd.replay.kernels.vectors import load, store
from autograd.replay.optimiser import Optimiser
from autograd.replay.passes.codes import UPDATE

update, finite = (njit(part.py_func) for part in (updates.update, updates.finite))  # with doors for Python


@pytest.mark.parametrize("count", [1, 7, 8, 9, 16, 37])
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("sgd", {"weight_decay": 0.1}),
        ("momentum", {"momentum": 0.8, "dampening": 0.1, "nesterov": False}),
        ("momentum", {"momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
        ("adam", {"betas": (0.8, 0.99), "weight_decay": 0.1}),
        ("adam", {}),
    ],
)
def test_a_step_is_the_one_of_plain_python(name, settings, count):
    draw = random.Random(count)
    optimiser = Optimiser(name, [Value(0.0) for _ in range(count)], {**settings, "lr": 0.05})
    numbers = [draw.gauss(0, 1) for _ in range(count)]
    values, state = np.array([*numbers, 5.0]), np.array(optimiser.state)
    chosen = np.array(optimiser.settings())
    given = updates.Updates(UPDATE, count, plan_of(optimiser), chosen, state)
    for _ in range(4):
        slopes = [draw.gauss(0, 1) for _ in range(count)]
        gradients = np.array([*slopes, 7.0])
        update(values, gradients, given, 0)
        numbers, optimiser.state = optimiser.updated(numbers, slopes)
        assert values[:count].tolist() == pytest.approx(numbers, rel=1e-13)
        assert state.tolist() == pytest.approx(optimiser.state, rel=1e-13, abs=1e-16)
        assert values[count] == 5.0
        assert gradients.tolist() == [*slopes, 7.0]


@pytest.mark.parametrize("count", [1, 8, 15, 16, 33])
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_one_number_that_is_not_finite_is_found_wherever_it_is(count, bad):
    gradients = np.ones(count + 20)
    gradients[count:] = bad
    assert finite(gradients, count)
    for i in range(count):
        gradients[:count] = 1e300
        gradients[i] = bad
        assert not finite(gradients, count)


@njit
def roots(values, found):
    for i in range(0, len(values), 8):
        store(found, i, square_root(load(values, i)))


def test_a_square_root_is_the_processors_to_a_unit_in_the_last_place_at_all_magnitudes():
    draw = np.random.default_rng(0)
    values = 10.0 ** draw.uniform(-320, 308, 80_000)
    values[:40_000] = draw.uniform(1.0, 4.0, 40_000)
    found = np.empty_like(values)
    roots(values, found)
    assert (np.abs(found - np.sqrt(values)) <= np.spacing(np.sqrt(values))).all()


@pytest.mark.parametrize("x", [0.0, -0.0, 5e-324, -1.0, float("inf"), float("-inf"), float("nan")])
def test_a_square_root_is_the_processors_where_there_are_no_digits(x):
    values = np.array([x, 2.0, *[x] * 6, *[x] * 8])
    found = np.empty_like(values)
    roots(values, found)
    with np.errstate(invalid="ignore"):
        assert np.array_equal(found, np.sqrt(values), equal_nan=True)
        assert np.array_equal(np.signbit(found[values == 0]), np.signbit(values[values == 0]))


def test_what_is_remembered_of_a_parameter_without_gradient_becomes_zero_and_no_number_of_few_digits():
    optimiser = Optimiser("adam", [Value(0.0) for _ in range(9)], {"lr": 0.1})
    values, gradients = np.zeros(16), np.ones(16)
    state = np.array(optimiser.state)
    given = updates.Updates(UPDATE, 9, plan_of(optimiser), np.array(optimiser.settings()), state)
    update(values, gradients, given, 0)
    gradients[:4] = 0.0
    for _ in range(8000):
        update(values, gradients, given, 0)
    assert state[:4].tolist() == [0.0] * 4
    assert (np.abs(state[4:18]) > 1e-10).all()
