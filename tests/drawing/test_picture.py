import base64
import copy
import json
import random
import re
import sys
from itertools import combinations
from xml.etree import ElementTree

import expressions
import geometry
import pytest

import autograd as ag
import nn
from autograd import Value, draw, topological_order
from autograd.drawing import picture as module
from autograd.drawing.layout import Layout
from autograd.value import UNSET

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture):
    root = ElementTree.fromstring(picture.svg)  # noqa: S314 - our own output
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def test_a_picture_shows_names_expressions_values_and_gradients():
    shown = texts(expressions.drawn("fan_out"))
    assert {"a", "b", "v1= a * a", "v2= a * b", "L= v1 + v2", "-6", "grad"} <= set(shown)


def test_before_backward_it_says_no_gradient_yet_and_shows_no_0():
    shown = texts(expressions.drawn("fan_out", backward=False))
    assert shown.count("no gradient yet") == 5
    assert "0" not in shown


def test_looking_changes_nothing():
    root, names = expressions.ALL["network"]()
    draw(root, names=names).save  # noqa: B018 - a picture is made, no more
    assert all(node.grad is UNSET for node in ag.topological_order(root))


def test_both_uses_of_a_squared_leaf_are_edges_with_their_local_derivative():
    a = Value(3.0)
    picture = draw(a * a)
    assert [(link.index, link.local) for link in picture.scene.links] == [(0, 3.0), (1, 3.0)]


def test_in_a_terminal_its_one_line_says_what_to_do_next():
    a = Value(2.0)
    Loss = a * a
    assert repr(draw(Loss)).endswith('; to see it: .save("loss.html"); in words: explain(Loss)>')
    assert repr(draw(a * a)).endswith('.save("l.html"); in words: explain(L)>')
    assert "explain(Loss)" in repr(draw(Loss, lang="zh"))
    assert "\n" not in repr(draw(Loss))


def test_the_note_under_a_chinese_picture_is_chinese():
    assert "个节点" in draw(lecture_loss(), lang="zh").scene.note


def test_the_callers_variables_are_found():
    weight = Value(2.0)
    loss = weight * 3
    assert {"weight", "loss= weight * 3"} <= set(texts(draw(loss)))


def test_a_notebook_gets_an_image_with_its_description_and_nothing_it_could_prefer():
    picture = expressions.drawn("odd_labels")
    assert {name for name in dir(picture) if name.startswith("_repr_")} == {"_repr_html_", "_repr_svg_"}
    (found,) = ElementTree.fromstring(picture._repr_html_().replace("></div>", "/></div>"))  # noqa: S314 - our own output
    assert found.tag == "img"
    assert found.get("alt") == picture.description
    kind, _, source = found.get("src").partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(source).decode() == picture.svg


def test_the_description_says_what_each_box_says():
    told = expressions.drawn("fan_out").description
    assert told.startswith(
        "L = v1 + v2 = -2. a; leaf; data 2; grad 1; used 3 times. v1 = a * a; data 4; grad 1."
    )


def test_the_page_of_a_chinese_picture_says_that_it_is_chinese():
    picture = expressions.drawn("fan_out", lang="zh")
    assert '<html lang="zh-CN">' in picture.html
    assert 'lang="zh-CN"' in picture._repr_html_()


@pytest.mark.parametrize("name", expressions.ALL)
def test_hostile_labels_inf_and_nan_leave_the_picture_well_formed(name):
    picture = expressions.drawn(name)
    ElementTree.fromstring(picture.svg)  # noqa: S314 - our own output
    assert "<b>bold" not in picture.svg


def test_nothing_refers_to_the_network():
    page = expressions.drawn("neuron").html.replace("http://www.w3.org/2000/svg", "")
    assert "http" not in page
    assert "//" not in page.replace("</", "")


def test_left_blank_a_gradient_is_an_empty_box_to_fill_in():
    picture = expressions.drawn("fan_out", blank="grad")
    assert "-3" in texts(picture)  # b's value
    assert picture.svg.count("stroke-dasharray") == 5
    assert "grad 2" not in picture.svg


def test_a_highlighted_leaf_lights_all_its_ways_to_the_result():
    root, names = expressions.ALL["fan_out"]()
    lit = [link for link in draw(root, names=names, highlight=names["a"]).scene.links if link.lit]
    assert len(lit) == 5
    assert len([x for x in draw(root, names=names, highlight=names["b"]).scene.links if x.lit]) == 2


def test_a_step_is_compared_with_the_picture_before():
    def forward():
        return w * 3

    w = Value(2.0)
    y = forward()
    before = draw(y)
    w.data -= 0.5
    y = forward()
    assert "2 → 1.5" in texts(draw(y, compare=before))
    assert "6 → 4.5" in texts(draw(y, compare=before))


