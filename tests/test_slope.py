import math

import pytest

from autograd.slope import measure


def test_slopes_are_measured_to_many_digits():
    assert measure(math.exp, 1.0).value == pytest.approx(math.e, rel=1e-10)
    assert measure(lambda x: x**3, 1e-3).value == pytest.approx(3e-6, rel=1e-8)


def test_a_kink_shows_in_the_two_sides():
    slope = measure(abs, 0.0)
    assert slope.is_kink
    assert (round(slope.left), round(slope.right)) == (-1, 1)


def test_steps_fit_the_function():
    assert measure(lambda x: 1 / x, 1e-10).value == pytest.approx(-1e20, rel=1e-9)
    assert measure(math.sin, 1e6).value == pytest.approx(math.cos(1e6), rel=1e-6)
    assert measure(lambda x: max(x, 0.0), 1e-9).value == 1.0
    assert measure(math.exp, 1e-12).value == pytest.approx(1.0, rel=1e-9)


def test_a_slope_that_rounding_hides_is_not_settled():
    assert not measure(math.sin, 1e17).is_settled
    assert not measure(math.tanh, 25.0).is_settled
    assert not measure(lambda x: math.floor(x) * x, 1e9).is_settled


def test_a_kink_nearby_is_none():
    assert not measure(abs, 1e-9).is_kink
    assert not measure(lambda x: min(x, 1.0), 1 + 1e-9).is_kink
