"""The kernels that look at guards: whether what was recorded may stand for the samples in memory."""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels.vectors import at
from autograd.replay.passes.codes import GE, GT

NEAR = 1e-10  # sides of a guard that are relatively nearer than this are left to the reference


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
