import math
from fractions import Fraction

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.messages.chinese import widened
from autograd.settings import (
    ABOVE_0,
    BELOW_1,
    FROM_0,
    LIMIT,
    SHARE,
    WHOLE,
    WHOLE_FROM_0,
    WHOLE_FROM_1,
    Range,
    chosen_number,
    chosen_numbers,
    chosen_word,
)


class Layer:
    """An owner that is an object."""


@pytest.mark.parametrize("word", ["MEAN", "", "nonsense", None, 3, ["mean"], ("mean",)])
def test_a_word_that_is_not_known_is_refused_with_all_that_are(word):
    with pytest.raises(ValueError, match=r"Layer: reduction .* is not known: choose one of mean, sum\."):
        chosen_word(Layer(), "reduction", word, ("mean", "sum"))


def test_a_known_word_comes_back():
    assert chosen_word("mse", "reduction", "sum", ("mean", "sum")) == "sum"


@pytest.mark.parametrize(
    ("among", "inside", "outside"),
    [
        (FROM_0, [0, 0.0, 1e300, Fraction(1, 3), np.float32(0.5)], [-1e-300, math.inf, math.nan, -math.inf]),
        (ABOVE_0, [5e-324, 1], [0, 0.0, -0.0, math.nan]),
        (SHARE, [0, 1, 0.5, np.float64(1.0)], [1.0000001, -0.1, math.nan]),
        (BELOW_1, [0, 0.999], [1, 1.0, math.nan]),
        (LIMIT, [0, math.inf], [-1, math.nan]),
        (WHOLE, [-3, 0, np.int64(7)], [1.0, 2.5, math.nan]),
        (WHOLE_FROM_0, [0, np.uint8(255)], [-1, np.int64(-1), 0.0]),
        (WHOLE_FROM_1, [1, 10**30], [0, -1]),
        (Range(open="both"), [0.0, -5], [math.inf, math.nan]),
    ],
)
def test_a_range_holds_its_numbers_and_no_nan(among, inside, outside):
    for x in inside:
        assert chosen_number("f", "x", x, among) == pytest.approx(x)
    for x in outside:
        with pytest.raises(ValueError, match=r"f needs an? .*x.*, got "):
            chosen_number("f", "x", x, among)


@pytest.mark.parametrize("what", ["1", None, [1.0], 1j, b"1", {}, np.array([1.0, 2.0])])
def test_what_is_no_number_is_a_type_error(what):
    for among in (FROM_0, WHOLE_FROM_0):
        with pytest.raises(TypeError):
            chosen_number("f", "x", what, among)


def test_true_is_no_count():
    with pytest.raises(TypeError, match="f needs a whole number n >= 1, got True"):
        chosen_number("f", "n", True, WHOLE_FROM_1)


def test_none_is_taken_where_it_stands_for_not_given():
    assert chosen_number("f", "x", None, SHARE, none=True) is None


def test_of_a_value_the_number_counts_and_the_value_comes_back():
    delta = Value(0.5)
    assert chosen_number("huber", "delta", delta, ABOVE_0) is delta
    with pytest.raises(ValueError, match=r"huber needs a finite number delta > 0, got -1\.0"):
        chosen_number("huber", "delta", Value(-1.0), ABOVE_0)


def test_whole_numbers_come_back_as_ints_and_others_as_floats():
    assert type(chosen_number("f", "n", np.int64(3), WHOLE)) is int
    assert type(chosen_number("f", "x", np.float32(0.5), SHARE)) is float


def test_several_numbers_are_counted_and_each_is_checked():
    assert chosen_numbers("Adam", "betas", np.array([0.5, 0.25]), 2, BELOW_1) == (0.5, 0.25)
    with pytest.raises(ValueError, match=r"Adam needs 2 numbers betas, each a finite number 0 <= x < 1, got"):
        chosen_numbers("Adam", "betas", (0.9,), 2, BELOW_1)
    with pytest.raises(TypeError, match="Adam needs 2 numbers betas"):
        chosen_numbers("Adam", "betas", 0.9, 2, BELOW_1)
    with pytest.raises(ValueError, match=r"0 <= betas\[1\] < 1, got nan"):
        chosen_numbers("Adam", "betas", (0.9, math.nan), 2, BELOW_1)


def test_both_sentences_exist_in_chinese():
    ag.language("zh")
    try:
        with pytest.raises(ValueError, match=widened("mse:没有名为 'x' 的 reduction:请选 mean、sum 之一")):
            chosen_word("mse", "reduction", "x", ("mean", "sum"))
        with pytest.raises(ValueError, match=widened("Dropout 需要有限的数 0 <= p <= 1,得到 nan")):
            chosen_number("Dropout", "p", math.nan, SHARE)
    finally:
        ag.language("en")


def made():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    L = a * a + a * b
    L.backward()
    return L, a


def square(x):
    return x * x


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda L, _: ag.draw_dot(L, rankdir="up"),
            "draw_dot: rankdir 'up' is not known: choose one of LR, TB",
        ),
        (lambda L, _: ag.step_through(L, lang="fr"), "language 'fr' is not known"),
        (lambda L, _: ag.quiz(L, lang="fr"), "language 'fr' is not known"),
        (lambda L, a: ag.nudge(L, a, h=math.nan), "nudge needs a finite number h, got nan"),
        (lambda L, a: ag.nudge(L, a, h=[0.1, math.inf]), "nudge needs a finite number h, got inf"),
        (lambda *_: ag.tangent(square, math.nan, 1.0), "tangent needs a finite number low, got nan"),
        (lambda *_: ag.tangent(square, 1.0, 1.0), r"tangent needs a finite number high > 1, got 1\.0"),
        (lambda *_: ag.tangent(square, 0.0, 1.0, at=math.nan), "tangent needs a finite number at, got nan"),
        (
            lambda L, _: ag.animate(L, "film.svg", seconds=0),
            "animate needs a finite number seconds > 0, got 0",
        ),
        (lambda *_: ag.check_gradients(square, 2.0, tolerance=math.nan), "tolerance >= 0, got nan"),
        (
            lambda *_: ag.record(square, backend="cuda"),
            "record: backend 'cuda' is not known: choose one of auto",
        ),
        (
            lambda *_: ag.record(square, check_every=-1),
            "record needs a whole number check_every >= 0, got -1",
        ),
    ],
)
def test_settings_of_the_core_are_checked_when_they_are_given(call, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        call(*made())
    assert list(tmp_path.iterdir()) == []
