import pytest

import nn


@pytest.mark.parametrize(
    ("criterion", "function", "x", "target"),
    [
        (nn.MSELoss(), nn.mse, [0.5, 2.0], [1.0, 0.0]),
        (nn.L1Loss(), nn.mae, [0.5, 2.0], [1.0, 0.0]),
        (nn.HuberLoss(), nn.huber, [0.5, 2.0], [1.0, 0.0]),
        (nn.BCELoss(), nn.bce, [0.5, 0.2], [1.0, 0.0]),
        (nn.BCEWithLogitsLoss(), nn.bce_with_logits, [0.5, 2.0], [1.0, 0.0]),
        (nn.CrossEntropyLoss(), nn.cross_entropy, [[0.5, 2.0]], [1]),
        (nn.NLLLoss(), nn.nll, [[-0.5, -2.0]], [1]),
        (nn.KLDivLoss(), nn.kl_div, [-0.5, -2.0], [0.4, 0.6]),
    ],
)
def test_a_criterion_is_its_function(criterion, function, x, target):
    assert criterion(x, target) == function(x, target)


def test_settings_reach_the_function():
    assert nn.HuberLoss(reduction="sum", delta=0.5)([2.0], [0.0]) == nn.huber([2.0], [0.0], "sum", 0.5)
    assert repr(nn.MSELoss(reduction="sum")) == "MSELoss(reduction='sum')"
