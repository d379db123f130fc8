"""The ops that exports write: those of replay and three more, and what all the others are made of.

The gamma function and its kin are sums of a fixed length: recurrence to the right, where a series of
Bernoulli numbers has all digits (DLMF 5.11, 25.11), and left of 1/2 what stands on the other side. So they
are written for every target: none has all of them, and some keep nine digits of theirs. What they are made of
has their slope too; where a side is not taken, its operand is one at which nothing is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd import ops
from autograd.entry import TABLE, Op, Operand
from autograd.program import STOP
from autograd.replay.ops import CODES, NATIVE, UnsupportedError, Vocabulary
from autograd.replay.passes.lowering import Slot
from autograd.special import distances

STEPS = 8  # of recurrence before the series of gamma, lgamma, digamma
BERNOULLI = (
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330,
    854513 / 138,
)  # fmt: skip
TOO_LARGE = 200.0  # gamma of this is inf
HIGHEST = 20  # order of a polygamma


def horner(z: Any, coefficients: Sequence[float]) -> Any:
    """c0 + z * (c1 + z * (c2 + ...))."""
    total: Any = 0.0
    for c in reversed(coefficients):
        total = total * z + c
    return total


def _by(rule: Callable[[int, float], float], count: int) -> list[float]:
    """Coefficients from Bernoulli's numbers: `rule(k, B(k))` for k = 2, 4, ..."""
    return [rule(2 * i + 2, b) for i, b in enumerate(BERNOULLI[:count])]


def _stirling(z: Any) -> Any:
    """What Stirling's formula for log(gamma(z)) has behind its leading terms, for z from 8 up."""
    return horner(1 / ops.square(z), _by(lambda k, b: b / (k * (k - 1)), 8)) / z


class Sides:
    """An operand of the gamma functions: from 1/2 up it is taken as it is, below on the other side.

    Attributes:
        left: whether it lies below 1/2.
        right: from 1/2 up; 1 - x of what lies below.
        beside: how far it is from the nearest whole number; 1/4 where it lies to the right.
        pole: nan at -1, -2, ..., else 1; no gradient comes from it.
        turn: pi times `beside`.
    """

    def __init__(self, x: Any) -> None:
        self.left = ops.lt(x, 0.5)
        self.right = ops.where(self.left, 1 - x, x)
        below = ops.where(self.left, x, 0.25)
        self.whole = STOP(ops.nearest(below))
        self.beside = below - self.whole
        rest = STOP(self.beside)
        self.pole = ops.where(ops.lt(x, 0.0), rest / rest, 1.0)
        self.turn = math.pi * self.beside

    def choose(self, left: Any, right: Any) -> Any:
        """The one of two expressions for the side on which the operand lies."""
        return ops.where(self.left, left, right)


def _shifted(x: Any) -> tuple[Any, Any]:
    """(z, p): an operand from 1/2 up moved to 8 and more, and gamma(z) / gamma(x)."""
    few = ops.lt(x, float(STEPS))
    near = ops.where(few, x, 1.0)
    product = near
    for k in range(1, STEPS):
        product = product * (near + float(k))
    return ops.where(few, x + float(STEPS), x), ops.where(few, product, 1.0)


def gamma(x: Any) -> Any:
    """The gamma function; its slope is that of its logarithm times itself, which no step makes too large."""
    sides = Sides(x)
    z, product = _shifted(ops.where(ops.gt(sides.right, TOO_LARGE), TOO_LARGE, sides.right))
    half = z ** (z / 2 - 0.25)  # the square may be too large for a float
    right = half * ops.exp(_stirling(z) - z) * half * math.sqrt(2 * math.pi) / product
    odd = ops.ne(ops.fmod(sides.whole, 2.0), 0.0)
    sine = ops.where(odd, -ops.sin(sides.turn), ops.sin(sides.turn))
    value = STOP(sides.choose(math.pi / (sine * right) * sides.pole, right))
    size = lgamma(x)
    return value * ops.exp(ops.where(ops.lt(ops.abs_(size), math.inf), size - STOP(size), 0.0))


