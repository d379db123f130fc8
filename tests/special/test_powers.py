import math
import random

import pytest
from mpmath import mp, mpf

from autograd.special import powers

mp.dps = 50  # of the references


@pytest.mark.parametrize("cbrt", [powers.cbrt, powers._cube_root], ids=["cbrt", "for Python 3.10"])
def test_cube_roots_are_right_to_the_last_digits_at_any_size(cbrt):
    rng = random.Random(3)
    for x in [5e-324, 1.7976931348623157e308, *(10 ** rng.uniform(-320, 308) for _ in range(300))]:
        assert abs(mpf(cbrt(x)) - mp.cbrt(x)) <= 3 * math.ulp(cbrt(x))
        assert cbrt(-x) == -cbrt(x)


@pytest.mark.parametrize("cbrt", [powers.cbrt, powers._cube_root], ids=["cbrt", "for Python 3.10"])
def test_cube_roots_of_edges_are_the_edges(cbrt):
    assert [cbrt(x) for x in (math.inf, -math.inf, 0.0)] == [math.inf, -math.inf, 0.0]
    assert math.isnan(cbrt(math.nan))
    assert math.copysign(1, cbrt(-0.0)) == -1


def test_small_exponents_keep_their_digits_where_b_minus_1_rounds():
    wanted = mpf(1e-8) * mp.power(mpf(1e-300), mpf(1e-8) - 1)
    got = powers.pow_derivative(1e-300, 1e-8, 1.0, 0.0)
    assert abs(got - wanted) < 4 * math.ulp(got)


def test_powers_of_whole_numbers_have_all_derivatives_at_0():
    assert [powers.pow_derivative(0.0, 3.0, float(k), 0.0) for k in range(6)] == [
        0.0,
        0.0,
        0.0,
        6.0,
        0.0,
        0.0,
    ]


def test_a_derivative_to_both_is_that_of_mpmath():
    for k, m in [(1, 1), (2, 3), (3, 2), (0, 4)]:
        wanted = mp.diff(lambda a, b: a**b, (mpf(1.7), mpf(2.3)), (k, m))
        assert powers.pow_derivative(1.7, 2.3, float(k), float(m)) == pytest.approx(float(wanted), rel=1e-14)