def test_a_wide_picture_is_turned_and_a_narrow_one_is_not():
    assert expressions.drawn("chain").layout.direction == "TB"
    assert expressions.drawn("fan_out").layout.direction == "LR"


def test_chinese_words_are_used_on_request():
    assert "还没有梯度" in texts(expressions.drawn("fan_out", backward=False, lang="zh"))


def test_an_engine_of_ones_own_is_drawn_with_what_it_has():
    class Node:
        def __init__(self, data, _prev=(), _op=""):
            self.data, self.grad, self._prev, self._op = data, 0.0, set(_prev), _op

    a = Node(3.0)
    square = Node(9.0, (a, a), "*")
    picture = draw(square)
    assert [link.local for link in picture.scene.links] == [3.0, 3.0]
    assert texts(picture).count("no gradient yet") == 2


def test_a_large_model_is_drawn_by_its_layers_and_says_how_to_open_one():
    model = nn.MLP(2, [16, 16, 1])
    loss = (model([1.0, -2.0]) - 1) ** 2
    picture = draw(loss)
    assert [box.name for box in picture.scene.boxes if box.kind == "group"] == [
        "layers.0",
        "layers.1",
        "layers.2",
    ]
    assert "draw(loss, expand=" in picture.scene.note
    assert len(draw(loss, expand="layers.0.neurons.3").scene.boxes) > len(picture.scene.boxes)


def test_a_graph_of_any_size_is_refused_with_advice():
    y = Value(1.0)
    for _ in range(30_000):
        y = y + 1
    with pytest.raises(ValueError, match=r"more than 3,000 nodes are too many .*with autograd\.scope"):
        draw(y)


def test_a_chain_of_two_thousand_nodes_is_drawn_without_recursion():
    y = Value(1.0)
    for _ in range(2_000):
        y = y.tanh()
    assert len(draw(y, engine="own").scene.boxes) == 2_001


def lecture_loss():
    """Three inputs, `MLP(3, [4, 4, 1])`, four samples, squared errors: the graph of a well-known lecture."""
    random.seed(0)
    model = nn.MLP(3, [4, 4, 1], act="tanh")
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    loss = sum((model(x) - y) ** 2 for x, y in zip(xs, (1.0, -1.0, -1.0, 1.0)))
    loss.backward()
    return loss


def size(picture):
    found = re.match(r'<svg [^>]*width="(\d+)" height="(\d+)"', picture.svg)
    return int(found[1]), int(found[2])


def test_the_lectures_graph_is_drawn_neuron_by_neuron_on_one_screen():
    picture = draw(lecture_loss())
    wide, high = size(picture)
    assert (wide <= 1_700, high <= 2_000) == (True, True)
    neurons = [box.name for box in picture.scene.boxes if box.kind == "group"]
    assert neurons == [*(f"layers.{i}.neurons.{k}" for i in (0, 1) for k in range(4)), "layers.2"]


def test_in_the_lectures_graph_each_label_can_be_told_from_all_others():
    picture = draw(lecture_loss())
    shape = geometry.read(picture.svg, picture.scene.links)
    rects = [*shape.boxes, *shape.labels.values()]
    assert [pair for pair in combinations(rects, 2) if pair[0].overlaps(pair[1])] == []
    assert geometry.edges_near(shape, {k: rect.shrunk(1) for k, rect in shape.labels.items()}) == []


@pytest.mark.parametrize(
    "options", [{}, {"collapse": True}, {"expand": "layers.0.neurons.2"}, {"opened": True}]
)
def test_the_legend_counts_each_node_that_is_drawn_once(options):
    picture = draw(lecture_loss(), **options)
    drawn = sum(box.size for box in picture.scene.boxes)
    if any(box.kind == "group" for box in picture.scene.boxes):
        assert picture.scene.note.startswith(f"{drawn} nodes: drawn as {len(picture.scene.boxes)} boxes")
    else:
        assert picture.scene.note == ""


def test_the_legend_names_the_drawn_result_in_what_to_write_next():
    loss = lecture_loss()
    assert 'draw(loss, expand="layers.' in draw(loss).scene.note


def test_a_picture_that_no_cell_could_show_is_collapsed_where_it_can_be():
    X, y = nn.data.xor()
    model = nn.MLP(2, [2, 1], act="sigmoid", last="sigmoid")
    loss = nn.half_sse([model(x) for x in X], y)
    assert size(draw(loss, collapse=False))[0] > module.WIDE
    picture = draw(loss)
    assert size(picture)[0] <= module.WIDE
    assert any(box.kind == "group" for box in picture.scene.boxes)


