import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.number import map_nested

MODULES = [
    "Sigmoid",
    "Tanh",
    "ReLU",
    "LeakyReLU",
    "ELU",
    "GELU",
    "SiLU",
    "Softplus",
    "Softmax",
    "LogSoftmax",
    "Identity",
]
POINTS = [-745.0, -30.0, -2.5, -0.1, 0.3, 1.7, 19.5, 40.0]


@pytest.mark.parity
@pytest.mark.parametrize("name", MODULES)
def test_activations_equal_torch_far_tails_included(torch, same, name):
    settings = {"dim": -1} if "Softmax" in name else {}
    values, tensor = [Value(x) for x in POINTS], torch.tensor(POINTS, requires_grad=True)
    out, expected = getattr(nn, name)(**settings)(values), getattr(torch.nn, name)(**settings)(tensor)
    if name == "Softplus":  # beyond 20 torch gives x itself; exp(-x) is what it drops
        expected = torch.nn.functional.softplus(tensor, threshold=50)
    if name in ("GELU", "SiLU", "Softplus", "LogSoftmax"):
        for v, y in zip(out, expected.tolist()):  # each relative to itself, tails included
            assert v.data == pytest.approx(y, rel=1e-9, abs=1e-16)
    same([v.data for v in out], expected.detach())
    ag.sum([v * (i + 1) for i, v in enumerate(out)]).backward()
    (expected * (1 + torch.arange(len(POINTS)))).sum().backward()
    same([v.grad for v in values], tensor.grad)


@pytest.mark.parametrize("name", MODULES)
def test_activation_modules_pass_check_gradients(name, passes_check):
    passes_check(getattr(nn, name)(), [0.5, -1.5, 2.0])


def test_settings_are_those_of_torch():
    assert nn.LeakyReLU(0.2)([-1.0]) == [-0.2]
    assert nn.ELU(2.0)([-1000.0]) == [-2.0]
    assert repr(nn.LeakyReLU(0.2)) == "LeakyReLU(0.2)"


def test_activations_keep_the_nesting():
    assert nn.ReLU()([[-1.0], [2.0]]) == [[0.0], [2.0]]
    assert nn.ReLU()(-1.0) == 0.0
    assert nn.Softmax()([[0.0, 0.0], [1.0, 1.0]]) == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("name", sorted(nn.activations.ACTIVATIONS))
def test_every_activation_can_be_named_in_an_mlp(name):
    out = nn.MLP(2, [3, 1], act=name)([0.5, -1.0])
    out.backward()
    assert map_nested(lambda v: v.data, [out]) == [out.data]
