"""Training on samples of several kinds: each its own program, all on one memory."""

import random

import pytest

import autograd as ag
import nn
from autograd import Value, record
from autograd.replay.executors.numba_executor import Programs
from autograd.replay.passes import codes

TEXTS = [[1, 0, 2], [2, 1], [0, 3, 1, 2, 0], [3], [1, 1, 0], [2, 3], [0, 1, 2, 3], [3, 0, 1], [2]]


def reader(seed=3, branch=False):
    """A small network that reads lists of any length: a table of vectors, a sum, a softmax."""
    draw = random.Random(seed)
    table = [[Value(draw.gauss(0, 1)) for _ in range(3)] for _ in range(4)]
    out = [[Value(draw.gauss(0, 1)) for _ in range(3)] for _ in range(4)]

    def loss(tokens):
        total = 0.0
        for now, following in zip(tokens, [*tokens[1:], tokens[0]]):
            vector = [ag.tanh(ag.pick([row[k] for row in table], now)) for k in range(3)]
            scores = [ag.dot(row, vector) for row in out]
            total = total + ag.logsumexp(scores) - ag.pick(scores, following)
        if branch and total > 4.0:
            total = total * 0.5
        return total / len(tokens)

    return [p for row in (*table, *out) for p in row], loss


def by_hand(params, loss, optimizer, texts, epochs, size):
    history = []
    for _ in range(epochs):
        total = 0.0
        for begin in range(0, len(texts), size):
            chosen = texts[begin : begin + size]
            for p in params:
                p.grad = 0.0
            for text in chosen:
                one = loss(text)
                one.backward(1 / len(chosen))
                total += one.data
            optimizer.step()
        history.append(total / len(texts))
    return history


MAKE = [
    lambda params: nn.SGD(params, lr=0.1, momentum=0.9, weight_decay=0.01),
    lambda params: nn.Adam(params, lr=0.02),
]


@pytest.mark.parametrize("size", [1, 2, 4, 9])
@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("make", MAKE)
@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_training_on_mixed_lengths_is_eager_training_step_by_step(backend, make, branch, size):
    plain, loss = reader(branch=branch)
    want = by_hand(plain, loss, make(plain), TEXTS, 4, size)
    params, loss = reader(branch=branch)
    fast = record(loss, params=params, backend=backend)
    got = fast.train(TEXTS, epochs=4, batch_size=size, optimizer=make(params))
    assert got == pytest.approx(want, rel=1e-12)
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-12, abs=1e-14)


def test_many_samples_of_each_length_are_trained_in_lanes():
    texts = [text for text in TEXTS for _ in range(7)]
    plain, loss = reader()
    want = by_hand(plain, loss, nn.Adam(plain, lr=0.02), texts, 2, len(texts))
    params, loss = reader()
    fast = record(loss, params=params, backend="numba")
    assert fast.train(texts, epochs=2, optimizer=nn.Adam(params, lr=0.02)) == pytest.approx(want, rel=1e-12)
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-12, abs=1e-14)


def test_an_interrupt_between_lengths_leaves_the_last_finished_update(monkeypatch):
    plain, loss = reader()
    by_hand(plain, loss, nn.SGD(plain, lr=0.1), TEXTS[:4], 1, 1)
    params, loss = reader()
    fast = record(loss, params=params, backend="numba")
    start = [p.data for p in params]
    fast.train(TEXTS, epochs=1, lr=0.1, batch_size=1)
    for p, x in zip(params, start):
        p.data = x
    run, calls = Programs.run, []

    def interrupted(self, batches, updates):
        calls.append(updates.limit)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return run(self, batches, updates._replace(limit=4))

    monkeypatch.setattr(Programs, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fast.train(TEXTS, epochs=1, lr=0.1, batch_size=1)
    assert len(calls) == 2
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-12)


def test_a_nan_in_the_third_length_is_named_and_nothing_after_the_second_update_is_done():
    def make():
        w = [Value(1.5), Value(-0.5)]
        return w, lambda xs: ag.sum([ag.log(x * w[0] + w[1] * w[1]) for x in xs]) * w[1]

    columns = [[1.0], [1.0, 2.0], [3.0, -4.0, 1.0], [2.0, 2.0]]
    plain, loss = make()
    by_hand(plain, loss, nn.SGD(plain, lr=0.01), columns[:2], 1, 1)
    params, loss = make()
    fast = record(loss, params=params, backend="numba")
    with pytest.raises(ArithmeticError, match=r"before update 2: .* sample 2"):
        fast.train(columns, lr=0.01, batch_size=1)
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-12)


def test_a_guard_that_fails_in_the_middle_records_another_program_and_goes_on():
    def make():
        w = [Value(0.4), Value(0.3)]

        def loss(xs):
            score = ag.sum([x * w[0] for x in xs]) + w[1]
            return score * score if score > 1.0 else ag.exp(score)

        return w, loss

    columns = [[0.1], [0.5, 0.4], [1.0], [0.2, 3.0], [2.5], [1.0, 1.0], [4.0], [-1.0, 6.0]]
    plain, loss = make()
    want = by_hand(plain, loss, nn.SGD(plain, lr=0.02), columns, 5, 1)
    params, loss = make()
    fast = record(loss, params=params, backend="numba")
    got = fast.train(columns, epochs=5, lr=0.02, batch_size=1)
    assert got == pytest.approx(want, rel=1e-12)
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-12)
    assert sum(map(len, fast.learned.variants.values())) == 3


def test_mixed_lengths_stay_in_the_kernel(monkeypatch):
    params, loss = reader()
    fast = record(loss, params=params, backend="numba")
    fast.train(TEXTS, epochs=1, lr=0.01, batch_size=1)
    run, made = Programs.run, []

    def counted(self, *args, **named):
        found = run(self, *args, **named)
        made.append(found)
        return found

    monkeypatch.setattr(Programs, "run", counted)
    fast.train(TEXTS, epochs=20, lr=0.01, batch_size=1)
    assert sum(updates for _, _, updates in made) == 20 * len(TEXTS)
    assert {status for status, _, _ in made} == {codes.OK}


def test_samples_that_change_sides_move_to_their_program(monkeypatch):
    draw = random.Random(0)
    X = [[draw.gauss(0, 1), draw.gauss(0, 1)] for _ in range(40)]

    def make():
        w = [Value(0.7), Value(-0.2), Value(0.1)]

        def loss(x):
            score = w[0] * x[0] + w[1] * x[1] + w[2]
            return score * score if score > 0 else score * -0.3

        return w, loss

    plain, loss = make()
    want = by_hand(plain, loss, nn.SGD(plain, lr=0.05), X, 6, 20)
    params, loss = make()
    fast = record(loss, params=params, backend="numba")
    assert fast.train(X, epochs=6, lr=0.05, batch_size=20) == pytest.approx(want, rel=1e-12)
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-12)
