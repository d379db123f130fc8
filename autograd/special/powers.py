"""Quotients, roots and powers."""

import math
from collections.abc import Callable, Sequence

from autograd.special.elementary import inf, log, nan
from autograd.special.exact import two_sum


def div(a: float, b: float) -> float:
    """`a / b`; +-inf for a number over 0, nan for 0 / 0.

    >>> div(1.0, 0.0), div(1.0, -0.0), div(0.0, 0.0)
    (inf, -inf, nan)
    """
    try:
        return a / b
    except ZeroDivisionError:
        return math.copysign(inf, a) * math.copysign(1.0, b) if a > 0 or a < 0 else nan


def square(x: float) -> float:
    """`x` times `x`."""
    return x * x


def reciprocal(x: float) -> float:
    """1 / x, with 1/0 = inf and 1/-0 = -inf."""
    try:
        return 1 / x
    except ZeroDivisionError:
        return math.copysign(inf, x)


def sqrt(x: float) -> float:
    """The square root; nan below 0, and -0.0 for -0.0."""
    try:
        return math.sqrt(x)
    except ValueError:
        return nan


def _cube_root(x: float) -> float:
    if x == 0 or not math.isfinite(x):
        return x
    size = abs(x)
    root = size ** (1 / 3)
    root -= (root - size / (root * root)) / 3  # one step of Newton's method: 1/3 is not quite a float
    return math.copysign(root, x)


cbrt: Callable[[float], float] = getattr(math, "cbrt", _cube_root)


def pow(a: float, b: float) -> float:  # noqa: A001  the name of the op, as in `math`
    """`a` to the power `b`: nan for a root of a negative number, inf for 0 to a negative power.

    >>> pow(-8.0, 1 / 3), pow(0.0, -1.0), pow(-0.0, -1.0), pow(1.0, nan)
    (nan, inf, -inf, 1.0)
    """
    try:
        return math.pow(a, b)
    except (ValueError, OverflowError):
        if a < 0 and not b.is_integer():
            return nan
        odd = math.isfinite(b) and abs(math.fmod(b, 2.0)) == 1
        return math.copysign(inf, a) if odd else inf


def pow_derivative(a: float, b: float, k: float, m: float) -> float:
    """The power a**b, differentiated `k` times to `a` and `m` times to `b` (whole numbers).

    It is a**(b - k) times a polynomial in log(a). At a = 0 the power wins over the logarithm.

    >>> pow_derivative(3.0, 2.0, 1.0, 0.0), pow_derivative(0.0, 2.0, 0.0, 1.0)
    (6.0, 0.0)
    """
    exponent, dropped = two_sum(b, -k)
    power = pow(a, exponent)
    if k + m == 1 and not dropped and a and 1e-290 < abs(power) < 1e290:  # what nearly every call asks for
        return b * power if k else power * log(a)
    if power == 0 and m:
        return 0.0
    if m == 0:
        factor = 1.0 if k == 0 else b if k == 1 else math.prod([b - i for i in range(int(k))])
        if factor == 0:
            return 0.0
    else:
        factor = _polynomial_in_log(log(a), b, int(k), int(m))
    if abs(power) == inf and k == 0 and factor != 0:  # the value itself is too large for a float
        return math.copysign(inf, factor * math.copysign(1.0, power))
    if factor != factor or power != power or a == 0 or not (math.isfinite(a) and math.isfinite(b)):
        return factor * power
    half = pow(abs(a), exponent / 2)  # the product of halves is out of range only where the result is
    if not 0 < half < inf:
        return math.copysign(half, factor * math.copysign(1.0, power))
    if dropped:
        factor *= pow(abs(a), dropped)
    if 1e-290 < abs(power) < 1e290:
        return factor * power
    return math.copysign(factor * half * half, factor * math.copysign(1.0, power))


def _polynomial_in_log(log_a: float, b: float, k: int, m: int) -> float:
    """Leibniz' rule: the j-th derivative of b * (b - 1) * ... * (b - k + 1) goes with log(a)**(m - j)."""
    coefficients = [1.0] + [0.0] * m  # of e**j in (b + e) * (b - 1 + e) * ... * (b - k + 1 + e)
    for i in range(k):
        lower = [0.0, *coefficients[:-1]]
        coefficients = [(b - i) * c + d for c, d in zip(coefficients, lower, strict=True)]
    if log_a == 0:
        return math.factorial(m) * coefficients[m]
    return _sum([math.perm(m, j) * coefficients[j] * pow(log_a, float(m - j)) for j in range(m + 1)])


def _sum(terms: Sequence[float]) -> float:
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):  # inf - inf among the terms
        return nan
