from autograd.drawing.arranging import Arrangement, Edge


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
