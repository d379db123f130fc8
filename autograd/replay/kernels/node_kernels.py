"""The kernels for results that are one number each: a group's nodes lie side by side and fill the lanes.

This is how a program without a batch runs, and in a batch what depends on parameters alone. Products, sums
and relu stand in the loops themselves, since most of what is left between dots are these. Kernels here hold
no arrays, so they need not count references to them (`_nrt`), which would cost as much as a short loop.
An operand of a group is one run of memory (I = 1), one number for all (I = 0), or a list of places.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels.elementwise import flow_to_first, flow_to_second, flow_to_third, value
from autograd.replay.kernels.parts import first, lane, load_some, scatter_add, store_some
from autograd.replay.kernels.vectors import (
    apart,
    at,
    gather,
    if_at_least,
    if_greater,
    load,
    put,
    splat,
    store,
    total,
)
from autograd.replay.passes.codes import (
    ADD,
    INDEXED,
    MUL,
    OUT,
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
    U,
)

LIST, RUN, ONE = 2, 1, 0


# -- element by element -----------------------------------------------------------------------------


@njit(inline="always")
def read(values: Any, mode: int, start: int, index: Any, i: int, count: int) -> Any:
    """Entries i to i + 8 of an operand; only `count` of them exist, the rest is anything."""
    if mode == LIST:
        return gather(values, index, start + i)
    if mode == ONE:
        return splat(at(values, start))
    if count >= 8:
        return load(values, start + i)
    return load_some(values, start + i, count)


@njit(_nrt=False)
def send(gradients: Any, mode: int, start: int, index: Any, i: int, count: int, flow: Any) -> None:
    if mode == LIST:
        if count >= 8:
            scatter_add(gradients, index, start + i, flow)
        else:
            for k in range(count):
                o = at(index, start + i + k)
                put(gradients, o, at(gradients, o) + lane(flow, k))
    elif mode == ONE:
        put(gradients, start, at(gradients, start) + total(flow if count >= 8 else first(flow, count)))
    elif count >= 8:
        store(gradients, start + i, load(gradients, start + i) + flow)
    else:
        store_some(gradients, start + i, load_some(gradients, start + i, count) + flow, count)


@njit(inline="always")
def mode_of(tape: Any, operand: int) -> int:
    return LIST if at(tape, operand + INDEXED) != 0 else at(tape, operand + I)


@njit(inline="always")
def start_of(tape: Any, operand: int, u: int, rows: int) -> int:
    """Where the operand's entries of outer result u begin, in memory or in the index."""
    start = at(tape, operand + START)
    return start + u * (rows if at(tape, operand + INDEXED) != 0 else at(tape, operand + U))


@njit(_nrt=False)
def elementwise_forward(tape: Any, r: int, index: Any, values: Any) -> None:
    apart()
    code, rows = at(tape, r), at(tape, r + ROWS)
    two, three = at(tape, r + B + START) >= 0, at(tape, r + C + START) >= 0
    first_mode, second_mode, third_mode = mode_of(tape, r + A), mode_of(tape, r + B), mode_of(tape, r + C)
    zero = splat(0.0)
    for u in range(at(tape, r + OUTER)):
        a, b, c = (
            start_of(tape, r + A, u, rows),
            start_of(tape, r + B, u, rows),
            start_of(tape, r + C, u, rows),
        )
        y = at(tape, r + OUT) + u * at(tape, r + OUT_U)
        for i in range(0, rows, 8):
            count = rows - i
            x = read(values, first_mode, a, index, i, count)
            z = read(values, second_mode, b, index, i, count) if two else x
            w = read(values, third_mode, c, index, i, count) if three else x
            if code == MUL:
                result = x * z
            elif code == ADD:
                result = x + z
            elif code == RELU:
                result = if_at_least(zero, x, zero, x)
            else:
                result = value(code, x, z, w)
            if count >= 8:
                store(values, y + i, result)
            else:
                store_some(values, y + i, result, count)


@njit(_nrt=False)
def elementwise_backward(tape: Any, r: int, index: Any, values: Any, gradients: Any) -> None:
    apart()
    code, rows = at(tape, r), at(tape, r + ROWS)
    two, three = at(tape, r + B + START) >= 0, at(tape, r + C + START) >= 0
    first_mode, second_mode, third_mode = mode_of(tape, r + A), mode_of(tape, r + B), mode_of(tape, r + C)
    zero = splat(0.0)
    to_a, to_b, to_c = at(tape, r + A + WANTED), at(tape, r + B + WANTED), at(tape, r + C + WANTED)
    for u in range(at(tape, r + OUTER)):
        a, b, c = (
            start_of(tape, r + A, u, rows),
            start_of(tape, r + B, u, rows),
            start_of(tape, r + C, u, rows),
        )
        y = at(tape, r + OUT) + u * at(tape, r + OUT_U)
        for i in range(0, rows, 8):
            count = rows - i
            g = load(gradients, y + i) if count >= 8 else load_some(gradients, y + i, count)
            result = load(values, y + i) if count >= 8 else load_some(values, y + i, count)
            x = read(values, first_mode, a, index, i, count)
            z = read(values, second_mode, b, index, i, count) if two else x
            if code == MUL or code == ADD or code == RELU:
                flow = if_greater(x, zero, g, zero) if code == RELU else (g * z if code == MUL else g)
                if to_a != 0 and first_mode == RUN and count >= 8:  # a call costs more than the addition
                    store(gradients, a + i, load(gradients, a + i) + flow)
                elif to_a != 0:
                    send(gradients, first_mode, a, index, i, count, flow)
                flow = g * x if code == MUL else g
                if to_b != 0 and second_mode == RUN and count >= 8:
                    store(gradients, b + i, load(gradients, b + i) + flow)
                elif to_b != 0:
                    send(gradients, second_mode, b, index, i, count, flow)
                continue
            w = read(values, third_mode, c, index, i, count) if three else x
            if to_a != 0:
                send(gradients, first_mode, a, index, i, count, flow_to_first(code, x, z, w, result, g))
            if to_b != 0:
                send(gradients, second_mode, b, index, i, count, flow_to_second(code, x, z, w, result, g))
            if to_c != 0:
                send(gradients, third_mode, c, index, i, count, flow_to_third(code, x, z, w, result, g))
