import pytest

from autograd.drawing import arranging
from autograd.drawing.arranging import Edge
from autograd.drawing.layout import lay_out, whole_route


def test_from_left_to_right_results_stand_to_the_right_of_their_operands():
    boxes = lay_out([(50, 20), (30, 20), (40, 60)], [Edge(0, 2), Edge(1, 2)]).boxes
    assert max(left + wide for left, _, wide, _ in boxes[:2]) < boxes[2][0]


def test_from_top_to_bottom_results_stand_below_their_operands():
    boxes = lay_out([(50, 20), (30, 20), (40, 60)], [Edge(0, 2), Edge(1, 2)], "TB").boxes
    assert max(top + high for _, top, _, high in boxes[:2]) < boxes[2][1]


def test_an_edge_starts_at_its_source_and_ends_at_its_target():
    done = lay_out([(50, 20), (40, 60)], [Edge(0, 1, (20, 14))])
    (left, top, wide, high), (to_left, to_top, _, to_high) = done.boxes
    (x, y), (to_x, to_y) = done.routes[0].points[0], done.routes[0].points[-1]
    assert (x, y) == (left + wide, top + high / 2)
    assert to_x == to_left
    assert to_top < to_y < to_top + to_high


def test_two_uses_by_one_node_are_two_edges_apart():
    done = lay_out([(50, 60), (40, 60)], [Edge(0, 1, (20, 14)), Edge(0, 1, (20, 14))])
    assert done.routes[1].points[-1][1] - done.routes[0].points[-1][1] >= 14


def test_a_box_grows_with_the_edges_that_enter_it():
    done = lay_out([(50, 20)] * 20 + [(40, 60)], [Edge(i, 20, (20, 14)) for i in range(20)])
    assert done.boxes[20][3] >= 20 * 14


def test_an_empty_and_a_single_box_are_laid_out():
    assert lay_out([], []).boxes == []
    assert len(lay_out([(50, 20)], []).boxes) == 1


@pytest.mark.parametrize("way", ["LR", "TB"])
def test_everything_lies_within_the_picture(way):
    done = lay_out([(50, 20)] * 6, [Edge(a, b) for b in range(6) for a in range(b)], way)
    points = [point for route in done.routes for point in route.points]
    assert all(0 <= x <= done.width and 0 <= y <= done.height for x, y in points)
    assert all(x + w <= done.width and y + h <= done.height for x, y, w, h in done.boxes)


def test_where_thousands_of_lines_would_run_along_long_edges_are_stubs(monkeypatch):
    monkeypatch.setattr(arranging, "MOST_BENDS", 5)
    chain = [Edge(i, i + 1) for i in range(9)]
    done = lay_out([(50, 20)] * 10, [*chain, Edge(0, 9), Edge(1, 9)])
    assert [route.stub for route in done.routes] == [False] * 9 + [True, True]
    assert done.routes[9].points[-1][0] == done.boxes[9][0]


def fan():
    """A chain of boxes 1 to 6, and box 0, which is used by the last three of them."""
    return lay_out([(50, 20)] * 7, [*(Edge(i, i + 1) for i in range(6)), *(Edge(0, i) for i in (4, 5, 6))])


def test_what_edges_from_one_box_share_is_one_line():
    done = fan()
    assert [(trunk.source, trunk.before) for trunk in done.trunks] == [(0, -1), (0, 0)]
    assert [route.trunk for route in done.routes] == [-1] * 6 + [0, 1, 1]


def test_a_whole_route_goes_from_box_to_box():
    done = fan()
    left, top, wide, high = done.boxes[0]
    for number in (6, 7, 8):
        points = whole_route(done, number).points
        assert points[0] == (left + wide, top + high / 2)
        assert points[-1] == done.routes[number].points[-1]
        assert points == sorted(points, key=lambda point: point[0])


def test_what_is_said_of_a_chain_with_shared_leaves_grows_with_its_length():
    def count(n):
        edges = [*(Edge(i, i + 1) for i in range(1, n)), *(Edge(0, i) for i in range(2, n + 1))]
        done = lay_out([(50, 20)] * (n + 1), edges)
        return sum(len(line.points) for line in (*done.routes, *done.trunks))

    assert count(400) < 2.1 * count(200)
