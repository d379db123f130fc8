import random

import pytest

import autograd as ag
import nn
import nn.functional as F
from autograd import Value


@pytest.mark.parity
@pytest.mark.parametrize(
    "name", ["relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "logsigmoid", "softplus"]
)
def test_functions_of_each_number_equal_torch(torch, same, numbers, name):
    x = numbers(2, 3)
    same(getattr(F, name)(x), getattr(torch.nn.functional, name)(torch.tensor(x)))


@pytest.mark.parity
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_functions_of_rows_equal_torch(torch, same, numbers, name):
    x = numbers(2, 3)
    same(getattr(F, name)(x, dim=-1), getattr(torch.nn.functional, name)(torch.tensor(x), dim=-1))


@pytest.mark.parity
def test_linear_equals_torch(torch, same, numbers):
    x, w, b = numbers(2, 3), numbers(4, 3), numbers(4)
    same(F.linear(x, w, b), torch.nn.functional.linear(*map(torch.tensor, (x, w, b))))
    same(F.linear(x[0], w), torch.nn.functional.linear(*map(torch.tensor, (x[0], w))))


def test_dropout_is_off_when_not_training():
    random.seed(1)
    assert F.dropout([1.0, 2.0], 0.5, training=False) == [1.0, 2.0]
    assert 0.0 in F.dropout([1.0] * 50, 0.5)


def test_losses_bear_the_names_of_torch():
    assert F.mse_loss is nn.mse
    assert F.binary_cross_entropy_with_logits is nn.bce_with_logits
    assert F.cross_entropy is nn.cross_entropy


@pytest.mark.parity
def test_options_of_torch_give_its_numbers_and_slopes():
    import torch

    of_logarithms = torch.nn.KLDivLoss(reduction="sum", log_target=True)
    numbers, target = [-3.0, -0.5, 0.0, 0.7, 4.0], [-1.0, -2.0, -0.1, -3.0, -1.5]
    targets = torch.tensor(target, dtype=torch.float64)
    for ours, theirs in [
        (nn.GELU("tanh"), torch.nn.GELU("tanh")),
        (lambda x: nn.functional.gelu(x, approximate="tanh"), torch.nn.GELU("tanh")),
        (lambda x: nn.KLDivLoss("sum", log_target=True)(x, target), lambda x: of_logarithms(x, targets)),
    ]:  # fmt: skip
        values = [Value(x) for x in numbers]
        tensor = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
        found, expected = ours(values), theirs(tensor).sum()
        found = ag.sum(found) if isinstance(found, list) else found
        found.backward()
        expected.backward()
        assert found.data == pytest.approx(expected.item(), rel=1e-14)
        assert [v.grad for v in values] == pytest.approx(tensor.grad.tolist(), rel=1e-13)
