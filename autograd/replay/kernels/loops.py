"""The loops over tapes: forward, backward, one batch, a whole training run. Compiled once per machine.

Every array is one-dimensional. `values` and `gradients` share their addresses: parameters first, then for
each program what is one number for all samples, and from its `edge` on its rows of lanes. `table` says where
each program lies (`codes.ROW_SHARED` and what follows it).
"""

from __future__ import annotations

from typing import Any

from autograd.replay.jit import cached
from autograd.replay.kernels.updates import finite, update
from autograd.replay.kernels.vectors import apart, at, call_at, part, put, splat, store
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
def fill(
    table: Any, p: int, index: Any, values: Any, samples: Any, starts: Any, order: Any, begin: int, end: int
) -> None:
    """Copy samples order[begin:end] into a program's inputs; spare lanes repeat the last one."""
    lanes, inputs, first = at(table, p + BREADTH), at(table, p + INPUTS), at(table, p + INPUT)
    for t in range(lanes):
        start = at(starts, at(order, min(begin + t, end - 1)))
        for k in range(inputs):
            put(values, at(index, first + k) + t, at(samples, start + k))


@part
def keep(
    values: Any, edge: int, outputs: Any, where: int, count: int, kept: Any, begin: int, end: int
) -> None:
    """Write down the `count` outputs from `where` on of samples `begin` to `end`, which are in the lanes."""
    for k in range(count):
        o = at(outputs, where + k)
        for t in range(end - begin):
            put(kept, (begin + t) * count + k, at(values, o + t if o >= edge else o))


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
def broken(guards: Any, begin: int, end: int, values: Any, edge: int, lanes: int) -> int:
    """The first lane in which a guard does not surely come out as recorded, or -1.

    A guard is five numbers: comparison, the addresses of both sides, the outcome, and whether both sides
    are leaves, whose numbers are no other than in Python.
    """
    worst = -1
    for k in range(begin, end, 5):
        code, a, b, outcome = at(guards, k), at(guards, k + 1), at(guards, k + 2), at(guards, k + 3) != 0
        exact = at(guards, k + 4) != 0
        for t in range(lanes if a >= edge or b >= edge else 1):
            left = at(values, a + t if a >= edge else a)
            right = at(values, b + t if b >= edge else b)
            if not holds(code, left, right, outcome, exact) and (worst < 0 or t < worst):
                worst = t
    return worst


@part
def forward(
    tape: Any, begin: int, end: int, index: Any, values: Any, gradients: Any, edge: int, lanes: int
) -> None:
    """The rows of `tape` from `begin` to `end`, in order."""
    apart()
    for r in range(begin, end, STRIDE):
        memory, places = (tape, index, values, gradients), (r, 0, 0, 0)
        call_at(at(tape, r + FORWARD), memory, places, (edge, lanes))


@part
def backward(
    tape: Any, begin: int, end: int, index: Any, values: Any, gradients: Any, edge: int, lanes: int
) -> None:
    """The gradients of the rows from `begin` to `end`, the last row first."""
    apart()
    for r in range(end - STRIDE, begin - 1, -STRIDE):
        if at(tape, r + BACKWARD) != 0:
            memory, places = (tape, index, values, gradients), (r, 0, 0, 0)
            call_at(at(tape, r + BACKWARD), memory, places, (edge, lanes))


@part
def passes(
    table: Any,
    tape: Any,
    index: Any,
    guards: Any,
    values: Any,
    gradients: Any,
    samples: Any,
    starts: Any,
    order: Any,
    outputs: Any,
    kept: Any,
    good: Any,
) -> None:
    """The first program forward over all samples of `order`: which pass the guards, and their outputs."""
    count, edge, lanes = len(outputs), at(table, EDGE), at(table, BREADTH)
    for begin in range(0, len(order), lanes):
        stop = min(begin + lanes, len(order))
        fill(table, 0, index, values, samples, starts, order, begin, stop)
        forward(tape, at(table, ROW), at(table, ROW_END), index, values, gradients, edge, lanes)
        for t in range(stop - begin):
            fine = True
            for k in range(at(table, GUARDED), at(table, GUARDED_END), 5):
                a, b = at(guards, k + 1), at(guards, k + 2)
                fine = fine and holds(
                    at(guards, k),
                    at(values, a + t if a >= edge else a),
                    at(values, b + t if b >= edge else b),
                    at(guards, k + 3) != 0,
                    at(guards, k + 4) != 0,
                )
            good[begin + t] = fine
        keep(values, edge, outputs, 0, count, kept, begin, stop)


