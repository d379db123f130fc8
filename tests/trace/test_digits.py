import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.trace.digits import constant, digits, is_shown_as, product, total, true_digits


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (2.0, "2"), (-1.5, "-1.5"), (0.1, "0.1"), (0.0, "0"), (-0.0, "0"), (0.0001, "0.0001"),
        (123456.0, "123456"), (0.41703, "0.4170"), (0.0985731, "0.09857"),
        (1.23456e-7, "1.235e-07"), (-0.340999, "-0.3410"),
        (10.10733, "10.1073"), (0.1 + 0.2, "0.3"), (1 - 0.7071067811865476**2, "0.5"), (0.99999, "1.0000"),
        (1e-5, "1e-05"), (0.00025, "0.00025"), (1e300, "1e+300"), (1.23456789e300, "1.2346e+300"),
        (5e-324, "5e-324"), (math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"),
    ],
)  # fmt: skip
def test_a_number_is_printed_by_the_rule(number, printed):
    assert digits(number) == printed


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_but_zero_is_printed_as_zero(x):
    assert (float(digits(x)) == 0.0) == (x == 0.0)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_number_has_4_right_digits(x):
    assert math.isclose(float(digits(x)), x, rel_tol=0.5001e-3)


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


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1.00001, "1.00001"), (1 / 3, "0.33333333..."), (-2.0, "-2"), (0.1 + 0.2, "0.3"), (1e16, "1e+16"),
        (math.pi * 1e-9, "3.14159265...e-09"), (123456.789012345, "123456.789..."), (math.inf, "inf"),
        (1e22 / 3, "3.33333333...e+21"),
    ],
)  # fmt: skip
def test_a_constant_is_shortened_and_never_rounded_to_another_number(number, shown):
    assert constant(number) == shown
    assert "..." in shown or float(shown) == pytest.approx(number, rel=1e-12)
