import math

import pytest

import autograd as ag
import nn
from autograd import Value


@pytest.mark.parity
@pytest.mark.parametrize("most", [0.5, 100.0])
def test_clipping_the_norm_equals_torch(torch, same, most):
    gradients = [3.0, -4.0, 0.5]
    theirs = [torch.tensor(1.0, requires_grad=True) for _ in gradients]
    ours = [Value(1.0) for _ in gradients]
    for p, q, g in zip(theirs, ours, gradients):
        p.grad, q.grad = torch.tensor(g), g
    norm = torch.nn.utils.clip_grad_norm_(theirs, most)
    assert nn.utils.clip_grad_norm_(ours, most) == pytest.approx(norm.item(), rel=1e-12)
    same([p.grad for p in ours], torch.stack([p.grad for p in theirs]))


def test_clipping_values_cuts_each_gradient():
    ps = [Value(1.0) for _ in range(4)]
    for p, g in zip(ps, [-3.0, 0.2, 5.0]):
        p.grad = g
    nn.clip_grad_value_(ps, 1.0)
    assert [p.grad for p in ps] == [-1.0, 0.2, 1.0, 0.0]
    assert ps[3].grad is ag.UNSET


def test_a_norm_that_is_not_finite_can_be_an_error():
    p = Value(1.0)
    p.grad = math.nan
    with pytest.raises(ValueError, match=r"total norm is nan: some gradient is inf or nan. Find its source"):
        nn.clip_grad_norm_([p], 1.0, error_if_nonfinite=True)


def test_penalties_pass_check_gradients():
    assert ag.check_gradients(lambda w: nn.l1(w, 0.3) + nn.l2(w, 0.2), ([0.5, -1.5],))


def test_an_l2_penalty_equals_weight_decay():
    def train(penalty, decay):
        w = Value(1.0)
        optimizer = nn.SGD([w], lr=0.1, weight_decay=decay)
        for _ in range(5):
            optimizer.zero_grad()
            (w**3 + nn.l2([w], penalty)).backward()
            optimizer.step()
        return w.data

    assert train(0.05, 0.0) == pytest.approx(train(0.0, 0.1), rel=1e-12)
