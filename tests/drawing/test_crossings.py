from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from autograd.drawing.crossings import BEND, crossings, order_layers


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(5, 9)), max_size=15))
def test_crossings_are_counted_as_by_comparing_all_pairs(edges):
    place = [v % 5 for v in range(10)]
    segments = [[(u, v, i) for i, (u, v) in enumerate(edges)]]
    port = [0.5] * len(edges)
    pairs = combinations([(place[u], place[v]) for u, v in edges], 2)
    assert crossings(place, segments, port) == sum((a - c) * (b - d) < 0 for (a, b), (c, d) in pairs)


def test_two_crossed_edges_are_uncrossed():
    order = order_layers([[0, 1], [2, 3]], [[(0, 3, 0), (1, 2, 1)]], [0.5, 0.5, 0.0])
    place = {v: i for layer in order for i, v in enumerate(layer)}
    assert (place[0] < place[1]) == (place[3] < place[2])


def test_ports_keep_the_order_of_operands():
    port = [0.25, 0.75, 0.0]
    (left, right), _ = order_layers([[0, 1], [2]], [[(1, 2, 0), (0, 2, 1)]], port)
    assert (left, right, port[:2]) == (1, 0, [0.25, 0.75])


def test_free_ports_change_places_where_that_saves_a_crossing():
    # a is used by both, at the second place of the first and at the first place of the second
    segments = [[(0, 2, 0), (1, 2, 1), (1, 3, 2), (0, 3, 3)]]
    port = [0.25, 0.75, 0.25, 0.75, 0.0]
    order = order_layers([[0, 1], [2, 3]], segments, port, [[0, 1], [2, 3]])
    place = [0] * 4
    for layer in order:
        for i, v in enumerate(layer):
            place[v] = i
    assert crossings(place, segments, port) == 1
    assert sorted(port[:2]) == sorted(port[2:4]) == [0.25, 0.75]


def test_the_order_is_the_same_every_time():
    segments = [[(u, 6 + (u * 5 + k) % 6, BEND) for u in range(6) for k in (0, 2)]]
    runs = [order_layers([range(6), range(6, 12)], segments, [0.0]) for _ in range(2)]
    assert runs[0] == runs[1]
