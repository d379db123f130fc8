from array import array as python_array

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value
from autograd.replay.groups import Columns, groups_of


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


def test_a_list_that_is_two_arguments_at_once_gives_its_inputs_once():
    X = [[0.5, 0.25], [1.0, 2.0], [3.0, -4.0]]
    (group,) = groups_of([X, X])
    assert group.matrix.tolist() == [0.5, 0.25, 1.0, 2.0, 3.0, -4.0]
    assert [g.positions for g in groups_of([X, [[0.5, 0.25], X[1], [3.0, -4.0]]])] == [[0, 2], [1]]


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_an_autoencoder_learns_its_own_inputs_as_eager_training_does(backend, size):
    X = [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6], [0.7, 0.1]]
    found = []
    for fast in (True, False):
        w = [Value(0.3 * i - 0.5) for i in range(4)]

        def loss(x, y, w=w):
            code = ag.tanh(w[0] * x[0] + w[1] * x[1])
            return (w[2] * code - y[0]) ** 2 + (w[3] * code - y[1]) ** 2

        optimizer = nn.SGD(w, lr=0.1)
        if fast:
            f = ag.record(loss, params=w, backend=backend)
            f.train(X, X, epochs=3, optimizer=optimizer, batch_size=size, shuffle=False)
            assert f.batch(X, X).data == pytest.approx(sum(loss(x, x).data for x in X) / 4)
        else:
            for first in [*range(0, 4, size)] * 3:
                optimizer.zero_grad()
                (ag.sum([loss(x, x) for x in X[first : first + size]]) / size).backward()
                optimizer.step()
        found.append([p.data for p in w])
    assert found[0] == pytest.approx(found[1], rel=1e-12)


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize("make", [list, np.array, lambda x: {0: x[0], 1: x[1]}])
def test_one_list_as_two_arguments_keeps_what_comes_behind_it_in_its_place(backend, make, recwarn):
    w = Value(2.0)
    f = ag.record(lambda x, y, z: w * x[0] * y[1] + z, params=[w], backend=backend)
    for k in range(6):
        x = make([1.0 + k, 2.0 + k])
        assert f(x, x, 10.0 * k).data == 2.0 * (1 + k) * (2 + k) + 10.0 * k
    assert not recwarn.list  # it is replayed


@pytest.mark.parametrize("kind", [float, "f4", int, bool])
def test_an_edit_of_an_array_is_seen_bit_by_bit_and_what_does_not_tell_counts_as_edited(kind):
    whole = np.zeros((3, 4), kind)
    for array, edit in (
        (whole, lambda x: x.__setitem__((2, 1), 1)),
        (whole.T, lambda x: x.__setitem__((0, 0), 1)),
        (np.zeros(4, kind), lambda x: setattr(x, "shape", (2, 2))),
        (np.zeros(4, kind), lambda x: x.__setitem__(0, -0.0 if x.dtype.kind == "f" else 1)),
    ):
        columns = Columns([array])
        assert not columns.changed()
        edit(array)
        assert columns.changed()
    assert Columns([python_array("d", [1.0])]).changed()
