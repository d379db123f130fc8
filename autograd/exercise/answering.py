"""`answer`: says yes, names the mistake, or asks the second question; and keeps the attempts."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
from html import escape
from pathlib import Path
from typing import Any

from autograd.drawing.page import image
from autograd.drawing.picture import draw
from autograd.exercise.endless import MOST, EndlessError, ended
from autograd.exercise.question import EXERCISES, Exercise, Fault, Numbers, Task
from autograd.files import write_file
from autograd.graph import topological_order
from autograd.messages import listed, say

SHOWN_AFTER = 3  # wrong tries
LARGEST_DRAWN = 40  # nodes of a graph that is drawn beside a sentence
BOX = "border-left:4px solid {colour};padding:.4em .8em;margin:.3em 0;font:14px/1.5 system-ui,sans-serif"


class Verdict:
    """What `answer` returns; prints as its sentence, in a notebook with the graph that shows a mistake.

    Attributes:
        right: True when the answer is right.
        text: what is said.
        graph: a node of the smallest graph on which a function fails, or None.
    """

    def __init__(self, right: bool, text: str, graph: Any = None) -> None:
        self.right, self.text, self.graph = right, text, graph

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        style = BOX.format(colour="#2da44e" if self.right else "#bf8700")
        told = escape(self.text).replace("\n", "<br>").replace("  ", "&nbsp; ")
        return f'<div style="{style}">{told}</div>{self.picture}'

    @property
    def picture(self) -> str:
        """The graph as an image in HTML; "" where there is none."""
        if self.graph is None:
            return ""
        if len(topological_order(self.graph)) > LARGEST_DRAWN:
            return ""
        drawn = draw(self.graph, legend=False, blank="local")  # a local derivative may be what is asked
        return image(drawn.svg, self.text)


# -- who answers, and the file of attempts ------------------------------------------------------------------


class Student:
    """Who answers: a name, a seed for the numbers, a file of attempts."""

    def __init__(self, name: str, seed: object, folder: str | os.PathLike[str] | None) -> None:
        self.name, self.seed = name, seed
        place = Path(folder) if folder is not None else Path(os.environ.get("AUTOGRAD_ANSWERS", "."))
        self.path = place / f"answers-{''.join(c if c.isalnum() else '_' for c in name)}.json"
        self.kept: dict[str, dict[str, Any]] = {}
        if self.path.exists():
            try:
                self.kept = dict(json.loads(self.path.read_text(encoding="utf-8"))["exercises"])
            except (ValueError, KeyError, TypeError):
                raise ValueError(say("answer_file", path=self.path)) from None

    def at(self, key: str) -> dict[str, Any]:
        """What is known of one exercise: the variant that is set, and the attempts."""
        return self.kept.setdefault(key, {"variant": 0, "wrong": 0, "right": False, "attempts": []})

    def keep(self) -> str:
        """Write the file; a sentence where that fails, else ""."""
        content = {"student": self.name, "seed": self.seed, "exercises": self.kept}
        try:
            write_file(self.path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            return "\n" + say("answer_not_kept", error=error)
        return ""


_student: Student | None = None


def student(
    name: str | None = None, *, seed: object = 0, folder: str | os.PathLike[str] | None = None
) -> None:
    """Say who answers from here on: whose numbers, and whose file.

    Args:
        name: the student; by default the name of the machine's user.
        seed: another seed gives other numbers; 0 the ones that the lessons speak of.
        folder: where `answers-NAME.json` is kept; by default the one named by the environment variable
            AUTOGRAD_ANSWERS, else the current one.

    Raises:
        ValueError: there is a file of that name that holds something else.
    """
    global _student
    _student = Student(name or _user(), seed, folder)


def _user() -> str:
    with contextlib.suppress(Exception):  # a machine without names for its users
        return getpass.getuser()
    return "student"


def current_student() -> Student:
    """Who answers now."""
    if _student is None:
        student()
    assert _student is not None  # noqa: S101 - for mypy: student() has set it
    return _student


# -- answering ----------------------------------------------------------------------------------------------


def find_exercise(key: str) -> Exercise | Task:
    """The exercise called `key`.

    Raises:
        TypeError: it is no text: 3.1 and 3.10 are one number.
        ValueError: there is none.
    """
    if not isinstance(key, str):
        raise TypeError(say("answer_key", key=key))
    if key not in EXERCISES:
        raise ValueError(say("answer_unknown", key=key, known=listed(sorted(EXERCISES))))
    return EXERCISES[key]


def answer(key: str, *given: Any) -> Verdict:
    """Answer an exercise: yes, or the mistake by name, or the second question.

    Args:
        key: which exercise, such as "1.2".
        given: the answer: a number, or a text such as "0.5*-3"; several where several are asked; a function
            or a class where one is to be written. Nothing: the question is told, with your numbers.

    Returns:
        What prints as the sentence; `.right` tells whether it was right. The third wrong answer shows the
        solution and sets the exercise with other numbers.

    Raises:
        ValueError: there is no such exercise.

    >>> import tempfile
    >>> from autograd.exercise import answer, student
    >>> student("Ada", folder=tempfile.mkdtemp())
    >>> answer("1.2", 2)
    2 is the sum of the two rates. Rates of gears are multiplied.
    >>> answer("1.2", -15)
    Yes: -15.
    """
    exercise, who = find_exercise(key), current_student()
    state = who.at(key)
    numbers = exercise.numbers(who.seed, state["variant"])
    if not given:
        return Verdict(False, exercise.ask(numbers))
    fault = _judged(exercise, numbers, given)
    task = "_task" if isinstance(exercise, Task) else ""
    if fault is None:
        state["right"] = True
        _note(state, given, "right")
        told = say("answer_yes" + task, solution="" if task else exercise.solution(numbers))
        return Verdict(True, told + who.keep())
    if not fault.counts:
        return Verdict(False, fault.text)
    state["wrong"] += 1
    _note(state, given, fault.name or "not known")
    told = fault.text
    if state["wrong"] >= SHOWN_AFTER:
        solution = exercise.solution(numbers)
        state["wrong"], state["variant"] = 0, state["variant"] + 1
        other = exercise.numbers(who.seed, state["variant"])
        told = say("answer_shown" + task, fault=told, solution=solution)
        if other != numbers:
            told += "\n" + say("answer_variant", question=exercise.ask(other))
    return Verdict(False, told + who.keep(), fault.graph)


def _judged(exercise: Exercise | Task, numbers: Numbers, given: tuple[Any, ...]) -> Fault | None:
    try:
        with ended():
            return exercise.judge(numbers, given)
    except EndlessError:
        return Fault(say("answer_endless", count=f"{MOST:,}"), "endless")


def _note(state: dict[str, Any], given: tuple[Any, ...], what: str) -> None:
    shown = ["<function>" if callable(x) else str(x)[:100] for x in given]
    state["attempts"].append({"variant": state["variant"], "given": shown, "said": what})


def another(key: str) -> Verdict:
    """Set an exercise with other numbers, and tell its question.

    Raises:
        ValueError: there is no such exercise.
    """
    who = current_student()
    find_exercise(key)
    state = who.at(key)
    state["variant"], state["wrong"], state["right"] = state["variant"] + 1, 0, False
    return Verdict(False, answer(key).text + who.keep())
