import math

import pytest

import autograd as ag
from autograd import Value
from autograd.trace.nodes import op_sign
from autograd.trace.opening import TooLargeError, opened_graph, read_graph


def signs(root, opened=None):
    return [op_sign(node) for node in opened_graph(read_graph(root), opened).nodes if op_sign(node)]


def neuron(n):
    return ag.dot([Value(0.5 * i) for i in range(n)], [Value(1.0 + i) for i in range(n)], Value(0.25))


def test_a_neuron_of_up_to_4_inputs_is_opened():
    assert signs(neuron(2)) == ["*", "*", "+", "+"]
    assert signs(neuron(5)) == ["dot"]


def test_what_is_opened_can_be_chosen():
    y = neuron(5)
    z = ag.logsumexp([y, neuron(2)])
    assert signs(z, False) == ["dot", "dot", "logsumexp"]
    assert signs(z, True)[-2:] == ["+", "log"]
    assert signs(z, y).count("*") == 5
    assert signs(z, 2) == ["dot", "*", "*", "+", "+", "exp", "exp", "+", "log"]


@pytest.mark.parametrize("op", [ag.sum, ag.prod, ag.logsumexp, ag.norm])
def test_an_opened_node_keeps_its_value_and_gradient(op):
    xs = [Value(1.5), Value(-0.5), Value(2.0)]
    y = op(xs)
    (y * 3).backward()
    graph = opened_graph(read_graph(y), True)
    assert (graph.nodes[-1].data, graph.nodes[-1].grad, graph.sources[-1]) == (y.data, 3.0, y)


def test_the_steps_inside_have_the_gradients_of_the_pass():
    w, x, b = [Value(2.0)], [Value(3.0)], Value(1.0)
    y = ag.dot(w, x, b).tanh()
    y.backward()
    product = next(node for node in opened_graph(read_graph(y)).nodes if op_sign(node) == "*")
    assert math.isclose(product.grad * 3.0, w[0].grad)


def test_the_0_that_pythons_sum_begins_with_is_not_shown():
    a, b = Value(1.0), Value(2.0)
    assert signs(sum([a, b])) == ["+"]
    assert len(opened_graph(read_graph(sum([a, b]))).nodes) == 3


def test_opening_touches_no_gradient():
    y = neuron(2)
    opened_graph(read_graph(y), True)
    assert all(node.grad is ag.value.UNSET for node in read_graph(y).nodes)


def test_operands_come_before_results_and_repeats_are_kept():
    a, b = Value(2.0), Value(3.0)
    graph = read_graph(a * a + a * b)
    assert [op_sign(node) for node in graph.nodes] == ["", "*", "", "*", "+"]
    assert graph.operands == [(), (0, 0), (), (0, 2), (1, 3)]


def test_several_results_share_one_graph():
    a = Value(2.0)
    graph = read_graph([a * 2, a * 3])
    assert len([node for node in graph.nodes if node is a]) == 1
    assert len(graph.nodes) == 5


def test_a_graph_without_scopes_is_refused_before_all_of_it_is_walked():
    class Endless:
        data = 1.0
        walked = 0

        @property
        def parents(self):
            Endless.walked += 1
            return (Endless(),)

    with pytest.raises(TooLargeError):
        read_graph(Endless(), 3_000)
    assert Endless.walked < 25_000
