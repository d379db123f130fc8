"""Lengths and directions, with nothing too large or too small on the way."""

import math

from autograd.special.exact import scale

hypot = math.hypot
norm = math.hypot
atan2 = math.atan2


def direction(x: float, *others: float) -> float:
    """`x / hypot(x, *others)`, the slope of that length to `x`: a cosine. 0 where the length is.

    >>> direction(3.0, 4.0), direction(5e-324, 5e-324), direction(1e308, 1e308, 1e308, 1e308)
    (0.6, 0.7071067811865475, 0.5)
    """
    length = math.hypot(x, *others)
    if 1e-290 < length < math.inf:
        return x / length
    if length == 0 or not all(map(math.isfinite, (x, *others))):
        return x / length if length else 0.0
    _, exponent = math.frexp(max(map(abs, (x, *others))))
    return math.ldexp(x, -exponent) / math.hypot(*[math.ldexp(z, -exponent) for z in (x, *others)])


def inversion(a: float, b: float) -> float:
    """`a / (a**2 + b**2)`, the slope of atan2(a, b) to `b` up to its sign. 0 where both are.

    >>> inversion(1.0, 2.0), inversion(1e-200, 1e-200), inversion(0.0, 0.0)
    (0.2, 5e+199, 0.0)
    """
    largest = max(abs(a), abs(b))
    if 1e-140 < largest < 1e140:
        return a / (a * a + b * b)
    if largest == 0 or not math.isfinite(a + b):
        return a * 0.0 if math.isfinite(largest) else 0.0 if a == a and b == b else math.nan
    _, exponent = math.frexp(largest)
    a, b = math.ldexp(a, -exponent), math.ldexp(b, -exponent)
    return scale(a / (a * a + b * b), -exponent)
