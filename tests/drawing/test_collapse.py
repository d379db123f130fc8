import pytest

import nn
from autograd import Value, draw, scope
from autograd.drawing.collapse import NodeGroup, collapsed, dotted, scopes_of
from autograd.trace.opening import read_graph


def groups(parts):
    return [(part.name, part.kind) for part in parts.parts if isinstance(part, NodeGroup)]


def test_inner_nodes_belong_to_the_scope_of_all_their_consumers():
    a = Value(2.0)
    inner = a * a
    with scope("attention"):
        y = inner + 1
    found = dict(zip(map(id, read_graph(y * 2).nodes), scopes_of(read_graph(y * 2))))
    assert [found[id(node)] for node in (inner, y)] == [("attention",), ("attention",)]


def test_a_leaf_used_in_one_scope_belongs_there_and_a_shared_one_does_not():
    w, x = Value(2.0), Value(3.0)
    with scope("one"):
        a = w * x
    with scope("two"):
        b = x + 1
    graph = read_graph(a * b)
    found = dict(zip(map(id, graph.nodes), scopes_of(graph)))
    assert [found[id(w)], found[id(x)]] == [("one",), ()]


def test_a_scope_is_named_by_the_names_of_its_steps():
    path = ("MLP(2, [4])", "layers.0: Layer(2 -> 4)", "neurons.3: Neuron(2)")
    assert [dotted(path), dotted(("attention",))] == ["layers.0.neurons.3", "attention"]


def model_output():
    return nn.MLP(2, [16, 16, 1])([1.0, -2.0])


def test_layers_are_boxes_and_say_what_they_hold():
    parts = collapsed(read_graph(model_output()))
    assert [name for name, _ in groups(parts)] == ["layers.0", "layers.1", "layers.2"]
    assert next(part.content for part in parts.parts if isinstance(part, NodeGroup)) == "16 x Neuron(2)"


def test_many_siblings_of_one_kind_share_a_box():
    parts = collapsed(read_graph(model_output()), ["layers.0"])
    assert ("16 x Neuron(2)", "layers.0") in groups(parts)


def test_one_of_them_can_be_opened():
    parts = collapsed(read_graph(model_output()), "layers.0.neurons.3")
    assert ("15 x Neuron(2)", "layers.0") in groups(parts)


def test_an_unknown_scope_is_named_with_those_that_exist():
    with pytest.raises(ValueError, match=r"no scope 'layer' to expand; there are: .*'layers.0'"):
        draw(model_output(), expand="layer")


def test_every_node_is_in_exactly_one_part():
    graph = read_graph(model_output())
    parts = collapsed(graph)
    inside = [i for part in parts.parts for i in (part.nodes if isinstance(part, NodeGroup) else [part])]
    assert sorted(inside) == list(range(len(graph.nodes)))


def test_a_scope_that_is_entered_again_later_draws_its_edges_backwards_too():
    with scope("cell"):
        h = Value(1.0) * 2
    g = h * 3
    with scope("cell"):
        y = g + 1
    picture = draw(y * 2, collapse=True)
    assert "cell" in [box.name for box in picture.scene.boxes]
    assert picture.svg.count('class="ag-edge"') == len(picture.scene.links)
