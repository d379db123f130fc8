import math
import re

import pytest

from autograd import language
from autograd.cli.parsing import ExpressionError, parse
from autograd.messages.chinese import widened


def test_an_expression_becomes_a_graph_with_named_leaves():
    root, leaves = parse("tanh(w*x + b)", ["w=2", "x=-1", "b=0.5"])
    root.backward()
    assert root.data == math.tanh(-1.5)
    assert {name: leaf.label for name, leaf in leaves.items()} == {"w": "w", "x": "x", "b": "b"}
    assert leaves["w"].grad == pytest.approx(-(1 - math.tanh(-1.5) ** 2), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "numbers", "value"),
    [
        ("-x**2", ["x=3"], -9.0),
        ("2*pi*r", ["r=1"], 2 * math.pi),
        ("x.tanh()", ["x=0.5"], math.tanh(0.5)),
        ("where(x > 0, x, -x)", ["x=-2"], 2.0),
        ("dot([x, y], [y, 2], 1)", ["x=1", "y=3"], 10.0),
        ("sum([x, x, 1])", ["x=2"], 5.0),
        ("maximum(x, y)", ["x=1", "y=3"], 3.0),
        ("1/0*x", ["x=2"], math.inf),
        ("1e3 - 0x10 + x", ["x=0"], 984.0),
        ("x", ["x=−2"], -2.0),
        ("变量 * 2", ["变量=4"], 8.0),
    ],
)
def test_what_can_be_written(text, numbers, value):
    assert parse(text, numbers)[0].data == value


