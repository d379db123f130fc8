import random

import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.executors import small


def too_long(*_):
    """In place of the executor of tiny programs, which would take these away from the kernels."""
    raise ValueError


def relu_of_each(w):
    return [(a - 0.1).relu() for a in w]


def products_of_neighbours(w):
    return [a * b for a, b in zip(w, [*w[1:], w[0]])]


def squares_by_mul(w):
    return [a * a for a in w]


def scaled_by_one_number(w):
    return [a * w[0] for a in w]


def sums_of_pairs_far_apart(w):
    return [a + b for a, b in zip(w, reversed(w))]


@pytest.mark.parametrize("size", [3, 8, 13, 64])
@pytest.mark.parametrize(
    "layer",
    [relu_of_each, products_of_neighbours, squares_by_mul, scaled_by_one_number, sums_of_pairs_far_apart],
)
def test_a_row_of_any_length_gives_eager_numbers_and_gradients(layer, size, monkeypatch):
    monkeypatch.setattr(small, "Small", too_long)
    draw = random.Random(size)
    w = [Value(draw.uniform(-1, 1)) for _ in range(size)]
    v = [draw.uniform(-1, 1) for _ in range(size)]

    def loss():  # tanh keeps a layer apart from what reads it; two layers, so that gradients are no constants
        return ag.sum([c * ag.tanh(y) for c, y in zip(v, layer([ag.tanh(x) for x in layer(w)]))])

    truth = loss()
    truth.backward()
    gradients = [p.grad for p in w]
    fast = record(loss, params=w, backend="numba", audit=False)
    for _ in range(4):
        for p in w:
            p.grad = 0.0
        value = fast().data
    assert fast.replays > 0
    assert value == pytest.approx(truth.data, rel=1e-12)
    assert [p.grad for p in w] == pytest.approx(gradients, rel=1e-12, abs=1e-15)
