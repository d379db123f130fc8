"""The error function and the normal distribution, with all digits in the tails."""

import math

from autograd.special.elementary import nan
from autograd.special.exact import two_product

erf = math.erf
erfc = math.erfc

_SQRT_HALF, _SQRT_HALF_REST = 0.7071067811865476, -4.833646656726457e-17  # together sqrt(1/2) to 32 digits
_SQRT_1_2PI = 0.3989422804014327  # 1 / sqrt(2*pi)


def gauss(c: float, x: float, k: float) -> float:
    """`c * exp(-k * x**2)` for k >= 0: no digit is lost in the square, nor on the way to the smallest floats.

    >>> f"{math.exp(-25.3 * 25.3):.14e}", f"{gauss(1.0, 25.3, 1.0):.14e}"
    ('1.02907038136890e-278', '1.02907038136890e-278')
    """
    if not abs(x) < 1e100 or not 0 <= k < 1e100:
        return c * (nan if x != x or not k >= 0 else 0.0 if k else 1.0)
    square, square_rest = two_product(x, x)
    power, rest = two_product(k, square)
    rest += k * square_rest
    if power < 600:
        return c * (math.exp(-power) * (1 - rest))
    quarter = math.exp(-power / 4)  # the product reaches the subnormal numbers at its end only, if at all
    return c * quarter * (1 - rest) * quarter * quarter * quarter


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
    inverse = 1 / (x * x)  # of the tail (DLMF 7.12.1), multiplied before it is too small for a float
    series = 1 - inverse * (1 - 3 * inverse * (1 - 5 * inverse * (1 - 7 * inverse * (1 - 9 * inverse))))
    return gauss(-_SQRT_1_2PI * series, x, 0.5)
