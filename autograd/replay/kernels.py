"""The loops over a tape: forward, backward, one batch, a whole training run. Compiled once per machine.

Every array is one-dimensional. `values` and `gradients` share their addresses: parameters first, then what
is one number for all samples, then from `edge` on the rows of lanes.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from autograd.replay import codes, lane_kernels, node_kernels, runs
from autograd.replay.jit import cached
from autograd.replay.vectors import apart, at, load, put, splat, store, total

COLUMNS, LANES, LISTS, DOT, RUNS = codes.COLUMNS, codes.LANES, codes.LISTS, codes.DOT, codes.RUNS
GT, GE, EQ = codes.GT, codes.GE, codes.EQ
OK, GUARD, NOT_FINITE = codes.OK, codes.GUARD, codes.NOT_FINITE
SGD, MOMENTUM, ADAM, NONE, LOOK = codes.SGD, codes.MOMENTUM, codes.ADAM, codes.NONE, codes.LOOK
NEAR = 1e-10  # sides of a guard that are relatively nearer than this are left to the reference


@njit
def forward(tape: Any, index: Any, values: Any, edge: int, lanes: int) -> None:
    apart()
    for r in range(0, len(tape), COLUMNS):
        code = at(tape, r)
        if at(tape, r + LANES) != 0:
            if code < LISTS:
                lane_kernels.elementwise_forward(tape, r, index, values, edge, lanes)
            elif code == DOT:
                lane_kernels.dot_forward(tape, r, index, values, edge, lanes)
            else:
                lane_kernels.list_forward(tape, r, index, values, edge, lanes)
        elif code < LISTS:
            node_kernels.elementwise_forward(tape, r, index, values)
        elif code == RUNS:
            runs.forward(tape, r, index, values)
        elif code == DOT:
            node_kernels.dot_forward(tape, r, index, values)
        else:
            node_kernels.list_forward(tape, r, index, values)


@njit
def backward(tape: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    for r in range(len(tape) - COLUMNS, -1, -COLUMNS):
        code = at(tape, r)
        if at(tape, r + LANES) != 0:
            if code < LISTS:
                lane_kernels.elementwise_backward(tape, r, index, values, gradients, edge, lanes)
            elif code == DOT:
                lane_kernels.dot_backward(tape, r, index, values, gradients, edge, lanes)
            else:
                lane_kernels.list_backward(tape, r, index, values, gradients, edge, lanes)
        elif code < LISTS:
            node_kernels.elementwise_backward(tape, r, index, values, gradients)
        elif code == RUNS:
            runs.backward(tape, r, index, values, gradients)
        elif code == DOT:
            node_kernels.dot_backward(tape, r, index, values, gradients)
        else:
            node_kernels.list_backward(tape, r, index, values, gradients)


@njit
def holds(code: int, a: float, b: float, outcome: bool, exact: bool) -> bool:
    """Whether a comparison surely comes out as recorded: not when computed sides are too near to tell."""
    if not exact and abs(a - b) <= NEAR * (abs(a) + abs(b)):
        return False
    if code == GT:
        return (a > b) == outcome
    if code == GE:
        return (a >= b) == outcome
    return (a == b) == outcome


@njit
def broken(guards: Any, values: Any, edge: int, lanes: int) -> int:
    """The first lane in which a guard does not surely come out as recorded, or -1.

    A guard is five numbers: comparison, the addresses of both sides, the outcome, and whether both sides
    are leaves, whose numbers are no other than in Python.
    """
    worst = -1
    for k in range(0, len(guards), 5):
        code, a, b, outcome = at(guards, k), at(guards, k + 1), at(guards, k + 2), at(guards, k + 3) != 0
        exact = at(guards, k + 4) != 0
        for t in range(lanes if a >= edge or b >= edge else 1):
            left = at(values, a + t if a >= edge else a)
            right = at(values, b + t if b >= edge else b)
            if not holds(code, left, right, outcome, exact) and (worst < 0 or t < worst):
                worst = t
    return worst


@njit
def clear(array: Any, begin: int, end: int) -> None:
    whole = begin + (end - begin) // 8 * 8
    for i in range(begin, whole, 8):
        store(array, i, splat(0.0))
    for i in range(whole, end):
        put(array, i, 0.0)


@njit
def fill(
    values: Any, edge: int, lanes: int, samples: Any, inputs: int, order: Any, begin: int, end: int
) -> None:
    """Copy samples order[begin:end] into the lanes of the input rows; spare lanes repeat the last one."""
    for t in range(lanes):
        sample = at(order, min(begin + t, end - 1)) * inputs
        for k in range(inputs):
            put(values, edge + k * lanes + t, at(samples, sample + k))


@njit
def passes(
    tape: Any,
    index: Any,
    guards: Any,
    values: Any,
    edge: int,
    lanes: int,
    samples: Any,
    inputs: int,
    order: Any,
    outputs: Any,
    kept: Any,
    good: Any,
) -> None:
    """Forward over all samples of `order`: which of them pass the guards, and their outputs."""
    count = len(outputs)
    for begin in range(0, len(order), lanes):
        stop = min(begin + lanes, len(order))
        fill(values, edge, lanes, samples, inputs, order, begin, stop)
        forward(tape, index, values, edge, lanes)
        for t in range(stop - begin):
            fine = True
            for k in range(0, len(guards), 5):
                a, b = at(guards, k + 1), at(guards, k + 2)
                fine = fine and holds(
                    at(guards, k),
                    at(values, a + t if a >= edge else a),
                    at(values, b + t if b >= edge else b),
                    at(guards, k + 3) != 0,
                    at(guards, k + 4) != 0,
                )
            good[begin + t] = fine
            for k in range(count):
                o = at(outputs, k)
                put(kept, (begin + t) * count + k, at(values, o + t if o >= edge else o))


@njit
def block(
    tape: Any,
    index: Any,
    spans: Any,
    guards: Any,
    values: Any,
    gradients: Any,
    edge: int,
    lanes: int,
    count: int,
    root: int,
    weight: float,
    losses: Any,
    first: int,
) -> int:
    """Forward and backward of the samples in the lanes; the lane whose guard fails, or -1."""
    forward(tape, index, values, edge, lanes)
    if len(guards) > 0:
        lane = broken(guards, values, edge, count)
        if lane >= 0:
            return lane
    if root < 0:
        return -1
    for k in range(0, len(spans), 2):
        clear(gradients, at(spans, k), at(spans, k + 1))
    for t in range(count):
        put(losses, first + t, at(values, root + t if root >= edge else root))
        if root >= edge:
            put(gradients, root + t, weight)
    if root < edge:
        put(gradients, root, at(gradients, root) + weight * count)
    backward(tape, index, values, gradients, edge, lanes)
    return -1


@njit
def finite(gradients: Any, parameters: int) -> bool:
    """Whether all parameters' gradients are: a sum of x * 0 is 0 for finite x alone."""
    s = splat(0.0)
    whole = parameters // 8 * 8
    for i in range(0, whole, 8):
        s = s + load(gradients, i) * splat(0.0)
    rest = 0.0
    for i in range(whole, parameters):
        rest += at(gradients, i) * 0.0
    return total(s) + rest == 0.0


