from hypothesis import given
from hypothesis import strategies as st

from autograd.drawing.layering import layers


@st.composite
def graphs(draw):
    count = draw(st.integers(1, 25))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    return count, [(a, b) for a, b in draw(st.lists(pairs, max_size=60)) if a < b]


@given(graphs())
def test_every_edge_goes_forward(graph):
    count, edges = graph
    layer = layers(count, edges)
    assert all(layer[a] < layer[b] for a, b in edges)
    assert min(layer) == 0


def test_a_leaf_stands_just_before_its_first_use():
    edges = [(0, 1), (1, 2), (2, 4), (3, 4)]
    assert layers(5, edges) == [0, 1, 2, 2, 3]


def test_a_node_with_more_operands_than_uses_stands_near_its_operands():
    # 0 -> 2 -> 3 -> 4 -> 6 is long; 5 = f(0, 1) would have to wait for it, drawing two long edges
    edges = [(0, 2), (1, 2), (2, 3), (3, 4), (0, 5), (1, 5), (4, 6), (5, 6)]
    assert layers(7, edges)[5] == 1


def test_a_chain_of_a_hundred_thousand_nodes_needs_no_recursion():
    n = 100_000
    assert layers(n, [(i, i + 1) for i in range(n - 1)])[-1] == n - 1
