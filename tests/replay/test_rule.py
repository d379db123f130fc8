import pytest

import nn
from autograd import Value
from autograd.replay.rule import Rule, commit, updated


def test_a_rule_goes_on_from_what_an_optimiser_remembers_and_hands_it_back():
    w = Value(1.0)
    optimizer = nn.optim.Adam([w], lr=0.1)
    w.grad = 2.0
    optimizer.step()
    rule = Rule(optimizer, [w], {})
    assert (rule.native, rule.step) == (True, 1)
    numbers, state = [w.data], list(rule.state)
    updated(rule, state, numbers, [3.0], rule.rate)
    commit([w], numbers, rule, state, 2)
    rule.hand_back()
    other = Value(1.0)
    eager = nn.optim.Adam([other], lr=0.1)
    for other.grad in (2.0, 3.0):
        eager.step()
    assert w.data == pytest.approx(other.data, rel=1e-15)
    assert optimizer.state[w] == pytest.approx(eager.state[other], rel=1e-15)


@pytest.mark.parametrize(
    "make",
    [
        lambda w: nn.optim.RMSprop([w]),
        lambda w: nn.optim.Adam([w], form="keras"),
        lambda w: nn.optim.SGD([{"params": [w]}, {"params": [Value(0.0)]}]),
    ],
)
def test_what_the_kernels_do_not_know_is_left_to_the_optimiser(make):
    w = Value(1.0)
    assert not Rule(make(w), [w], {}).native


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), "fast"])
def test_a_rate_that_is_no_finite_number_is_refused(rate):
    with pytest.raises(ValueError, match="is no finite number, nor a function of the updates made"):
        Rule("sgd", [Value(1.0)], {"lr": rate})
