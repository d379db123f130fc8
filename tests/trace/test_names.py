import pytest

import nn
from autograd import Value
from autograd.trace.names import find_names


def test_variables_of_the_caller_are_found_without_being_asked_for():
    a = Value(2.0)
    L = a * a + 1
    found = find_names(L)
    assert [found[a], found[L], found.made_up] == ["a", "L", ["v1"]]


def test_a_label_goes_before_a_variable():
    a = Value(2.0, label="weight")
    assert find_names(a * 2)[a] == "weight"


def test_a_constant_is_called_by_its_number():
    L = Value(2.0) * 0.5
    assert find_names(L)[L.parents[1]] == "0.5"


def test_elements_of_the_callers_lists_are_found():
    W = [[Value(1.0), Value(2.0)]]
    xs = [Value(3.0), Value(4.0)]
    L = W[0][0] * xs[0] + W[0][1] * xs[1]
    found = find_names(L)
    assert [found[W[0][1]], found[xs[0]]] == ["W[0][1]", "xs[0]"]


def test_a_models_parameters_are_called_by_kind_and_place():
    model = nn.MLP(2, [3, 1])
    found = find_names(model([1.0, 2.0]))
    assert found[model.layers[0].neurons[2].w[1]] == "w[0,2,1]"
    assert found[model.layers[1].neurons[0].b] == "b[1,0]"


def test_where_that_is_not_enough_a_parameter_has_its_full_name():
    class Two(nn.Module):
        def __init__(self):
            self.left, self.right = nn.Neuron(1), nn.Neuron(1)

        def forward(self, x):
            return self.left([x]) * self.right([x])

    model = Two()
    found = find_names(model(1.0))
    assert [found[model.left.b], found[model.right.b]] == ["left.b", "right.b"]


def test_made_up_names_count_in_forward_order_and_avoid_taken_ones():
    a = Value(2.0)
    v1 = Value(3.0)
    L = (a * 2) * (v1 * 5)
    found = find_names(L)
    left, right = L.parents
    assert [found[left], found[v1], found[right]] == ["v2", "v1", "v3"]


def test_a_label_that_stands_twice_is_told_apart():
    a, b = Value(1.0, label="w"), Value(2.0, label="w")
    found = find_names(a + b)
    assert [found[a], found[b]] == ["w", "w_2"]


def test_the_names_of_outer_functions_are_found_and_inner_ones_win():
    def show(graph):
        return find_names(graph)

    a = Value(2.0)
    L = a * 3
    found = show(L)
    assert [found[a], found[L]] == ["a", "graph"]


def test_given_names_replace_the_callers():
    a = Value(2.0)
    assert find_names(a, {"other": a, 3: a})[a] == "other"


@pytest.mark.parametrize("names", [[Value(2.0)], "a", 3])
def test_names_that_are_no_dict_are_refused(names):
    with pytest.raises(TypeError, match=r"dict of variables such as locals\(\)"):
        find_names(Value(2.0), names)


def test_a_label_is_one_printable_line():
    a = Value(1.0, label=' x\n<b>&"\x00 ')
    assert find_names(a)[a] == 'x <b>&"'


def test_a_readers_own_nodes_are_named_too():
    class Node:
        def __init__(self, data, children=()):
            self.data, self._children = data, children

    a = Node(1.0)
    b = Node(2.0, (a, a))
    assert find_names(b)[a] == "a"
