"""The rows of a tape: a group as one row of numbers, the loop that it once was rolled up again.

All groups of one shape are looked at together: where a graph is deep, each of its groups is a node or two,
and there are as many of them as nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from autograd.replay.passes import codes
from autograd.replay.passes.codes import COLUMNS, A, B, C
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
        self.second = len(first)
        self._lists: list[tuple[int, int, Any]] = []  # row, block, places
        count = len(places.borders) - 1
        self.targets: list[Any] = [[]] * count
        self.rows = np.zeros((count, COLUMNS), np.int32)  # as many as nodes, perhaps
        self.rows[:, [block + codes.START for block in (A, B, C)]] = codes.ABSENT
        for groups, table in _alike(program, places):
            self._fill(groups, table)
        self.index = self._listed(first, second)

    def _fill(self, groups: Any, members: Any) -> None:
        """Write the rows of groups of one shape; `members` are their results, one row of slots a group."""
        program, rows, s = self.program, self.rows, members[0, 0]
        code, count = int(program.code[s]), int(program.start[s + 1] - program.start[s])
        wide, size = bool(program.varies[s]), members.shape[1]
        rows[groups, codes.CODE] = codes.LOGSUMEXP if code == codes.SURPRISAL else code
        rows[groups, codes.LANES] = wide
        rows[groups, codes.OUT] = self.place[members[:, 0]]
        table = program.operand[program.start[members][:, :, None] + np.arange(count)]
        if code == codes.SUM and size == 1:  # in the order of memory
            table = np.take_along_axis(table, np.argsort(self.place[table], axis=2), axis=2)
        entries, blocks = _blocks(code, count, table)
        placed = [(block, slots, self.place[slots]) for block, slots in blocks]
        inner = _period([places for *_, places in placed], size)
        rows[groups, codes.ENTRIES] = entries
        rows[groups, codes.ROWS], rows[groups, codes.OUTER] = inner, size // inner
        rows[groups, codes.OUT_I], rows[groups, codes.OUT_U] = 1, inner
        if wide:
            for k, g in enumerate(groups.tolist()):
                self.targets[g] = [(block, places[k].ravel()) for block, _, places in placed]
        wants = program.wants[members].any(1)
        for block, slots, places in placed:
            rows[groups, block + codes.WANTED] = program.wants[slots].any((1, 2)) & wants
            numbers = code < codes.LISTS and not wide
            regular = self._step(groups, block, places, inner, numbers)
            apart = groups[~regular]
            rows[apart, block + codes.INDEXED] = 1
            if numbers and block in (A, B):
                rows[apart, block + codes.START] = rows[apart, codes.OUT] + (self.second if block == B else 0)
            else:
                self._lists += zip(apart.tolist(), [block] * len(apart), places[~regular])

    def _step(self, groups: Any, block: int, places: Any, inner: Any, numbers: bool) -> Any:
        """Write down steps of operands whose places have them; returns which do.

        `numbers` want one run, or one place.
        """
        start, outer_step, step, entry_step = _steps(places, inner)
        low, high = places.min((1, 2)), places.max((1, 2))
        regular = _fits(places, inner)
        for border in self.borders:
            regular &= (low >= border) | (high < border)
        if numbers:
            regular &= (step == 0) | (step == 1)
        found = groups[regular]
        for column, steps in zip(
            (codes.START, codes.U, codes.I, codes.J), (start, outer_step, step, entry_step)
        ):
            self.rows[found, block + column] = steps[regular]
        return regular

    def _listed(self, first: Any, second: Any) -> Any:
        """All lists, one behind the other; the rows learn where theirs begins."""
        lists, end = [first, second], len(first) + len(second)
        for g, block, places in sorted(self._lists, key=itemgetter(0, 1)):
            self.rows[g, block + codes.START] = end
            lists.append(places.ravel())
            end += places.size
        return np.concatenate([*lists, np.zeros(LINE, np.int64)]).astype(np.int32)


def _alike(program: Instructions, places: Places) -> Iterator[tuple[Any, Any]]:
    """Groups of one code, size, number of operands and side: their numbers, and their results as a table."""
    order, borders = places.order, places.borders
    if len(borders) < 2:
        return
    s, size = order[borders[:-1]], np.diff(borders)
    shapes = np.stack([program.code[s], size, program.start[s + 1] - program.start[s], program.varies[s]])
    by = np.lexsort(shapes)
    changes = (np.diff(shapes[:, by]) != 0).any(0)
    for groups in np.split(by, np.flatnonzero(changes) + 1):
        yield groups, order[borders[groups][:, None] + np.arange(size[groups[0]])]


def _blocks(code: int, count: int, table: Any) -> tuple[int, list[Any]]:
    """How many entries a result has, and pairs (block, slots of its operands by group, result and entry)."""
    entries = 1
    if code == codes.DOT:
        entries = count // 2
        blocks = [
            (A, table[:, :, :entries]),
            (B, table[:, :, entries : 2 * entries]),
            (C, table[:, :, 2 * entries :]),
        ]
    elif code == codes.SURPRISAL:
        entries, blocks = count - 1, [(A, table[:, :, :-1]), (C, table[:, :, -1:])]
    elif code in (codes.SUM, codes.LOGSUMEXP):
        entries, blocks = count, [(A, table)]
    elif code == codes.PICK:
        entries, blocks = count - 1, [(A, table[:, :, :-1]), (B, table[:, :, -1:])]
    else:
        blocks = [(block, table[:, :, k : k + 1]) for k, block in zip(range(count), (A, B, C))]
    return entries, [(block, slots) for block, slots in blocks if slots.shape[2]]


def _period(tables: Sequence[Any], count: int) -> Any:
    """Rows per outer step, for each group: where the first regularity of its places breaks."""
    inner = np.full(len(tables[0]), count)
    if count <= 2:
        return inner
    for places in tables:
        steps = np.diff(places[:, :, 0])
        broken = steps != steps[:, :1]
        first = broken.argmax(1) + 1
        inner = np.where(broken.any(1) & (count % first == 0), np.minimum(inner, first), inner)
    for places in tables:
        inner = np.where(_fits(places, inner), inner, count)
    return inner


def _steps(places: Any, inner: Any) -> tuple[Any, Any, Any, Any]:
    groups, count, entries = places.shape
    start = places[:, 0, 0]
    none = np.zeros(groups, np.int64)
    return (
        start,
        places[np.arange(groups), np.where(inner < count, inner, 0), 0] - start,
        np.where(inner > 1, places[:, 1, 0] - start, 0) if count > 1 else none,
        places[:, 0, 1] - start if entries > 1 else none,
    )


def _fits(places: Any, inner: Any) -> Any:
    """Whether the places are start + u*U + i*I + j*J, for each group."""
    start, outer_step, step, entry_step = _steps(places, inner)
    _, count, entries = places.shape
    u, i = np.divmod(np.arange(count), inner[:, None])
    begin = start[:, None] + u * outer_step[:, None] + i * step[:, None]
    return (places == begin[:, :, None] + entry_step[:, None, None] * np.arange(entries)).all((1, 2))
