"""Operands as views of arrays: the shortest way to say which entries they are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Array:
    """Numbers that have a name in what is exported.

    Attributes:
        name: as it stands there.
        shape: of one sample, without the batch.
        wide: whether there is one for each sample.
    """

    name: str
    shape: tuple[int, ...]
    wide: bool = False

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.prod(self.shape))


@dataclass(frozen=True, eq=False)
class View:
    """An operand as arrays and what is done to them, in this order: side by side, slice, reshape, transpose.

    Attributes:
        arrays: flat, side by side.
        index: a gather from them (None: no gather), of single numbers or of rows of `width` numbers.
        part: a slice of them (start, stop), or None: all.
        rows: the shape after which `columns` cuts the last axis; () without one.
        columns: (start, stop) of that axis.
        shape: then; without the batch.
        order: the axes of `shape` in their new order; None: as they are.
        pieces: instead of all this, views side by side along their first axis.
    """

    arrays: tuple[Array, ...] = ()
    index: Any = None
    width: int = 1
    part: tuple[int, int] | None = None
    rows: tuple[int, ...] = ()
    columns: tuple[int, int] = (0, 0)
    shape: tuple[int, ...] = ()
    order: tuple[int, ...] | None = None
    pieces: tuple[View, ...] = ()

    @property
    def size(self) -> int:
        """How many numbers its arrays hold together."""
        return int(np.sum([x.size for x in self.arrays]))

    @property
    def parts(self) -> tuple[View, ...]:
        """Its arrays, each flat."""
        return tuple(View((x,), shape=(x.size,)) for x in self.arrays)

    @property
    def plain(self) -> bool:
        """Whether it is all of its arrays, in the order in which they lie."""
        return self.part is None and self.index is None and not self.rows

    @property
    def wide(self) -> bool:
        """Whether it differs from sample to sample."""
        return any(x.wide for x in self.arrays) or any(x.wide for x in self.pieces)

    @property
    def out(self) -> tuple[int, ...]:
        """Its shape in the end."""
        return self.shape if self.order is None else tuple(self.shape[k] for k in self.order)


def view_of(array: Array, offset: Any) -> View:
    """Entries of one array: the shortest way to say it."""
    shape, size = offset.shape, array.size
    flat = offset.ravel()
    low, count = int(flat[0]), len(flat)
    if (flat == np.arange(low, low + count)).all():
        return View((array,), part=None if count == size else (low, low + count), shape=shape)
    steps = [int(np.take(offset, 1, k).ravel()[0]) - low if n > 1 else 0 for k, n in enumerate(shape)]
    grid = low + np.tensordot(steps, np.indices(shape), 1)
    gather = gathered((array,), offset)
    if (grid != offset).any() or min(steps) < 0:
        return gather
    by = sorted(range(len(shape)), key=lambda k: -steps[k])  # the longest steps first
    order = tuple(by.index(k) for k in range(len(shape)))
    turned = None if order == tuple(range(len(shape))) else order
    sizes = [shape[k] for k in by]

    def dense(axes: Sequence[int]) -> bool:
        return all(steps[a] == steps[b] * shape[b] for a, b in itertools.pairwise(axes))

    for k in range(len(by)):  # a block of the inner axes in each row of the outer ones
        outer, inner = by[:k], by[k:]
        if steps[inner[-1]] != 1 or not dense(inner) or not dense(outer):
            continue
        block, rows = int(np.prod(sizes[k:])), int(np.prod(sizes[:k]))
        if not outer:
            part = None if count == size else (low, low + count)
            return View((array,), part=part, shape=tuple(sizes), order=turned)
        width = steps[outer[-1]]
        begin, column = low - low % width, low % width
        if column + block > width or begin + rows * width > size:
            continue
        part = None if rows * width == size else (begin, begin + rows * width)
        return View(
            (array,),
            part=part,
            rows=(rows, width),
            columns=(column, column + block),
            shape=tuple(sizes),
            order=turned,
        )
    return gather


def gathered(arrays: tuple[Array, ...], offset: Any) -> View:
    """Entries by their index; where they come in rows that lie together, the rows by theirs."""
    view = View(arrays, index=offset.ravel(), shape=offset.shape)
    width = offset.shape[-1]
    first = offset[..., 0]
    together = (offset == first[..., None] + np.arange(width)).all()
    if width == 1 or offset.ndim == 1 or not together or view.size % width or (first % width).any():
        return view
    return replace(view, index=first.ravel() // width, width=width)
