"""Several threads at once: on two compiled functions, on one, calling while another trains."""

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest

import autograd as ag
from autograd import Value, record

BACKENDS = ["python", "numpy", "numba"]


def problem(seed: int) -> tuple[list[Value], Callable[[float], Any]]:
    draw = random.Random(seed)
    params = [Value(draw.gauss(0, 1)) for _ in range(4)]

    def loss(x: float) -> Any:
        h = ag.tanh(params[0] * x + params[1])
        return (params[2] * h + params[3]) ** 2 if h > 0.1 else params[2] * h

    return params, loss


def at_once(*jobs: Callable[[], Any]) -> None:
    """Run jobs in threads that start together; an error in one is an error here."""
    barrier, errors = threading.Barrier(len(jobs)), []

    def work(job: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def eager(
    params: list[Value], loss: Callable[[float], Any], xs: list[float]
) -> tuple[list[float], list[float]]:
    """The losses, and the sum of the gradients."""
    for p in params:
        p.grad = 0.0
    losses = []
    for x in xs:
        result = loss(x)
        result.backward()
        losses.append(result.data)
    grads = [p.grad for p in params]
    for p in params:
        p.grad = 0.0
    return losses, grads


XS = [0.1 * k - 1.5 for k in range(30)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_functions_record_and_replay_at_once(backend: str) -> None:
    problems = [problem(seed) for seed in (0, 1, 2)]
    wanted = [eager(params, loss, XS) for params, loss in problems]
    found: list[list[float]] = [[] for _ in problems]

    def job(k: int) -> Callable[[], None]:
        params, loss = problems[k]
        fast = record(loss, params=params, backend=backend)
        return lambda: found[k].extend(fast(x).data for x in XS)

    at_once(*map(job, range(3)))
    for (params, _), (losses, grads), have in zip(problems, wanted, found):
        assert have == pytest.approx(losses, rel=1e-12)
        assert [p.grad for p in params] == pytest.approx(grads, rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_one_function_from_four_threads(backend: str) -> None:
    params, loss = problem(0)
    losses, grads = eager(params, loss, XS)
    fast = record(loss, params=params, backend=backend)
    found: dict[int, list[float]] = {}

    def job(k: int) -> Callable[[], None]:
        return lambda: found.update({k: [fast(x).data for x in XS]})

    at_once(*map(job, range(4)))
    assert len(found) == 4
    for have in found.values():
        assert have == pytest.approx(losses, rel=1e-12)
    assert [p.grad for p in params] == pytest.approx([4 * g for g in grads], rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_calls_while_another_thread_trains_see_finished_trainings(backend: str) -> None:
    params, loss = problem(0)
    fast = record(loss, params=params, backend=backend)
    fast.train(XS, epochs=1, lr=0.01)
    start = [p.data for p in params]
    follow, other = problem(0)
    for p, x in zip(follow, start):
        p.data = x
    again = record(other, params=follow, backend=backend)
    points = [other(0.5).data]
    for _ in range(12):
        again.train(XS, epochs=3, lr=0.01)
        points.append(other(0.5).data)
    seen: list[float] = []

    def train() -> None:
        for _ in range(12):
            fast.train(XS, epochs=3, lr=0.01)

    at_once(train, lambda: seen.extend(fast.value(0.5).data for _ in range(60)))
    assert [p.data for p in params] == pytest.approx([p.data for p in follow], rel=1e-12)
    for x in seen:
        assert any(abs(x - y) <= 1e-11 * abs(y) for y in points)


def test_eager_code_beside_a_recording_is_not_recorded() -> None:
    w, go, done = Value(2.0), threading.Event(), threading.Event()

    def waiting(x: float) -> Any:
        go.set()
        done.wait()
        return w * x if w > 0 else w

    def beside() -> None:
        go.wait()
        try:
            v = Value(3.0)
            y = v * v + 1
            assert type(y.data) is float
            assert y.data == 10.0
            y.backward()
            assert v.grad == 6.0
        finally:
            done.set()

    fast = record(waiting, params=[w], backend="python")
    at_once(lambda: fast(1.0), beside)
    assert w.grad == 1.0


def test_two_functions_that_call_each_other_do_not_wait_for_each_other() -> None:
    w = Value(2.0)

    def down(x: float, n: int) -> Any:
        return w * x if n == 0 else second(x, n - 1) * w

    def up(x: float, n: int) -> Any:
        return w + x if n == 0 else first(x, n - 1) * w

    first, second = (record(f, params=[w], backend="python") for f in (down, up))
    found: dict[str, list[float]] = {}
    at_once(
        lambda: found.update(first=[first(x, 3).data for x in XS]),
        lambda: found.update(second=[second(x, 3).data for x in XS]),
    )
    assert found == {"first": [8 * (2 + x) for x in XS], "second": pytest.approx([8 * 2 * x for x in XS])}
