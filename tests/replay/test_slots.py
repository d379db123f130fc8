"""The slots of many Values in arrays: what a loop over pointers reads and writes is what Python does."""

import sys
from collections import deque

import numpy as np
import pytest

from autograd import UNSET, Value
from autograd.replay.slots import MANY, Slots

DATA, GRAD = Value.__dict__["data"], Value.__dict__["grad"]
ODD = [0.0, -0.0, float("nan"), float("inf"), 5e-324, 1e300, 2.0**53 + 1]


class Longer(Value):
    """A Value with more slots than a Value."""

    __slots__ = ("more",)


@pytest.fixture(params=["loop", "Python"])
def slots(request, monkeypatch):
    """Give the slots of many Values, as the compiled loop has them, or Python itself."""
    if request.param != "loop":
        monkeypatch.setattr("autograd.replay.slots.MANY", 10**9)
    made = Slots([(Longer if i % 3 else Value)(float(i)) for i in range(MANY)])
    if request.param == "loop" and sys.implementation.name == "cpython":
        assert made._place(DATA)
        assert made._place(GRAD)
    return made


def bits(numbers):
    return [x.hex() for x in numbers]


def test_what_stands_there_is_read_bit_by_bit(slots):
    for value, x in zip(slots.values, ODD):
        value.data = x
    assert bits(slots.read(DATA)) == bits(value.data for value in slots.values)
    assert bits(slots.read(GRAD)) == bits([0.0] * MANY)


def test_what_is_written_stands_there_bit_by_bit_and_nowhere_else(slots):
    numbers = np.array([*ODD, *range(MANY - len(ODD))], float)
    slots.write(GRAD, numbers)
    assert bits(value.grad for value in slots.values) == bits(numbers)
    assert [value.data for value in slots.values] == [*map(float, range(MANY))]
    assert {type(value.grad) for value in slots.values} == {float}


def test_writing_waits_until_somebody_goes_through_it(slots):
    steps = slots.writing(DATA, np.zeros(MANY))
    assert slots.values[3].data == 3.0
    deque(steps, maxlen=0)
    assert {value.data for value in slots.values} == {0.0}


@pytest.mark.parametrize("other", [None, 1, True, np.float64(2.0), "x", object()])
def test_what_is_no_float_is_left_to_whoever_asks(slots, other):
    slots.values[MANY // 2].grad = other
    assert slots.read(GRAD) is None
    slots.write(GRAD, np.ones(MANY))
    assert slots.read(GRAD).tolist() == [1.0] * MANY


def test_a_slot_that_was_deleted_may_be_written_again(slots):
    del slots.values[1].grad
    try:
        assert slots.read(GRAD) is None
    except AttributeError:
        assert not slots._place(GRAD)
    slots.write(GRAD, np.ones(MANY))
    assert slots.values[1].grad == 1.0


def test_an_object_is_known_again_and_no_equal_one(slots):
    assert slots.holding(GRAD, UNSET).all()
    slots.values[7].grad = 0.0
    assert np.flatnonzero(~slots.holding(GRAD, UNSET)).tolist() == [7]
    slots.write(GRAD, np.zeros(MANY))
    assert not slots.holding(GRAD, UNSET).any()


def test_who_held_a_number_keeps_it(slots):
    held = [value.data for value in slots.values]
    before = [*map(sys.getrefcount, held)]
    for k in range(5):
        slots.write(DATA, np.full(MANY, 1000.5 + k))
    assert held == [*map(float, range(MANY))]
    assert [*map(sys.getrefcount, held)] == [count - 1 for count in before]


def test_references_are_counted_as_python_counts_them(slots):
    mark, before = object(), sys.getrefcount(UNSET)
    counted = sys.getrefcount(mark)
    for value in slots.values:
        value.grad = mark
    slots.write(GRAD, np.ones(MANY))
    assert sys.getrefcount(mark) == counted
    assert sys.getrefcount(UNSET) == before - MANY


def test_a_thousand_rounds_leave_no_object_behind(slots):
    def rounds(count):
        for k in range(count):
            slots.write(DATA, np.full(MANY, 0.5 + k))
            slots.write(GRAD, slots.read(DATA))
            slots.holding(GRAD, UNSET)
        return sys.getallocatedblocks()

    rounds(10)
    assert rounds(1000) - rounds(10) < 50
