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
from autograd.replay.jit import suited
from autograd.replay.ops import NATIVE, Vocabulary
from autograd.replay.passes import codes, tidy
from autograd.replay.passes.codes import BLOCK, A, B, C
from autograd.replay.passes.grouping import Instructions, grouped
from autograd.replay.passes.lowering import Flat, lower
from autograd.replay.passes.places import Places
from autograd.replay.passes.rows import Rows

LEAF = tidy.LEAF
FEW = 8  # terms of a sum that are better added one by one in groups of additions, outside batches


@dataclass
class Tape:
    """What the executors run.

    Rows `0 .. edge` of memory hold one number each: parameters first, then other leaves, constants and what
    depends on these alone. Rows from `edge` on hold one number per sample, in a batch `lanes` of them.
    """

    rows: Any  # (instructions, COLUMNS)
    index: Any
    second: int  # where in the index the second operands of single numbers begin; the first begin at 0
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
    parameters: int = 0,
    words: Vocabulary = NATIVE,
) -> Tape:
    """All passes: a program becomes a tape.

    Args:
        program: what was recorded.
        known: for each leaf, whether its number never changes.
        varying: leaves that differ from sample to sample (nothing: a program without a batch).
        wanted: leaves whose gradient is wanted.
        first: leaves whose numbers come first in memory, in this order (the parameters).
        parameters: so many of these may lie apart from the rest: no operand's places step across.
        words: the codes that there are.

    Raises:
        UnsupportedError: an op has no code.
    """
    flat = lower(program, known, words)
    instructions, stands = _tidied(program, flat, varying, wanted)
    _order_commutative(instructions)
    places = Places(instructions, *grouped(instructions), varying, first)
    made = Rows(instructions, places, parameters)
    numbers = np.zeros(places.free)
    numbers[places.place[places.leaves]] = flat.number[places.leaves]
    place = places.place[stands[flat.slot]].astype(np.int32)
    root = int(place[program.root]) if program.root >= 0 else -1
    return Tape(
        rows=made.rows,
        index=made.index,
        second=made.second,
        place=place,
        start=numbers,
        edge=places.edge,
        count=places.rows,
        shared=places.shared,
        root=root,
        clear=begin_rows(made.rows, made.targets, places.rows, places.edge, root),
    )


def _tidied(
    program: Program, flat: Flat, varying: Sequence[int], wanted: Sequence[int]
) -> tuple[Instructions, Any]:
    """The instructions after the passes of `tidy`, and for each flat slot the one that stands for it."""
    code, start, operand = flat.code, flat.start, flat.operand

    def loop(function: Any) -> Any:
        return suited(function, len(code) + len(operand))

    stands = loop(tidy.fold)(code, start, operand, flat.known, flat.number)
    stands = loop(tidy.merge)(code, start, operand)[stands]
    keep = stands[flat.slot[[s for s in (program.root, *program.outputs) if s >= 0]]]
    uses = loop(tidy.uses_of)(code, start, operand, keep)
    marks = np.zeros((2, len(code)), bool)
    marks[0, list(varying)] = marks[1, list(wanted)] = True
    varies = loop(tidy.spread)(code, start, operand, marks[0], False)
    few = 0 if varies[(code != LEAF) & (uses > 0)].any() else FEW
    start, operand = loop(tidy.fuse)(code, start, operand, uses, flat.one, flat.minus_one, few)
    code = np.where((uses > 0) | (code == LEAF), code, LEAF)  # what nothing uses is gone
    uses = loop(tidy.uses_of)(code, start, operand, keep)
    wants = loop(tidy.spread)(code, start, operand, marks[1], True)
    if program.root >= 0:
        wants &= loop(tidy.reached)(code, start, operand, stands[flat.slot[program.root]])
    return Instructions(code, start, operand, uses, varies, wants), stands


def _order_commutative(program: Instructions) -> None:
    """Shared operands of + and * and of a dot's pairs go first, so that fewer kinds of groups arise."""
    start, operand, varies = program.start, program.operand, program.varies
    if not varies.any():
        return
    both = program.made[np.isin(program.code[program.made], (codes.ADD, codes.MUL))]
    a, b = start[both], start[both] + 1
    swap = varies[operand[a]] & ~varies[operand[b]]
    operand[a[swap]], operand[b[swap]] = operand[b[swap]], operand[a[swap]].copy()
    for s in program.made[program.code[program.made] == codes.DOT]:
        n = (start[s + 1] - start[s]) // 2
        left, right = operand[start[s] : start[s] + n], operand[start[s] + n : start[s] + 2 * n]
        swap = varies[left] & ~varies[right]
        left[swap], right[swap] = right[swap], left[swap].copy()


def begin_rows(rows: Any, targets: Any, count: int, edge: int, root: int) -> Any:
    """Mark operands whose rows nothing has flowed to before; returns the other rows, to be cleared.

    Args:
        rows: the tape's rows; the marks go into their operands' WANTED.
        targets: for each row pairs (block, places of its operands); nothing for rows of single numbers.
        count: rows of memory.
        edge: the first of them that belongs to samples.
        root: the row of the result, or -1.

    Returns:
        Pairs (first row, one past the last).
    """
    touched, cleared = bytearray(count), bytearray(count)
    if root >= 0:
        cleared[root] = True
    for r in np.flatnonzero(rows[:, codes.LANES])[::-1].tolist():
        row = rows[r]
        out = int(row[codes.OUT])
        for y in range(out, out + int(row[codes.ROWS] * row[codes.OUTER])):
            cleared[y] |= not touched[y]
            touched[y] = True
        sent = [(b, everywhere.tolist()) for b, everywhere in targets[r] if row[b + codes.WANTED]]
        for block, everywhere in reversed(sent):
            places = [p for p in everywhere if p >= edge]
            distinct = set(places)
            if not distinct:
                continue
            alone = len(distinct) == len(places) or (
                block == B and len(distinct) == row[codes.ENTRIES] * row[codes.OUTER] and _tiled(row, edge)
            )
            alone = alone and all(distinct.isdisjoint(p) for other, p in sent if other != block)
            # a pick sends to one of its operands only, so it cannot begin them all
            if alone and row[codes.CODE] != codes.PICK and not any(map(touched.__getitem__, distinct)):
                row[block + codes.WANTED] = codes.FRESH
            else:
                for p in distinct:
                    cleared[p] |= not touched[p]
            for p in distinct:
                touched[p] = True
    return _spans(np.flatnonzero(np.frombuffer(cleared, bool)[edge:]) + edge)


def _tiled(row: Any, edge: int) -> bool:
    """Whether the register tiles take a dot: what `dots.tiled` asks."""
    a, b, c = row[A : A + BLOCK], row[B : B + BLOCK], row[C : C + BLOCK]
    return bool(
        row[codes.CODE] == codes.DOT
        and a[codes.INDEXED] + b[codes.INDEXED] == 0
        and b[codes.I] == 0
        and (b[codes.J] != 0 or row[codes.ENTRIES] == 1)
        and a[codes.START] < edge <= b[codes.START]
        and (c[codes.START] < 0 or (not c[codes.INDEXED] and c[codes.START] < edge))
    )


def _spans(rows: Any) -> Any:
    """Sorted rows as pairs (first, one past the last) of what is consecutive."""
    if not len(rows):
        return np.zeros(0, np.int64)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    return np.stack([rows[np.r_[0, breaks + 1]], rows[np.r_[breaks, len(rows) - 1]] + 1], 1).ravel()
