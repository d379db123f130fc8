"""When two numbers are one but for rounding: replay computes the same sums in another order."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from autograd.program import local_derivatives
from autograd.replay.replaying import slots_at
from autograd.replay.variant import Variant

NEAR = 1e-11  # of the largest number compared: sums in another order differ in their last digits
HAIR = 1e-13  # relative: some hundred times what rounding does to a number


def near(want: Sequence[float], have: Sequence[float], scale: float = 0.0) -> bool:
    """Whether two lists of numbers are equal but for rounding, nan and inf in the same places.

    Args:
        want: the numbers.
        have: the others.
        scale: what rounding is measured by, where that is more than the largest of them.
    """
    scale = max([scale, *[abs(x) for x in want if math.isfinite(x)]])
    return len(want) == len(have) and all(
        x == y or (x != x and y != y) or (math.isfinite(y) and abs(x - y) <= NEAR * scale)
        for x, y in zip(want, have)
    )


def scales(variant: Variant, numbers: Sequence[float]) -> tuple[float, float]:
    """What rounding in a program's loss and in its gradients is measured by, given the numbers of its leaves.

    Where terms nearly cancel, a result is smaller than the rounding of its terms, and no digit of it need be
    right. So each result counts with its size times what its changes do to the loss, as if all these added
    up; at numbers a hair beside, since at the very minimum nothing changes the loss.
    """
    draw, loss, gradient = random.Random(0), 0.0, 0.0
    hairs = [draw.choice((-HAIR, HAIR)) * draw.uniform(0.5, 1.5) for _ in numbers]
    for sign in (1.0, -1.0):
        beside = [
            x if same or x % 1.0 == 0.0 else x * (1.0 + sign * hair)  # whole numbers may be indices
            for x, same, hair in zip(numbers, variant.known, hairs)
        ]
        slots = slots_at(variant.program, beside)
        weights = _weights(variant, slots)
        loss = max(loss, math.fsum(x for x in map(_size, slots, weights) if math.isfinite(x)))
        gradient = max([gradient, *[w for w in map(weights.__getitem__, variant.wanted) if math.isfinite(w)]])
    return loss, gradient


def _size(number: float, weight: float) -> float:
    return abs(number) * weight


def _weights(variant: Variant, slots: Sequence[float]) -> list[float]:
    """The backward pass with all that flows counted as positive."""
    program, found = variant.program, [0.0] * len(slots)
    if program.root < 0:
        return found
    found[program.root] = 1.0
    for slot, op, places in reversed([*program.instructions()]):
        if not found[slot]:
            continue
        for i, local in zip(places, local_derivatives(op, [slots[k] for k in places], slots[slot])):
            found[i] += abs(found[slot] * local) if local else 0.0
    return found
