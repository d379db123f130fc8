"""exp, log, tanh and their relatives on all floats of a `Vec` at once.

Each is within a few units in the last place of the C library's. The method is the usual one (reduce the
argument, a polynomial on the rest, put the exponent back): Muller, "Elementary Functions", chapters 5 and 11.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.vectors import (
    all_between,
    apart,
    exponent_of,
    fma,
    if_equal,
    if_greater,
    magnitude,
    nearest,
    negative,
    part,
    root,
    root_guess,
    two_to_the,
    with_sign_of,
)

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10  # their sum is ln 2 to 86 bits
ROUNDING = 1.5 * 2.0**52  # beside it a float has room for whole numbers alone
INFINITY, NAN = float("inf"), float("nan")


@part
def of_small(r: Any) -> Any:
    """exp(r) - 1 for |r| <= ln(2) / 2: Taylor's series to r**13.

    In Estrin's order: terms do not wait for all terms before them, as in Horner's.
    """
    square = r * r
    fourth = square * square
    low = fma(square, fma(r, 1 / 120.0, 1 / 24.0), fma(r, 1 / 6.0, 0.5))
    first = fma(r, 1 / 5040.0, 1 / 720.0)
    second = fma(r, 1 / 362880.0, 1 / 40320.0)
    third = fma(r, 1 / 39916800.0, 1 / 3628800.0)
    last = fma(r, 1 / 6227020800.0, 1 / 479001600.0)
    high = fma(fourth, fma(square, last, third), fma(square, second, first))
    return fma(fourth * square, high, fma(square, low, r))


@part
def parted(x: Any) -> Any:
    """(k, exp(x - k ln 2) - 1) for the whole number k that is nearest to x / ln 2; x from -2**31 to 2**31."""
    k = fma(x, LOG2_E, ROUNDING) - ROUNDING  # sooner there than by `nearest`
    return k, of_small(fma(k, -LN2_LOW, fma(k, -LN2_HIGH, x)))


@part
def scales(k: Any) -> Any:
    """Two powers of two whose product is 2**k: 2**1024 and 2**-1070 are out of a float's range."""
    half = nearest(k * 0.5)
    return two_to_the(half), two_to_the(k - half)


@part
def exponential(x: Any) -> Any:
    k, rest = parted(if_greater(x, 760.0, 760.0, if_greater(-760.0, x, -760.0, x)))
    one, other = scales(k)
    return fma(rest, one, one) * other


@part
def square_root(x: Any) -> Any:
    """sqrt(x) by products, within a unit in the last place.

    Beside a division sooner than the processor's own: these two wait for each other.
    """
    if not all_between(x, 1e-280, 1e280):
        return root(x)
    y = root_guess(x)
    for _ in range(2):
        e = fma(negative(x * y), y, 1.0)  # (1 - e) ** -0.5 is 1 + e/2 + 3/8 e**2 + ...
        y = fma(y * e, fma(e, 0.375, 0.5), y)
    s = x * y
    return fma(fma(negative(s), s, x), y * 0.5, s)


@part
def hyperbolic_tangent(x: Any) -> Any:
    apart()
    twice = magnitude(x) * 2.0
    k, rest = parted(if_greater(twice, 60.0, 60.0, twice))
    scale = two_to_the(k)
    minus_one = fma(scale, rest, scale - 1.0)  # exp(2|x|) - 1, also when tiny
    return with_sign_of(minus_one / (minus_one + 2.0), x)


@part
def logistic(x: Any) -> Any:
    down = negative(magnitude(x))
    k, rest = parted(if_greater(-760.0, down, -760.0, down))
    one, other = scales(k)
    e = fma(rest, one, one)  # times `other`: exp(-|x|)
    return if_greater(0.0, x, e * other, 1.0) / fma(e, other, 1.0)


@part
def logarithm(x: Any) -> Any:
    apart()
    tiny = 2.2250738585072014e-308
    normal = if_greater(tiny, x, x * 18014398509481984.0, x)  # 2**54
    k = exponent_of(normal)
    half = nearest(k * -0.5)
    m = normal * two_to_the(half) * two_to_the(0.0 - k - half)
    k = k - if_greater(tiny, x, 54.0, 0.0)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = fma(s, 2 / 23.0, 2 / 21.0)
    p = fma(p, s, 2 / 19.0)
    p = fma(p, s, 2 / 17.0)
    p = fma(p, s, 2 / 15.0)
    p = fma(p, s, 2 / 13.0)
    p = fma(p, s, 2 / 11.0)
    p = fma(p, s, 2 / 9.0)
    p = fma(p, s, 2 / 7.0)
    p = fma(p, s, 2 / 5.0)
    p = fma(p, s, 2 / 3.0)
    y = fma(k, LN2_HIGH, fma(f, 2.0, fma(f * s, p, k * LN2_LOW)))
    y = if_greater(INFINITY, x, y, x)  # inf and nan are their own logarithm
    return if_greater(x, 0.0, y, if_equal(x, 0.0, -INFINITY, NAN))


@part
def log_of_one_plus(u: Any) -> Any:
    """log(1 + u) for finite u from 0: the logarithm's tangent has what 1 + u rounds away."""
    apart()
    w = 1.0 + u
    return logarithm(w) + (u - (w - 1.0)) / w


@part
def soft_plus(x: Any) -> Any:
    apart()
    return if_greater(x, 0.0, x, 0.0) + log_of_one_plus(exponential(negative(magnitude(x))))
