from hypothesis import given
from hypothesis import strategies as st

from autograd.drawing.arranging import Arrangement, Edge, layers


def test_a_long_edge_gets_a_bend_in_every_layer_that_it_passes():
    plan = Arrangement(4, [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(0, 3)])
    assert (plan.passes[3], len(plan.bends[0])) == (2, 2)
    assert plan.layer[4:] == [1, 2]


def test_long_edges_from_one_node_share_their_bends():
    edges = [Edge(0, 1), Edge(1, 2), Edge(2, 3), Edge(3, 4), Edge(0, 3), Edge(0, 4)]
    plan = Arrangement(5, edges)
    assert plan.passes[4:] == [2, 3]
    assert len(plan.layer) == 5 + 3


def test_lines_that_run_side_by_side_have_shades_of_their_own():
    chain = [Edge(3 + i, 4 + i) for i in range(6)]
    plan = Arrangement(10, [*chain, *(Edge(leaf, user) for user in (3, 9) for leaf in range(3))])
    far = Arrangement(3, [Edge(0, 1), Edge(1, 2), Edge(0, 2)])
    assert (len({*plan.shades[:3]}), {*far.shades}) == (3, {0})


def test_operands_arrive_in_their_order():
    plan = Arrangement(3, [Edge(1, 2), Edge(0, 2)])
    assert plan.port[:2] == [0.25, 0.75]
    assert plan.order[0] == [1, 0]


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
