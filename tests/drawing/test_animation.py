import re
import sys
from xml.etree import ElementTree

import expressions
import pytest

from autograd import Value, animate, frames
from autograd.value import UNSET


@pytest.fixture
def graph():
    return expressions.ALL["fan_out"]()


def test_one_svg_per_step_of_one_size(graph, tmp_path):
    root, names = graph
    files = frames(root, tmp_path / "steps", names=names)
    assert [file.name for file in files[:2]] == ["step-000.svg", "step-001.svg"]
    assert len(files) == 13
    heads = {re.search(r'width="\d+" height="\d+"', file.read_text(encoding="utf-8"))[0] for file in files}
    assert len(heads) == 1


def test_the_moving_svg_shows_its_end_where_nothing_moves(graph, tmp_path):
    root, names = graph
    animate(root, tmp_path / "backward.svg", names=names)
    svg = (tmp_path / "backward.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(svg)  # noqa: S314 - our own output
    assert "prefers-reduced-motion" in svg
    assert 'visibility="visible"' in svg


def test_the_page_has_buttons_and_needs_no_network(graph, tmp_path):
    root, names = graph
    animate(root, tmp_path / "backward.html", names=names)
    page = (tmp_path / "backward.html").read_text(encoding="utf-8")
    assert 'id="play"' in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_gif_moves(graph, tmp_path):
    from PIL import Image

    root, names = graph
    animate(root, tmp_path / "backward.gif", names=names)
    with Image.open(tmp_path / "backward.gif") as image:
        assert image.n_frames > 8


def test_animating_touches_no_gradient(graph, tmp_path):
    root, names = graph
    animate(root, tmp_path / "backward.svg", names=names)
    assert names["a"].grad is UNSET


def test_without_the_extra_one_line_names_it(graph, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r'^GIF needs Pillow: pip install "scalar-autograd\[draw\]"$'):
        animate(graph[0], tmp_path / "backward.gif")


def test_another_suffix_and_too_large_a_graph_are_refused(graph, tmp_path):
    with pytest.raises(ValueError, match=r"write one of \.svg \.html \.gif"):
        animate(graph[0], tmp_path / "backward.mp4")
    y = Value(1.0)
    for _ in range(400):
        y = y.tanh()
    with pytest.raises(ValueError, match="401 nodes are too many"):
        animate(y, tmp_path / "backward.svg")
