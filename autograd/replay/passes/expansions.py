"""Ops that are written as a few codes: what each is made of, with the same value and the same gradient."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from autograd.replay.passes import codes
from autograd.replay.passes.tidy import LEAF


class UnsupportedError(Exception):
    """A program holds an op that only plain Python can run."""


@dataclass
class Writer:
    """Collects instructions; what an expansion writes with."""

    number: list[float]
    known: list[bool]
    code: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    operand: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.code, self.start = [LEAF] * len(self.number), [0] * (len(self.number) + 1)

    def add(self, code: int, *operands: int, number: float = float("nan")) -> int:
        """One more instruction; the slot it fills."""
        self.code.append(code)
        self.operand.extend(operands)
        self.start.append(len(self.operand))
        self.number.append(number)
        self.known.append(False)
        return len(self.code) - 1

    def constant(self, number: float) -> int:
        """The slot of a number that never changes."""
        self.code.append(LEAF)
        self.start.append(len(self.operand))
        self.number.append(number)
        self.known.append(True)
        return len(self.code) - 1

    def order(self, *slots: int) -> tuple[int, ...]:
        """The numbers in these slots, which say how often something is differentiated.

        Raises:
            UnsupportedError: they are no constants.
        """
        if not all(self.known[slot] for slot in slots):
            raise UnsupportedError("a derivative whose order is no constant")
        return tuple(int(self.number[slot]) for slot in slots)


def _power(w: Writer, a: int, b: int) -> int:
    exponent = w.number[b] if w.known[b] else None
    if exponent == 1.0:
        return a
    if exponent == 2.0:
        return w.add(codes.SQUARE, a)
    if exponent == 3.0:
        return w.add(codes.MUL, w.add(codes.SQUARE, a), a)
    if exponent == -1.0:
        return w.add(codes.RECIPROCAL, a)
    if exponent == 0.5:
        return w.add(codes.SQRT, a)
    if exponent == -0.5:
        return w.add(codes.RECIPROCAL, w.add(codes.SQRT, a))
    return w.add(codes.POW, a, b)


def _most(code: int) -> Callable[..., int]:
    def expand(w: Writer, *xs: int) -> int:
        if len(xs) == 1:
            return xs[0]
        if len(xs) == 2:
            return w.add(code, *xs)
        best = w.add(codes.STOP, _in_pairs(w, code, xs))
        hits = [w.add(codes.EQ, x, best) for x in xs]  # ties share evenly among all
        ties = w.add(codes.SUM, *hits)
        shares = [w.add(codes.DIV, hit, ties) for hit in hits]
        nothing = [w.add(codes.SUB, x, w.add(codes.STOP, x)) for x in xs]
        return w.add(codes.DOT, *shares, *nothing, best)  # 0 is added: only the gradient is the operands'

    return expand


def _in_pairs(w: Writer, code: int, xs: tuple[int, ...]) -> int:
    """Two by two, until one is left."""
    while len(xs) > 1:
        rest = xs[len(xs) & ~1 :]
        xs = (*[w.add(code, a, b) for a, b in zip(xs[::2], xs[1::2])], *rest)
    return xs[0]


def _product(w: Writer, first: int, *rest: int) -> int:
    for x in rest:
        first = w.add(codes.MUL, first, x)
    return first


def _rest(w: Writer, *xs_and_total: int) -> int:
    *xs, total = xs_and_total
    return w.add(codes.STOP, w.add(codes.LOGSUMEXP, *[w.add(codes.SUB, x, total) for x in xs]))


def _same(_: Writer, x: int) -> int:
    return x


def _norm(w: Writer, *xs: int) -> int:
    return _in_pairs(w, codes.HYPOT, xs if len(xs) > 1 else (*xs, w.constant(0.0)))


def _leaky(w: Writer, x: int, slope: int) -> int:
    return w.add(codes.WHERE, w.add(codes.GT, x, w.constant(0.0)), x, w.add(codes.MUL, slope, x))


def _elu(w: Writer, x: int, alpha: int) -> int:
    zero = w.constant(0.0)
    up = w.add(codes.GT, x, zero)
    down = w.add(codes.WHERE, up, zero, x)  # so that expm1 is never too large on the side not taken
    return w.add(codes.WHERE, up, x, w.add(codes.MUL, alpha, w.add(codes.EXPM1, down)))


def _scaled(factor: float, code: int | None = None) -> Callable[..., int]:
    """The operand, or `code` of it, times a number."""

    def expand(w: Writer, x: int) -> int:
        return w.add(codes.MUL, w.constant(factor), x if code is None else w.add(code, x))

    return expand


def _bell(factor: float, s: float) -> Callable[..., int]:
    """The k-th derivative of the integral of factor * exp(-s*x*x): Hermite's polynomials times that."""

    def expand(w: Writer, x: int, k: int) -> int:
        (order,) = w.order(k)
        before, polynomial = w.constant(0.0), w.constant(factor)
        for i in range(order - 1):
            both = w.add(codes.MUL, x, polynomial)
            if i:
                both = w.add(codes.ADD, both, w.add(codes.MUL, w.constant(float(i)), before))
            before, polynomial = polynomial, w.add(codes.MUL, w.constant(-2 * s), both)
        power = w.add(codes.MUL, w.constant(-s), w.add(codes.SQUARE, x))
        return w.add(codes.MUL, polynomial, w.add(codes.EXP, power))

    return expand


