import math
from fractions import Fraction

import pytest
from mpmath import mp, mpf

from autograd.special import gamma_functions as gamma

POINTS = [0.1, 0.9, 1.5, 2.2, 3.0, 7.7, 25.5, -0.3, -1.5, -2.6, -7.1, -30.2]

mp.dps = 50  # of the references


@pytest.mark.parametrize("x", POINTS)
@pytest.mark.parametrize("n", [0, 1, 2, 5, 12])
def test_polygamma_follows_its_recurrence(n, x):
    step = (-1) ** n * math.factorial(n) / mpf(x) ** (n + 1)
    larger = max(abs(gamma.polygamma(n, x)), abs(float(step)))
    assert abs(gamma.polygamma(n, x + 1) - gamma.polygamma(n, x) - step) < 60 * math.ulp(larger)


@pytest.mark.parametrize("n", [50, 170, 200])
def test_polygamma_of_high_order_neither_raises_nor_overflows_on_the_way(n):
    for x in (0.7, 30.5, 100.0, -3.5):
        sign = (-1) ** (n + 1)
        wanted = sign * mp.factorial(n) * mp.fsum((mpf(x) + k) ** -(n + 1) for k in range(2000))
        assert gamma.polygamma(float(n), x) == pytest.approx(float(wanted), rel=1e-13)


def test_polygamma_of_any_order_is_there_at_once():
    n = gamma.FAR + 1  # the first whose order is worked out in logarithms, beside the last that is not
    for x in (0.4 * n, 0.37 * n, n / 2.9):
        wanted = (-1) ** (n + 1) * mp.factorial(n) * mp.fsum((mpf(x) + k) ** -(n + 1) for k in range(3000))
        assert gamma.polygamma(float(n), x) == pytest.approx(float(wanted), rel=1e-15)
    assert [gamma.polygamma(n, x) for n, x in [(1e9, 1.5), (1e9 + 1, 1.5), (1e9, -2.3), (1e5 + 2, -2.5)]] == [
        -math.inf, math.inf, math.inf, -math.inf
    ]  # fmt: skip
    assert [gamma.polygamma(n, x) for n, x in [(1e308, 1e308), (1e5, 1e9), (1e300, math.inf)]] == [0.0] * 3
    assert gamma.polygamma(1e6, 367880.0) == -0.0015970388032333072


@pytest.mark.parametrize("interval", range(2, 16))
def test_lgamma_is_right_on_both_sides_of_its_zeros_left_of_minus_2(interval):
    lowest = mp.findroot(lambda x: mp.psi(0, x), -interval - 0.4)
    for pole in (-interval, -interval - 1):
        zero = mp.findroot(
            lambda x: mp.log(abs(mp.gamma(x))),
            (pole + (lowest - pole) * mpf(10) ** -16, lowest),
            solver="anderson",
            verify=False,
        )
        for x in (math.nextafter(float(zero), -99), float(zero), math.nextafter(float(zero), 99)):
            if x != pole:
                wanted = mp.log(abs(mp.gamma(mpf(x))))
                assert abs(gamma.lgamma(x) - wanted) <= 8 * math.ulp(float(wanted))


def test_gamma_is_factorial():
    assert [gamma.gamma(float(n)) for n in range(1, 12)] == [math.factorial(n - 1) for n in range(1, 12)]


@pytest.mark.parametrize("k", range(5))
def test_derivatives_of_gamma_of_every_order_are_those_of_mpmath(k):
    for x in (0.4, 2.9, -1.3):
        wanted = mp.diff(mp.gamma, mpf(x), k)
        assert gamma.gamma_derivative(x, float(k)) == pytest.approx(float(wanted), rel=1e-12)


def test_bernoulli_numbers():
    wanted = [(2, "1/6"), (4, "-1/30"), (6, "1/42"), (8, "-1/30"), (10, "5/66"), (12, "-691/2730")]
    assert gamma._bernoulli(6) == tuple((k, Fraction(b)) for k, b in wanted)
