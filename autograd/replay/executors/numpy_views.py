"""Where the operands and results of a row of the tape lie in the NumPy executor's memory: views of it.

What the samples share lies in `numbers`, one each; what differs in `rows`, one number per lane. Arrays have
the axes of the row: outer steps, results, entries where the row is a list's, lanes (one for what is shared).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B
from autograd.replay.passes.tape import Tape


class Store:
    """The numbers of a tape and their gradients ("slopes")."""

    def __init__(self, tape: Tape, lanes: int) -> None:
        self.edge, self.lanes = tape.edge, lanes
        self.numbers, self.number_slopes = np.zeros((tape.edge, 1)), np.zeros((tape.edge, 1))
        self.numbers[: len(tape.start), 0] = tape.start
        wide = max(1, tape.count - tape.edge)
        self.rows, self.slopes = np.zeros((wide, lanes)), np.zeros((wide, lanes))

    def row(self, place: int) -> Any:
        """A row's numbers, one per lane."""
        if place < self.edge:
            return np.broadcast_to(self.numbers[place], (self.lanes,))
        return self.rows[place - self.edge]

    def read(self, places: Any) -> Any:
        """A copy of the numbers of places, shared or not, with their axes."""
        shared = places < self.edge
        if shared.all():
            return self.numbers[places]
        if not shared.any():
            return self.rows[places - self.edge]
        found = np.empty((*places.shape, self.lanes))
        found[shared] = self.numbers[places[shared]]
        found[~shared] = self.rows[places[~shared] - self.edge]
        return found

    def view(self, places: Any, slopes: bool) -> Any:
        """The numbers or slopes of places as a view with their axes; None where no steps lead to them."""
        shared = bool(places.flat[0] < self.edge)
        if bool(places.flat[-1] < self.edge) != shared:
            return None
        pair = (self.numbers, self.number_slopes) if shared else (self.rows, self.slopes)
        source = pair[slopes]
        steps = steps_of(places)
        if steps is None or min(steps) < 0:
            return None
        unit = source.strides[0]
        return np.lib.stride_tricks.as_strided(
            source[int(places.flat[0]) - (0 if shared else self.edge) :],
            (*places.shape, source.shape[1]),
            (*(step * unit for step in steps), source.strides[1]),
        )


def steps_of(places: Any) -> tuple[int, ...] | None:
    """How far it is from place to place along each axis, or None where that differs."""
    first = places.flat[0]
    steps, regular = [], first
    for axis, count in enumerate(places.shape):
        steps.append(int(places.take(1, axis).flat[0] - first) if count > 1 else 0)
        regular = np.expand_dims(regular, -1) + steps[-1] * np.arange(count)
    return tuple(steps) if (places == regular).all() else None


class OperandView:
    """The operands of one block of a row of the tape: how to read them, and how to add flows to them."""

    def __init__(self, store: Store, tape: Tape, row: Any, block: int) -> None:
        part = row[block : block + codes.BLOCK]
        outer, inner = int(row[codes.OUTER]), int(row[codes.ROWS])
        entries = block in (A, B) and row[0] >= codes.LISTS and not (row[0] == codes.PICK and block == B)
        shape = (outer, inner, int(row[codes.ENTRIES])) if entries else (outer, inner)
        start = int(part[codes.START])
        if part[codes.INDEXED]:
            places = tape.index[start : start + int(np.prod(shape))].astype(np.int64).reshape(shape)
        else:
            u, i, j = np.ogrid[:outer, :inner, : shape[-1] if entries else 1]
            places = (start + u * part[codes.U] + i * part[codes.I] + j * part[codes.J]).reshape(shape)
        self.store, self.places, self.wanted = store, places, bool(part[codes.WANTED])
        self.wide = bool((places >= store.edge).any())  # it differs from sample to sample
        self.mixed = self.wide and bool((places < store.edge).any())
        self.view = None if self.mixed else store.view(places, False)
        # an operand that several results have in common gets the sum of their flows
        axes = range(places.ndim)
        self.common = tuple(k for k in axes if places.shape[k] > 1 and not np.diff(places, axis=k).any())
        self.alone = places[tuple(slice(1) if k in self.common else slice(None) for k in axes)]
        distinct = len(np.unique(self.alone)) == self.alone.size
        self.target = store.view(self.alone, True) if distinct and not self.mixed else None

    def read(self) -> Any:
        """The operands' numbers."""
        return self.view if self.view is not None else self.store.read(self.places)

    def receiver(self, flow: Callable[[Any], Any], like: tuple[int, ...], fresh: bool) -> Callable[[], Any]:
        """A function that sends flows here.

        Args:
            flow: gives the flows, in an array where it gets one.
            like: their shape.
            fresh: nothing has come here before, so the flows begin the sum.
        """
        target, common = self.target, tuple(axis for axis in self.common if like[axis] > 1)
        if target is None:
            return lambda: self._scatter(flow(None), common)
        lanes = like[-1] != target.shape[-1]
        if not common and not lanes:
            if fresh:
                return lambda: flow(target)
            space = np.empty(like)
            return lambda: np.add(target, flow(space), out=target)
        if lanes and not common and len(like) == 3:
            ones = np.ones((like[-1], 1))  # a product with ones is summed faster than a row
            if fresh:
                return lambda: np.matmul(flow(None), ones, out=target)
            return lambda: np.add(target, np.matmul(flow(None), ones), out=target)
        axes = (*common, *((len(like) - 1,) if lanes else ()))
        if fresh:
            return lambda: np.add.reduce(flow(None), axes, out=target, keepdims=True)
        return lambda: np.add(target, np.add.reduce(flow(None), axes, keepdims=True), out=target)

    def _scatter(self, flow: Any, common: tuple[int, ...]) -> None:
        """Add flows to places that may be repeated, or shared and not."""
        store, places = self.store, self.alone
        if common:
            flow = np.add.reduce(flow, common, keepdims=True)
        shared = places < store.edge
        if self.mixed or not self.wide:
            np.add.at(store.number_slopes[:, 0], places[shared], flow[shared].sum(-1))
        if self.wide:
            np.add.at(store.slopes, places[~shared] - store.edge, flow[~shared])
