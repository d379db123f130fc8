import math
import random

import pytest

from autograd.special import choices


@pytest.mark.parametrize("name", ["floor", "ceil", "trunc"])
def test_whole_numbers_are_those_of_math_with_the_sign_kept(name):
    rng = random.Random(1)
    for x in [*(rng.uniform(-3, 3) for _ in range(100)), 1e300, -1e300, 2.0, -0.0]:
        got = getattr(choices, name)(x)
        assert got == getattr(math, name)(x)
        assert got != 0 or math.copysign(1, got) == math.copysign(1, x)


def test_nearest_takes_the_even_one_in_the_middle():
    assert [choices.nearest(x) for x in (0.5, 1.5, 2.5, -0.5, -1.5)] == [0.0, 2.0, 2.0, 0.0, -2.0]


def test_the_largest_and_the_smallest_of_anything_with_nan_are_nan():
    assert math.isnan(choices.maximum(1.0, math.nan, math.inf))
    assert math.isnan(choices.minimum(math.nan, 1.0))
    assert (choices.maximum(1.0, 3.0, 2.0), choices.minimum(1.0, -3.0)) == (3.0, -3.0)


def test_clamp_keeps_nan_and_both_ends():
    assert math.isnan(choices.clamp(math.nan, 0.0, 1.0))
    assert [choices.clamp(x, 0.0, 1.0) for x in (-1.0, 0.0, 0.5, 1.0, 2.0)] == [0.0, 0.0, 0.5, 1.0, 1.0]


def test_the_sign_of_zero_and_nan_is_itself():
    assert (choices.sign(-2.0), choices.sign(0.5)) == (-1.0, 1.0)
    assert math.copysign(1, choices.sign(-0.0)) == -1
    assert math.isnan(choices.sign(math.nan))
