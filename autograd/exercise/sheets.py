"""`sheet`: exercises on a page that asks, judges and keeps attempts in the browser, as `answer` does.

Python computes everything that is judged by: the numbers of the variants, the right answers, what every known
mistake gives. The page compares, and says the sentences that `answer` says.
"""

from __future__ import annotations

from html import escape
from string import Template
from typing import Any

from autograd.exercise.answering import SHOWN_AFTER, find_exercise
from autograd.exercise.question import (
    CLOSE,
    EXERCISES,
    FUNCTION,
    LEAST,
    Exercise,
    Numbers,
    Part,
    Task,
    Text,
    as_numbers,
    shown,
)
from autograd.explanation.assembly import Framed, colours, packed, scripts, source, texts_script
from autograd.explanation.javascript import as_script
from autograd.messages import LANGUAGES, TEXTS, chosen, language, page_language, word

SAID = (
    *("answer_blank", "answer_not_a_number", "answer_at", "answer_not_yet", "answer_looks_like", "answer_or"),
    *("answer_yes", "answer_shown", "answer_variant", "answer_not_kept", "colon"),
    *("sheet_title", "sheet_language", "sheet_count", "sheet_answer", "sheet_field", "sheet_another"),
)
Pair = list[str]  # English, Chinese


class Sheet(Framed):
    """What `sheet` returns: shows itself in a notebook, `.save` writes the page."""

    height = 800

    def __init__(self, keys: tuple[str, ...], seed: object, variants: int, lang: str) -> None:
        self.name, self.lang = word("sheet_title", lang), lang
        asked = keys or sorted(EXERCISES, key=lambda key: [(len(x), x) for x in key.split(".")])
        self.exercises = [_exercise(find_exercise(key), seed, variants) for key in asked]
        self.seed = seed

    @property
    def html(self) -> str:
        """The page: one HTML document that needs nothing else."""
        data = {
            "seed": str(self.seed), "close": CLOSE, "least": LEAST, "shownAfter": SHOWN_AFTER,
            "exercises": self.exercises,
        }  # fmt: skip
        texts = {**{key: TEXTS[key] for key in SAID}, "given": FUNCTION}
        parts = [
            texts_script(texts), f"const SHEET = {as_script(data)}",
            scripts("words", "digits", "numbers", "arithmetic"),
            f"language = {LANGUAGES.index(self.lang)}", scripts("exercises"),
        ]  # fmt: skip
        return Template(source("exercises.html")).substitute(
            lang=page_language(self.lang), title=escape(self.name), colours=colours(), asked=self._asked(),
            script=packed("\n".join(parts)),
        )  # fmt: skip

    def _asked(self) -> str:
        """The questions, as they are seen on paper and where no script runs."""
        at = LANGUAGES.index(self.lang)
        found = []
        for n, exercise in enumerate(self.exercises):
            first = exercise["variants"][0] if "variants" in exercise else exercise
            note = f'<p class="note">{escape(exercise["note"][at])}</p>' if "note" in exercise else ""
            key, question = escape(exercise["key"]), escape(first["question"][at])
            asked = f'<h2>{key}</h2><p class="question">{question}</p>{note}'
            found.append(f'<section id="exercise{n}" aria-label="{key}">{asked}</section>')
        return "\n".join(found)

    def __repr__(self) -> str:
        return word("sheet_repr", self.lang, count=len(self.exercises))


def sheet(*keys: str, seed: object = 0, variants: int = 20, lang: str | None = None) -> Sheet:
    """A page of exercises that are asked, judged and kept in the browser, with nothing installed there.

    Yes, the name of the mistake, the second question, and after the third wrong try the answer and other
    numbers: as `answer` has it. What wants a function or a class is named, and runs in the notebook.

    Args:
        keys: which exercises, such as "1.2"; none: all.
        seed: of the numbers, as `student` has it.
        variants: how many sets of numbers an exercise has; after the last comes the first again.
        lang: "en" or "zh" to open in; by default the language in force. The page switches.

    Raises:
        ValueError: there is no such exercise.

    >>> from autograd.exercise import sheet
    >>> sheet("1.1", "1.2")
    <sheet of 2 exercises: .save("exercises.html") writes the page>
    """
    return Sheet(keys, seed, variants, lang or language())


def pair(text: str | Text, **fields: Any) -> Pair:
    """A sentence, or the key of one, in both languages, its fields filled in."""
    texts = TEXTS[text] if isinstance(text, str) else text
    return [chosen(texts, lang).format(**fields) for lang in LANGUAGES]


def _exercise(exercise: Exercise | Task, seed: object, variants: int) -> dict[str, Any]:
    if isinstance(exercise, Task):
        numbers = exercise.numbers(seed, 0)
        asked = pair(exercise.question, **{name: shown(x) for name, x in numbers.items()})
        return {"key": exercise.key, "question": asked, "note": pair("sheet_notebook", key=exercise.key)}
    count = variants if exercise.draw is not None else 1
    sets = [exercise.numbers(seed, k) for k in range(count)]
    return {
        "key": exercise.key,
        "names": [pair(part.name) for part in exercise.parts],
        "variants": [_variant(exercise, x, after) for x, after in zip(sets, [*sets[1:], sets[0]])],
    }


def _variant(exercise: Exercise, numbers: Numbers, after: Numbers) -> dict[str, Any]:
    fields = {name: shown(x) for name, x in numbers.items()}
    return {
        "question": pair(exercise.question, **fields),
        "second": pair(exercise.second, **{**fields, "given": "{given}"}),
        "solution": [exercise.solution(numbers, lang) for lang in LANGUAGES],
        "other": after != numbers,
        "parts": [_part(part, numbers, fields) for part in exercise.parts],
    }


def _part(part: Part, numbers: Numbers, fields: dict[str, str]) -> dict[str, Any]:
    at = part.at(numbers)
    return {
        "points": list(at),
        "right": as_numbers(part.right(**numbers), at),
        "mistakes": [
            {
                "made": as_numbers(mistake.made(**numbers), at),
                "text": pair(mistake.text, **{**fields, "given": "{given}"}),
                "name": mistake.text[0],
            }
            for mistake in part.mistakes
        ],
    }
