"""A comparison with the function proves what has moved; what moves later is compared later."""

import pytest

import autograd as ag
from autograd import Value
from autograd.replay.capture.probe import DATA, Probe
from autograd.replay.capture.variant import MOST_EXTRA
from tests.replay.twins import BACKENDS, check_batch, check_training, near, outcome, replays_of


def unseen(x):
    """A number, read in a way that no recording sees: it slips into the program as a constant."""
    return DATA.__get__(x.node) if isinstance(x, Probe) else DATA.__get__(x) if isinstance(x, Value) else x


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_parameter_that_moves_later_than_another_is_compared_then(backend):
    a, b = Value(2.0), Value(3.0)
    plain = lambda x: a * x * unseen(b)
    fast = ag.record(plain, [a, b], backend=backend)
    for i in range(12):
        a.data, b.data = 2.0 + max(0, i - 2), -3.0 if i >= 6 else 3.0
        want = outcome(plain, [a, b], (1.0 + i,), backward=True)
        assert outcome(fast, [a, b], (1.0 + i,)) == want
    assert fast.replays > 0
    assert fast.learned.left_alone


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_input_that_moves_later_than_another_is_compared_then(backend):
    calls = [(1.0 + i, 2.0 if i < 6 else 5.0) for i in range(12)]
    assert replays_of(lambda w: lambda x, y: w[0] * x * unseen(y), calls, backend) > 0


@pytest.mark.parametrize("backend", BACKENDS)
def test_zero_and_minus_zero_are_two_numbers_to_a_comparison(backend):
    calls = [(1.0 + i, 0.0 if i < 6 else -0.0) for i in range(12)]
    make = lambda w: lambda x, y: w[0] * x + ag.atan2(unseen(y), -1.0) * w[1]
    assert replays_of(make, calls, backend) > 0


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_column_that_moves_in_the_middle_of_a_batch_is_compared(backend):
    calls = [(1.0 + i, 5.0 if i in (17, 23) else 2.0) for i in range(40)]
    check_batch(lambda w: lambda x, y: w[0] * x * unseen(y), calls, backend)
    check_training(lambda w: lambda x, y: (w[0] * x * unseen(y) - y) ** 2 * 0.01, calls, backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_parameter_that_moves_late_in_a_training_is_compared_then(backend):
    """The second parameter stays until the first has come down to 1."""

    def make(w):
        return lambda x: w[0] * x + ag.relu(1.0 - w[0]) * w[1] * 40.0 + unseen(w[1]) * w[0]

    check_training(make, [(1.0 + 0.1 * i,) for i in range(5)], backend, epochs=30)


def test_slots_that_move_one_by_one_cost_few_comparisons():
    w = Value(1.5)
    loss = ag.record(lambda xs: ag.sum([w * x for x in xs]), [w], backend="python", audit=False)
    xs = [1.0] * 60
    for i in range(60):
        xs[i] = 2.0 + i
        assert near(loss(xs).data, w.data * sum(xs))
    assert 60 - loss.replays <= 3 + MOST_EXTRA


def test_a_number_that_a_guard_holds_fast_is_waited_for_no_longer():
    w = Value(1.5)
    loss = ag.record(lambda x, k: w * x * float(k), [w], backend="python")
    for i in range(20):
        loss(1.0 + i, i % 2)
    variants = [v for variants in loss.learned.variants.values() for v in variants]
    assert all(not v.inputs.slots for v in variants)
    assert len(variants) == 2


def test_an_input_that_a_branch_holds_fast_is_waited_for_no_longer_either():
    w = Value(1.5)
    loss = ag.record(lambda x, y: w * x if y > 0.5 else w * x * x, [w], backend="python", audit=False)
    for i in range(80):
        assert near(loss(1.0 + i, float(i % 2)).data, 1.5 * (1.0 + i) ** (1 if i % 2 else 2))
    variants = [v for variants in loss.learned.variants.values() for v in variants]
    assert all(not v.inputs.slots for v in variants)
