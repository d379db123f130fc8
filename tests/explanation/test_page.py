"""The page in a real browser: a notebook runs, is exported and opened; keys, sliders, sizes, contrast."""

import re

import nbformat
import pytest

import autograd as ag
from autograd import Value, quiz, step_through

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1200, "height": 850}
CELLS = [
    "from autograd import Value, quiz, step_through\n"
    "a, b = Value(2.0), Value(-3.0)\nL = a*a + a*b\nstep_through(L)",
    "x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)\nb = Value(6.8813735870195432)\n"
    "o = (x1*w1 + x2*w2 + b).tanh()\nquiz(o)",
]


@pytest.fixture(scope="module")
def browser():
    from shutil import which

    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser, tmp_path):
    """Open pages; whatever goes wrong in one, or asks the network for something, fails the test."""
    wrong = []
    contexts = []

    def visit(page, at="", size=DESK, scheme="light", **options):
        path = page if hasattr(page, "read_text") else tmp_path / f"page{len(contexts)}.html"
        if path is not page:
            page.save(path)
        context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", **options)
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("request", lambda request: wrong.extend(asks_network(request.url, path is page)))
        opened.goto(f"file://{path}{at}")
        if path is not page:
            opened.wait_for_selector("#page:not([hidden])")
        return opened

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []


def asks_network(url, exported):
    """What a page of ours asks for; an exported notebook's own frame may ask for its fonts and scripts."""
    return [] if exported or url.startswith(("file:", "about:", "data:", "blob:")) else [url]


def three_uses():
    a, b = Value(2.0), Value(-3.0)
    total = a * a + a * b
    return step_through(total, names={"a": a, "b": b, "L": total})


def neuron(show=step_through):
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    return show(o, names={"x1": x1, "x2": x2, "w1": w1, "w2": w2, "b": b, "o": o})


