from autograd import Value, consumers, leaves, topological_order
from autograd.graph import parents_of


class Student:
    """A reader's own node, as in micrograd and microgpt."""

    def __init__(self, data, children=(), attribute="_prev"):
        self.data, self.grad = data, 0.0
        setattr(self, attribute, tuple(children))


def test_operands_come_before_results_left_before_right():
    a, b = Value(1.0), Value(2.0)
    left, right = a * b, a + b
    top = left - right
    assert topological_order(top) == [a, b, left, right, top]


def test_every_node_stands_once_however_often_it_is_used():
    a = Value(1.0)
    b = a + a
    c = b + b
    assert topological_order(c) == [a, b, c]


def test_several_roots_share_one_order():
    a = Value(1.0)
    b, c = a * 2, a * 3
    order = topological_order([b, c])
    assert [x for x in order if x in (a, b, c)] == [a, b, c]


def test_leaves_and_consumers():
    a, b = Value(1.0), Value(2.0)
    c = a * a + b
    assert leaves(c) == [a, b]
    uses = consumers(c)
    assert [(node.op.name, i) for node, i in uses[id(a)]] == [("mul", 0), ("mul", 1)]
    assert uses[id(c)] == []


def test_nodes_of_other_engines_can_be_walked():
    for attribute in ("_prev", "_children", "parents"):
        a = Student(1.0, attribute=attribute)
        b = Student(2.0, (a, a), attribute)
        assert topological_order(b) == [a, b]
        assert parents_of(b) == (a, a)


def test_a_long_chain_needs_no_recursion():
    x = y = Value(1.0)
    for _ in range(20_000):
        y = y + x
    assert len(topological_order(y)) == 20_001
