import pytest

from autograd import Value
from autograd.drawing.reading import TooLargeError, gradients_of, locals_of, op_sign, operands_of, read_graph


class Micro:
    """As the engine of the lecture: operands in a set."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, set(_children), _op, label


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


def test_a_set_of_one_operand_means_both_sides_of_a_product():
    a = Micro(3.0, label="a")
    assert operands_of(Micro(9.0, (a, a), "*")) == (a, a)
    assert operands_of(Micro(9.0, (a,), "**2")) == [a]


def test_operands_in_a_set_are_ordered_by_label():
    a, b = Micro(1.0, label="a"), Micro(2.0, label="b")
    assert operands_of(Micro(3.0, (b, a), "+")) == [a, b]


def test_local_derivatives_of_an_engine_of_ones_own_follow_the_table_where_the_value_agrees():
    a, b = Micro(3.0, label="a"), Micro(4.0, label="b")
    assert list(locals_of(Micro(12.0, (a, b), "*"), [a, b])) == [4.0, 3.0]
    assert list(locals_of(Micro(99.0, (a, b), "*"), [a, b])) == [None, None]


def test_a_gradient_of_0_in_another_engine_before_a_pass_is_no_gradient():
    a = Micro(3.0)
    root = Micro(9.0, (a,), "*")
    assert gradients_of([a, root]) == [None, None]
    root.grad = 1.0
    assert gradients_of([a, root]) == [0.0, 1.0]


def test_before_backward_there_is_no_gradient():
    a = Value(2.0)
    L = a * 3
    assert gradients_of(read_graph(L).nodes) == [None, None, None]
    L.backward()
    assert gradients_of(read_graph(L).nodes) == [3.0, None, 1.0]


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
