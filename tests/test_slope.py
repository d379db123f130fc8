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
