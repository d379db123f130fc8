import re

import expressions

import nn
from autograd import draw


def test_a_page_fits_phones_and_has_the_numbers_as_a_table():
    page = expressions.drawn("fan_out").html
    assert page.count("<svg") == 2  # one for wide screens, one for narrow ones
    assert "<td>v1</td><td>a * a</td><td>4</td><td>1</td>" in page
    assert 'name="viewport"' in page


def test_boxes_of_a_model_lead_to_views_in_which_they_are_open():
    loss = (nn.MLP(2, [16, 16, 1])([1.0, -2.0]) - 1) ** 2
    page = draw(loss).html
    ids, links = (
        set(re.findall(pattern, page)) for pattern in (r'<section id="([^"]*)"', r'href="#([^"]*)"')
    )
    assert len(ids) > 5
    assert links <= ids
    assert page.index('<section id="view-1"') < page.index(
        '<section id="all"'
    )  # the last one is shown at first


def test_it_works_without_script_and_without_network():
    page = expressions.drawn("neuron").html.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in page
    assert "http" not in page


def test_labels_are_escaped():
    page = expressions.drawn("odd_labels").html
    assert "<b>bold" not in page
    assert "&lt;b&gt;bold" in page
