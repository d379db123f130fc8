import math

import pytest
from mpmath import mp, mpf

from autograd.special import normal

mp.dps = 50  # of the references


@pytest.mark.parametrize("x", [-38.4, -37.6, -36.5, -36.0, -20.3, -5.7, -0.1, 0.0, 3.3])
def test_the_far_tail_keeps_all_digits(x):
    wanted = mp.erfc(-mpf(x) / mp.sqrt(2)) / 2
    assert abs(normal.normal_cdf(x) - wanted) <= 4 * math.ulp(float(wanted))
    assert abs(normal.gelu(x) - x * wanted) <= 4 * math.ulp(float(x * wanted))


def test_the_rounded_square_would_lose_digits():
    x = 26.1
    wanted = mp.exp(-(mpf(x) ** 2)) * 2 / mp.sqrt(mp.pi)
    assert abs(normal.erf_derivative(x, 1.0) - wanted) < 3 * math.ulp(float(wanted))
    assert abs(math.exp(-x * x) * 2 / math.sqrt(math.pi) - wanted) > 20 * math.ulp(float(wanted))


@pytest.mark.parametrize("k", range(1, 7))
def test_derivatives_of_every_order_are_those_of_mpmath(k):
    for x in (-2.2, 0.3, 1.9):
        assert normal.erf_derivative(x, float(k)) == pytest.approx(float(mp.diff(mp.erf, x, k)), rel=1e-13)
        cdf = mp.diff(lambda t: mp.erfc(-t / mp.sqrt(2)) / 2, x, k)
        assert normal.normal_derivative(x, float(k)) == pytest.approx(float(cdf), rel=1e-13)


def test_far_out_nothing_is_left():
    assert [normal.normal_cdf(x) for x in (-math.inf, -100.0, 100.0, math.inf)] == [0.0, 0.0, 1.0, 1.0]
    assert [normal.erf_derivative(x, 3.0) for x in (-math.inf, 1e200)] == [0.0, 0.0]
    assert math.isnan(normal.normal_derivative(math.nan, 1.0))
