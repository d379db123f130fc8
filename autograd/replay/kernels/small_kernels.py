"""The kernel for tiny programs: sums of products, each with a function of the sum, on eight lanes or on four.

Everything such a program does has this one form, its backward pass too: what flows to a number is a sum of
products of what flows to others with what these were multiplied by; then comes the slope of the function
that made the number. So one loop without addresses to work out does both.

A step is `HEAD` numbers (kind, code, the place of its result, those of the number it is about and of what
this became, of two more operands), then the places of its pairs of factors, and -1.
"""

from __future__ import annotations

from typing import Any

from numba import types

from autograd import descent
from autograd.replay.formula import read
from autograd.replay.formula_source import NUMBERS
from autograd.replay.jit import addresses_of, cached
from autograd.replay.kernels.elementwise import (
    flow_of_sigmoid,
    flow_of_tanh,
    flow_to_first,
    flow_to_second,
    flow_to_third,
    value,
)
from autograd.replay.kernels.records import SmallMemory, Updates
from autograd.replay.kernels.updates import DECAY, PLAN, update
from autograd.replay.kernels.vector_functions import hyperbolic_tangent, logistic
from autograd.replay.kernels.vectors import (
    at,
    call_at,
    fill_row,
    fma,
    if_at_least,
    if_greater,
    load,
    magnitude,
    once,
    part,
    put,
    row,
    store,
    total,
)
from autograd.replay.ops import write
from autograd.replay.passes.codes import NONE, NOT_FINITE, OK

SUM, SIGMOID, TANH, RELU, SQUARE = range(5)  # the sum itself, and functions that have steps of their own
SIGMOID_FLOW, TANH_FLOW, RELU_FLOW, SQUARE_FLOW = range(5, 9)
VALUE, FIRST, SECOND, THIRD = range(9, 13)  # of any code
HEAD = 7
# a call for each update would be a fifth of XOR's time: SGD without momentum stands in the loop itself
PLAIN = read(
    descent.sgd, "sgd", {"lr": 0.1, "weight_decay": 0.0, "momentum": 0.0, "maximize": False}, (), ()
).later
SOURCE = f"def plain(x, g, group_lr, group_weight_decay):\n    return {write(PLAIN.new, NUMBERS)}\n"
_names: dict[str, Any] = {"__name__": __name__}  # its kernel is made of this module
exec(SOURCE, _names)  # noqa: S102 - made of an optimiser's formula
plain = once(_names["plain"])
NEAR_ONE = 0.999  # where 1 - y, and 1 - y * y, begin to lose digits


@once  # a call for every update would be a twentieth of XOR's time
def perform(steps: Any, memory: Any, rare: int, lanes: Any) -> None:
    """Do the steps, one after the other."""
    k, end = 0, len(steps)
    while k < end:
        kind, out = at(steps, k), at(steps, k + 2)
        s = row(memory, at(steps, k + HEAD), lanes) * row(memory, at(steps, k + HEAD + 1), lanes)
        j = k + HEAD + 2
        place = at(steps, j)
        while place >= 0:  # for few terms a loop that knows its end is the slower one
            s = fma(row(memory, place, lanes), row(memory, at(steps, j + 1), lanes), s)
            j += 2
            place = at(steps, j)
        if kind == SUM:
            store(memory, out, s)
        elif kind < SIGMOID_FLOW:
            store(memory, at(steps, k + 3), s)
            if kind == SIGMOID:
                y = logistic(s)
            elif kind == TANH:
                y = hyperbolic_tangent(s)
            elif kind == RELU:
                y = if_at_least(0.0, s, 0.0, s)
            else:
                y = s * s
            store(memory, out, y)
        elif kind < VALUE:
            a, y = row(memory, at(steps, k + 3), lanes), row(memory, at(steps, k + 4), lanes)
            if kind == SQUARE_FLOW:
                flow = (s + s) * a
            elif kind == RELU_FLOW:
                flow = if_greater(a, 0.0, s, 0.0)
            else:
                slope = y * (1.0 - y) if kind == SIGMOID_FLOW else 1.0 - y * y
                if not below(magnitude(y)):
                    flow = flow_of_sigmoid(a, y, s) if kind == SIGMOID_FLOW else flow_of_tanh(a, y, s)
                elif j == k + HEAD + 2:  # one pair: what flows here is known last and multiplied last
                    flow = row(memory, at(steps, k + HEAD), lanes) * (
                        row(memory, at(steps, k + HEAD + 1), lanes) * slope
                    )
                else:
                    flow = s * slope
            store(memory, out, flow)
        else:
            store(memory, out, s)
            call_at(rare, (steps, memory), (k, 0), ())
        k = j + 1


