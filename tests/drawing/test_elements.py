"""The elements of pictures: shapes, boxes, the legend."""

import re

import expressions

from autograd.drawing.cards import Look
from autograd.drawing.elements import box, escaped, legend, number, rectangle, text_line
from autograd.drawing.scene import Box


def test_coordinates_have_at_most_one_decimal():
    assert [number(x) for x in (3.0, 3.14159, -0.5, 1e4)] == ["3", "3.1", "-0.5", "10000"]


def test_a_rectangle_is_round_only_when_asked():
    assert rectangle(0, 0, 1, 2, "") == '<rect x="0" y="0" width="1" height="2" />'
    assert 'rx="3"' in rectangle(0, 0, 1, 2, "", 3)


def test_text_is_escaped():
    assert escaped('x<y & "z"') == 'x&lt;y &amp; "z"'
    assert "x&lt;y" in text_line(0, 0, "x<y", 12, "ink", "light")


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


def words(name, **options):
    picture = expressions.drawn(name, **options)
    lines, wide, high = legend(picture.scene, picture.look, 1.5, picture.layout.width, 100.0)
    return "".join(lines), wide, high


def test_only_what_occurs_is_explained():
    text, _, _ = words("neuron")
    assert all(
        part in text for part in ("gradient &gt; 0", "gradient &lt; 0", "full bar: 1.5", "local derivative")
    )
    text, _, _ = words("fan_out", backward=False)
    assert "gradient" not in text


def test_a_narrow_picture_gets_several_lines():
    _, _, narrow = words("not_finite")
    _, _, wide = words("neuron")
    assert narrow > wide


def test_there_is_none_on_request():
    assert "full bar" not in expressions.drawn("neuron", legend=False).svg


def test_it_is_written_in_chinese():
    assert "梯度 &gt; 0" in words("neuron", lang="zh")[0]
