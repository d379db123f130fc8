import expressions
import pytest

from autograd import Value, draw
from autograd.drawing.scene import expression


@pytest.mark.parametrize(
    ("sign", "operands", "text"),
    [
        ("+", ["a", "b"], "a + b"), ("-", ["a", "-2"], "a - (-2)"), ("**", ["x", "2"], "x**2"),
        ("-", ["x"], "-x"),
        ("tanh", ["x"], "tanh(x)"), ("**2", ["x"], "x**2"), ("maximum", ["a", "b", "c"], "maximum(a, b, c)"),
        ("ReLU", ["x"], "ReLU(x)"),
    ],
)  # fmt: skip
def test_an_expression_reads_as_python(sign, operands, text):
    assert expression(sign, operands) == text


def test_the_flow_along_an_edge_is_upstream_times_local():
    a, b = Value(2.0), Value(-3.0)
    L = (a * b) * 2
    L.backward()
    flows = {(link.source, link.target): link.flow for link in draw(L).scene.links}
    assert sorted(flow for flow in flows.values() if flow is not None) == [-6.0, 2.0, 4.0]


def test_into_a_constant_goes_no_gradient():
    x = Value(3.0)
    y = 2 * x
    y.backward()
    (into_constant,) = [x for x in draw(y).scene.links if x.index == 0]
    assert (into_constant.local, into_constant.flow) == (None, None)


def test_the_first_inf_or_nan_is_told_from_those_that_inherit_it():
    p = Value(0.0)
    r = p.log() * 2 + 1
    assert [box.bad for box in draw(r).scene.boxes if box.kind == "op"] == ["first", "inherited", "inherited"]


def lit(picture):
    names = [box.name for box in picture.scene.boxes]
    return [(names[x.source], names[x.target], x.index) for x in picture.scene.links if x.lit]


def test_a_path_is_lit_in_either_order_and_the_rest_faded():
    root, names = expressions.ALL["neuron"]()
    v1 = root.parents[0].parents[0].parents[0]
    path = [names["w1"], v1]
    for order in (path, path[::-1]):
        picture = draw(root, names=names, highlight=order)
        assert lit(picture) == [("w1", "v1", 1)]
        assert [box.name for box in picture.scene.boxes if not box.faded] == ["w1", "v1"]


def test_a_node_can_be_given_by_its_name():
    root, names = expressions.ALL["fan_out"]()
    assert lit(draw(root, names=names, highlight="b")) == [("b", "v2", 1), ("v2", "L", 1)]


def test_an_inner_node_of_a_collapsed_model_lights_its_box():
    import nn

    model = nn.MLP(2, [16, 16, 1])
    loss = (model([1.0, -2.0]) - 1) ** 2
    picture = draw(loss, highlight=model.layers[1].neurons[0].w[0])
    assert {source for source, _, _ in lit(picture)} == {"layers.1", "layers.2", "v2"}


def test_another_graphs_node_is_refused():
    root, names = expressions.ALL["fan_out"]()
    other, _ = expressions.ALL["diamond"]()
    with pytest.raises(ValueError, match="is not in this picture and cannot be highlighted"):
        draw(root, names=names, highlight=other)


def test_what_stayed_the_same_is_not_shown_as_changed():
    root, names = expressions.ALL["fan_out"]()
    picture = draw(root, names=names, compare=draw(root, names=names))
    assert not any(box.before for box in picture.scene.boxes)
