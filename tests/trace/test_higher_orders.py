"""Derivatives of any order are told in ops that everybody knows, and these give the same numbers."""

import random

import pytest

from autograd import Value, atan2, draw, explain, formula, gamma, grad, hypot, special
from autograd.trace import higher_orders
from autograd.trace.higher_orders import Written

PAIRS = [
    (higher_orders.power, special.pow_derivative),
    (higher_orders.hypotenuse, special.hypot_derivative),
    (higher_orders.angle, special.atan2_derivative),
]


@pytest.mark.parametrize(("told", "exact"), PAIRS)
def test_what_is_told_gives_the_numbers_of_the_rules(told, exact):
    draws = random.Random(1)
    for _ in range(500):
        a, b = draws.uniform(0.2, 3.0), draws.uniform(-3.0, 3.0)
        k, m = draws.choice([(k, m) for k in range(5) for m in range(4) if k + m])
        assert told(a, b, float(k), float(m)) == pytest.approx(
            exact(a, b, float(k), float(m)), rel=1e-9, abs=1e-9
        )


def test_gamma_is_told_to_the_fifth_derivative():
    for k in (1.0, 2.0, 3.0, 4.0, 5.0):
        assert higher_orders.gamma(1.7, k) == pytest.approx(special.gamma_derivative(1.7, k), rel=1e-9)


def test_they_read_as_school_mathematics():
    a, b = Written("a"), Written("b")
    assert higher_orders.power(a, b, 2.0, 0.0).text == "b*(b - 1)*a**(b - 2)"
    assert higher_orders.hypotenuse(a, b, 1.0, 1.0).text == "-a*b/hypot(a, b)**3"
    assert higher_orders.angle(a, b, 2.0, 0.0).text == "-2*a*b/(a**2 + b**2)**2"
    assert higher_orders.gamma(a, 2.0).text == "gamma(a)*(digamma(a)**2 + polygamma(1, a))"


@pytest.mark.parametrize(
    "f", [lambda a, b: a**b, hypot, atan2, lambda a, b: gamma(a) * b, lambda a, b: a**3 + b]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_reading_shows_the_name_of_a_derivative(f, lang):
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    first = grad(f(a, b), [a], create_graph=True)[0]
    second = grad(first, [a], create_graph=True)[0]
    for root in (first, second):
        told = explain(root, lang=lang)
        shown = [str(told), told.latex(), told.html(), told.markdown(), str(formula(root)), draw(root).svg]
        assert [text for text in shown if "^(" in text or "_derivative" in text] == []