def test_a_network_of_many_neurons_that_must_not_collapse_is_drawn_with_its_neurons_closed():
    loss = lecture_loss()
    picture = draw(loss, collapse=False)
    assert {box.kind for box in picture.scene.boxes} == {"op", "leaf", "constant"}  # nothing is collapsed
    assert len(picture.scene.boxes) == len(topological_order(loss)) - 2  # 0 + and its 0
    assert any(box.expression.startswith("dot") for box in picture.scene.boxes)


def test_neurons_of_a_small_picture_are_opened_up_to_60_boxes():
    def neurons(count):
        w, x = [Value(0.5) for _ in range(4)], [Value(2.0) for _ in range(4)]
        return ag.sum([ag.dot(w, x) * float(k) for k in range(count)])

    few, many = draw(neurons(3)).scene.boxes, draw(neurons(9)).scene.boxes
    assert not any(box.expression.startswith("dot") for box in few)
    assert sum(box.expression.startswith("dot") for box in many) == 9
    assert sum(box.expression.startswith("dot") for box in draw(neurons(9), opened=4).scene.boxes) == 0


def test_dot_is_asked_only_by_name_since_it_may_take_minutes(monkeypatch):
    asked = []

    def lay_out(scene, look, way, by_dot):
        asked.append(by_dot)
        return Layout([], [], 0.0, 0.0, "LR")

    monkeypatch.setattr(module, "lay_out_scene", lay_out)
    y = Value(1.0)
    for _ in range(250):
        y = y.tanh()
    draw(y)
    draw(y, engine="own")
    draw(y, engine="dot")
    assert asked == [False, False, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"direction": "RL"}, "direction is 'RL', but can only be 'auto', 'LR', 'TB'"),
        ({"theme": "blue"}, "theme is 'blue'"),
        ({"engine": "neato"}, "engine is 'neato'"),
        ({"blank": "gradient"}, "blank is 'gradient', but can only be 'data', 'grad', 'local'"),
        ({"highlight": Value(1.0)}, "is not in this picture"),
    ],
)
def test_a_wrong_option_is_named_with_the_right_ones(options, message):
    with pytest.raises(ValueError, match=message):
        draw(Value(2.0) * 3, **options)


def test_what_is_no_node_is_refused():
    for root in (3.0, "x", None, []):
        with pytest.raises(TypeError, match="draw needs a Value"):
            draw(root)


def test_the_picture_keeps_what_was_when_it_was_drawn():
    a = Value(2.0)
    L = a * a
    picture = draw(L)
    before = copy.copy(picture.svg)
    L.backward()
    assert picture.svg == before


PICTURE = expressions.drawn("odd_labels")


@pytest.mark.parametrize("suffix", [".svg", ".html", ".dot", ".mmd", ".json"])
def test_every_suffix_without_extras_is_written(suffix, tmp_path):
    file = tmp_path / f"picture{suffix}"
    PICTURE.save(file)
    assert "学习率" in file.read_text(encoding="utf-8")


@pytest.mark.program("dot")
def test_pdf_is_written_by_dot(tmp_path):
    PICTURE.save(tmp_path / "picture.pdf")
    assert (tmp_path / "picture.pdf").read_bytes()[:5] == b"%PDF-"


def test_png_is_twice_as_large_as_the_picture(tmp_path):
    import io

    from PIL import Image

    picture = expressions.drawn("fan_out")
    assert abs(Image.open(io.BytesIO(picture.png)).width - 2 * picture.layout.width) <= 2


def test_without_the_extra_one_line_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ImportError, match=r'^PNG needs resvg-py: pip install "scalar-autograd\[draw\]"$'):
        PICTURE.save(tmp_path / "picture.png")


def test_without_dot_a_pdf_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"or save as \.svg"):
        PICTURE.save(tmp_path / "picture.pdf")


def test_an_unknown_suffix_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(ValueError, match=r"'.jpg' says no kind of file: write one of .svg .html"):
        PICTURE.save(tmp_path / "picture.jpg")


def test_json_holds_the_numbers_and_the_places(tmp_path):
    expressions.drawn("not_finite").save(tmp_path / "picture.json")
    written = json.loads((tmp_path / "picture.json").read_text())
    assert [node["data"] for node in written["nodes"]][:2] == [0.0, "-inf"]
    assert written["edges"][0]["source"] == 0
    assert len(written["nodes"][0]["box"]) == 4


def test_a_picture_writes_its_numbers_as_the_words_beside_it_do():
    draws = random.Random(3)
    for _ in range(60):
        a, b, c = (Value(draws.uniform(-3.0, 3.0), label=name) for name in "abc")
        y = (a * b + c).tanh() * a + c.exp() / (b * b + 1.0)
        trace = ag.explain(y).trace
        y.backward()
        shown = set(re.findall(r"<text[^>]*>([^<]*)</text>", draw(y).svg))
        told = {trace.digits(x) for node in [*trace.leaves, *trace.nodes] for x in (node.number, node.grad)}
        assert told <= shown
