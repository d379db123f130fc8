"""The kernels for many small groups of single numbers whose operands lie scattered: runs.

Where a graph has no layers, its groups are small, and to read a row of the tape costs more than to compute
it. So rows that follow each other become records of four numbers in the index (see `with_runs`): the code,
where the results begin, how many there are, and which operands a gradient goes to. The places of the operands
of result y stand at index[y] and index[second + y].
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.replay.kernels.elementwise import (
    common_flow_to_first,
    common_flow_to_second,
    common_value,
    flow_of_tanh,
)
from autograd.replay.kernels.parts import lane, scatter_add
from autograd.replay.kernels.vector_functions import hyperbolic_tangent
from autograd.replay.kernels.vectors import apart, at, gather, inside, load, part, put, splat, store, total
from autograd.replay.passes.codes import (
    ADD,
    ENTRIES,
    MUL,
    RECORD,
    ROWS,
    START,
    SUB,
    SUM,
    TANH,
    A,
)

# -- forward ----------------------------------------------------------------------------------------------


def forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """Do the runs of row r."""
    apart()
    begin, second = at(row, A + START), at(row, ENTRIES)
    for k in range(begin, begin + RECORD * at(row, ROWS), RECORD):
        code, y, count = np.int64(at(index, k)), at(index, k + 1), at(index, k + 2)
        end, whole = y + count, y + count // 8 * 8
        if code == ADD:
            for i in range(y, whole, 8):
                store(values, i, gather(values, index, i) + gather(values, index, second + i))
            for i in range(whole, end):
                put(values, i, at(values, at(index, i)) + at(values, at(index, second + i)))
        elif code == MUL:
            for i in range(y, whole, 8):
                store(values, i, gather(values, index, i) * gather(values, index, second + i))
            for i in range(whole, end):
                put(values, i, at(values, at(index, i)) * at(values, at(index, second + i)))
        elif code == SUB:
            for i in range(y, whole, 8):
                store(values, i, gather(values, index, i) - gather(values, index, second + i))
            for i in range(whole, end):
                put(values, i, at(values, at(index, i)) - at(values, at(index, second + i)))
        elif code == TANH:
            for i in range(y, end, 8):
                keep(values, i, end - i, hyperbolic_tangent(gather(values, index, i)))
        elif code == SUM:
            put(values, y, sum_of(values, index, at(index, k + 3), count))
        else:
            for i in range(y, end, 8):
                a, b = gather(values, index, i), gather(values, index, second + i)
                keep(values, i, end - i, common_value(code, a, b, a))


@inside
def keep(values: Any, i: int, count: int, result: Any) -> None:
    """values[i + k] = result[k] for k below `count` and eight."""
    if count >= 8:
        store(values, i, result)
    else:
        for k in range(count):
            put(values, i + k, lane(result, k))


@part
def sum_of(values: Any, index: Any, begin: int, count: int) -> float:
    """The sum of the values at `count` listed places."""
    s, t = splat(0.0), splat(0.0)
    whole = begin + count // 16 * 16
    for i in range(begin, whole, 16):
        s, t = s + gather(values, index, i), t + gather(values, index, i + 8)
    result = total(s + t)
    for i in range(whole, begin + count):
        result += at(values, at(index, i))
    return result


# -- backward ---------------------------------------------------------------------------------------------


@inside
def add_to(gradients: Any, o: int, flow: float) -> None:
    """gradients[o] += flow."""
    put(gradients, o, at(gradients, o) + flow)


@part
def send(gradients: Any, index: Any, i: int, count: int, flow: Any) -> None:
    """Add the first `count` of eight flows to the listed places, one after the other: places may repeat."""
    if count >= 8:
        scatter_add(gradients, index, i, flow)
    else:
        for k in range(count):
            add_to(gradients, at(index, i + k), lane(flow, k))


def backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """The flows of the runs of row r, from the last to the first."""
    apart()
    begin, second = at(row, A + START), at(row, ENTRIES)
    for k in range(begin + RECORD * (at(row, ROWS) - 1), begin - RECORD, -RECORD):
        code, y, count = np.int64(at(index, k)), at(index, k + 1), at(index, k + 2)
        end, whole = y + count, y + count // 8 * 8
        if code == ADD:
            for i in range(y, whole, 8):
                g = load(gradients, i)
                scatter_add(gradients, index, i, g)
                scatter_add(gradients, index, second + i, g)
            for i in range(whole, end):
                flow = at(gradients, i)
                add_to(gradients, at(index, i), flow)
                add_to(gradients, at(index, second + i), flow)
        elif code == MUL:
            for i in range(y, whole, 8):
                g = load(gradients, i)
                a, b = gather(values, index, i), gather(values, index, second + i)
                scatter_add(gradients, index, i, g * b)
                scatter_add(gradients, index, second + i, g * a)
            for i in range(whole, end):
                flow = at(gradients, i)
                p, q = at(index, i), at(index, second + i)
                add_to(gradients, p, flow * at(values, q))
                add_to(gradients, q, flow * at(values, p))
        elif code == SUB:
            for i in range(y, whole, 8):
                g = load(gradients, i)
                scatter_add(gradients, index, i, g)
                scatter_add(gradients, index, second + i, splat(0.0) - g)
            for i in range(whole, end):
                flow = at(gradients, i)
                add_to(gradients, at(index, i), flow)
                add_to(gradients, at(index, second + i), -flow)
        elif code == TANH:
            for i in range(y, end, 8):
                a = gather(values, index, i)
                send(gradients, index, i, end - i, flow_of_tanh(a, load(values, i), load(gradients, i)))
        elif code == SUM:
            flow = at(gradients, y)
            listed = at(index, k + 3)
            for i in range(listed, listed + count):
                add_to(gradients, at(index, i), flow)
        else:
            other_backward(code, y, count, at(index, k + 3), index, second, values, gradients)


@part
def other_backward(
    code: int, y: int, count: int, wanted: int, index: Any, second: int, values: Any, gradients: Any
) -> None:
    """The flows of a run of any code, to the operands that want them: bit 0 the first, bit 1 the second."""
    apart()
    for i in range(0, count, 8):
        a, b = gather(values, index, y + i), gather(values, index, second + y + i)
        result, g = load(values, y + i), load(gradients, y + i)
        if wanted & 1:
            send(gradients, index, y + i, count - i, common_flow_to_first(code, a, b, a, result, g))
        if wanted & 2:
            send(gradients, index, second + y + i, count - i, common_flow_to_second(code, a, b, a, result, g))
