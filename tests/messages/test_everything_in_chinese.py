"""Whatever is printed in Chinese: no half-width mark beside Chinese, no English word that is no name and no code."""

import html
import re

import pytest

import autograd as ag
import nn
from autograd import Value, language
from autograd.cli import main
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
    return html.unescape(re.sub(r"<[^>]*>", "\n", markup))


def pages():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    L = a * a + a * b
    yield ag.draw(L).svg
    yield ag.step_through(L).html
    yield ag.quiz(L).html
    yield ag.explain(L).html()
    yield ag.tangent(lambda x: x * x, -1, 1).html()


def test_pages_and_pictures_are_set_in_full_width():
    assert [line for page in pages() for line in half_width_marks(seen_in(page))] == []


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
    assert re.search(IDEOGRAPH, out + err)
