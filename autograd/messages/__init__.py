"""The catalogue: every sentence the package says to a person, in English and Chinese, one file per room.

`say` speaks the language in force, `word` the one that a reading was asked for.  A package that is built on
this one adds its own sentences (`add_texts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from autograd.messages import cli, core, drawing, exercise, reading, recording, replay
from autograd.messages.chinese import widened

ROOMS = (core, reading, drawing, exercise, replay, recording, cli)
# key: (English, Chinese); errors say what happened, where, and what to type
TEXTS: dict[str, tuple[str, str]] = {key: texts for room in ROOMS for key, texts in room.TEXTS.items()}
LANGUAGES = ("en", "zh")
OPERATORS = re.compile(r"[-+*/%^=<>&|~!@\s\u00b7\u00d7\u2212\u2192]")
COUNTED = (
    "scenes|leaves|boxes|entries|nodes|edges|numbers|operands|uses|answers|inputs|guards|paths|kernels|instructions|"
    "parameters|logits|samples|pictures|steps|times|lines|characters|calls|replays"
)
ONE = re.compile(rf"(?<![\w.,*/+-])1 ({COUNTED})\b")
_language = "en"


def language(code: str | None = None) -> str:
    """Set the language of hints, errors and explanations ("en" or "zh"); returns the one in force.

    Raises:
        ValueError: another code.

    >>> language("en")
    'en'
    """
    global _language
    if code is not None:
        _language = _known(code)
    return _language


def say(key: str, /, **fields: Any) -> str:
    """The sentence `key` in the language in force, with its fields filled in."""
    return word(key, _language, **fields)


def word(key: str, lang: str | None = None, /, **fields: Any) -> str:
    """The text `key` in the language `lang` (the one in force by default), its fields filled in.

    Raises:
        ValueError: another language.
    """
    return ONE.sub(_singular, chosen(TEXTS[key], lang).format(**fields))


def _singular(found: re.Match[str]) -> str:
    """`1 leaf` for `1 leaves`, so that no sentence needs a second form for the number 1."""
    irregular = {"leaves": "leaf", "boxes": "box", "entries": "entry"}
    return f"1 {irregular.get(found[1], found[1].removesuffix('s'))}"


def chosen(text: tuple[str, str], lang: str | None = None) -> str:
    """Of a pair (English, Chinese) the one in the language `lang` (the one in force by default).

    Raises:
        ValueError: another language.
    """
    english, chinese = text
    return widened(chinese) if _known(lang or _language) == "zh" else english


def listed(names: Iterable[str], lang: str | None = None) -> str:
    """Names side by side, as the language `lang` (the one in force by default) separates them.

    >>> listed(["w", "x"]), len(listed(["w", "x"], "zh"))
    ('w, x', 3)
    """
    return word("list_comma", lang).join(names)


def as_one_word(name: str) -> str:
    """A name that holds operators or blanks, in brackets, so that `.grad` behind it belongs to all of it.

    >>> as_one_word("x1*w1 + b"), as_one_word("w[0,1]")
    ('(x1*w1 + b)', 'w[0,1]')
    """
    return f"({name})" if OPERATORS.search(name) else name


def page_language(lang: str | None = None) -> str:
    """The language of a page as its `lang` attribute says it.

    >>> page_language("zh")
    'zh-CN'
    """
    return {"zh": "zh-CN"}.get(code := lang or _language, code)


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(say("language", code=code))
    return code


def add_texts(texts: dict[str, tuple[str, str]]) -> None:
    """Let `say` know the sentences of a package built on this one."""
    TEXTS.update(texts)
