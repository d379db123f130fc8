import itertools

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.program import Program
from autograd.replay.ops import CODES, UnsupportedError
from autograd.replay.passes import codes
from autograd.replay.passes.codes import COLUMNS, A, B, C
from autograd.replay.passes.tape import FEW, begin_rows, make_tape


def tape_for(root, leaves, varying=(), first=()):
    program = Program.of(root, (), leaves)
    return make_tape(program, [False] * len(program.leaves), varying, range(len(leaves)), first)


def names(tape):
    known = {number: name for name, number in CODES.items()}
    return [known[int(code)] for code in tape.rows[:, codes.CODE]]


def test_outside_a_batch_a_short_sum_stays_additions_and_a_long_one_becomes_a_dot():
    w = [Value(0.1 * k) for k in range(2 * FEW + 2)]

    def chain(count):
        total = w[0] * w[1]
        for k in range(1, count):
            total = total + w[2 * k] * w[2 * k + 1]
        return ag.tanh(total)

    assert "dot" not in names(tape_for(chain(2), w))
    assert names(tape_for(chain(FEW + 1), w)) == ["dot", "tanh"]
    assert names(tape_for(chain(2), w, varying=[0])) == ["dot", "tanh"]


def test_a_sum_of_many_keeps_its_terms():
    w = [Value(0.1 * k) for k in range(20)]
    tape = tape_for(ag.sum([a + b for a, b in itertools.pairwise(w)]), w)
    assert names(tape) == ["add", "sum"]
    assert tape.rows[1, codes.ENTRIES] == 19


def test_what_depends_on_no_sample_comes_first():
    w, x = Value(2.0), Value(3.0)
    tape = tape_for(ag.sin(w * w) * x + ag.exp(x), [w, x], varying=[1], first=[0])
    assert tape.shared == 2
    assert names(tape)[:2] == ["mul", "sin"]
    assert (tape.rows[:, codes.LANES] != 0).tolist() == [False, False, True, True, True]


def test_lanes_widen_the_rows_of_samples_alone():
    w, x = Value(2.0), Value(3.0)
    tape = tape_for(ag.exp(w) * x, [w, x], varying=[1], first=[0])
    rows, _, clear = tape.for_lanes(16)
    assert rows[0, codes.OUT] == tape.rows[0, codes.OUT] < tape.edge
    assert rows[1, codes.OUT] == tape.edge + (tape.rows[1, codes.OUT] - tape.edge) * 16
    assert rows[1, A + codes.START] == tape.rows[1, A + codes.START]
    assert clear.tolist() == [tape.edge + (row - tape.edge) * 16 for row in tape.clear]


def test_memory_starts_with_parameters_and_holds_constants():
    w, x = Value(2.0), Value(3.0)
    program = Program.of(w * x * 0.25 + x, (), [w, x])
    tape = make_tape(program, [False, False, True], (), [0, 1], [1, 0])
    assert tape.start[:3].tolist() == [3.0, 2.0, 0.25]
    assert tape.place[:2].tolist() == [1, 0]


def test_the_index_begins_with_the_operands_of_numbers():
    w = [Value(0.1 * k) for k in range(12)]
    tape = tape_for(ag.sum([ag.sin(w[(5 * k) % 12] - w[(7 * k) % 11]) for k in range(9)]), w, first=range(12))
    out = int(tape.rows[0, codes.OUT])
    pairs = {(5 * k % 12, 7 * k % 11) for k in range(9) if 5 * k % 12 != 7 * k % 11}
    found = np.stack([tape.index[out : out + 9], tape.index[tape.second + out : tape.second + out + 9]], 1)
    assert pairs <= {tuple(pair) for pair in found.tolist()}


def test_an_op_without_a_code_is_named():
    with pytest.raises(UnsupportedError, match="gamma"):
        tape_for(ag.gamma(Value(2.5)), [])


def attention(dim, lengths):
    """Scores, softmax and mixed values of one head for some numbers of keys; a layer of weights on each."""
    q, k, v, out = (
        [[Value(0.1 * (row + s) - 0.03 * j * j) for j in range(dim)] for row in range(size)]
        for s, size in enumerate((len(lengths), max(lengths), max(lengths), dim))
    )
    results = []
    for row, length in zip([[ag.tanh(x) for x in xs] for xs in q], lengths):
        shares = ag.softmax([ag.dot(row, key) for key in k[:length]])
        mixed = [ag.dot(shares, [ag.exp(x[j]) for x in v[:length]]) for j in range(dim)]
        results += [ag.dot(weights, mixed) for weights in out]
    return ag.sum(results), [x for rows in (q, k, v, out) for row in rows for x in row]


def test_the_layer_behind_attention_is_a_matrix_product_even_where_a_length_is_the_heads_size():
    tape = tape_for(*attention(8, (6, 7, 8, 9)))
    products = [row for row in tape.rows if row[codes.ROWS] == 8 and row[codes.OUTER] == 4]
    last = [row for row in products if row[codes.CODE] == codes.DOT]
    assert len(last) == 1
    assert not last[0][A + codes.INDEXED]
    assert not last[0][B + codes.INDEXED]


def test_softmaxes_of_growing_length_read_their_scores_side_by_side():
    tape = tape_for(*attention(8, (5, 6, 7)))
    rows = [row for row in tape.rows if row[codes.CODE] == codes.LOGSUMEXP]
    assert rows
    assert not any(row[A + codes.INDEXED] for row in rows)


def test_no_gradient_is_computed_for_what_only_stopped_gradients_read():
    w = [Value(0.1 * k) for k in range(20)]
    tape = tape_for(ag.sum(ag.softmax(w)[:3]), w)
    wanted = [int(row[A + codes.WANTED]) for row in tape.rows if row[codes.CODE] == codes.LOGSUMEXP]
    assert wanted == [1, 0]  # the total; what its rounding dropped


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
