import pytest

from autograd import Value, draw
from autograd.drawing.scene import expression


@pytest.mark.parametrize(
    ("sign", "operands", "text"),
    [
        ("+", ["a", "b"], "a + b"), ("-", ["a", "-2"], "a - (-2)"), ("**", ["x", "2"], "x**2"),
        ("-", ["x"], "-x"),
        ("tanh", ["x"], "tanh(x)"), ("**2", ["x"], "x**2"), ("maximum", ["a", "b", "c"], "maximum(a, b, c)"),
        ("ReLU", ["x"], "ReLU(x)"),
    ],
)  # fmt: skip
def test_an_expression_reads_as_python(sign, operands, text):
    assert expression(sign, operands) == text


def test_the_flow_along_an_edge_is_upstream_times_local():
    a, b = Value(2.0), Value(-3.0)
    L = (a * b) * 2
    L.backward()
    flows = {(link.source, link.target): link.flow for link in draw(L).scene.links}
    assert sorted(flow for flow in flows.values() if flow is not None) == [-6.0, 2.0, 4.0]


def test_into_a_constant_goes_no_gradient():
    x = Value(3.0)
    y = 2 * x
    y.backward()
    (into_constant,) = [x for x in draw(y).scene.links if x.index == 0]
    assert (into_constant.local, into_constant.flow) == (None, None)


def test_the_first_inf_or_nan_is_told_from_those_that_inherit_it():
    p = Value(0.0)
    r = p.log() * 2 + 1
    assert [box.bad for box in draw(r).scene.boxes if box.kind == "op"] == ["first", "inherited", "inherited"]
