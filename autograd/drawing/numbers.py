"""How a number is printed: one rule for pictures, texts, tables and pages.

    exact to 4 decimals     as short as possible        2   -1.5   0.25
    any other number        4 decimals, and never       0.4170   12.3457
                            fewer than 4 digits         0.09857  1.235e-07

So sums and products of printed numbers come out right to about the last digit, a trailing zero tells
"rounded", and no number that is not 0 is printed as 0.
"""

from __future__ import annotations

import math

DECIMALS = 4
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
