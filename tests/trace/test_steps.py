"""The facts: opened dots, hidden zeros, a reader's own nodes, nodes without a rule."""

import pytest

from autograd import Value, dot, draw, explain, paths
from autograd.trace.steps import trace_graph


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
    assert [node.name for node in trace_graph(L).nodes] == ["L"]


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
    assert "? stands for what is not known" in str(explain(t))


def test_a_list_of_outputs_is_refused():
    with pytest.raises(TypeError, match="got list of 3"):
        explain([Value(1.0)] * 3)


def test_a_node_with_operands_alone_is_ordered_named_and_said_to_have_no_known_derivatives():
    a, b = Bare(2.0), Bare(3.0)
    c = Bare(6.0, (a, b))
    trace = trace_graph(c)
    assert [node.name for node in trace.leaves] == ["a", "b"]
    assert [node.name for node in trace.unknown] == ["c"]
    assert draw(c).scene.links[0].local is None


@pytest.mark.parity
def test_a_graph_of_micrograd_is_traced_and_drawn_as_the_same_graph_of_values():
    import micrograd.engine

    def build(number):
        a, b = number(2.0), number(-3.0)
        d = a * b
        return (d + a).relu() * a + d, {"a": a, "b": b, "d": d}

    theirs, ours = (build(kind) for kind in (micrograd.engine.Value, Value))
    told = [trace_graph(root, names) for root, names in (theirs, ours)]
    steps = [
        {(x.operand.name, x.upstream, x.local, x.flow) for x in trace.steps if x.operand.name in "abd"}
        for trace in told
    ]
    assert steps[0] == steps[1]
    assert [{x.name: x.grad for x in trace.leaves} for trace in told] == [{"a": -3.0, "b": 2.0}] * 2
    assert {x.local for x in draw(theirs[0]).scene.links} == {x.local for x in draw(ours[0]).scene.links}
