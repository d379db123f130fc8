"""Up to 40 boxes a graph is one picture; beyond, its parts are boxes, each with a picture of its own."""

import random

import nn
from autograd import Value
from autograd.explanation.page_graph import in_order
from autograd.explanation.page_views import VISIBLE, WIDE, Views, clipped
from autograd.trace.steps import trace_graph


def views_of(root):
    trace = trace_graph(root)
    nodes = in_order(trace)
    return nodes, Views(nodes, trace.steps).told


def mlp():
    random.seed(1)
    return (nn.MLP(2, [16, 16, 1])([Value(0.5), Value(-1.0)]) - 1.0) ** 2


def own_nodes(view):
    return [
        what for place, (what, *_) in enumerate(view["boxes"]) if what >= 0 and place not in view["outer"]
    ]


def test_a_small_graph_is_one_picture_with_an_edge_per_use():
    a, b = Value(2.0), Value(-3.0)
    nodes, views = views_of(a * a + a * b)
    assert len(views) == 1
    assert len(views[0]["boxes"]) == len(nodes) == 5
    assert len(views[0]["edges"]) == 6


def test_every_node_of_a_large_graph_stands_in_exactly_one_picture():
    nodes, views = views_of(mlp())
    assert len(views) > 3
    assert sorted(n for view in views for n in own_nodes(view)) == list(range(len(nodes)))


def test_no_picture_of_a_network_has_more_boxes_than_can_be_taken_in():
    _, views = views_of(mlp())
    assert all(len(view["boxes"]) - len(view["outer"]) <= VISIBLE for view in views)


def test_every_part_has_a_picture_that_leads_back_up():
    _, views = views_of(mlp())
    parts = {-what: number for number, view in enumerate(views) for what, *_ in view["boxes"] if what < 0}
    assert sorted(parts) == list(range(1, len(views)))
    assert all(views[part]["up"] == number for part, number in parts.items())


def test_a_circle_of_parts_is_drawn_without_its_backward_edges():
    xs = [Value(float(i)) for i in range(30)]
    for i in range(60):
        xs.append(xs[-1] * xs[i])
        xs[-1].scope = (f"part {i % 2}",)
    _, views = views_of(xs[-1])
    assert {box[-1] for box in views[0]["boxes"] if box[0] < 0} == {"part 0", "part 1"}
    assert all(source < target for source, target, *_ in views[0]["edges"])


def test_a_chinese_character_counts_as_two_columns():
    assert clipped("质量质量", 6) == "质量…"
    assert clipped("abcdef", 6) == "abcdef"


def test_a_picture_that_is_wider_than_its_page_is_read_from_top_to_bottom():
    x, h = Value(1.0), Value(0.1)
    for _ in range(7):
        x = x + h * -x.tanh()
    _, (view,) = views_of(x)
    assert view["size"][0] <= WIDE < view["size"][1]
