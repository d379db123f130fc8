import expressions
import pytest

from autograd import draw


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
