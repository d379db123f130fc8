import itertools

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.program import Program
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A
from autograd.replay.passes.expansions import UnsupportedError
from autograd.replay.passes.tape import FEW, make_tape


def tape_for(root, leaves, varying=(), first=()):
    program = Program.of(root, (), leaves)
    return make_tape(program, [False] * len(program.leaves), varying, range(len(leaves)), first)


def names(tape):
    known = {number: name for name, number in codes.NAMES.items()}
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
