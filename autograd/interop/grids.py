"""Where arrays lie in one row of addresses, and rows of many lengths filled up to a grid.

A causal attention has for each word as many products as there are words before it. Computed one by one
these are gathers, and their gradients additions at places; filled up they are products of matrices, and a
mask where nobody asks. What stands behind a mask is computed from numbers that are there; no gradient comes
from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.interop.views import Array
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B, C

OPERANDS = (A, B, C)  # where the blocks of a row's operands begin
FEWEST, MOST_FILLED = 3, 3  # so many lengths are filled up, to so many times their entries at most
LEAST = 8  # results of a grid
TAME = {"add", "sub", "mul", "neg", "stop"}  # what they make of a number is one, and so is their slope
UNFIT = {"acosh"}  # it has no value at HARMLESS
HARMLESS = 0.5  # where every other op has a value and a slope


@dataclass(frozen=True, eq=False)
class Filled:
    """Rows of many lengths, filled up.

    Attributes:
        tables: of each operand the addresses, those of what fills up among them.
        masks: for each operand where it is asked for, or None: it may be read everywhere.
        places: of each result that is asked for, where it stands in the grid.
        lengths: of the rows.
        width: of the grid.
    """

    tables: list[Any]
    masks: list[Any]
    places: Any
    lengths: Any
    width: int


class Known:
    """Arrays in one row of addresses.

    Attributes:
        arrays: in order.
        grids: of results that have places for which nobody asks.
    """

    def __init__(self) -> None:
        self.arrays: list[Array] = []
        self.grids: dict[Array, Filled] = {}
        self._begins = [0]

    def add(self, array: Array) -> int:
        """One more array; the address of its first number."""
        self.arrays.append(array)
        self._begins.append(self._begins[-1] + array.size)
        return self._begins[-2]

    def find(self, addresses: Any) -> tuple[Any, Any]:
        """(numbers of arrays, offsets in them)."""
        owners = np.searchsorted(self._begins, addresses, side="right") - 1
        return owners, addresses - np.array(self._begins)[owners]

    def _in_grid(self, table: Any) -> Filled | None:
        """The grid of the array to which a table's first address belongs."""
        return self.grids.get(self.arrays[int(self.find(table.flat[0])[0])])

    def continued(self, tables: list[Any], padded: list[Any]) -> tuple[list[Any], list[Any]]:
        """Lists that were filled up with what adds nothing, with what lies there instead, and masks.

        Args:
            tables: addresses.
            padded: where they are those of what adds nothing.
        """
        made = [self._continue(*pair) if pair[1].any() else None for pair in zip(tables, padded)]
        masks: list[Any] = [None] * len(tables)
        alone = len(tables) == 1
        for k, full in enumerate(made):
            if full is not None and (alone or self._in_grid(full) is not None):
                masks[k] = ~padded[k]
        if not alone and all(x is not None for x in made[:2]) and masks[0] is None and masks[1] is None:
            masks[1] = ~padded[1]  # nothing times a number is nothing
        return [table if full is None else full for table, full in zip(tables, made)], masks

    def _continue(self, table: Any, padded: Any) -> Any:
        """Each row as far as the longest, in its own steps; None where that leaves an array."""
        longest = table[int((~padded).sum(1).argmax())]
        step = longest[1] - longest[0] if len(longest) > 1 else 0
        full = table[:, :1] + step * np.arange(table.shape[1])
        inside = (full >= 0) & (full < self._begins[-1])
        if padded[:, 0].any() or (full != table)[~padded].any() or not inside.all():
            return None
        owners = self.find(full)[0]
        return full if (owners == owners[:, :1]).all() else None

    def grid(self, op: str, tables: list[Any]) -> Filled | None:
        """The operands of a group whose rows have many lengths, filled up; None where they have one."""
        every = np.concatenate(tables, axis=1)
        if len(every) < LEAST or op in UNFIT:
            return None
        steps = np.diff(every, axis=0)
        if op == "dot":
            kinds, counts = np.unique(steps, axis=0, return_counts=True)
            step = kinds[counts.argmax()]
            starts = np.flatnonzero(np.append(True, (steps != step).any(1)))
            lengths = np.diff(np.append(starts, len(every)))
        else:
            before = [self._whole(table) for table in tables]
            one = next((x for x in before if x is not None), None)
            if one is None:
                return None
            lengths = one.lengths
            starts = np.cumsum(lengths) - lengths
            step = steps[starts[lengths.argmax()]]
            inner = np.delete(steps, starts[1:] - 1, axis=0)
            if (inner != step).any():
                return None
        width = int(lengths.max())
        filled = len(lengths) * width
        if len(set(lengths.tolist())) < FEWEST or filled > MOST_FILLED * len(every):
            return None
        full = every[starts][:, None] + np.arange(width)[:, None] * step
        if full.min() < 0 or full.max() >= self._begins[-1]:
            return None
        owners = self.find(full)[0]
        if (owners != owners[:, :1]).any():
            return None
        asked = (np.arange(width) < lengths[:, None]).ravel()
        parts = np.split(full.reshape(filled, -1), np.cumsum([t.shape[1] for t in tables])[:-1], axis=1)
        masks = [
            np.repeat(asked[:, None], part.shape[1], 1) if self._in_grid(part) and op not in TAME else None
            for part in parts
        ]
        return Filled(parts, masks, np.flatnonzero(asked), lengths, width)

    def _whole(self, table: Any) -> Filled | None:
        """The grid of which a table has all that is asked for, in order."""
        grid = self._in_grid(table)
        if grid is None or len(table) != len(grid.places):
            return None
        owners, offset = self.find(table[:, 0])
        return grid if (owners == owners[0]).all() and (offset == grid.places).all() else None


def rows_alike(rows: Sequence[Any], table: Callable[[Any, int], Any]) -> list[list[Any]]:
    """Rows in groups: lists of many lengths, none of which is made of another, are computed as one."""
    groups: list[list[Any]] = []
    for row in rows:
        last = groups[-1] if groups else []
        same = last and all(row[k] == last[0][k] for k in (codes.CODE, codes.LANES))
        if not same or row[codes.CODE] not in (codes.DOT, codes.LOGSUMEXP) or not row[codes.LANES]:
            groups.append([row])
            continue
        begin, end = last[0][codes.OUT], row[codes.OUT]
        operands = [table(row, block) for block in OPERANDS]
        blocks = [[one[block + codes.START] == codes.ABSENT for block in OPERANDS] for one in (row, last[0])]
        inside = any(((x >= begin) & (x < end)).any() for x in operands if x is not None)
        if inside or blocks[0] != blocks[1]:
            groups.append([row])
        else:
            last.append(row)
    return [part for group in groups for part in ([group] if _worth_it(group) else [[row] for row in group])]


def _worth_it(rows: Sequence[Any]) -> bool:
    """Whether filling the shorter lists up costs less than computing each length by itself."""
    counts = np.array([row[codes.ROWS] * row[codes.OUTER] for row in rows])
    entries = np.array([row[codes.ENTRIES] for row in rows])
    return len(rows) >= FEWEST and counts.sum() * entries.max() <= MOST_FILLED * (counts * entries).sum()


def stacked(tables: Sequence[Any], pad: int) -> Any:
    """Tables of places one below the other, each filled up to the longest."""
    width = max(table.shape[1] for table in tables)
    filled = [np.pad(t, ((0, 0), (0, width - t.shape[1])), constant_values=pad) for t in tables]
    return np.concatenate(filled)
