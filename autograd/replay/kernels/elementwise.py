"""What each code computes on eight floats, and what it sends back: the table of ops, for the kernels.

The partials are those of `autograd.ops`; a test compares every one of them with the table.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels import rare
from autograd.replay.kernels.functions import exponential, hyperbolic_tangent, logarithm, logistic, soft_plus
from autograd.replay.kernels.vectors import (
    apart,
    cosine,
    if_at_least,
    if_equal,
    if_greater,
    magnitude,
    power,
    root,
    sine,
    splat,
    total,
    with_sign_of,
)
from autograd.replay.passes.codes import (
    ABS,
    ADD,
    ATAN2,
    CLAMP,
    COS,
    DIV,
    EQ,
    EXP,
    GE,
    GT,
    HYPOT,
    LE,
    LOG,
    LT,
    MAXIMUM,
    MINIMUM,
    MUL,
    NE,
    NEG,
    POW,
    RECIPROCAL,
    RELU,
    SIGMOID,
    SILU,
    SIN,
    SOFTPLUS,
    SQRT,
    SQUARE,
    STOP,
    SUB,
    TANH,
    WHERE,
)

NAN = float("nan")


@njit
def value(code: int, a: Any, b: Any, c: Any) -> Any:
    """The result of `code` on operands a, b, c (those it has)."""
    apart()
    zero, one = splat(0.0), splat(1.0)
    if code == ADD:
        return a + b
    if code == MUL:
        return a * b
    if code == SUB:
        return a - b
    if code == SIGMOID:
        return logistic(a)
    if code == RELU:  # relu(nan) is nan
        return if_at_least(zero, a, zero, a)
    if code == NEG:
        return with_sign_of(a, zero - with_sign_of(one, a))
    if code == DIV:
        return a / b
    if code == SQUARE:
        return a * a
    if code == TANH:
        return hyperbolic_tangent(a)
    if code == EXP:
        return exponential(a)
    if code == LOG:
        return logarithm(a)
    if code == SQRT:
        return root(a)
    if code == RECIPROCAL:
        return one / a
    if code == ABS:
        return magnitude(a)
    if code == SOFTPLUS:
        return soft_plus(a)
    if code == SILU:
        return a * logistic(a)
    if code == SIN:
        return sine(a)
    if code == COS:
        return cosine(a)
    if code == POW:
        return power(a, b)
    if code == MAXIMUM:  # nan from either side stays
        return if_greater(a, b, a, if_equal(b, b, if_equal(a, a, b, a), b))
    if code == MINIMUM:
        return if_greater(b, a, a, if_equal(b, b, if_equal(a, a, b, a), b))
    if code == WHERE:
        return if_equal(a, zero, c, b)
    if code == CLAMP:
        return if_greater(b, a, b, if_greater(a, c, c, a))
    if code == GT:
        return if_greater(a, b, one, zero)
    if code == GE:
        return if_at_least(a, b, one, zero)
    if code == LT:
        return if_greater(b, a, one, zero)
    if code == LE:
        return if_at_least(b, a, one, zero)
    if code == EQ:
        return if_equal(a, b, one, zero)
    if code == NE:
        return if_equal(a, b, zero, one)
    if code == STOP:
        return a
    return rare.value(code, a, b)


@njit
def flow_of_one(code: int, a: Any, y: Any, g: Any) -> Any:
    """What flows to the operand of a code that has one."""
    apart()
    zero, one = splat(0.0), splat(1.0)
    if code == RELU:
        return if_greater(a, zero, g, zero)
    if code == NEG:
        return zero - g
    if code == SQUARE:
        return g * (a + a)
    if code == TANH:
        if total(if_greater(magnitude(y), splat(0.999), one, zero)) == 0.0:
            return g * (one - y * y)
        e = exponential(splat(-2.0) * magnitude(a))  # 1 - y*y loses its digits where y nears 1
        far = splat(4.0) * e / ((one + e) * (one + e))
        return g * if_greater(magnitude(y), splat(0.999), far, one - y * y)
    if code == SIGMOID:
        if total(if_greater(y, splat(0.999), one, zero)) == 0.0:
            return g * (y * (one - y))
        return g * (y * if_greater(y, splat(0.999), logistic(zero - a), one - y))
    if code == EXP:
        return g * y
    if code == LOG:
        return g / a
    if code == SQRT:
        return g / (y + y)
    if code == RECIPROCAL:
        return zero - g * (y * y)
    if code == ABS:
        return if_equal(a, zero, zero, g * with_sign_of(one, a))
    if code == SOFTPLUS:
        return g * logistic(a)
    if code == SILU:
        s = logistic(a)
        return g * (s * (one + a * logistic(zero - a)))
    if code == SIN:
        return g * cosine(a)
    if code == COS:
        return zero - g * sine(a)
    return rare.flow_of_one(code, a, y, g)


@njit
def flow_to_first(code: int, a: Any, b: Any, c: Any, y: Any, g: Any) -> Any:
    """What flows to the first operand."""
    apart()
    zero = splat(0.0)
    if code == ADD or code == SUB:
        return g
    if code == MUL:
        return g * b
    if code == DIV:
        return g / b
    if code == POW:
        return if_equal(b, zero, zero, g * (b * power(a, b - splat(1.0))))
    if code == MAXIMUM:
        return if_greater(a, b, g, if_equal(a, b, splat(0.5) * g, zero))
    if code == MINIMUM:
        return if_greater(b, a, g, if_equal(a, b, splat(0.5) * g, zero))
    if code == CLAMP:
        return if_at_least(a, b, if_at_least(c, a, g, zero), zero)
    if code >= HYPOT:
        return rare.flow_to_first(code, a, b, g)
    return flow_of_one(code, a, y, g)


@njit
def flow_to_second(code: int, a: Any, b: Any, y: Any, g: Any) -> Any:
    """What flows to the second operand."""
    apart()
    zero = splat(0.0)
    if code == ADD:
        return g
    if code == SUB:
        return zero - g
    if code == MUL:
        return g * a
    if code == DIV:
        return zero - g * (y / b)
    if code == POW:
        return if_equal(a, zero, zero, g * (y * logarithm(a)))
    if code == MAXIMUM:
        return if_greater(b, a, g, if_equal(a, b, splat(0.5) * g, zero))
    if code == MINIMUM:
        return if_greater(a, b, g, if_equal(a, b, splat(0.5) * g, zero))
    if code == WHERE:
        return if_equal(a, zero, zero, g)
    if code == HYPOT or code == ATAN2:
        return rare.flow_to_second(code, a, b, g)
    return splat(NAN)  # the edges of a clamp are checked to want no gradient


@njit
def flow_to_third(code: int, a: Any, g: Any) -> Any:
    """What flows to the third operand: only `where` has one that wants a gradient."""
    if code == WHERE:
        return if_equal(a, splat(0.0), g, splat(0.0))
    return splat(NAN)
