"""Readings: HTML without scripts or network, labels of all kinds, large graphs."""

import re

import pytest

import autograd as ag
import nn
from autograd import Value, explain, op, trace_table
from autograd.drawing.measure import columns_of, folded
from autograd.entry import BUILT_IN, TABLE
from autograd.messages.sentences import sentences

HOSTILE = [
    "x<y",
    "\"a\"&'b'",
    "two\nlines",
    "<script>alert(1)</script>",
    "权重",
    "`|*_",
    "x" * 300,
    "$x$ {y} \\z",
]


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_every_op_of_the_table_has_its_sentence_in_both_languages(name):
    op = TABLE[name]
    rules = ["" if op.rule(i) is None else f"rule{i}" for i in range(op.arity or 4)]
    english, chinese = sentences(name, {"y": "o", "a": "p", "b": "q"}, rules)
    assert english.isascii()
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert "own local derivative" not in english
    assert "{" not in english + chinese


def test_an_op_of_ones_own_is_told_by_its_rule():
    softly = op("softly", lambda x: x / (1 + abs(x)), lambda x, y: (1 - ag.abs(y)) ** 2)
    x = Value(1.0)
    y = softly(x)
    assert "softly hands it on times (1 - abs(y))**2" in str(explain(y))
    assert "softly 往回传时乘以 (1 - abs(y))**2" in str(explain(y, lang="zh"))


@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_leaves_every_reading_well_formed(label):
    x = Value(2.0, label=label)
    told = explain(x * x + 1)
    page = told.html()
    assert "<script" not in page
    assert page.count("<td") == page.count("</td>")
    assert max(columns_of(line) for line in str(told).split("\n")) <= 100
    assert told.latex().count("{") - told.latex().count("\\{") == told.latex().count(
        "}"
    ) - told.latex().count("\\}")


def test_the_display_is_html_and_text_alone(expression):
    root, names = expression("uses")
    for told in (
        explain(root, names=names),
        trace_table(root, names=names),
        explain(root, names["a"], names=names),
    ):
        assert {name for name in dir(told) if name.startswith("_repr_")} == {"_repr_html_"}
        page = told._repr_html_()
        assert "http" not in page
        assert "1·(−3)" in re.sub("<[^>]*>", "", page)


def test_a_graph_of_more_than_12_nodes_takes_one_line_per_node():
    model = nn.MLP(2, [4, 1])
    y = model([Value(1.0), Value(-2.0)])
    told = str(explain(y))
    assert "one line per node" in told
    assert len(told.split("\n")) < 80
    assert len(str(explain(y, all=True)).split("\n")) > 80


def test_a_large_graph_is_told_by_its_ends():
    x = Value(0.5)
    y = x
    for _ in range(3000):
        y = y * 1.0 + 0.001
    told = str(explain(y))
    assert "nodes in between are left out" in told
    assert len(told.split("\n")) < 70


def test_markdown_has_one_row_per_step(expression):
    root, names = expression("uses")
    told = explain(root, names=names).markdown()
    assert "| `3` | `a` | `b = -3` | `1 * -3 = -3` | `a.grad = -3` |" in told


def test_a_long_line_is_folded_at_spaces():
    assert folded("ab " * 50) == [("ab " * 33).strip(), "  " + ("ab " * 17).strip()]


def test_another_language_is_refused_by_naming_the_two(expression):
    root, names = expression("uses")
    with pytest.raises(ValueError, match="'de' is not known"):
        str(explain(root, names=names, lang="de"))


def test_names_wider_than_the_page_are_folded_and_nothing_of_them_is_lost():
    for indent in ("", "  ", " " * 120):
        for line in ("x" * 1_000, "变量" * 500, " " * 300 + "x", "word " * 100, ""):
            lines = folded(line, indent)
            assert max(map(columns_of, lines)) <= 100
            assert "".join("".join(lines).split()) == "".join(line.split())


def test_english_texts_print_on_streams_that_know_ascii_alone(expression):
    root, names = expression("uses")
    a = names["a"]
    told = [explain(root, names=names), explain(root, a, names=names), trace_table(root, names=names)]
    told += [f(root, names=names) for f in (ag.formula, ag.why_order)]
    told += [ag.nudge(root, a, names=names), ag.paths(root, a, names=names)]
    assert all(str(reading).isascii() for reading in told)
