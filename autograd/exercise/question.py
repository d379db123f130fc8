"""What an exercise is: a question, numbers drawn by a seed, the right answer, the mistakes known by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from autograd.exercise.typed import read_formula, read_number
from autograd.messages import chosen, say
from autograd.trace.digits import digits

Text = tuple[str, str]  # English, Chinese
Numbers = Mapping[str, Any]

CLOSE = 0.01  # relative: so near, a number counts as the same
LEAST = 1e-6  # absolute, where the right number is 0
TRIES_TO_DRAW = 200


class Fault(NamedTuple):
    """What is wrong with an answer: its sentence, and the smallest graph that shows it."""

    text: str
    name: str = ""  # the mistake's own name, for the teacher's file
    graph: Any = None
    counts: bool = True  # False: nothing was answered yet


def fault_of(text: Text, graph: Any = None, /, **fields: Any) -> Fault:
    """What a sentence with these fields tells; its English form is the mistake's name."""
    return Fault(chosen(text).format(**fields), text[0], graph)


def raised(error: Exception, graph: Any = None) -> Fault:
    """What is said where a learner's code raises."""
    return Fault(say("answer_raised", error=f"{type(error).__name__}: {error}"), "raised", graph)


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that is known: the code that makes it, and what is said to it.

    Attributes:
        made: what the mistake gives, computed from the numbers of the question: `lambda u, a: u + a`.
        text: English and Chinese; `{given}` stands for what was answered, `{u}` for the number u.
    """

    made: Callable[..., Any]
    text: Text


@dataclass(frozen=True)
class Part:
    """One thing that is asked.

    Attributes:
        right: computes the answer from the numbers: a number, or a function of one number.
        mistakes: the known wrong answers.
        name: how this part is called where there are several.
        points: gives from the numbers where functions are compared; a formula in one letter (`"3*x**2"`)
            is a function; a plain number as an answer counts for the first of them.
        graph: for a function, what is drawn at the point where it fails.
    """

    right: Callable[..., Any]
    mistakes: tuple[Mistake, ...] = ()
    name: Text = ("", "")
    points: Callable[..., Sequence[float]] | None = None
    graph: Callable[[float], Any] | None = None

    def judge(self, numbers: Numbers, given: Any, second: Text) -> Fault | None:
        """None if right; else the mistakes that give the same, or the second question."""
        if given is None or given is ... or given == "":
            return Fault(say("answer_blank"), counts=False)
        try:
            if isinstance(given, str) and self.points is not None:
                given = read_formula(given) or given
            read = self._read(given, numbers)
        except (TypeError, ValueError):
            return Fault(say("answer_not_a_number"), counts=False)
        except Exception as error:
            return raised(error)
        if read is None:
            return Fault(say("answer_blank"), counts=False)
        got, at = read
        right = as_numbers(self.right(**numbers), at)
        if match(got, right):
            return None
        graph = None
        if self.graph is not None:
            graph = self.graph(next(x for x, g, r in zip(at, got, right) if not close(g, r)))
        fields = {name: shown(x) for name, x in numbers.items()}
        fields["given"] = shown(got[0]) if len(got) == 1 or not callable(given) else chosen(FUNCTION)
        found = [m for m in self.mistakes if match(got, as_numbers(m.made(**numbers), at))]
        if not found:
            where = "" if not callable(given) else say("answer_at", x=digits(at[0]), y=digits(got[0])) + " "
            return Fault(where + say("answer_not_yet", second=chosen(second).format(**fields)), graph=graph)
        told = [chosen(m.text).format(**fields) for m in found]
        if len(told) > 1:
            told = [say("answer_looks_like", told=say("answer_or").join(told))]
        return Fault(told[0], " / ".join(m.text[0] for m in found), graph)

    def _read(self, given: Any, numbers: Numbers) -> tuple[list[float], Sequence[float]] | None:
        """What was answered, as numbers, and the points at which they are it; None for a blank function."""
        points = self.at(numbers)
        if points and callable(given):
            found = [given(x) for x in points]
            if any(y is None or y is ... for y in found):
                return None
            return [read_number(y) for y in found], points
        return [read_number(given)], points[:1]

    def at(self, numbers: Numbers) -> Sequence[float]:
        """Where functions are compared; () where a number is asked for."""
        return () if self.points is None else self.points(**numbers)

    def told_apart(self, numbers: Numbers) -> bool:
        """True when no mistake gives the right answer, and no two give the same."""
        at = self.at(numbers)[:1]  # a number alone may be the answer
        answers = [as_numbers(x(**numbers), at) for x in (self.right, *[m.made for m in self.mistakes])]
        return not any(match(a, b) for i, a in enumerate(answers) for b in answers[:i])


FUNCTION: Text = ("your function", "你的函数")


def close(a: float, b: float) -> bool:
    """True when two numbers count as the same answer: within 1 %."""
    if a != a or b != b:
        return a != a and b != b
    return a == b or math.isclose(a, b, rel_tol=CLOSE, abs_tol=LEAST)


def match(a: Sequence[float], b: Sequence[float]) -> bool:
    """True when two rows of numbers are the same, number by number."""
    return len(a) == len(b) and all(map(close, a, b))


def as_numbers(answer: Any, at: Sequence[float]) -> list[float]:
    """An answer as numbers: a function's at each of the places `at`, a number alone."""
    return [float(answer(x)) for x in at] if callable(answer) else [float(answer)]


def shown(x: Any) -> str:
    """One of an exercise's numbers, or a text among them, as a sentence shows it."""
    return digits(x) if isinstance(x, (int, float)) else str(x)


