import math

import pytest

import autograd as ag
from autograd import Value, detect_anomaly


def test_the_op_that_first_makes_a_non_finite_value_is_named_with_its_place():
    p3 = Value(0.0, label="p3")
    with pytest.raises(FloatingPointError) as error, detect_anomaly():
        ag.log(p3)
    message = str(error.value)
    assert message.startswith("log(p3) with p3 = 0.0 gave -inf (test_anomaly.py, line ")
    assert "nn.cross_entropy(logits, target) never takes the log of a share: use it here." in message


def test_a_graph_made_before_is_checked_at_backward_and_heirs_are_counted():
    p = Value(0.0, label="p")
    q = ag.log(p)
    loss = -q * 2 + 1
    told = r"log\(p\) with p = 0.0 gave -inf; 3 later values inherit it"
    with pytest.raises(FloatingPointError, match=told), detect_anomaly():
        loss.backward()


def test_a_gradient_that_is_not_finite_is_named():
    x = Value(0.0, label="x")
    y = ag.sqrt(x) * 2
    with (
        pytest.raises(FloatingPointError, match=r"the gradient of x through sqrt\(x\) is inf"),
        detect_anomaly(),
    ):
        y.backward()
    assert x.grad == 0.0


def test_what_only_inherits_does_not_raise_as_the_first():
    x = Value(math.inf)
    with detect_anomaly():
        y = x + 1
    assert y.data == math.inf


def test_outside_nothing_is_checked():
    assert ag.log(Value(0.0)).data == -math.inf


def test_finite_graphs_pass():
    x = Value(2.0)
    with detect_anomaly():
        (ag.log(x) * x).backward()
    assert x.grad == math.log(2.0) + 1


def test_the_message_speaks_chinese():
    ag.language("zh")
    try:
        with pytest.raises(FloatingPointError, match=r"log\(p\) 在 p = 0.0 处得到 -inf"), detect_anomaly():
            ag.log(Value(0.0, label="p"))
    finally:
        ag.language("en")