@part
def block(
    table: Any,
    p: int,
    tape: Any,
    index: Any,
    spans: Any,
    guards: Any,
    values: Any,
    gradients: Any,
    count: int,
    weight: float,
    losses: Any,
    first: int,
) -> int:
    """Forward and backward of the samples in a program's lanes; the lane whose guard fails, or -1."""
    edge, lanes, root = at(table, p + EDGE), at(table, p + BREADTH), at(table, p + ROOT)
    forward(tape, at(table, p + ROW), at(table, p + ROW_END), index, values, gradients, edge, lanes)
    if at(table, p + GUARDED) < at(table, p + GUARDED_END):
        lane = broken(guards, at(table, p + GUARDED), at(table, p + GUARDED_END), values, edge, count)
        if lane >= 0:
            return lane
    if root < 0:
        return -1
    for k in range(at(table, p + SPAN), at(table, p + SPAN_END), 2):
        clear(gradients, at(spans, k), at(spans, k + 1))
    for t in range(count):
        put(losses, first + t, at(values, root + t if root >= edge else root))
        if root >= edge:
            put(gradients, root + t, weight)
    if root < edge:
        put(gradients, root, at(gradients, root) + weight * count)
    backward(tape, at(table, p + ROW), at(table, p + ROW_END), index, values, gradients, edge, lanes)
    return -1


@part
def together(which: Any, order: Any, begin: int, end: int) -> int:
    """One past the last of the samples from `begin` on that one program serves."""
    program, stop = at(which, at(order, begin)), begin + 1
    while stop < end and at(which, at(order, stop)) == program:
        stop += 1
    return stop


@part
def batch(
    table: Any,
    tape: Any,
    index: Any,
    spans: Any,
    guards: Any,
    values: Any,
    gradients: Any,
    samples: Any,
    starts: Any,
    which: Any,
    order: Any,
    position: int,
    end: int,
    weight: float,
    losses: Any,
    filled: bool,
    outputs: Any,
    width: int,
    kept: Any,
) -> int:
    """Losses and the sum of the gradients of samples order[position:end], of one program after the other.

    Returns where in `order` a guard fails, or -1. `filled`: the samples are in their lanes already. Each
    sample's first `width` outputs go to `kept`.
    """
    clear(gradients, 0, at(table, OWN))
    begin = position
    while begin < end:
        p, stop = at(which, at(order, begin)) * FIELDS, together(which, order, begin, end)
        edge, lanes = at(table, p + EDGE), at(table, p + BREADTH)
        shared, own = at(table, p + ROW_SHARED), at(table, p + ROW)
        forward(tape, shared, own, index, values, gradients, edge, lanes)
        clear(gradients, at(table, p + OWN), edge)
        for first in range(begin, stop, lanes):
            last = min(first + lanes, stop)
            if not filled:
                fill(table, p, index, values, samples, starts, order, first, last)
            lane = block(
                table, p, tape, index, spans, guards, values, gradients,
                last - first, weight, losses, first - position,
            )  # fmt: skip
            if lane >= 0:
                return first + lane
            keep(values, edge, outputs, at(table, p + OUTPUT), width, kept, first, last)
        backward(tape, shared, own, index, values, gradients, edge, lanes)
        begin = stop
    return -1


@cached
def run(
    table: Any,
    tape: Any,
    index: Any,
    spans: Any,
    guards: Any,
    values: Any,
    gradients: Any,
    samples: Any,
    starts: Any,
    which: Any,
    order: Any,
    position: int,
    count: int,
    size: int,
    mean: bool,
    parameters: int,
    kind: int,
    plan: Any,
    settings: Any,
    state: Any,
    rates: Any,
    limit: int,
    losses: Any,
    sums: Any,
    steady: bool,
    outputs: Any,
    kept: Any,
    good: Any,
) -> Any:
    """Everything that Python asks for, in one function, so that it is compiled once.

    `limit` updates (see `updates`) on consecutive batches of `order`, which holds the `count` samples of an
    epoch and begins anew after the last: `size` samples each, the first one of sample number `position`.
    Sample i is served by program which[i]; its inputs begin at samples[starts[i]].
    Each batch's mean (or summed) loss goes to `sums`, its samples' losses to `losses`, the gradients stay in
    `gradients`, each sample's first outputs in `kept`, as many as it has room for. `steady`: every batch
    holds the same samples in the same lanes.
    Kind LOOK: only forward, see `passes`; kind NONE: gradients without an update.

    Returns (status, where in `order`, updates made); it stops before an update that a guard or a number that
    is not finite forbids.
    """
    if kind == LOOK:
        edge, lanes = at(table, EDGE), at(table, BREADTH)
        forward(tape, at(table, ROW_SHARED), at(table, ROW), index, values, gradients, edge, lanes)
        passes(table, tape, index, guards, values, gradients, samples, starts, order, outputs, kept, good)
        return OK, 0, 0
    made = 0
    while made < limit and len(order) > 0:
        begin = position % count
        end = min(begin + size, count)
        weight = 1.0 / (end - begin) if mean else 1.0
        failed = batch(
            table, tape, index, spans, guards, values, gradients, samples, starts, which, order,
            begin, end, weight, losses, steady and made > 0, outputs, len(kept) // len(order), kept,
        )  # fmt: skip
        if failed >= 0:
            return GUARD, failed, made
        loss = 0.0
        for t in range(end - begin):
            loss += at(losses, t)
        if kind != NONE:
            if not (finite(gradients, parameters) and loss * 0.0 == 0.0):
                return NOT_FINITE, begin, made
            update(values, gradients, plan, settings, state, rates, made)
        put(sums, made, loss * weight if mean else loss)
        made += 1
        position += end - begin
    return OK, 0, made
