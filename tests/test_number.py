"""What a number, an index and a list are, for everything that comes in from outside."""

from collections import deque
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value
from autograd.number import (
    depth_of,
    entries,
    is_array,
    is_index,
    is_list,
    is_number,
    listed,
    map_nested,
    number_of,
    shape_of,
    to_float,
    to_list,
)  # fmt: skip


@pytest.mark.parametrize(
    "x",
    [2, 2.0, True, Fraction(4, 2), Decimal(2), np.float64(2), np.float32(2), np.int8(2), np.array(2.0)],
    ids=lambda x: type(x).__name__,
)
def test_everything_that_floats_is_a_number(x):
    assert is_number(x)
    assert type(to_float(x)) is float


@pytest.mark.parametrize(
    "x", ["2", b"2", None, 2j, [2], np.array([2.0]), np.array("2"), Value(2.0)], ids=repr
)
def test_text_lists_arrays_and_values_are_no_numbers(x):
    assert not is_number(x)
    with pytest.raises(TypeError, match="Value"):
        to_float(x)


def test_a_number_too_large_for_a_float_is_infinite():
    assert to_float(10**400) == float("inf")
    assert to_float(-(10**400)) == -float("inf")


def test_the_number_behind_a_value_is_its_data_and_numpy_scalars_stay_themselves():
    one = np.int64(1)
    assert number_of(Value(2.0)) == 2.0
    assert number_of(one) is one
    assert number_of("1") == "1"


@pytest.mark.parametrize("x", [3, np.int64(3), np.uint8(3), np.array(3)], ids=lambda x: type(x).__name__)
def test_whole_numbers_are_indices(x):
    assert is_index(x)


@pytest.mark.parametrize(
    "x",
    [True, np.bool_(True), "3", None, [3], np.array([3, 4]), np.array([3]), Value(3.0), 1.0, np.float64(3)],
    ids=repr,
)
def test_true_one_point_zero_and_lists_are_no_indices(x):
    assert not is_index(x)


def test_lists_are_what_holds_entries_in_order():
    for x in ([], (1,), range(2), np.zeros(2), np.zeros((2, 2))):
        assert is_list(x)
    for x in (1.0, "ab", b"ab", {1: 2}, {1}, np.float64(1), np.array(1.0), Value(1.0), None):
        assert not is_list(x)


class Table:
    """What pandas and polars have: iterating gives the columns, `to_numpy` the rows."""

    def to_numpy(self):
        return np.array([[1.0, 3.0], [2.0, 4.0]])

    def __iter__(self):
        return iter("ab")


def test_arrays_and_tables_become_lists_of_python_numbers():
    assert to_list(Table()) == listed(Table()) == [[1.0, 3.0], [2.0, 4.0]]
    assert type(to_list(np.float32([1.0]))[0]) is float
    assert to_list(x for x in (1, 2)) == [1, 2]
    assert listed((1, 2)) == (1, 2)
    assert listed(range(2)) == listed(deque([0, 1])) == [0, 1]
    assert listed({0: 1.0}) == {0: 1.0}
    assert is_array(np.zeros(1))
    assert not is_array(np.float64(1))


def test_entries_go_through_lists_and_arrays_alike():
    assert list(entries([[1, 2], [3]])) == [((0, 0), 1), ((0, 1), 2), ((1, 0), 3)]
    assert list(entries(np.array([[1, 2]]))) == [((0, 0), 1), ((0, 1), 2)]
    assert map_nested(float, np.array([[1, 2]])) == [[1.0, 2.0]]
    assert depth_of(np.zeros((2, 2))) == 2


def test_shapes_of_numbers_lists_and_ragged_lists():
    assert shape_of(1.0) == ()
    assert shape_of([[1, 2, 3]]) == (1, 3)
    assert shape_of([[1], [2, 3]]) == "[(1,), (2,)]"
    assert shape_of([]) == (0,)
    assert shape_of([range(3), range(3)]) == (2, 3)
