import io
import math

import pytest

from nn.text import sparkline, table


def test_words_stand_left_and_numbers_right():
    assert (
        table([("name", "count"), ("w", "1,200"), ("bias", "3")]) == "name  count\nw     1,200\nbias      3"
    )


def test_a_table_shows_itself_without_quotes():
    assert repr(table([("a",), ("b",)])) == "a\nb"


def test_the_smallest_is_the_lowest_bar_and_the_largest_the_highest():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"


def test_a_flat_curve_is_a_flat_line():
    assert sparkline([2, 2, 2]) == "▄▄▄"


def test_long_curves_are_averaged_to_the_width():
    assert sparkline(range(1000), width=8) == "▁▂▃▄▅▆▇█"


def test_what_is_not_finite_is_marked():
    assert sparkline([1, math.nan, 2, math.inf]) == "▁x█x"
    assert sparkline([math.nan]) == "x"


def test_logarithmic_heights_mark_what_has_no_logarithm():
    assert sparkline([0, 1, 100], log=True) == "x▁█"


def test_no_numbers_give_no_line():
    assert sparkline([]) == ""


@pytest.mark.parametrize(
    ("encoding", "wanted"), [("cp1252", "#=_"), ("ascii", "#=_"), ("gbk", "█▅▁"), ("utf-8", "█▅▁")]
)
def test_where_the_bars_cannot_be_shown_others_stand_that_can(monkeypatch, encoding, wanted):
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert sparkline([3.0, 2.0, 1.0]) == wanted
    assert wanted.encode(encoding)
