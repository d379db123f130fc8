"""Rules of this code base that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for package in ("autograd", "nn") for path in (ROOT / package).rglob("*.py"))
VAGUE = {"common", "helper", "helpers", "misc", "shared", "stuff", "tools", "util", "utils"}


def builtin_sums(text):
    """Give the lines that call Python's `sum` on anything but counts."""
    nodes = list(ast.walk(ast.parse(text)))
    imported = [alias for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    if "sum" in {alias.asname or alias.name for alias in imported}:
        return []
    calls = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "sum"]
    return [call.lineno for call in calls if not counts(call.args[0])]


def counts(terms):
    """Tell whether all terms are whole numbers: ones, lengths, or truths of comparisons."""
    term = getattr(terms, "elt", terms)
    return isinstance(term, ast.Compare) or re.match(r"1$|len\(|map\(len,", ast.unparse(term))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_floats_are_never_added_by_the_builtin_sum(path):
    # Python 3.12 changed it: sum([0.1] * 10) has other bits than before; use math.fsum or functools.reduce
    assert builtin_sums(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = sum(xs)", [1]),
        ("\nx = sum(a * b for a, b in pairs)", [2]),
        ("n = sum(1 for x in xs)", []),
        ("n = sum(len(x) for x in xs)", []),
        ("n = sum(x is y for x in xs)", []),
        ("from autograd.ops import sum\nx = sum(xs)", []),
    ],
)
def test_builtin_sums_are_found(text, lines):
    assert builtin_sums(text) == lines


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in SOURCES if {path.stem, path.parent.name} & VAGUE] == []
