import pytest

from autograd import Value
from autograd.replay.groups import groups_of

np = pytest.importorskip("numpy")


def test_samples_alike_are_one_group_whatever_holds_them():
    rows = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    for column in (rows, [tuple(row) for row in rows], np.array(rows)):
        (group,) = groups_of([column, [0.5, 0.25, 0.125]])
        assert group.positions == [0, 1, 2]
        assert group.matrix.tolist() == [1.0, 2.0, 0.5, 3.0, 4.0, 0.25, 5.0, 6.0, 0.125]


def test_lists_of_other_lengths_are_groups_of_their_own():
    short, long = groups_of([[[1.0], [1.0, 2.0], [3.0]]])
    assert (short.positions, short.matrix.tolist()) == ([0, 2], [1.0, 3.0])
    assert (long.positions, long.matrix.tolist()) == ([1], [1.0, 2.0])


def test_whole_numbers_and_floats_are_different_kinds():
    assert len(groups_of([[1, 2.0]])) == 2


def test_integers_beyond_the_floats_are_part_of_the_kind():
    assert len(groups_of([[1, 2**60, 2**60 + 1]])) == 3


def test_values_in_a_column_are_refused():
    with pytest.raises(ValueError, match="Values among them cannot vary by sample"):
        groups_of([[Value(1.0), Value(2.0)]])
