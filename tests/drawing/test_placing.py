from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from autograd.drawing.placing import place_layers


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(6, 11)), max_size=20))
def test_gaps_between_neighbours_are_kept(edges):
    order = [list(range(6)), list(range(6, 12))]
    segments = [[(u, v, i) for i, (u, v) in enumerate(edges)]]
    y = place_layers(order, segments, [10.0] * 12, [4.0] * 12, 12, [0.0] * (len(edges) + 1))
    for layer in order:
        assert all(y[b] - y[a] >= 24.0 - 1e-6 for a, b in pairwise(layer))


def test_a_chain_runs_straight():
    y = place_layers([[0], [1], [2]], [[(0, 1, 0)], [(1, 2, 1)]], [5.0] * 3, [4.0] * 3, 3, [0.0] * 3)
    assert y[0] == y[1] == y[2]


def test_a_result_stands_in_the_middle_of_its_operands():
    y = place_layers([[0, 1], [2]], [[(0, 2, 0), (1, 2, 1)]], [35.0] * 3, [16.0] * 3, 3, [-2.0, 2.0, 0.0])
    assert abs(y[2] - (y[0] + y[1]) / 2) < 1e-6