def lgamma(x: Any) -> Any:
    """The logarithm of gamma's size."""
    sides = Sides(x)
    z, product = _shifted(sides.right)
    right = (z - 0.5) * (ops.log(z) - 1) + (math.log(2 * math.pi) / 2 - 0.5) + _stirling(z) - ops.log(product)
    return sides.choose(ops.log(math.pi / ops.abs_(ops.sin(sides.turn))) - right, right)


def digamma(x: Any) -> Any:
    """The derivative of lgamma."""
    sides = Sides(x)
    z = sides.right + float(STEPS)
    series = horner(1 / ops.square(z), _by(lambda k, b: b / k, 8)) / ops.square(z)
    right = ops.log(z) - 0.5 / z - series - ops.sum_([1 / (sides.right + float(k)) for k in range(STEPS)])
    return sides.choose(right - math.pi * ops.cos(sides.turn) / ops.sin(sides.turn) * sides.pole, right)


def _zeta(s: int, x: Any) -> Any:
    """Hurwitz's zeta function, the sum of 1 / (x + k)**s for k = 0, 1, ..., for x from 1/2 up."""
    steps = 12 + s
    z = x + float(steps)
    found = _by(lambda k, b: b / math.factorial(k) * math.prod(range(s, s + k - 1)), len(BERNOULLI))
    series = horner(1 / ops.square(z), found) / z
    first = ops.sum_([(x + float(k)) ** -float(s) for k in range(steps)])
    return first + z ** -float(s) * (z / (s - 1.0) + 0.5 + series)


def polygamma(n: Any, x: Any) -> Any:
    """The n-th derivative of digamma; None where n is no constant from 0 to `HIGHEST`."""
    if type(n) is not float or n not in range(HIGHEST + 1):
        return None
    if n == 0.0:
        return digamma(x)
    s, sides = int(n) + 1, Sides(x)
    sign = -1.0 if s % 2 else 1.0
    right, beside = _zeta(s, sides.right), sides.beside
    every = beside ** -float(s) + _zeta(s, 1 + beside) + sign * _zeta(s, 1 - beside)  # of all whole numbers
    left = every * (sides.pole if s % 2 else 1.0) - sign * right
    return sign * math.factorial(s - 1) * sides.choose(left, right)


def gamma_derivative(x: Any, k: Any) -> Any:
    """Gamma differentiated k times: Leibniz' rule on gamma' = gamma * digamma."""
    if type(k) is not float or k not in range(HIGHEST + 2):
        return None
    factors: list[Any] = [1.0]
    for n in range(int(k)):
        terms = [math.comb(n, j) * factors[j] * ops.polygamma(float(n - j), x) for j in range(n + 1)]
        factors.append(ops.sum_(terms))
    return ops.gamma(x) * factors[-1]


# -- remainders ---------------------------------------------------------------------------------------------


def _turned(rest: Any, b: Any) -> Any:
    """1 where what `fmod` left has another sign than the divisor, else 0."""
    return ops.ne(rest, 0.0) * ops.ne(ops.lt(rest, 0.0), ops.lt(b, 0.0))


def mod(a: Any, b: Any) -> Any:
    """Python's `a % b`."""
    rest = ops.fmod(a, b)
    same = ops.where(ops.lt(b, 0.0), -(0.0 - rest), rest + 0.0)  # a zero has the sign of b
    return ops.where(_turned(rest, b), rest + b, same)


def floordiv(a: Any, b: Any) -> Any:
    """Python's `a // b`."""
    rest = ops.fmod(a, b)
    none = ops.eq(b, 0.0)
    quotient = ops.nearest((a - rest) / ops.where(none, 1.0, b) - _turned(rest, b))
    return ops.where(none, a / b, quotient)


def remainder(a: Any, b: Any) -> Any:
    """IEEE 754's remainder, to the nearest multiple, the even one in the middle."""
    rest, size = ops.fmod(a, b), ops.abs_(b)
    near = ops.abs_(rest)
    odd = ops.ne(ops.fmod(0.5 * (ops.abs_(a) - near), size), 0.0)
    far = ops.where(ops.eq(near, size - near), odd, ops.gt(near, size - near))
    return rest - ops.where(far, ops.copysign(ops.where(far, size, 1.0), a), 0.0)


# -- derivatives of higher order --------------------------------------------------------------------------


