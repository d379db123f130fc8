"""The functions of `math` as IEEE 754 and C99 Annex F define them: inf and nan where `math` raises."""

import math

inf, nan = math.inf, math.nan

# These never raise for a float, so they are `math`'s own: nothing is faster.
tanh = math.tanh
atan = math.atan
asinh = math.asinh
degrees = math.degrees
radians = math.radians


def exp(x: float) -> float:
    """Return e to the power `x`; inf where that is too large for a float.

    >>> exp(1000.0), exp(-1000.0)
    (inf, 0.0)
    """
    try:
        return math.exp(x)
    except OverflowError:
        return inf


def expm1(x: float) -> float:
    """The number `exp(x) - 1`, with all digits near 0."""
    try:
        return math.expm1(x)
    except OverflowError:
        return inf


def exp2(x: float) -> float:
    """2 to the power `x`; inf where that is too large for a float."""
    try:
        return math.pow(2.0, x)
    except OverflowError:
        return inf


def log(x: float) -> float:
    """The natural logarithm; -inf at 0, nan below.

    >>> log(0.0), log(-1.0)
    (-inf, nan)
    """
    try:
        return math.log(x)
    except ValueError:
        return nan if x else -inf


def log2(x: float) -> float:
    """The logarithm to base 2, edges as `log`."""
    try:
        return math.log2(x)
    except ValueError:
        return nan if x else -inf


def log10(x: float) -> float:
    """The logarithm to base 10, edges as `log`."""
    try:
        return math.log10(x)
    except ValueError:
        return nan if x else -inf


def log1p(x: float) -> float:
    """Natural logarithm of `1 + x`, with all digits near 0; -inf at -1, nan below."""
    try:
        return math.log1p(x)
    except ValueError:
        return -inf if x == -1 else nan


def xlogy(a: float, b: float) -> float:
    """`a * log(b)`, and 0 where `a` is 0, as in sums over shares; nan stays.

    >>> xlogy(0.0, 0.0), xlogy(2.0, 1.0)
    (0.0, 0.0)
    """
    return 0.0 if a == 0.0 and b == b else a * log(b)


def sin(x: float) -> float:
    """The sine of `x` radians; nan at +-inf."""
    try:
        return math.sin(x)
    except ValueError:
        return nan


def cos(x: float) -> float:
    """The cosine of `x` radians; nan at +-inf."""
    try:
        return math.cos(x)
    except ValueError:
        return nan


def tan(x: float) -> float:
    """The tangent of `x` radians; nan at +-inf."""
    try:
        return math.tan(x)
    except ValueError:
        return nan


def asin(x: float) -> float:
    """The angle in radians whose sine is `x`; nan outside [-1, 1]."""
    try:
        return math.asin(x)
    except ValueError:
        return nan


def acos(x: float) -> float:
    """The angle in radians whose cosine is `x`; nan outside [-1, 1]."""
    try:
        return math.acos(x)
    except ValueError:
        return nan


def sinh(x: float) -> float:
    """The hyperbolic sine; +-inf where it is too large for a float."""
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(inf, x)


def cosh(x: float) -> float:
    """The hyperbolic cosine; inf where it is too large for a float."""
    try:
        return math.cosh(x)
    except OverflowError:
        return inf


def acosh(x: float) -> float:
    """The number from 0 up whose cosh is `x`; nan below 1."""
    try:
        return math.acosh(x)
    except ValueError:
        return nan


def atanh(x: float) -> float:
    """The number whose tanh is `x`; +-inf at +-1, nan beyond.

    >>> atanh(1.0), atanh(-1.0), atanh(2.0)
    (inf, -inf, nan)
    """
    try:
        return math.atanh(x)
    except ValueError:
        return math.copysign(inf, x) if abs(x) == 1 else nan


def sech2(x: float) -> float:
    """1 - tanh(x)**2, the slope of tanh, as 1 / cosh(x)**2: no digit is lost where tanh is nearly 1.

    >>> 1 - tanh(20.0)**2, sech2(20.0)
    (0.0, 1.6993417021166355e-17)
    """
    root = 1 / cosh(x)
    return root * root
