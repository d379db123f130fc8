"""What pages are put together from: each word once, in both languages, and none that is said is missing."""

import json
import re

from autograd.explanation.assembly import STEPPING, source
from autograd.explanation.playground import PARSING

# keys that are put together while a page runs
BUILT = r"(at|by|ask|asked|name|spoken|copy|preset|keep|wrong|no_local|only|first|some|last)_"


def pairs(name):
    return json.loads(source(f"{name}.json"), object_pairs_hook=list)


def said(names, files):
    texts = [*(source(f"{name}.js") for name in names), *(source(file) for file in files)]
    quoted = r"say\('(\w+)'|data-(?:word|title)=\"(\w+)\""
    return {next(filter(None, key)) for text in texts for key in re.findall(quoted, text)}


def test_every_word_stands_once_and_in_both_languages():
    everything = [*pairs("words"), *pairs("parts"), *pairs("typing")]
    keys = [key for key, _ in everything]
    assert sorted(keys) == sorted(set(keys))
    assert all(len(texts) == 2 and all(texts) for _, texts in everything)


def test_no_word_that_a_page_says_is_missing():
    stepper, playground = dict([*pairs("words"), *pairs("parts")]), dict([*pairs("words"), *pairs("typing")])
    assert {key for key in said(STEPPING, ["page.html"]) if not key.endswith("_")} <= set(stepper)
    assert {key for key in said(PARSING, ["typing.html"]) if not key.endswith("_")} <= set(playground)


def test_no_word_is_there_for_nothing():
    texts = "".join(source(f"{name}.js") for name in (*STEPPING, *PARSING))
    texts += source("page.html") + source("typing.html")
    keys = [
        key for key, _ in [*pairs("words"), *pairs("parts"), *pairs("typing")] if not re.match(BUILT, key)
    ]
    assert [key for key in keys if not re.search(rf"['\"]{key}['\"]", texts)] == []
