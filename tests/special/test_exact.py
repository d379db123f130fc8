import math
import random
import struct
from fractions import Fraction
from itertools import pairwise

import pytest

from autograd.special import exact

BITS = random.Random(7)


def anything():
    """A finite float of random bits."""
    while True:
        (x,) = struct.unpack("<d", BITS.randbytes(8))
        if math.isfinite(x):
            return x


def rounded(fraction):
    try:
        return float(fraction)
    except OverflowError:
        return math.inf if fraction > 0 else -math.inf


TRIPLES = [(anything(), anything(), anything()) for _ in range(300)]
TRIPLES += [(BITS.uniform(-2, 2), BITS.uniform(-2, 2), BITS.uniform(-2, 2)) for _ in range(300)]
TRIPLES += [(a, b, -a * b) for a, b, _ in TRIPLES if math.isfinite(a * b)]  # all that is left is rounding
TRIPLES += [(a * 1e-160, b * 1e-160, c * 5e-324) for a, b, c in TRIPLES[300:500]]


@pytest.mark.parametrize("fma", [exact.fma, exact._fused], ids=["fma", "for older Pythons"])
def test_fma_rounds_once(fma):
    for a, b, c in TRIPLES:
        wanted = rounded(Fraction(a) * Fraction(b) + Fraction(c))
        if math.isfinite(wanted):
            assert fma(a, b, c) == wanted
        else:
            assert exact.fma(a, b, c) == wanted


@pytest.mark.parametrize(
    ("operands", "wanted"),
    [
        ((0.0, 1.0, -0.0), 0.0),
        ((-0.0, 1.0, -0.0), -0.0),
        ((1e-200, -1e-200, 0.0), -0.0),
        ((1.0, 1.0, -1.0), 0.0),
    ],
)
def test_fma_keeps_the_sign_of_zero(operands, wanted):
    for fma in (exact.fma, exact._fused):
        assert math.copysign(1, fma(*operands)) == math.copysign(1, wanted)


def test_what_rounding_drops_is_exact():
    for a, b, c in TRIPLES:
        total, rest = exact.two_sum(b, c)
        if math.isfinite(total):
            assert Fraction(total) + Fraction(rest) == Fraction(b) + Fraction(c)
        if 2.0**-960 < abs(a * b) < 2.0**990 and max(abs(a), abs(b)) < 2.0**990:
            product, rest = exact.two_product(a, b)
            assert Fraction(product) + Fraction(rest) == Fraction(a) * Fraction(b)


def test_sums_and_sums_of_products_round_once():
    for xs in TRIPLES:
        assert exact.total(*xs) == rounded(sum(map(Fraction, xs)))
    for (a, b, c), (d, e, f) in pairwise(TRIPLES):
        wanted = Fraction(a) * Fraction(d) + Fraction(b) * Fraction(e) + Fraction(c) * Fraction(f)
        assert exact.sumprod(a, b, c, d, e, f) == rounded(wanted)


def test_products_leave_the_range_only_where_the_result_does():
    for xs in TRIPLES:
        got, wanted = exact.prod(*xs), rounded(math.prod(map(Fraction, xs)))
        assert got == wanted or abs(got - wanted) <= 2 * math.ulp(wanted)


@pytest.mark.parametrize("count", [1, 2, 5, 50])
def test_other_products_leave_one_out(count):
    xs = [BITS.choice((-1, 1)) * 10 ** BITS.uniform(-20, 20) for _ in range(count)]
    for i, got in enumerate(exact.other_products(xs)):
        wanted = math.prod(map(Fraction, xs[:i] + xs[i + 1 :]))
        assert got == pytest.approx(rounded(wanted), rel=1e-14)


def test_dot_adds_from_left_to_right_and_begins_with_the_bias():
    assert exact.dot(1e16, 1.0, 1.0, 1.0, -1e16) == (-1e16 + 1e16) + 1.0
    assert exact.dot() == 0.0
