"""`tangent`: the page of a curve, its axes, and the slope that is read off it."""

import json
import re
import subprocess
from xml.etree import ElementTree

import pytest

from autograd import tangent

SVG = "{http://www.w3.org/2000/svg}"


def parabola(x):
    return x * x - 3 * x + 4


def seen(page):
    """What a reader sees without scripts: everything but scripts, styles and tags."""
    return re.sub(r"<[^>]*>", " ", re.sub(r"<(script|style|title)>.*?</\1>", "", page, flags=re.DOTALL))


def svg_of(page):
    return ElementTree.fromstring(re.search(r"<svg.*</svg>", page, re.DOTALL)[0])  # noqa: S314 - our own output


def part(svg, name):
    return next(element for element in svg.iter() if element.get("id") == name)


def test_the_slopes_on_the_page_are_the_derivative():
    page = tangent(parabola, -2, 4).html()
    points = json.loads(re.search(r"const P=(.*?),S=", page)[1])
    assert all(abs(float(slope) - (2 * float(x) - 3)) < 2e-4 for x, _, slope, *_ in points)
    assert (points[0][0], points[-1][0]) == ("-2", "4")


def test_both_axes_have_numbers_ticks_and_a_grid():
    svg = svg_of(tangent(parabola, -2, 4).html())
    grid = [element for element in svg.iter(f"{SVG}line") if element.get("class") == "g"]
    numbers = {text.text for text in svg.iter(f"{SVG}text") if text.get("class") == "n"}
    assert numbers == {"-2", "-1", "0", "1", "2", "3", "4"} | {"2", "4", "6", "8", "10", "12", "14"}
    assert len(grid) == 7 + 7


def test_a_triangle_shows_what_the_slope_is_run_1_and_rise_3():
    page = tangent(parabola, -2, 4, at=3).html()
    assert {"run 1", "rise 3"} <= {text.text for text in svg_of(page).iter(f"{SVG}text")}
    x0, y0, x1, y1, x2, y2 = map(float, part(svg_of(page), "tri").get("points").replace(",", " ").split())
    ticks = {t.text: float(t.get("x")) for t in svg_of(page).iter(f"{SVG}text") if t.get("data-axis") == "x"}
    heights = {
        t.text: float(t.get("y")) for t in svg_of(page).iter(f"{SVG}text") if t.get("data-axis") == "y"
    }
    unit = (heights["4"] - heights["14"]) / 10
    assert (x1 - x0, x2 - x1, y1 - y0) == (pytest.approx(ticks["3"] - ticks["2"], abs=0.2), 0, 0)
    assert y1 - y2 == pytest.approx(3 * unit, abs=0.2)


def test_hidden_numbers_are_nowhere_on_the_page_and_in_no_caption():
    curve = tangent(parabola, -2, 4, at=3, hide=True)
    assert repr(curve) == "x = 3, height 4, slope ?"
    assert "rise ?" in seen(curve.html())
    assert not re.search(r"(slope|rise) 3", curve.html().partition("<script>")[0])
    assert "slope 3" in repr(tangent(parabola, -2, 4, at=3))


@pytest.mark.browser
def test_hidden_numbers_are_shown_to_those_who_ask(chromium, tmp_path):
    page = tmp_path / "page.html"
    click = "<script>document.querySelector('button').click();I.value=100;I.oninput()</script>"
    page.write_text(tangent(parabola, -2, 4, at=3, hide=True).html() + click, encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command = [chromium, *quiet, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    dom = seen(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert "x = 3, height 4, slope 3" in dom
    assert "rise 3" in dom


def test_a_narrow_range_has_a_short_run():
    page = tangent(lambda x: x * x, 0, 0.5, at=0.2).html()
    assert {"run 0.1", "rise 0.04"} <= {text.text for text in svg_of(page).iter(f"{SVG}text")}


def test_the_page_asks_for_nothing_and_says_its_numbers_without_scripts():
    page = tangent(lambda x: x.tanh(), -3, 3, at=0, lang="zh").html()
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "x = 0" in seen(page)
    assert "斜率 1" in seen(page)
    assert '<html lang="zh-CN">' in page


def test_a_theme_decides_and_else_the_browser_does():
    auto, dark = (tangent(parabola, -2, 4, theme=theme).html() for theme in ("auto", "dark"))
    assert "prefers-color-scheme:dark" in auto
    assert "color-scheme:dark" in dark
    assert "prefers-color-scheme" not in dark
    with pytest.raises(ValueError, match="'blue'"):
        tangent(parabola, -2, 4, theme="blue")


def test_a_pole_leaves_a_gap():
    page = tangent(lambda x: 1 / x, -1, 1, at=0.5).html()
    assert "inf" not in part(svg_of(page), "curve").get("d")
    assert part(svg_of(page), "curve").get("d").count("M") == 2


def test_it_is_saved_as_a_file(tmp_path):
    tangent(lambda x: x * x, -1, 1).save(str(tmp_path / "curve.html"))
    assert (tmp_path / "curve.html").read_text(encoding="utf-8").startswith("<!doctype html>")
