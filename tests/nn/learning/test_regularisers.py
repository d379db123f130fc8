import math

import numpy as np
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


@pytest.mark.parity
@pytest.mark.parametrize("gradients", [[1.0, math.nan], [math.inf, math.nan], [math.inf, 1.0], [0.0, 0.0]])
def test_clipping_hands_nan_and_inf_on_as_torch_does(torch, gradients):
    for ours_clip, theirs_clip in (
        (nn.clip_grad_norm_, torch.nn.utils.clip_grad_norm_),
        (nn.clip_grad_value_, torch.nn.utils.clip_grad_value_),
    ):
        theirs = [torch.tensor(1.0, requires_grad=True) for _ in gradients]
        ours = [Value(1.0) for _ in gradients]
        for p, q, g in zip(theirs, ours, gradients):
            p.grad, q.grad = torch.tensor(g), g
        a, b = ours_clip(ours, 0.5), theirs_clip(theirs, 0.5)
        assert [p.grad for p in ours] == pytest.approx([p.grad.item() for p in theirs], nan_ok=True)
        assert a is None or a == pytest.approx(b.item(), nan_ok=True)


def test_clipping_to_infinity_changes_nothing_and_a_negative_limit_is_refused():
    p = Value(1.0)
    p.grad = -3.0
    assert nn.clip_grad_norm_([p], math.inf) == 3.0
    nn.clip_grad_value_([p], math.inf)
    assert p.grad == -3.0
    for clip in (nn.clip_grad_norm_, nn.clip_grad_value_):
        for limit in (-1.0, math.nan):
            with pytest.raises(ValueError, match=f"{clip.__name__} needs a number .* >= 0, got {limit}"):
                clip([p], limit)


def test_clipping_takes_none_for_no_gradient_and_numpy_gradients_for_numbers():
    a, b = Value(1.0), Value(1.0)
    a.grad, b.grad = np.float32(3.0), None
    assert nn.clip_grad_norm_([a, b], 1.5) == 3.0
    assert type(a.grad) is float
    a.grad, b.grad = np.float32(3.0), None
    nn.clip_grad_value_([a, b], 2.0)
    assert (a.grad, b.grad) == (2.0, 0.0)
