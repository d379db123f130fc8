"""The kernels that put samples into memory and take outputs out of it."""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels.vectors import at, put, splat, store
from autograd.replay.passes.codes import BREADTH, INPUT, INPUTS


@njit
def clear(array: Any, begin: int, end: int) -> None:
    whole = begin + (end - begin) // 8 * 8
    for i in range(begin, whole, 8):
        store(array, i, splat(0.0))
    for i in range(whole, end):
        put(array, i, 0.0)


@njit
def fill(
    table: Any, p: int, index: Any, values: Any, samples: Any, starts: Any, order: Any, begin: int, end: int
) -> None:
    """Copy samples order[begin:end] into a program's inputs; spare lanes repeat the last one."""
    lanes, inputs, first = at(table, p + BREADTH), at(table, p + INPUTS), at(table, p + INPUT)
    for t in range(lanes):
        start = at(starts, at(order, min(begin + t, end - 1)))
        for k in range(inputs):
            put(values, at(index, first + k) + t, at(samples, start + k))


@njit
def keep(
    values: Any, edge: int, outputs: Any, where: int, count: int, kept: Any, begin: int, end: int
) -> None:
    """Write down the `count` outputs from `where` on of samples `begin` to `end`, which are in the lanes."""
    for k in range(count):
        o = at(outputs, where + k)
        for t in range(end - begin):
            put(kept, (begin + t) * count + k, at(values, o + t if o >= edge else o))
