"""The gamma function and its relatives: gamma, lgamma, digamma, polygamma.

Each formula is evaluated with floats first. Where its terms cancel, which happens near the zeros, the same
formula is evaluated again with 45 decimal digits: rare, slower (about 0.1 ms), and right to the last digit.
"""

import math
from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cache, reduce
from typing import Any, NamedTuple, TypeAlias

from autograd.special.elementary import inf, log, nan
from autograd.special.exact import total

_Real: TypeAlias = Any  # float or Decimal: the formulas are the same


class _Arithmetic(NamedTuple):
    """A kind of number, and how far out on it how many terms of an asymptotic series use up its digits."""

    real: Callable[[int], _Real]
    log: Callable[[_Real], _Real]
    start: int
    terms: int


_FLOATS = _Arithmetic(float, math.log, 12, 11)
_DIGITS = _Arithmetic(Decimal, Decimal.ln, 32, 24)
_CONTEXT = Context(prec=45, Emin=-999999, Emax=999999)
FAR = 400  # orders above it are worked out in logarithms
_LOG_2PI = Decimal("1.83787706640934548356065947281123527972279494727556682563430308")


def gamma(x: float) -> float:
    """The gamma function, (x - 1)! between the whole numbers too; +-inf at +-0, nan at -1, -2, ... and -inf.

    >>> gamma(5.0), gamma(-0.0), gamma(200.0), gamma(-1.0)
    (24.0, -inf, inf, nan)
    """
    try:
        return math.gamma(x)
    except OverflowError:
        return math.copysign(inf, x)
    except ValueError:
        return nan if x else math.copysign(inf, x)


def gamma_derivative(x: float, k: float) -> float:
    """The k-th derivative of gamma, k = 0, 1, ..., at `x`; also where gamma itself is too small for a float.

    It is gamma times a polynomial in digamma, polygamma(1), ...: Leibniz' rule on gamma' = gamma * digamma.

    >>> f"{gamma_derivative(1.0, 1.0):.12f}", gamma_derivative(2.5, 0.0) == gamma(2.5)
    ('-0.577215664902', True)
    """
    slopes = [polygamma(n, x) for n in range(int(k))]
    factors = [1.0]
    for n in range(int(k)):
        terms = [math.comb(n, j) * factors[j] * slopes[n - j] for j in range(n + 1)]
        factors.append(total(*terms))
    plain = gamma(x)
    if abs(plain) > 1e-290 or not -400 < x < 0 or x.is_integer() or not math.isfinite(factors[-1]):
        return factors[-1] * plain
    with localcontext(_CONTEXT):  # between the poles, where gamma is nearly 0 and its slope need not be
        sign = -1 if math.floor(x) % 2 else 1
        return float(sign * Decimal(factors[-1]) * _log_gamma(Decimal(x)).exp())


def lgamma(x: float) -> float:
    """log(abs(gamma(x))), with all digits beside its zeros too: 1, 2, and two below each of -2, -3, ...

    >>> f"{lgamma(1 + 2**-40):.12e}", math.isclose(lgamma(1 + 2**-40), math.lgamma(1 + 2**-40), rel_tol=1e-4)
    ('-5.249745890076e-13', False)
    """
    if x > 3.5:
        try:
            return math.lgamma(x)
        except OverflowError:
            return inf
    if x > 2.5:
        return _lgamma_beside_2(x - 3) + math.log(x - 1)
    if x > 1.5:
        return _lgamma_beside_2(x - 2)
    if x > 0.5:
        return _lgamma_beside_2(x - 1) - math.log1p(x - 1)
    if x > -0.5:
        return _lgamma_beside_2(x) - math.log1p(x) - log(abs(x))
    return inf if x.is_integer() else _lgamma_far_left(x)


def _lgamma_far_left(x: float) -> float:
    """`lgamma` between the poles below -1/2; also of -inf and nan."""
    plain = math.lgamma(x)
    if x > -25 and abs(plain) < 0.5 * math.lgamma(1 - x):
        with localcontext(_CONTEXT):
            return float(_log_gamma(Decimal(x)))
    return plain


def _lgamma_beside_2(z: float) -> float:
    """lgamma(2 + z) for abs(z) <= 1/2, by its Taylor series (DLMF 5.7.3)."""
    rest = 0.0
    for coefficient in _taylor_beside_2():
        rest = rest * z + coefficient
    return rest * z


@cache
def _taylor_beside_2() -> tuple[float, ...]:
    """Coefficients of lgamma(2 + z) / z, highest power first: zeta(k) - 1 is Hurwitz's zeta at 2."""
    with localcontext(_CONTEXT):
        return tuple(float(_zeta(k, Decimal(2)) * (-1) ** k / k) for k in range(28, 0, -1))


def _log_gamma(x: Decimal) -> Decimal:
    """log(abs(gamma(x))): by recurrence to the right, and there Stirling's series (DLMF 5.5.1, 5.11.1)."""
    steps = max(0, math.ceil(_DIGITS.start - x))
    product = reduce(lambda total, k: total * (x + k), range(steps), Decimal(1))
    z = x + steps
    stirling = (z - Decimal("0.5")) * z.ln() - z + _LOG_2PI / 2
    for k, b in _bernoulli(_DIGITS.terms):
        stirling += Decimal(b.numerator) / b.denominator / (k * (k - 1)) / z ** (k - 1)
    return stirling - abs(product).ln()


def digamma(x: float) -> float:
    """The derivative of lgamma; -+inf at +-0, nan at -1, -2, ... and -inf.

    >>> digamma(1.0)    # minus Euler's constant
    -0.5772156649015329
    """
    return polygamma(0, x)


