"""Errors, warnings and lines on stderr come from the catalogue, in whichever language is in force."""

import ast
import re
import warnings
from functools import cache
from pathlib import Path

import pytest

import autograd as ag
import nn
from autograd import Value

ROOT = Path(ag.__file__).parent.parent
SAYING = re.compile(r"(Error|Exception|Mismatch|Warning|warn|warn_explicit|refuse|print|write|problem)$")
# English alone, and why that is right
IN_NO_CATALOGUE = {
    "{type(self).__name__!r} object has no attribute {name!r}": "Python's own words",
    "{self.kind.__name__!r} object has no attribute {name!r}": "Python's own words",
    "{self.kind.__name__!r} object cannot be interpreted as an integer": "Python's own words",
    "module {module!r} has no attribute {name!r}": "Python's own words",
    "no program for small steps": "caught beside it, where the steps are written out",
    ", to operand {operand + 1}": "in the listing of generated code, which speaks English",
    "{path}: {error}": "a sentence of the catalogue behind the name of its file",
    "{type(problem).__name__}: {problem}": "what somebody's own formula raised",
}


def texts_of(node):
    """Give the texts that may stand for this expression: f-strings as they are written."""
    if isinstance(node, ast.IfExp):
        return texts_of(node.body) | texts_of(node.orelse)
    if isinstance(node, ast.BinOp):
        return texts_of(node.left) | texts_of(node.right)
    if isinstance(node, ast.JoinedStr):
        return {ast.unparse(node)[2:-1]}
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


@cache
def said_without_catalogue():
    paths = [path for package in ("autograd", "nn") for path in (ROOT / package).rglob("*.py")]
    return {
        (str(path.relative_to(ROOT)), text)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and SAYING.search(ast.unparse(node.func)) and node.args
        for text in texts_of(node.args[0])
    }


def is_sentence(text):
    """Whether a person would have to know English: two words outside fields, and no Chinese beside them."""
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\{[^{}]*\}", "", text))
    return " " in text.strip() and len(words) > 1 and not re.search("[\u3400-\u9fff]", text)


def test_nothing_is_raised_warned_of_or_printed_in_english_alone():
    found = {(path, text) for path, text in said_without_catalogue() if is_sentence(text)}
    assert sorted((path, text) for path, text in found if text not in IN_NO_CATALOGUE) == []


def test_every_exception_stands_in_the_code():
    assert sorted(set(IN_NO_CATALOGUE) - {text for _, text in said_without_catalogue()}) == []


W = Value(2.0, label="w")
FAST = ag.record(lambda x: (W * x - 1) ** 2, params=[W], backend="python")
FAULTS = [
    lambda: ag.record(3),
    lambda: ag.record(lambda x: x, params=nn.MLP(1, [1])),
    lambda: ag.record(lambda x: x, params=3),
    lambda: ag.record(lambda x: x, params=[3]),
    lambda: FAST.batch({"a": 1}),
    lambda: FAST.batch([1.0], [1.0, 2.0]),
    lambda: FAST.train([[1.0]], optimizer=nn.SGD),
    lambda: FAST.train([1.0], optimizer=nn.SGD([Value(1.0)])),
    lambda: FAST.train([float("inf")], epochs=1),
    lambda: ag.record(lambda x: x * 1.0, backend="python").train([1.0]),
    lambda: ag.record(lambda x: (x, W), has_aux=True, backend="python")(1.0),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_what_record_and_train_refuse_is_said_in_both_languages(fault):
    said = []
    for language in ("en", "zh"):
        ag.language(language)
        try:
            with pytest.raises((TypeError, ValueError, ArithmeticError)) as caught:
                fault()
        finally:
            ag.language("en")
        said.append(str(caught.value))
    assert [bool(re.search("[\u4e00-\u9fff]", text)) for text in said] == [False, True]


def places(said):
    return {(Path(x.filename).name, x.lineno) for x in said}


def line_of(text):
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    (found,) = [i for i, line in enumerate(lines, 1) if line.rstrip().endswith(text)]
    return (Path(__file__).name, found)


def test_a_warning_names_the_line_that_called_a_recorded_function():
    fast = ag.record(lambda: W * len(str(W)), params=[W], backend="python")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        fast()  # here it is called
    assert places(said) == {line_of("fast()  # here it is " + "called")}


def test_a_warning_names_the_line_that_called_fit():
    model = nn.MLP(1, [1])
    model.compile(optimizer="sgd", loss=lambda outs, ys: (outs[0] - ys[0]) ** 2 * len(str(W)))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model.fit([[1.0], [2.0]], [1.0, 2.0], epochs=1, replay=True)  # here it is fitted
    assert places(said) == {line_of("# here it is " + "fitted")}