@dataclass(frozen=True)
class Asked:
    """What all exercises have.

    Attributes:
        key: what `answer` is called with, such as "1.2".
        question: English and Chinese; `{u}` stands for the number u.
    """

    key: str
    question: Text

    def ask(self, numbers: Numbers) -> str:
        """The question with its numbers."""
        return chosen(self.question).format(**{name: shown(x) for name, x in numbers.items()})


@dataclass(frozen=True)
class Exercise(Asked):
    """A question whose answer is one number or several, or functions of one number.

    Attributes:
        draw: the numbers of a variant, from a source of random numbers; None where there are none.
        parts: what is asked.
        second: the second question, asked where a wrong answer is not known.
        first: the numbers of the first variant, which a lesson's text speaks of.
    """

    draw: Callable[[Random], Numbers] | None
    parts: tuple[Part, ...]
    second: Text
    first: Numbers | None = None

    def numbers(self, seed: object, variant: int) -> Numbers:
        """The numbers of a variant: every mistake can be told from the right answer and the others."""
        if self.draw is None or (self.first is not None and variant == 0 and not seed):
            return self.first or {}
        source = Random(f"{self.key} {seed} {variant}")
        for _ in range(TRIES_TO_DRAW):
            numbers = self.draw(source)
            if all(part.told_apart(numbers) for part in self.parts):
                return numbers
        return numbers  # what cannot be told apart is named together

    def judge(self, numbers: Numbers, given: Sequence[Any]) -> Fault | None:
        """None if all parts are right; else what is wrong with the first that is not."""
        if len(given) == 1 and isinstance(given[0], (list, tuple, dict)):
            given = list(given[0].values()) if isinstance(given[0], dict) else list(given[0])
        if len(given) != len(self.parts):
            return Fault(say("answer_count", count=len(self.parts), got=len(given)), counts=False)
        for part, x in zip(self.parts, given):
            fault = part.judge(numbers, x, self.second)
            if fault is not None:
                name = chosen(part.name)
                return fault._replace(text=name + say("colon") + fault.text) if name else fault
        return None

    def solution(self, numbers: Numbers, lang: str | None = None) -> str:
        """The right answers, in words of the language `lang` (the one in force by default)."""
        told = [
            ", ".join(f"{digits(x)} -> {digits(y)}" for x, y in zip(at, as_numbers(right, at)))
            if callable(right := part.right(**numbers)) and (at := part.at(numbers))
            else digits(right)
            for part in self.parts
        ]
        names = [chosen(part.name, lang) for part in self.parts]
        return ", ".join(f"{name} {text}" if name else text for name, text in zip(names, told))


@dataclass(frozen=True)
class Task(Asked):
    """An exercise whose answer is a function or a class, which is run on cases.

    Attributes:
        check: gives what is wrong with it first, or None; it is not run while nothing is written yet.
        code: the solution to these numbers, shown after the third wrong try.
        draw: as an Exercise's.
    """

    check: Callable[..., Fault | None]
    code: Callable[..., str]
    draw: Callable[[Random], Numbers] = field(default=lambda _: {})

    def numbers(self, seed: object, variant: int) -> Numbers:
        """The numbers of a variant."""
        return self.draw(Random(f"{self.key} {seed} {variant}"))

    def judge(self, numbers: Numbers, given: Sequence[Any]) -> Fault | None:
        """None if every case comes out; else the first that does not."""
        if len(given) != 1:
            return Fault(say("answer_count", count=1, got=len(given)), counts=False)
        if given[0] is None or given[0] is ...:
            return Fault(say("answer_blank"), counts=False)
        return self.check(given[0], **numbers)

    def solution(self, numbers: Numbers) -> str:
        """The solution's code."""
        return "\n" + self.code(**numbers)


EXERCISES: dict[str, Exercise | Task] = {}


def add_exercise(
    key: str,
    question: Text,
    draw: Callable[[Random], Numbers],
    right: Callable[..., float],
    *wrong: tuple[Callable[..., float], str, str],
    second: Text,
    first: Numbers | None = None,
) -> Exercise:
    """Declare an exercise that is answered by one number; `answer(key, ...)` knows it from then on.

    Args:
        key: its name, such as "1.2"; one that exists is replaced.
        question: English and Chinese; `{u}` stands for the number u.
        draw: gives the numbers of a variant by name, from a `random.Random`.
        right: computes the answer from these numbers.
        wrong: the known mistakes, each as the code that makes it and what is said, in English and Chinese;
            `{given}` stands for the answer.
        second: the question that helps on, where the mistake is not known.
        first: the numbers of the first variant; drawn, if not given.

    >>> from autograd.exercise import add_exercise, answer, student
    >>> import os, tempfile
    >>> student("Ada", folder=tempfile.mkdtemp())
    >>> _ = add_exercise(
    ...     "demo", ("What is the slope of {n}*x?", "{n}*x 的斜率是多少?"),
    ...     lambda random: {"n": random.randint(2, 9)},
    ...     lambda n: n,
    ...     (lambda n: -n, "The sign is wrong.", "符号不对。"),
    ...     second=("x up by 1: {n}*x up by how much?", "x 增加 1,{n}*x 增加多少?"),
    ...     first={"n": 5},
    ... )
    >>> answer("demo", -5)
    The sign is wrong.
    >>> answer("demo", 5).right
    True
    """
    mistakes = tuple(Mistake(made, (english, chinese)) for made, english, chinese in wrong)
    made = Exercise(key, question, draw, (Part(right, mistakes),), second, first)
    EXERCISES[key] = made
    return made
