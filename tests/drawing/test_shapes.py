from autograd.drawing.shapes import escaped, number, rectangle, text_line


def test_coordinates_have_at_most_one_decimal():
    assert [number(x) for x in (3.0, 3.14159, -0.5, 1e4)] == ["3", "3.1", "-0.5", "10000"]


def test_a_rectangle_is_round_only_when_asked():
    assert rectangle(0, 0, 1, 2, "") == '<rect x="0" y="0" width="1" height="2" />'
    assert 'rx="3"' in rectangle(0, 0, 1, 2, "", 3)


def test_text_is_escaped():
    assert escaped('x<y & "z"') == 'x&lt;y &amp; "z"'
    assert "x&lt;y" in text_line(0, 0, "x<y", 12, "ink", "light")
