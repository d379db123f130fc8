import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.drawing.numbers import digits


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
