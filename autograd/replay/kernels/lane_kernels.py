"""The kernels for samples side by side: every result is a row of lanes, one lane per sample.

Addresses below `edge` hold one number for all samples (parameters, constants and what depends on them
alone); from `edge` on they are rows of `lanes` numbers, a multiple of eight.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels.elementwise import flow_to_first, flow_to_second, flow_to_third, value
from autograd.replay.kernels.vector_functions import exponential, logarithm
from autograd.replay.kernels.vectors import (
    apart,
    at,
    if_at_least,
    if_equal,
    if_greater,
    load,
    put,
    splat,
    store,
    total,
)
from autograd.replay.passes.codes import (
    ENTRIES,
    FRESH,
    INDEXED,
    LOGSUMEXP,
    OUT,
    OUT_I,
    OUT_U,
    OUTER,
    PICK,
    RELU,
    ROWS,
    START,
    SUM,
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


@njit
def list_forward(tape: Any, r: int, index: Any, values: Any, edge: int, lanes: int) -> None:
    """sum, logsumexp and pick."""
    apart()
    code, rows, entries = at(tape, r), at(tape, r + ROWS), at(tape, r + ENTRIES)
    for u in range(at(tape, r + OUTER)):
        for i in range(rows):
            y = at(tape, r + OUT) + u * at(tape, r + OUT_U) + i * at(tape, r + OUT_I)
            if code == PICK:
                chooser = place(tape, r + B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = int(at(values, chooser + t if chooser >= edge else chooser))
                    a = place(tape, r + A, u, i, j, rows, entries, index)
                    put(values, y + t, at(values, a + t if a >= edge else a))
                continue
            for t in range(0, lanes, 8):
                s = splat(0.0)
                if code == SUM:
                    if at(tape, r + C + START) >= 0:
                        s = fetch(values, place(tape, r + C, u, i, 0, rows, 1, index), t, edge)
                    for j in range(entries):
                        s = s + fetch(values, place(tape, r + A, u, i, j, rows, entries, index), t, edge)
                else:
                    top = fetch(values, place(tape, r + A, u, i, 0, rows, entries, index), t, edge)
                    for j in range(1, entries):
                        x = fetch(values, place(tape, r + A, u, i, j, rows, entries, index), t, edge)
                        top = if_greater(x, top, x, top)
                    for j in range(entries):
                        x = fetch(values, place(tape, r + A, u, i, j, rows, entries, index), t, edge)
                        s = s + exponential(if_equal(x, top, splat(0.0), x - top))  # inf - inf is 0 here
                    s = top + logarithm(s)
                store(values, y + t, s)


@njit
def list_backward(tape: Any, r: int, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    code, rows, entries = at(tape, r), at(tape, r + ROWS), at(tape, r + ENTRIES)
    for u in range(at(tape, r + OUTER)):
        for i in range(rows):
            y = at(tape, r + OUT) + u * at(tape, r + OUT_U) + i * at(tape, r + OUT_I)
            if code == PICK:
                chooser = place(tape, r + B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = int(at(values, chooser + t if chooser >= edge else chooser))
                    a = place(tape, r + A, u, i, j, rows, entries, index)
                    o = a + t if a >= edge else a
                    put(gradients, o, at(gradients, o) + at(gradients, y + t))
                continue
            for j in range(entries):
                a = place(tape, r + A, u, i, j, rows, entries, index)
                for t in range(0, lanes, 8):
                    g = load(gradients, y + t)
                    if code == LOGSUMEXP:
                        x = fetch(values, a, t, edge)
                        g = g * exponential(x - load(values, y + t))
                    send(gradients, a, t, edge, at(tape, r + A + WANTED), g)
            if at(tape, r + C + START) >= 0 and at(tape, r + C + WANTED) != 0:
                o = place(tape, r + C, u, i, 0, rows, 1, index)
                for t in range(0, lanes, 8):
                    send(gradients, o, t, edge, at(tape, r + C + WANTED), load(gradients, y + t))
