import math

import pytest
from mpmath import mp, mpf

from autograd import special

mp.dps = 50  # of the references


def test_sigmoid_and_its_mirror_add_up_to_1():
    for x in (0.0, 0.1, 1.0, 5.0, 30.0, 700.0):
        assert special.sigmoid(x) + special.sigmoid(-x) == pytest.approx(1, rel=1e-16)


def test_softplus_and_log_sigmoid_are_mirrors():
    for x in (-800.0, -40.0, -1.0, 0.0, 0.5, 40.0, 800.0):
        assert special.log_sigmoid(x) == -special.softplus(-x)


def test_silu_keeps_its_digits_where_sigmoid_is_subnormal():
    wanted = mpf(-744) * mp.exp(-744)
    assert abs(special.silu(-744.0) - wanted) < 3 * 5e-324


def test_a_share_forgets_nothing_of_the_difference():
    a, b = -700.1, 0.3
    wanted = mp.exp(mpf(a) - mpf(b))
    assert abs(special.share(a, b) - wanted) < 4 * math.ulp(float(wanted))
    assert abs(special.sigmoid(a - b) - wanted) > 50 * math.ulp(float(wanted))  # the difference rounded


def test_logsumexp_and_its_rest_are_the_whole():
    xs = (1e16, 1e16 - 2, 3.0)
    total = special.logsumexp(*xs)
    wanted = mp.log(1 + mp.exp(-2))
    assert mpf(total) - mpf(xs[0]) + mpf(special.logsumexp_rest(*xs, total)) == pytest.approx(
        wanted, rel=1e-15
    )


def test_logsumexp_is_never_too_large_on_the_way():
    assert special.logsumexp(1e308, 1e308) == 1e308
    assert special.logsumexp(-1e308, -1e308) == -1e308
    assert special.logsumexp(-745.0) == -745.0


def test_exp_of_a_difference_does_not_round_it():
    assert special.exp_difference(1e300, 1.0, 1e300) == math.exp(-1)
    assert special.exp_difference(-math.inf, 0.0, 0.0) == 0.0
    assert math.isnan(special.exp_difference(math.inf, math.inf, 0.0))
