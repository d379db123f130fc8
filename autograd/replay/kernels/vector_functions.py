"""exp, log, tanh and their relatives on eight floats at once.

Each is within a few units in the last place of the C library's. The method is the usual one (reduce the
argument, a polynomial on the rest, put the exponent back): Muller, "Elementary Functions", chapters 5 and 11.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.vectors import (
    apart,
    exponent_of,
    fma,
    if_equal,
    if_greater,
    magnitude,
    nearest,
    part,
    splat,
    two_to_the,
    with_sign_of,
)

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10  # their sum is ln 2 to 86 bits
INFINITY, NAN = float("inf"), float("nan")


@part
def series_of_exp(r: Any) -> Any:
    """(exp(r) - 1 - r) / r**2 for |r| <= ln(2) / 2: Taylor's series to r**13.

    In Estrin's order: terms do not wait for all terms before them, as in Horner's.
    """
    square = r * r
    low = fma(square, fma(r, splat(1 / 120.0), splat(1 / 24.0)), fma(r, splat(1 / 6.0), splat(0.5)))
    first = fma(r, splat(1 / 5040.0), splat(1 / 720.0))
    second = fma(r, splat(1 / 362880.0), splat(1 / 40320.0))
    third = fma(r, splat(1 / 39916800.0), splat(1 / 3628800.0))
    fourth = fma(r, splat(1 / 6227020800.0), splat(1 / 479001600.0))
    high = fma(square * square, fma(square, fourth, third), fma(square, second, first))
    return fma(square * square, high, low)


@part
def exponential(x: Any) -> Any:
    x = if_greater(x, splat(760.0), splat(760.0), if_greater(splat(-760.0), x, splat(-760.0), x))
    k = nearest(x * splat(LOG2_E))
    r = fma(k, splat(-LN2_LOW), fma(k, splat(-LN2_HIGH), x))
    y = splat(1.0) + fma(r * r, series_of_exp(r), r)
    half = nearest(k * splat(0.5))  # in two steps: 2**1024 and 2**-1070 are out of a float's range
    return y * two_to_the(half) * two_to_the(k - half)


@part
def hyperbolic_tangent(x: Any) -> Any:
    apart()
    twice = magnitude(x) * splat(2.0)
    twice = if_greater(twice, splat(60.0), splat(60.0), twice)
    k = nearest(twice * splat(LOG2_E))
    r = fma(k, splat(-LN2_LOW), fma(k, splat(-LN2_HIGH), twice))
    scale = two_to_the(k)
    minus_one = fma(
        scale, fma(r * r, series_of_exp(r), r), scale - splat(1.0)
    )  # exp(2|x|) - 1, also when tiny
    return with_sign_of(minus_one / (minus_one + splat(2.0)), x)


@part
def logistic(x: Any) -> Any:
    e = exponential(splat(0.0) - magnitude(x))
    return if_greater(splat(0.0), x, e, splat(1.0)) / (splat(1.0) + e)


@part
def logarithm(x: Any) -> Any:
    apart()
    tiny = splat(2.2250738585072014e-308)
    normal = if_greater(tiny, x, x * splat(18014398509481984.0), x)  # 2**54
    k = exponent_of(normal)
    half = nearest(k * splat(-0.5))
    m = normal * two_to_the(half) * two_to_the(splat(0.0) - k - half)
    k = k - if_greater(tiny, x, splat(54.0), splat(0.0))
    f = (m - splat(1.0)) / (m + splat(1.0))
    s = f * f
    p = splat(2 / 23.0)
    p = fma(p, s, splat(2 / 21.0))
    p = fma(p, s, splat(2 / 19.0))
    p = fma(p, s, splat(2 / 17.0))
    p = fma(p, s, splat(2 / 15.0))
    p = fma(p, s, splat(2 / 13.0))
    p = fma(p, s, splat(2 / 11.0))
    p = fma(p, s, splat(2 / 9.0))
    p = fma(p, s, splat(2 / 7.0))
    p = fma(p, s, splat(2 / 5.0))
    p = fma(p, s, splat(2 / 3.0))
    y = fma(k, splat(LN2_HIGH), fma(f, splat(2.0), fma(f * s, p, k * splat(LN2_LOW))))
    y = if_greater(splat(INFINITY), x, y, x)  # inf and nan are their own logarithm
    return if_greater(x, splat(0.0), y, if_equal(x, splat(0.0), splat(-INFINITY), splat(NAN)))


@part
def log_of_one_plus(u: Any) -> Any:
    """log(1 + u) for u from 0 to 1 (Kahan's correction for what 1 + u rounds away)."""
    apart()
    w = splat(1.0) + u
    return if_equal(
        w, splat(1.0), u, logarithm(w) * (u / if_equal(w, splat(1.0), splat(1.0), w - splat(1.0)))
    )


@part
def soft_plus(x: Any) -> Any:
    apart()
    return if_greater(x, splat(0.0), x, splat(0.0)) + log_of_one_plus(exponential(splat(0.0) - magnitude(x)))
