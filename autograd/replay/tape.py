"""The vector tape: a program's instructions in groups, each group one row of numbers that says it all.

Slots of one level, code and shape form a group and lie side by side, so the places of their operands are
mostly start + u*U + i*I + j*J (the loop that the program once was, rolled up again); where they are not,
the row points into a list of places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.program import Program
from autograd.replay import codes, tidy
from autograd.replay.codes import BLOCK, COLUMNS, A, B, C
from autograd.replay.lowering import Flat, lower
from autograd.replay.variant import Variant

LEAF = tidy.LEAF
LINE = 8  # rows of lanes and runs begin at multiples of this


@dataclass
class Tape:
    """What the executors run.

    Rows `0 .. edge` of memory hold one number each: parameters first, then other leaves, constants and what
    depends on these alone. Rows from `edge` on hold one number per sample, in a batch `lanes` of them.
    """

    rows: Any  # (instructions, COLUMNS)
    index: Any
    place: Any  # for each slot of the program its row, or -1
    start: Any  # the numbers of rows 0 .. edge at first
    edge: int
    count: int
    shared: int  # the first so many instructions do not depend on the sample
    root: int
    clear: Any  # pairs (first row, one past the last): gradients of samples to set to zero before backward

    def for_lanes(self, lanes: int) -> tuple[Any, Any, Any]:
        """Rows, index and `clear` with addresses in a memory where rows from `edge` on are `lanes` wide."""
        rows, index = self.rows.copy(), _address(self.index, self.edge, lanes)
        wide = rows[:, codes.LANES] != 0
        rows[:, codes.OUT] = _address(rows[:, codes.OUT], self.edge, lanes)
        for column in (codes.OUT_I, codes.OUT_U):
            rows[wide, column] *= lanes
        for block in (A, B, C):
            direct = (rows[:, block + codes.INDEXED] == 0) & (rows[:, block + codes.START] >= self.edge)
            rows[direct, block + codes.START] = _address(rows[direct, block + codes.START], self.edge, lanes)
            for column in (codes.I, codes.U, codes.J):
                rows[direct, block + column] *= lanes
        return rows, index, _address(self.clear, self.edge, lanes)


def _address(row: Any, edge: int, lanes: int) -> Any:
    return np.where(row >= edge, edge + (row - edge) * lanes, row).astype(row.dtype)


def make_tape(
    program: Program,
    known: Sequence[bool],
    varying: Sequence[int],
    wanted: Sequence[int],
    first: Sequence[int] = (),
) -> Tape:
    """All passes: a program becomes a tape.

    Args:
        program: what was recorded.
        known: for each leaf, whether its number never changes.
        varying: leaves that differ from sample to sample (nothing: a program without a batch).
        wanted: leaves whose gradient is wanted.
        first: leaves whose numbers come first in memory, in this order (the parameters).

    Raises:
        UnsupportedError: an op has no code.
    """
    flat = lower(program, known)
    code, start, operand = flat.code, flat.start, flat.operand
    stands = tidy.fold(code, start, operand, flat.known, flat.number)
    again = tidy.merge(code, start, operand)
    stands = again[stands]
    keep = stands[flat.slot[[s for s in (program.root, *program.outputs) if s >= 0]]]
    uses = tidy.uses_of(code, start, operand, keep)
    start, operand = tidy.fuse(code, start, operand, uses, flat.one, flat.minus_one)
    code = np.where((uses > 0) | (code == LEAF), code, LEAF)  # what nothing uses is gone
    uses = tidy.uses_of(code, start, operand, keep)
    return _Grouping(program, flat, code, start, operand, uses, stands, varying, wanted, first).tape()


def tape_of(variant: Variant, batched: bool) -> Tape:
    """The variant's tape: with the inputs as rows of lanes, or as single numbers."""
    key = ("tape", batched)
    if key not in variant.prepared:
        inside = [i for i in variant.wanted if i not in set(variant.given)] if batched else variant.wanted
        rest = [i for i in [*variant.read, *variant.given] if i not in set(inside)]
        rest = list(dict.fromkeys(variant.read if batched else rest))
        variant.prepared[key] = make_tape(
            variant.program, variant.known, variant.given if batched else (), inside, [*inside, *rest]
        )
    return variant.prepared[key]  # type: ignore[no-any-return]  # put there just now


