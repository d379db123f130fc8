import pytest

import autograd as ag
import nn


def shapes(function, *example):
    fast = ag.record(function, backend="python")
    return {t.name: t.shape for t in fast._chosen(example).tensors}


def test_the_neurons_of_a_layer_are_a_matrix_and_a_vector():
    model = nn.MLP(2, [3, 1])
    assert shapes(model, [0.1, 0.2]) == {
        "layers.0.neurons.w": (3, 2),
        "layers.0.neurons.b": (3,),
        "layers.1.neurons.0.w": (3,),
        "layers.1.neurons.0.b": (),
    }


def test_tensors_keep_the_names_of_the_state_dict():
    model = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))
    assert set(shapes(lambda x: model(x)[0], [0.1, 0.2])) == set(model.state_dict())


def test_two_networks_have_the_names_of_their_variables_in_front():
    first, second = nn.Linear(2, 2), nn.Linear(2, 1)
    assert set(shapes(lambda x: second(first(x))[0], [0.1, 0.2])) == {
        "first.weight", "first.bias", "second.weight", "second.bias",
    }  # fmt: skip


def test_a_method_reaches_the_network_of_its_object():
    class Task:
        def __init__(self):
            self.model = nn.Linear(2, 1)

        def loss(self, x):
            return self.model(x)[0] ** 2

    assert shapes(Task().loss, [0.1, 0.2]) == {"weight": (1, 2), "bias": (1,)}


def test_lists_have_the_name_of_their_variable():
    w = [[ag.Value(0.1), ag.Value(0.2)], [ag.Value(0.3), ag.Value(0.4)]]
    b = ag.Value(1.0)
    assert shapes(lambda x: ag.sum([ag.dot(row, x) for row in w]) + b, [1.0, 2.0]) == {"w": (2, 2), "b": ()}


def test_a_label_is_a_name():
    a, b = ag.Value(1.0, label="slope"), ag.Value(2.0, label="in two words")
    assert shapes(lambda x: a * x + b, 3.0) == {"slope": (), "p1": ()}


def test_a_label_in_any_script_is_a_name():
    a, b = ag.Value(1.0, label="权重"), ag.Value(2.0, label="ﬁ")  # the second is two letters to Python
    assert shapes(lambda x: a * x + b, 3.0) == {"权重": (), "p1": ()}


LAYER = nn.Linear(2, 2)


def test_a_network_inside_a_comprehension_has_its_names():
    assert shapes(lambda xs: ag.sum([ag.sum(LAYER(x)) for x in xs]), [[1.0, 2.0]]) == {
        "weight": (2, 2), "bias": (2,),
    }  # fmt: skip


def test_entries_of_a_dict_have_its_name_and_their_key():
    net = {"w": [ag.Value(0.1), ag.Value(0.2)], "b": ag.Value(0.3)}
    assert shapes(lambda x: ag.dot(net["w"], x) + net["b"], [1.0, 2.0]) == {"net.w": (2,), "net.b": ()}


@pytest.mark.parity
def test_labels_that_an_export_uses_itself_are_renamed_and_end():
    p = [ag.Value(0.5, label=name) for name in ("INDEX_0", "own_0_x", "flow_of_x", "loss", "self")]
    fast = ag.record(lambda x: ag.sum([q * x for q in p]), params=p, backend="python")
    assert fast.to_torch(2.0)(3.0).item() == 7.5
