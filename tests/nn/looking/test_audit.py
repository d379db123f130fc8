import pytest

import autograd as ag
import nn
from nn.looking.audit import audit, gradients_of

TRUTH = {"W": [[0.5, 1.0], [2.0, -3.0]], "b": [0.25, 0.5]}


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ([[0.5, 1.0], [2.0, -3.0]], "right"),
        ([[-0.5, -1.0], [-2.0, 3.0]], "the sign is opposite"),
        ([[0.5, 2.0], [1.0, -3.0]], "it is transposed"),
        ([[1.0, 2.0], [4.0, -6.0]], "it is 2 times the right one"),
        ([[0.125, 0.25], [0.5, -0.75]], "it is 0.25 times the right one"),
        ([[1.0, 2.0], [8.0, -12.0]], "the factor s' is missing"),
        (
            [[-1.0, -8.0], [-2.0, 12.0]],
            "it is transposed, and the sign is opposite, and the factor s' is missing",
        ),
        ([[0.5, 1.0], [2.0, 3.0]], "it differs, most at [1][1]: 3 where the chain rule gives -3"),
        ([[0.5, 1.0]], "it has the shape (1, 2), the gradient (2, 2)"),
    ],
)
def test_the_likely_mistake_is_named(claim, verdict):
    assert audit({"W": claim}, TRUTH, factors={"s'": [0.5, 0.25]}) == f"W: {verdict}"


def test_an_unknown_name_is_said():
    assert audit({"V": [1.0]}, TRUTH) == "V: the model has no gradient of this name"


def test_the_gradients_of_a_model_pass():
    model = nn.Linear(2, 2)
    nn.mse(model([1.0, 2.0]), [0.0, 1.0]).backward()
    truth = gradients_of(model)
    assert audit(truth, truth) == "weight: right\nbias: right"


def test_verdicts_in_chinese():
    ag.language("zh")
    try:
        assert audit({"b": [-0.25, -0.5]}, TRUTH) == "b: 符号相反"
    finally:
        ag.language("en")
