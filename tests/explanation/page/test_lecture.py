"""A lecture: full screen, by keyboard alone, the question first; on paper a handout and its key."""

import pytest

from autograd import Value, language, lecture

pytestmark = pytest.mark.browser
PROJECTOR = {"width": 1920, "height": 1080}


@pytest.fixture
def opened(visit, tmp_path):
    def give(at="", **how):
        x1, x2, w1, w2, b = Value(2.0), Value(0.0), Value(-3.0), Value(1.0), Value(6.8813735870195432)
        o = (x1 * w1 + x2 * w2 + b).tanh()
        a, c = Value(2.0), Value(-3.0)
        L = a * a + a * c
        told = [
            (o, "Which knob moves o most?", "w2 moves nothing."),
            (L, "What is a.grad?", "The flows add."),
        ]
        path = tmp_path / "lecture.html"
        lecture("Backpropagation I", told).save(path)
        return visit(path, at, size=PROJECTOR, **how)

    return give


def test_a_neuron_takes_six_presses_and_the_question_stands_first(opened):
    page = opened()
    assert page.inner_text("#question") == "Which knob moves o most?"
    assert page.inner_text("#told") == ""
    assert "-1.5" not in page.inner_html("#stage")
    for _ in range(6):
        page.keyboard.press("Space")
    assert "0.5 * -3 = -1.5" in page.inner_text("#told")
    assert page.inner_text("#told").endswith("w2 moves nothing.")
    page.keyboard.press("Space")
    assert page.inner_text("#question") == "What is a.grad?"


def test_keys_go_both_ways_and_the_address_holds_the_moment(opened):
    page = opened("#2.1")
    assert page.inner_text("#question") == "What is a.grad?"
    pressed = {
        "ArrowRight": "#2.2", "ArrowLeft": "#2.1", "PageUp": "#2.0", "Backspace": "#1.6",
        "Home": "#1.0", "ArrowDown": "#2.0", "End": "#2.4", "PageDown": "#2.4",
    }  # fmt: skip
    for key, at in pressed.items():
        page.keyboard.press(key)
        assert page.evaluate("location.hash") == at, key


def test_words_have_28_pixels_and_more_and_nothing_is_cut_on_a_projector(opened):
    page = opened("#1.6")
    sizes = page.eval_on_selector_all(
        "#show h1, #show p", "all => all.map(x => parseFloat(getComputedStyle(x).fontSize))"
    )
    assert min(sizes) >= 28
    drawn = "all => all.map(x => parseFloat(getComputedStyle(x).fontSize) * x.getScreenCTM().a)"
    assert min(page.eval_on_selector_all("#stage text", drawn)) >= 28
    place = "all => all.map(x => x.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
    boxes = page.eval_on_selector_all("#show h1, #show p, #stage svg", place)
    assert all(x >= 0 and y >= 0 and right <= 1920 and bottom <= 1080 for x, y, right, bottom in boxes)
    assert page.eval_on_selector("#told", "x => x.scrollHeight <= x.clientHeight + 1")


def test_the_picture_stays_where_it_is_from_press_to_press(opened):
    page = opened()
    places = set()
    for _ in range(7):
        places.add(str(page.eval_on_selector("#stage svg", "x => JSON.stringify(x.getBoundingClientRect())")))
        page.keyboard.press("Space")
    assert len(places) == 1


def test_on_paper_there_is_a_handout_with_blanks_and_after_it_the_key(opened):
    page = opened()
    page.emulate_media(media="print")
    assert not page.is_visible("#show")
    sections = page.locator("#paper section").all_inner_texts()
    assert len(sections) == 4
    assert not [text for text in sections[:2] if "-1.5" in text]
    assert "0.5 * -3 = -1.5" in sections[2]


def test_scenes_are_refused_where_there_are_none_or_a_graph_is_too_large():
    with pytest.raises(ValueError, match="at least one scene"):
        lecture("empty", [])
    y = Value(1.0)
    for _ in range(61):
        y = y.tanh()
    with pytest.raises(ValueError, match="60"):
        lecture("long", [(y, "?", "")])


def test_a_lecture_says_what_it_is_in_both_languages_and_leaves_gradients_alone():
    a = Value(2.0)
    L = a * a
    a.grad = 7.0
    assert lecture("One", [(L, "?", "!")]).presses == [2]
    assert a.grad == 7.0
    language("zh")
    try:
        assert repr(lecture("一", [(L, "?", "!")])).startswith("<课堂演示")
        assert 'lang="zh-CN"' in lecture("一", [(L, "?", "!")]).html
    finally:
        language("en")


def test_what_is_written_by_hand_cannot_break_out_of_the_page():
    a = Value(2.0)
    html = lecture("</title><b>", [(a * a, "</script><i>", "<u>")]).html
    assert "</script><i>" not in html
    assert "</title><b>" not in html
