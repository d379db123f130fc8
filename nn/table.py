"""Plain text tables for terminals."""

from __future__ import annotations

from collections.abc import Sequence


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
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [all(entry.replace(",", "").isdigit() or not entry for entry in column[1:]) for column in columns]
    lines = []
    for row in rows:
        shaped = [
            x.rjust(w) if number else x.ljust(w) for x, w, number in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(shaped).rstrip())
    return Text("\n".join(lines))
