"""`why_order`: what two simpler orders give, and the right one."""

import base64
import re

from autograd import Value, why_order


def test_handing_on_at_once_counts_the_first_arrival_again():
    a = Value(1.0)
    b = a + a
    c = b + b
    told = why_order(c)
    assert (told.at_once, told.gradients) == ({"a": 6.0}, {"a": 4.0})
    assert "wrong: a.grad = 6; b handed on with only 1 of its 2 uses in" in str(told)
    assert "right: a.grad = 4" in str(told)


def test_handing_on_only_at_the_first_arrival_forgets_the_rest():
    a = Value(1.0)
    b = 2 * a
    L = b + 3 * b
    assert why_order(L).once == {"a": 2.0}
    assert why_order(L).gradients == {"a": 8.0}


def test_without_a_shared_inner_node_one_table_stands_for_every_order():
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    told = why_order(L)
    assert "no computed node is used twice" in str(told)
    assert str(told).count("a.grad = -3") == 1
    assert told.at_once == told.once == told.gradients == {"a": 1.0, "b": 2.0}
    assert "b = a + a" in str(told)
    assert "次序无关紧要" in str(why_order(L, lang="zh"))


def test_a_long_chain_is_right_in_every_order():
    v = Value(1.0)
    g = v
    for _ in range(30_000):
        g = g * 1.0001
    told = str(why_order(g))
    assert "wrong" not in told
    assert "right: v.grad = 20.08" in told
    assert len(told.splitlines()) < 30


def test_an_order_of_too_many_hand_ons_is_counted_and_not_followed():
    v = Value(1.0)
    x = v
    for _ in range(60):
        x = x + x
    told = why_order(x)
    text = " ".join(str(told).split())
    assert f"not followed to its end: {2 * (2**60 - 1):,} hand-ons" in text
    assert f"would hand on {2**59:,} times" in text
    assert told.at_once["v"] != told.at_once["v"]
    assert told.gradients == {"v": 2.0**60}


def test_a_chain_with_one_node_used_twice_is_followed_to_its_end():
    v = Value(1.0)
    g = v
    for _ in range(401):
        g = g * 1.001
    y = g + g
    told = why_order(y)
    assert told.at_once["v"] > told.gradients["v"]
    assert "not followed" not in str(told)


def test_colour_is_not_the_only_sign_in_html():
    a = Value(1.0)
    b = a + a
    c = b + b
    page = why_order(c).html()
    assert 'class="bad">  wrong: a.grad = <math><mn>6</mn></math>' in page
    assert "right: a.grad = <math><mn>4</mn></math>" in page


def test_in_a_notebook_the_wrong_order_moves_beside_the_right_one():
    a = Value(1.0)
    b = a + a
    c = b + b
    html = why_order(c)._repr_html_()
    films = [base64.b64decode(x).decode() for x in re.findall(r"base64,([^\"]+)", html)]
    assert [("a.grad = 6" in film, "a.grad = 4" in film) for film in films] == [(True, True), (False, True)]
    assert all("@keyframes" in film and "prefers-reduced-motion" in film for film in films)
    assert a.grad == 0.0


def test_where_the_order_does_not_matter_nothing_moves():
    a = Value(1.0)
    assert "<figure" not in why_order(a * a)._repr_html_()