def _power_differentiated(a: Any, b: Any, k: Any, m: Any) -> Any:
    """A power differentiated k times to a, m times to b: its polynomial in log(a)."""
    short = TABLE["pow_derivative"].composed(a, b, k, m)  # type: ignore[misc]  # it has one
    if short is not None or type(k) is not float or type(m) is not float:
        return short
    coefficients: list[Any] = [1.0] + [0.0] * int(m)
    for i in range(int(k)):
        coefficients = [(b - float(i)) * c + d for c, d in zip(coefficients, [0.0, *coefficients[:-1]])]
    log = ops.log(a)
    terms = [math.perm(int(m), j) * c * log ** float(m - j) for j, c in enumerate(coefficients)]
    return a ** (b - k) * ops.sum_(terms)


def _over_length(polynomial: Callable[[int, int], Sequence[int]], odd: int) -> Callable[..., Any]:
    """Derivatives of a length or an angle: a homogeneous polynomial over a power of the length."""

    def made(a: Any, b: Any, k: Any, m: Any) -> Any:
        if type(k) is not float or type(m) is not float:
            return None
        n, length = int(k + m), ops.hypot(a, b)
        x, y = a / length, b / length
        terms = [
            float(c) * x ** float(j) * y ** float(n - j)
            for j, c in enumerate(polynomial(int(k), int(m)))
            if c
        ]
        return ops.sum_(terms) / length ** float(n - odd)

    return made


def _away_from_origin(op: Op, there: Callable[..., Any]) -> Callable[..., Any]:
    """A length or an angle, whose slopes are 0 at the origin: elsewhere it has its code."""

    def made(a: Any, b: Any) -> Any:
        plain = next(x.writer.plain for x in (a, b) if isinstance(x, Slot))
        origin = ops.eq(a, 0.0) * ops.eq(b, 0.0)
        return ops.where(origin, there(STOP(a), STOP(b)), plain(op, (ops.where(origin, 1.0, a), b)))

    return made


def _angle_at_origin(a: Any, b: Any) -> Any:
    """As the signs of the zeros say."""
    return ops.where(ops.lt(ops.copysign(1.0, b), 0.0), ops.copysign(math.pi, a), a)


def _own(op: Op) -> Callable[..., Any]:
    """An op of one's own: its value and its rules read on operands, the slopes for them alone."""

    def made(*operands: Any) -> Any:
        try:
            y = getattr(op.value, "__wrapped__", op.value)(*operands)
            rules = [op.rule(i) for i in range(len(operands))]
            pairs = [
                (getattr(rule, "__wrapped__", rule)(*operands, y), x)
                for rule, x in zip(rules, operands)
                if rule is not None and isinstance(x, Operand)
            ]
        except (TypeError, AttributeError, ValueError, ArithmeticError):
            raise UnsupportedError(op.name) from None
        nothing = [x - STOP(x) for _, x in pairs]
        return ops.dot(
            [STOP(local) if isinstance(local, Operand) else local for local, _ in pairs], nothing, STOP(y)
        )

    return made


class WithOwn(Vocabulary):
    """The same, with ops that a user declared."""

    def made_of(self, op: Op) -> Callable[..., Any] | None:
        """What an op is made of; an op of one's own is what its value and its rules say."""
        made = super().made_of(op)
        return _own(op) if made is None and op.own else made


WORDS = WithOwn(
    codes={**CODES, "floor": 32, "nearest": 33, "fmod": 56},
    made={
        **NATIVE.made,
        "ceil": lambda x: -ops.floor(-x),
        "trunc": lambda x: ops.where(ops.lt(x, 0.0), -ops.floor(-x), ops.floor(x)),
        "sumprod": lambda *xs: TABLE["dot"].on(xs),
        "hypot": _away_from_origin(TABLE["hypot"], lambda *_: 0.0),
        "atan2": _away_from_origin(TABLE["atan2"], _angle_at_origin),
        "gamma": gamma,
        "lgamma": lgamma,
        "digamma": digamma,
        "polygamma": polygamma,
        "gamma_derivative": gamma_derivative,
        "mod": mod,
        "floordiv": floordiv,
        "remainder": remainder,
        "pow_derivative": _power_differentiated,
        "hypot_derivative": _over_length(distances.hypot_polynomial, 1),
        "atan2_derivative": _over_length(distances.atan2_polynomial, 0),
    },
)
