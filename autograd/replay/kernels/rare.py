"""The codes that programs seldom hold, on eight floats: C's own functions, called lane by lane.

They stand apart from `elementwise`, which asks here last, so that the common codes are found sooner.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from autograd.replay.kernels.functions import exponential, hyperbolic_tangent
from autograd.replay.kernels.vectors import (
    angle,
    apart,
    arc_cosine,
    arc_sine,
    arc_tangent,
    area_cosine,
    area_sine,
    area_tangent,
    cosh,
    cube_root,
    error_complement,
    error_function,
    expm1,
    hypotenuse,
    if_equal,
    log1p,
    magnitude,
    root,
    sinh,
    splat,
    tangent,
    with_sign_of,
)
from autograd.replay.passes.codes import (
    ACOS,
    ACOSH,
    ASIN,
    ASINH,
    ATAN,
    ATAN2,
    ATANH,
    CBRT,
    COPYSIGN,
    COSH,
    ERF,
    ERFC,
    EXPM1,
    HYPOT,
    LOG1P,
    NORMAL_CDF,
    SECH2,
    SIGN,
    SINH,
    TAN,
)

SQRT_HALF, TWO_OVER_SQRT_PI, ONE_OVER_SQRT_2PI = 0.5**0.5, 2 / math.pi**0.5, (2 * math.pi) ** -0.5
NAN = float("nan")


@njit
def value(code: int, a: Any, b: Any) -> Any:
    """The result of `code` on operands a and b (when it has two)."""
    apart()
    if code == ERF:
        return error_function(a)
    if code == ERFC:
        return error_complement(a)
    if code == NORMAL_CDF:
        return splat(0.5) * error_complement(splat(-SQRT_HALF) * a)
    if code == EXPM1:
        return expm1(a)
    if code == LOG1P:
        return log1p(a)
    if code == TAN:
        return tangent(a)
    if code == ASIN:
        return arc_sine(a)
    if code == ACOS:
        return arc_cosine(a)
    if code == ATAN:
        return arc_tangent(a)
    if code == SINH:
        return sinh(a)
    if code == COSH:
        return cosh(a)
    if code == ASINH:
        return area_sine(a)
    if code == ACOSH:
        return area_cosine(a)
    if code == ATANH:
        return area_tangent(a)
    if code == CBRT:
        return cube_root(a)
    if code == SECH2:
        return slope_of_tanh(a)
    if code == SIGN:
        return sign(a)
    if code == HYPOT:
        return hypotenuse(a, b)
    if code == ATAN2:
        return angle(a, b)
    if code == COPYSIGN:
        return with_sign_of(a, b)
    return splat(NAN)


@njit
def flow_of_one(code: int, a: Any, y: Any, g: Any) -> Any:
    """What flows to the operand of a code that has one."""
    apart()
    zero, one = splat(0.0), splat(1.0)
    if code == ERF:
        return g * (splat(TWO_OVER_SQRT_PI) * exponential(zero - a * a))
    if code == ERFC:
        return zero - g * (splat(TWO_OVER_SQRT_PI) * exponential(zero - a * a))
    if code == NORMAL_CDF:
        return g * (splat(ONE_OVER_SQRT_2PI) * exponential(splat(-0.5) * a * a))
    if code == EXPM1:
        return g * exponential(a)
    if code == LOG1P:
        return g / (one + a)
    if code == TAN:
        return g * (one + y * y)
    if code == ASIN:
        return g / root((one - a) * (one + a))
    if code == ACOS:
        return zero - g / root((one - a) * (one + a))
    if code == ATAN:
        return g / (one + a * a)
    if code == SINH:
        return g * cosh(a)
    if code == COSH:
        return g * sinh(a)
    if code == ASINH:
        return g / hypotenuse(a, one)
    if code == ACOSH:
        return g / (root(a - one) * root(a + one))
    if code == ATANH:
        return g / ((one - a) * (one + a))
    if code == CBRT:
        return g / (splat(3.0) * (y * y))
    if code == SECH2:
        return g * (splat(-2.0) * hyperbolic_tangent(a) * y)
    if code == SIGN:
        return zero
    return splat(NAN)


@njit
def flow_to_first(code: int, a: Any, b: Any, g: Any) -> Any:
    """What flows to the first of two operands."""
    apart()
    if code == COPYSIGN:
        return g * (sign(a) * with_sign_of(splat(1.0), b))
    h = hypotenuse(a, b)
    if code == HYPOT:
        return g * (a / h)
    if code == ATAN2:
        return g * (b / h / h)
    return splat(NAN)


@njit
def flow_to_second(code: int, a: Any, b: Any, g: Any) -> Any:
    """What flows to the second of two operands."""
    apart()
    h = hypotenuse(a, b)
    if code == HYPOT:
        return g * (b / h)
    return splat(0.0) - g * (a / h / h)  # ATAN2


@njit
def sign(x: Any) -> Any:
    """1 or -1; of zeros and nan themselves."""
    return if_equal(x, splat(0.0), x, if_equal(x, x, with_sign_of(splat(1.0), x), x))


@njit
def slope_of_tanh(x: Any) -> Any:
    """1 - tanh(x)**2 with all digits."""
    e = exponential(splat(-2.0) * magnitude(x))
    return splat(4.0) * e / ((splat(1.0) + e) * (splat(1.0) + e))
