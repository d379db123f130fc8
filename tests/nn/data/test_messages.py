import re
from pathlib import Path
from string import Formatter

import pytest

import autograd as ag
from nn import data
from nn.data.messages import TEXTS

SOURCES = [path.read_text(encoding="utf-8") for path in Path(data.__file__).parent.glob("*.py")]
FAULTS = [
    lambda: data.one_hot([]),
    lambda: data.one_hot([1], classes=[1, 1]),
    lambda: data.one_hot([[1]]),
    lambda: data.standardize([]),
    lambda: data.standardize([[1.0], [1.0, 2.0]]),
    lambda: data.batches([[1.0]], [1], 2),
    lambda: data.train_val_split([[1.0]], [1]),
    lambda: data.augment([[1.0] * 3], width=2),
]


def test_every_sentence_stands_in_the_catalogue_and_is_said():
    said = {key for text in SOURCES for key in re.findall(r'say\("(\w+)"', text)}
    assert said == set(TEXTS)
    assert not [line for text in SOURCES for line in re.findall(r'Error\(\s*f?".*', text)]


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_name_the_same_things(key):
    english, chinese = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in TEXTS[key])
    assert english == chinese


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
