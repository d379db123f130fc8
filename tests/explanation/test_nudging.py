"""`nudge`: the predicted change and the real one."""

import pytest

import autograd as ag
from autograd import Value, explain, nudge


def test_the_error_shrinks_faster_than_the_nudge():
    x = Value(3.0)
    y = x * x - 3 * x + 4
    told = nudge(y, x, (0.1, 0.01, 0.001))
    assert [round(change.slope, 9) for change in told.changes] == [3.1, 2.9, 3.01, 2.99, 3.001, 2.999]
    assert "the gradient is the slope" in str(told)
    assert x.data == 3.0


def test_a_straight_line_has_no_error():
    a, b = Value(2.0), Value(-3.0)
    L = a * b + 7
    assert "No error but rounding: L is a straight line in a here." in str(nudge(L, a))


def test_a_kink_is_said():
    x = Value(0.0)
    y = x.relu()
    assert "does not shrink faster than h to both sides: x = 0 is at a kink" not in str(nudge(y, x))
    assert "to the right: x = 0 is at a kink" in str(nudge(y, x))
    assert "右侧的误差没有比 h 缩得更快" in str(nudge(y, x, lang="zh"))


@pytest.mark.parametrize(
    ("f", "at", "ends", "explained"),
    [
        (ag.floor, 3.0, "does not shrink with h to the left: at x = 3 no slope", "no slope can be seen"),
        (lambda x: ag.relu(-x), 0.0, "to the left: x = 0 is at a kink", "a kink"),
        (abs, 0.0, "to both sides: x = 0 is at a kink", "a kink"),
        (ag.sign, 0.0, "does not shrink with h to both sides", "no slope can be seen"),
        (ag.cbrt, 1.0, "about 100 times smaller: the gradient is the slope", "y up by about"),
        (lambda x: x**3, 0.0, "about 1,000 times smaller: the gradient is the slope", "hardly"),
    ],
)
def test_the_closing_sentence_agrees_with_explain(f, at, ends, explained):
    x = Value(at)
    y = f(x)
    assert ends in str(nudge(y, x))
    assert explained in " ".join(str(explain(y)).split())


def test_the_measured_power_is_told():
    x = Value(3.0)
    y = (x - 3) ** 4
    assert "the error about 10,000 times smaller" in str(nudge(y, x))


def test_the_rounding_of_many_ops_is_no_kink():
    v = Value(1.0)
    g = v
    for _ in range(20_000):
        g = g * 1.00001
    assert "No error but rounding" in str(nudge(g, v))


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
