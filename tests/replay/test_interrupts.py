"""An interrupt at any moment of a training leaves parameters and optimiser at one finished update."""

import random
from typing import Any

import pytest
from interrupts import interrupted_at, moments_in

import autograd as ag
import nn
from autograd import Value, record
from autograd.replay import native_training

BACKENDS = ["python", "numpy", "numba"]
X = [[0.1 * k, 1.0 - 0.2 * k] for k in range(10)]
Y = [float((-1) ** k) for k in range(10)]
EPOCHS = 3


def problem() -> tuple[list[Value], Any]:
    draw = random.Random(3)
    params = [Value(draw.gauss(0, 1)) for _ in range(5)]

    def loss(x: list[float], y: float) -> Value:
        h = ag.tanh(ag.dot(params[:2], x, params[2]))
        return (params[3] * h + params[4] - y) ** 2

    return params, loss


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("size", [10, 4])
def test_the_optimiser_has_made_as_many_updates_as_the_parameters(
    backend: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native_training, "PATIENCE", 0.0)  # the kernel comes back after each update
    monkeypatch.setattr(native_training, "FIRST", 1)
    params, loss = problem()
    fast = record(loss, params=params, backend=backend)
    fast.train(X, Y, optimizer=nn.Adam(params, lr=0.01), epochs=2)  # everything is compiled and compared
    adam, points = begin_again(params), [[p.data for p in params]]
    for _ in range(EPOCHS):
        for begin in range(0, len(X), size):
            some = slice(begin, begin + size)
            fast.train(X[some], Y[some], optimizer=adam)
            points.append([p.data for p in params])

    def train() -> None:
        fast.train(X, Y, optimizer=adam, batch_size=size, epochs=EPOCHS)

    for _ in range(3):  # the first times some things are prepared and kept
        adam = begin_again(params)
        count = moments_in(train)
    stopped = []
    for moment in range(0, count, 1 + count // 120):
        adam = begin_again(params)
        with pytest.raises(KeyboardInterrupt), interrupted_at(moment):
            train()
        made = int(adam.state.get(params[0], {}).get("step", 0))
        assert [p.data for p in params] == pytest.approx(points[made], rel=1e-9)
        stopped.append(made)
    assert stopped == sorted(stopped)
    assert len({*stopped}) >= 3


def begin_again(params: list[Value]) -> nn.Adam:
    for p, q in zip(params, problem()[0]):
        p.data = q.data
    return nn.Adam(params, lr=0.01)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_a_callback_does_to_the_parameters_stays_when_it_ends_the_training(backend: str) -> None:
    params, loss = problem()
    fast = record(loss, params=params, backend=backend)
    best = [p.data for p in params]

    def restore(epoch: int, _: float) -> bool:
        if epoch == 5:
            for p, x in zip(params, best):
                p.data = x
        return epoch == 5

    fast.train(X, Y, epochs=50, lr=0.1, callbacks=[restore])
    assert [p.data for p in params] == best


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_a_callback_changes_in_the_surroundings_counts_from_then_on(backend: str) -> None:
    results = []
    for replayed in (False, True):
        params, loss = problem()
        stage = {"weight": 1.0}

        def staged(x: list[float], y: float, loss: Any = loss, stage: Any = stage) -> Value:
            result: Value = loss(x, y) * stage["weight"]
            return result

        def next_stage(epoch: int, _: float, stage: Any = stage) -> None:
            stage["weight"] = 1.0 if epoch < 4 else 0.25

        if replayed:
            record(staged, params=params, backend=backend).train(
                X, Y, epochs=9, lr=0.1, callbacks=[next_stage]
            )
        else:
            for epoch in range(9):
                for p in params:
                    p.grad = 0.0
                for x, y in zip(X, Y):
                    staged(x, y).backward(1 / len(X))
                for p in params:
                    p.data -= 0.1 * p.grad
                next_stage(epoch, 0.0)
        results.append([p.data for p in params])
    assert results[0] == pytest.approx(results[1], rel=1e-10)
