"""The loops over tapes: forward, backward, one batch, a whole training run. Compiled once per machine."""

from __future__ import annotations

from typing import Any

from autograd.replay.jit import cached
from autograd.replay.kernels.records import Batches, Memory, Updates
from autograd.replay.kernels.updates import finite, update
from autograd.replay.kernels.vectors import apart, at, call_at, inside, once, part, put, splat, store
from autograd.replay.passes.codes import (
    BACKWARD,
    BREADTH,
    EDGE,
    FIELDS,
    FORWARD,
    GE,
    GT,
    GUARD,
    GUARDED,
    GUARDED_END,
    INPUT,
    INPUTS,
    LOOK,
    NONE,
    NOT_FINITE,
    OK,
    OUTPUT,
    OWN,
    ROOT,
    ROW,
    ROW_END,
    ROW_SHARED,
    SPAN,
    SPAN_END,
    STRIDE,
)


@part
def clear(array: Any, begin: int, end: int) -> None:
    whole = begin + (end - begin) // 8 * 8
    for i in range(begin, whole, 8):
        store(array, i, splat(0.0))
    for i in range(whole, end):
        put(array, i, 0.0)


@part
def fill(memory: Memory, p: int, batches: Batches, begin: int, end: int) -> None:
    """Copy samples order[begin:end] into a program's inputs; spare lanes repeat the last one."""
    inputs, first = at(memory.table, p + INPUTS), at(memory.table, p + INPUT)
    for t in range(at(memory.table, p + BREADTH)):
        start = at(batches.starts, at(batches.order, min(begin + t, end - 1)))
        for k in range(inputs):
            put(memory.values, at(memory.index, first + k) + t, at(batches.samples, start + k))


@part
def of_lane(memory: Memory, p: int, address: int, t: int) -> float:
    """The number of lane t in a row, or the one number that all lanes share."""
    return at(memory.values, address + t if address >= at(memory.table, p + EDGE) else address)  # type: ignore[no-any-return]  # Numba's float


@part
def keep(memory: Memory, p: int, batches: Batches, begin: int, end: int) -> None:
    """Write down the first outputs of samples order[begin:end], which are in the lanes."""
    count = len(batches.kept) // len(batches.order)
    for k in range(count):
        o = at(memory.outputs, at(memory.table, p + OUTPUT) + k)
        for t in range(end - begin):
            put(batches.kept, (begin + t) * count + k, of_lane(memory, p, o, t))


NEAR = 1e-10  # sides of a guard that are relatively nearer than this are left to the reference


@part
def holds(code: int, a: float, b: float, outcome: bool, exact: bool) -> bool:
    """Whether a comparison surely comes out as recorded: not when computed sides are too near to tell."""
    if not exact and abs(a - b) <= NEAR * (abs(a) + abs(b)):
        return False
    if code == GT:
        return (a > b) == outcome
    if code == GE:
        return (a >= b) == outcome
    return (a == b) == outcome


@part
def all_hold(memory: Memory, p: int, t: int) -> bool:
    """Whether all guards of a program surely come out as recorded in lane t."""
    guards = memory.guards
    for k in range(at(memory.table, p + GUARDED), at(memory.table, p + GUARDED_END), 5):
        a, b = of_lane(memory, p, at(guards, k + 1), t), of_lane(memory, p, at(guards, k + 2), t)
        if not holds(at(guards, k), a, b, at(guards, k + 3) != 0, at(guards, k + 4) != 0):
            return False
    return True


@inside
def given(memory: Memory, p: int) -> Any:
    """What the kernels of a program's rows are called with: arrays, and their last two arguments."""
    arrays = memory.tape, memory.index, memory.values, memory.gradients
    return arrays, (at(memory.table, p + EDGE), at(memory.table, p + BREADTH))


@part
def forward(arrays: Any, shape: Any, begin: int, end: int) -> None:
    """The rows from `begin` to `end`, in order."""
    apart()
    for r in range(begin, end, STRIDE):
        call_at(at(arrays[0], r + FORWARD), arrays, (r, 0, 0, 0), shape)


@part
def backward(arrays: Any, shape: Any, begin: int, end: int) -> None:
    """The gradients of these rows, the last row first."""
    apart()
    for r in range(end - STRIDE, begin - 1, -STRIDE):
        if at(arrays[0], r + BACKWARD) != 0:
            call_at(at(arrays[0], r + BACKWARD), arrays, (r, 0, 0, 0), shape)


