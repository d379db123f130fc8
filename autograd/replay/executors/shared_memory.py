"""Programs side by side on one memory: the parameters once, then each program's own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.replay.capture.variant import Variant
from autograd.replay.kernels.records import Memory
from autograd.replay.ops import CODES, COMMON
from autograd.replay.passes import codes
from autograd.replay.passes.codes import (
    CODE,
    COLUMNS,
    ENTRIES,
    INDEXED,
    LISTED,
    RECORD,
    ROWS,
    START,
    STARTS,
    STRIDE,
    SUM,
    WANTED,
    A,
    B,
    C,
    J,
)
from autograd.replay.passes.places import LINE
from autograd.replay.passes.tape import Tape

OF_LISTS = (codes.DOT, SUM, codes.LOGSUMEXP)
SHORT = 32  # regular groups of fewer results are runs too
GUARD_CODES = {name: CODES[name] for name in ("gt", "ge", "eq")}


PAGE = 512  # numbers


def zeros(count: int) -> Any:
    """Zeros that begin where a line of the cache does, or each load of eight numbers would touch two."""
    room = np.zeros(count + LINE)
    begin = -room.ctypes.data % (8 * LINE) // 8
    return room[begin : begin + count]


def pair_of_zeros(count: int) -> tuple[Any, Any]:
    """Two `zeros` half a page out of step: a number and its gradient have different places in their pages.

    Were the places the same, a processor would take a load for one of what was just stored.
    """
    apart = -(-count // PAGE) * PAGE + PAGE // 2
    room = zeros(apart + count)
    return room[:count], room[apart:]


@dataclass
class ProgramPart:
    """A program among those that share a memory.

    With `lanes`, samples lie side by side, and what does not depend on them runs once per batch; without (0),
    one sample after the other goes through the whole tape.
    """

    variant: Variant
    tape: Tape
    lanes: int
    inputs: Sequence[int] = ()  # slots that are filled from samples
    shift: int = 0  # what is added to addresses that are no parameters'
    own: int = 0  # the first of these

    def address(self, row: int) -> int:
        """Where a row of the tape lies in memory."""
        edge, lanes = self.tape.edge, max(1, self.lanes)
        place = int(row if row < edge else edge + (row - edge) * lanes)
        return place if place < self.own else place + self.shift

    def addresses(self, slots: Sequence[int]) -> list[int]:
        """Where slots of the program lie in memory."""
        return [self.address(self.tape.place[slot]) for slot in slots]

    @property
    def size(self) -> int:
        """Numbers in memory, parameters included."""
        return self.tape.edge + (self.tape.count - self.tape.edge) * max(1, self.lanes)

    def moved(self, places: Any) -> Any:
        """Addresses of the tape, where they are in this memory."""
        return np.where(places >= self.own, places + self.shift, places).astype(places.dtype)

    def guards(self) -> list[int]:
        """Five numbers per guard, see `Memory`."""
        leaves, found = len(self.variant.program.leaves), []
        for code, left, right, outcome, _ in self.variant.guards:
            found += [GUARD_CODES[code], *self.addresses((left, right)), outcome]
            found.append(left < leaves and right < leaves)
        return found


def lay_out(parts: Sequence[ProgramPart], parameters: int) -> Memory:
    """Tapes one behind the other, and the table that says where each begins.

    Args:
        parts: the programs.
        parameters: so many numbers come first and belong to all of them.
    """
    tapes: list[Any] = []
    index = np.zeros(0, np.int32)
    spans: list[int] = []
    outputs: list[int] = []
    guards: list[int] = []
    table = np.zeros((len(parts), codes.FIELDS), np.int64)
    row = shift = 0
    for part, field in zip(parts, table):
        part.own, part.shift = parameters, shift
        rows, shared, clear, index = _moved(part, index)
        own, end = parameters + shift, part.size + shift
        inputs = part.addresses(part.inputs)
        field[codes.ROW_SHARED] = row
        once = shared * STRIDE if part.lanes else 0
        field[codes.ROW], field[codes.ROW_END] = row + once, row + rows.size
        row += rows.size
        field[codes.SPAN] = len(spans)
        # without lanes all that is not a parameter's is begun anew for each sample
        spans += part.moved(clear).tolist() if part.lanes else [own, end]
        field[codes.SPAN_END] = len(spans)
        field[codes.GUARDED] = len(guards)
        guards += part.guards()
        field[codes.GUARDED_END] = len(guards)
        field[codes.OWN], field[codes.EDGE] = own, part.tape.edge + shift
        field[codes.BREADTH] = max(1, part.lanes)
        field[codes.INPUT], field[codes.INPUTS] = len(index), len(inputs)
        field[codes.OUTPUT] = len(outputs)
        outputs += part.addresses(part.variant.outputs)
        field[codes.ROOT] = part.address(part.tape.root) if part.tape.root >= 0 else -1
        tapes.append(rows.ravel())
        index = np.concatenate([index, np.array([*inputs, *[0] * LINE], np.int32)])
        shift = max(len(index), end - parameters + LINE)  # a chunk of eight may end past the end
        shift = -(-shift // LINE) * LINE
    values, gradients = pair_of_zeros(end + LINE)
    first = parts[0].tape
    if np.array_equal(first.index, index[: len(first.index)]):
        first.index = index[: len(first.index)]  # of a million nodes one such list is enough
    for part in parts:
        places = np.arange(len(part.tape.start))
        values[part.moved(places)] = part.tape.start
    return Memory(
        table=table.ravel(),
        tape=np.concatenate(tapes),
        index=index,
        spans=np.array(spans, np.int64),
        guards=np.array(guards, np.int64),
        outputs=np.array(outputs, np.int64),
        values=values,
        gradients=gradients,
    )


def _moved(part: ProgramPart, index: Any) -> tuple[Any, int, Any, Any]:
    """A part's rows, how many do not depend on the sample, and the pairs to clear, all of them shifted.

    Last comes the index with its lists, shifted alike, as runs want it.
    """
    tape, shift = part.tape, part.shift
    rows, lists, clear = tape.for_lanes(max(1, part.lanes))
    gap = np.zeros(shift - len(index), np.int32)
    index = np.concatenate([index, gap, part.moved(lists)])
    rows[:, codes.OUT] = part.moved(rows[:, codes.OUT])
    for block in (A, B, C):  # an operand lies among the parameters or apart from them as a whole
        start, direct = rows[:, block + START], rows[:, block + INDEXED] == 0
        rows[:, block + START] = np.where(direct, part.moved(start), start + shift)
    shared, index = with_runs(rows[: tape.shared], index, tape.second)
    rows = np.concatenate([shared, rows[tape.shared :]], dtype=np.int64)  # of what is left
    index = with_starts(rows, index)
    return np.pad(rows, ((0, 0), (0, STRIDE - COLUMNS))), len(shared), clear, index


def with_starts(rows: Any, index: Any) -> Any:
    """The index with starts added where lists of rows step evenly; these rows are changed to point to them.

    Args:
        rows: rows as the kernels get them; those of samples side by side stay as they are.
        index: what their lists stand in.
    """
    added: list[Any] = []
    end = len(index)
    listed = (rows[:, A + INDEXED] == LISTED) | (rows[:, B + INDEXED] == LISTED)
    for r in np.flatnonzero(np.isin(rows[:, CODE], OF_LISTS) & (rows[:, codes.LANES] == 0) & listed):
        row = rows[r]
        results, entries = int(row[ROWS] * row[codes.OUTER]), int(row[ENTRIES])
        for block in (A, B):
            if row[block + INDEXED] != LISTED:
                continue
            begin = int(row[block + START])
            places = index[begin : begin + results * entries].reshape(results, entries)
            step = int(places[0, 1] - places[0, 0]) if entries > 1 else 0
            if (places == places[:, :1] + step * np.arange(entries)).all():
                row[block + INDEXED], row[block + J], row[block + START] = STARTS, step, end
                added.append(places[:, 0])
                end += results
    return np.concatenate([index, *added]).astype(index.dtype)


def with_runs(rows: Any, index: Any, second: int) -> tuple[Any, Any]:
    """Rows and index of a tape where small groups have become runs.

    A row of runs holds in START of A where its records begin, in ROWS how many there are, and in ENTRIES
    `second`.
    """
    runs, records = _records(rows)
    if not runs.any():
        return rows, index
    ends = np.flatnonzero(np.diff(runs, append=False)) + 1  # where stretches of either kind end
    ends = ends[runs[ends - 1]]
    begins = np.flatnonzero(runs & ~np.append(False, runs[:-1]))
    there = ~runs
    there[begins] = True
    kept, made = rows[there], np.cumsum(there)[begins] - 1
    kept[made] = 0
    kept[made, CODE], kept[made, ENTRIES], kept[made, ROWS] = codes.RUNS, second, ends - begins
    kept[made, A + START] = len(index) + RECORD * (np.cumsum(runs)[begins] - 1)
    return kept, np.concatenate([index, records.astype(np.int32).ravel()])


def _records(rows: Any) -> tuple[Any, Any]:
    """Which rows serve better as records, and these."""
    code, count = rows[:, CODE], rows[:, ROWS] * rows[:, codes.OUTER]
    listed = (rows[:, A + INDEXED] != 0) | (rows[:, B + INDEXED] != 0)
    numbers = (rows[:, codes.LANES] == 0) & (rows[:, C + START] < 0)
    sums = numbers & (code == SUM) & listed & (count == 1) & (rows[:, A + WANTED] != 0)
    runs = sums | (numbers & np.isin(code, [*COMMON]) & (listed | (count < SHORT)))
    wanted = np.where(rows[:, A + WANTED], 1, 0) + np.where(rows[:, B + WANTED], 2, 0)
    third, fourth = np.where(sums, rows[:, ENTRIES], count), np.where(sums, rows[:, A + START], wanted)
    return runs, np.stack([code, rows[:, codes.OUT], third, fourth], 1)[runs]
