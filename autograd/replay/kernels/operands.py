"""Where the operands of a row's results lie.

Addresses below `edge` hold one number for all samples (parameters, constants and what depends on them alone);
from `edge` on they are rows of `lanes` numbers, a multiple of eight, one for each sample.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.vectors import at, load, part, put, splat, store, total
from autograd.replay.passes.codes import FRESH, INDEXED, LISTED, START, STARTS, I, J, U


@part
def place(row: Any, operand: int, u: int, i: int, j: int, rows: int, width: int, index: Any) -> int:
    """The address of entry j of an operand of result (u, i)."""
    start = at(row, operand + START)
    if at(row, operand + INDEXED) != 0:
        return at(index, start + (u * rows + i) * width + j)  # type: ignore[no-any-return]  # Numba's integer
    return (
        start
        + u * at(row, operand + U)  # type: ignore[no-any-return]  # Numba's integer
        + i * at(row, operand + I)
        + j * at(row, operand + J)
    )


@part
def begin_of(row: Any, operand: int, index: Any, u: int, i: int, rows: int) -> int:
    """The address of the first entry of an operand of result (u, i), unless its entries are listed."""
    start = at(row, operand + START)
    if at(row, operand + INDEXED) == STARTS:
        return at(index, start + u * rows + i)  # type: ignore[no-any-return]  # Numba's integer
    return start + u * at(row, operand + U) + i * at(row, operand + I)  # type: ignore[no-any-return]  # as above


@part
def entry_of(row: Any, operand: int, index: Any, u: int, i: int, j: int, rows: int, entries: int) -> int:
    """The address of entry j of an operand of result (u, i), however it is given."""
    if at(row, operand + INDEXED) == LISTED:
        return at(index, at(row, operand + START) + (u * rows + i) * entries + j)  # type: ignore[no-any-return]  # as above
    return begin_of(row, operand, index, u, i, rows) + j * at(row, operand + J)


@part
def fetch(values: Any, address: int, lane: int, edge: int) -> Any:
    """Eight lanes of a row, or the one number all lanes share."""
    if address >= edge:
        return load(values, address + lane)
    return splat(at(values, address))


@part
def send(gradients: Any, address: int, lane: int, edge: int, wanted: int, flow: Any) -> None:
    """Add a flow to a row (or begin the row with it), or its total to the one number all lanes share."""
    if address >= edge and wanted == FRESH:
        store(gradients, address + lane, flow)
    elif address >= edge:
        store(gradients, address + lane, load(gradients, address + lane) + flow)
    else:
        put(gradients, address, at(gradients, address) + total(flow))