@part
def look(memory: Memory, batches: Batches) -> None:
    """The first program forward over all samples of `order`: which pass the guards, and their outputs."""
    table, (arrays, shape) = memory.table, given(memory, 0)
    forward(arrays, shape, at(table, ROW_SHARED), at(table, ROW))
    count, lanes = len(batches.order), at(table, BREADTH)
    for begin in range(0, count, lanes):
        end = min(begin + lanes, count)
        fill(memory, 0, batches, begin, end)
        forward(arrays, shape, at(table, ROW), at(table, ROW_END))
        for t in range(end - begin):
            batches.good[begin + t] = all_hold(memory, 0, t)
        keep(memory, 0, batches, begin, end)


@once
def block(memory: Memory, p: int, batches: Batches, count: int, weight: float, first: int) -> int:
    """Forward and backward of the `count` samples in a program's lanes; the lane whose guard fails, or -1."""
    table, gradients, (arrays, shape) = memory.table, memory.gradients, given(memory, p)
    own, end, root = at(table, p + ROW), at(table, p + ROW_END), at(table, p + ROOT)
    forward(arrays, shape, own, end)
    if batches.guarded and at(table, p + GUARDED) < at(table, p + GUARDED_END):
        for t in range(count):
            if not all_hold(memory, p, t):
                return t
    if root < 0:
        return -1
    for k in range(at(table, p + SPAN), at(table, p + SPAN_END), 2):
        clear(gradients, at(memory.spans, k), at(memory.spans, k + 1))
    wide = root >= at(table, p + EDGE)
    for t in range(count):
        put(batches.losses, first + t, of_lane(memory, p, root, t))
        if wide:
            put(gradients, root + t, weight)
    if not wide:
        put(gradients, root, at(gradients, root) + weight * count)
    backward(arrays, shape, own, end)
    return -1


@part
def together(which: Any, order: Any, begin: int, end: int) -> int:
    """One past the last of the samples from `begin` on that one program serves."""
    program, stop = at(which, at(order, begin)), begin + 1
    while stop < end and at(which, at(order, stop)) == program:
        stop += 1
    return stop


@once
def batch(memory: Memory, batches: Batches, position: int, end: int, weight: float, filled: bool) -> int:
    """Losses and the sum of the gradients of samples order[position:end], of one program after the other.

    Returns where in `order` a guard fails, or -1. `filled`: the samples are in their lanes already.
    """
    table, order, gradients = memory.table, batches.order, memory.gradients
    clear(gradients, 0, at(table, OWN))
    begin = position
    while begin < end:
        p, stop = at(batches.which, at(order, begin)) * FIELDS, together(batches.which, order, begin, end)
        shared, own, (arrays, shape) = at(table, p + ROW_SHARED), at(table, p + ROW), given(memory, p)
        forward(arrays, shape, shared, own)
        clear(gradients, at(table, p + OWN), at(table, p + EDGE))
        for first in range(begin, stop, at(table, p + BREADTH)):
            last = min(first + at(table, p + BREADTH), stop)
            if not filled:
                fill(memory, p, batches, first, last)
            lane = block(memory, p, batches, last - first, weight, first - position)
            if lane >= 0:
                return first + lane
            keep(memory, p, batches, first, last)
        backward(arrays, shape, shared, own)
        begin = stop
    return -1


@cached
def run(memory: Any, batches: Any, updates: Any) -> Any:
    """Everything that Python asks for, in one function, so that it is compiled once.

    The gradients of the last batch stay in memory.

    Args:
        memory: a `Memory` as a plain tuple.
        batches: likewise `Batches`.
        updates: likewise `Updates`.

    Returns:
        (status, where in `order`, updates made); it stops before an update that a guard or a number that is
        not finite forbids.
    """
    memory, batches, updates = Memory(*memory), Batches(*batches), Updates(*updates)
    if updates.kind == LOOK:
        look(memory, batches)
        return OK, 0, 0
    made, position, count = 0, batches.position, len(batches.order)
    while made < updates.limit and count > 0:
        begin = position % count
        end = min(begin + batches.size, count) if batches.size > 0 else count
        weight = 1.0 / (end - begin) if batches.mean else 1.0
        failed = batch(memory, batches, begin, end, weight, batches.steady and made > 0)
        if failed >= 0:
            return GUARD, failed, made
        loss = 0.0
        for t in range(end - begin):
            loss += at(batches.losses, t)
        if updates.kind != NONE:
            if not (finite(memory.gradients, updates.parameters) and loss * 0.0 == 0.0):
                return NOT_FINITE, begin, made
            update(memory.values, memory.gradients, updates, made)
        put(updates.sums, made, loss * weight if batches.mean else loss)
        made += 1
        position += end - begin
    return OK, 0, made
