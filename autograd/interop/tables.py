"""A program of many small steps as one table, for a library that compiles what it is given.

XLA needs some milliseconds for every op, and results that come in twos and threes from anywhere are hundreds
of slices, side by side and cut again, twice as many for the gradient: a graph of 4,000 nodes took it minutes.
Here such a program is rows of `WIDTH` results each in one memory: a loop over them is compiled once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.interop.arrays import NAMES, Arrays, Operand, Reader, Step, arrays_of
from autograd.interop.grids import HARMLESS, OPERANDS, UNFIT, Known
from autograd.interop.naming import Tensor
from autograd.interop.signature import Signature
from autograd.interop.views import Array, View
from autograd.replay.capture.variant import Variant
from autograd.replay.passes import codes
from autograd.value import Value

WIDTH = 16  # results of a row; steps of fewer are small
MANY = 60  # steps, most of them small, from which on a program is a table
FITTING = HARMLESS, 2.0  # what the rest of a row is computed from; the second for ops that are `UNFIT`


class RowTable(NamedTuple):
    """Rows of results in a memory that begins with everything they are made of.

    Attributes:
        ops: pairs (name, number of operands), up to three.
        starts: where a row's results lie; the rest of its `WIDTH` is overwritten by the rows after it.
        kinds: which of the ops makes it.
        places: of its operands, (rows, 3, WIDTH).
    """

    ops: list[tuple[str, int]]
    starts: Any
    kinds: Any
    places: Any


def compact_arrays_of(
    variant: Variant, leaves: Sequence[Value], tensors: Sequence[Tensor], signature: Signature
) -> Arrays:
    """A variant in arrays, as a table where it has many small steps.

    Raises:
        UnsupportedError: as `arrays_of`.
    """
    found = arrays_of(variant, leaves, tensors, signature)
    sizes = [step.result.size for step in found.steps]
    if len(sizes) <= MANY or np.median(sizes) >= WIDTH:
        return found
    return CompactReader(variant, leaves, tensors, signature).read()


class CompactReader(Reader):
    """Reads a tape into one table: lists of operands become halves that are added, again and again."""

    def _steps(self) -> None:
        picked = [row[codes.ENTRIES] for row in self.tape.rows if row[codes.CODE] == codes.PICK]
        numbers = np.array([*FITTING, np.inf, *range(max([2, *picked]))], float)
        filler = Array("filler", (len(numbers),))
        self.found.constants.append((filler, numbers))
        self._filler = self.known.add(filler)
        self._infinite = self._filler + len(FITTING)
        self._numbers = self._infinite + 1
        arrays = tuple(self.known.arrays)
        begin = self._end = self._filler + filler.size
        self._ops: dict[tuple[str, int], int] = {}
        self._rows: list[tuple[int, int, Any]] = []
        for row in self.tape.rows:
            tables = [self._table(row, block) for block in OPERANDS]
            made = self._row(NAMES[int(row[codes.CODE])], [self.address[t] for t in tables if t is not None])
            self.address[int(row[codes.OUT]) + np.arange(len(made))] = made
        memory = Array("memory", (self._end + WIDTH,), any(x.wide for x in arrays))
        self.known = Known()
        self.known.add(memory)
        table = RowTable([*self._ops], *map(np.array, zip(*self._rows)))
        before = Operand(View(arrays, shape=(begin,)), (0,))
        self.found.steps.append(Step("table", memory.shape, 0, (before,), memory, table))

    def _row(self, op: str, tables: Sequence[Any]) -> Any:
        """The addresses of the results of one row of the tape."""
        first = tables[0]
        if op == "dot":
            total = self._total(self._made("mul", first, tables[1]))
            return self._made("add", total, tables[2][:, 0]) if len(tables) > 2 else total
        if op == "sum":
            return self._total(first)
        if op == "logsumexp":  # the highest are counted, and have their slope: a small rest keeps its digits
            top = self._made("stop", self._total(first, "maximum"))
            finite = self._made("lt", self._made("abs", top), self._infinite)
            top = self._made("where", finite, top, self._numbers)
            highest = self._made("eq", first, top[:, None])
            powers = self._made("exp", self._made("sub", first, top[:, None]))
            rest = self._total(self._made("sub", powers, highest))
            more = self._made("sub", self._total(highest), self._numbers + 1)
            return self._made("add", self._made("log1p", self._made("add", rest, more)), top)
        if op == "pick":
            here = self._made("eq", tables[1], self._numbers + np.arange(first.shape[1]))
            return self._total(self._made("where", here, first, self._numbers))
        return self._made(op, *[table[:, 0] for table in tables])

    def _made(self, op: str, *operands: Any) -> Any:
        """The addresses of new results, one for each of the operands' places."""
        filled = np.broadcast_arrays(*operands)
        count = filled[0].size
        rest = -count % WIDTH
        spare = self._filler + (op in UNFIT)
        padded = [np.pad(x.ravel(), (0, rest), constant_values=spare) for x in filled]
        places = np.array([*padded, *[padded[0]] * (3 - len(padded))]).reshape(3, -1, WIDTH)
        kind = self._ops.setdefault((op, len(padded)), len(self._ops))
        self._rows += [(self._end + k * WIDTH, kind, places[:, k]) for k in range(places.shape[1])]
        self._end += count
        return (self._end - count + np.arange(count)).reshape(filled[0].shape)

    def _total(self, table: Any, op: str = "add") -> Any:
        """The addresses of what each row of a table comes to."""
        while (width := table.shape[1]) > 1:
            half = width // 2
            table = np.concatenate(
                [self._made(op, table[:, :half], table[:, half : 2 * half]), table[:, 2 * half :]], 1
            )
        return table[:, 0]
