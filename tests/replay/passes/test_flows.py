import numpy as np

from autograd.replay.ops import CODES
from autograd.replay.passes import codes
from autograd.replay.passes.codes import COLUMNS, A, B, C
from autograd.replay.passes.flows import begin_rows

EDGE = 8


def row(code, out, count, **wanted):
    made = np.zeros(COLUMNS, np.int64)
    made[[codes.CODE, codes.LANES, codes.ROWS, codes.OUTER, codes.ENTRIES]] = code, 1, count, 1, 1
    made[codes.OUT] = out
    made[[block + codes.START for block in (A, B, C)]] = codes.ABSENT
    for block in wanted.values():
        made[block + codes.WANTED] = 1
    return made


def test_the_first_flow_to_rows_is_stored_and_nothing_but_the_root_is_cleared():
    rows = np.array([row(CODES["exp"], 12, 4, a=A), row(codes.SUM, 16, 1, a=A)])
    targets = [[(A, np.arange(8, 12))], [(A, np.arange(12, 16))]]
    assert begin_rows(rows, targets, 17, EDGE, 16).tolist() == [16, 17]
    assert rows[:, A + codes.WANTED].tolist() == [codes.FRESH, codes.FRESH]


def test_a_second_flow_to_the_same_rows_is_added():
    rows = np.array(
        [row(CODES["exp"], 10, 1, a=A), row(CODES["tanh"], 11, 1, a=A), row(CODES["add"], 12, 1, a=A, b=B)]
    )
    targets = [
        [(A, np.array([8]))],
        [(A, np.array([8]))],
        [(A, np.array([10])), (B, np.array([11]))],
    ]
    begin_rows(rows, targets, 13, EDGE, 12)
    assert rows[:, A + codes.WANTED].tolist() == [1, codes.FRESH, codes.FRESH]


def test_rows_that_one_group_meets_twice_are_cleared():
    rows = np.array([row(CODES["mul"], 10, 2, a=A)])
    targets = [[(A, np.array([8, 8]))]]
    assert begin_rows(rows, targets, 12, EDGE, 10).tolist() == [8, 9, 10, 12]
    assert rows[0, A + codes.WANTED] == 1


def test_parameters_are_no_rows_of_samples():
    rows = np.array([row(CODES["mul"], 10, 2, a=A, b=B)])
    targets = [[(A, np.array([0, 1])), (B, np.array([8, 9]))]]
    begin_rows(rows, targets, 12, EDGE, 10)
    assert rows[0, [A + codes.WANTED, B + codes.WANTED]].tolist() == [1, codes.FRESH]


def test_numbers_shared_by_all_samples_are_left_alone():
    rows = np.array([row(CODES["exp"], 2, 1, a=A)])
    rows[0, codes.LANES] = 0
    assert len(begin_rows(rows, [[]], 8, EDGE, -1)) == 0
    assert rows[0, A + codes.WANTED] == 1
