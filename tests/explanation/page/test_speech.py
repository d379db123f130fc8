"""What a screen reader hears."""

import pytest

pytestmark = pytest.mark.browser


def test_a_screen_reader_hears_the_step_in_words(visit, words):
    page = visit("uses", "#step=5")
    spoken = page.locator("[role=status]")
    assert spoken.text_content() == (
        "Step 5 of 6. At v1, which is a times a. Upstream gradient 1, times the right factor, 2, "
        "gives 2 for a, the left factor. a dot grad is now minus 3 plus 2, minus 1. "
        "One use of a is still missing."
    )
    page.locator("[data-do=speak]").click()
    assert spoken.text_content() == (
        "第 5 步，共 6 步。在 v1，即 a 乘 a。上游梯度 1 乘以右边的因子 2，传给左边的 a，贡献是 2。"
        "a 的梯度现在是负 3 加 2，等于负 1。a 还有 1 次使用没有加进来。"
    )
