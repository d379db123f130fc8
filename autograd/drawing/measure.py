"""How wide a text is: in pixels without a font at hand, and in the columns of a terminal.

The pixels are those of DejaVu Sans, the widest of the usual fonts: what fits by them fits in every narrower
font as well, so labels cannot overlap on any machine.
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

WIDTH, LEAST = 100, 20  # columns of a line: the most, and what is there in any terminal

# hundredths of the type size, for the printable ASCII characters from the space on
WIDTHS = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip
BOLD = 1.1
# where runs of characters begin, and their widths: a table of our own, since Python's grows with its versions
BEGINS = (0, 0x0300, 0x0370, 0x1100, 0x1160, 0x2E80, 0xA4D0, 0xAC00, 0xD7A4, 0xF900, 0xFB00, 0xFE30, 0xFE70,
          0xFF00, 0xFF61, 0xFFE0, 0xFFE7, 0x1F000)  # fmt: skip
RUNS = (80, 0, 80, 102, 80, 102, 80, 102, 80, 102, 80, 102, 80, 102, 60, 102, 80, 102)


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text in pixels, at a type size in pixels.

    >>> width("ab", 10.0)
    12.4
    """
    hundredths = 0
    for c in text:
        code = ord(c)
        if 32 <= code < 127:
            hundredths += WIDTHS[code - 32]
        else:
            hundredths += RUNS[bisect_right(BEGINS, code) - 1]
    return round(hundredths * size / 100 * (BOLD if bold else 1.0), 1)


def shorten(text: str, size: float, limit: float, bold: bool = False) -> str:
    """`text`, cut with an ellipsis if it is wider than `limit` pixels.

    >>> shorten("abcdefgh", 10.0, 40.0)
    'abcde…'
    """
    if width(text, size, bold) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that still fits
        middle = (low + high + 1) // 2
        if width(text[:middle] + "…", size, bold) <= limit:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def columns_of(text: str) -> int:
    """Columns that a text takes in a terminal.

    >>> columns_of("a 左")
    4
    """
    if text.isascii():
        return len(text)
    return len(text) + len([c for c in text if unicodedata.east_asian_width(c) in "WF"])


def room() -> int:
    """Columns that a line may take: 100 in a file, what there is in a narrower terminal or by `COLUMNS`."""
    shown = os.environ.get("COLUMNS") or (sys.stdout is not None and sys.stdout.isatty())
    return max(LEAST, min(WIDTH, shutil.get_terminal_size((WIDTH, 0)).columns)) if shown else WIDTH


def folded(line: str, indent: str = "  ") -> list[str]:
    """A line in as many as it needs, broken at spaces; no number is broken."""
    width = room()
    if len(line) <= width and line.isascii():  # as most are
        return [line.rstrip()]
    indent = indent[: width // 2]  # a wider one would never get on
    lines: list[str] = []
    before, at = "", 0
    while True:
        shown = before + line[at : at + width + 1]
        columns = [*accumulate(1 + (unicodedata.east_asian_width(c) in "WF") for c in shown)]
        if not columns or columns[-1] <= width:  # all that is left
            return lines if lines and not shown.strip() else [*lines, shown.rstrip()]
        fits = bisect_right(columns, width)
        space = shown.rfind(" ", len(indent) + 1, fits + 1)
        end = space if space > 0 else _before_number(shown, fits, len(before))
        lines.append(shown[:end].rstrip())
        at += end - len(before)
        before = indent
        while line[at : at + 1].isspace():
            at += 1


def wrapped(text: str, indent: str = "  ") -> str:
    """A text whose lines fit into a narrow terminal, their rest `indent` further in; elsewhere as it is."""
    if room() == WIDTH:
        return text
    lines = [(line, " " * (len(line) - len(line.lstrip())) + indent) for line in text.split("\n")]
    return "\n".join(part for line in lines for part in folded(*line))


def _before_number(shown: str, end: int, least: int) -> int:
    """Where to break a text without spaces: at `end`, or before the number that stands there."""
    start = len(shown[:end].rstrip("0123456789."))
    return start if shown[end] in "0123456789." and start > least else end


def pad(text: str, columns: int, right: bool = False) -> str:
    """The text filled up with spaces."""
    spaces = " " * (columns - columns_of(text))
    return spaces + text if right else text + spaces


def aligned(rows: Sequence[Sequence[str]], gap: str, right: Sequence[int] = ()) -> list[str]:
    """Rows of cells as lines; no spaces at the end."""
    columns = [max(map(columns_of, column)) for column in zip(*rows)]
    lines = ([pad(x, w, i in right) for i, (x, w) in enumerate(zip(row, columns))] for row in rows)
    return [gap.join(cells).rstrip() for cells in lines]
