"""Where on a tape parameters lie, what is there before its first row, and under which conditions it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.replay.capture.variant import Variant
from autograd.replay.executors.numpy_executor import COMPARE
from autograd.replay.passes.tape import Tape
from autograd.value import Value


def slots_of(variant: Variant, leaves: Sequence[Value]) -> list[int]:
    """For each parameter its slot in a variant's program; -1 for one that this program does not read."""
    place = dict(zip(map(id, variant.kept), variant.wanted))
    return [place.get(id(leaf), -1) for leaf in leaves]


def places_of(variant: Variant, tape: Tape, leaves: Sequence[Value]) -> Any:
    """For each parameter its place on a tape, and one more; -1: there is none."""
    slots = np.array([*slots_of(variant, leaves), -1])
    return np.where(slots >= 0, tape.place[slots], -1).astype(np.int64)


def start_of(variant: Variant, tape: Tape) -> Any:
    """What lies on a tape before its first row, where it is neither parameter nor input."""
    numbers, now = tape.start.copy(), variant.numbers([0.0] * len(variant.given))
    for slot in variant.read:
        if tape.place[slot] >= 0:
            numbers[tape.place[slot]] = now[slot]
    return numbers


def guards_of(variant: Variant, tape: Tape, leaves: Sequence[Value]) -> list[tuple[str, int, int, bool, str]]:
    """(comparison, place of each side, outcome, line) of the conditions, each once.

    What compares constants, as derivatives inside the function do, and comes out as recorded, says nothing.
    """
    numbers = start_of(variant, tape)
    varying = {*places_of(variant, tape, leaves).tolist(), *tape.place[list(variant.given)].tolist()}
    found: dict[Any, tuple[str, int, int, bool, str]] = {}
    for code, left, right, outcome, line in variant.guards:
        places = int(tape.place[left]), int(tape.place[right])
        fixed = [numbers[p] if p < len(numbers) and p not in varying else None for p in places]
        if None in fixed or COMPARE[code](*fixed) != outcome:
            same = (code, outcome, *(p if x is None else f"{x}" for p, x in zip(places, fixed)))
            found.setdefault(same, (code, *places, outcome, str(line)))
    return [*found.values()]