@njit
def update(
    values: Any, gradients: Any, parameters: int, kind: int, settings: Any, state: Any, rate: float, step: int
) -> None:
    """One step of SGD, momentum or Adam on the first `parameters` numbers.

    settings: momentum, dampening, nesterov, weight decay | beta1, beta2, eps, weight decay.
    """
    decay = at(settings, 3)
    if kind == SGD:
        for i in range(parameters):
            p = at(values, i)
            put(values, i, p - rate * (at(gradients, i) + decay * p))
    elif kind == MOMENTUM:
        mu, damp, nesterov = at(settings, 0), at(settings, 1), at(settings, 2)
        for i in range(parameters):
            p = at(values, i)
            g = at(gradients, i) + decay * p
            m = g if step == 0 else mu * at(state, i) + (1.0 - damp) * g
            put(state, i, m)
            put(values, i, p - rate * (g + mu * m if nesterov != 0.0 else m))
    else:
        beta1, beta2, eps = at(settings, 0), at(settings, 1), at(settings, 2)
        first, second = 1.0 - beta1 ** (step + 1), 1.0 - beta2 ** (step + 1)
        for i in range(parameters):
            p = at(values, i)
            g = at(gradients, i) + decay * p
            m = beta1 * at(state, i) + (1.0 - beta1) * g
            v = beta2 * at(state, parameters + i) + (1.0 - beta2) * (g * g)
            put(state, i, m)
            put(state, parameters + i, v)
            put(values, i, p - rate * (m / first) / (math.sqrt(v / second) + eps))


@cached
def run(
    shared: Any,
    tape: Any,
    index: Any,
    spans: Any,
    guards: Any,
    values: Any,
    gradients: Any,
    edge: int,
    lanes: int,
    samples: Any,
    inputs: int,
    order: Any,
    position: int,
    count: int,
    size: int,
    root: int,
    mean: bool,
    parameters: int,
    kind: int,
    settings: Any,
    state: Any,
    rates: Any,
    step: int,
    limit: int,
    losses: Any,
    sums: Any,
    steady: bool,
    outputs: Any,
    kept: Any,
    good: Any,
) -> Any:
    """Everything that Python asks for, in one function, so that it is compiled once.

    Update after update (by `kind`) on consecutive batches of `order`, at most `limit`, `size` samples each,
     `count` an epoch; each batch's mean (or summed) loss goes to `sums`, its samples' losses to `losses`,
    the gradients stay in `gradients`. `steady`: every batch holds the same samples in the same lanes.
    Kind LOOK: only forward, see `passes`; kind NONE: gradients without an update.

    Returns (status, where in `order`, updates made); it stops before an update that a guard or a number that
    is not finite forbids.
    """
    made = 0
    while made < limit and position < len(order):
        end = min(position + size, (position // count + 1) * count)
        weight = 1.0 / (end - position) if mean else 1.0
        forward(shared, index, values, edge, lanes)
        if kind == LOOK:
            passes(tape, index, guards, values, edge, lanes, samples, inputs, order, outputs, kept, good)
            return OK, 0, 0
        clear(gradients, 0, edge)
        for begin in range(position, end, lanes):
            stop = min(begin + lanes, end)
            if not (steady and made > 0):
                fill(values, edge, lanes, samples, inputs, order, begin, stop)
            lane = block(
                tape,
                index,
                spans,
                guards,
                values,
                gradients,
                edge,
                lanes,
                stop - begin,
                root,
                weight,
                losses,
                begin - position,
            )
            if lane >= 0:
                return GUARD, begin + lane, made
        backward(shared, index, values, gradients, edge, lanes)
        loss = 0.0
        for t in range(end - position):
            loss += at(losses, t)
        if kind != NONE:
            if not (finite(gradients, parameters) and loss * 0.0 == 0.0):
                return NOT_FINITE, position, made
            update(values, gradients, parameters, kind, settings, state, at(rates, made), step + made)
        put(sums, made, loss * weight if mean else loss)
        made += 1
        position = end
    return OK, position, made
