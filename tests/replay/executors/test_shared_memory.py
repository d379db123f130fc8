"""Several programs on one memory: where each lies, and that each computes what it does alone."""

import random

import numpy as np
import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.executors.arranged_variant import arranged
from autograd.replay.executors.numba_executor import Programs, part_for
from autograd.replay.executors.shared_memory import (
    RECORD,
    SHORT,
    ProgramPart,
    lay_out,
    with_runs,
    with_starts,
)
from autograd.replay.kernels.records import Batches, Updates
from autograd.replay.ops import CODES
from autograd.replay.passes import codes
from autograd.replay.passes.codes import COLUMNS, INDEXED, LISTED, START, STARTS, A, B, C

FIELDS = codes.FIELDS


def variants():
    draw = random.Random(0)
    params = [Value(draw.gauss(0, 1)) for _ in range(5)]

    def loss(xs):
        hidden = [ag.tanh(x * params[0] + params[1]) for x in xs]
        return ag.logsumexp(hidden) + 0.5 * params[2] * ag.dot(hidden, hidden) + params[3] * params[4]

    fast = record(loss, params=params, backend="numba")
    columns = [[0.1], [0.2, 0.3], [1.0, -1.0, 0.5]]
    fast.train(columns, lr=0.0, batch_size=1)
    return params, loss, columns, [found[0] for found in fast.learned.variants.values()]


def test_programs_share_parameters_and_nothing_else():
    params, _, _, programs = variants()
    joined = lay_out(
        [ProgramPart(v, arranged(v, batched=False).tape, 0, v.given) for v in programs], len(params)
    )
    table = joined.table.reshape(-1, FIELDS)
    assert (table[:, codes.OWN] >= len(params)).all()
    assert (table[1:, codes.OWN] >= table[:-1, codes.EDGE]).all()
    assert (table[1:, codes.ROW_SHARED] == table[:-1, codes.ROW_END]).all()
    for row in table:
        inputs = joined.index[row[codes.INPUT] : row[codes.INPUT] + row[codes.INPUTS]]
        assert ((inputs >= row[codes.OWN]) & (inputs < row[codes.EDGE])).all()


@pytest.mark.parametrize("size", [1, 20])
def test_each_program_computes_beside_the_others_what_it_computes_alone(size):
    params, loss, columns, programs = variants()
    memory = Programs([part_for(v, size) for v in programs], len(params))
    memory.read()
    starts = np.array([0, 1, 3])
    samples = np.array([x for xs in columns for x in xs])
    for k in (2, 0, 1, 2):
        losses, sums = np.zeros(1), np.zeros(1)
        which = np.arange(3)
        one = which[k : k + 1]
        batches = Batches(samples, starts, which, one, losses=losses)
        status, *_ = memory.run(batches, Updates(codes.NONE, sums=sums))
        for p in params:
            p.grad = 0.0
        want = loss(columns[k])
        want.backward()
        assert status == codes.OK
        assert sums[0] == pytest.approx(want.data, rel=1e-12)
        assert memory.gradients[:5].tolist() == pytest.approx([p.grad for p in params], rel=1e-12)


def test_a_batch_of_several_programs_adds_their_gradients():
    params, loss, columns, programs = variants()
    memory = Programs([part_for(v, 1) for v in programs], len(params))
    memory.read()
    losses, sums, which = np.zeros(3), np.zeros(1), np.arange(3)
    samples = np.array([x for xs in columns for x in xs])
    batches = Batches(samples, np.array([0, 1, 3]), which, which, mean=True, losses=losses)
    memory.run(batches, Updates(codes.NONE, sums=sums))
    for p in params:
        p.grad = 0.0
    for xs in columns:
        loss(xs).backward(1 / 3)
    assert memory.gradients[:5].tolist() == pytest.approx([p.grad for p in params], rel=1e-12)
    assert losses.tolist() == pytest.approx([loss(xs).data for xs in columns], rel=1e-12)


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


def small(code, out, count, indexed=True, **columns):
    made = np.zeros(COLUMNS, np.int64)
    made[codes.CODE], made[codes.ROWS], made[codes.OUTER], made[codes.OUT] = code, count, 1, out
    made[[block + codes.START for block in (A, B, C)]] = 0, 0, codes.ABSENT
    made[A + codes.INDEXED] = indexed
    for name, number in columns.items():
        made[getattr(codes, name)] = number
    return made


def test_rows_that_follow_each_other_become_one_row_of_runs():
    rows = np.array(
        [
            small(codes.ADD, 10, 3),
            small(codes.TANH, 13, 2),
            small(codes.DOT, 15, 1),
            small(codes.MUL, 16, 40),
        ]
    )
    kept, index = with_runs(rows, np.arange(5, dtype=np.int32), 99)
    assert kept[:, codes.CODE].tolist() == [codes.RUNS, codes.DOT, codes.RUNS]
    assert kept[:, codes.ROWS].tolist() == [2, 1, 1]
    assert kept[[0, 2], A + codes.START].tolist() == [5, 5 + 2 * RECORD]
    assert kept[0, codes.ENTRIES] == 99
    assert index[:5].tolist() == [0, 1, 2, 3, 4]
    assert index[5:].reshape(-1, RECORD)[:, :3].tolist() == [
        [codes.ADD, 10, 3],
        [codes.TANH, 13, 2],
        [codes.MUL, 16, 40],
    ]


def test_long_regular_groups_and_those_of_three_operands_stay_rows():
    rows = np.array(
        [
            small(codes.ADD, 8, SHORT, indexed=False),
            small(CODES["where"], 40, 3),
            small(codes.ADD, 48, 3, LANES=1),
        ]
    )
    rows[1, C + codes.START] = 0
    kept, index = with_runs(rows, np.zeros(0, np.int32), 0)
    assert (kept == rows).all()
    assert len(index) == 0


def test_short_regular_groups_are_runs_too():
    kept, _ = with_runs(np.array([small(codes.ADD, 8, SHORT - 1, indexed=False)]), np.zeros(0, np.int32), 0)
    assert kept[0, codes.CODE] == codes.RUNS


def test_no_rows_are_no_runs():
    kept, index = with_runs(np.zeros((0, COLUMNS), np.int64), np.zeros(3, np.int32), 0)
    assert kept.shape == (0, COLUMNS)
    assert len(index) == 3
