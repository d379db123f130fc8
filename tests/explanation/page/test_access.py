"""Everybody can use the pages: names for all controls, keys alone, less motion, type that can be read."""

import pytest

from autograd import playground, quiz, step_through

pytestmark = pytest.mark.browser
# what can be operated, and has neither a text, nor a label, nor a title
NAMELESS = """() => ['button', 'input', 'select', 'textarea', '[tabindex]', '[role=button]']
  .flatMap(kind => [...document.querySelectorAll(kind)])
  .filter(x => x.checkVisibility())
  .filter(x => {
    const label = x.id && document.querySelector(`label[for=${x.id}]`)
    const names = [x.getAttribute('aria-label'), x.title, label && label.textContent, x.textContent]
    return ![...names, x.closest('label')?.textContent].some(name => name && name.trim())
  }).map(x => x.outerHTML.slice(0, 90))"""
# ids that stand twice, and what refers to something that is not there
BROKEN = """() => {
  const ids = [...document.querySelectorAll('[id]')].map(x => x.id)
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i)
  const lost = [...document.querySelectorAll('[aria-controls], [aria-describedby], label[for]')]
    .map(x => x.getAttribute('aria-controls') || x.getAttribute('aria-describedby') || x.getAttribute('for'))
  return [...twice, ...lost.filter(id => !ids.includes(id))]
}"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('#picture text, #picture tspan, #page *')]
  .filter(x => x.checkVisibility() && [...x.childNodes].some(y => y.nodeType === 3 && y.data.trim()))
  .map(x => parseFloat(getComputedStyle(x).fontSize) * (x.closest('svg#picture') ? view.scale : 1)))"""


@pytest.fixture
def opened(visit, tmp_path):
    """Give a function that opens one of the three pages."""

    def open_page(which, at, **how):
        if which == "playground":
            path = tmp_path / "playground.html"
            playground().save(path)
            page = visit(path, at, **how)
            page.wait_for_selector("#page:not([hidden])")
            return page
        return visit("neuron", at, show=quiz if which == "quiz" else step_through, **how)

    return open_page


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("which", ["stepper", "quiz", "playground"])
def test_every_control_has_a_name(opened, which, lang):
    page = opened(which, f"#step=3&lang={lang}")
    for tab in ("table", "paths", "values", "tangent", "code"):
        page.locator(f"[data-tab={tab}]").click()
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(BROKEN) == []
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[lang]


def test_a_step_is_announced_once(visit):
    page = visit("uses", "#step=2")
    page.evaluate(
        """() => {
          window.heard = []
          const place = document.getElementById('spoken')
          new MutationObserver(() => heard.push(place.textContent)).observe(place, {childList: true})
        }"""
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("v")
    page.wait_for_timeout(200)
    heard = page.evaluate("heard")
    assert len(heard) == 1
    assert heard[0].startswith("Step 3 of 6.")
    assert page.locator("[role=status], [aria-live]").count() == 1


@pytest.mark.parametrize("which", ["stepper", "playground"])
def test_at_a_width_of_1100_no_text_is_smaller_than_13_pixels(opened, which):
    for at in ("#step=ready", "#step=6", "#step=end", "#step=6&mode=predict"):
        page = opened(which, at, size={"width": 1100, "height": 900})
        assert page.evaluate(SMALLEST) >= 12.6  # 13, less what a picture shrinks to fit by a few pixels


@pytest.mark.parametrize("width", [820, 1100, 1920])
def test_the_neuron_of_the_course_fits_into_its_frame(visit, width):
    page = visit("neuron", "#step=6", size={"width": width, "height": 1000})
    inside = "document.getElementById('graph')"
    assert page.evaluate(f"{inside}.scrollWidth <= {inside}.clientWidth")
    assert page.evaluate(f"{inside}.scrollHeight <= {inside}.clientHeight")


def test_big_type_uses_the_whole_projector(visit):
    page = visit("neuron", "#step=6&big=1", size={"width": 1920, "height": 1080})
    frame = page.locator("#graph").bounding_box()
    assert frame["width"] >= 1850
    assert frame["y"] + frame["height"] <= 1080
    assert page.evaluate("view.scale") > 1.5
    inside = "document.getElementById('graph')"
    assert page.evaluate(f"{inside}.scrollWidth <= {inside}.clientWidth")


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 820, "height": 860}])
def test_the_current_node_is_in_view_at_every_step(visit, size):
    page = visit("by_hand", "#step=start", size=size)
    for _ in range(11):
        page.keyboard.press("ArrowRight")
        frame = page.locator("#graph").bounding_box()
        box = page.locator("#picture .node.here .card").first.bounding_box()
        assert frame["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1


def test_with_less_motion_nothing_travels_and_without_it_the_flow_does(browser, tmp_path, expression):
    root, names = expression("uses")
    step_through(root, names=names).save(tmp_path / "page.html")
    for motion, count in (("reduce", 0), ("no-preference", 1)):
        context = browser.new_context(reduced_motion=motion)
        page = context.new_page()
        page.goto(f"file://{tmp_path}/page.html#step=3")
        page.wait_for_selector("#page:not([hidden])")
        assert page.locator("#flow").count() == count
        context.close()


def test_without_scripts_a_page_is_title_picture_forward_list_and_table(browser, tmp_path, expression):
    root, names = expression("uses")
    step_through(root, names=names).save(tmp_path / "page.html")
    playground().save(tmp_path / "playground.html")
    context = browser.new_context(java_script_enabled=False)
    for name, title, lines in (("page", "L = a*a + a*b = -2", 3), ("playground", "a * b", 1)):
        page = context.new_page()
        page.goto(f"file://{tmp_path}/{name}.html")
        assert title in page.locator("#still h1").inner_text()
        assert page.locator("#still svg").is_visible()
        assert page.locator("#still li").count() == lines
        assert page.locator("#steps").is_visible()
    context.close()


def test_the_playground_is_worked_by_keys_alone(opened):
    page = opened("playground", "#e=L = a*b&a=2&b=3&step=turn")
    page.locator("#expr").focus()
    page.keyboard.press("Tab")  # to the first slider
    assert page.evaluate("document.activeElement.type") == "range"
    before = page.evaluate("given[leaves[0].n]")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("given[leaves[0].n]") > before
    assert "step=turn" in page.evaluate("location.hash")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.do") == "next":
            break
    page.keyboard.press("Enter")
    assert "step=start" in page.evaluate("location.hash")