class _Grouping:
    def __init__(
        self,
        program: Program,
        flat: Flat,
        code: Any,
        start: Any,
        operand: Any,
        uses: Any,
        stands: Any,
        varying: Sequence[int],
        wanted: Sequence[int],
        first: Sequence[int],
    ) -> None:
        self.program, self.flat, self.stands = program, flat, stands
        self.code, self.start, self.operand, self.uses = code, start, operand, uses
        size = len(code)
        marks = np.zeros(size, bool)
        marks[list(varying)] = True
        self.varies = tidy.spread(code, start, operand, marks.copy(), False)
        marks[:] = False
        marks[list(wanted)] = True
        self.wants = tidy.spread(code, start, operand, marks, True)
        self.level = tidy.levels(code, start, operand)
        self.varying, self.first = list(varying), list(first)
        self.place = np.full(size, -1, np.int64)
        self.index: list[Any] = []
        self.listed = 0
        self.targets: list[Any] = []  # for each row of the tape the places its operands lie at
        self.used = 0

    def tape(self) -> Tape:
        made = np.flatnonzero((self.code != LEAF) & (self.uses > 0))
        self._order_commutative(made)
        order, borders = self._groups(made)
        self._place_leaves()
        edge_group = self._place_results(order, borders)
        rows = np.zeros((len(borders) - 1, COLUMNS), np.int64)
        rows[:, [block + codes.START for block in (A, B, C)]] = codes.ABSENT
        rows[:, [codes.ROWS, codes.OUTER, codes.OUT_I]] = 1
        for g in range(len(borders) - 1):
            self._row(rows[g], order[borders[g] : borders[g + 1]])
        program, flat = self.program, self.flat
        place = self.place[self.stands[flat.slot]]
        clear = self._begin_rows(rows)
        index = np.concatenate([*self.index, np.zeros(LINE, np.int64)]).astype(np.int32)
        return Tape(
            rows,
            index,
            place,
            self.numbers,
            self.edge,
            self.rows_used,
            edge_group,
            int(place[program.root]) if program.root >= 0 else -1,
            clear,
        )

    def _order_commutative(self, made: Any) -> None:
        """Shared operands of + and * and of a dot's pairs go first, so that fewer kinds of groups arise."""
        if not len(self.varying):
            return
        start, operand, varies = self.start, self.operand, self.varies
        both = made[np.isin(self.code[made], (codes.ADD, codes.MUL))]
        a, b = start[both], start[both] + 1
        swap = varies[operand[a]] & ~varies[operand[b]]
        operand[a[swap]], operand[b[swap]] = operand[b[swap]], operand[a[swap]].copy()
        for s in made[self.code[made] == codes.DOT]:
            n = (start[s + 1] - start[s]) // 2
            left, right = operand[start[s] : start[s] + n], operand[start[s] + n : start[s] + 2 * n]
            swap = varies[left] & ~varies[right]
            left[swap], right[swap] = right[swap], left[swap].copy()

    def _groups(self, made: Any) -> tuple[Any, Any]:
        """Results in the order of memory, and where each group begins."""
        start, operand = self.start, self.operand
        begin, count = start[made].astype(np.int64), (start[made + 1] - start[made]).astype(np.int64)
        shape = np.zeros(len(made), np.int64)
        for k in range(3):  # what kind the first operands are
            there = count > k
            which = operand[np.where(there, begin + k, 0)] if len(operand) else begin
            kind = self.varies[which] * 2 + self.wants[which] + 1
            shape = shape * 5 + np.where(there, kind, 0)
        last = operand[begin + count - 1] if len(made) else begin
        shape = shape * 5 + self.varies[last] * 2 + self.wants[last] + 1
        half = operand[begin + count // 2] if len(made) else begin
        shape = shape * 5 + self.varies[half] * 2 + self.wants[half] + 1
        keys = (made, shape, count, self.code[made], self.level[made], self.varies[made])
        by = np.lexsort(keys)
        if not len(made):
            return made, np.zeros(1, np.int64)
        changes = np.zeros(len(made), bool)
        for key in keys[1:]:
            ordered = key[by]
            changes[1:] |= ordered[1:] != ordered[:-1]
        changes[0] = True
        return made[by], np.append(np.flatnonzero(changes), len(made))

    def _place_leaves(self) -> None:
        needed = np.flatnonzero((self.code == LEAF) & (self.uses > 0) & ~self.varies)
        row = 0
        for s in self.first:
            self.place[s] = row
            row += 1
        rest = needed[self.place[needed] < 0]
        self.place[rest] = row + np.arange(len(rest))
        self.used = row + len(rest)
        self.numbers = np.zeros(self.used)
        self.numbers[self.place[needed]] = self.flat.number[needed]

    def _place_results(self, order: Any, borders: Any) -> int:
        """Give each group its rows; returns how many groups do not depend on the sample."""
        shared = int(np.searchsorted(self.varies[order[borders[:-1]]], True)) if len(order) else 0
        row = -(-self.used // LINE) * LINE
        self.edge = -(-(row + int(borders[shared])) // LINE) * LINE
        for i, s in enumerate(self.varying):
            self.place[s] = self.edge + i
        for g in range(len(borders) - 1):
            if g == shared:
                row = self.edge + len(self.varying)
            group = order[borders[g] : borders[g + 1]]
            if len(group) > 2:
                group[:] = group[self._regular(group)]
            self.place[group] = row + np.arange(len(group))
            row += len(group)
        self.rows_used = row if shared < len(borders) - 1 else self.edge + len(self.varying)
        return shared

    def _regular(self, group: Any) -> Any:
        """An order of a group in which its operands' places are likely to be regular: by these places."""
        start, end = self.start[group], self.start[group + 1]
        first = self.place[self.operand[start]]
        middle = start + (end - start) // 2 if self.code[group[0]] == codes.DOT else end - 1
        second = self.place[self.operand[middle]]
        return np.lexsort((first, second) if self.code[group[0]] == codes.DOT else (second, first))

    # -- one row of the tape -----------------------------------------------------------------------------

    def _row(self, row: Any, group: Any) -> None:
        s = group[0]
        code, count = int(self.code[s]), int(self.start[s + 1] - self.start[s])
        wide = bool(self.varies[s])
        row[codes.CODE], row[codes.LANES] = code, wide
        row[codes.ROWS], row[codes.OUT] = len(group), self.place[s]
        table = self.operand[self.start[group][:, None] + np.arange(count)]  # (results, operands)
        if code == codes.DOT:
            n = count // 2
            blocks = [(A, table[:, :n]), (B, table[:, n : 2 * n]), (C, table[:, 2 * n :])]
            row[codes.ENTRIES] = n
        elif code in (codes.SUM, codes.LOGSUMEXP):
            blocks = [(A, table)]
            row[codes.ENTRIES] = count
        elif code == codes.PICK:
            blocks = [(A, table[:, :-1]), (B, table[:, -1:])]
            row[codes.ENTRIES] = count - 1
        else:
            blocks = [(block, table[:, k : k + 1]) for k, block in zip(range(count), (A, B, C))]
            row[codes.ENTRIES] = 1
        blocks = [(block, slots) for block, slots in blocks if slots.shape[1]]
        inner = self._period(row, [self.place[slots] for _, slots in blocks], len(group))
        self.targets.append([(block, self.place[slots].ravel()) for block, slots in blocks] if wide else [])
        for block, slots in blocks:
            row[block + codes.WANTED] = bool(self.wants[slots].any()) and bool(self.wants[s])
            self._operand(
                row[block : block + BLOCK], self.place[slots], inner, code < codes.LISTS and not wide
            )

    def _begin_rows(self, rows: Any) -> Any:
        """Mark operands whose rows nothing has flowed to before; returns the other rows, to be cleared."""
        touched, cleared = np.zeros(self.rows_used, bool), np.zeros(self.rows_used, bool)
        if self.program.root >= 0:
            cleared[self.place[self.stands[self.flat.slot[self.program.root]]]] = True
        for row, slots in reversed(list(zip(rows, self.targets))):
            if not row[codes.LANES]:
                continue
            out = self._span(row)
            cleared[out[~touched[out]]] = True
            touched[out] = True
            for block, everywhere in reversed(slots):
                places = everywhere[everywhere >= self.edge]
                if not row[block + codes.WANTED] or not len(places):
                    continue
                distinct = np.unique(places)
                tiles = (
                    block == B and self._tiled(row) and len(distinct) == row[codes.ENTRIES] * row[codes.OUTER]
                )
                alone = len(distinct) == len(places) or tiles
                others = [p for other, p in slots if other != block and row[other + codes.WANTED]]
                alone = alone and not any(np.isin(p, distinct).any() for p in others)
                # a pick sends to one of its operands only, so it cannot begin them all
                if alone and row[codes.CODE] != codes.PICK and not touched[distinct].any():
                    row[block + codes.WANTED] = codes.FRESH
                else:
                    cleared[distinct[~touched[distinct]]] = True
                touched[distinct] = True
        return _spans(np.flatnonzero(cleared[self.edge :]) + self.edge)

    def _tiled(self, row: Any) -> bool:
        """Whether the register tiles take a dot: what `lane_kernels.tiled` asks."""
        a, b, c = row[A : A + BLOCK], row[B : B + BLOCK], row[C : C + BLOCK]
        return bool(
            row[codes.CODE] == codes.DOT
            and a[codes.INDEXED] + b[codes.INDEXED] == 0
            and b[codes.I] == 0
            and (b[codes.J] != 0 or row[codes.ENTRIES] == 1)
            and a[codes.START] < self.edge <= b[codes.START]
            and (c[codes.START] < 0 or (not c[codes.INDEXED] and c[codes.START] < self.edge))
        )

    def _span(self, row: Any) -> Any:
        return row[codes.OUT] + np.arange(row[codes.ROWS] * row[codes.OUTER])

    def _period(self, row: Any, tables: Sequence[Any], count: int) -> int:
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

    def _operand(self, block: Any, places: Any, inner: int, runs: bool) -> None:
        start, outer_step, step, entry_step = _steps(places, inner)
        one_side = places.min() >= self.edge or places.max() < self.edge
        if one_side and (not runs or step in (0, 1)) and _fits(places, inner):
            block[codes.START], block[codes.U], block[codes.I], block[codes.J] = (
                start,
                outer_step,
                step,
                entry_step,
            )
            return
        block[codes.INDEXED], block[codes.START] = 1, self.listed
        self.index.append(places.ravel())
        self.listed += places.size


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


def _spans(rows: Any) -> Any:
    """Sorted rows as pairs (first, one past the last) of what is consecutive."""
    if not len(rows):
        return np.zeros(0, np.int64)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    return np.stack([rows[np.r_[0, breaks + 1]], rows[np.r_[breaks, len(rows) - 1]] + 1], 1).ravel()
