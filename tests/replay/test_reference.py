"""Large programs: the slots and gradients of the reference and of `backward`, bit for bit."""

import pytest

import autograd as ag
from autograd import Program, Value, record
from autograd.replay import reference
from autograd.replay.capture import recorded_run
from tests.replay.capture.test_flattening import random_run


@pytest.mark.parametrize("seed", range(25))
def test_gradients_have_the_bits_of_backward(seed):
    leaves = [Value(0.1 * k + 0.3) for k in range(5)]
    root, others = random_run(seed, leaves, size=150)
    program = Program.of(root, others, leaves)
    root.backward()
    assert reference.gradients(program)[:5].tolist() == [leaf.grad for leaf in leaves]


@pytest.mark.parametrize("seed", range(25))
def test_other_numbers_give_the_slots_and_gradients_of_the_reference(seed, monkeypatch):
    monkeypatch.setattr(reference, "LARGE", 0)
    leaves = [Value(0.1 * k + 0.3) for k in range(5)]
    program = Program.of(*random_run(seed, leaves, size=150), leaves)
    numbers = [0.2 - 0.1 * k for k in range(5)] + list(program.recorded[5 : len(program.leaves)])
    slots = reference.slots_at(program, numbers)
    assert slots == program.run(numbers)
    assert reference.gradients_at(program, slots) == program.gradients(slots)


def test_a_rule_that_python_refuses_follows_ieee():
    x, y = Value(0.0), Value(4.0)
    program = Program.of(ag.sqrt(x) + ag.sqrt(y), leaves=[x, y])
    assert reference.gradients(program)[:2].tolist() == [float("inf"), 0.25]


def test_what_is_nan_is_left_to_backward():
    x = Value(0.0)
    program = Program.of(0.0 * ag.sqrt(x), leaves=[x])
    assert reference.gradients(program) is None
    assert not reference.hand_out(program)
    assert x.grad == 0.0


def test_handing_out_adds_to_the_grad_of_leaves_that_want_one():
    x, c = Value(3.0), Value(5.0, requires_grad=False)
    x.grad = 1.0
    assert reference.hand_out(Program.of(x * c, leaves=[x, c]))
    assert (x.grad, c.grad) == (6.0, 0.0)


def test_the_first_call_of_a_large_function_adds_what_backward_adds(monkeypatch):
    monkeypatch.setattr(recorded_run, "LARGE", 0)
    leaves = [Value(0.1 * k + 0.3) for k in range(5)]
    fast = record(lambda x: random_run(3, leaves)[0] * x, params=leaves)
    fast(1.5)
    found = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = 0.0
    fast.function(1.5).backward()
    assert found == [leaf.grad for leaf in leaves]
