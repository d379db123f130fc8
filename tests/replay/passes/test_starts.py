"""Lists that step evenly become starts; what does not, stays a list."""

import numpy as np

from autograd.replay.passes import codes
from autograd.replay.passes.codes import INDEXED, LISTED, START, STARTS, A, B
from autograd.replay.passes.starts import with_starts


def row(code=codes.DOT, lanes=0):
    found = np.zeros((1, codes.COLUMNS), np.int64)
    found[0, [codes.CODE, codes.LANES, codes.ROWS, codes.OUTER, codes.ENTRIES]] = code, lanes, 2, 1, 3
    found[0, [A + INDEXED, B + INDEXED, B + START]] = LISTED, LISTED, 6
    return found


EVEN, UNEVEN = [5, 7, 9, 20, 22, 24], [1, 2, 3, 4, 5, 7]


def test_even_steps_become_starts_and_uneven_ones_stay():
    rows = row()
    index = with_starts(rows, np.array([*EVEN, *UNEVEN], np.int32))
    assert (rows[0, A + INDEXED], rows[0, A + codes.J]) == (STARTS, 2)
    assert index[rows[0, A + START] :].tolist() == [5, 20]
    assert (rows[0, B + INDEXED], rows[0, B + START]) == (LISTED, 6)
    assert index.dtype == np.int32


def test_rows_of_samples_and_of_picks_keep_their_lists():
    for rows in (row(lanes=1), row(codes.PICK)):
        before = rows.copy()
        assert len(with_starts(rows, np.array([*EVEN, *EVEN], np.int32))) == 12
        assert (rows == before).all()
