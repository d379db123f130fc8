"""What each code computes on arrays and what it sends back: the table of ops in NumPy's spelling.

The flows are read from the table's rules: `python -m autograd.replay.executors.numpy_ops` prints them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.files import reader_may_leave
from autograd.replay.ops import CODES, ONE, SIGNS, THREE, TWO, Source, Target, flow_lines

Array = Any

_ERF, _ERFC = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)  # NumPy has none of its own


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)) without overflow."""
    e = np.exp(-np.abs(x))
    return np.maximum(e, (x >= 0).astype(float)) / (1.0 + e)  # 1 for x from 0 up, and e below


def relu(x: Array, out: Array = None) -> Array:
    """X where it is positive, else 0."""
    return np.maximum(x, 0.0, out=out)


def softplus(x: Array) -> Array:
    """log(1 + exp(x)) without overflow."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def sech2(x: Array) -> Array:
    """1 - tanh(x)**2 with all digits."""
    e = np.exp(-2.0 * np.abs(x))
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


def erf(x: Array) -> Array:
    """Python's error function, number by number."""
    return np.asarray(_ERF(x), float)


def erfc(x: Array) -> Array:
    """1 - erf(x), likewise."""
    return np.asarray(_ERFC(x), float)


def fma(a: Array, b: Array, c: Array) -> Array:
    """A * b + c with the rounding of the product made good (Dekker's product, in Veltkamp's halves)."""
    p = a * b
    high_a, high_b = (x * 134217729.0 - (x * 134217729.0 - x) for x in (a, b))
    low_a, low_b = a - high_a, b - high_b
    return (p + c) + (((high_a * high_b - p) + high_a * low_b + low_a * high_b) + low_a * low_b)


def flow_of_tanh(x: Array, y: Array, g: Array) -> Array:
    """The quick slope where no digits are lost."""
    return g * (1.0 - y * y) if np.abs(y).max(initial=0.0) < 0.999 else g * sech2(x)


def flow_of_sigmoid(x: Array, y: Array, g: Array) -> Array:
    """The quick slope where no digits are lost."""
    return g * (y * (1.0 - y if y.max(initial=0.0) < 0.999 else sigmoid(-x)))


def share_of(g: Array, wins: Array, ties: Array) -> Array:
    """All of a flow to whoever wins, half of it where there is a tie."""
    return np.where(wins, g, np.where(ties, 0.5 * g, 0.0))


def copy(x: Array, out: Array = None) -> Array:
    """x, written into `out` where there is one."""
    if out is None:
        return x
    out[...] = x
    return out


INTO = {"add": "np.add", "sub": "np.subtract", "mul": "np.multiply", "div": "np.divide", "neg": "np.negative"}


def _finish(x: Any, text_of: Callable[[Any], str]) -> str:
    """The last step of a flow writes its result where it belongs."""
    if isinstance(x, Source) and x.operands:
        if x.name in INTO:
            return f"return {INTO[x.name]}({', '.join(map(text_of, x.operands))}, out=out)"
        condition, *sides = x.operands
        chosen = x.name == "where" and sides[1] == 0.0 and isinstance(condition, Source)
        if chosen and condition.name in SIGNS:
            left, right = map(text_of, condition.operands)
            holds = f"{left} {SIGNS[condition.name]} {right}"
            return f"return np.multiply({holds}, {text_of(sides[0])}, out=out)"
    return f"return copy({text_of(x)}, out)"


# NumPy's names are the table's
_SAME = [
    "exp", "log", "tanh", "sqrt", "square", "abs", "sin", "cos", "tan", "sinh", "cosh", "expm1", "log1p",
    "cbrt", "sign", "hypot", "maximum", "minimum", "copysign",
]  # fmt: skip
_ARCS = ["asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2"]
NUMPY = Target(
    calls={
        **{name: f"np.{name}" for name in _SAME},
        **{name: f"np.arc{name[1:]}" for name in _ARCS},
        "neg": "np.negative", "add": "np.add", "sub": "np.subtract", "mul": "np.multiply", "div": "np.divide",
        "pow": "np.power", "reciprocal": "(1.0 / {0})", "silu": "({0} * sigmoid({0}))",
        "normal_cdf": "(0.5 * erfc(-0.7071067811865476 * {0}))", "stop": "copy",
        "where": "np.where({0} != 0, {1}, {2})",
        "clamp": "np.where({0} < {1}, {1}, np.where({0} > {2}, {2}, {0}))",
    },
    number="{}",
    select=lambda name, a, b, x, y: f"np.where({a} {SIGNS[name]} {b}, {x}, {y})",
    fast={
        "tanh": ["flow_of_tanh(a, y, g)"],
        "sigmoid": ["flow_of_sigmoid(a, y, g)"],
        "maximum": ["share_of(g, a > b, a == b)", "share_of(g, b > a, a == b)"],
        "minimum": ["share_of(g, a < b, a == b)", "share_of(g, b < a, a == b)"],
    },
    finish=_finish,
)  # fmt: skip


def _sources() -> dict[tuple[str, int | None], str]:
    """For each code its value (None), and its flow to each operand, as functions that take `out`."""
    found: dict[tuple[str, int | None], str] = {}
    for arity, names in ((1, ONE), (2, TWO), (3, THREE)):
        operands = ", ".join("abc"[:arity])
        for name in names:
            call = NUMPY.calls.get(name, name)
            if name in SIGNS:
                call = f"np.where({{0}} {SIGNS[name]} {{1}}, 1.0, 0.0)"
            if "{" in call:
                found[name, None] = f"lambda {operands}, out=None: copy({call.format(*'abc')}, out)"
            elif call.startswith("np.") or call in ("relu", "copy"):  # these can write into an array
                found[name, None] = call
            else:
                found[name, None] = f"lambda {operands}, out=None: copy({call}({operands}), out)"
            for i in range(arity):
                lines = "\n    ".join(flow_lines(name, i, NUMPY))
                found[name, i] = f"def flow({operands}, y, g, out=None):\n    {lines}"
    return found


def _made(source: str) -> Callable[..., Array]:
    names = dict(globals())
    exec(source if source.startswith("def") else f"flow = {source}", names)  # noqa: S102 - the table's own rules
    return names["flow"]  # type: ignore[no-any-return]  # what the line above has made


SOURCES = _sources()
# f(operands..., out=array): the code's results
VALUES = {CODES[name]: _made(text) for (name, i), text in SOURCES.items() if i is None}
# for each operand f(operands..., result, upstream gradient, out=array): what flows to it
FLOWS = {
    CODES[name]: tuple(_made(SOURCES[name, i]) for i in range(arity))
    for arity, names in ((1, ONE), (2, TWO), (3, THREE))
    for name in names
}

if __name__ == "__main__":
    with reader_may_leave():
        for (name, operand), text in SOURCES.items():
            print(f"# {name}" + ("" if operand is None else f", to operand {operand + 1}"), text, sep="\n")  # noqa: T201 - as asked
