"""Guards in memory: which lane is the first whose condition does not surely come out as recorded."""

import numpy as np
import pytest
from numba import njit

from autograd.replay.kernels import loops
from autograd.replay.ops import CODES
from autograd.replay.passes import codes

holds, broken = (njit(part.py_func) for part in (loops.holds, loops.broken))  # with doors for Python


@pytest.mark.parametrize(
    ("code", "a", "b", "outcome", "fine"),
    [
        (codes.GT, 2.0, 1.0, True, True),
        (codes.GT, 1.0, 2.0, True, False),
        (codes.GT, 1.0, 2.0, False, True),
        (codes.GE, 1.0, 1.0, True, True),
        (CODES["eq"], 1.0, 1.0, True, True),
        (CODES["eq"], 1.0, 2.0, True, False),
        (codes.GT, float("nan"), 1.0, False, True),
    ],
)
def test_a_condition_on_leaves_is_taken_at_its_word(code, a, b, outcome, fine):
    assert holds(code, a, b, outcome, True) is fine


def test_computed_sides_that_nearly_tie_are_left_to_the_reference():
    assert not holds(codes.GT, 1.0 + 1e-12, 1.0, True, False)
    assert holds(codes.GT, 1.0 + 1e-12, 1.0, True, True)


def test_the_first_failing_lane_of_all_guards_counts():
    values = np.array([0.5, *[1.0, 1.0, 0.0, 1.0], *[1.0, 0.0, 1.0, 1.0]])  # one number, two rows of four
    guards = np.array([[codes.GT, 1, 0, 1, 1], [codes.GT, 5, 0, 1, 1]], np.int64).ravel()
    assert broken(guards, 0, 10, values, 1, 4) == 1
    assert broken(guards, 0, 5, values, 1, 4) == 2
    assert broken(guards, 0, 5, values, 1, 2) == -1
