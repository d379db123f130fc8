"""`nudge`: the predicted change and the real one."""

import pytest

from autograd import Value, nudge


def test_the_error_shrinks_faster_than_the_nudge():
    x = Value(3.0)
    y = x * x - 3 * x + 4
    told = nudge(y, x, (0.1, 0.01, 0.001))
    assert [round(change.slope, 9) for change in told.changes] == [3.1, 3.01, 3.001]
    assert "the gradient is the slope" in str(told)
    assert x.data == 3.0


def test_a_straight_line_has_no_error():
    a, b = Value(2.0), Value(-3.0)
    L = a * b + 7
    assert "No error but rounding: L is a straight line in a here." in str(nudge(L, a))


def test_a_kink_is_said():
    x = Value(0.0)
    y = x.relu()
    assert "x = 0 is at a kink or a jump" in str(nudge(y, x))
    assert "折点" in str(nudge(y, x, lang="zh"))


def test_one_size_can_be_given():
    x = Value(2.0)
    y = x * x
    assert nudge(y, x, 0.5).changes[0].real == 2.25
    assert nudge(y, x, 0.5).changes[0].predicted == 2.0


def test_a_node_made_by_hand_cannot_be_computed_again():
    x = Value(2.0)
    y = Value(4.0, (x,), "double", local_derivatives=(2.0,))
    with pytest.raises(ValueError, match=r"autograd\.op"):
        nudge(y, x)
