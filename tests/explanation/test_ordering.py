"""`why_order`: what two simpler orders give, and the right one."""

from autograd import Value, why_order


def test_handing_on_at_once_counts_the_first_arrival_again():
    a = Value(1.0)
    b = a + a
    c = b + b
    told = why_order(c)
    assert (told.at_once, told.gradients) == ({"a": 6.0}, {"a": 4.0})
    assert "wrong: a.grad = 6; b handed on when only 1 of its 2 uses was in" in str(told)
    assert "right: a.grad = 4" in str(told)


def test_handing_on_only_at_the_first_arrival_forgets_the_rest():
    a = Value(1.0)
    b = 2 * a
    L = b + 3 * b
    assert why_order(L).once == {"a": 2.0}
    assert why_order(L).gradients == {"a": 8.0}


def test_without_a_shared_inner_node_all_orders_agree():
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    assert "all three agree" in str(why_order(L))


def test_a_wrong_order_that_never_ends_is_stopped():
    x = Value(1.0)
    for _ in range(60):
        x = x + x
    assert "it goes on and on" in str(why_order(x))


def test_colour_is_not_the_only_sign_in_html():
    a = Value(1.0)
    b = a + a
    c = b + b
    page = why_order(c).html()
    assert 'class="bad">wrong: a.grad = 6' in page.replace("<p ", "<p ").replace("  wrong", "wrong")
    assert "right: a.grad = 4" in page
