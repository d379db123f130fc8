"""Functions that onnxruntime has for float32 alone, made of those that it has for float64 too.

Each takes the functions of NumPy on tensors (`onnx_numpy.Numpy`) and a tensor. Only values are asked for: a
backward pass is written out from the table of ops before it comes here.
"""

from __future__ import annotations

import math
from typing import Any

LARGE = 1e8  # from here on x*x + 1 is x*x
HALVES, SERIES = 2, 12  # of an arc before its series, and terms of that
NEAR, TERMS = 1.0, 20  # up to here erf is its series, of so many terms
WIDTH, NODES, FAR = 0.5, 13, 6.0  # of the trapezoidal rule for erfc; from FAR on it needs no correction
END = 30.0  # erfc is 0 in floats from here on


def tan(np: Any, x: Any) -> Any:
    """The tangent."""
    return np.sin(x) / np.cos(x)


def sinh(np: Any, x: Any) -> Any:
    """(exp(x) - exp(-x)) / 2: near 0 from expm1, far out from exp(x / 2), which is not too large too soon."""
    size = np.abs(x)
    near = np.expm1(np.where(size > NEAR, NEAR, size))
    half = np.exp(size / 2.0)
    return np.sign(x) * np.where(
        size > NEAR, half / 2.0 * half - 0.5 / half / half, (near + near / (near + 1.0)) / 2.0
    )


def cosh(np: Any, x: Any) -> Any:
    """(exp(x) + exp(-x)) / 2."""
    half = np.exp(np.abs(x) / 2.0)
    return half / 2.0 * half + 0.5 / half / half


def asinh(np: Any, x: Any) -> Any:
    """The inverse of sinh."""
    size = np.abs(x)
    far = size > LARGE
    near = np.where(far, 1.0, size)
    small = np.log1p(near + near * near / (1.0 + np.sqrt(1.0 + near * near)))
    return np.sign(x) * np.where(far, np.log(size) + math.log(2), small)


def acosh(np: Any, x: Any) -> Any:
    """The inverse of cosh; nan below 1."""
    far = x > LARGE
    more = np.where(far, 1.0, x) - 1.0
    return np.where(far, np.log(x) + math.log(2), np.log1p(more + np.sqrt(more) * np.sqrt(more + 2.0)))


def atanh(np: Any, x: Any) -> Any:
    """The inverse of tanh; nan beyond +-1."""
    size = np.abs(x)
    return np.sign(x) * 0.5 * np.log1p(2.0 * size / (1.0 - size))


def arctan(np: Any, x: Any) -> Any:
    """The arc of a tangent: of its reciprocal beyond 1, twice halved, then by its series."""
    size = np.abs(x)
    far = size > 1.0
    t = np.where(far, 1.0 / np.where(far, size, 1.0), size)
    for _ in range(HALVES):
        t = t / (1.0 + np.sqrt(1.0 + t * t))
    total, square = 0.0, t * t
    for k in reversed(range(SERIES)):
        total = total * square + (-1.0) ** k / (2 * k + 1)
    arc = 2.0**HALVES * t * total
    return np.sign(x) * np.where(far, math.pi / 2 - arc, arc)


def arcsin(np: Any, x: Any) -> Any:
    """The arc of a sine."""
    return arctan(np, x / (np.sqrt(1.0 - x) * np.sqrt(1.0 + x)))


def arccos(np: Any, x: Any) -> Any:
    """The arc of a cosine."""
    return 2.0 * arctan(np, np.sqrt(1.0 - x) / np.sqrt(1.0 + x))


def _erf_series(x: Any) -> Any:
    total, square = 0.0, x * x
    for k in reversed(range(TERMS)):
        total = total * square + (-1.0) ** k / math.factorial(k) / (2 * k + 1)
    return 2 / math.sqrt(math.pi) * x * total


def _erfc_beyond(np: Any, x: Any) -> Any:
    """Erfc for x from 1 up: the trapezoidal rule for an integral, less what its pole adds.

    Chiarella and Reichel, Mathematics of Computation 22 (1968), 137.
    """
    x = np.where(x > END, END, x)
    square = x * x
    total = 0.5 / square
    for k in range(1, NODES + 1):
        total = total + math.exp(-((k * WIDTH) ** 2)) / (square + (k * WIDTH) ** 2)
    rule = 2 * WIDTH / math.pi * x * np.exp(-square) * total
    return rule - np.where(x > FAR, 0.0, 2.0 / (np.exp(2 * math.pi / WIDTH * x) - 1.0))


def erf(np: Any, x: Any) -> Any:
    """The error function."""
    size = np.abs(x)
    return np.where(size > NEAR, np.sign(x) * (1.0 - _erfc_beyond(np, size)), _erf_series(x))


def erfc(np: Any, x: Any) -> Any:
    """1 - erf(x), with all digits where it is nearly 0."""
    size = np.abs(x)
    beyond = _erfc_beyond(np, size)
    return np.where(size > NEAR, np.where(x > 0.0, beyond, 2.0 - beyond), 1.0 - _erf_series(x))


FUNCTIONS = {f.__name__: f for f in (tan, sinh, cosh, arcsin, arccos, arctan, erf, erfc)} | {
    "arcsinh": asinh,
    "arccosh": acosh,
    "arctanh": atanh,
}
