import math

import pytest

import autograd as ag
from autograd import TABLE, Value
from autograd.trace.nodes import (
    UNKNOWN,
    gradients_of,
    local_derivatives,
    local_numbers_of,
    op_of,
    operands_of,
)
from autograd.trace.opening import read_graph


class Kept:
    """A node that keeps its local derivatives as numbers, as microgpt does."""

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad, self._children, self._local_grads = data, 0.0, children, local_grads


class Ruled:
    """A node with a closure, as micrograd has."""

    def __init__(self, data, children=(), op=""):
        self.data, self.grad, self._prev, self._op, self._backward = (
            data,
            0.5,
            set(children),
            op,
            lambda: None,
        )


def test_numbers_kept_beside_the_node_are_used():
    a, b = Kept(2.0), Kept(3.0)
    y = Kept(6.0, (a, b), (3.0, 2.0))
    assert [x.number for x in local_derivatives(y, y._children)] == [3.0, 2.0]


def test_a_rule_is_run_and_every_gradient_put_back():
    a = Ruled(2.0)
    y = Ruled(math.exp(2.0), (a,), "exp")
    y._backward = lambda: setattr(a, "grad", a.grad + y.data * y.grad)
    (local,) = local_derivatives(y, (a,))
    assert local.number == y.data
    assert local.rule is not None
    assert (a.grad, y.grad) == (0.5, 0.5)


def test_a_rule_that_disagrees_with_the_table_is_not_given_its_formula():
    a = Ruled(2.0)
    y = Ruled(math.exp(2.0), (a,), "exp")
    y._backward = lambda: setattr(a, "grad", a.grad + 1.0)
    (local,) = local_derivatives(y, (a,))
    assert (local.number, local.rule) == (1.0, None)


def test_the_order_of_a_difference_is_found_from_its_number():
    a, b = Ruled(2.0), Ruled(7.0)
    y = Ruled(5.0, (a, b), "-")
    op, operands = op_of(y)
    assert (op.name, operands) == ("sub", (b, a))


def test_a_square_by_a_set_of_operands_has_two_again():
    a = Ruled(3.0)
    op, operands = op_of(Ruled(9.0, (a, a), "*"))
    assert (op.name, operands) == ("mul", (a, a))


def test_without_a_rule_it_is_said_to_be_unknown():
    class Bare:
        data, _children = 2.0, ()

    assert local_derivatives(Bare(), (Bare(),)) == [UNKNOWN]


class Micro:
    """As the engine of the lecture: operands in a set."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, set(_children), _op, label


def test_a_set_of_one_operand_means_both_sides_of_a_product():
    a = Micro(3.0, label="a")
    assert operands_of(Micro(9.0, (a, a), "*")) == (a, a)
    assert operands_of(Micro(9.0, (a,), "**2")) == (a,)


def test_operands_in_a_set_are_ordered_by_label():
    a, b = Micro(1.0, label="a"), Micro(2.0, label="b")
    assert operands_of(Micro(3.0, (b, a), "+")) == (a, b)


def test_local_derivatives_of_an_engine_of_ones_own_follow_the_table_where_the_value_agrees():
    a, b = Micro(3.0, label="a"), Micro(4.0, label="b")
    assert list(local_numbers_of(Micro(12.0, (a, b), "*"), [a, b])) == [4.0, 3.0]
    assert list(local_numbers_of(Micro(99.0, (a, b), "*"), [a, b])) == [None, None]


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


def test_a_value_that_rounds_otherwise_is_still_the_op_it_says():
    class Node:
        def __init__(self, data, parents=(), op=""):
            self.data, self.grad, self.parents, self._op = data, 0.0, parents, op

    x = Node(0.8813735870195432)
    e = math.exp(2 * x.data)
    y = Node((e - 1) / (e + 1), (x,), "tanh")
    assert y.data != math.tanh(x.data)
    assert op_of(y)[0] is TABLE["tanh"]
    assert op_of(Node(y.data + 1e-6, (x,), "tanh"))[0] is None


class Own:
    """A node of a learner's engine that multiplies and takes away."""

    def __init__(self, data, parents=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, parents, op
        self._backward = lambda: None

    def made(self, data, other, op, slope, other_slope):
        out = Own(data, (self, other), op)

        def backward():
            self.grad += slope * out.grad
            other.grad += other_slope * out.grad

        out._backward = backward
        return out

    def __mul__(self, other):
        return self.made(self.data * other.data, other, "*", other.data, self.data)

    def __sub__(self, other):
        return self.made(self.data - other.data, other, "-", 1.0, -1.0)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 1e308])
def test_ops_of_an_own_engine_are_known_where_numbers_are_infinite_or_their_sums_are(number):
    a = Own(number)
    assert str(ag.explain(a - a, names={"a": a})).startswith("v1 = a - a = ")
    assert str(ag.explain(a * a, names={"a": a})).startswith("v1 = a * a = ")
