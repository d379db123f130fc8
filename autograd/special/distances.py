"""Lengths and angles, and their derivatives of every order."""

import math
from collections.abc import Sequence
from functools import cache

from autograd.special.elementary import nan
from autograd.special.exact import scale

hypot = math.hypot
norm = math.hypot
atan2 = math.atan2


def hypot_derivative(a: float, b: float, k: float, m: float) -> float:
    """The length hypot(a, b), differentiated `k` times to `a`, `m` times to `b`, k + m >= 1. 0 where it is 0.

    >>> hypot_derivative(3.0, 4.0, 1.0, 0.0), hypot_derivative(1e-200, 0.0, 0.0, 2.0)
    (0.6, 1e+200)
    """
    if k + m == 1 and 1e-290 < math.hypot(a, b) < math.inf:
        return (a if k else b) / math.hypot(a, b)
    if math.isinf(a) is not math.isinf(b) and a == a and b == b:  # far out the length is the longer side
        longer = a if k else b
        return math.copysign(1.0, longer) if k + m == 1 and math.isinf(longer) else 0.0
    return _over_length(hypot_polynomial(int(k), int(m)), a, b, int(2 * (k + m)) - 1)


@cache
def hypot_polynomial(k: int, m: int) -> tuple[int, ...]:
    """The numerator over hypot(a, b)**(2*n - 1), n = k + m: coefficients of a**j * b**(n - j) for j = 0..n.

    Quotient rule: P / r**p becomes ((a**2 + b**2) * P' - p * a * P) / r**(p + 2), and the same with b.
    """
    if k + m == 0:
        return (1,)
    if k == 0:
        return hypot_polynomial(m, 0)[::-1]
    before = hypot_polynomial(k - 1, m)
    n, p = k + m - 1, 2 * (k + m) - 3
    after = [0] * (n + 3)
    for j, c in enumerate(before):
        after[j + 1] += (j - p) * c  # from a**2 * P' - p * a * P
        if j:
            after[j - 1] += j * c  # from b**2 * P'
    return tuple(after[: n + 2])


def atan2_derivative(a: float, b: float, k: float, m: float) -> float:
    """The angle atan2(a, b), differentiated `k` times to `a`, `m` times to `b`, k + m >= 1. 0 at the origin.

    >>> atan2_derivative(1.0, 2.0, 1.0, 0.0), atan2_derivative(1.0, 2.0, 0.0, 1.0)
    (0.4, -0.2)
    """
    if k + m == 1 and 1e-140 < max(abs(a), abs(b)) < 1e140:
        return (b if k else -a) / (a * a + b * b)
    if a == a and b == b and (math.isinf(a) or math.isinf(b)):
        return 0.0  # far out nothing turns the angle
    return _over_length(atan2_polynomial(int(k), int(m)), a, b, int(2 * (k + m)))


@cache
def atan2_polynomial(k: int, m: int) -> tuple[int, ...]:
    """The numerator over hypot(a, b)**(2*n), n = k + m: coefficients of a**j * b**(n - j) for j = 0..n.

    The angle is the imaginary part of log(z), z = b + ia, and this is that of
    -(n - 1)! * (-1)**n * i**k * (b - ia)**n.
    """
    n = k + m
    factor = (-1) ** (n - 1) * math.factorial(n - 1)
    imaginary = (0, 1, 0, -1)  # part of i**0, i**1, i**2, i**3
    return tuple(factor * imaginary[(k - j) % 4] * math.comb(n, j) for j in range(n + 1))


def _over_length(polynomial: Sequence[int], a: float, b: float, p: int) -> float:
    """A homogeneous polynomial (coefficients of a**j * b**(n - j)) over hypot(a, b)**p, at any size."""
    if (a == 0 and b == 0) or not (math.isfinite(a) and math.isfinite(b)):
        return 0.0 if a == b == 0 else nan
    if abs(a) > abs(b):
        return _over_length(polynomial[::-1], b, a, p)
    n = len(polynomial) - 1
    lowest = next(j for j, c in enumerate(polynomial) if c)  # a**lowest is kept apart: it may be very small
    _, exponent = math.frexp(b)
    x, y = math.ldexp(a, -exponent), math.ldexp(b, -exponent)
    terms = [c * x ** (j - lowest) * y ** (n - j) for j, c in enumerate(polynomial) if c]
    quotient = math.fsum(terms) / math.hypot(x, y) ** p
    mantissa, a_exponent = math.frexp(a)
    return scale(quotient * mantissa**lowest, lowest * (a_exponent - exponent) + exponent * (n - p))