def polygamma(n: float, x: float) -> float:
    """The n-th derivative of digamma, n = 0, 1, 2, ...; nan for any other n.

    >>> polygamma(1, 1.0) - math.pi**2 / 6, polygamma(1, -1.0), polygamma(2, inf)
    (0.0, inf, -0.0)
    """
    if n < 0 or n != n // 1 or math.isnan(x) or x == -inf:
        return nan
    order, sign = int(n), -1 if n % 2 == 0 else 1
    if x <= 0 and x.is_integer():  # a pole: from both sides upwards, or down on the left and up on the right
        return inf if sign > 0 else -math.copysign(inf, x) if x == 0 else nan
    if x == inf:
        return inf if order == 0 else sign * 0.0
    if order > FAR:
        return sign * _far_polygamma(order + 1, x)
    try:
        terms = _zeta_terms(order + 1, x, _FLOATS)
        total = math.fsum(terms)
        result = sign * math.factorial(order) * total
        if abs(total) > max(map(abs, terms)) / 8 and 1e-280 < abs(result) < 1e280:
            return result
    except OverflowError:
        pass
    with localcontext(_CONTEXT):
        return float(sign * math.factorial(order) * _zeta(order + 1, Decimal(x)))


def _far_polygamma(s: int, x: float) -> float:
    """Gamma(s) times the sum of 1 / (x + k)**s, for an s so large that it is inf or 0 nearly everywhere."""
    if x < 0:
        beside = x - round(x)  # how far from the nearest pole
        if abs(beside) < 0.5 or s % 2 == 0:
            return math.copysign(inf, beside) if s % 2 else inf
        x = 1 - x  # terms to the left and to the right of the middle cancel
    with localcontext(_CONTEXT) as context:
        context.prec = 60 + len(str(s))
        n, z = Decimal(s), Decimal(x)
        stirling = (n - Decimal("0.5")) * n.ln() - n + _LOG_2PI / 2
        stirling += 1 / (12 * n) - 1 / (360 * n**3) + 1 / (1260 * n**5) - 1 / (1680 * n**7)
        size = stirling - n * z.ln()  # the log of the first term
        if size > 1000:
            return inf
        if size < -1000:  # so is the sum: the terms fall at once, or there are no more than x that do not
            return 0.0
        term, total, k = Decimal(1), Decimal(0), 0
        while term > Decimal("1e-25"):
            total, k = total + term, k + 1
            term = (n * (z / (z + k)).ln()).exp()
        return float(size.exp() * total)


def _zeta(s: int, x: Decimal) -> Decimal:
    terms = _zeta_terms(s, x, _DIGITS)
    with localcontext(_CONTEXT) as context:
        context.prec = 1000  # nothing is rounded: at -3.5 all terms to both sides cancel
        return reduce(Decimal.__add__, terms, Decimal(0))


def _zeta_terms(s: int, x: _Real, arithmetic: _Arithmetic) -> list[_Real]:
    """Terms that add up to Hurwitz's zeta function, the sum of 1 / (x + k)**s for k = 0, 1, 2, ...

    For s = 1 they add up to -digamma(x). Far left the sum runs over all whole k, which makes two such sums
    beside 1, less those that are too many.
    """
    if x > -50:
        return _zeta_terms_one_by_one(s, x, arithmetic)
    from_pole = x - round(x)
    right = _zeta_terms_one_by_one(s, 1 + from_pole, arithmetic)
    left = _zeta_terms_one_by_one(s, 1 - from_pole, arithmetic)
    beyond = _zeta_terms_one_by_one(s, 1 - x, arithmetic)
    sign = -1 if s % 2 else 1
    return [from_pole**-s, *right, *[sign * term for term in left], *[-sign * term for term in beyond]]


def _zeta_terms_one_by_one(s: int, x: _Real, arithmetic: _Arithmetic) -> list[_Real]:
    """The sum term by term until `x` is large, then Euler and Maclaurin's formula (DLMF 25.11.5, 5.11.2)."""
    steps = max(0, math.ceil(arithmetic.start + s - x))
    z = x + steps
    power = z**-s
    terms = [(x + k) ** -s for k in range(steps)]
    terms += [power / 2, -arithmetic.log(z) if s == 1 else z ** (1 - s) / (s - 1)]
    for coefficient in _euler_maclaurin(s, arithmetic):
        power = power / z
        terms.append(coefficient * power)
        power = power / z
    return terms


@cache
def _euler_maclaurin(s: int, arithmetic: _Arithmetic) -> tuple[_Real, ...]:
    """B(k) / k! * s * (s + 1) * ... * (s + k - 2) for k = 2, 4, 6, ..."""
    exact = [b * math.prod(range(s, s + k - 1)) / math.factorial(k) for k, b in _bernoulli(arithmetic.terms)]
    return tuple(arithmetic.real(f.numerator) / arithmetic.real(f.denominator) for f in exact)


@cache
def _bernoulli(count: int) -> tuple[tuple[int, Fraction], ...]:
    """The first `count` pairs (k, Bernoulli number k) with k = 2, 4, 6, ..."""
    numbers = [Fraction(1)]
    for m in range(1, 2 * count + 1):
        known = (math.comb(m + 1, k) * number for k, number in enumerate(numbers))
        numbers.append(-reduce(Fraction.__add__, known) / (m + 1))
    return tuple((k, numbers[k]) for k in range(2, 2 * count + 1, 2))
