import math
import random

import pytest

import nn
from autograd import Value, no_grad


@pytest.mark.parity
def test_saliency_equals_torch(torch, same, numbers):
    from nn.interop import torch_state

    model = nn.MLP(3, [5, 1], act="tanh")
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1))
    theirs.load_state_dict(torch_state(model, theirs))
    x = numbers(3)
    tensor = torch.tensor(x, requires_grad=True)
    theirs(tensor).backward()
    same(nn.saliency(model, x), tensor.grad)


def test_integrated_gradients_add_up_to_the_difference():
    random.seed(4)
    model = nn.MLP(3, [6, 1], act="tanh")
    x, nothing = [0.5, -1.0, 2.0], [0.0, 0.0, 0.0]
    shares = nn.integrated_gradients(model, x, nothing)
    assert math.fsum(shares) == pytest.approx(model(x).data - model(nothing).data, rel=1e-12)


def test_an_input_that_does_not_matter_gets_nothing():
    shares = nn.integrated_gradients(lambda x: x[0].exp(), [1.0, 7.0], [0.0, 0.0])
    assert shares == [pytest.approx(math.e - 1, rel=1e-12), 0.0]


def test_looking_leaves_the_models_gradients_alone():
    model = nn.MLP(2, [3, 1])
    nn.saliency(model, [1.0, 2.0])
    assert not any(p.grad for p in model.parameters())


def test_a_baseline_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"the baseline has the shape \(1,\) and x \(2,\)"):
        nn.integrated_gradients(lambda x: x[0], [1.0, 2.0], [0.0])


def test_under_no_grad_and_with_parameters_the_answers_are_the_same_floats():
    random.seed(4)
    model = nn.MLP(2, [3, 1], act="tanh")
    x, nothing = [0.5, -1.0], [0.0, 0.0]
    outside = nn.saliency(model, x), nn.integrated_gradients(model, x, nothing, pieces=2)
    with no_grad():
        assert (nn.saliency(model, x), nn.integrated_gradients(model, x, nothing, pieces=2)) == outside
    assert all(type(slope) is float and slope for slopes in outside for slope in slopes)
    assert nn.saliency(model, [Value(v) for v in x]) == outside[0]
    assert not any(p.grad for p in model.parameters())
