"""The kernels for samples side by side: every result is a row of lanes, one lane per sample.

Addresses below `edge` hold one number for all samples (parameters, constants and what depends on them
alone); from `edge` on they are rows of `lanes` numbers, a multiple of eight.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels.elementwise import flow_to_first, flow_to_second, flow_to_third, value
from autograd.replay.kernels.vectors import (
    apart,
    at,
    if_at_least,
    if_greater,
    load,
    put,
    splat,
    store,
    total,
)
from autograd.replay.passes.codes import (
    FRESH,
    INDEXED,
    OUT,
    OUT_I,
    OUT_U,
    OUTER,
    RELU,
    ROWS,
    START,
    WANTED,
    A,
    B,
    C,
    I,
    J,
    U,
)


@njit
def place(tape: Any, operand: int, u: int, i: int, j: int, rows: int, width: int, index: Any) -> int:
    """The address of entry j of an operand of result (u, i)."""
    start = at(tape, operand + START)
    if at(tape, operand + INDEXED) != 0:
        return at(index, start + (u * rows + i) * width + j)  # type: ignore[no-any-return]  # Numba's integer
    return (
        start
        + u * at(tape, operand + U)  # type: ignore[no-any-return]  # Numba's integer
        + i * at(tape, operand + I)
        + j * at(tape, operand + J)
    )


@njit(inline="always")
def fetch(values: Any, address: int, lane: int, edge: int) -> Any:
    if address >= edge:
        return load(values, address + lane)
    return splat(at(values, address))


@njit
def send(gradients: Any, address: int, lane: int, edge: int, wanted: int, flow: Any) -> None:
    """Add a flow to a row (or begin the row with it), or its total to the one number all lanes share."""
    if address >= edge and wanted == FRESH:
        store(gradients, address + lane, flow)
    elif address >= edge:
        store(gradients, address + lane, load(gradients, address + lane) + flow)
    else:
        put(gradients, address, at(gradients, address) + total(flow))


# -- element by element -----------------------------------------------------------------------------


@njit
def straight(tape: Any, r: int, operand: int, edge: int, lanes: int) -> bool:
    """Whether an operand is rows of lanes in the order of the results (or is absent)."""
    start = at(tape, operand + START)
    return bool(
        start < 0
        or (
            at(tape, operand + INDEXED) == 0
            and start >= edge
            and at(tape, r + OUTER) == 1
            and at(tape, operand + I) == lanes
        )
    )


@njit
def elementwise_forward(tape: Any, r: int, index: Any, values: Any, edge: int, lanes: int) -> None:
    apart()
    code, rows = at(tape, r), at(tape, r + ROWS)
    if code == RELU and straight(tape, r, r + A, edge, lanes):
        a, y, zero = at(tape, r + A + START), at(tape, r + OUT), splat(0.0)
        for t in range(0, rows * lanes, 8):
            x = load(values, a + t)
            store(values, y + t, if_at_least(zero, x, zero, x))
        return
    for u in range(at(tape, r + OUTER)):
        for i in range(rows):
            a = place(tape, r + A, u, i, 0, rows, 1, index)
            b = place(tape, r + B, u, i, 0, rows, 1, index) if at(tape, r + B + START) >= 0 else a
            c = place(tape, r + C, u, i, 0, rows, 1, index) if at(tape, r + C + START) >= 0 else a
            y = at(tape, r + OUT) + u * at(tape, r + OUT_U) + i * at(tape, r + OUT_I)
            for t in range(0, lanes, 8):
                store(
                    values,
                    y + t,
                    value(
                        code, fetch(values, a, t, edge), fetch(values, b, t, edge), fetch(values, c, t, edge)
                    ),
                )


@njit
def elementwise_backward(
    tape: Any, r: int, index: Any, values: Any, gradients: Any, edge: int, lanes: int
) -> None:
    apart()
    code, rows = at(tape, r), at(tape, r + ROWS)
    first, second, third = (at(tape, r + A + WANTED), at(tape, r + B + WANTED), at(tape, r + C + WANTED))
    if first + second + third == 0:
        return
    if code == RELU and straight(tape, r, r + A, edge, lanes):
        a, y, zero = at(tape, r + A + START), at(tape, r + OUT), splat(0.0)
        for t in range(0, rows * lanes, 8):
            flow = if_greater(load(values, a + t), zero, load(gradients, y + t), zero)
            store(gradients, a + t, flow if first == FRESH else load(gradients, a + t) + flow)
        return
    for u in range(at(tape, r + OUTER)):
        for i in range(rows):
            a = place(tape, r + A, u, i, 0, rows, 1, index)
            b = place(tape, r + B, u, i, 0, rows, 1, index) if at(tape, r + B + START) >= 0 else a
            c = place(tape, r + C, u, i, 0, rows, 1, index) if at(tape, r + C + START) >= 0 else a
            y = at(tape, r + OUT) + u * at(tape, r + OUT_U) + i * at(tape, r + OUT_I)
            for t in range(0, lanes, 8):
                g, result = load(gradients, y + t), load(values, y + t)
                x, z = fetch(values, a, t, edge), fetch(values, b, t, edge)
                w = fetch(values, c, t, edge)
                if first != 0:
                    send(gradients, a, t, edge, first, flow_to_first(code, x, z, w, result, g))
                if second != 0:
                    send(gradients, b, t, edge, second, flow_to_second(code, x, z, w, result, g))
                if third != 0:
                    send(gradients, c, t, edge, third, flow_to_third(code, x, z, w, result, g))


# -- register tiles: 4 results of 8 lanes stay in registers while the operands stream past ------------
