"""Names that ops are applied to: Python text, spaced so that it reads, and HTML."""

import re

import pytest

import autograd as ag
from autograd import Value
from autograd.entry import TABLE
from autograd.explanation.mathml import Web
from autograd.explanation.symbols import Text

a, b, c = (Text.name(name, 2.0) for name in "abc")
minus_3 = Text.numeral(-3.0)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (a * a + a * b, "a*a + a*b"),
        ((1 - a**2) * b, "(1 - a**2) * b"),
        (a - (b - c), "a - (b - c)"),
        (a - b - c, "a - b - c"),
        (a / (b * c), "a / (b*c)"),
        (-a / b, "-a / b"),
        (-(a * b), "-(a*b)"),
        (TABLE["neg"](-a), "-(-a)"),
        ((-a) ** 2, "(-a)**2"),
        (a**b**c, "a**b**c"),
        (a * minus_3, "a * -3"),
        (minus_3**a, "(-3)**a"),
        (TABLE["exp"](a - b), "exp(a - b)"),
        (TABLE["maximum"](a, b), "maximum(a, b)"),
    ],
)
def test_parentheses_stand_where_python_needs_them(written, text):
    assert written.text == text
    assert eval(text, {"a": a, "b": b, "c": c, **TABLE}).text == text  # noqa: S307 - our own text


def test_what_says_nothing_is_left_out_of_rules():
    assert [(1 * a).text, (a * 1).text, (a**1).text, (a + 0).text, (a / 1).text] == ["a"] * 5
    assert (a * -1).text == "-a"
    assert TABLE["pow"].rule(0, readable=True)(a, Text.numeral(3.0, fixed=True), a).text == "3 * a**2"


def test_where_takes_the_branch_that_was_taken():
    assert TABLE["leaky_relu"].rule(0)(a, Text.numeral(0.1, fixed=True), a).text == "1"


def test_html_escapes_names_and_raises_exponents():
    x = Web.name("x<y", 2.0)
    assert re.sub("<[^>]*>", "", (x**2 * x).text) == "x&lt;y**2·x&lt;y"
    assert "<msup><mrow><mtext>x&lt;y</mtext>" in (x**2).text
    assert Web.name("v1", 2.0).inner == "<msub><mi>v</mi><mrow><mn>1</mn></mrow></msub>"


def test_a_quotient_is_a_fraction_that_reads_as_one_without_tags():
    written = (Web.name("a", 1.0) + 1) / (Web.name("b", 2.0) * 3) - Web.numeral(-2.0)
    assert "<mfrac>" in written.text
    assert re.sub("<[^>]*>", "", written.text) == "(a+1)/(b·3)−(−2)"


@pytest.mark.parametrize("kind", [Text, Web])
def test_a_negative_number_taken_away_stands_in_parentheses(kind):
    a, number = kind.name("a", 1.0), kind.numeral(-0.5)
    written = [(a - number).text, (a - (-a)).text, (number - a).text, (a + number).text]
    if kind is Text:
        assert written == ["a - (-0.5)", "a - (-a)", "-0.5 - a", "a + -0.5"]
    else:
        bare = [re.sub("<[^>]*>", "", text) for text in written]
        assert bare == ["a−(−0.5)", "a−(−a)", "−0.5−a", "a+(−0.5)"]


def test_no_reading_has_a_double_minus():
    values = [Value(0.1 * i) for i in range(40)]
    few, many = (ag.sum([(x - (-0.5)) * x for x in some]) for some in (values[:2], values))
    for root in (few, many):
        for reading in (ag.explain(root), ag.explain(root, all=True), ag.trace_table(root), ag.formula(root)):
            assert "- -" not in reading.text() + reading.markdown() + reading.html() + reading.latex()