def _slope_of_power(w: Writer, a: int, b: int, k: int, m: int) -> int:
    times, logs = w.order(k, m)
    if logs == 0 and w.known[b]:
        exponent, factor = w.number[b], 1.0
        for i in range(times):
            factor *= exponent - i
        if factor == 0.0:
            return w.constant(0.0)
        return w.add(codes.MUL, w.constant(factor), _power(w, a, w.constant(exponent - times)))
    if (times, logs) == (1, 0):
        return w.add(codes.MUL, b, w.add(codes.POW, a, w.add(codes.SUB, b, w.constant(1.0))))
    if (times, logs) == (0, 1):
        return w.add(codes.MUL, w.add(codes.POW, a, b), w.add(codes.LOG, a))
    raise UnsupportedError("a higher derivative of a power")


def _slope_of_pair(per_square: bool) -> Callable[..., int]:
    """The first derivatives of hypot, a/h and b/h, and of atan2, b/h**2 and -a/h**2."""

    def expand(w: Writer, a: int, b: int, k: int, m: int) -> int:
        orders = w.order(k, m)
        if orders not in ((1, 0), (0, 1)):
            raise UnsupportedError("a higher derivative of hypot or atan2")
        h = w.add(codes.HYPOT, a, b)
        if not per_square:
            return w.add(codes.DIV, a if orders[0] else b, h)
        if orders[0]:
            return w.add(codes.DIV, w.add(codes.DIV, b, h), h)
        return w.add(codes.NEG, w.add(codes.DIV, w.add(codes.DIV, a, h), h))

    return expand


EXPANSIONS: dict[str, Callable[..., int]] = {
    "pow": _power,
    "maximum": _most(codes.MAXIMUM),
    "minimum": _most(codes.MINIMUM),
    "prod": _product,
    "leaky_relu": _leaky,
    "elu": _elu,
    "identity": _same,
    "exp2": lambda w, x: w.add(codes.POW, w.constant(2.0), x),
    "log2": _scaled(1 / math.log(2), codes.LOG),
    "log10": _scaled(1 / math.log(10), codes.LOG),
    "degrees": _scaled(180 / math.pi),
    "radians": _scaled(math.pi / 180),
    "gelu": lambda w, x: w.add(codes.MUL, x, w.add(codes.NORMAL_CDF, x)),
    "erf_derivative": _bell(2 / math.pi**0.5, 1.0),
    "normal_derivative": _bell((2 * math.pi) ** -0.5, 0.5),
    "pow_derivative": _slope_of_power,
    "hypot_derivative": _slope_of_pair(per_square=False),
    "atan2_derivative": _slope_of_pair(per_square=True),
    "share": lambda w, a, b: w.add(codes.SIGMOID, w.add(codes.SUB, a, b)),
    "norm": _norm,
    "fma": lambda w, a, b, c: w.add(codes.DOT, a, b, c),
    "logaddexp": lambda w, a, b: w.add(codes.LOGSUMEXP, a, b),
    "logsumexp_rest": _rest,
    "exp_difference": lambda w, a, b, c: w.add(  # no gradient goes to c, the rounding of b
        codes.EXP, w.add(codes.SUB, w.add(codes.SUB, a, b), w.add(codes.STOP, c))
    ),
    "log_sigmoid": lambda w, x: w.add(codes.NEG, w.add(codes.SOFTPLUS, w.add(codes.NEG, x))),
}
