"""The error function and the normal distribution, with all digits in the tails."""

import math
from functools import reduce

from autograd.special.elementary import nan
from autograd.special.exact import two_product

erf = math.erf
erfc = math.erfc

_SQRT_HALF, _SQRT_HALF_REST = 0.7071067811865476, -4.833646656726457e-17  # together sqrt(1/2) to 32 digits
_ONE_OVER_SQRT_2PI, _TWO_OVER_SQRT_PI = 0.3989422804014327, 1.1283791670955126


def erf_derivative(x: float, k: float) -> float:
    """The k-th derivative of erf, k = 1, 2, ...; the first is 2 / sqrt(pi) * exp(-x**2).

    >>> erf_derivative(0.0, 1.0) == 2 / math.sqrt(math.pi), erf_derivative(0.0, 2.0)
    (True, -0.0)
    """
    return _bell(_TWO_OVER_SQRT_PI, 1.0, x, int(k) - 1)


def normal_derivative(x: float, k: float) -> float:
    """The k-th derivative of normal_cdf, k = 1, 2, ...; the first is exp(-x**2 / 2) / sqrt(2*pi).

    >>> f"{normal_derivative(-38.0, 1.0):.6e}"    # a subnormal float
    '1.097221e-314'
    """
    return _bell(_ONE_OVER_SQRT_2PI, 0.5, x, int(k) - 1)


def _bell(c: float, s: float, x: float, n: int) -> float:
    """The n-th derivative of `c * exp(-s * x**2)`: times a Hermite polynomial (DLMF 18.9.1, 18.5.5)."""
    if not abs(x) < 60:  # here 0 for any n below 100
        return x if x != x else math.copysign(0.0, c)
    before, polynomial = 0.0, c
    for i in range(n):
        before, polynomial = polynomial, -2 * s * (x * polynomial + i * before)
    square, dropped = two_product(x, x)
    if square < 600:
        return polynomial * (math.exp(-s * square) * (1 - s * dropped))
    quarter = math.exp(-s * square / 4)  # only the end of the product may be too small
    return polynomial * (1 - s * dropped) * quarter * quarter * quarter * quarter


def normal_cdf(x: float) -> float:
    """The chance that a standard normal variable is below `x`: erfc(-x / sqrt(2)) / 2 with all digits.

    The argument of erfc is rounded, which its tail magnifies: the slope there puts it right.

    >>> normal_cdf(0.0), f"{normal_cdf(-20.0):.14e}"
    (0.5, '2.75362411860623e-89')
    """
    if not abs(x) < 40:
        return nan if x != x else 1.0 if x > 0 else 0.0
    z, dropped = two_product(-x, _SQRT_HALF)
    dropped -= x * _SQRT_HALF_REST
    return math.erfc(z) / 2 - dropped * math.exp(-z * z) / math.sqrt(math.pi)


def gelu(x: float) -> float:
    """`x * normal_cdf(x)` (the exact form, not the tanh approximation); 0 at -inf, as the limit is.

    >>> gelu(0.0), gelu(-math.inf)
    (0.0, -0.0)
    """
    if x > -36:
        return x * normal_cdf(x)
    # the series of the tail (DLMF 7.12.1), multiplied before the result is too small for a float
    series = reduce(lambda rest, odd: 1 - odd / (x * x) * rest, range(15, 0, -2), 1.0)
    return _bell(-_ONE_OVER_SQRT_2PI * series, 0.5, x, 0)
