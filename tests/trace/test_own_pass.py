"""A learner's own backward() is run on the objects themselves, watched, and undone."""

import inspect
import math
import textwrap

import pytest

from autograd import Value, explain, paths, quiz, step_through, trace_table, why_order
from autograd.exercise.scalar import Scalar
from autograd.trace.own_pass import MOST, own_pass
from autograd.trace.steps import trace_graph

SOURCE = textwrap.dedent(inspect.getsource(Scalar))


def engine(*changes):
    source = SOURCE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    found = {"math": math, "Callable": object}
    exec("from __future__ import annotations\n" + source, found)  # noqa: S102 - our own source
    return found["Scalar"]


ASSIGNS = engine(
    ("self.grad += out.grad * x.data", "self.grad = out.grad * x.data"),
    ("x.grad += out.grad * self.data", "x.grad = out.grad * self.data"),
)


def watched(make, kind, *numbers):
    leaves = [kind(x) for x in numbers]
    return own_pass(trace_graph(make(*leaves), dict(zip("abc", leaves))))


def test_a_right_engine_takes_every_step_right():
    own = watched(lambda a, b: a * b + a * b * a, Scalar, 2.0, -3.0)
    assert (own.first_wrong, own.error) == (None, "")
    assert len(own.steps) == 9


def test_the_first_step_that_parts_is_found():
    own = watched(lambda a, b: a * b + a * b * a, ASSIGNS, 2.0, -3.0)
    step = own.steps[own.first_wrong]
    assert (step.operand.name, step.yours, step.right) == ("a", -6.0, -12.0)


def test_the_additions_of_a_square_are_seen_one_by_one():
    own = watched(lambda a: a * a, Scalar, 3.0)
    assert [(step.place, step.yours) for step in own.steps[1:]] == [(0, 3.0), (1, 6.0)]


def test_a_node_that_hands_on_too_early_is_seen():
    early = engine(("for node in reversed(order):", "for node in [order[3], order[1], order[2]]:"))
    own = watched(_square_and_more, early, 1.0)
    step = own.steps[own.first_wrong]
    assert (step.node.operands, step.yours, step.right) == ((step.operand, step.operand), 1.0, 5.0)


def _square_and_more(a):
    b = a + a
    return b * b + b


def everything(nodes):
    return [(type(x), dict(x.__dict__)) for x in nodes]


@pytest.mark.parametrize("fails", [False, True])
def test_every_attribute_is_put_back_also_after_an_exception(fails):
    kind = engine(
        (
            "        self.grad = 1.0\n",
            "        self.grad = 1.0\n        self.seen = 1\n" + "        1 / 0\n" * fails,
        )
    )
    a, b = kind(2.0), kind(-3.0)
    L = a * b + a
    a.grad, L.note = 77.0, "mine"
    before = everything([a, b, *L.parents, L])
    own = own_pass(trace_graph(L))
    assert everything([a, b, *L.parents, L]) == before
    assert own.error.startswith("ZeroDivisionError") is fails
    assert not hasattr(L, "seen")


def test_an_engine_with_slots_and_numbers_for_rules_is_watched_as_well():
    class Micro:
        __slots__ = ("_children", "_local_grads", "data", "grad")

        def __init__(self, data, children=(), local_grads=()):
            self.data, self.grad, self._children, self._local_grads = data, 0, children, local_grads

        def __mul__(self, other):
            return Micro(self.data * other.data, (self, other), (other.data, self.data))

        def backward(self):
            self.grad = 1
            order = [self, *self._children]
            for v in order:
                for child, local_grad in zip(v._children, v._local_grads):
                    child.grad += local_grad * v.grad

    own = watched(lambda a, b: a * b, Micro, 2.0, -3.0)
    assert own.first_wrong is None
    assert [step.yours for step in own.steps] == [1.0, -3.0, 2.0]


def test_a_pass_that_goes_on_and_on_is_ended():
    endless = engine(
        (
            "        self.grad = 1.0\n",
            "        self.grad = 1.0\n        while True: self.parents[0].grad += 1\n",
        )
    )
    own = watched(lambda a: a * a, endless, 2.0)
    assert own.error == f"{MOST:,}"


def test_there_is_none_for_values_and_for_classes_without_backward():
    a = Value(2.0)
    assert own_pass(trace_graph(a * a)) is None


def test_explain_shows_two_columns_where_the_code_goes_another_way():
    a, b = ASSIGNS(2.0), ASSIGNS(-3.0)
    L = a * b + a * b * a
    text = str(explain(L))
    (line,) = [line for line in text.splitlines() if "they part" in line]
    assert line.split() == [
        "5",
        "v2",
        "->",
        "a",
        "a.grad",
        "=",
        "-6",
        "a.grad",
        "=",
        "-12",
        "<-",
        "here",
        "they",
        "part",
    ]
    assert "a.grad     -3      -15" in text
    assert "here they part" in step_through(L).html
    assert "here they part" in step_through(L)._repr_html_()
    assert "here they part" not in quiz(L).html  # which would give the gradients away
    zh = str(explain(L, lang="zh"))
    assert "从这里开始不同" in zh


def test_a_right_engine_is_explained_as_the_library_is():
    a, b = Scalar(2.0), Scalar(-3.0)
    L = a * a + a * b
    mine = str(explain(L))
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    assert mine == str(explain(L))


class Bare:
    """Numbers and operands, no rules and no names of ops."""

    def __init__(self, data, operands=()):
        self.data, self.parents, self.grad = data, operands, 0.0

    def __mul__(self, other):
        return Bare(self.data * other.data, (self, other))


def test_what_is_not_known_is_shown_as_a_question_mark_and_never_as_nan():
    a, b = Bare(2.0), Bare(-3.0)
    L = a * a * b
    for told in (explain(L), explain(L, wrt=a), why_order(L), trace_table(L), paths(L, a)):
        assert "nan" not in str(told)
        assert "Bare" not in str(told)
    assert "L = ?(?(a, a), b) = -12" in str(explain(L))
    assert why_order(L).right == ["L", "v1"]
    assert "wrong" not in str(why_order(L))


def test_the_sign_comes_from_the_method_in_which_the_rule_was_written():
    unnamed = engine(
        ('out = Scalar(self.data * x.data, (self, x), "*")', "out = Scalar(self.data * x.data, (self, x))")
    )
    a, b = unnamed(2.0), unnamed(-3.0)
    L = a * b
    assert str(explain(L)).startswith("L = a * b = -6")


def test_operands_in_a_set_are_said_to_have_lost_their_order():
    class InASet(Scalar):
        def __init__(self, data, parents=(), op=""):
            super().__init__(data, parents, op)
            self._prev = set(parents)

    assert "in a set" not in str(explain(Scalar(2.0) * Scalar(3.0)))
    kept = engine(
        (
            "self.data, self.parents, self._op = float(data), parents, op",
            "self.data, self.parents, self._op = float(data), set(parents), op",
        ),
        ("reversed(node.parents)", "node.parents"),
    )
    L = kept(2.0) * kept(3.0)
    assert "in a set" not in str(explain(kept(0.5).tanh()))  # one operand has no order to lose
    assert "kept in a set: which is left and which is right is lost" in " ".join(str(explain(L)).split())
