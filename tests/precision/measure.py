"""How far a float is from the truth, in units in the last place; and the points, made by rule, where that is measured.

The unit is that of the largest term of the formula: where terms cancel, no sum of them can do better.
"""

import math
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from mpmath import isnan, mp, mpf

mp.dps = 50
BARS = (16, 32, 64)  # units that values, first and second derivatives may be off
TOO_LARGE = mpf(2) ** 1024
LARGEST = 1.7976931348623157e308
SIZES = [0.0, 5e-324, 1e-320, 2.2250738585072014e-308, *(10.0**k for k in range(-300, 0, 20)), 1e-8, 1e-4, 0.1, 0.5]
SIZES += [1.0, 2.0, 3.0, 10.0, 40.0, 700.0, 1e4, 1e8, 2.0**53, *(10.0**k for k in range(20, 301, 20)), LARGEST]
FEW_SIZES = [0.0, 5e-324, 1e-300, 1e-160, 1e-8, 0.3, 1.0, 1.0000000000000002, 3.0, 40.0, 700.0, 1e8, 1e160, 1e300]
GRID = [k / 16 + 0.001 for k in range(-160, 161)]


class Reference(NamedTuple):
    """A function in mpmath; a formula gives one term, or a list of terms to be added."""

    value: Callable
    firsts: Sequence[Callable | None] = ()  # one per operand; None: flat
    seconds: dict[tuple[int, int], Callable] = {}  # those that are not 0 everywhere, upper triangle  # noqa: RUF012
    domain: Callable = lambda *xs: True
    special: tuple[float, ...] = ()  # ends of the domain, branches of the implementation
    orders: tuple[int, ...] = ()  # operands that must be small whole numbers


def exact(formula: Callable, xs: Sequence[float]) -> tuple[mpf, mpf] | None:
    """The sum of a formula's terms with 45 digits, and its largest term; None where the formula has no number."""
    previous = None
    for digits in (50, 80, 200, 500, 1100, 2300):
        with mp.workdps(digits):
            try:
                terms = formula(*map(mpf, xs))
            except (ZeroDivisionError, ValueError):
                return None
            terms = [mpf(term) for term in (terms if isinstance(terms, list) else [terms])]
            if any(map(isnan, terms)):
                return None
            total, largest = mp.fsum(terms), max(map(abs, terms))
            if previous is not None and abs(total - previous) <= abs(total) * mpf(10) ** -45 + largest * mpf(10) ** -400:
                return total, largest
            previous = total
    raise AssertionError(f"no 45 digits of the reference at {xs}")


def units_off(got: float, truth: mpf, largest: mpf) -> float:
    """The distance of a float from the truth in units in the last place of the largest term."""
    if got != got:
        return math.inf
    unit = max(mpf(2) ** -1074, mpf(2) ** (mp.frexp(largest)[1] - 53))
    truth = max(-TOO_LARGE, min(TOO_LARGE, truth))
    number = mpf(got) if math.isfinite(got) else math.copysign(1, got) * TOO_LARGE
    return float(abs(number - truth) / unit)


def points(reference: Reference) -> list[tuple[float, ...]]:
    """+-0, tiny, huge, zeros, extrema, poles and branches with the floats beside them, a spread, 200 random bits."""
    rng = random.Random(20)
    count = max(1, len(reference.firsts))
    special = [z for x in (*reference.special, *(zeros(reference) if count == 1 else ())) for z in neighbours(x)]
    line = [s * x for x in (SIZES if count == 1 else FEW_SIZES) for s in (1, -1)] + special
    found = list(product(line, repeat=count)) if count < 3 else [[rng.choice(line) for _ in range(count)] for _ in range(500)]
    spread = [[rng.uniform(-r, r) for _ in range(count)] for r in (1, 5, 50, 800) for _ in range(25)]
    close = [[rng.choice([*neighbours(x)]) for _ in range(count)] for x, *_ in spread] if count > 1 else []
    found += [*spread, *close, *([random_bits(rng) for _ in range(count)] for _ in range(200))]
    whole = [tuple(float(abs(int(x)) % 4) if i in reference.orders else x for i, x in enumerate(xs)) for xs in found]
    return [xs for xs in {repr(xs): xs for xs in whole}.values() if reference.domain(*xs)]


def zeros(reference: Reference) -> Iterator[float]:
    """Floats beside the places on -10..10 where the value, or its first or second derivative, changes its sign."""
    for formula in (reference.value, *reference.firsts, *reference.seconds.values()):
        if formula is not None:
            for low, high in pairwise(x for x in GRID if reference.domain(x)):
                if sign_at(formula, low) * sign_at(formula, high) < 0:
                    yield bisected(formula, low, high)


def bisected(formula: Callable, low: float, high: float) -> float:
    while low < (middle := (low + high) / 2) < high:
        if sign_at(formula, low) * sign_at(formula, middle) <= 0:
            high = middle
        else:
            low = middle
    return high


def sign_at(formula: Callable, x: float) -> int:
    try:
        terms = formula(mpf(x))
    except (ZeroDivisionError, ValueError):
        return 0
    return mp.sign(mp.fsum(terms) if isinstance(terms, list) else terms)


def neighbours(x: float) -> Iterator[float]:
    """The float before, `x`, and the float after."""
    yield from (math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf))


def random_bits(rng: random.Random) -> float:
    """A finite float of random bits: every exponent is as likely as any other."""
    while True:
        (x,) = struct.unpack("<d", rng.randbytes(8))
        if math.isfinite(x):
            return x
