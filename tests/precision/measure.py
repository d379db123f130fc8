"""How far a float is from the truth, in units in the last place, and the points, made by rule, to look at.

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
TOO_LARGE = mpf(2) ** 1024
LARGEST = 1.7976931348623157e308
SIZES = [0.0, 5e-324, 1e-320, 2.2250738585072014e-308, 1e-8, 1e-4, 0.1, 0.5, 1.0, 2.0, 3.0, 10.0, 40.0, 700.0]
SIZES += [1e4, 1e8, 2.0**53, LARGEST, *(10.0**k for k in range(-300, 301, 20) if k)]
FEW_SIZES = [0.0, 5e-324, 1e-300, 1e-160, 1e-8, 0.3, 1.0, 3.0, 700.0, 1e8, 1e160, 1e300]
GRID = [k / 16 + 0.001 for k in range(-160, 161)]


class Reference(NamedTuple):
    """A function in mpmath; a formula gives one term, or a list of terms to be added."""

    value: Callable
    firsts: Sequence[Callable | None]  # one per operand; None: flat
    seconds: dict[tuple[int, int], Callable]  # those that are not 0 everywhere, i <= j
    domain: Callable = lambda *xs: True
    special: tuple[float, ...] = ()  # ends of the domain, branches of the implementation
    orders: tuple[int, ...] = ()  # operands that must be small whole numbers


class Exact(NamedTuple):
    """A number to 45 digits, and the unit in the last place of the largest of the terms that made it."""

    number: mpf
    unit: mpf


def exact(formula: Callable, xs: Sequence[float]) -> Exact | None:
    """What a formula gives, with as many digits as it takes; None where it has no number."""
    previous = None
    for digits in (50, 70, 200, 500, 1100, 2300):
        with mp.workdps(digits):
            try:
                terms = formula(*map(mpf, xs))
            except (ZeroDivisionError, ValueError):
                return None
            terms = [mpf(term) for term in (terms if isinstance(terms, list) else [terms])]
            if any(map(isnan, terms)):
                return None
            total, largest = mp.fsum(terms), max(map(abs, terms))
            tolerance = abs(total) * mpf(10) ** -45 + largest * mpf(10) ** -400
            if previous is not None and abs(total - previous) <= tolerance:
                return Exact(total, max(mpf(2) ** -1074, mpf(2) ** (mp.frexp(largest)[1] - 53)))
            previous = total
    raise AssertionError(f"no 45 digits of the reference at {xs}")


def units_off(got: float, truth: Exact) -> float:
    """The distance of a float from the truth in units; what is too large for a float counts as inf."""
    if got != got:
        return math.inf
    number = mpf(got) if math.isfinite(got) else math.copysign(1, got) * TOO_LARGE
    return float(abs(number - max(-TOO_LARGE, min(TOO_LARGE, truth.number))) / truth.unit)


def points(reference: Reference) -> list[tuple[float, ...]]:
    """+-0, tiny, huge; zeros, extrema, poles, branches and floats beside them; a spread; 200 random bits."""
    rng = random.Random(20)
    count = len(reference.firsts)
    special = [z for x in reference.special for z in neighbours(x)]
    if count == 1:
        special += [z for x in zeros(reference) for z in neighbours(x)]
        found = [(x,) for x in special + [sign * x for x in SIZES for sign in (1, -1)]]
    else:
        line = [sign * x for x in FEW_SIZES for sign in (1, -1)]
        found = list(product(line, repeat=2)) if count == 2 else []
        line += special
        found += [tuple(rng.choice(line) for _ in range(count)) for _ in range(300)]
    spread = [tuple(rng.uniform(-r, r) for _ in range(count)) for r in (1, 5, 50, 800) for _ in range(25)]
    close = [tuple(rng.choice([*neighbours(x)]) for _ in range(count)) for x, *_ in spread[::2] if count > 1]
    found += [*spread, *close, *(tuple(random_bits(rng) for _ in range(count)) for _ in range(200))]
    whole = [tuple(order(x) if i in reference.orders else x for i, x in enumerate(xs)) for xs in found]
    return [xs for xs in {repr(xs): xs for xs in whole}.values() if reference.domain(*xs)]


def order(x: float) -> float:
    """A small whole number made of any float."""
    return float(abs(int(x)) % 4)


def zeros(reference: Reference) -> Iterator[float]:
    """Floats beside the places on -10..10 where the value, first or second derivative changes its sign."""
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
