"""The facts: opened dots, hidden zeros, a reader's own nodes, nodes without a rule."""

import pytest

from autograd import Value, dot, explain, paths
from autograd.explanation.telling import tell


class Own:
    """A node as a learner writes it: its operands in a set, its rule in a closure."""

    def __init__(self, data, operands=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, set(operands), op
        self._backward = lambda: None

    def __mul__(self, other):
        out = Own(self.data * other.data, (self, other), "*")

        def backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = backward
        return out


class Bare:
    """A node that keeps a number and its operands, nothing else."""

    def __init__(self, data, operands=()):
        self.data, self._children = data, operands


def test_a_small_dot_is_told_as_products_and_sums():
    w, x, b = [Value(2.0), Value(3.0)], [Value(5.0), Value(7.0)], Value(1.0)
    y = dot(w, x, b)
    assert str(explain(y)).startswith("y = x[0]*w[0] + x[1]*w[1] + b = 32")
    assert len(explain(y).steps) == 8


def test_a_large_dot_is_told_as_one_node():
    w, x = [Value(float(i)) for i in range(5)], [Value(1.0) for _ in range(5)]
    y = dot(w, x)
    assert len(explain(y).steps) == 10


def test_the_zero_that_sum_begins_with_is_not_shown():
    a, b = Value(2.0), Value(3.0)
    L = sum([a, b])
    assert "L = a + b" in str(explain(L))
    assert [node.name for node in tell(L).nodes] == ["L"]


def test_looking_leaves_every_gradient_as_it_was():
    a, b = Value(2.0), Value(3.0)
    L = a * b
    L.backward()
    a.grad = 77.0
    str(explain(L))
    assert (a.grad, b.grad, L.grad) == (77.0, 2.0, 1.0)


def test_a_readers_own_engine_is_explained_by_its_own_rule():
    u = Own(3.0)
    y = u * u
    told = explain(y)
    assert [step.local for step in told.steps] == [3.0, 3.0]
    assert "y = u * u = 9" in str(told)
    assert (u.grad, y.grad) == (0.0, 0.0)


def test_a_wrong_rule_is_told_as_it_is():
    u, v = Own(3.0), Own(4.0)
    y = u * v
    y._backward = lambda: setattr(u, "grad", u.grad + y.grad)  # forgets v, and the factor
    told = {step.operand.name: step.local for step in explain(y).steps}
    assert told == {"u": 1.0, "v": 0.0}


def test_without_any_rule_paths_and_order_remain():
    r = Bare(2.0)
    t = Bare(6.0, (r, r))
    assert paths(t, r).count == 2
    assert "nan stands for what is not known" in str(explain(t))


def test_a_list_of_outputs_is_refused():
    with pytest.raises(TypeError, match="got list of 3"):
        explain([Value(1.0)] * 3)