@pytest.mark.parametrize(
    ("text", "numbers", "message"),
    [
        (
            "tanh(w*x + b)",
            ["w=2", "x=1"],
            "error: b has no number\n  tanh(w*x + b)\n             ^ add  b=0.5",
        ),
        ("tanhh(w)", ["w=1"], "error: the function tanhh is not known\n  tanhh(w)\n  ^ did you mean  tanh?"),
        ("x^2", ["x=1"], "error: the operator ^ is not known\n  x^2\n    ^ for a power write **"),
        ("__import__('os')", [], "error: the function __import__ is not known"),
        ("x.__class__", ["x=1"], "error: x.__class__ cannot stand in an expression"),
        ("(lambda: 1)()", [], "error: this cannot be called"),
        ("'a' * 3", [], "error: 'a' is not a number"),
        ("[x for x in y]", [], "error: [x for x in y] cannot stand in an expression"),
        ("w*x", ["w=2", "x=two"], "error: 'two' is not a number (in x=two)\n  type for example  x=0.5"),
        ("w*x", ["w", "x=1"], "error: 'w' is not of the form name=number\n  type for example  x=0.5"),
        ("w", ["w=1", "x=1"], "error: x has a number but does not stand in the expression"),
        ("exp", [], "error: exp is a function\n  exp\n  ^ write  exp(...)"),
        ("softmax([x, 1])", ["x=1"], "error: the expression gives several numbers, one is needed"),
        ("", [], "error: the expression is empty"),
        ("pi * x", ["pi=3", "x=1"], "error: pi has a meaning already"),
        ("atan2(x)", ["x=1"], "error: atan2 takes 2 operands, got 1."),
        ("dot([x], [1, 2])", ["x=1"], "error: dot: 1 number on the left and 2 on the right"),
        ("2x", ["x=1"], "error: this is not a complete expression\n  2x\n  ^ for a product write  2*x"),
        ("max(x)", ["x=1"], "error: the function max is not known\n  max(x)\n  ^ did you mean  maximum?"),
        (
            "x if x > 0 else 0",
            ["x=1"],
            "error: x if x > 0 else 0 cannot stand in an expression\n  "
            "x if x > 0 else 0\n  ^ write  where(condition, then, otherwise)",
        ),
        ("not x", ["x=1"], "error: the operator not is not known"),
        ("x", ["x=1", "x=2"], "error: x has two numbers"),
        ("1 < x < 3", ["x=1"], "error: one comparison of two numbers is allowed"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text, numbers, message):
    with pytest.raises(ExpressionError) as error:
        parse(text, numbers)
    assert error.value.pointed().startswith(message)


@pytest.mark.parametrize("text", ["tanh(x", "x +", "x y", "*", "x = 1", "\0"])
def test_an_incomplete_expression_is_one_clear_error(text):
    with pytest.raises(ExpressionError, match=r"complete expression|cannot be read"):
        parse(text, ["x=1"])


def test_absurd_nesting_is_refused_in_one_line():
    for text in ("(" * 3000 + "x" + ")" * 3000, "-" * 5000 + "x", "x" + "+x" * 40_000):
        with pytest.raises(ExpressionError, match=r"nested|characters|complete"):
            parse(text, ["x=1"])


def test_the_pointer_stands_under_the_place_also_after_wide_letters():
    with pytest.raises(ExpressionError) as error:
        parse("变量 * q", ["变量=4"])
    assert error.value.column == 5


@pytest.mark.parametrize(
    ("text", "numbers", "value"),
    [
        ("tanh\uff08w\u00d7x\uff0bb\uff09", ["w\uff1d2", "x=\uff0d1", "b=\uff10.5"], math.tanh(-1.5)),
        ("x\u00b2 \u2212 2\u00b7x", ["x=3"], 3.0),
        ("dot\uff08\uff3bx\uff0c1\uff3d\uff0c [2\uff0c 3]\uff09", ["x=1"], 5.0),
    ],
)
def test_what_a_chinese_keyboard_types_is_read(text, numbers, value):
    assert parse(text, numbers)[0].data == value


WRONG = [
    ("tanh(w*x + b)", ["w=2", "x=1"]), ("tanhh(w)", ["w=1"]), ("wobble(w)", ["w=1"]), ("x^2", ["x=1"]),
    ("a @ b", ["a=1", "b=2"]), ("a & b", ["a=1", "b=2"]), ("a | b", ["a=1", "b=2"]), ("~a", ["a=1"]),
    ("x.__class__", ["x=1"]), ("(lambda: 1)()", []), ("'a' * 3", []), ("w*x", ["w=2", "x=two"]),
    ("w*x", ["w"]),
    ("w", ["w=1", "x=1"]), ("w", ["w=1", "w=2"]), ("exp", []), ("softmax([x, 1])", ["x=1"]), ("", []),
    ("pi", ["pi=3"]), ("2x", ["x=1"]), ("(x", ["x=1"]), ("x)", ["x=1"]), ("x +", ["x=1"]),
    ("[x] + 1", ["x=1"]),
    ("1 if x else 2", ["x=1"]), ("1 < x < 2", ["x=1"]), ("log(x, base=2)", ["x=1"]), ("x" * 20_000, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), WRONG, ids=[text[:20] for text, _ in WRONG])
def test_what_is_wrong_is_said_in_chinese(text, numbers):
    language("zh")
    try:
        with pytest.raises(ExpressionError) as error:
            parse(text, numbers)
        problem, advice = error.value.problem, error.value.advice
        assert error.value.pointed().startswith("\u9519\u8bef")
    finally:
        language("en")
    code = re.compile(
        r"[\w.]+\([^()]*\)|[\w.]*__\w+|name=number|'[^']*'|tanhh?|wobble|\b(sum|dot|logsumexp|lambda|exp|two)\b|"
        r"1 if x else 2|\w+=\S*"
    )
    for said in (problem, advice):
        assert widened(said) == said
        if not said.startswith("\u53ef\u7528"):  # a list of functions
            assert not re.search(r"[a-z]{3,}", code.sub("", said)), said


@pytest.mark.parametrize(
    ("written", "advised"),
    [
        ("softmax(x, 2)", "softmax([a, b, ...])"),
        ("log_softmax(x)", "log_softmax([a, b, ...])"),
        ("dot(x)", "dot([a, b, ...], [c, d, ...])"),
        ("sin x", "sin(x)"),
        ("y = 2*x", "leave out the ="),
        ("tg(x)", "tan"),
    ],
)
def test_what_python_would_say_in_its_own_words_is_said_in_ours(written, advised):
    with pytest.raises(ExpressionError) as refused:
        parse(written, ["x=1"])
    assert advised in refused.value.advice
    assert "positional" not in refused.value.problem


def test_a_number_of_operands_is_told_without_a_wrong_plural():
    with pytest.raises(ExpressionError, match="tanh takes 1 operand, got 2"):
        parse("tanh(x, x)", ["x=1"])
