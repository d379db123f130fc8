"""What rounding may do to a replay, and what is more than that."""

import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.tolerance import near, scales
from autograd.replay.variant import Variant


def recorded(function, w, *arguments) -> Variant:
    f = record(function, [w], backend="python")
    for _ in range(4):
        f(*arguments)
    return f.program.variant


def test_near_measures_by_the_largest_number():
    assert near([1.0, 1e-20, float("nan"), float("inf")], [1.0 + 1e-12, 0.0, float("nan"), float("inf")])
    assert not near([1.0], [1.0 + 1e-10])
    assert near([1.0], [1.0 + 1e-10], 100.0)
    assert not near([1.0], [float("nan")])
    assert not near([1.0], [1.0, 1.0])


@pytest.mark.parametrize("factor", [1e-6, 1.0, 1e6])
def test_at_the_very_minimum_a_rounding_of_the_terms_is_no_difference(factor):
    w = Value(factor / 7.0)
    variant = recorded(lambda x: (w * x - 3.0 * factor / 7.0) ** 2, w, 3.1)
    numbers = variant.numbers([3.0])
    rounding = (2e-16 * factor) ** 2
    assert near([0.0], [rounding], scales(variant, numbers)[0])
    assert not near([0.0], [(1e-9 * factor) ** 2], scales(variant, numbers)[0])
    numbers = variant.numbers([4.0])
    loss = variant.program.run(numbers)[variant.program.root]
    assert not near([loss], [loss * (1 + 1e-8)], scales(variant, numbers)[0])


def test_terms_that_cancel_to_their_last_digits_leave_room_for_these():
    w = Value(30.0)
    variant = recorded(lambda x: ag.softplus(w * x) - w * x, w, 1.1)
    loss, gradient = scales(variant, variant.numbers([1.1]))
    assert 66.0 < loss < 300.0  # both terms are 33, and one is computed from the other
    assert gradient == pytest.approx(2.2, rel=1e-6)  # and both slopes 1.1


def test_an_index_is_no_number_to_be_shaken():
    w = Value(2.0)
    variant = recorded(lambda k: w * ag.pick([1.0, 1e30], k), w, 1)
    assert scales(variant, variant.numbers([0.0]))[0] < 100.0
