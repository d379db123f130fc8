"""Lists are compared by the objects that they hold, and no other object passes for one of these."""

import sys

import pytest

from autograd.replay import pointers
from autograd.replay.capture import snapshot
from autograd.replay.capture.snapshot import Snapshot

ROWS, WIDTH = 50, 60


@pytest.fixture(params=["loop", "Python's walk"])
def picture(request, monkeypatch):
    """Give a snapshot of rows of floats, and the rows; compared by the compiled loop, or in Python."""
    if request.param != "loop":
        monkeypatch.setattr(pointers, "layout_is_known", lambda: False)
    rows = [[0.0, 1.0, *(float(i * WIDTH + j) for j in range(WIDTH - 2))] for i in range(ROWS)]
    made = Snapshot()
    made.containers += [(row, row.copy()) for row in [rows, *rows]]
    assert made.changed() == ""
    assert (made._lists._pointers is not None) == (request.param == "loop")
    return made, rows


def test_this_python_keeps_lists_as_the_loop_reads_them():
    assert pointers.layout_is_known() or sys.implementation.name != "cpython"


@pytest.mark.parametrize(("place", "new"), [(0, -0.0), (1, True), (1, 1), (5, 2.5), (WIDTH - 1, None)])
def test_another_object_is_a_change_unless_it_is_the_same_number(picture, place, new):
    made, rows = picture
    old = rows[ROWS // 2][place]
    rows[ROWS // 2][place] = new
    assert made.changed()
    assert made.changed()
    rows[ROWS // 2][place] = old
    assert made.changed() == ""


def test_another_float_of_the_same_number_is_no_change_and_is_what_counts_from_then_on(picture):
    made, rows = picture
    rows[3][7] = float(repr(rows[3][7]))
    rows[ROWS - 1][9] = float(repr(rows[ROWS - 1][9]))
    assert made.changed() == ""
    assert made.changed() == ""
    rows[3][7] += 1.0
    assert made.changed()


@pytest.mark.parametrize(
    "edit", [lambda row: row.append(1.0), lambda row: row.pop(), lambda row: row.clear()]
)
def test_a_list_of_another_length_is_a_change(picture, edit):
    made, rows = picture
    edit(rows[ROWS - 1])
    assert made.changed()


def test_a_row_in_the_place_of_an_equal_row_is_a_change(picture):
    made, rows = picture
    rows[4] = rows[4].copy()
    assert made.changed()


def test_few_objects_are_compared_without_the_loop():
    made, few = Snapshot(), [1.0, 2.0]
    made.containers.append((few, few.copy()))
    assert made.changed() == ""
    assert made._lists._pointers is None
    few[0] = 3.0
    assert made.changed()


def test_a_container_found_later_is_compared_too(picture):
    made, _ = picture
    late = [1.0] * snapshot.MANY
    made.containers.append((late, late.copy()))
    assert made.changed() == ""
    late[-1] = 2.0
    assert made.changed()
