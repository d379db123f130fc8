"""Whatever is printed in Chinese: no half-width mark beside Chinese, no English word that is no name and no code."""

import builtins
import html
import json
import keyword
import re

import pytest

import autograd as ag
import nn
from autograd import Value, language
from autograd.cli import main
from autograd.exercise import answer, check_engine, sheet, student
from autograd.exercise.question import EXERCISES, Task
from autograd.explanation.javascript import PAGE
from autograd.messages import TEXTS, chosen
from autograd.messages.chinese import WIDE, widened
from autograd.messages.sentences import SENTENCES, template

IDEOGRAPH = "[\u3400-\u9fff]"
HALF = re.compile(f"{IDEOGRAPH}[,:;?!()]|[,:;?!()]{IDEOGRAPH}")


def half_width_marks(text):
    """Give the half-width marks that stand beside Chinese, and those that the one function would still set."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [line for line in lines if HALF.search(line) or widened(line) != line]


@pytest.fixture(autouse=True)
def _in_chinese():
    language("zh")
    yield
    language("en")


def test_no_half_width_mark_stands_beside_chinese_in_the_catalogues():
    told = [chosen(texts, "zh") for texts in TEXTS.values()]
    told += [template(op, [True])[1] for op in SENTENCES]
    assert [text for text in told if HALF.search(text)] == []
    assert sum(text.count(mark) for text in told for mark in WIDE.values()) > 800


def readings():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    L = a * a + a * b
    L.label = "L"
    x = Value(0.0, label="x")
    kinks = ag.abs(x) + x.relu() + ag.maximum(x, 0.0) + ag.where(x > 0, x, 2 * x)
    kinks.label = "y"
    z = [Value(0.5, label=f"z{i}") for i in range(3)]
    loss = nn.cross_entropy(z, 1)
    for root, leaf in ((L, a), (kinks, x), (loss, z[1]), (a / b - b**a, b)):
        yield str(ag.explain(root))
        yield str(ag.explain(root, leaf))
        yield str(ag.paths(root, leaf))
        yield str(ag.trace_table(root))
        yield str(ag.why_order(root))
        yield str(ag.nudge(root, leaf))
        yield from (repr(step) for step in ag.explain(root).steps)


def test_readings_are_set_in_full_width():
    told = list(readings())
    assert sum(bool(re.search(IDEOGRAPH, text)) for text in told) > 20
    assert [line for text in told for line in half_width_marks(text)] == []


def seen_in(markup):
    """Give the texts of a page or picture, one a line: its scripts, styles and tags taken away."""
    markup = re.sub(r"<(script|style)\b.*?</\1>", "\n", markup, flags=re.DOTALL)
    told = re.findall(r'(?<![-\w])(?:title|alt|aria-label|placeholder)="([^"]*)"', markup)
    return html.unescape("\n".join([re.sub(r"<[^>]*>", "\n", markup), *told]))


def pages():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    L = a * a + a * b
    L.label = "L"
    yield ag.draw(L).svg
    yield ag.draw(L)._repr_html_()
    yield ag.step_through(L).html
    yield ag.quiz(L).html
    yield ag.playground().html
    yield sheet("1.4", "1.5", "2.3", "2.5", "4.4", variants=1).html
    yield ag.lecture("\u53cd\u5411\u4f20\u64ad", [(L, "a \u53d8\u5927\u65f6\uff1f", "\u770b b")]).html
    yield ag.tangent(lambda x: x * x, -1, 1).html()
    z = [Value(0.5, label=f"z{i}") for i in range(3)]
    for told in (
        ag.explain(L),
        ag.formula(L),
        ag.trace_table(L),
        ag.why_order(L),
        ag.explain(nn.cross_entropy(z, 1)),
    ):
        yield told._repr_html_()
    yield ag.paths(L, a)._repr_html_()
    yield ag.nudge(L, a)._repr_html_()


def test_pages_and_pictures_are_set_in_full_width():
    assert [line for page in pages() for line in half_width_marks(seen_in(page))] == []


# Latin words of three letters and more that are no name of Python's or of this library
CODE = {
    "html", "svg", "self", "out", "MyValue", "repr", "topological", "order", "PyTorch", "Wengert", "loss", "target",
    "autograd", "one_hot", "Home", "End", "English", "Python", "python", "Graphviz", "LaTeX", "nan",
    "root", "save", "rate", "json", "digits", "weights", "model",
}  # fmt: skip
KNOWN = {*dir(builtins), *keyword.kwlist, *dir(ag), *dir(nn), *dir(Value), *ag.TABLE, *CODE}


def english_in(text):
    """Give the words that are neither names nor code: calls, attributes, what is quoted or in backticks."""
    bare = re.sub(r"`[^`\n]*`|\"[^\"\n]*\"|'[^'\n]*'", " ", text)
    bare = re.sub(r"\w+\([^()]*\)|\w+(\.\w+)+", " ", bare)
    return {word for word in re.findall(r"[A-Za-z_]{3,}", bare) if word not in KNOWN and not word.isupper()}


def reprs():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    L = a * a + a * b
    L.label = "L"
    yield from map(
        repr, (ag.draw(L), ag.step_through(L), ag.quiz(L), ag.playground(), sheet("1.1"), ag.explain(L))
    )
    yield from map(repr, (ag.formula(L), ag.trace_table(L), ag.why_order(L), ag.paths(L, a), ag.nudge(L, a)))
    yield repr(ag.lecture("\u4e00", [(L, "\u4e8c", "\u4e09")]))


def test_readings_have_no_english_but_names():
    assert {word for text in [*readings(), *reprs()] for word in english_in(text)} == set()
    assert [line for text in reprs() for line in half_width_marks(text)] == []


def test_pages_have_no_english_but_names():
    assert {word for page in pages() for word in english_in(seen_in(page))} == set()


def test_the_pages_words_have_no_english_but_names():
    texts = [
        re.sub(
            r"<code>.*?</code>|\{\w+\}|<[^>]*>|&\w+;",
            " ",
            chinese if isinstance(chinese, str) else " ".join(chinese),
        )
        for name in ("words", "typing")
        for _, chinese in json.loads((PAGE / f"{name}.json").read_text(encoding="utf-8")).values()
    ]
    assert {word for text in texts for word in english_in(text)} == set()


# phrases of Latin words with spaces between them that are code
PHRASES = r"for \w+ in \w+|with no_grad|pip install|return loss|python -m autograd|jupyter lab|topological order|Wengert list|exp log .* maximum|lambda model: .*"


def test_no_chinese_sentence_of_the_catalogue_holds_an_english_one():
    told = {
        key: re.sub(r"\{[^{}]*\}|`[^`]*`|\"[^\"]*\"|'[^']*'", "_", chosen(texts, "zh"))
        for key, texts in TEXTS.items()
    }
    told = {key: re.sub(PHRASES, "_", text) for key, text in told.items()}
    assert [key for key, text in told.items() if re.search("[A-Za-z]{2,} [A-Za-z]{2,}", text)] == []


def test_exercises_answer_in_chinese(tmp_path):
    student("t", folder=tmp_path)
    told = []
    for key, exercise in EXERCISES.items():
        told.append(re.sub(r"\{\w+\}", "1", exercise.question[1]))
        if not isinstance(exercise, Task):
            given = [12345.0] * len(exercise.parts)
            told += [str(answer(key, *given)) for _ in range(3)]
    told.append(str(check_engine(type("MyValue", (), {"__init__": lambda self, data: None}))))
    told = [widened(text) for text in told]
    assert len(told) > 30
    assert [line for text in told for line in half_width_marks(text)] == []
    assert {word for text in told for word in english_in(text)} == set()


NAMES = {"v1"}  # what a picture may say in Latin letters besides one-letter names


def test_what_stands_on_pictures_is_chinese_or_a_name():
    a = Value(2.0, label="a")
    y = a * a
    y.backward()
    words = set(re.findall(r"[A-Za-z_]{2,}", seen_in(ag.draw(y).svg)))
    assert words - NAMES == set()


@pytest.mark.parametrize(
    "command",
    [
        ["explain", "tanh(w*x + b)", "w=2", "x=-1", "b=0.5"],
        ["explain", "a*a + a*b", "a=2", "b=-3", "--table"],
        ["draw", "x**2", "x=3", "-o", "{folder}/g.svg"],
        ["step", "x**2", "x=3", "-o", "{folder}/g.html"],
        ["grad", "x ^ 2", "x=3"],
        ["grad", "2x", "x=3"],
        ["explain", "x", "x=1", "--wrt", "q"],
        ["tour", "--epochs", "0", "-o", "{folder}"],
    ],
    ids=lambda command: command[0],
)
def test_the_command_line_is_set_in_full_width(command, tmp_path, capsys):
    main([*[part.format(folder=tmp_path) for part in command], "--lang", "zh"])
    out, err = capsys.readouterr()
    assert half_width_marks(out + err) == []
    paths = {word for part in tmp_path.parts for word in re.findall("[A-Za-z_]+", part)}
    assert english_in(out + err) - paths - {"neuron", "dot"} == set()
    assert re.search(IDEOGRAPH, out + err)
