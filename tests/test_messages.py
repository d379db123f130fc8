import string

import pytest

from autograd import language
from autograd.messages import TEXTS, say


@pytest.mark.parametrize("key", list(TEXTS))
def test_both_languages_name_the_same_fields(key):
    english, chinese = TEXTS[key]
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)
    ]
    assert fields[0] == fields[1]
    assert english
    assert chinese


def test_language_switches_the_errors_and_refuses_others():
    assert language() == "en"
    try:
        assert language("zh") == "zh"
        assert say("none").startswith("Value 需要一个数")
    finally:
        language("en")
    with pytest.raises(ValueError, match="language 'fr' is not known"):
        language("fr")
