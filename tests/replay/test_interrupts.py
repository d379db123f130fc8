"""An interrupt at any moment of a training leaves parameters and optimiser at one finished update."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import autograd as ag
import nn
from autograd import Value, record

BACKENDS = ["python", "numpy", "numba"]
X = [[0.1 * k, 1.0 - 0.2 * k] for k in range(10)]
Y = [float((-1) ** k) for k in range(10)]
EPOCHS = {"python": 60, "numpy": 300, "numba": 40_000}


def problem() -> tuple[list[Value], Any]:
    draw = random.Random(3)
    params = [Value(draw.gauss(0, 1)) for _ in range(5)]

    def loss(x: list[float], y: float) -> Value:
        h = ag.tanh(ag.dot(params[:2], x, params[2]))
        return (params[3] * h + params[4] - y) ** 2

    return params, loss


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def trajectory(backend: str, size: int, epochs: int) -> list[list[float]]:
    """The parameters after each update of an undisturbed training."""
    params, loss = problem()
    fast, adam = record(loss, params=params, backend=backend), nn.Adam(params, lr=0.01)
    points = [[p.data for p in params]]
    order = range(len(X))
    for _ in range(epochs):
        for begin in range(0, len(X), size):
            some = order[begin : begin + size]
            fast.train([X[i] for i in some], [Y[i] for i in some], optimizer=adam)
            points.append([p.data for p in params])
    return points


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("size", [10, 4])
def test_the_optimiser_has_made_as_many_updates_as_the_parameters(backend: str, size: int) -> None:
    params, loss = problem()
    fast = record(loss, params=params, backend=backend)
    fast.train(X, Y, optimizer=nn.Adam(params, lr=0.01), epochs=2)  # everything is compiled
    start = [Value(p.data) for p in problem()[0]]
    points = trajectory(backend, size, EPOCHS["python"])
    stopped = 0
    for k in range(12):
        for p, q in zip(params, start):
            p.data = q.data
        adam = nn.Adam(params, lr=0.01)
        try:
            with interrupted_after(0.0015 * (k + 1)):
                fast.train(X, Y, optimizer=adam, batch_size=size, epochs=EPOCHS[backend])
        except KeyboardInterrupt:
            stopped += 1
        made = int(adam.state.get(params[0], {}).get("step", 0))
        if made < len(points):
            assert [p.data for p in params] == pytest.approx(points[made], rel=1e-9)
        else:  # too far to be followed one by one: the same number of updates at once
            again, other = problem()
            whole, rest = divmod(made, -(-len(X) // size))
            optimizer = nn.Adam(again, lr=0.01)
            follow = record(other, params=again, backend=backend)
            follow.train(X, Y, optimizer=optimizer, batch_size=size, epochs=whole)
            for begin in range(0, rest * size, size):
                follow.train(X[begin : begin + size], Y[begin : begin + size], optimizer=optimizer)
            assert [p.data for p in params] == pytest.approx([p.data for p in again], rel=1e-9)
    assert stopped >= 3


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
