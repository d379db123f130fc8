"""What every page is put together from: the folder `page`, the sentences, the colours of pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from string import Template

from autograd.drawing.palette import COLOURS, variables
from autograd.explanation.javascript import PAGE
from autograd.messages.chinese import widened
from autograd.messages.reading import TEXTS

COMPACT = (",", ":")
TELLING = ("digits", "symbols", "engine", "telling", "meaning")  # what computes and tells
STEPPING = (
    *TELLING,
    *("layout", "cards", "scene"),
    *("numbers", "mathml", "view", "picture", "speech", "quiz", "drawers", "tangent", "controls"),
)
# the sentences that the scripts say as `explain` does
SAID = (
    *("at", "colon", "uses_in", "use", "complete", "incomplete", "left", "right", "nth", "side"),
    *(
        "exactly_itself",
        "not_finite",
        "up",
        "down",
        "at_kink",
        "at_jump",
        "kink_chosen",
        "kink_slope",
        "kink_tie",
    ),
    *("nothing", "nothing_bare", "hardly", "and", "because_cancel", "because_flat", "because_relu"),
    *("because_chosen", "because_zero", "culprit_value", "culprit_local", "culprit_sum"),
    *("condition_holds", "condition_fails", "because_negative_power", "because_log", "because_root"),
)


@cache
def source(name: str) -> str:
    """The text of a file of the folder `page`."""
    return (PAGE / name).read_text(encoding="utf-8")


def scripts(*names: str) -> str:
    """Scripts of the folder `page`, one after the other."""
    return "\n".join(source(f"{name}.js") for name in names)


def sentences_script() -> str:
    """The sentences that pages share with `explain`, by their keys."""
    said = {key: _set(TEXTS[key]) for key in SAID}
    return f"const WORDS = {json.dumps(said, ensure_ascii=False, separators=COMPACT)}"


def words_script(*more: str) -> str:
    """The words of the pages themselves, of further files too, and the sentences that they share."""
    files = [json.loads(source(f"{name}.json")) for name in ("words", *more)]
    words = {key: _set(pair) for file in files for key, pair in file.items()}
    return f"{sentences_script()}\nconst W = {json.dumps(words, ensure_ascii=False, separators=COMPACT)}"


def _set(pair: Sequence[str]) -> list[str]:
    english, chinese = pair
    return [english, widened(chinese)]


def colours(theme: str = "auto") -> str:
    """The colours of pictures as variables, light and dark, or those of one theme."""
    return variables(COLOURS, theme)


def page(**parts: str) -> str:
    """The HTML document with its parts filled in: lang, title, style, top, still, table, script."""
    return Template(source("page.html")).substitute({"top": "", "still": "", "table": "", **parts})
