"""The pages compute and tell what Python computes and tells, for whatever is typed."""

import json
import math
import re

import pytest

import autograd
from autograd import Value, explain
from autograd.cli.parsing import parse
from autograd.explanation.assembly import TELLING, scripts, sentences_script
from autograd.explanation.cells import At, step_cells
from autograd.explanation.meaning import meaning
from autograd.explanation.playground import playground_ops
from autograd.messages import word

from .expressions import random_expression

pytestmark = pytest.mark.program("node")
LITERAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
TOLERANCE = 1e-12
# an operand with more than 12 digits; what rounding leaves of a sum that is 0
EXCEPTED = re.compile(r"\d[\d.]{12,}|\de-1[3-9]")


def in_python(text, numbers):
    """Give the trace of an expression; its names are those of the page."""
    root, leaves = parse(text, [f"{name}={number!r}" for name, number in numbers.items()])
    return explain(root, names={"L": root, **leaves}, all=True).trace


def told_rows(trace, lang):
    rows = []
    for x in step_cells(trace, lang):
        if isinstance(x, At):
            rows.append(x.line + (word("colon", lang) + x.sentence if x.sentence else ""))
        else:
            rows.append([str(x.step.number), x.into, " = ".join(x.local), x.product, x.after])
            rows += [x.use] if x.use else []
    return rows


@pytest.fixture(scope="module")
def cases():
    found = []
    seed = 0
    while len(found) < 300:
        seed += 1
        text, numbers = random_expression(seed)
        trace = in_python(text, numbers)
        if trace.steps and all(math.isfinite(x.number) for x in trace.nodes):
            found.append((text, numbers, trace))
    return found


@pytest.fixture
def typed(in_node):
    """Give a function from typed texts, with numbers, to what code makes of each."""

    def run(texts, code):
        parts = [playground_ops(), sentences_script(), scripts(*TELLING, "numbers", "parser")]
        given = json.dumps(texts)
        return in_node(
            "\n".join(parts) + f"\nconst seen = {given}.map(([text, values]) => {{\n"
            f"load(listed(parseLines(text), values))\n{code}\n}})"
        )

    return run


def close(mine, theirs):
    mine = LITERAL.get(mine, mine)
    if not math.isfinite(theirs) or not math.isfinite(mine):
        return mine == theirs or (mine != mine and theirs != theirs)
    return abs(mine - theirs) <= TOLERANCE * max(1.0, abs(theirs))


def test_300_random_expressions_have_the_values_and_gradients_of_python(typed, cases):
    code = "return [nodes.map(x => [x.name, valueOf(x)]), leaves.map(x => [x.name, gradOf(x)])]"
    seen = typed([[text, numbers] for text, numbers, _ in cases], code)
    wrong = []
    for (text, _, trace), (values, gradients) in zip(cases, seen, strict=True):
        value_of = dict(values)
        wrong += [(text, x.name) for x in trace.nodes if not close(value_of[x.name], x.number)]
        wrong += [
            (text, name, leaf.name, mine, leaf.grad)
            for (name, mine), leaf in zip(gradients, trace.leaves, strict=True)
            if name != leaf.name or not close(mine, leaf.grad)
        ]
    assert wrong == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_300_random_expressions_are_told_step_by_step_word_for_word(typed, cases, lang):
    code = f"language = {int(lang == 'zh')}\nreturn stepRows().map(row => row.line || row.cells)"
    seen = typed([[text, numbers] for text, numbers, _ in cases], code)
    wrong = []
    for (text, _, trace), rows in zip(cases, seen, strict=True):
        theirs = told_rows(trace, lang)
        assert len(rows) == len(theirs)
        wrong += [
            f"{text}\n  page   {mine}\n  python {other}"
            for mine, other in zip(rows, theirs)
            if mine != other and not EXCEPTED.search(f"{mine}{other}")
        ]
    assert not wrong, f"{len(wrong)} lines differ\n" + "\n".join(wrong[:20])


LISTS = [
    "softmax([a, b, c])[0] * softmax([a, b, c])[1]",
    "softmax([a, b])[1] * softmax([a, b])[0] + softmax([a, b])[0]",
    "softmax([a*b, a, tanh(b)])[2] + c",
    "softmax([a, 1, 2])[1]**2 + softmax([c])[0]*b",
    "log_softmax([a, b])[1] + log_softmax([a, b])[0] * c",
    "sum(a) * prod(b) + maximum(c)",
    "sum([a, b, a, b, a, b, a, b, a, b, a, c])",
    "maximum(a, b, c, a, b) // minimum(c, b) + norm(a, b, c, a) % 2",
]


def test_what_takes_a_list_is_told_word_for_word_however_many_there_are(typed):
    points = [{"a": 1.0, "b": 2.0, "c": 0.5}, {"a": 9.0, "b": 2.0, "c": -1.0}, {"a": 0.0, "b": 1.0, "c": 1.0}]
    given = [
        (text, {name: x for name, x in point.items() if name in text}) for text in LISTS for point in points
    ]
    seen = typed([list(pair) for pair in given], "return stepRows().map(row => row.line || row.cells)")
    for (text, numbers), rows in zip(given, seen, strict=True):
        assert rows == told_rows(in_python(text, numbers), "en"), text


@pytest.mark.parametrize("used", [(0, 1, 2), (0, 1), (2,)])
def test_a_softmax_is_told_step_by_step_word_for_word(on_page, used):
    shares = autograd.softmax([Value(x, label=f"z{i}") for i, x in enumerate((2.0, 1.0, 0.1), 1)])
    loss = autograd.prod([shares[k] for k in used]).log()
    trace = explain(loss, names={}, all=True).trace
    seen = on_page(loss, "seen = stepRows().map(row => row.line || row.cells)", names={})
    assert seen == told_rows(trace, "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_gradient_says_is_said_in_the_same_words(typed, cases, lang):
    code = f"language = {int(lang == 'zh')}\nreturn leaves.map(meaning)"
    seen = typed([[text, numbers] for text, numbers, _ in cases], code)
    wrong = []
    for (text, _, trace), mine in zip(cases, seen, strict=True):
        theirs = [meaning(trace, leaf, lang) for leaf in trace.leaves]
        pairs = zip(mine, theirs, strict=True)
        wrong += [
            f"{text}\n  page   {x}\n  python {y}" for x, y in pairs if x != y and not EXCEPTED.search(x + y)
        ]
    assert not wrong, f"{len(wrong)} sentences differ\n" + "\n".join(wrong[:12])
