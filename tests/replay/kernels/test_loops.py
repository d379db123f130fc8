"""The loops over tapes: guards in memory, and the records that the loops are called with."""

import inspect
import re

import numpy as np
import pytest
from numba import njit

from autograd import Value, record
from autograd.replay.kernels import loops, small_kernels, updates
from autograd.replay.kernels.records import Batches, Memory, SmallMemory, Updates
from autograd.replay.ops import CODES
from autograd.replay.passes import codes

holds, all_hold = (njit(part.py_func) for part in (loops.holds, loops.all_hold))  # with doors for Python


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


def test_every_lane_is_held_to_all_guards():
    values = np.array([0.5, *[1.0, 1.0, 0.0, 1.0], *[1.0, 0.0, 1.0, 1.0]])  # one number, two rows of four
    guards = np.array([[codes.GT, 1, 0, 1, 1], [codes.GT, 5, 0, 1, 1]], np.int64).ravel()
    nothing = np.zeros(0, np.int64)
    table = np.zeros(codes.FIELDS, np.int64)
    memory = Memory(table, nothing, nothing, nothing, guards, nothing, values, values)
    table[codes.EDGE] = 1
    for end, fine in ((10, [True, False, False, True]), (5, [True, True, False, True])):
        table[codes.GUARDED_END] = end
        assert [all_hold(memory, 0, t) for t in range(4)] == fine


def test_calls_batches_and_trainings_are_served_by_one_compiled_function():
    w = [Value(0.5), Value(-0.25)]
    fast = record(lambda x: (w[0] * x).tanh() if x > 0 else w[1] * x, params=w, backend="numba")
    for x in (1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 4.0, -4.0):
        fast(x)
    kernels = set(loops.run.signatures)
    assert len(kernels) == 1
    columns = [1.0, -1.0, 0.5, -0.5, 2.0]
    fast.batch(columns)
    for optimizer in ("sgd", "adam"):
        for settings in (
            {"batch_size": 1},
            {"batch_size": 2, "shuffle": True},
            {"lr": lambda step: 0.1 / (1 + step)},
        ):
            fast.train(columns, epochs=2, optimizer=optimizer, **{"lr": 0.1, **settings})
    assert set(loops.run.signatures) == kernels


@pytest.mark.parametrize("record_of", [Memory, SmallMemory, Batches, Updates])
def test_every_field_of_a_record_is_read_by_a_kernel(record_of):
    """So that nothing is handed over that nobody wants."""
    sources = "".join(inspect.getsource(module) for module in (loops, small_kernels, updates))
    assert [name for name in record_of._fields if not re.search(rf"\.{name}\b", sources)] == []
