"""What an update does to all parameters, eight at a time, whatever the optimiser.

What it does to each is a function made of the optimiser's formula (`executors.numba_updates`), called by its
address.
"""

from __future__ import annotations

import math
from typing import Any

from autograd.replay.kernels import elementwise, vector_functions, vectors
from autograd.replay.kernels.parts import keep, some
from autograd.replay.kernels.records import Updates
from autograd.replay.kernels.vectors import at, call_at, if_greater, load, magnitude, part, put, splat, total

# a group of parameters in a plan: the addresses of its first update's function and of all others', its first
# parameter, how many these are, and where in `state` and `settings` its numbers begin
# (and, for SGD without momentum, where the weight decay is among these; else -1)
FIRST, LATER, BEGIN, COUNT, STATE, SETTINGS, DECAY = range(7)
PLAN = 7
TINY = 2.2250738585072014e-308  # the least float of all digits


@part
def normal(v: Any) -> Any:
    """What v holds, and 0 for numbers so small that they lose digits, which slow a processor down.

    What is remembered of a parameter that gets no gradient any more would become such a number and stay it.
    """
    return if_greater(TINY, magnitude(v), 0.0, v)


@part
def finite(gradients: Any, parameters: int) -> bool:
    """Whether all parameters' gradients are: a sum of x * 0 is 0 for finite x alone."""
    zero = splat(0.0)
    s = t = zero
    whole = parameters // 16 * 16
    for i in range(0, whole, 16):
        s = s + load(gradients, i) * zero
        t = t + load(gradients, i + 8) * zero
    rest = 0.0
    for i in range(whole, parameters):
        rest += at(gradients, i) * 0.0
    return total(s + t) + rest == 0.0


@part
def update(values: Any, gradients: Any, updates: Updates, made: int) -> None:
    """One step of an optimiser, group after group; the last number in `state` is 1 once there was one."""
    plan, settings, state, rates = updates.plan, updates.settings, updates.state, updates.rates
    begun = len(state) - 1
    which = FIRST if at(state, begun) == 0.0 else LATER
    for k in range(0, len(plan), PLAN):
        first = at(plan, k + SETTINGS)
        if len(rates) > 0:
            put(settings, first, at(rates, made))
        begin, remembered = at(plan, k + BEGIN), at(plan, k + STATE)
        arrays, places = (values, gradients, state, settings), (begin, begin, remembered, first)
        call_at(at(plan, k + which), arrays, places, (at(plan, k + COUNT),))
    put(state, begun, 1.0)


# what the functions made of formulas may call
CALLED = {
    **vars(vectors), **vars(vector_functions), **vars(elementwise), "root": vector_functions.square_root,
    "normal": normal, "some": some, "keep": keep, "sqrt": math.sqrt, "exp": math.exp, "log": math.log,
}  # fmt: skip
