import math

import pytest

from autograd import Value


def test_the_readme_example_of_micrograd_prints_its_numbers():
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_the_trace_of_the_lecture_finds_nodes_and_edges():
    def trace(root):
        nodes, edges = set(), set()

        def build(v):
            if v not in nodes:
                nodes.add(v)
                for child in v._prev:
                    edges.add((child, v))
                    build(child)

        build(root)
        return nodes, edges

    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    L = a * b + a
    nodes, edges = trace(L)
    assert len(nodes) == 4
    assert len(edges) == 4
    assert sorted(n._op for n in nodes) == ["", "", "*", "+"]


def test_the_tanh_of_the_lecture_with_an_assigned_backward_works():
    def tanh(x):
        t = (math.exp(2 * x.data) - 1) / (math.exp(2 * x.data) + 1)
        out = Value(t, (x,), "tanh")

        def _backward():
            x.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    x1, w1, b = Value(2.0), Value(-3.0), Value(6.8813735870195432)
    o = tanh(x1 * w1 + b)
    o.backward()
    assert x1.grad == pytest.approx(-1.5, rel=1e-12)
    o.backward()
    assert x1.grad == pytest.approx(-3.0, rel=1e-12)


def test_backward_by_hand_node_by_node_as_in_the_lecture():
    a, b = Value(2.0), Value(5.0)
    n = a * b
    o = n.tanh()
    o.grad = 1.0
    o._backward()
    n._backward()
    a._backward()
    assert n.grad == pytest.approx(1 - math.tanh(10.0) ** 2, rel=1e-6)
    assert a.grad == n.grad * 5.0


def test_an_assigned_backward_replaces_the_rule_of_a_library_op():
    a = Value(2.0)
    y = a * 3
    y._backward = lambda: setattr(a, "grad", a.grad + 100 * y.grad)
    y.backward()
    assert a.grad == 100.0


def test_arbitrary_attributes_and_updates_in_place():
    p = Value(2.0)
    p.m, p.v = 0.0, 0.0
    (p * p).backward()
    p.m = 0.9 * p.m + 0.1 * p.grad
    p.data -= 0.1 * p.grad
    p.grad = 0
    assert (p.m, p.data, p.grad) == (0.4, 1.6, 0)


def test_a_second_argument_that_is_no_tuple_is_explained():
    with pytest.raises(TypeError, match="the second argument of Value is the tuple of its parents, got 2"):
        Value(1.0, 2)


def test_parents_that_are_no_values_are_refused():
    with pytest.raises(
        TypeError, match=r"parents must be Values, got an object of type float: write Value\(x\) for a number"
    ):
        Value(1.0, (2.0,), "sq")
