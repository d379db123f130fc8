import pytest

from autograd.drawing.cards import WIDEST, Look, box_size, describe, head, label, rows
from autograd.drawing.measure import width
from autograd.drawing.scene import Box, Link
from autograd.messages import word


def test_a_gradient_that_has_not_arrived_is_not_0():
    assert rows(Box("leaf", "a", data=2.0), Look()) == [("data", "2"), ("", "no gradient yet")]
    assert rows(Box("leaf", "a", data=2.0, grad=0.0), Look())[1] == ("grad", "0")


def test_a_constant_has_no_gradient():
    assert rows(Box("constant", "2", data=2.0), Look()) == []


def test_numbers_that_changed_show_both():
    box = Box("leaf", "a", data=1.5, grad=2.0, before=(2.0, 2.0))
    assert rows(box, Look()) == [("data", "2 → 1.5"), ("grad", "2")]


def test_words_come_in_two_languages():
    assert rows(Box("leaf", "a", data=2.0), Look(lang="zh"))[1] == ("", "还没有梯度")
    assert word("draw_nodes", "en", count=65513) == "65,513 nodes"


def test_a_long_expression_is_cut_on_the_box_and_whole_in_the_tooltip():
    box = Box("op", "y", "dot(" + ", ".join(f"w{i}" for i in range(40)) + ")", data=1.0)
    assert head(box)[1].endswith("…")
    assert box_size(box, Look())[0] <= WIDEST
    assert "w39" in describe(box, Look(), 1)


@pytest.mark.parametrize("name", ["a", "a_long_name_of_a_weight", "学习率"])
def test_a_box_is_wide_enough_for_its_texts(name):
    box = Box("op", name, "a * b", data=-1234.5678, grad=1e-7)
    wide, _ = box_size(box, Look())
    title, expression = head(box)
    assert wide >= width(title, 13, bold=True) + width(expression, 12)


def test_a_label_is_the_local_derivative():
    link = Link(0, 1, 0, 2, local=0.25)
    assert [label(link, Look()), label(link, Look(labels=False))] == ["0.25", ""]
    assert label(link, Look(blank=("local",))).strip() == ""
