"""Where everything lies in memory: leaves first, then each group's results side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.replay.passes import codes
from autograd.replay.passes.grouping import Instructions
from autograd.replay.passes.tidy import LEAF

LINE = 8  # numbers in a line of the cache: rows of lanes and runs begin at multiples of this


class Places:
    """A row of memory for each slot in use, given out in the order of execution.

    Args:
        program: the instructions.
        order: results in the order of execution; within groups of three and more they are reordered here.
        borders: where each group begins in `order`.
        varying: leaves that differ from sample to sample.
        first: leaves that come first in memory.

    Attributes:
        place: for each slot its row, or -1.
        edge: rows before it hold one number each, rows from it on one per sample.
        shared: the first so many groups do not depend on the sample.
        rows: the number of rows.
        free: a row that holds nothing at first; leaves lie before it.
    """

    def __init__(
        self, program: Instructions, order: Any, borders: Any, varying: Sequence[int], first: Sequence[int]
    ) -> None:
        self.program, self.order, self.borders = program, order, borders
        self.place = np.full(len(program.code), -1, np.int64)
        self.leaves = np.flatnonzero((program.code == LEAF) & (program.uses > 0) & ~program.varies)
        self.place[list(first)] = np.arange(len(first))
        rest = self.leaves[self.place[self.leaves] < 0]
        self.place[rest] = len(first) + np.arange(len(rest))
        self.free = len(first) + len(rest)
        self._place_results(list(varying))

    def _place_results(self, varying: Sequence[int]) -> None:
        order, borders = self.order, self.borders
        self.shared = len(borders) - 1
        if len(order):
            self.shared = int(np.searchsorted(self.program.varies[order[borders[:-1]]], True))
        row = -(-self.free // LINE) * LINE
        self.edge = -(-(row + int(borders[self.shared])) // LINE) * LINE
        self.place[varying] = self.edge + np.arange(len(varying))
        count = int(borders[self.shared])
        self.place[order[:count]] = row + np.arange(count)
        self.place[order[count:]] = self.edge + len(varying) + np.arange(len(order) - count)
        for g in np.flatnonzero(np.diff(borders) > 2).tolist():
            group = order[borders[g] : borders[g + 1]]
            rows = self.place[group]
            group[:] = group[self._regular(group)]
            self.place[group] = rows
        self.rows = self.edge + len(varying) + len(order) - count

    def _regular(self, group: Any) -> Any:
        """An order of a group in which its operands' places are likely to be regular.

        The program's own order where they are, since what is made in it lies side by side; else by place.
        Dots that are not regular by place either keep the program's order: others read them in it.
        """
        start, operand = self.program.start, self.program.operand
        begin, end = start[group], start[group + 1]
        first = self.place[operand[begin]]
        dots = self.program.code[group[0]] == codes.DOT
        other = self.place[operand[begin + (end - begin) // 2 if dots else end - 1]]
        if _regular(first) and _regular(other):
            return np.arange(len(group))
        by = np.lexsort((first, other) if dots else (other, first))
        if dots and not (_regular(first[by]) and _regular(other[by])):
            return np.arange(len(group))
        return by

    def scattered(self) -> tuple[Any, Any]:
        """For each row before the edge the places of its first and second operand; else 0."""
        start, operand = self.program.start, self.program.operand
        results = self.order[: self.borders[self.shared]]
        results = results[self.program.code[results] < codes.LISTS]
        pair = np.zeros((2, self.edge + LINE), np.int32)
        pair[0, self.place[results]] = self.place[operand[start[results]]]
        second = np.minimum(start[results] + 1, start[results + 1] - 1)
        pair[1, self.place[results]] = self.place[operand[second]]
        return pair[0], pair[1]


def _regular(places: Any) -> bool:
    """Whether places are start + u*U + i*I, for some number of steps i per step u."""
    steps = np.diff(places)
    broken = np.flatnonzero(steps != steps[0])
    if not len(broken):
        return True
    inner = int(broken[0]) + 1
    if len(places) % inner:
        return False
    table = places.reshape(-1, inner)
    outer = np.diff(table[:, 0])
    return bool((np.diff(table) == steps[0]).all() and (outer == outer[0]).all())
