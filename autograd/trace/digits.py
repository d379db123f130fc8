"""How a number is printed: one rule for pictures, texts, tables and pages.

    exact to 4 decimals     as short as possible        2   -1.5   0.25
    any other number        4 decimals, five digits     0.4170   12.346
                            from 10 on, and never       0.09857  1.235e-07
                            fewer than 4

So sums and products of printed numbers come out right to about the last digit, a trailing zero tells
"rounded", and no number that is not 0 is printed as 0. In one trace the operands of an equality get as many
more digits as it takes until it comes out, and a number looks the same wherever it stands: see `Digits`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import add, mul
from typing import NamedTuple

DECIMALS = 4
CONSTANT = 10  # characters of a constant that are shown
ROUNDING = 1e-12  # relative: 0.1 + 0.2 counts as 0.3
FLOATS_ARE_WHOLE = 1e16  # from here on every float is a whole number
ALL = 12  # so many digits more than the rule's are all that a float has


def digits(x: float, more: int = 0) -> str:
    """The number `x` as people see it, by the rule above; `inf`, `-inf` and `nan` as Python writes them.

    Args:
        x: the number.
        more: how many digits more than the rule's.

    >>> [digits(x) for x in (2.0, -1.5, 0.1 + 0.2, 1e-5, 0.0)]
    ['2', '-1.5', '0.3', '1e-05', '0']
    >>> [digits(x) for x in (0.41703, 12.34567, 0.0985731, 1.23456e-7)]
    ['0.4170', '12.346', '0.09857', '1.235e-07']
    >>> digits(12.34567, more=1), digits(12.34567, more=9)
    ('12.3457', '12.34567')
    """
    x = float(x)
    if x == 0.0 or not math.isfinite(x):
        return repr(x) if x or (more and math.copysign(1.0, x) < 0.0) else "0"  # 1 / -0.0 is not 1 / 0
    return _rounded(x, more)


@lru_cache(maxsize=4096)  # a trace asks for each of its numbers at every place where it stands
def _rounded(x: float, more: int) -> str:
    if more >= ALL:
        return _short(x)
    size = abs(x)
    if size >= FLOATS_ARE_WHOLE:
        rounded = f"{x:.{DECIMALS + more}e}"
        return min(_short(x), rounded, key=len) if math.isfinite(float(rounded)) else _short(x)
    if size < 0.1:
        rounded = f"{x:#.{DECIMALS + more}g}"
    elif size < 10.0:
        rounded = f"{x:.{DECIMALS + more}f}"
    else:
        rounded = f"{x:#.{DECIMALS + 1 + more}g}".removesuffix(".")
    exact = [round(x, DECIMALS), float(rounded)]
    if not more and 0.1 <= size < 1.0:
        exact.append(float(f"{x:.{DECIMALS}g}"))
    return next((_short(near) for near in exact if abs(x - near) <= ROUNDING * size), rounded)


def _short(x: float) -> str:
    return repr(x).removesuffix(".0")


@lru_cache(maxsize=1024)  # a large graph has the same few constants everywhere
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
AGREES = 1.1e-3  # relative


class Equation(NamedTuple):
    """`evaluate(numbers) = result`, as it is to be printed."""

    evaluate: Evaluate
    numbers: Sequence[float]
    result: float


class Digits:
    """How the numbers of one trace are shown: true equations, and one look of a number in all of them.

    Args:
        equations: gives the equations that are to come out; what has a result stands before what makes it.
        constants: numbers that are shown as Python writes them, where that is short enough.

    >>> shown = Digits(lambda: [Equation(lambda x: math.exp(x[0]), [6.726244], math.exp(6.726244))])
    >>> shown(6.726244), shown(math.exp(6.726244))
    ('6.72624', '834.01')
    """

    def __init__(
        self,
        equations: Callable[[], Iterable[Equation]] = tuple,
        constants: Callable[[], Iterable[float]] = tuple,
    ) -> None:
        self._equations, self._constants = equations, constants
        self.unknown = False  # True where nan stands for what is not known
        self._more: dict[str, int] | None = None  # digits more than the rule's, by number
        self._written: dict[str, str] = {}

    def __call__(self, x: float) -> str:
        """The number as it is shown everywhere in this trace."""
        return self._shown(x, {})

    def also(self, equations: Sequence[Equation]) -> Digits:
        """These digits with more equations, for an output that prints these too."""
        wider = Digits()
        wider._more, wider._written = dict(self._levels()), self._written
        wider.unknown = self.unknown
        wider._settle(equations)
        return wider

    def of(self, evaluate: Evaluate, numbers: Sequence[float], result: float) -> list[str] | None:
        """The numbers as they are shown, if evaluating them gives the shown result; else None.

        None, too, where Python refuses to evaluate (1 / 0, log(-1), (-8)**0.5).
        """
        fits = self._fits(Equation(evaluate, numbers, result), {})
        return [self(x) for x in numbers] if fits else None

    def product(self, upstream: float, local: float, flow: float) -> str:
        """`upstream * local = flow` in numbers; 0 alone where a choice keeps even nan * 0 out."""
        shown = self.of(multiplied, [upstream, local], flow)
        return f"{shown[0]} * {shown[1]} = {self(flow)}" if shown else self(flow)

    def total(self, terms: Sequence[float], result: float) -> str:
        """`-3 + 2 = -1`; one term alone is its own sum."""
        shown = self.of(added, terms, result) if len(terms) > 1 else None
        return f"{' + '.join(shown)} = {self(result)}" if shown else self(result)

    def _shown(self, x: float, more: Mapping[str, int]) -> str:
        levels, key = self._levels(), _key(x)
        if self.unknown and x != x:
            return "?"
        if key in self._written:
            return self._written[key] if x >= 0.0 else "-" + self._written[key]
        return digits(x, levels.get(key, 0) + more.get(key, 0))

    def _levels(self) -> dict[str, int]:
        if self._more is None:
            self._more = {}
            for x in self._constants():
                written = constant(abs(x))
                if "..." not in written:
                    self._written[_key(x)] = written
            self._settle(list(self._equations()))
        return self._more

    def _settle(self, equations: Sequence[Equation]) -> None:
        """Give operands more digits until every equation comes out that can."""
        levels = self._levels()
        waiting = True
        while waiting:  # digits only ever get more, up to all, so this ends
            waiting = False
            for equation in equations:
                needed = self._needed(equation)
                for key in needed:
                    levels[key] = levels.get(key, 0) + needed[key]
                    waiting = True

    def _needed(self, equation: Equation) -> dict[str, int]:
        """How many digits more which operands need: none where it comes out, or where no digits do."""
        if self._fits(equation, {}) is not False:
            return {}
        keys = list(dict.fromkeys(map(_key, equation.numbers)))
        for most in range(1, ALL + 1):
            more = dict.fromkeys(keys, most)
            if self._fits(equation, more):
                break
        else:
            return {}
        for key in keys:  # no more than each of them needs
            more[key] = next(few for few in range(most + 1) if self._fits(equation, {**more, key: few}))
        return {key: count for key, count in more.items() if count}

    def _fits(self, equation: Equation, more: Mapping[str, int]) -> bool | None:
        """Whether it comes out with so many digits more; None where Python refuses to evaluate."""
        evaluate, numbers, result = equation
        if result != result and all(map(math.isfinite, numbers)):
            return None
        try:
            value = float(evaluate([float(self._shown(x, more)) for x in numbers]))
        except (ArithmeticError, ValueError, TypeError):
            return None
        return comes_out(value, self(result))


def _key(x: float) -> str:
    """What numbers share that look the same but for their sign."""
    return f"{abs(x):.11e}"


def comes_out(value: float, shown: str) -> bool:
    """True when `value` is what is shown, to one unit of the last digit."""
    result = float(shown)
    if not (math.isfinite(value) and math.isfinite(result)):
        return value == result or (value != value and result != result)
    slack = 1.0 + 1e-6  # 0.6591 - 0.6590 is a little more than 0.0001
    return abs(value - result) <= unit(shown) * slack


@lru_cache(maxsize=4096)
def unit(shown: str) -> float:
    """One unit of the last digit of a shown number, or of the rule's last digit where that is finer.

    >>> [unit(shown) for shown in ("0.4170", "833.97", "1.235e-07", "-0.5", "12.25")]
    [0.0001, 0.01, 1e-10, 0.0001, 0.001]
    """
    mantissa, _, exponent = shown.partition("e")
    last = int(exponent or 0) - len(mantissa.partition(".")[2])
    size = abs(float(shown)) or 1.0
    first = int(f"{size:.16e}".partition("e")[2])
    rule = first - DECIMALS + 1 if size < 0.1 else -DECIMALS if size < 10.0 else first - DECIMALS
    return float(f"1e{min(last, rule)}")


def agrees(value: float, result: float) -> bool:
    """True when a formula's `value` is the `result` of the exact rules but for rounding."""
    if not (math.isfinite(value) and math.isfinite(result)):
        return value == result or (value != value and result != result)
    return abs(value - result) <= AGREES * abs(result)


def multiplied(factors: Sequence[float]) -> float:
    """The factors multiplied from left to right, as the printed line is read."""
    return reduce(mul, factors)


def added(terms: Sequence[float]) -> float:
    """The terms added from left to right, as the printed line is read."""
    return reduce(add, terms)


def added_products(numbers: Sequence[float]) -> float:
    """`a*b + c*d + ...` of the numbers a, b, c, d, ..."""
    return added([a * b for a, b in zip(numbers[::2], numbers[1::2])])
