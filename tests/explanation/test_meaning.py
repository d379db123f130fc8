"""What a gradient says, and why it is 0."""

import pytest

from autograd import Value, explain, floor, maximum, nudge
from autograd.messages.chinese import widened


def says(root, **names):
    return str(explain(root, names={**names, "L": root}))


def test_a_leaf_that_relu_switches_off_learns_why():
    x = Value(-0.4)
    L = x.relu() * 3
    assert "x moves nothing here, because relu is off: x = -0.4" in says(L, x=x)


def test_flows_that_cancel_are_shown():
    x = Value(2.0)
    L = x - x
    assert "x moves nothing here, because its flows cancel: 1 + -1 = 0" in says(L, x=x)


def test_a_flat_op_is_named():
    x = Value(2.5)
    L = floor(x) * 2
    assert "x moves nothing here, because floor is flat" in says(L, x=x)


def test_a_minimum_is_not_called_without_effect():
    x = Value(0.0)
    L = x * x
    assert "x moves L hardly at all here, because x = 0" in says(L, x=x)


def test_a_kink_is_told_with_both_sides():
    x = Value(0.0)
    L = abs(x)
    assert "a kink: x up by 0.01 moves L by 0.01, down by 0.01 by 0.01" in says(L, x=x)


def test_a_sentence_is_said_about_a_step_for_which_it_is_true():
    p = Value(0.001)
    L = p.log()
    assert "p up by 0.0001: L up by about 0.1" in says(L, p=p)


def test_what_is_not_finite_names_its_culprit():
    p = Value(0.0)
    L = p.log() * 2
    assert "the gradient is inf: v1 is -inf" in says(L, p=p)


@pytest.mark.parametrize(("lang", "note"), [
    ("en", "Note: a.grad is 2 now, not 1: backward() has run 2 times. L.zero_grad() starts afresh."),
    ("zh", widened("注意:现在 a.grad 是 2 而不是 1:backward() 已运行 2 次。用 L.zero_grad() 清零后重来。")),
])  # fmt: skip
def test_a_gradient_of_two_runs_is_noted(lang, note):
    a = Value(2.0)
    L = a + 1
    L.backward()
    L.backward()
    assert str(explain(L, lang=lang)).endswith(note)


def test_at_a_kink_it_is_said_what_was_chosen():
    x = Value(0.0)
    assert "(the slope of relu at 0 is taken as 0)" in " ".join(says(x.relu(), x=x).split())
    assert "(the slope of abs at 0 is taken as 0)" in " ".join(says(abs(x), x=x).split())
    assert "(operands of maximum that tie share the gradient evenly)" in " ".join(
        says(maximum(x, 2 * x), x=x).split()
    )


def test_runs_of_backward_are_counted_and_not_guessed_from_a_ratio():
    w = Value(3.0)
    (w * 4).backward()
    assert "run 2 times" not in says(w * 2, w=w)
    assert "Note: w.grad is 4 now, not 2: it was set by hand or by another backward()." in " ".join(
        says(w * 2, w=w).split()
    )
    w.grad = 0.0
    L = w * 2
    L.backward(3.0)
    assert "w.grad is 6 now, not 2: backward() began with 3, not with 1" in says(L, w=w)
    L.backward()
    assert "w.grad is 8 now, not 2: backward() has run 2 times" in says(L, w=w)
    L.zero_grad()
    L.backward()
    assert "Note" not in says(L, w=w)


def edited(where):
    """Give a graph of which one `.data` was set by hand after, between or before its uses, and its leaf."""
    a = Value(3.0, label="a")
    c = a * a
    c.label = "c"
    if where == "inner, before use":
        c.data = 7.0
    if where == "leaf, between":
        a.data = 5.0
    L = c * a
    L.label = "L"
    node = {"leaf": a, "inner": c, "root": L}.get(where)
    if node is not None:
        node.data = 5.0
    return L, a


PLACES = ["leaf", "inner", "root", "leaf, between", "inner, before use"]


@pytest.mark.parametrize("where", PLACES)
def test_data_set_by_hand_is_noted_and_what_a_gradient_says_is_true_of_the_forward_pass(where):
    L, a = edited(where)
    told = str(explain(L, names={}))
    assert ".data is " in told
    assert "it was set by hand" in told
    assert "no slope" not in told
    for change in nudge(L, a, names={}).changes:
        assert change.real == pytest.approx(change.predicted, rel=0.05), change


def test_a_loss_told_after_the_step_of_an_optimiser_says_so():
    w = Value(1.0)
    L = (w * 3.0 - 1.0) ** 2
    L.backward()
    w.data -= 1e-3 * w.grad
    assert "Note: w.data is 0.988 now, and was 1 in the forward pass" in says(L, w=w)
    w.data = 1.0
    assert "was set by hand" not in says(L, w=w)
