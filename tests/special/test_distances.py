import math

import pytest
from mpmath import mp, mpf

from autograd.special import distances

ORDERS = [(k, m) for k in range(5) for m in range(5) if 0 < k + m < 6]
LENGTH = ("hypot_derivative", lambda a, b: mp.sqrt(a * a + b * b))
ANGLE = ("atan2_derivative", mp.atan2)

mp.dps = 50  # of the references


@pytest.mark.parametrize(("name", "formula"), [LENGTH, ANGLE], ids=["hypot", "atan2"])
@pytest.mark.parametrize(("k", "m"), ORDERS)
def test_derivatives_of_every_order_are_those_of_mpmath(name, formula, k, m):
    derivative = getattr(distances, name)
    for a, b in [(1.3, 0.4), (-0.2, 2.5), (0.7, 1.9)]:
        wanted = float(mp.diff(formula, (mpf(a), mpf(b)), (k, m)))
        assert derivative(a, b, float(k), float(m)) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize("name", ["hypot_derivative", "atan2_derivative"])
@pytest.mark.parametrize(("k", "m"), ORDERS)
def test_a_derivative_scales_as_its_formula_does_at_any_size(name, k, m):
    derivative, power = getattr(distances, name), k + m - (name == "hypot_derivative")
    at_1 = derivative(0.75, 1.25, float(k), float(m))
    for exponent in (-600, -100, 100, 600):
        got = derivative(math.ldexp(0.75, exponent), math.ldexp(1.25, exponent), float(k), float(m))
        assert got == pytest.approx(distances.scale(at_1, -exponent * power), rel=1e-14, abs=1e-300)


def test_a_tiny_side_keeps_its_digits():
    wanted = float(-mpf(5e-324) / mpf(1e-8) ** 2)
    assert distances.atan2_derivative(5e-324, 1e-8, 0.0, 1.0) == pytest.approx(wanted, rel=1e-15, abs=0)
    assert distances.hypot_derivative(5e-324, 1e-8, 1.0, 1.0) == pytest.approx(wanted, rel=1e-15, abs=0)


def test_the_first_slopes_of_3_4_5_are_short_numbers():
    assert [distances.hypot_derivative(3.0, 4.0, *order) for order in ((1.0, 0.0), (0.0, 1.0))] == [0.6, 0.8]
    assert [distances.atan2_derivative(3.0, 4.0, *order) for order in ((1.0, 0.0), (0.0, 1.0))] == [
        0.16,
        -0.12,
    ]


def test_a_point_at_the_origin_has_no_direction_and_the_slope_0():
    for name in ("hypot_derivative", "atan2_derivative"):
        assert getattr(distances, name)(0.0, -0.0, 1.0, 0.0) == 0.0
        assert math.isnan(getattr(distances, name)(math.nan, 0.0, 1.0, 0.0))
