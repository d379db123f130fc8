import random

import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.messages.chinese import widened


def test_an_mlp_draws_its_weights_as_micrograd_does():
    random.seed(5)
    model = nn.MLP(2, [3, 1])
    random.seed(5)
    drawn = [random.uniform(-1, 1) for _ in range(2 * 3 + 3)]
    assert [p.data for p in model.parameters()] == [
        *drawn[:2],
        0,
        *drawn[2:4],
        0,
        *drawn[4:6],
        0,
        *drawn[6:],
        0,
    ]


@pytest.mark.parity
def test_an_mlp_gives_the_outputs_and_gradients_of_micrograd():
    from micrograd.nn import MLP

    random.seed(1337)
    ours = nn.MLP(2, [16, 16, 1])
    random.seed(1337)
    theirs = MLP(2, [16, 16, 1])
    for x in ([1.0, -2.0], [0.3, 0.5]):
        out, expected = ours(x), theirs(x)
        assert out.data == pytest.approx(expected.data, rel=1e-12)
        out.backward()
        expected.backward()
    gradients = [p.grad for p in theirs.parameters()]
    assert [p.grad for p in ours.parameters()] == pytest.approx(gradients, rel=1e-12, abs=1e-14)


def test_a_single_output_comes_bare_and_several_as_a_list():
    assert isinstance(nn.MLP(2, [3, 1])([1, 2]), Value)
    assert isinstance(nn.MLP(2, [3, 2])([1, 2]), list)
    assert len(nn.MLP(2, [3, 1])([[1, 2], [3, 4]])) == 2


def test_a_neuron_is_two_nodes_whatever_its_inputs():
    out = nn.Neuron(50)([1.0] * 50)
    assert [node.op.name for node in ag.topological_order(out) if node.parents] == ["dot", "relu"]


def test_neurons_of_a_layer_share_their_inputs_and_calls_share_the_weights():
    layer = nn.Layer(2, 2, nonlin=False)
    (a, b), (c, _) = layer([1.0, 2.0]), layer([3.0, 4.0])
    assert a.b is b.b
    assert a.a is c.a


def test_a_weight_may_be_replaced_by_another_value():
    n = nn.Neuron(2, nonlin=False)
    n([1.0, 1.0])
    n.w[0], n.b = Value(5.0), Value(1.0)
    n.w[1].data = 2.0
    out = n([1.0, 1.0])
    out.backward()
    assert out.data == 8.0
    assert n.w[0].grad == 1.0


def test_a_frozen_weight_gets_no_gradient_and_thaws_again():
    n = nn.Neuron(1, nonlin=False)
    n.w[0].requires_grad = False
    n([2.0]).backward()
    assert n.w[0].grad == 0.0
    n.requires_grad_(True)
    n.zero_grad()
    n([2.0]).backward()
    assert n.w[0].grad == 2.0


@pytest.mark.parametrize("act", ["relu", "tanh", "sigmoid", "gelu", ag.sin])
def test_the_activation_is_chosen_by_name_or_given(act):
    n = nn.Neuron(1, act=act)
    function = act if callable(act) else getattr(ag, act)
    n.w[0].data, n.b.data = 0.7, 0.1
    assert n([1.0]).data == function(0.7 * 1.0 + 0.1)


def test_an_unknown_activation_is_refused_with_the_list():
    with pytest.raises(ValueError, match=r"act 'rleu' is not known: choose one of elu, gelu, .*, or give"):
        nn.MLP(2, [2, 1], act="rleu")


def test_the_last_layer_may_have_an_activation():
    assert 0 < nn.MLP(2, [2, 1], act="sigmoid", last="sigmoid")([1, 2]).data < 1


def test_too_few_inputs_name_the_layer_and_what_to_write():
    model = nn.Sequential(nn.Linear(3, 4))
    with pytest.raises(ValueError, match=r"layers\.0") as error:
        model([0.5, -1.0])
    assert str(error.value) == (
        "layers.0 is Linear(3 -> 4) and got 2 numbers: [0.5, -1.0].\n"
        "            Give 3 numbers per sample, or build it as nn.Linear(2, 4)."
    )
    ag.language("zh")
    try:
        with pytest.raises(ValueError, match=r"layers\.0") as error:
            model([0.5, -1.0])
    finally:
        ag.language("en")
    assert str(error.value) == (
        widened(
            "layers.0 是 Linear(3 -> 4),却得到 2 个数:[0.5, -1.0]。\n"
            "            每个样本给 3 个数,或改成 nn.Linear(2, 4)。"
        )
    )


def test_a_bare_number_is_refused():
    with pytest.raises(TypeError, match=r"Neuron\(1\) takes a list of numbers, got 0.5. Write \[0.5\]"):
        nn.Neuron(1)(0.5)


@pytest.mark.parametrize("sample", ["ab", ["a", "b"], [["a", "b"]]])
def test_text_in_the_place_of_numbers_is_named(sample):
    with pytest.raises((TypeError, ValueError), match=r"'ab?'"):
        nn.Linear(2, 1)(sample)
