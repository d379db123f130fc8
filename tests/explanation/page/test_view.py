"""How the page looks: sizes, contrast, what is odd, what is large."""

import random

import pytest

import autograd as ag
import nn
from autograd import Value

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1200, "height": 850}


CONTRAST = """() => {
  const channel = x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
  const light = x => [0.2126, 0.7152, 0.0722].reduce((all, part, i) => all + part * channel(x[i] / 255), 0)
  const numbers = text => text === 'none' ? [0, 0, 0, 0] : text.match(/[\\d.]+/g).map(Number)
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const shape = at.tagName === 'g' && at.querySelector('.ground, .bubble, .card')
      const style = getComputedStyle(shape || at)
      const found = numbers(shape ? style.fill : style.backgroundColor)
      if (found.length < 4 || found[3] > 0) return found
    }
  }
  const bad = []
  for (const element of document.querySelectorAll('#page *, #steps *')) {
    const own = [...element.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())
    if (!own || element.tagName === 'title') continue
    if (!element.checkVisibility() || element.closest('.pale')) continue
    const style = getComputedStyle(element), svg = element.namespaceURI.endsWith('svg')
    const both = [numbers(svg ? style.fill : style.color), ground(element)].map(light).sort((x, y) => y - x)
    const ratio = (both[0] + 0.05) / (both[1] + 0.05)
    if (ratio < 4.5) bad.push(`${element.outerHTML.slice(0, 80)} ${ratio.toFixed(2)}`)
  }
  return bad
}"""


def test_every_zone_keeps_its_height_from_step_to_step(visit):
    for size in (DESK, PHONE):
        page = visit("neuron", size=size)
        heights = set()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
            zones = ("header", "#sentence", "#equation", "#graph", "nav")
            heights.add(tuple(page.locator(zone).bounding_box()["height"] for zone in zones))
        assert len(heights) == 1


def test_a_phone_gets_controls_at_the_lower_edge_large_enough_for_a_thumb(visit):
    page = visit("neuron", "#step=3", size=PHONE)
    for name in ("prev", "next"):
        box = page.locator(f"[data-do={name}]").bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= PHONE["height"]
    bar = page.locator("nav").bounding_box()
    assert bar["y"] + bar["height"] == PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    scale = page.evaluate("document.getElementById('picture').clientWidth / view.width")
    assert scale == pytest.approx(1, abs=0.01)  # the type keeps its size, the picture scrolls


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "at", ["#step=ready", "#step=f2", "#step=turn", "#step=5", "#step=end", "#step=6&mode=predict"]
)
def test_contrast_is_enough_for_weak_eyes(visit, scheme, at):
    page = visit("neuron", at, scheme=scheme)
    page.locator("[data-tab=table]").click()
    assert page.evaluate(CONTRAST) == []


def test_hostile_labels_stay_text(visit):
    x = Value(2.0, label="</script><img src=x onerror=document.title='broken'>")
    y = Value(3.0, label="a\"b'<b>&amp;`${1}`")
    page = visit(x * y + x, "#step=1")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    for tab in ("table", "paths", "values", "code"):
        page.locator(f"[data-tab={tab}]").click()
    page.keyboard.press("p")
    page.keyboard.press("f")
    assert page.locator("img").count() == 0
    assert "broken" not in page.title() or "onerror" in page.title()


def test_inf_and_nan_show_their_culprit(visit, words):
    x, y = Value(0.0, label="x"), Value(1.0)
    bad = ag.log(x)
    bad.label = "bad"
    z = bad * y + y
    page = visit(z, "#step=turn")
    assert "bad = log(x)" in page.locator(".node.bad").text_content()
    assert page.locator(".node.heir").count() == 2
    page.keyboard.press("Home")
    assert "log(0) = -inf: here the first value" in words(page.locator("#sentence"))


def test_a_flow_of_zero_is_dotted_and_says_why(visit, words):
    page = visit("neuron", "#step=7")
    assert page.locator(".edge.zero.lit").count() == 1
    assert "Nothing flows here, because x2 = 0." in words(page.locator("#sentence"))


def test_a_large_network_opens_part_by_part(visit):
    random.seed(1)
    loss = (nn.MLP(2, [16, 16, 1])([Value(0.5), Value(-1.0)]) - 1.0) ** 2
    page = visit(loss, "#step=90")
    assert page.locator(".part").count() == 3
    page.locator(".part.here").click()
    assert page.locator(".part").count() == 16
    page.locator(".part.here").click()
    assert page.locator(".node.here").count() == 1
    page.locator("[data-do=up]").click()
    assert page.locator(".part").count() == 16


def test_on_a_phone_the_edge_of_the_step_is_whole(visit):
    a, b = Value(-0.0123), Value(0.0987)
    page = visit((a * b + 1) * a, "#step=3", size=PHONE)
    frame = page.locator("#graph").bounding_box()
    shown = page.locator("#picture .label.lit").bounding_box()
    assert frame["x"] <= shown["x"]
    assert shown["x"] + shown["width"] <= frame["x"] + frame["width"]
