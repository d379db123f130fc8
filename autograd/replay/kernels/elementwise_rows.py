"""The kernels for ops of one, two and three operands, on runs of results.

A run is what lies side by side: a group's results where they are one number each, the lanes of one result
where samples lie side by side (of all results where their operands lie in their order too). An operand of a
run is a run as well, one number for all, or a list of places. Products, sums and relu stand in the loops
themselves, since most of what is left between dots are these.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.elementwise import (
    common_flow_to_first,
    common_flow_to_second,
    common_value,
    flow_to_first,
    flow_to_second,
    flow_to_third,
    value,
)
from autograd.replay.kernels.operands import place
from autograd.replay.kernels.parts import first, keep, lane, scatter_add, some
from autograd.replay.kernels.vectors import (
    at,
    gather,
    if_at_least,
    if_greater,
    inside,
    load,
    part,
    put,
    splat,
    store,
    total,
)
from autograd.replay.passes.codes import (
    ADD,
    CODE,
    FRESH,
    INDEXED,
    LANES,
    MUL,
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
    U,
)

NOTHING, ONE, RUN, LIST = -1, 0, 1, 2  # what an operand of a run is


@inside
def read(values: Any, mode: int, start: int, index: Any, i: int, count: int, otherwise: Any) -> Any:
    """Entries i to i + 8 of an operand; only `count` of them exist, the rest is anything."""
    if mode == RUN:
        return some(values, start + i, count)
    if mode == ONE:
        return splat(at(values, start))
    return gather(values, index, start + i) if mode == LIST else otherwise


@part
def send(
    gradients: Any, mode: int, start: int, index: Any, i: int, count: int, wanted: int, flow: Any
) -> None:
    """Add the first `count` of eight flows to an operand, or begin it with them."""
    if mode == LIST:
        if count >= 8:
            scatter_add(gradients, index, start + i, flow)
        else:
            for k in range(count):
                o = at(index, start + i + k)
                put(gradients, o, at(gradients, o) + lane(flow, k))
    elif mode == ONE:
        put(gradients, start, at(gradients, start) + total(flow if count >= 8 else first(flow, count)))
    elif wanted == FRESH:
        store(gradients, start + i, flow)
    else:
        keep(gradients, start + i, count, some(gradients, start + i, count) + flow)


@part
def straight(row: Any, operand: int, edge: int, lanes: int) -> bool:
    """Whether an operand is rows of lanes in the order of the results, or absent."""
    start = at(row, operand + START)
    regular = at(row, operand + INDEXED) == 0 and at(row, operand + I) == lanes
    return bool(start < 0 or (regular and start >= edge))


@part
def shape(row: Any, edge: int, lanes: int) -> tuple[int, int]:
    """How many runs there are for each outer result, and how long they are."""
    rows = at(row, ROWS)
    if at(row, LANES) == 0:
        return 1, rows
    whole = straight(row, A, edge, lanes) and straight(row, B, edge, lanes) and straight(row, C, edge, lanes)
    return (1, rows * lanes) if whole else (rows, lanes)


@part
def run_of(row: Any, operand: int, u: int, k: int, index: Any, edge: int) -> tuple[int, int]:
    """Of an operand of run (u, k): what it is, and where it begins in memory or among the places."""
    start, rows = at(row, operand + START), at(row, ROWS)
    if start < 0:
        return NOTHING, 0
    if at(row, LANES) != 0:
        address = place(row, operand, u, k, 0, rows, 1, index)
        return (RUN if address >= edge else ONE), address
    if at(row, operand + INDEXED) != 0:
        return LIST, start + u * rows
    return at(row, operand + I), start + u * at(row, operand + U)


def _kernels(value: Any, flow_to_first: Any, flow_to_second: Any, flow_to_third: Any) -> tuple[Any, Any]:
    """The kernels on these readings of the table."""

    def elementwise_forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
        code, (runs, count), zero = at(row, CODE), shape(row, edge, lanes), splat(0.0)
        for u in range(at(row, OUTER)):
            for k in range(runs):
                (a_is, a), (b_is, b), (c_is, c) = (
                    run_of(row, A, u, k, index, edge),
                    run_of(row, B, u, k, index, edge),
                    run_of(row, C, u, k, index, edge),
                )
                y, done = at(row, OUT) + u * at(row, OUT_U) + k * at(row, OUT_I), 0
                if code == RELU and a_is == RUN:
                    done = count - count % 8
                    for i in range(0, done, 8):
                        x = load(values, a + i)
                        store(values, y + i, if_at_least(zero, x, zero, x))
                for i in range(done, count, 8):
                    n = count - i
                    x = read(values, a_is, a, index, i, n, zero)
                    z = read(values, b_is, b, index, i, n, x)
                    if code == MUL:
                        result = x * z
                    elif code == ADD:
                        result = x + z
                    else:
                        result = value(code, x, z, read(values, c_is, c, index, i, n, x))
                    keep(values, y + i, n, result)

    def elementwise_backward(
        row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int
    ) -> None:
        code, (runs, count), zero = at(row, CODE), shape(row, edge, lanes), splat(0.0)
        to_a, to_b, to_c = at(row, A + WANTED), at(row, B + WANTED), at(row, C + WANTED)
        for u in range(at(row, OUTER)):
            for k in range(runs):
                (a_is, a), (b_is, b), (c_is, c) = (
                    run_of(row, A, u, k, index, edge),
                    run_of(row, B, u, k, index, edge),
                    run_of(row, C, u, k, index, edge),
                )
                y, done = at(row, OUT) + u * at(row, OUT_U) + k * at(row, OUT_I), 0
                if code == RELU and a_is == RUN:
                    done = count - count % 8
                    for i in range(0, done, 8):
                        flow = if_greater(load(values, a + i), zero, load(gradients, y + i), zero)
                        store(gradients, a + i, flow if to_a == FRESH else load(gradients, a + i) + flow)
                for i in range(done, count, 8):
                    n = count - i
                    g = read(gradients, RUN, y, index, i, n, zero)
                    result = read(values, RUN, y, index, i, n, zero)
                    x = read(values, a_is, a, index, i, n, zero)
                    z = read(values, b_is, b, index, i, n, x)
                    if code == MUL or code == ADD:
                        flow = g * z if code == MUL else g
                        if to_a == 1 and a_is == RUN and n >= 8:  # a call costs more than the addition
                            store(gradients, a + i, load(gradients, a + i) + flow)
                        elif to_a != 0:
                            send(gradients, a_is, a, index, i, n, to_a, flow)
                        flow = g * x if code == MUL else g
                        if to_b == 1 and b_is == RUN and n >= 8:
                            store(gradients, b + i, load(gradients, b + i) + flow)
                        elif to_b != 0:
                            send(gradients, b_is, b, index, i, n, to_b, flow)
                        continue
                    w = read(values, c_is, c, index, i, n, x)
                    if to_a != 0:
                        send(gradients, a_is, a, index, i, n, to_a, flow_to_first(code, x, z, w, result, g))
                    if to_b != 0:
                        send(gradients, b_is, b, index, i, n, to_b, flow_to_second(code, x, z, w, result, g))
                    if to_c != 0:
                        send(gradients, c_is, c, index, i, n, to_c, flow_to_third(code, x, z, w, result, g))

    return elementwise_forward, elementwise_backward


# programs seldom hold more than what is common, and that is compiled in half the time
COMMON = _kernels(common_value, common_flow_to_first, common_flow_to_second, flow_to_third)
ANY = _kernels(value, flow_to_first, flow_to_second, flow_to_third)
