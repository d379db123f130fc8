"""What opens below the picture: values to move, checks, paths, code."""

import pytest

from autograd.trace.digits import digits

pytestmark = pytest.mark.browser


def test_checking_measures_every_gradient(visit, words):
    page = visit("neuron")
    page.keyboard.press("v")
    page.locator("[data-do=check]").click()
    assert "x1: gradient -1.5, measured -1.5000" in words(page.locator("#checked"))


def test_exploring_compares_what_the_gradient_predicts_with_what_happens(visit, words):
    page = visit("uses", "#step=5")
    page.keyboard.press("v")
    page.locator("input[inputmode=decimal] >> nth=0").fill("2.01")
    assert words(page.locator("#lines")) == "predicted by the gradient: -1.99 really: -1.9899"
    page.locator("[data-do=reset]").click()
    assert words(page.locator("#lines")) == ""
    page.locator("[data-do=downhill]").click()
    assert words(page.locator("#really")) == digits(1.9 * 1.9 + 1.9 * -3.2)
    page.locator("[data-do=new_numbers]").click()
    assert float(page.locator("input[inputmode=decimal] >> nth=0").input_value()).is_integer()


def test_a_value_is_taken_as_a_chinese_keyboard_types_it(visit, words):
    page = visit("uses", "#step=5")
    page.keyboard.press("v")
    page.locator("input[inputmode=decimal] >> nth=0").fill("\uff08\uff0d3\uff09\u00b2\u00d70\uff0e5")
    assert page.evaluate("given[leaves[0].n]") == 4.5
    page.locator("input[inputmode=decimal] >> nth=0").fill("4.5\u00b7")  # not finished: nothing moves
    assert page.evaluate("given[leaves[0].n]") == 4.5


def test_new_numbers_leave_nothing_of_the_old_ones_beside_them(visit, words):
    page = visit("uses", "#step=5")
    page.keyboard.press("v")
    assert words(page.locator("#lines")) == ""
    page.locator("[data-do=check]").click()
    assert "a: gradient 1, measured 1.0000" in words(page.locator("#checked"))
    page.locator("[data-do=new_numbers]").click()
    assert words(page.locator("#checked")) == words(page.locator("#lines")) == ""


def test_new_numbers_are_never_the_old_ones_again(visit):
    page = visit("uses", "#step=5")
    page.keyboard.press("v")
    page.evaluate(
        "Math.random = (drawn => () => drawn.length ? drawn.shift() : 0.9)([.4, .9, .7, .1])"
    )  # 2, -3
    before = page.evaluate("given.slice()")
    page.locator("[data-do=new_numbers]").click()
    assert page.evaluate("given.slice()") != before


def test_while_a_step_is_asked_the_drawers_do_not_give_it_away(visit, words):
    page = visit("uses", "#step=3&mode=predict&follow=a")
    page.locator("[data-tab=paths]").click()
    assert "Shown after this step is answered" in words(page.locator("#drawer"))
    assert "-3" not in words(page.locator("#drawer"))
    page.locator("[data-tab=values]").click()
    page.locator("[data-do=check]").click()
    assert words(page.locator("#checked")).startswith("Shown after this step is answered")


def test_the_drawers_tell_paths_and_code(visit, words):
    page = visit("uses", "#step=5&follow=a")
    page.locator("[data-tab=paths]").click()
    drawer = words(page.locator("#drawer"))
    assert "a reaches L along 3 paths" in drawer
    assert "L <- v2 <- a 1 * b = 1 * -3 = -3" in drawer
    assert "a.grad = -3 + 2 + 2 = 1" in drawer
    page.locator("[data-tab=code]").click()
    assert words(page.locator("#drawer")) == "a.grad += v1.grad * 2 # -3 + 1 * 2 = -1"
