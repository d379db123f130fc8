import json
import re
import subprocess

import expressions
import pytest

import nn
from autograd import draw


def test_a_page_fits_phones_and_has_the_numbers_as_a_table():
    page = expressions.drawn("fan_out").html
    assert page.count("<svg") == 2  # one for wide screens, one for narrow ones
    assert "<td>v1</td><td>a * a</td><td>4</td><td>1</td>" in page
    assert 'name="viewport"' in page


def test_boxes_of_a_model_lead_to_views_in_which_they_are_open():
    loss = (nn.MLP(2, [16, 16, 1])([1.0, -2.0]) - 1) ** 2
    page = draw(loss).html
    ids, links = (
        set(re.findall(pattern, page)) for pattern in (r'<section id="([^"]*)"', r'href="#([^"]*)"')
    )
    assert len(ids) > 5
    assert links <= ids
    assert page.index('<section id="view-1"') < page.index(
        '<section id="all"'
    )  # the last one is shown at first


def test_it_works_without_script_and_without_network():
    page = expressions.drawn("neuron").html.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page
    assert "http" not in page


def test_a_page_has_the_theme_of_its_picture():
    auto, dark = (expressions.drawn("fan_out", theme=theme).html for theme in ("auto", "dark"))
    assert auto.count("@media(prefers-color-scheme:dark)") == 1
    assert ":root:root{color-scheme:dark;--paper:#11161d" in dark
    assert "prefers-color-scheme" not in dark


def test_labels_are_escaped():
    page = expressions.drawn("odd_labels").html
    assert "<b>bold" not in page
    assert "&lt;b&gt;bold" in page


MEASURE = """
const told = []
for (const image of document.images) {
  const around = image.parentElement
  told.push([image.clientWidth / image.naturalWidth, around.clientWidth, around.scrollWidth])
}
document.title = JSON.stringify([document.documentElement.scrollWidth, told])
"""


@pytest.mark.browser
def test_in_a_cell_no_picture_is_cut_or_smaller_than_can_be_read(chromium, tmp_path):
    names = ("fan_out", "network", "forty_leaves")
    cells = "".join(expressions.drawn(name)._repr_html_() for name in names)
    page = tmp_path / "page.html"
    head, script = '<meta charset=utf-8><body style="margin:0;width:820px">', f"onload=()=>{{{MEASURE}}}"
    page.write_text(f"{head}{cells}<script>{script}</script>", encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command = [chromium, *quiet, f"--user-data-dir={tmp_path / 'profile'}", "--window-size=820,600"]
    dom = subprocess.run([*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=True)
    whole, told = json.loads(re.search(r"<title>(.*?)</title>", dom.stdout)[1])
    assert whole <= 820
    assert [scale >= 0.799 for scale, _, _ in told] == [True] * 3
    assert told[0][1] == told[0][2]  # a small one needs no scrolling
