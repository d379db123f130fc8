"""Functions in steps: signs, whole numbers, what is left over, the largest and the smallest."""

import math

from autograd.special.elementary import nan
from autograd.special.powers import div

copysign = math.copysign


def sign(x: float) -> float:
    """1 or -1, the sign of `x`; of +-0 and nan the operand itself."""
    return math.copysign(1.0, x) if x > 0 or x < 0 else x


def floor(x: float) -> float:
    """The next whole number below, with the sign of `x`.

    >>> floor(-0.5), floor(math.inf)
    (-1.0, inf)
    """
    return math.copysign(math.floor(x), x) if math.isfinite(x) else x


def ceil(x: float) -> float:
    """The next whole number above, with the sign of `x`.

    >>> ceil(-0.5), ceil(0.5)
    (-0.0, 1.0)
    """
    return math.copysign(math.ceil(x), x) if math.isfinite(x) else x


def trunc(x: float) -> float:
    """`x` without what stands behind the point, with the sign of `x`."""
    return math.copysign(math.trunc(x), x) if math.isfinite(x) else x


def nearest(x: float) -> float:
    """The nearest whole number, the even one in the middle, with the sign of `x`.

    >>> nearest(2.5), nearest(-0.4)
    (2.0, -0.0)
    """
    return math.copysign(round(x), x) if math.isfinite(x) else x


def clamp(x: float, low: float, high: float) -> float:
    """`x`, or the nearer end where it is outside of `low`..`high`."""
    if x < low:
        return low
    return high if x > high else x  # noqa: FURB136  min(x, high) would swallow a nan


def maximum(*xs: float) -> float:
    """The largest operand; nan when one of them is."""
    return nan if any(x != x for x in xs) else max(xs)


def minimum(*xs: float) -> float:
    """The smallest operand; nan when one of them is."""
    return nan if any(x != x for x in xs) else min(xs)


def fmod(x: float, y: float) -> float:
    """What is left of `x` after taking `y` away as often as it fits; it has the sign of `x`. nan at y = 0."""
    try:
        return math.fmod(x, y)
    except ValueError:
        return nan


def mod(x: float, y: float) -> float:
    """Python's `x % y`: what is left of `x` above the next multiple of `y` below; it has the sign of `y`.

    >>> mod(7.0, 3.0), mod(-7.0, 3.0), mod(7.0, -3.0), mod(1.0, 0.0)
    (1.0, 2.0, -2.0, nan)
    """
    try:
        return x % y
    except ZeroDivisionError:
        return nan


def floordiv(x: float, y: float) -> float:
    """Python's `x // y`, how often `y` goes into `x` downwards; +-inf for a number over 0, nan for 0 over 0.

    >>> floordiv(7.0, 3.0), floordiv(-7.0, 3.0), floordiv(1.0, 0.0)
    (2.0, -3.0, inf)
    """
    try:
        return x // y
    except ZeroDivisionError:
        return div(x, y)


def remainder(x: float, y: float) -> float:
    """`x` minus the nearest multiple of `y` (IEEE 754; ties to the even multiple). nan at y = 0.

    >>> remainder(5.0, 3.0), fmod(5.0, 3.0), remainder(1.0, 0.0)
    (-1.0, 2.0, nan)
    """
    try:
        return math.remainder(x, y)
    except ValueError:
        return nan
