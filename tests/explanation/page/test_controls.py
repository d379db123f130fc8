"""Keys, buttons, the address: one way to every moment."""

import re

import pytest

from autograd import quiz

pytestmark = pytest.mark.browser


def test_the_keys_do_what_the_help_says(visit, words):
    page = visit("uses")
    page.keyboard.press("End")
    assert words(page.locator("#phase")) == "BACKWARD, done"
    page.keyboard.press("Home")
    assert words(page.locator("#phase")) == "FORWARD, ready"
    for key in ("ArrowRight", " ", "ArrowLeft"):
        page.keyboard.press(key)
    assert words(page.locator("#phase")) == "FORWARD, 1 of 3"
    page.keyboard.press("n")
    assert "by=node" in page.evaluate("location.hash")
    page.keyboard.press("f")
    assert "follow=a" in page.evaluate("location.hash")
    page.keyboard.press("p")
    assert "mode=predict" in page.evaluate("location.hash")
    page.keyboard.press("b")
    assert page.locator("body.lecture").count() == 1
    page.keyboard.press("v")
    page.keyboard.press("b")
    assert page.locator("#drawer input[type=range]").count() == 2
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1


def test_the_address_leads_to_a_moment(visit, words):
    page = visit("uses", "#step=5&follow=a&lang=zh")
    assert words(page.locator("#phase")) == "反向传播，第 5 步，共 6 步"
    assert page.locator(".node.pale").count() == 1  # b is on no path from L to a
    page.keyboard.press("ArrowRight")
    assert "step=6&follow=a" in page.evaluate("location.hash")


def test_following_a_leaf_walks_only_its_steps(visit, words):
    page = visit("uses", "#step=start&follow=b")
    seen = []
    while "done" not in words(page.locator("#phase")):
        page.keyboard.press("ArrowRight")
        seen.append(words(page.locator("#phase")))
    assert seen == ["BACKWARD, step 2 of 6", "BACKWARD, step 4 of 6", "BACKWARD, done"]


def test_a_quiz_goes_to_its_end_and_counts(visit, words):
    page = visit("neuron", show=quiz)
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


def test_a_step_beyond_the_last_is_the_end(visit, words):
    assert words(visit("uses", "#step=99").locator("#phase")) == "BACKWARD, done"
