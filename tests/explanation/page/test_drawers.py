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
    page.locator("input[type=number] >> nth=0").fill("2.01")
    assert words(page.locator("#lines")) == "predicted by the gradient: -1.99 really: -1.9899"
    page.locator("[data-do=reset]").click()
    assert words(page.locator("#really")) == "-2"
    page.locator("[data-do=downhill]").click()
    assert words(page.locator("#really")) == digits(1.9 * 1.9 + 1.9 * -3.2)
    page.locator("[data-do=new_numbers]").click()
    assert float(page.locator("input[type=number] >> nth=0").input_value()).is_integer()


def test_the_drawers_tell_paths_and_code(visit, words):
    page = visit("uses", "#step=5&follow=a")
    page.locator("[data-tab=paths]").click()
    drawer = words(page.locator("#drawer"))
    assert "a reaches L along 3 paths" in drawer
    assert "L <- v2 <- a 1 * b = 1 * -3 = -3" in drawer
    assert "a.grad = -3 + 2 + 2 = 1" in drawer
    page.locator("[data-tab=code]").click()
    assert words(page.locator("#drawer")) == "a.grad += v1.grad * 2 # -3 + 1 * 2 = -1"
