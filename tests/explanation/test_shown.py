"""Digits that make what is printed true."""

import math

from autograd.explanation.shown import is_shown_as, product, total, true_digits


def test_four_digits_do_where_they_are_enough():
    assert true_digits(lambda x: 1 - x[0] ** 2, [math.sqrt(0.5)], 0.5) == ["0.7071"]


def test_more_digits_are_shown_where_they_cancel():
    near_one = math.tanh(7)
    (shown,) = true_digits(lambda x: 1 - x[0] ** 2, [near_one], 1 - near_one**2)
    assert len(shown) > 6
    assert is_shown_as(1 - float(shown) ** 2, 1 - near_one**2)


def test_what_python_refuses_is_not_shown():
    assert true_digits(lambda x: 1 / x[0], [0.0], math.inf) is None


def test_a_sum_that_cancels_shows_all_it_needs():
    assert total([0.1 + 0.2, -0.3], 0.1 + 0.2 - 0.3) == "0.30000000000000004 + -0.3 = 5.551e-17"


def test_nan_times_nothing_is_not_called_0():
    assert product(math.nan, 0.0, 0.0) == "0"
    assert product(2.0, 3.0, 6.0) == "2 * 3 = 6"
