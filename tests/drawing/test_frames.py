import expressions

from autograd import Value, draw
from autograd.drawing.cards import Look
from autograd.drawing.frames import after_backward, film


def scenes(name):
    picture = expressions.drawn(name, backward=False)
    return list(film(picture.scene, picture.look))


def test_forward_comes_first_then_every_edge_in_the_order_of_backward():
    captions = [scene.caption for scene in scenes("fan_out")]
    assert captions[1] == "Forward: v1 = a * a = 4"
    assert captions[6:8] == ["At L, into v1: 1 * 1 = 1", "At L, into v2: 1 * 1 = 1"]
    assert captions[8] == "At v2, into a: 1 * -3 = -3; a.grad = -3, use 1 of 3"
    assert captions[11] == "At v1, into a: 1 * 2 = 2; a.grad = 1, use 3 of 3"
    assert len(captions) == 13


def test_a_gradient_is_not_shown_as_finished_before_it_is():
    halfway = scenes("fan_out")[8]
    a = next(box for box in halfway.boxes if box.name == "a")
    assert (a.grad, a.so_far) == (-3.0, True)


def test_values_appear_when_they_are_computed():
    first = scenes("fan_out")[0]
    assert {box.name: box.data for box in first.boxes} == {
        "a": 2.0,
        "v1": None,
        "b": -3.0,
        "v2": None,
        "L": None,
    }


def test_the_last_gradients_are_those_of_backward():
    for name in ("neuron", "softmax_by_hand", "network", "constants"):
        expected = {box.name: box.grad for box in expressions.drawn(name).scene.boxes}
        last = after_backward(expressions.drawn(name, backward=False).scene)
        assert {box.name: box.grad for box in last.boxes} == expected


def test_a_large_graph_is_told_node_by_node():
    y = Value(1.0)
    for _ in range(70):
        y = y.tanh()
    told = list(film(draw(y, engine="own").scene, Look()))
    assert told[-2].caption.startswith("At v2: its gradient goes to")
