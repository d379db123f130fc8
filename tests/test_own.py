import math

import numpy as np
import pytest

import autograd as ag
from autograd import Value, grad, hessian, hvp, jacobian, jvp, no_grad
from autograd.own import op


@pytest.fixture(autouse=True)
def _forget_ops_made_here():
    known = set(ag.TABLE)
    yield
    for name in set(ag.TABLE) - known:
        del ag.TABLE[name]


# rules of the sine that leave the graph, each in its own way
LEAVING = {
    "math": lambda x, y: math.cos(x),
    "float": lambda x, y: ag.cos(float(x)),
    "data": lambda x, y: ag.cos(getattr(x, "data", x)),
    "item": lambda x, y: ag.cos(x.item() if hasattr(x, "item") else x),
    "result": lambda x, y: ag.cos(x) + 0 * float(y),
    "half": lambda x, y: 0.5 * ag.cos(x) + 0.5 * math.cos(x),
}
TWICE = {
    "grad of grad": lambda f: grad(grad(f))(1.0),
    "jvp of grad": lambda f: jvp(grad(f), 1.0, 1.0)[1],
    "grad of jvp": lambda f: grad(lambda x: jvp(f, x, 1.0)[1])(1.0),
    "jvp of jvp": lambda f: jvp(lambda x: jvp(f, x, 1.0)[1], 1.0, 1.0)[1],
    "hessian": lambda f: hessian(f, 1.0),
    "hvp": lambda f: hvp(f, 1.0, 1.0)[1],
    "create_graph": lambda f: grad(f(x := Value(1.0)), x, create_graph=True),
    "jacobian at a Value": lambda f: jacobian(lambda x: [f(x)], Value(1.0)),
}


@pytest.mark.parametrize("rule", LEAVING.values(), ids=LEAVING.keys())
@pytest.mark.parametrize("ask", TWICE.values(), ids=TWICE.keys())
def test_a_rule_that_leaves_the_graph_is_named_where_its_derivative_is_asked(rule, ask):
    sine = op("sine_that_leaves", math.sin, rule)
    assert grad(sine)(1.0) == jvp(sine, 1.0, 1.0)[1] == pytest.approx(math.cos(1.0))
    x = Value(1.0)
    sine(x).backward()
    assert x.grad == pytest.approx(math.cos(1.0))
    with pytest.raises(TypeError, match=r"the op 'sine_that_leaves' .* autograd.cos\(x\) for math.cos"):
        ask(sine)


def test_the_function_that_a_rule_takes_from_math_is_named():
    f = op("tangent_that_leaves", math.tanh, lambda x, y: 1 / math.cosh(x) ** 2)
    with pytest.raises(TypeError, match=r"write autograd.cosh\(x\) for math.cosh\(x\)"):
        grad(grad(f))(1.0)


def test_under_no_grad_only_the_numbers_are_asked():
    sine = op("sine_for_numbers", math.sin, LEAVING["math"])
    w = Value(2.0)
    with no_grad():
        assert grad(lambda x: w * sine(x))(1.0) == 2 * math.cos(1.0)
        assert grad(sine)(Value(1.0)).data == math.cos(1.0)


@pytest.mark.parametrize(
    ("value", "rule", "at", "third"),
    [
        (math.sin, lambda x, y: ag.cos(x), 1.0, -math.cos(1.0)),
        (math.exp, lambda x, y: y, 1.0, math.e),
        (np.sin, lambda x, y: np.cos(x), 1.0, -math.cos(1.0)),
        (lambda x: x**4, lambda x, y: 4 * x**3 if x > 0 else 0.0, 2.0, 48.0),
        (lambda x: abs(x) ** 3, lambda x, y: 3 * x * x * (1 if int(x) > 0 else -1), 2.0, 6.0),
        (lambda x: x**3, lambda x, y: x.__class__ and 3 * x * x, 2.0, 6.0),
    ],
)
def test_a_right_rule_has_every_order(value, rule, at, third):
    f = op("right_rule", value, rule)
    assert grad(grad(grad(f)))(at) == pytest.approx(third)
    assert jvp(lambda x: jvp(grad(f), x, 1.0)[1], at, 1.0)[1] == pytest.approx(third)


def test_the_numbers_of_constants_may_be_read():
    def slope(x, k, y):
        return 2 * x * getattr(k, "data", k)

    def halted_slope(x, y):
        return 2 * x.detach().item() if hasattr(x, "detach") else 2 * x

    scaled = op("scaled", lambda x, k: k * x * x, slope, None)
    assert grad(grad(lambda x: scaled(x, 3.0)))(2.0) == 6.0
    with pytest.raises(TypeError, match="'scaled'"):
        grad(grad(lambda x: scaled(x, x)))(2.0)
    halted = op("halted", lambda x: x * x, halted_slope)
    assert grad(grad(halted))(2.0) == 0.0  # as its author wrote


@pytest.mark.parametrize("wrong", [None, 1j, "1", [1.0], np.ones(1), Value(1.0)], ids=repr)
def test_what_is_no_real_number_is_refused_where_it_arises(wrong):
    value = op("wrong_value", lambda x: wrong, lambda x, y: 1.0)
    rule = op("wrong_rule", lambda x: x, lambda x, y: wrong)
    for ask in (lambda: value(1.0), lambda: value(Value(1.0))):
        with pytest.raises(TypeError, match=r"the op 'wrong_value' gave .* no real number"):
            ask()
    for ask in (rule(Value(1.0)).backward, lambda: grad(rule)(1.0), lambda: jvp(rule, 1.0, 1.0)):
        with pytest.raises(TypeError, match=r"the op 'wrong_rule' gave .* no real number"):
            ask()


@pytest.mark.parametrize("kind", [int, np.float32, np.float64, np.int64, bool])
def test_numbers_of_other_kinds_become_floats(kind):
    f = op("other_kind", kind, lambda x, y: kind(1))
    x = Value(1.0)
    y = f(x)
    y.backward()
    assert [type(z) for z in (y.data, x.grad, f(1.0), grad(f)(1.0))] == [float] * 4


def test_the_ops_of_the_table_are_read_as_they_are():
    assert not any(entry.own for entry in ag.TABLE.values() if entry.name in ("sin", "dot", "where", "relu"))
    assert grad(grad(ag.sin))(1.0) == -math.sin(1.0)