def words(place):
    return re.sub(r"\s+", " ", place.inner_text()).strip()


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A notebook, run and exported as HTML."""
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    html, _ = HTMLExporter(template_name="lab").from_notebook_node(notebook)
    path = tmp_path_factory.mktemp("exported") / "notebook.html"
    path.write_text(html, encoding="utf-8")
    return path


def test_a_notebook_runs_is_exported_and_stepped_through(exported, visit):
    page = visit(exported)
    stepper = page.frame_locator("iframe >> nth=0")
    following = stepper.locator("[data-do=next]")
    for _ in range(10):  # ready, three nodes forward, the turn, the start, then step 5 of 6
        following.click()
    assert words(stepper.locator("#phase")) == "BACKWARD, step 5 of 6"
    assert (
        words(stepper.locator(".line"))
        == "upstream v1.grad 1 · local: right factor a 2 = flow into a (left) 2"
    )
    assert words(stepper.locator(".sum")) == (
        "a.grad: -3 from v2 + 2 from v1 left + ? from v1 right = -1 2 of 3 uses"
    )

    stepper.locator("[data-tab=values]").click()
    stepper.locator("#drawer input[type=range] >> nth=0").fill("3.5")
    moved = Value(3.5), Value(-3.0)
    total = moved[0] * moved[0] + moved[0] * moved[1]
    total.backward()
    assert words(stepper.locator("#drawer tr >> nth=0")) == f"a a.grad = {ag_digits(moved[0].grad)}"
    assert words(stepper.locator("#really")) == ag_digits(total.data)
    assert words(stepper.locator("#phase")) == "BACKWARD, step 5 of 6"

    asked = page.frame_locator("iframe >> nth=1")
    while "into x1" not in words(asked.locator("#sentence")):
        asked.locator("[data-do=next]").click()
    asked.locator("#field").fill("-3")
    asked.locator("#field").press("Enter")
    assert "-3 is the local derivative, w1. It still has to be multiplied" in words(
        asked.locator("#sentence")
    )
    asked.locator("#field").fill("-3/2")
    asked.locator("#field").press("Enter")
    assert "Yes: 0.5 * -3 = -1.5." in words(asked.locator("#sentence"))


def ag_digits(x):
    from autograd.drawing.numbers import digits

    return digits(x)


def test_without_scripts_the_exported_notebook_still_shows_every_step(exported, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{exported}")
    page.locator("summary >> nth=0").click()
    assert "a.grad = -1" in words(page.locator("details table >> nth=0"))
    inner = page.frame_locator("iframe >> nth=0")
    assert "1 * -3 = -3" in words(inner.locator("#steps"))
    context.close()


def test_every_zone_keeps_its_height_from_step_to_step(visit):
    for size in (DESK, PHONE):
        page = visit(neuron(), size=size)
        heights = set()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
            zones = ("header", "#sentence", "#equation", "#graph", "nav")
            heights.add(tuple(page.locator(zone).bounding_box()["height"] for zone in zones))
        assert len(heights) == 1


def test_the_keys_do_what_the_help_says(visit):
    page = visit(three_uses())
    page.keyboard.press("End")
    assert words(page.locator("#phase")) == "BACKWARD, done"
    page.keyboard.press("Home")
    assert words(page.locator("#phase")) == "FORWARD, ready"
    for key in ("ArrowRight", " ", "ArrowLeft"):
        page.keyboard.press(key)
    assert words(page.locator("#phase")) == "FORWARD, 1 of 3"
    page.keyboard.press("n")
    assert "by=node" in page.url
    page.keyboard.press("f")
    assert "follow=a" in page.url
    page.keyboard.press("p")
    assert "mode=predict" in page.url
    page.keyboard.press("b")
    assert page.locator("body.lecture").count() == 1
    page.keyboard.press("v")
    page.keyboard.press("b")
    assert page.locator("#drawer input[type=range]").count() == 2
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1


def test_the_address_leads_to_a_moment(visit):
    page = visit(three_uses(), "#step=5&follow=a&lang=zh")
    assert words(page.locator("#phase")) == "反向,第 5 步,共 6 步"
    assert page.locator(".node.pale").count() == 1  # b is on no path from L to a
    page.keyboard.press("ArrowRight")
    assert "step=6&follow=a" in page.url


def test_following_a_leaf_walks_only_its_steps(visit):
    page = visit(three_uses(), "#step=start&follow=b")
    seen = []
    while "done" not in words(page.locator("#phase")):
        page.keyboard.press("ArrowRight")
        seen.append(words(page.locator("#phase")))
    assert seen == ["BACKWARD, step 2 of 6", "BACKWARD, step 4 of 6", "BACKWARD, done"]


def test_a_screen_reader_hears_the_step_in_words(visit):
    page = visit(three_uses(), "#step=5")
    spoken = page.locator("[aria-live=polite]")
    assert spoken.text_content() == (
        "Step 5 of 6. At v1, which is a times a. Upstream gradient 1, times the right factor, 2, "
        "gives 2 for a, the left factor. a dot grad is now minus 3 plus 2, minus 1. "
        "One use of a is still missing."
    )
    page.locator("[data-do=speak]").click()
    assert spoken.text_content() == (
        "第 5 步,共 6 步。在 v1,即 a 乘 a。上游梯度 1 乘以右边的因子 2,传给左边的 a,贡献是 2。"
        "a 的梯度现在是负 3 加 2,等于负 1。a 还有 1 次使用没有加进来。"
    )


def test_checking_measures_every_gradient(visit):
    page = visit(neuron())
    page.keyboard.press("v")
    page.locator("[data-do=check]").click()
    assert "x1: gradient -1.5, measured -1.5000" in words(page.locator("#checked"))


def test_exploring_compares_what_the_gradient_predicts_with_what_happens(visit):
    page = visit(three_uses(), "#step=5")
    page.keyboard.press("v")
    page.locator("input[type=number] >> nth=0").fill("2.01")
    assert words(page.locator("#lines")) == "predicted by the gradient: -1.99 really: -1.9899"
    page.locator("[data-do=reset]").click()
    assert words(page.locator("#really")) == "-2"
    page.locator("[data-do=downhill]").click()
    assert words(page.locator("#really")) == ag_digits(1.9 * 1.9 + 1.9 * -3.2)
    page.locator("[data-do=new_numbers]").click()
    assert float(page.locator("input[type=number] >> nth=0").input_value()).is_integer()


def test_the_drawers_tell_paths_and_code(visit):
    page = visit(three_uses(), "#step=5&follow=a")
    page.locator("[data-tab=paths]").click()
    drawer = words(page.locator("#drawer"))
    assert "a reaches L along 3 paths" in drawer
    assert "L <- v2 <- a 1 * b = 1 * -3 = -3" in drawer
    assert "a.grad = -3 + 2 + 2 = 1" in drawer
    page.locator("[data-tab=code]").click()
    assert words(page.locator("#drawer")) == "a.grad += v1.grad * 2 # -3 + 1 * 2 = -1"


def test_a_phone_gets_controls_at_the_lower_edge_large_enough_for_a_thumb(visit):
    page = visit(neuron(), "#step=3", size=PHONE)
    for name in ("prev", "next"):
        box = page.locator(f"[data-do={name}]").bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= PHONE["height"]
    bar = page.locator("nav").bounding_box()
    assert bar["y"] + bar["height"] == PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    scale = page.evaluate("document.getElementById('picture').clientWidth / G.views[0].size[0]")
    assert scale == pytest.approx(1, abs=0.01)  # the type keeps its size, the picture scrolls


CONTRAST = """() => {
  const channel = x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
  const light = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255)
  const numbers = text => text === 'none' ? [0, 0, 0, 0] : text.match(/[\\d.]+/g).map(Number)
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const shape = at.tagName === 'g' && at.querySelector('.frame'), style = getComputedStyle(shape || at)
      const found = numbers(shape ? style.fill : style.backgroundColor)
      if (found.length < 4 || found[3] > 0) return found
    }
  }
  const bad = []
  for (const element of document.querySelectorAll('#page *, #steps *')) {
    const own = [...element.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())
    if (!own || element.tagName === 'title' || !element.checkVisibility() || element.closest('.pale')) continue
    const style = getComputedStyle(element), svg = element.namespaceURI.endsWith('svg')
    const both = [numbers(svg ? style.fill : style.color), ground(element)].map(light).sort((x, y) => y - x)
    const ratio = (both[0] + 0.05) / (both[1] + 0.05)
    if (ratio < 4.5) bad.push(`${element.outerHTML.slice(0, 80)} ${ratio.toFixed(2)}`)
  }
  return bad
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "at", ["#step=ready", "#step=f2", "#step=turn", "#step=5", "#step=end", "#step=6&mode=predict"]
)
def test_contrast_is_enough_for_weak_eyes(visit, scheme, at):
    page = visit(neuron(), at, scheme=scheme)
    page.locator("[data-tab=table]").click()
    assert page.evaluate(CONTRAST) == []


