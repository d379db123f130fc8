import expressions
import geometry
import pytest

from autograd.drawing.arranging import Edge
from autograd.drawing.graphviz_layout import dot_is_there, lay_out_by_dot


@pytest.mark.program("dot")
@pytest.mark.parametrize("way", ["LR", "TB"])
def test_dot_places_our_boxes_and_edges(way):
    done = lay_out_by_dot([(60, 40), (60, 40), (80, 50)], [Edge(0, 2, (20, 14)), Edge(1, 2)], way)
    along = 0 if way == "LR" else 1
    assert max(done.boxes[0][along], done.boxes[1][along]) < done.boxes[2][along]
    assert [box[2:] for box in done.boxes] == [(60, 40), (60, 40), (80, 50)]
    assert all(route.curved and len(route.points) % 3 == 2 for route in done.routes)


@pytest.mark.program("dot")
def test_two_uses_by_one_node_stay_two_edges():
    picture = expressions.drawn("fan_out", engine="dot")
    shape = geometry.read(picture.svg, picture.scene.links)
    assert len(set(map(tuple, shape.edges))) == 6


def test_without_the_program_our_own_layout_is_taken_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not dot_is_there()
    picture = expressions.drawn("fan_out", engine="dot")
    assert "dot is not installed" in picture.svg
    assert picture.layout.boxes == expressions.drawn("fan_out").layout.boxes
