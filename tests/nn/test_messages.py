import re
from pathlib import Path
from string import Formatter

import pytest

import autograd as ag
import nn
from nn.messages import TEXTS, listing, problem

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(nn.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_name_the_same_things(key):
    english, chinese = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in TEXTS[key])
    assert english == chinese


def test_every_sentence_is_said_somewhere_and_every_key_said_exists():
    said = set(
        re.findall(
            r'"((?:nn|schedule)_\w+)"',
            SOURCES.replace((Path(nn.__file__).parent / "messages.py").read_text(encoding="utf-8"), ""),
        )
    )
    assert said == set(TEXTS)


def test_later_lines_stand_below_the_first():
    error = problem(AttributeError, "nn_backward_of_list", count=3)
    _, second = str(error).split("\n")
    assert second.index("Make") == len("AttributeError: ")


def test_long_lists_are_cut():
    assert listing(list("abcdefgh")) == "a, b, c, d, e, f, ... (8 in all)"
    ag.language("zh")
    try:
        assert listing(list("abcdefgh"), most=2) == "a、b等(共 8 个)"
    finally:
        ag.language("en")
