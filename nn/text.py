"""What is shown as plain text: tables of words, and sparklines, a curve in one line."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from itertools import pairwise

from autograd import fsum
from autograd.drawing.measure import aligned, wrapped
from autograd.settings import WHOLE_FROM_1, chosen_list, chosen_number

BARS = "▁▂▃▄▅▆▇█"
PLAIN = "_.,-=*%#"  # for streams that cannot show those


class Text(str):
    """Text that shows itself line by line at a prompt, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def table(rows: Sequence[Sequence[str]]) -> Text:
    """Rows as aligned columns; those whose entries are numbers below the first row stand on the right.

    >>> table([("name", "count"), ("w", "12"), ("b", "3")])
    name  count
    w        12
    b         3
    """
    columns = enumerate(zip(*rows, strict=True))
    right = [i for i, (_, *below) in columns if all(x.replace(",", "").isdigit() or not x for x in below)]
    return Text(wrapped("\n".join(aligned(rows, "  ", right)), "    "))


def _bars() -> str:
    """The bars that the terminal, or the file that takes its place, can show."""
    try:
        BARS.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeError, LookupError):
        return PLAIN
    return BARS


def sparkline(numbers: Sequence[float], width: int = 60, log: bool = False) -> str:
    """A line of bars, the lowest for the smallest number and the highest for the largest.

    Args:
        numbers: the curve; what is not finite is shown as "x".
        width: the most characters; of longer curves each character is the mean of its share.
        log: heights by logarithm, for curves over many powers of ten; numbers up to 0 are shown as "x".

    >>> sparkline([4, 2, 1, 0.5, 3])
    '█▄▂▁▆'
    >>> sparkline([1, 10, 100], log=True)
    '▁▅█'
    """
    curve = chosen_list("sparkline", "numbers", numbers)
    parts = _shares(curve, chosen_number("sparkline", "width", width, WHOLE_FROM_1))
    heights = [_height(part, log) for part in parts]
    finite = [h for h in heights if math.isfinite(h)]
    if not finite:
        return "x" * len(heights)
    low, spread = min(finite), max(finite) - min(finite)
    bars = _bars()
    if spread == 0 or not math.isfinite(spread):
        return "".join(bars[3] if math.isfinite(h) else "x" for h in heights)
    top = len(bars) - 1
    return "".join(bars[round((h - low) / spread * top)] if math.isfinite(h) else "x" for h in heights)


def _shares(numbers: list[float], width: int) -> list[list[float]]:
    """The numbers in at most `width` neighbouring parts, none of them empty."""
    count = min(len(numbers), max(1, width))
    edges = [i * len(numbers) // count for i in range(count + 1)] if count else []
    return [numbers[a:b] for a, b in pairwise(edges)]


def _height(part: list[float], log: bool) -> float:
    if not all(math.isfinite(x) for x in part):
        return math.nan
    mean = fsum(part) / len(part)
    if not log:
        return mean
    return math.log(mean) if mean > 0 else math.nan