@part
def below(y: Any) -> bool:
    """Whether no lane is near one."""
    return total(if_greater(y, NEAR_ONE, magnitude(y), 0.0)) == 0.0


def rare_step(step: Any, memory: Any) -> None:
    """A step of any code, compiled where a program has one: its value, or what flows to one of its operands.

    The sum of its products lies in the place of its result.
    """
    kind, code, out, first = at(step, 0), at(step, 1), at(step, 2), at(step, 3)
    b, c, y = load(memory, at(step, 5)), load(memory, at(step, 6)), load(memory, at(step, 4))
    s = load(memory, out)
    if kind == VALUE:
        store(memory, first, s)
        store(memory, out, value(code, s, b, c))
    elif kind == FIRST:
        store(memory, out, flow_to_first(code, load(memory, first), b, c, y, s))
    elif kind == SECOND:
        store(memory, out, flow_to_second(code, load(memory, first), b, c, y, s))
    else:
        store(memory, out, flow_to_third(code, load(memory, first), b, c, y, s))


def rare_address() -> int:
    """The address of `rare_step`, compiled or loaded."""
    signature = types.void(types.CPointer(types.int32), types.CPointer(types.float64))
    return addresses_of([rare_step], signature, {"_nrt": False, "nopython": True})[rare_step]


@cached
def run_small(memory: Any, updates: Any) -> Any:
    """As `loops.run`, on samples that are in memory already.

    Args:
        memory: a `SmallMemory` as a plain tuple.
        updates: likewise `Updates`.
    """
    memory, updates = SmallMemory(*memory), Updates(*updates)
    rows, lanes, numbers, gradients = memory.rows, memory.lanes, memory.numbers, memory.gradients
    slopes, settings = memory.slopes, updates.settings
    for i in range(len(numbers)):
        fill_row(rows, len(lanes) * i, at(numbers, i), lanes)
    decay = at(updates.plan, DECAY) if len(updates.plan) == PLAN else -1
    made = 0
    while made < updates.limit:
        perform(memory.steps, rows, memory.rare, lanes)
        loss = total(row(rows, memory.root, lanes) * row(rows, memory.seed, lanes))
        lost = loss * 0.0  # what is not finite leaves nan here
        for i in range(len(gradients)):
            one, other = at(slopes, 2 * i), at(slopes, 2 * i + 1)
            g = total(row(rows, one, lanes) * row(rows, other, lanes))
            lost += g * 0.0
            put(gradients, i, g)
        if updates.kind != NONE:
            if lost != 0.0:
                return NOT_FINITE, 0, made
            if decay < 0:
                update(numbers, gradients, updates, made)
            elif len(updates.rates) > 0:
                put(settings, 0, at(updates.rates, made))
            for i in range(updates.parameters):
                x = at(numbers, i)
                if decay >= 0:
                    x = plain(x, at(gradients, i), at(settings, 0), at(settings, decay))
                    put(numbers, i, x)
                fill_row(rows, len(lanes) * i, x, lanes)
        put(updates.sums, made, loss)
        made += 1
    if decay >= 0 and made > 0:
        put(updates.state, len(updates.state) - 1, 1.0)
    return OK, 0, made
