"""A recorded program in arrays: what every export is written from.

A tape says for each group of results where its operands lie in one memory. Here the memory falls apart into
named arrays (the parameters by their own names and shapes, the inputs, the constants, one array for each
group of results), and every operand is said as a view of these: an array as it is, a slice, a transpose, a
few arrays side by side, and where nothing shorter is true a gather by an index.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.interop.asked import guards_of, places_of, start_of
from autograd.interop.grids import HARMLESS, OPERANDS, Known, rows_alike, stacked
from autograd.interop.naming import Tensor
from autograd.interop.signature import Signature
from autograd.interop.views import Array, View, gathered, view_of
from autograd.interop.vocabulary import WORDS
from autograd.replay.capture.variant import Variant
from autograd.replay.executors.arranged_variant import arranged
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B
from autograd.value import Value

NAMES = {number: name for name, number in WORDS.codes.items()}
MOST_PIECES = 16  # arrays side by side in one view; more are gathered
SHORT = 4  # entries of a list of products that may be written one by one
MOST_RUNS, LEAST_RUN = 4, 4  # slices of one array side by side, and so many rows of each on average


@dataclass(frozen=True, eq=False)
class Operand:
    """A view and the axes of the step that it has; along the others it is the same everywhere.

    Attributes:
        mask: where it is not asked for, `fill` stands in its place; None: it is everywhere.
    """

    view: View
    axes: tuple[int, ...]
    mask: Any = None
    fill: float = 0.0


@dataclass(frozen=True, eq=False)
class Step:
    """One group: `op` on operands, with the axes of its results, and for lists the axis that goes away.

    Attributes:
        op: the name of an op with a code.
        axes: sizes of the results' axes; their product is the size of `result`.
        entries: how many each result is made of, for `dot`, `sum`, `logsumexp` and `pick`; else 0. It is the
            axis after the last of `axes`.
        operands: one per operand; `dot` has two or three (what is added), `pick` its list and the number.
        result: the array it fills.
        table: of "table", whose operand is what its rows are made of: see `tables.RowTable`.
    """

    op: str
    axes: tuple[int, ...]
    entries: int
    operands: tuple[Operand, ...]
    result: Array
    table: Any = None

    @property
    def wide(self) -> bool:
        """Whether it is computed for each sample."""
        return self.result.wide


@dataclass(frozen=True)
class Guard:
    """A condition under which the program stands: `left code right` is `outcome`, at `line`."""

    code: str
    left: View
    right: View
    outcome: bool
    line: str


@dataclass
class Arrays:
    """A variant, ready to be written for others.

    Attributes:
        tensors: the parameters, in the order of `parameters`.
        parameters, inputs: arrays, those of the arguments in the order of the signature.
        numbers: what the parameters hold at the moment, in their shapes.
        examples: for each input what it was while recording.
        constants: pairs (array, its numbers).
        steps: in the order of execution.
        loss: the result, as a view of one number.
        guards: in the order in which the function asked.
    """

    tensors: list[Tensor]
    parameters: list[Array]
    inputs: list[Array]
    numbers: list[Any]
    examples: list[Any] = field(default_factory=list)
    constants: list[tuple[Array, Any]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    loss: View = field(default_factory=View)
    guards: list[Guard] = field(default_factory=list)


def arrays_of(
    variant: Variant, leaves: Sequence[Value], tensors: Sequence[Tensor], signature: Signature
) -> Arrays:
    """A variant in arrays.

    Args:
        variant: what was recorded.
        leaves: the parameters.
        tensors: their names and shapes.
        signature: the arrays among the arguments.

    Raises:
        UnsupportedError: an op has no code; the message is its name.
    """
    return Reader(variant, leaves, tensors, signature).read()


class Reader:
    """Reads a tape into arrays."""

    def __init__(
        self, variant: Variant, leaves: Sequence[Value], tensors: Sequence[Tensor], signature: Signature
    ) -> None:
        self.variant, self.tape, self.leaves = variant, arranged(variant, True, WORDS).tape, leaves
        # for each place of the tape where it lies among all arrays; two more are what lists are filled with
        self.address = np.full(self.tape.count + 3, -1, np.int64)
        self._pads: dict[str, int] = {}
        self.known = Known()
        places = places_of(variant, self.tape, leaves)
        parameters = [self._array(Array(t.name, t.shape), places[t.index.ravel()]) for t in tensors]
        given = self.tape.place[list(variant.given)].astype(np.int64)
        recorded = np.array(variant.program.recorded)[list(variant.given)]
        inputs, examples, begin = [], [], 0
        for x in signature.inputs:
            array = Array(x.name, x.shape, wide=True)
            examples.append(recorded[begin : begin + array.size].reshape(x.shape))
            inputs.append(self._array(array, given[begin : begin + array.size]))
            begin += array.size
        now = np.array([leaf.data for leaf in leaves])
        self.found = Arrays(list(tensors), parameters, inputs, [now[t.index] for t in tensors], examples)

    def read(self) -> Arrays:
        """All of it."""
        found = self.found
        self._constants()
        self._steps()
        found.loss = self._number(self.tape.place[self.variant.program.root])
        found.guards = [
            Guard(code, self._number(left), self._number(right), outcome, line)
            for code, left, right, outcome, line in guards_of(self.variant, self.tape, self.leaves)
        ]
        return found

    def _steps(self) -> None:
        for rows in rows_alike(self.tape.rows, self._table):
            self._read(rows)

    def _own(self, array: Array, places: Any, offsets: Any = None) -> int:
        """One more array, whose numbers are those at these places of the tape; the first one's address."""
        begin = self.known.add(array)
        if places is not None:
            free = (places >= 0) & (self.address[places] < 0)  # an input may be a parameter too
            numbers = np.arange(len(places)) if offsets is None else offsets
            self.address[places[free]] = begin + numbers[free]
        return begin

    def _array(self, array: Array, places: Any) -> Array:
        self._own(array, places)
        return array

    def _constants(self) -> None:
        """Everything else that lies there before the first step: one array."""
        numbers = start_of(self.variant, self.tape)
        free = np.flatnonzero(self.address[: len(numbers)] < 0)
        if len(free):
            array = self._array(Array("constants", (len(free),)), free)
            self.found.constants.append((array, numbers[free]))

    def _number(self, place: int) -> View:
        return self._view(self.address[[place]])

    # -- a row of the tape --------------------------------------------------------------------------------

    def _read(self, rows: Sequence[Any]) -> None:
        row, code = rows[0], int(rows[0][codes.CODE])
        entries = max(int(one[codes.ENTRIES]) for one in rows)
        pad = self._padding(code) if len(rows) > 1 else 0
        found = [[self._table(one, block) for one in rows] for block in OPERANDS]
        filled = [stacked(parts, pad) for parts in found if parts[0] is not None]
        tables = [self.address[table] for table in filled]
        count, wide, masks = len(tables[0]), bool(row[codes.LANES]), [None] * len(tables)
        places, grid = int(row[codes.OUT]) + np.arange(count), None
        if count == 1 and code in (codes.DOT, codes.SUM):  # a sum may go in the order in which the arrays lie
            by = np.argsort(tables[0][0], kind="stable")
            tables = [table[:, by] if table.shape[1] == len(by) else table for table in tables]
        if pad:
            tables, masks = self.known.continued(tables, [table == pad for table in filled])
        elif wide and (code == codes.DOT or code < codes.LISTS):
            grid = self.known.grid(NAMES[code], tables)
            tables, masks = (grid.tables, grid.masks) if grid else (tables, masks)
        if code == codes.DOT and not pad and not grid and entries <= SHORT and self._mixed(tables):
            columns = [[table[:, [j % table.shape[1]]] for table in tables[:2]] for j in range(entries)]
            first, *others = [self._step("mul", pair, wide) for pair in columns] + tables[2:]
            for k, other in enumerate(others):
                last = places if k == len(others) - 1 else None
                first = self._step("add", [first, other], wide, last)
            return
        fill = -np.inf if code == codes.LOGSUMEXP else 0.0 if code == codes.DOT else HARMLESS
        entries = entries if code >= codes.LISTS else 0
        self._step(NAMES[code], tables, wide, places, masks, entries, fill, grid)

    def _step(
        self,
        op: str,
        tables: Sequence[Any],
        wide: bool,
        places: Any = None,
        masks: Sequence[Any] = (),
        entries: int = 0,
        fill: float = 0.0,
        grid: Any = None,
    ) -> Any:
        """One more step; the addresses of its results, which are asked for at these places of the tape."""
        axes = _axes(tables, len(tables[0]))
        if not entries and len(axes) == 1:
            axes = self._same_shape(tables) or axes
        masks = masks or [None] * len(tables)
        operands = tuple(self._operand(table, axes, mask, fill) for table, mask in zip(tables, masks))
        result = Array(f"v{len(self.known.arrays)}", axes, wide)
        begin = self._own(result, places, grid and grid.places)
        if grid:
            self.known.grids[result] = grid
        self.found.steps.append(Step(op, axes, entries, operands, result))
        return begin + np.arange(result.size)[:, None]

    def _mixed(self, tables: Sequence[Any]) -> bool:
        """Whether a short list of products is a gather as a whole, and views entry by entry."""
        whole = [self._view(table) for table in tables[:2] if table.shape[1] > 1]
        parts = [self._view(table[:, j]) for table in tables[:2] for j in range(table.shape[1])]
        return any(x.index is not None for x in whole) and all(x.index is None for x in parts)

    def _padding(self, code: int) -> int:
        """The place of what adds nothing to a sum of products, or to one of exponentials."""
        name, number = ("minus_infinity", -np.inf) if code == codes.LOGSUMEXP else ("nothing", 0.0)
        if name not in self._pads:
            self._pads[name] = self.tape.count + 1 + len(self._pads)
            array = self._array(Array(name, (1,)), np.array([self._pads[name]]))
            self.found.constants.append((array, np.array([number])))
        return self._pads[name]

    def _same_shape(self, tables: Sequence[Any]) -> tuple[int, ...]:
        """The shape of an operand that is a whole array: what is done entry by entry has it too."""
        for table in tables:
            owner, offset = self.known.find(table[:, 0])
            array = self.known.arrays[int(owner[0])]
            if (owner == owner[0]).all() and array.size == len(table) and (np.diff(offset) == 1).all():
                return array.shape
        return ()

    def _table(self, row: Any, block: int) -> Any:
        """The places of an operand's entries: (results, entries)."""
        part = row[block : block + codes.BLOCK]
        start = int(part[codes.START])
        if start == codes.ABSENT:
            return None
        inner, outer = int(row[codes.ROWS]), int(row[codes.OUTER])
        code = int(row[codes.CODE])
        full = code >= codes.LISTS and (block == A or (block == B and code == codes.DOT))
        entries = int(row[codes.ENTRIES]) if full else 1
        j = np.arange(entries)
        if part[codes.INDEXED]:
            steps = part[codes.INDEXED] == codes.STARTS
            width = 1 if steps else entries
            listed = self.tape.index[start : start + outer * inner * width].astype(np.int64)
            table = listed.reshape(-1, width)
            return table + int(part[codes.J]) * j if steps else table
        u, i = np.divmod(np.arange(outer * inner), inner)
        first = start + u * int(part[codes.U]) + i * int(part[codes.I])
        return first[:, None] + int(part[codes.J]) * j

    def _operand(self, table: Any, axes: tuple[int, ...], mask: Any, fill: float) -> Operand:
        """The view of a table with an axis where it changes along it."""
        cube = table.reshape(*axes, table.shape[1])
        shown = None if mask is None else mask.reshape(cube.shape)
        kept = []
        for k in range(cube.ndim):
            same = shown is None or (shown == shown.take([0], k)).all()
            if cube.shape[k] > 1 and not (same and (cube == cube.take([0], k)).all()):
                kept.append(k)
            else:
                cube = cube.take([0], k)
            shown = shown.take([0], k) if shown is not None and same else shown
        view = self._view(cube.reshape([cube.shape[k] for k in kept] or [1]))
        if shown is None:
            return Operand(view, tuple(kept))
        return Operand(view, tuple(kept), shown.reshape([shown.shape[k] for k in kept] or [1]), fill)

    # -- places as views ----------------------------------------------------------------------------------

    def _view(self, addresses: Any) -> View:
        owners, offset = self.known.find(addresses)
        distinct = np.unique(owners)
        one = len(distinct) == 1 and view_of(self.known.arrays[int(distinct[0])], offset)
        pieces = self._pieces(owners, addresses, one) if not one or one.index is not None else ()
        if pieces:
            return View(shape=addresses.shape, pieces=pieces)
        if one:
            return one
        arrays = [self.known.arrays[int(k)] for k in distinct]
        sizes = np.cumsum([0, *[x.size for x in arrays]])
        begins = dict(zip(distinct.tolist(), sizes.tolist()))
        index = offset + np.vectorize(begins.get)(owners)
        return gathered(tuple(arrays), index)

    def _pieces(self, owners: Any, addresses: Any, one: Any) -> tuple[View, ...]:
        """Views side by side, where their first axis falls into few of them; () where it does not."""
        rows = addresses.reshape(len(addresses), -1)
        owner = owners.reshape(rows.shape)
        if not one:
            alone = (owner == owner[:, :1]).all()
            cuts = np.flatnonzero(np.diff(owner[:, 0])) + 1
            most = MOST_PIECES
        else:
            alone, most = True, min(MOST_RUNS, len(rows) // LEAST_RUN)
            cuts = np.flatnonzero((np.diff(rows, axis=0) != rows[1:2] - rows[:1]).any(1)) + 1
        if not alone or not 0 < len(cuts) < most:
            return ()
        found = tuple(self._view(addresses[a:b]) for a, b in itertools.pairwise([0, *cuts, len(rows)]))
        return () if one and any(x.index is not None for x in found) else found


def _axes(tables: Sequence[Any], count: int) -> tuple[int, ...]:
    """The loops that a group once was: axes along which all operands' places go in even steps."""
    tables = [table for table in tables if len(table)]
    sizes: list[int] = []
    while count > 1:
        inner = count
        for table in tables:
            if count > 2:
                steps = np.diff(table, axis=0)
                broken = np.flatnonzero((steps != steps[0]).any(1))
                if len(broken):
                    inner = min(inner, int(broken[0]) + 1)
        if inner == count or inner == 1 or count % inner:
            again = _repeated(tables, count)
            before = [count // again] if count > again else []
            return (*before, again, *sizes) if again > 1 else (count, *sizes)
        cubes = [table.reshape(count // inner, inner, -1) for table in tables]
        if not all((np.diff(cube, axis=1) == np.diff(cube[:1], axis=1)).all() for cube in cubes):
            break
        sizes.insert(0, inner)
        tables, count = [cube[:, 0] for cube in cubes], count // inner
    return (count, *sizes) if count > 1 or not sizes else tuple(sizes)


def _repeated(tables: Sequence[Any], count: int) -> int:
    """How many results in a row have an operand in common, where this is so throughout; else 1."""
    most = 1
    for table in tables:
        if count > 1 and len(table) == count:
            starts = np.flatnonzero((np.diff(table, axis=0) != 0).any(1)) + 1
            run = int(np.gcd.reduce(np.diff([0, *starts, count])))
            most = max(most, run if run < count else 1)
    return most
