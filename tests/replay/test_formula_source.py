"""What an update computes once for all numbers, what for each, and the lines that say so."""

from autograd.replay.formula import Name
from autograd.replay.formula_source import Parted, assignments
from autograd.replay.ops import NAMES, write

X, G, RATE, EPS = (Name(name) for name in ("x", "g", "group_lr", "group_eps"))
VARYING = {"x", "g"}


def text(x):
    return write(x, NAMES)


def test_what_is_made_of_settings_alone_is_computed_once():
    parted = Parted(VARYING, kernel=False)
    assert text(parted.each(X - RATE * (1.0 - EPS) * G)) == "x - s0 * g"
    assert {name: text(x) for name, x in parted.once.items()} == {"s0": "group_lr * (1.0 - group_eps)"}


def test_the_same_number_is_spread_once_in_a_kernel():
    parted = Parted(VARYING, kernel=True)
    assert text(parted.each(RATE * G)) == "s0 * g"
    assert text(parted.each(RATE * X)) == "s0 * x"
    assert list(parted.once) == ["s0"]


def test_a_kernel_makes_one_of_a_product_and_a_sum_and_a_product_of_a_quotient():
    parted = Parted(VARYING, kernel=True)
    assert text(parted.each(X - RATE * G)) == "fma(s0, g, x)"
    assert text(parted.each(G / EPS)) == "g * s1"
    once = {name: text(x) for name, x in parted.once.items()}
    assert once == {"s0": "neg(group_lr)", "s1": "1.0 / group_eps"}


def test_what_is_held_more_than_once_has_a_name_of_its_own():
    shared = X * G
    assert assignments({"new_memory": shared + X, "new_x": shared - G}, NAMES) == [
        "t0 = x * g",
        "new_memory = t0 + x",
        "new_x = t0 - g",
    ]


def test_an_output_that_another_holds_is_read_by_its_name():
    moved = X - G
    assert assignments({"new_x": moved, "new_last": moved * G}, NAMES) == [
        "new_x = x - g",
        "new_last = new_x * g",
    ]
