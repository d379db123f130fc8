"""How a number is printed: one rule for pictures, texts, tables and pages.

    exact to 4 decimals     as short as possible        2   -1.5   0.25
    any other number        4 decimals, and never       0.4170   12.3457
                            fewer than 4 digits         0.09857  1.235e-07

So sums and products of printed numbers come out right to about the last digit, a trailing zero tells
"rounded", and no number that is not 0 is printed as 0. The operands of an equality get more digits where the
shown ones would not give the shown result: `1 - 0.7071**2 = 0.5` can be pasted into Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from operator import add

DECIMALS = 4
CONSTANT = 10  # characters of a constant that are shown
ROUNDING = 1e-12  # relative: 0.1 + 0.2 counts as 0.3
FLOATS_ARE_WHOLE = 1e16  # from here on every float is a whole number


def digits(x: float) -> str:
    """The number `x` as people see it, by the rule above; `inf`, `-inf` and `nan` as Python writes them.

    >>> [digits(x) for x in (2.0, -1.5, 0.1 + 0.2, 1e-5, 0.0)]
    ['2', '-1.5', '0.3', '1e-05', '0']
    >>> [digits(x) for x in (0.41703, 12.34567, 0.0985731, 1.23456e-7)]
    ['0.4170', '12.3457', '0.09857', '1.235e-07']
    """
    x = float(x)
    if x == 0.0 or not math.isfinite(x):
        return "0" if x == 0.0 else repr(x)
    if abs(x) >= FLOATS_ARE_WHOLE:
        rounded = f"{x:.{DECIMALS}e}"
        return min(_short(x), rounded, key=len) if math.isfinite(float(rounded)) else _short(x)
    near = round(x, DECIMALS)
    if abs(x - near) <= ROUNDING * abs(x):
        return _short(near)
    near = float(f"{x:.{DECIMALS - 1}g}")  # 4 digits say all of a small number such as 0.00025
    if abs(x) < 1.0 and abs(x - near) <= ROUNDING * abs(x):
        return _short(near)
    return f"{x:#.{DECIMALS}g}" if abs(x) < 0.1 else f"{x:.{DECIMALS}f}"


def _short(x: float) -> str:
    return repr(x).removesuffix(".0")


def constant(x: float) -> str:
    """A constant in an expression: as Python writes it, shortened only with `...`, never to another number.

    >>> [constant(x) for x in (2.0, 1.00001, 0.1 + 0.2, 1 / 3, 1 / 3 * 1e-7)]
    ['2', '1.00001', '0.3', '0.33333333...', '3.33333333...e-08']
    """
    for shown in (digits(x), f"{x:.{CONSTANT}g}"):
        if not math.isfinite(x) or abs(float(shown) - x) <= ROUNDING * abs(x):
            return shown
    mantissa, e, exponent = repr(x).partition("e")
    return f"{mantissa[:CONSTANT]}...{e}{exponent}"


# -- equalities whose shown digits are true ----------------------------------------------------------------

Evaluate = Callable[[Sequence[float]], float]
TOLERANCE = 1.1e-3  # two numbers of four digits each, multiplied


def true_digits(evaluate: Evaluate, numbers: Sequence[float], result: float) -> list[str] | None:
    """How to show the `numbers` so that evaluating what is shown gives the shown `result`.

    None when no digits do, or when Python refuses to evaluate (1 / 0, log(-1), (-8)**0.5).

    >>> true_digits(lambda x: 1 - x[0]**2, [0.99999], 1 - 0.99999**2)
    ['0.99999']
    """
    if result != result and all(map(math.isfinite, numbers)):
        return None
    for form in FORMS:
        shown = [form(x) for x in numbers]
        try:
            value = float(evaluate([float(text) for text in shown]))
        except (ArithmeticError, ValueError, TypeError):
            return None
        if is_shown_as(value, result) and is_shown_as(value, float(digits(result))):
            return shown
    return None


def is_shown_as(value: float, result: float) -> bool:
    """True when `value` agrees with `result` in the digits that are shown of it."""
    if not (math.isfinite(value) and math.isfinite(result)):
        return value == result or (value != value and result != result)
    return abs(value - result) <= TOLERANCE * abs(result)


def product(upstream: float, local: float, flow: float) -> str:
    """`upstream * local = flow` in numbers; 0 alone where a choice keeps even nan * 0 out."""
    shown = true_digits(lambda x: x[0] * x[1], [upstream, local], flow)
    return f"{shown[0]} * {shown[1]} = {digits(flow)}" if shown else digits(flow)


def total(terms: Sequence[float], result: float) -> str:
    """`-3 + 2 = -1`; one term alone is its own sum."""
    if len(terms) == 1:
        return digits(result)
    shown = true_digits(added, terms, result)
    return f"{' + '.join(shown)} = {digits(result)}" if shown else digits(result)


def added(terms: Sequence[float]) -> float:
    """The terms added from left to right, as the printed line is read."""
    return reduce(add, terms)


def _of(count: int) -> Callable[[float], str]:
    def form(x: float) -> str:
        return min(f"{x:.{count}g}", digits(x), key=len) if float(digits(x)) == x else f"{x:.{count}g}"

    return form


def _all(x: float) -> str:
    return repr(x).removesuffix(".0") if x else repr(x)  # -0.0 is a number of its own, -0 is not


FORMS = (digits, _of(8), _of(12), _all)  # four digits, and more where four are not enough
