"""Sums and products rounded once: what float operations round away, and what is built from it."""

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from operator import add, mul

_SPLITTER = 134217729.0  # 2**27 + 1 cuts a 53-bit number into two halves of at most 26 bits
_SMALLEST, _LARGEST = 2.0**-960, 2.0**990  # between them a product's rounding error is itself a float


def two_sum(a: float, b: float) -> tuple[float, float]:
    """`a + b` as rounded, and exactly what the rounding dropped (Knuth, TAOCP 2, 4.2.2).

    >>> two_sum(1.0, 1e-20)
    (1.0, 1e-20)
    """
    rounded = a + b
    rest = rounded - a
    return rounded, (a - (rounded - rest)) + (b - rest)


def two_product(a: float, b: float) -> tuple[float, float]:
    """`a * b` as rounded, and exactly what the rounding dropped (Dekker 1971).

    Exact while the factors stay below 2**990 and the product between 2**-960 and 2**990 (or is 0).

    >>> two_product(0.1, 0.1)
    (0.010000000000000002, -8.326672684688674e-19)
    """
    rounded = a * b
    large = _SPLITTER * a
    a_high = large - (large - a)
    a_low = a - a_high
    large = _SPLITTER * b
    b_high = large - (large - b)
    b_low = b - b_high
    return rounded, ((a_high * b_high - rounded) + a_high * b_low + a_low * b_high) + a_low * b_low


def scale(x: float, exponent: int) -> float:
    """`x * 2**exponent`, +-inf where that is too large.

    >>> scale(1.0, 2000), scale(-0.75, 1)
    (inf, -1.5)
    """
    try:
        return math.ldexp(x, exponent)
    except OverflowError:
        return math.copysign(math.inf, x)


def _to_float(exact: Fraction) -> float:
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def _pieces(a: float, b: float) -> tuple[float, float] | None:
    """`a * b` as two floats with exactly that sum, or None where there are none."""
    if a == 0 or b == 0:
        return (a * b, 0.0) if math.isfinite(a + b) else None
    if abs(a) < _LARGEST and abs(b) < _LARGEST and _SMALLEST < abs(a * b) < _LARGEST:
        return two_product(a, b)
    return None


def _fused(x: float, y: float, z: float) -> float:
    """`x * y + z` rounded once; like `math.fma` it may raise OverflowError, unlike it never ValueError."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return x * y + z
    if not math.isfinite(z):
        return z
    pieces = _pieces(x, y)
    rounded = math.fsum((*pieces, z)) if pieces else float(Fraction(x) * Fraction(y) + Fraction(z))
    if rounded == 0 and (x == 0 or y == 0):
        return x * y + z  # the sign of a zero made of zeros
    return rounded


_math_fma: Callable[[float, float, float], float] = getattr(math, "fma", _fused)


def fma(x: float, y: float, z: float) -> float:
    """`x * y + z` rounded only once: Python 3.13's `math.fma`, on every Python.

    >>> fma(-0.1, 0.1, 0.01), 0.01 - 0.1 * 0.1
    (-9.020562075079397e-19, -1.734723475976807e-18)
    """
    try:
        return _math_fma(x, y, z)
    except (OverflowError, ValueError):
        return x * y + z  # inf with the right sign, or the nan of inf - inf


def total(*xs: float) -> float:
    """The sum of all operands, rounded once.

    >>> total(*[0.1] * 10), total(1e308, 1e308, -1e308), total(math.inf, -math.inf)
    (1.0, 1e+308, nan)
    """
    try:
        return math.fsum(xs)
    except (OverflowError, ValueError):
        return _total_at_the_edge(xs)


def _total_at_the_edge(xs: Iterable[float]) -> float:
    edges = [x for x in xs if not math.isfinite(x)]
    return reduce(add, edges) if edges else _to_float(reduce(add, map(Fraction, xs)))


def sumprod(*xs: float) -> float:
    """p1*q1 + p2*q2 + ... rounded once, whatever cancels; the operands are all of p, then all of q.

    >>> sumprod(1e16, 1.0, -1e16, 1.0, 1.0, 1.0)
    1.0
    """
    n = len(xs) // 2
    pairs = list(zip(xs[:n], xs[n:], strict=True))
    pieces = [_pieces(a, b) for a, b in pairs]
    if None not in pieces:
        return total(*[x for piece in pieces for x in piece or ()])
    edges = [a * b for a, b in pairs if not (math.isfinite(a) and math.isfinite(b))]
    if edges:
        return reduce(add, edges)
    return _to_float(reduce(add, [Fraction(a) * Fraction(b) for a, b in pairs]))


def dot(*xs: float) -> float:
    """w1*x1 + w2*x2 + ... + b from left to right: all weights, then all inputs, then perhaps the bias.

    >>> dot(2.0, 3.0, 10.0, 100.0, 1.0)
    321.0
    """
    n = len(xs) // 2
    return dot_in_order([*xs[:n], *xs[2 * n :]], xs[n : 2 * n])


def dot_in_order(ws: Sequence[float], xs: Sequence[float]) -> float:
    """`dot` with weights and bias in one sequence, inputs in the other."""
    start = ws[-1] if len(ws) > len(xs) else 0.0
    return reduce(add, map(mul, ws, xs), start)


def prod(*xs: float) -> float:
    """The product of all operands, 1 for none; only the result can be too large or too small, nothing before.

    >>> prod(1e200, 1e200, 1e-300), 1e200 * 1e200 * 1e-300
    (1e+100, inf)
    """
    product, exponent = 1.0, 0
    for x in xs:
        mantissa, more = math.frexp(x)
        product, shift = math.frexp(product * mantissa)
        exponent += more + shift
    return scale(product, exponent)


def other_products(xs: Sequence[float]) -> list[float]:
    """For each operand the product of all the others.

    >>> other_products([2.0, 3.0, 0.0])
    [0.0, 0.0, 6.0]
    """
    if len(xs) > 20:  # running products from both ends: linear, but they can leave the range on the way
        before, after = [1.0], [1.0]
        for x, z in zip(xs[:-1], reversed(xs[1:]), strict=True):
            before.append(before[-1] * x)
            after.append(after[-1] * z)
        if all(1e-290 < abs(p) < 1e290 for p in (*before, *after)):
            return [p * q for p, q in zip(before, reversed(after), strict=True)]
    return [prod(*xs[:i], *xs[i + 1 :]) for i in range(len(xs))]
