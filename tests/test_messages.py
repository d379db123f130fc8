import ast
import string
from functools import cache
from pathlib import Path

import pytest

from autograd import language
from autograd.messages import ROOMS, TEXTS, say, word

ROOT = Path(__file__).parent.parent
OURS = {key: texts for room in ROOMS for key, texts in room.TEXTS.items()}


@cache
def strings_of_the_code():
    """Give all strings of the code outside the catalogue, and the beginnings of those put together."""
    whole, begun = set(), set()
    for path in (ROOT / "autograd").rglob("*.py"):
        if path.parent.name == "messages" and path.name != "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
            elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
                begun.add(node.left.value)
    return whole, begun


@pytest.mark.parametrize("key", list(OURS))
def test_both_languages_name_the_same_fields(key):
    english, chinese = OURS[key]
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)
    ]
    assert fields[0] == fields[1] - ({"count"} if key == "together" else set())  # Chinese counts the shares
    assert english
    assert chinese


def test_no_key_stands_in_two_rooms():
    assert len(OURS) == sum(len(room.TEXTS) for room in ROOMS)


def test_every_sentence_is_said_somewhere():
    whole, begun = strings_of_the_code()
    families = [(key, start) for key in OURS for start in begun if start and key.startswith(str(start))]
    said = {key for key, start in families if key[len(start) :] in whole} | (whole & set(OURS))
    assert sorted(set(OURS) - said) == []


def test_language_switches_the_errors_and_refuses_others():
    assert language() == "en"
    try:
        assert language("zh") == "zh"
        assert say("none").startswith("Value 需要一个数")
    finally:
        language("en")
    with pytest.raises(ValueError, match="language 'fr' is not known"):
        language("fr")


def test_a_reading_in_another_language_than_the_one_in_force():
    assert word("leaf", "zh") == "叶节点"
    assert word("leaf") == "leaf"
    with pytest.raises(ValueError, match="language 'fr' is not known"):
        word("leaf", "fr")


def test_package_built_on_this_one_adds_its_sentences():
    import nn.messages

    assert nn.messages.TEXTS.keys() <= TEXTS.keys()


def test_why_a_function_runs_as_it_is_is_said_in_chinese_too():
    import autograd as ag

    x = ag.Value(2.0)
    f = ag.record(lambda: x * len(str(x)), params=[x], backend="python")
    language("zh")
    try:
        with pytest.warns(RuntimeWarning, match="不重放") as said:
            f()
        assert "它把 Value 变成文本" in str(said[0].message)
    finally:
        language("en")
