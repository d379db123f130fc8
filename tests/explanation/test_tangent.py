"""`tangent`: the page of a curve and its slope."""

import json
import re

from autograd import tangent


def test_the_slopes_on_the_page_are_the_derivative():
    page = tangent(lambda x: x * x - 3 * x + 4, -2, 4).html()
    points = json.loads(re.search(r"const P=(.*?),S=", page)[1])
    assert all(abs(float(slope) - (2 * float(x) - 3)) < 2e-4 for x, _, slope, *_ in points)
    assert (points[0][0], points[-1][0]) == ("-2", "4")


def test_the_page_asks_for_nothing_and_says_its_numbers_without_scripts():
    page = tangent(lambda x: x.tanh(), -3, 3, at=0, lang="zh").html()
    assert "http" not in page
    assert "x = 0,高度 0,斜率 1" in page


def test_it_is_saved_as_a_file(tmp_path):
    tangent(lambda x: x * x, -1, 1).save(str(tmp_path / "curve.html"))
    assert (tmp_path / "curve.html").read_text(encoding="utf-8").startswith("<!doctype html>")
