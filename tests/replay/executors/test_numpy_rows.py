import numpy as np
import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.executors.arranged_variant import arranged
from autograd.replay.executors.numpy_rows import Row
from autograd.replay.executors.numpy_views import Store
from autograd.replay.passes import codes

DRAWN = np.random.default_rng(1).normal(size=(6, 2)).tolist()


def rows_of(loss, params, *sample):
    fast = record(loss, params=params, backend="numpy")
    fast(*sample)
    fast(*sample)
    tape = arranged(next(iter(fast.learned.variants.values()))[0], batched=True).tape
    store = Store(tape, 5)
    return store, [Row(store, tape, row) for row in tape.rows]


def test_a_layer_is_one_product_of_matrices():
    w = [Value(0.1 * k) for k in range(12)]

    def loss(x):
        h = [ag.dot(w[4 * k : 4 * k + 3], x, w[4 * k + 3]) for k in range(3)]
        return ag.sum([ag.tanh(one) for one in h])

    store, rows = rows_of(loss, w, [1.0, 2.0, 3.0])
    layer = rows[0]
    store.rows[:3] = np.arange(15).reshape(3, 5)
    layer.forward()
    matrix = np.array([p.data for p in w]).reshape(3, 4)
    assert layer.code == codes.DOT
    assert layer.y[0] == pytest.approx(matrix[:, :3] @ store.rows[:3] + matrix[:, 3:], rel=1e-13)
    layer.g[...] = 1.0
    shapes = [like for _, _, like in layer.flows]
    assert shapes == [(1, 3, 5), (1, 3, 3, 1)]  # of the biases a row of lanes, of the weights their sum


LOSSES = {
    "a matrix": lambda w, x: ag.sum([ag.tanh(ag.dot(w[2 * k : 2 * k + 2], x)) for k in range(3)]),
    "products of samples": lambda w, x: ag.dot([w[0] * x[0], w[1]], [x[1], w[2] * x[0]]),
    "weights used twice": lambda w, x: ag.dot(w[:2], x) * ag.tanh(ag.dot(w[:2], x[::-1])) + ag.dot(w, w),
    "a sum of both kinds": lambda w, x: ag.exp(ag.sum([w[0], x[0] * w[1], w[2], x[1] * x[0]])),
    "shares": lambda w, x: ag.logsumexp([w[k] * x[0] + w[k + 1] for k in range(4)]) * w[5],
    "a choice": lambda w, x: ag.pick([w[k] * x[0] for k in range(6)], 2) + ag.tanh(w[2] * x[1]),
    "every other": lambda w, x: ag.sum([w[k] * x[k % 2] * w[k - 2] for k in (0, 3, 5)]),
    "a number that stays": lambda w, x: ag.where(w[0] * x[0], w[1], x[1]) + ag.maximum(w[2], w[3] * x[1]),
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("lanes", [1, 2, 6])
def test_every_kind_of_row_sends_back_what_eager_does(name, lanes, monkeypatch):
    # so that a batch is several blocks
    monkeypatch.setattr("autograd.replay.executors.numpy_executor.CACHE", 1)
    monkeypatch.setattr("autograd.replay.executors.numpy_executor.LEAST", lanes)
    w = [Value(0.3 + 0.1 * k) for k in range(6)]

    def loss(x):
        return LOSSES[name](w, x)

    fast = record(loss, params=w, backend="numpy")
    for _ in range(3):
        for p in w:
            p.grad = 0.0
        got = fast.batch(DRAWN).data
    slopes = [p.grad for p in w]
    for p in w:
        p.grad = 0.0
    losses = [loss(x) for x in DRAWN]
    for one in losses:
        one.backward(1 / len(DRAWN))
    assert got == pytest.approx(sum(one.data for one in losses) / len(DRAWN), rel=1e-12)
    assert slopes == pytest.approx([p.grad for p in w], rel=1e-12)
