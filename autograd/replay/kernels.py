"""The loops over a tape: forward, backward, one batch, a whole training run. Compiled once per machine.

Every array is one-dimensional. `values` and `gradients` share their addresses: parameters first, then what
is one number for all samples, then from `edge` on the rows of lanes.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

from autograd.replay import codes, lane_kernels, node_kernels
from autograd.replay.vectors import at, load, put, splat, store, total

COLUMNS, LANES, LISTS, DOT = codes.COLUMNS, codes.LANES, codes.LISTS, codes.DOT
GT, GE, EQ = codes.GT, codes.GE, codes.EQ
OK, GUARD, NOT_FINITE = 0, 1, 2
SGD, MOMENTUM, ADAM = 0, 1, 2
NEAR = 1e-10  # sides of a guard that are relatively nearer than this are left to the reference


@njit(cache=True)
def forward(tape: Any, index: Any, values: Any, edge: int, lanes: int) -> None:
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
        elif code == DOT:
            node_kernels.dot_forward(tape, r, index, values)
        else:
            node_kernels.list_forward(tape, r, index, values)


@njit(cache=True)
def backward(tape: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
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
        elif code == DOT:
            node_kernels.dot_backward(tape, r, index, values, gradients)
        else:
            node_kernels.list_backward(tape, r, index, values, gradients)


@njit(cache=True)
def holds(code: int, a: float, b: float, outcome: bool, exact: bool) -> bool:
    """Whether a comparison surely comes out as recorded: not when computed sides are too near to tell."""
    if not exact and abs(a - b) <= NEAR * (abs(a) + abs(b)):
        return False
    if code == GT:
        return (a > b) == outcome
    if code == GE:
        return (a >= b) == outcome
    return (a == b) == outcome


@njit(cache=True)
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


@njit(cache=True)
def clear(array: Any, begin: int, end: int) -> None:
    whole = begin + (end - begin) // 8 * 8
    for i in range(begin, whole, 8):
        store(array, i, splat(0.0))
    for i in range(whole, end):
        put(array, i, 0.0)


@njit(cache=True)
def fill(values: Any, edge: int, lanes: int, samples: Any, inputs: int, order: Any, begin: int, end: int) -> None:
    """Copy samples order[begin:end] into the lanes of the input rows; spare lanes repeat the last one."""
    for t in range(lanes):
        sample = at(order, min(begin + t, end - 1)) * inputs
        for k in range(inputs):
            put(values, edge + k * lanes + t, at(samples, sample + k))


@njit(cache=True)
def batch(shared: Any, tape: Any, index: Any, spans: Any, guards: Any, values: Any, gradients: Any, edge: int, lanes: int,
          samples: Any, inputs: int, order: Any, begin: int, end: int, root: int, weight: float,
          losses: Any, keep: bool) -> Any:
    """Losses and the weighted sum of the gradients of samples order[begin:end].

    Returns (status, position, sum of the losses); at GUARD, the position in `order` whose guard failed,
    with nothing of use in `gradients`. `keep`: the input rows hold these samples already.
    """
    forward(shared, index, values, edge, lanes)
    clear(gradients, 0, edge)
    total_loss = 0.0
    for at_sample in range(begin, end, lanes):
        stop = min(at_sample + lanes, end)
        if not keep:
            fill(values, edge, lanes, samples, inputs, order, at_sample, stop)
        forward(tape, index, values, edge, lanes)
        if len(guards) > 0:
            lane = broken(guards, values, edge, lanes)
            if 0 <= lane < stop - at_sample:
                return GUARD, at_sample + lane, total_loss
        for k in range(0, len(spans), 2):
            clear(gradients, at(spans, k), at(spans, k + 1))
        if root >= edge:
            for t in range(stop - at_sample):
                put(gradients, root + t, weight)
                loss = at(values, root + t)
                total_loss += loss
                put(losses, at_sample - begin + t, loss)
        else:
            loss = at(values, root)
            for t in range(stop - at_sample):
                put(losses, at_sample - begin + t, loss)
                total_loss += loss
            put(gradients, root, at(gradients, root) + weight * (stop - at_sample))
        backward(tape, index, values, gradients, edge, lanes)
    backward(shared, index, values, gradients, edge, lanes)
    return OK, 0, total_loss


@njit(cache=True)
def single(tape: Any, index: Any, guards: Any, values: Any, gradients: Any, root: int) -> int:
    """Forward, guards and backward of a program without a batch."""
    forward(tape, index, values, len(values), 8)
    if broken(guards, values, len(values), 1) >= 0:
        return GUARD
    if root >= 0:
        clear(gradients, 0, len(gradients))
        put(gradients, root, 1.0)
        backward(tape, index, values, gradients, len(values), 8)
    return OK


@njit(cache=True)
def passes(shared: Any, tape: Any, index: Any, guards: Any, values: Any, edge: int, lanes: int, samples: Any,
           inputs: int, order: Any, outputs: Any, kept: Any, good: Any) -> None:
    """Forward over all samples of `order`: which of them pass the guards, and their outputs."""
    forward(shared, index, values, edge, lanes)
    count = len(outputs)
    for begin in range(0, len(order), lanes):
        stop = min(begin + lanes, len(order))
        fill(values, edge, lanes, samples, inputs, order, begin, stop)
        forward(tape, index, values, edge, lanes)
        for t in range(stop - begin):
            fine = True
            for k in range(0, len(guards), 5):
                a, b = at(guards, k + 1), at(guards, k + 2)
                fine = fine and holds(at(guards, k), at(values, a + t if a >= edge else a),
                                      at(values, b + t if b >= edge else b),
                                      at(guards, k + 3) != 0, at(guards, k + 4) != 0)
            good[begin + t] = fine
            for k in range(count):
                o = at(outputs, k)
                put(kept, (begin + t) * count + k, at(values, o + t if o >= edge else o))


@njit(cache=True)
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


@njit(cache=True)
def update(values: Any, gradients: Any, parameters: int, kind: int, settings: Any, state: Any, rate: float,
           step: int) -> None:
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


@njit(cache=True)
def train(shared: Any, tape: Any, index: Any, spans: Any, guards: Any, values: Any, gradients: Any, edge: int, lanes: int,
          samples: Any, inputs: int, order: Any, position: int, count: int, size: int, root: int, mean: bool,
          parameters: int, kind: int, settings: Any, state: Any, rates: Any, step: int, limit: int,
          losses: Any, sums: Any, steady: bool) -> Any:
    """Update after update on consecutive batches of `order`, `limit` of them at most, `count` samples an epoch.

    `steady`: every batch holds the same samples in the same lanes. Writes each batch's mean (or summed) loss to `sums`. Returns (status, where in `order`, updates made);
    it stops before an update that a guard or a number that is not finite forbids.
    """
    made = 0
    while made < limit and position < len(order):
        end = min(position + size, (position // count + 1) * count)
        weight = 1.0 / (end - position) if mean else 1.0
        status, place, total_loss = batch(shared, tape, index, spans, guards, values, gradients, edge, lanes, samples,
                                          inputs, order, position, end, root, weight, losses, steady and made > 0)
        if status != OK:
            return status, place, made
        if not (finite(gradients, parameters) and total_loss * 0.0 == 0.0):
            return NOT_FINITE, position, made
        update(values, gradients, parameters, kind, settings, state, at(rates, made), step + made)
        put(sums, made, total_loss * weight if mean else total_loss)
        made += 1
        position = end
    return OK, position, made
