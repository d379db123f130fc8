"""Derivatives of any order of the ops on two operands, and of gamma, in ops that everybody knows.

    pow, twice to a       b * (b - 1) * a**(b - 2)
    hypot, to a and to b  -a * b / hypot(a, b)**3
    atan2, twice to a     -2 * a * b / (a**2 + b**2)**2

These are for reading; numbers come from the ops' own rules. `ops.pow_` is here, as `**` of floats raises.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, reduce
from operator import add, mul
from typing import Any

from autograd import ops
from autograd.entry import Op, Operand

Polynomial = dict[tuple[int, int], int]  # of two variables: coefficients by exponents


def power(a: Any, b: Any, k: float, m: float) -> Any:
    """`a**b` differentiated k times to a and m times to b."""
    ways = [math.comb(int(m), j) * _falling(b, int(k), j) for j in range(min(int(m), int(k)) + 1)]
    terms = [way * _log_power(a, int(m) - j) for j, way in enumerate(ways)]
    if not k:
        return ops.pow_(a, b) * _log_power(a, int(m))
    total = reduce(add, terms)
    return total if type(b) is float and b == k else total * ops.pow_(a, b - k)


def hypotenuse(a: Any, b: Any, k: float, m: float) -> Any:
    """`hypot(a, b)` differentiated k times to a and m times to b."""
    above, times = _numerator(int(k), int(m), True)
    return _polynomial(above, a, b) / ops.pow_(ops.hypot(a, b), times)


def angle(a: Any, b: Any, k: float, m: float) -> Any:
    """`atan2(a, b)` differentiated k times to a and m times to b."""
    above, times = _numerator(int(k), int(m), False)
    return _polynomial(above, a, b) / ops.pow_(ops.pow_(a, 2.0) + ops.pow_(b, 2.0), times)


def gamma(x: Any, k: float) -> Any:
    """The k-th derivative of gamma: itself times a polynomial in digamma and its derivatives."""
    slopes = [ops.digamma(x) if i == 0 else ops.polygamma(i, x) for i in range(int(k))]
    bell = {(0,) * int(k): 1}  # coefficients by the exponents of the slopes: Bell's polynomials
    for _ in range(int(k)):
        found: dict[tuple[int, ...], int] = {}
        for exponents, c in bell.items():
            ways = [(_moved(exponents, i, -1), i + 1, c * n) for i, n in enumerate(exponents)]
            for lower, i, count in [(exponents, 0, c), *ways]:
                if count:
                    key = _moved(lower, i, 1)
                    found[key] = found.get(key, 0) + count
        bell = found
    terms = [_product(c, slopes, exponents) for exponents, c in sorted(bell.items(), reverse=True)]
    return ops.gamma(x) * reduce(add, terms)


def _moved(exponents: Sequence[int], i: int, by: int) -> tuple[int, ...]:
    return tuple([n + by if k == i else n for k, n in enumerate(exponents)])


def _falling(b: Any, k: int, j: int) -> Any:
    """The j-th derivative of `b * (b - 1) * ... * (b - k + 1)`."""
    if j == 0:
        return reduce(mul, [b - i if i else b for i in range(k)], 1.0)
    coefficients = [1]  # of powers of b
    for i in range(k):
        coefficients = [c - i * d for c, d in zip([0, *coefficients], [*coefficients, 0], strict=True)]
    for _ in range(j):
        coefficients = [i * c for i, c in enumerate(coefficients)][1:]
    return _polynomial({(i, 0): c for i, c in enumerate(coefficients) if c}, b, 1.0)


def _log_power(a: Any, n: int) -> Any:
    return 1.0 if n == 0 else ops.log(a) if n == 1 else ops.log(a) ** n


@cache
def _numerator(k: int, m: int, length: bool) -> tuple[Polynomial, int]:
    """What stands above the power of the length (of its square, for the angle), and that power."""
    first_to_a = k > 0
    above: Polynomial = {(1, 0) if first_to_a == length else (0, 1): 1 if length or first_to_a else -1}
    rest = (k - first_to_a) * [0] + (m - (not first_to_a)) * [1]
    times = 1
    for which in rest:
        found: Polynomial = {}
        for (i, j), c in above.items():
            here = (i, j)[which]
            lower, raised = ([i, j], [i, j])
            lower[which] -= 1
            raised[which] += 1
            for p, q in ((2, 0), (0, 2)):  # the derivative of what stands above, times a**2 + b**2
                key = (lower[0] + p, lower[1] + q)
                found[key] = found.get(key, 0) + here * c
            key = (raised[0], raised[1])
            found[key] = found.get(key, 0) - (times if length else 2 * times) * c
        above = {key: c for key, c in found.items() if c}
        times += 2 if length else 1
    return above, times


def _polynomial(terms: Polynomial, a: Any, b: Any) -> Any:
    """`2*a**2*b - b**3`."""
    whole: Any = None
    for exponents, c in sorted(terms.items(), key=lambda x: (x[1] > 0, x[0]), reverse=True):
        term = _product(c if whole is None else abs(c), (a, b), exponents)
        whole = term if whole is None else whole - term if c < 0 else whole + term
    return 0.0 if whole is None else whole


def _product(c: int, xs: Sequence[Any], exponents: Sequence[int]) -> Any:
    """`2*a**2*b`, `-a*b`."""
    factors = [ops.pow_(x, n) if n > 1 else x for x, n in zip(xs, exponents) if n]
    if not factors or abs(c) != 1:
        return reduce(mul, factors, float(c))
    return reduce(mul, [-factors[0] if c < 0 else factors[0], *factors[1:]])


class Written(Operand):
    """An expression as text, for boxes: `b*(b - 1)*a**(b - 2)`.

    >>> power(Written("a"), Written("b"), 2.0, 0.0).text
    'b*(b - 1)*a**(b - 2)'
    """

    __slots__ = ("rank", "text")
    reading = 3

    def __init__(self, text: str, rank: int = 9) -> None:
        self.text, self.rank = text, rank

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """The text of `op` on these operands; `1 *` and `** 1` are dropped."""
        parts = [written(x) for x in operands]
        if op.name in ("mul", "div", "pow") and "1" in (parts[0].text, parts[1].text):
            if parts[1].text == "1":
                return parts[0]
            if op.name == "mul":
                return parts[1]
        if op.name == "neg":
            return cls(f"-{parts[0]._within(3)}", 3)
        if op.sign == op.name:
            return cls(f"{op.name}({', '.join(x.text for x in parts)})")
        sign = f" {op.sign} " if op.precedence == 1 else op.sign
        left, right = parts[0]._within(op.precedence), parts[1]._within(op.precedence + 1)
        return cls(left + sign + right, op.precedence)

    def _within(self, rank: int) -> str:
        return f"({self.text})" if self.rank < rank else self.text


def written(x: Any) -> Written:
    """An expression or a number, as text."""
    return x if isinstance(x, Written) else Written(f"{x:g}", 3 if x < 0 else 9)
