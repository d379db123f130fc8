"""The rows of a tape: a group as one row of numbers, the loop that it once was rolled up again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.replay.passes import codes
from autograd.replay.passes.codes import BLOCK, COLUMNS, A, B, C
from autograd.replay.passes.grouping import Instructions
from autograd.replay.passes.places import LINE, Places


class Rows:
    """Rows and lists of places for all groups.

    Args:
        program: the instructions.
        places: where everything lies.
        parameters: no operand's steps cross from the first so many rows to others.

    Attributes:
        rows: one row per group, of the columns in `codes`.
        index: lists of places. It begins with the first operand of each row before the edge, and from
            `second` on with the second: the lists of groups of single numbers.
        targets: for each row, when it is of samples, pairs (block, places of its operands).
    """

    def __init__(self, program: Instructions, places: Places, parameters: int) -> None:
        self.program, self.place, self.borders = program, places.place, (parameters, places.edge)
        first, second = places.scattered()
        self.second, self.listed = len(first), len(first) + len(second)
        self._lists: list[Any] = [first, second]
        self.targets: list[Any] = []
        order, borders = places.order, places.borders
        self.rows = np.zeros((len(borders) - 1, COLUMNS), np.int64)
        self.rows[:, [block + codes.START for block in (A, B, C)]] = codes.ABSENT
        self.rows[:, [codes.ROWS, codes.OUTER, codes.OUT_I]] = 1
        for g in range(len(borders) - 1):
            self._row(self.rows[g], order[borders[g] : borders[g + 1]])
        self.index = np.concatenate([*self._lists, np.zeros(LINE, np.int64)]).astype(np.int32)

    def _row(self, row: Any, group: Any) -> None:
        program, s = self.program, group[0]
        code, count = int(program.code[s]), int(program.start[s + 1] - program.start[s])
        wide = bool(program.varies[s])
        row[codes.CODE], row[codes.LANES] = code, wide
        row[codes.ROWS], row[codes.OUT] = len(group), self.place[s]
        table = program.operand[program.start[group][:, None] + np.arange(count)]  # (results, operands)
        if code == codes.SUM and len(group) == 1:  # in the order of memory
            table = table[:, np.argsort(self.place[table[0]])]
        blocks = _blocks(row, code, count, table)
        inner = _period(row, [self.place[slots] for _, slots in blocks], len(group))
        self.targets.append([(block, self.place[slots].ravel()) for block, slots in blocks] if wide else [])
        for block, slots in blocks:
            row[block + codes.WANTED] = bool(program.wants[slots].any() and program.wants[group].any())
            part, places = row[block : block + BLOCK], self.place[slots]
            numbers = code < codes.LISTS and not wide
            if self._regular(part, places, inner, numbers):
                continue
            part[codes.INDEXED] = 1
            if numbers and block in (A, B):
                part[codes.START] = row[codes.OUT] + (self.second if block == B else 0)
            else:
                part[codes.START] = self.listed
                self._lists.append(places.ravel())
                self.listed += places.size

    def _regular(self, part: Any, places: Any, inner: int, numbers: bool) -> bool:
        """Write down steps for an operand when its places have them; `numbers` want one run, or one place."""
        start, outer_step, step, entry_step = _steps(places, inner)
        low, high = places.min(), places.max()
        one_side = all(low >= border or high < border for border in self.borders)
        if not one_side or (numbers and step not in (0, 1)) or not _fits(places, inner):
            return False
        part[codes.START], part[codes.U], part[codes.I], part[codes.J] = start, outer_step, step, entry_step
        return True


def _blocks(row: Any, code: int, count: int, table: Any) -> list[Any]:
    """Pairs (block of the row, its operands' slots as a table); sets the row's ENTRIES."""
    row[codes.ENTRIES] = 1
    if code == codes.DOT:
        n = row[codes.ENTRIES] = count // 2
        blocks = [(A, table[:, :n]), (B, table[:, n : 2 * n]), (C, table[:, 2 * n :])]
    elif code in (codes.SUM, codes.LOGSUMEXP):
        blocks = [(A, table)]
        row[codes.ENTRIES] = count
    elif code == codes.PICK:
        blocks = [(A, table[:, :-1]), (B, table[:, -1:])]
        row[codes.ENTRIES] = count - 1
    else:
        blocks = [(block, table[:, k : k + 1]) for k, block in zip(range(count), (A, B, C))]
    return [(block, slots) for block, slots in blocks if slots.shape[1]]


def _period(row: Any, tables: Sequence[Any], count: int) -> int:
    """Rows per outer step: where the first regularity of the places breaks."""
    inner = count
    for places in tables:
        if count > 2 and places.shape[1]:
            steps = np.diff(places[:, 0])
            broken = np.flatnonzero(steps != steps[0])
            if len(broken) and count % (broken[0] + 1) == 0:
                inner = min(inner, int(broken[0]) + 1)
    if inner < count and not all(_fits(places, inner) for places in tables):
        inner = count
    row[codes.ROWS], row[codes.OUTER] = inner, count // inner
    row[codes.OUT_I], row[codes.OUT_U] = 1, inner
    return inner


def _steps(places: Any, inner: int) -> tuple[int, int, int, int]:
    count, entries = places.shape
    start = int(places[0, 0])
    return (
        start,
        int(places[inner, 0]) - start if count > inner else 0,
        int(places[1, 0]) - start if inner > 1 else 0,
        int(places[0, 1]) - start if entries > 1 else 0,
    )


def _fits(places: Any, inner: int) -> bool:
    """Whether the places are start + u*U + i*I + j*J."""
    start, outer_step, step, entry_step = _steps(places, inner)
    count, entries = places.shape
    u, i = np.divmod(np.arange(count), inner)
    return bool(
        (places == (start + u * outer_step + i * step)[:, None] + entry_step * np.arange(entries)).all()
    )
