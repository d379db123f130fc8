"""What each code computes on arrays, and what it sends back: the table of ops, for the NumPy executor."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.replay.passes import codes as k

Array = Any


def _sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.maximum(e, (x >= 0).astype(float)) / (1.0 + e)  # 1 for x from 0 up, and e below


def _tanh_flow(x: Array, y: Array, g: Array) -> Array:
    if np.abs(y).max(initial=0.0) < 0.999:
        return g * (1.0 - y * y)
    e = np.exp(-2.0 * np.abs(x))  # 1 - y*y loses its digits where y nears 1
    return g * (4.0 * e / ((1.0 + e) * (1.0 + e)))


def _sigmoid_flow(x: Array, y: Array, g: Array) -> Array:
    away = 1.0 - y if y.max(initial=0.0) < 0.999 else _sigmoid(-x)  # 1 - y loses its digits where y nears 1
    return g * (y * away)


def _share(a: Array, b: Array, g: Array, wins: Array) -> Array:
    return np.where(wins, g, np.where(a == b, 0.5 * g, 0.0))


def _slope_of_silu(x: Array) -> Array:
    s = _sigmoid(x)
    return s * (1.0 + x * _sigmoid(-x))


# NumPy has no error function: Python's, number by number
_ERF, _ERFC = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)
_SQRT_HALF, _TWO_OVER_SQRT_PI, _ONE_OVER_SQRT_2PI = 0.5**0.5, 2 / math.pi**0.5, (2 * math.pi) ** -0.5


def _sech2(x: Array) -> Array:
    e = np.exp(-2.0 * np.abs(x))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


def _per_square(a: Array, b: Array) -> Array:
    h = np.hypot(a, b)
    return a / h / h


VALUES: dict[int, Callable[..., Array]] = {
    k.NEG: np.negative, k.EXP: np.exp, k.LOG: np.log, k.TANH: np.tanh, k.SIGMOID: _sigmoid, k.SQRT: np.sqrt,
    k.RELU: lambda x: np.maximum(x, 0.0), k.SQUARE: np.square, k.RECIPROCAL: lambda x: 1.0 / x,
    k.ABS: np.abs, k.SIN: np.sin, k.COS: np.cos, k.SILU: lambda x: x * _sigmoid(x), k.STOP: lambda x: x,
    k.SOFTPLUS: lambda x: np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x))),
    k.ADD: np.add, k.SUB: np.subtract, k.MUL: np.multiply, k.DIV: np.divide, k.POW: np.power,
    k.MAXIMUM: np.maximum, k.MINIMUM: np.minimum, k.WHERE: lambda c, a, b: np.where(c != 0, a, b),
    k.CLAMP: lambda x, low, high: np.where(x < low, low, np.where(x > high, high, x)),
    k.GT: lambda a, b: (a > b) * 1.0, k.GE: lambda a, b: (a >= b) * 1.0, k.LT: lambda a, b: (a < b) * 1.0,
    k.LE: lambda a, b: (a <= b) * 1.0, k.EQ: lambda a, b: (a == b) * 1.0, k.NE: lambda a, b: (a != b) * 1.0,
    k.TAN: np.tan, k.ASIN: np.arcsin, k.ACOS: np.arccos, k.ATAN: np.arctan, k.SINH: np.sinh, k.COSH: np.cosh,
    k.ASINH: np.arcsinh, k.ACOSH: np.arccosh, k.ATANH: np.arctanh, k.EXPM1: np.expm1, k.LOG1P: np.log1p,
    k.CBRT: np.cbrt, k.ERF: _ERF, k.ERFC: _ERFC, k.NORMAL_CDF: lambda x: _ERFC(-_SQRT_HALF * x) / 2,
    k.SECH2: _sech2, k.SIGN: np.sign, k.HYPOT: np.hypot, k.ATAN2: np.arctan2, k.COPYSIGN: np.copysign,
}  # fmt: skip

# for each operand f(operands..., result, upstream gradient) -> flow
FLOWS: dict[int, tuple[Callable[..., Array], ...]] = {
    k.NEG: (lambda x, y, g: -g,),
    k.EXP: (lambda x, y, g: g * y,),
    k.LOG: (lambda x, y, g: g / x,),
    k.TANH: (_tanh_flow,),
    k.SIGMOID: (_sigmoid_flow,),
    k.SQRT: (lambda x, y, g: g / (y + y),),
    k.RELU: (lambda x, y, g: g * (x > 0),),
    k.SQUARE: (lambda x, y, g: g * (x + x),),
    k.RECIPROCAL: (lambda x, y, g: -g * (y * y),),
    k.ABS: (lambda x, y, g: g * np.sign(x),),
    k.SIN: (lambda x, y, g: g * np.cos(x),),
    k.COS: (lambda x, y, g: -g * np.sin(x),),
    k.SILU: (lambda x, y, g: g * _slope_of_silu(x),),
    k.SOFTPLUS: (lambda x, y, g: g * _sigmoid(x),),
    k.ADD: (lambda a, b, y, g: g, lambda a, b, y, g: g),
    k.SUB: (lambda a, b, y, g: g, lambda a, b, y, g: -g),
    k.MUL: (lambda a, b, y, g: g * b, lambda a, b, y, g: g * a),
    k.DIV: (lambda a, b, y, g: g / b, lambda a, b, y, g: -g * (y / b)),
    k.POW: (lambda a, b, y, g: np.where(b == 0, 0.0, g * (b * np.power(a, b - 1.0))),
            lambda a, b, y, g: np.where(a == 0, 0.0, g * (y * np.log(a)))),
    k.MAXIMUM: (lambda a, b, y, g: _share(a, b, g, a > b), lambda a, b, y, g: _share(a, b, g, b > a)),
    k.MINIMUM: (lambda a, b, y, g: _share(a, b, g, a < b), lambda a, b, y, g: _share(a, b, g, b < a)),
    k.WHERE: (lambda c, a, b, y, g: 0.0 * g, lambda c, a, b, y, g: np.where(c != 0, g, 0.0),
              lambda c, a, b, y, g: np.where(c != 0, 0.0, g)),
    k.TAN: (lambda x, y, g: g * (1.0 + y * y),),
    k.ASIN: (lambda x, y, g: g / np.sqrt((1.0 - x) * (1.0 + x)),),
    k.ACOS: (lambda x, y, g: -g / np.sqrt((1.0 - x) * (1.0 + x)),),
    k.ATAN: (lambda x, y, g: g / (1.0 + x * x),),
    k.SINH: (lambda x, y, g: g * np.cosh(x),),
    k.COSH: (lambda x, y, g: g * np.sinh(x),),
    k.ASINH: (lambda x, y, g: g / np.hypot(x, 1.0),),
    k.ACOSH: (lambda x, y, g: g / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0)),),
    k.ATANH: (lambda x, y, g: g / ((1.0 - x) * (1.0 + x)),),
    k.EXPM1: (lambda x, y, g: g * np.exp(x),),
    k.LOG1P: (lambda x, y, g: g / (1.0 + x),),
    k.CBRT: (lambda x, y, g: g / (3.0 * (y * y)),),
    k.ERF: (lambda x, y, g: g * (_TWO_OVER_SQRT_PI * np.exp(-x * x)),),
    k.ERFC: (lambda x, y, g: -g * (_TWO_OVER_SQRT_PI * np.exp(-x * x)),),
    k.NORMAL_CDF: (lambda x, y, g: g * (_ONE_OVER_SQRT_2PI * np.exp(-0.5 * x * x)),),
    k.SECH2: (lambda x, y, g: g * (-2.0 * np.tanh(x) * y),),
    k.SIGN: (lambda x, y, g: 0.0 * g,),
    k.HYPOT: (lambda a, b, y, g: g * (a / y), lambda a, b, y, g: g * (b / y)),
    k.ATAN2: (lambda a, b, y, g: g * _per_square(b, a), lambda a, b, y, g: -g * _per_square(a, b)),
    k.COPYSIGN: (lambda a, b, y, g: g * (np.sign(a) * np.copysign(1.0, b)), lambda a, b, y, g: 0.0 * g),
    k.CLAMP: (lambda x, low, high, y, g: np.where((x >= low) & (x <= high), g, 0.0),),
}  # fmt: skip

# what is frequent, written where it belongs
_VALUES_INTO: dict[int, Callable[..., Array]] = {k.RELU: lambda x, out: np.maximum(x, 0.0, out=out)}
_FLOWS_INTO: dict[tuple[int, int], Callable[..., Array]] = {
    (k.NEG, 0): lambda x, y, g, out: np.negative(g, out=out),
    (k.RELU, 0): lambda x, y, g, out: np.multiply(_filled(x > 0, out), g, out=out),
    (k.SQUARE, 0): lambda x, y, g, out: np.multiply(np.add(x, x, out=out), g, out=out),
    (k.EXP, 0): lambda x, y, g, out: np.multiply(g, y, out=out),
    (k.ADD, 0): lambda a, b, y, g, out: _filled(g, out),
    (k.ADD, 1): lambda a, b, y, g, out: _filled(g, out),
    (k.SUB, 0): lambda a, b, y, g, out: _filled(g, out),
    (k.SUB, 1): lambda a, b, y, g, out: np.negative(g, out=out),
    (k.MUL, 0): lambda a, b, y, g, out: np.multiply(g, b, out=out),
    (k.MUL, 1): lambda a, b, y, g, out: np.multiply(g, a, out=out),
    (k.DIV, 0): lambda a, b, y, g, out: np.divide(g, b, out=out),
}


def _filled(x: Array, out: Array) -> Array:
    out[...] = x
    return out


def value_into(code: int) -> Callable[..., Array]:
    """f(operands..., out=array): the code's results, written into `out`."""
    value = VALUES[code]
    if isinstance(value, np.ufunc) and code not in (k.ERF, k.ERFC):  # those two give objects
        return value
    return _VALUES_INTO.get(code, lambda *args, out: _filled(value(*args), out))


def flow_into(code: int, operand: int) -> Callable[..., Array]:
    """f(operands..., result, upstream gradient, out=array): what flows to an operand, written into `out`."""
    flow = FLOWS[code][operand]
    return _FLOWS_INTO.get((code, operand), lambda *args, out: _filled(flow(*args), out))
