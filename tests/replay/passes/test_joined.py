"""Several programs on one memory: where each lies, and that each computes what it does alone."""

import random

import numpy as np
import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.executors.numba_executor import Programs, part_for
from autograd.replay.passes import codes
from autograd.replay.passes.joined import Joined, Part
from autograd.replay.passes.tape import tape_of

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
    joined = Joined([Part(v, tape_of(v, batched=False), 0, v.given) for v in programs], len(params))
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
        status, *_ = memory.run(samples, starts, which, one, codes.NONE, losses=losses, sums=sums)
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
    memory.run(
        samples, np.array([0, 1, 3]), which, which, codes.NONE, mean=True, losses=losses, sums=sums
    )
    for p in params:
        p.grad = 0.0
    for xs in columns:
        loss(xs).backward(1 / 3)
    assert memory.gradients[:5].tolist() == pytest.approx([p.grad for p in params], rel=1e-12)
    assert losses.tolist() == pytest.approx([loss(xs).data for xs in columns], rel=1e-12)
