import pytest

from autograd.drawing.measure import shorten, width


def test_a_wide_letter_is_wider_than_a_narrow_one():
    assert width("W", 10) > width("i", 10)


@pytest.mark.parametrize("text", ["学习率", "かな", "한글", "\uff08全角\uff09"])
def test_characters_as_wide_as_high_count_as_that(text):
    assert width(text, 10) >= 10 * len(text)


def test_a_combining_accent_takes_no_room():
    assert width("e\u0301", 10) == width("e", 10)


def test_a_cut_text_fits_and_ends_in_an_ellipsis():
    cut = shorten("a very long expression", 12, 60)
    assert cut.endswith("…")
    assert width(cut, 12) <= 60


def test_a_text_that_fits_is_not_cut():
    assert shorten("ab", 12, 60) == "ab"
