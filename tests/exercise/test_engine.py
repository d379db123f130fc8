import inspect
import math
import textwrap
from functools import cache

import pytest

from autograd import Value
from autograd.exercise import answer, check_engine
from autograd.exercise.scalar import Scalar
from autograd.exercise.stages import xor_losses

SOURCE = textwrap.dedent(inspect.getsource(Scalar))


def engine(*changes):
    """Make the solution with pieces of its source replaced, every one of which must be there."""
    source = SOURCE
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    found = {"math": math, "Callable": object}
    exec("from __future__ import annotations\n" + source, found)  # noqa: S102 - our own source
    return found["Scalar"]


RULES = SOURCE[SOURCE.index("    def _order") : SOURCE.index("    def zero_grad")]
RECURSIVE = """\
    def _order(self):
        done, seen = [], set()
        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for p in node.parents:
                    visit(p)
                done.append(node)
        visit(self)
        return done

""" + RULES[RULES.index("    def backward") :]
AT_ONCE = """\
    def _order(self):
        return [self]

    def backward(self):
        self.grad = 1.0
        def go(node):
            node._backward()
            for p in node.parents:
                go(p)
        go(self)

"""

# mistake: (changes, the stage that finds it, a piece of the English sentence)
PLANTED = {
    "= for +=": ([("self.grad += out.grad * x.data", "self.grad = out.grad * x.data"),
                  ("x.grad += out.grad * self.data", "x.grad = out.grad * self.data")], 5, "write += for ="),
    "operands in a set": ([("(self, x), \"*\"", "{self, x}, \"*\"")], 2, "kept in a set"),
    "recursion": ([(RULES, RECURSIVE)], 6, "RecursionError"),
    "at once": ([(RULES, AT_ONCE)], 6, "whenever something arrives"),
    "upstream forgotten": ([("x.grad += out.grad * self.data", "x.grad += self.data")], 4, "is the local"),
    "tanh from its input": ([("1 - out.data**2", "1 - self.data**2")], 8, "take it from the output"),
    "right side of -": ([
        ("return self + (-other)", "return self._minus(other)"),
        ("    def _order", """    def _minus(self, other):
        x = other if isinstance(other, Scalar) else Scalar(other)
        out = Scalar(self.data - x.data, (self, x), "-")
        def _backward():
            self.grad += out.grad
            x.grad += out.grad
        out._backward = _backward
        return out

    def _order"""),
    ], 7, "its sign is turned"),
    "2 - a as a - 2": ([("return (-self) + other", "return self - other")], 7, "which is a - 2"),
    "no __radd__": ([("def __radd__", "def _radd")], 7, "Write __radd__"),
    "n forgotten": ([("out.grad * n * self.data", "out.grad * self.data")], 8, "is forgotten"),
    "root not seeded": ([("self.grad = 1.0\n", "pass\n")], 6, "begins with self.grad = 1"),
    "inner gradients kept": ([("if node.parents:", "if False:")], 9, "inner nodes begin each run at 0"),
}  # fmt: skip


@cache
def report_of(mistake, lang):
    return check_engine(engine(*PLANTED[mistake][0]))


def test_a_class_of_at_most_80_lines_passes_all_stages():
    lines = [
        line for line in SOURCE.splitlines() if line.strip() and '"""' not in line and "# fmt" not in line
    ]
    assert len(lines) <= 80
    report = check_engine(engine())
    assert (report.passed, report.stage) == (True, None)
    assert str(report).count("passed") == 10


@pytest.mark.parametrize("mistake", PLANTED)
def test_each_planted_mistake_is_named_in_one_sentence(mistake, lang):
    _, stage, piece = PLANTED[mistake]
    report = report_of(mistake, lang)
    assert (report.passed, report.stage) == (False, stage)
    if lang == "en":
        assert piece in report.fault.text
    assert report.fault.text in str(report)


def test_all_twelve_have_sentences_of_their_own():
    assert len({report_of(mistake, "en").fault.name for mistake in PLANTED}) == 12


def test_a_class_that_only_looks_right_fails():
    class FromATable(engine()):
        """Knows the gradients of the lesson by heart."""

        def __init__(self, data, parents=(), op=""):
            super().__init__(data, parents, op)
            self.grad = 0.0

        def backward(self):
            for node, grad in zip(self._order(), (-3.0, 2.0, 1.0, 1.0)):
                node.grad = grad

    report = check_engine(FromATable)
    assert not report.passed

    class Borrowed(Value):
        """The library's own, under another name."""

    assert check_engine(Borrowed).stage == 1
    assert "library's own Value" in str(check_engine(Borrowed))

    class NoSlopes:
        """Computes, and remembers, and hands nothing on."""

        def __init__(self, data, parents=()):
            self.data, self.parents, self.grad = data, parents, 0.0

        def __repr__(self):
            return f"NoSlopes({self.data})"

        def __add__(self, other):
            return NoSlopes(self.data + other.data, (self, other))

        def __mul__(self, other):
            return NoSlopes(self.data * other.data, (self, other))

        def _backward(self):
            pass

        def backward(self):
            self.grad = 1.0

    assert check_engine(NoSlopes).stage == 4
    assert "nothing arrives" in str(check_engine(NoSlopes))


class Angry:
    def __init__(self, data):
        raise SystemExit("no")


class Slotted:
    __slots__ = ()


@pytest.mark.parametrize("given", [None, 3, lambda x: x, Angry, Slotted, type, int, Exception, bytes])
def test_nothing_that_a_learner_gives_raises(given):
    report = check_engine(given)
    assert not report.passed
    assert report.stage == 1
    assert str(report)


def test_the_blank_class_fails_at_stage_1():
    class MyValue:
        pass

    assert check_engine(MyValue, stage=1).stage == 1


def test_a_stage_runs_those_before_it_and_no_later_one():
    report = check_engine(engine(*PLANTED["tanh from its input"][0]), stage=7)
    assert report.passed
    assert str(report).count("\n") == 6
    with pytest.raises(ValueError, match="there is no stage 11"):
        check_engine(Scalar, stage=11)


@pytest.mark.parametrize("number", range(1, 11))
def test_the_stages_are_exercises_as_well(number, lang):
    assert answer(f"3.{number}", Scalar).right
    assert not answer(f"3.{number}", None).right
    assert not answer(f"3.{number}", int).right


def test_the_third_wrong_try_shows_the_methods_of_that_stage():
    broken = engine(*PLANTED["root not seeded"][0])
    told = [answer("3.6", broken).text for _ in range(3)]
    assert "def backward" not in told[0] + told[1]
    assert "def backward" in told[2]
    assert "def tanh" not in told[2]


def test_the_network_learns_xor():
    losses = list(xor_losses(Scalar))
    assert losses[-1] < 0.1 < losses[0]
    assert [f"{x:.12g}" for x in losses] == [f"{x:.12g}" for x in xor_losses(Value)]


def test_a_class_that_does_not_end_is_ended_and_told(lang):
    waits = "        self.grad = 1.0\n        while self.parents:\n            self.grad += 1.0\n"
    endless = engine(("        self.grad = 1.0\n", waits))
    report = check_engine(endless)
    assert report.stage == 6
    assert report.fault.text.startswith("It does not end" if lang == "en" else "它停不下来")
