import ast
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import autograd as ag
import nn
from nn import data
from nn.messages import ROOMS, TEXTS, listing, problem

FAULTS = [
    lambda: data.one_hot([]),
    lambda: data.one_hot([1], classes=[1, 1]),
    lambda: data.one_hot([[1]]),
    lambda: data.standardize([]),
    lambda: data.standardize([[1.0], [1.0, 2.0]]),
    lambda: data.batches([[1.0]], [1], 2),
    lambda: data.train_val_split([[1.0]], [1]),
    lambda: data.augment([[1.0] * 3], width=2),
    lambda: nn.watching.boundary(nn.MLP(1, [1]), [[1.0]], [0.0]),
]


@cache
def trees():
    """Give the trees of the code outside the catalogue."""
    home = Path(nn.__file__).parent
    paths = [
        path for path in home.rglob("*.py") if path.parent.name != "messages" or path.name == "__init__.py"
    ]
    return {path.relative_to(home): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def strings_of_the_code():
    nodes = [node for tree in trees().values() for node in ast.walk(tree)]
    return {x.value for x in nodes if isinstance(x, ast.Constant) and isinstance(x.value, str)}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_name_the_same_things(key):
    english, chinese = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in TEXTS[key])
    assert english == chinese


def test_no_key_stands_in_two_rooms():
    assert len(TEXTS) == sum(len(room.TEXTS) for room in ROOMS)


def test_every_sentence_is_said_somewhere_and_every_key_said_exists():
    strings = strings_of_the_code()
    assert sorted(set(TEXTS) - strings) == []
    called = [
        node.args
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("say", "problem")
    ]
    keys = {x.value for args in called for x in args[:2] if isinstance(x, ast.Constant)}
    assert sorted(keys - set(TEXTS)) == []


def test_whatever_says_a_sentence_has_read_the_catalogue():
    elsewhere = [
        str(path)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if (
            path.parts[0] != "messages"
            and (
                isinstance(node, ast.ImportFrom)
                and node.module == "autograd"
                and "say" in [x.name for x in node.names]
            )
        )
        or (isinstance(node, ast.Attribute) and node.attr == "say" and ast.unparse(node.value) == "ag")
    ]
    assert elsewhere == []


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_data_is_said_in_both_languages(fault):
    said = []
    for language in ("en", "zh"):
        ag.language(language)
        try:
            with pytest.raises(ValueError, match=r"\w") as caught:
                fault()
        finally:
            ag.language("en")
        said.append(str(caught.value))
    assert [bool(re.search("[\u4e00-\u9fff]", text)) for text in said] == [False, True]


def test_later_lines_stand_below_the_first():
    error = problem(AttributeError, "nn_backward_of_list", count=3)
    _, second = str(error).split("\n")
    assert second.index("Make") == len("AttributeError: ")


def test_long_lists_are_cut():
    assert listing(list("abcdefgh")) == "a, b, c, d, e, f, ... (8 in all)"
    ag.language("zh")
    try:
        assert listing(list("abcdefgh"), most=2) == "a、b等\uff08共 8 个\uff09"
    finally:
        ag.language("en")
