import re

from autograd.drawing.boxes import box
from autograd.drawing.cards import Look
from autograd.drawing.scene import Box

PLACE = (0.0, 0.0, 100.0, 73.0)
LIGHT = Look(theme="light")


def bar(grad, peak=4.0):
    """Left end and length of the bar of a gradient."""
    drawn = box(0, Box("leaf", "a", data=1.0, grad=grad), PLACE, LIGHT, peak, 1)
    colour = "#b34d0b" if grad < 0 else "#1668b3"
    x, wide = re.search(
        rf'x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="3" fill="{colour}"', drawn
    ).groups()
    return float(x), float(wide)


def test_size_and_sign_of_a_gradient_are_told_by_a_bar_as_well_as_by_colour():
    assert bar(4.0) == (50.0, 40.0)
    assert bar(-4.0) == (10.0, 40.0)
    assert bar(2.0) == (50.0, 20.0)


def test_a_gradient_of_0_and_one_that_is_not_there_have_neither():
    for grad in (0.0, None):
        drawn = box(0, Box("leaf", "a", data=1.0, grad=grad), PLACE, LIGHT, 4.0, 1)
        assert 'height="3"' not in drawn


def test_a_gradient_that_is_not_complete_is_hollow():
    whole = box(0, Box("leaf", "a", data=1.0, grad=2.0), PLACE, LIGHT, 4.0, 1)
    so_far = box(0, Box("leaf", "a", data=1.0, grad=2.0, so_far=True), PLACE, LIGHT, 4.0, 1)
    assert 'fill="#cbe1f6"' in whole or 'fill="#b0d3f3"' in whole
    assert 'fill="#ffffff" stroke="#1668b3"' in so_far


def test_markup_in_a_name_is_text():
    drawn = box(0, Box("leaf", '<b>"x"&</b>', data=1.0), PLACE, LIGHT, 0.0, 1)
    assert "&lt;b&gt;" in drawn
    assert "<b>" not in drawn


def test_inf_and_nan_are_red():
    drawn = box(0, Box("op", "q", "log(p)", data=float("-inf"), bad="first"), PLACE, LIGHT, 0.0, 1)
    assert drawn.count("#c01f2f") == 2  # frame and number
