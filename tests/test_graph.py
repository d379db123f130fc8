import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
from autograd import Value, consumers, leaves, topological_order
from autograd.graph import parents_of
from autograd.lists import operands_of, weigh_rows


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


NUMBERS = [np.float32(0.5), np.float64(0.5), np.array(0.5), Fraction(1, 2), 1, True, np.int64(1)]
USES = [
    lambda w: w * 3.0,
    lambda w: w + 3.0,
    ag.tanh,
    lambda w: ag.dot([w, w], [1.0, 2.0]),
    lambda w: ag.where(ag.gt(w, 0.0), w, 0.0),
]


def not_floats(root):
    return [
        node
        for node in topological_order(root)
        if any(type(x) is not float for x in (node.data, node.grad, *node.numbers))
    ]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("number", NUMBERS, ids=lambda x: type(x).__name__)
@pytest.mark.parametrize(
    "door",
    [
        lambda y: y.backward(),
        pickle.dumps,
        copy.deepcopy,
        ag.explain,
        ag.trace_table,
        ag.draw,
        ag.draw_dot,
        ag.step_through,
    ],
    ids=["backward", "pickle", "deepcopy", "explain", "trace_table", "draw", "draw_dot", "step_through"],
)
def test_a_number_assigned_by_hand_is_a_float_after_the_next_door(use, number, door):
    w = Value(0.25)
    w.data, w.grad = number, None
    y = use(w)
    door(y)
    assert not_floats(y) == []
    assert w.data == float(number)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda x: type(x).__name__)
def test_repr_item_float_and_comparisons_give_python_numbers_whatever_was_assigned(number):
    w = Value(0.25)
    w.data, w.grad = number, number
    assert (w > 0.0) is True
    assert (w < Value(9.0)) is True
    assert type(float(w)) is type(w.detach().data) is float
    v = w * 2.0
    assert repr(v) == f"Value(data={2.0 * float(number)}, grad=0.0)"
    assert repr(w) == f"Value(data={float(number)}, grad={float(number)})"
    w.data = number
    assert type(w.item()) is type(w.data) is float


@pytest.mark.parametrize(
    "door", [lambda w: w.backward(), pickle.dumps, copy.deepcopy, ag.explain, ag.draw, Value.item, float]
)
def test_text_in_data_is_refused_by_name(door):
    w = Value(1.0, label="w")
    w.data = "3"
    with pytest.raises(TypeError, match=r"^w\.data was assigned .* text '3'"):
        door(w)
    assert repr(w) == "Value(data='3', grad=0.0, label='w')"


def test_text_in_grad_is_refused_and_changes_nothing():
    w = Value(2.0, label="w")
    w.grad = "1"
    with pytest.raises(TypeError, match=r"^w\.grad was assigned"):
        (w * w).backward()
    assert w.grad == "1"


def test_settling_keeps_the_one_list_of_inputs_that_neurons_share():
    w, xs = operands_of([Value(1.0), Value(2.0)]), operands_of([Value(3.0), Value(4.0)])
    xs[0].data = np.float32(3.0)
    first, second = weigh_rows([w, w], xs)
    (first + second).backward()
    assert first.b_data is second.b_data
    assert all(type(x) is float for x in first.b_data)


def test_showing_a_node_of_another_engine_leaves_it_alone():
    class Foreign:
        def __init__(self, data):
            self.data, self.grad, self._prev = data, 0, ()

    node = Foreign(1)
    ag.draw(node)
    assert type(node.data) is int