def test_hostile_labels_stay_text(visit):
    x = Value(2.0, label="</script><img src=x onerror=document.title='broken'>")
    y = Value(3.0, label="a\"b'<b>&amp;`${1}`")
    page = visit(step_through(x * y + x), "#step=1")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    for tab in ("table", "paths", "values", "code"):
        page.locator(f"[data-tab={tab}]").click()
    page.keyboard.press("p")
    page.keyboard.press("f")
    assert page.locator("img").count() == 0
    assert "broken" not in page.title() or "onerror" in page.title()


def test_inf_and_nan_show_their_culprit(visit):
    x, y = Value(0.0), Value(1.0)
    bad = ag.log(x)
    z = bad * y + y
    page = visit(step_through(z, names={"x": x, "y": y, "bad": bad, "z": z}), "#step=turn")
    assert "bad = log(x)" in page.locator(".node.bad").text_content()
    assert page.locator(".node.heir").count() == 2
    page.keyboard.press("Home")
    assert "log(0) = -inf: here the first value" in words(page.locator("#sentence"))


def test_a_flow_of_zero_is_dotted_and_says_why(visit):
    page = visit(neuron(), "#step=7")
    assert page.locator(".edge.zero.here").count() == 1
    assert "Nothing flows here, because x2 = 0." in words(page.locator("#sentence"))


def test_a_large_network_opens_part_by_part(visit):
    import random

    import nn

    random.seed(1)
    loss = (nn.MLP(2, [16, 16, 1])([Value(0.5), Value(-1.0)]) - 1.0) ** 2
    page = visit(step_through(loss), "#step=90")
    assert page.locator(".part").count() == 3
    page.locator(".part.here").click()
    assert page.locator(".part").count() == 16
    page.locator(".part.here").click()
    assert page.locator(".node.here").count() == 1
    page.locator("[data-do=up]").click()
    assert page.locator(".part").count() == 16


def test_a_quiz_goes_to_its_end_and_counts(visit):
    page = visit(neuron(quiz))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for _ in range(9):
        step = int(re.search(r"step (\d+)", words(page.locator("#phase")))[1])
        right = [0.5] * 6 + [0, -1.5, 1]
        page.locator("#field").fill(str(right[step - 1]))
        page.keyboard.press("Enter")
        assert "Yes" in words(page.locator("#sentence"))
        page.locator("[data-do=next]").click()
    assert "Right at once: 9. Right later: 0. Shown: 0." in words(page.locator("#equation"))
