import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.trace.digits import ALL, Digits, Equation, constant, digits, unit


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (2.0, "2"), (-1.5, "-1.5"), (0.1, "0.1"), (0.0, "0"), (-0.0, "0"), (0.0001, "0.0001"),
        (123456.0, "123456"), (0.41703, "0.4170"), (0.0985731, "0.09857"),
        (1.23456e-7, "1.235e-07"), (-0.340999, "-0.3410"),
        (10.10733, "10.107"), (11.21249, "11.212"), (833.97213, "833.97"), (12.30004, "12.300"),
        (12345.678912, "12346"), (123456.789, "123456.789"), (123456.78912, "1.2346e+05"),
        (1e5 + 0.3001, "100000.3001"),
                (1e5 + 0.30014, "1.0000e+05"),
        (0.1 + 0.2, "0.3"), (1 - 0.7071067811865476**2, "0.5"), (0.99999, "1.0000"),
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


@given(st.floats(-1e300, 1e300), st.integers(0, ALL))
def test_more_digits_are_never_less_true(x, more):
    assert abs(float(digits(x, more + 1)) - x) <= abs(float(digits(x, more)) - x)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_all_digits_are_the_number(x):
    assert float(digits(x, ALL)) == x


@pytest.mark.parametrize(
    ("shown", "last"), [("0.4170", 1e-4), ("12346", 1.0), ("1.2346e+05", 10.0), ("7", 1e-4)]
)
def test_a_unit_is_that_of_the_last_digit_or_of_the_rule(shown, last):
    assert unit(shown) == last


def settled(*equations):
    return Digits(lambda: [Equation(*equation) for equation in equations])


def squared(x):
    return 1 - x[0] ** 2


def test_four_digits_do_where_they_are_enough():
    assert settled((squared, [math.sqrt(0.5)], 0.5)).of(squared, [math.sqrt(0.5)], 0.5) == ["0.7071"]


def test_more_digits_are_shown_where_they_cancel():
    near_one = math.tanh(7)
    shown = settled((squared, [near_one], squared([near_one])))
    (text,) = shown.of(squared, [near_one], squared([near_one]))
    assert len(text) > 8
    assert abs(1 - float(text) ** 2 - float(shown(squared([near_one])))) <= unit(shown(squared([near_one])))


def test_a_number_looks_the_same_in_every_equation():
    x = 6.726244
    shown = settled((sum, [x, 1.0], x + 1.0), (lambda xs: math.exp(xs[0]), [x], math.exp(x)))
    assert shown(x) == "6.72624"
    assert shown(-x) == "-6.72624"
    assert shown.total([x, 1.0], x + 1.0) == "6.72624 + 1 = 7.7262"


def test_the_operands_of_an_equation_follow_a_result_that_got_more_digits():
    x, y = 2.2360679, 2.2360679 * 2.2360679
    shown = settled((lambda xs: math.exp(xs[0]), [y], math.exp(y)), (lambda xs: xs[0] ** 2, [x], y))
    assert abs(float(shown(x)) ** 2 - float(shown(y))) <= unit(shown(y))
    assert abs(math.exp(float(shown(y))) - float(shown(math.exp(y)))) <= unit(shown(math.exp(y)))


def test_what_python_refuses_is_not_shown():
    assert Digits().of(lambda x: 1 / x[0], [0.0], math.inf) is None


def test_what_does_not_come_out_is_not_shown():
    assert Digits().of(sum, [1.0, 1.0], 3.0) is None


def test_an_output_with_more_equations_leaves_the_others_alone():
    few = Digits()
    more = few.also([Equation(lambda xs: math.exp(xs[0]), [6.726244], math.exp(6.726244))])
    assert few(6.726244) == "6.7262"
    assert more(6.726244) == "6.72624"


def test_a_constant_is_shown_as_python_writes_it_where_it_is_short():
    shown = Digits(constants=lambda: [1.00001, 1 / 3])
    assert [shown(x) for x in (1.00001, -1.00001, 1 / 3)] == ["1.00001", "-1.00001", "0.3333"]


def test_a_sum_that_cancels_shows_all_it_needs():
    terms, result = [0.1 + 0.2, -0.3], 0.1 + 0.2 - 0.3
    assert settled((sum, terms, result)).total(terms, result) == "0.30000000000000004 + -0.3 = 5.551e-17"


def test_nan_times_nothing_is_not_called_0():
    assert Digits().product(math.nan, 0.0, 0.0) == "0"
    assert Digits().product(2.0, 3.0, 6.0) == "2 * 3 = 6"


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
