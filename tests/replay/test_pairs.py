import statistics

import pytest

import autograd as ag
from autograd import Value, record

BACKENDS = ["python", "numpy", "numba"]


def line(w, b):
    def loss(x, y):
        p = w * x + b
        return (p - y) ** 2 if x < 2.5 else (p - y) * (p - y), {"said": p.data, "both": [p, x]}

    return loss


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_else_the_function_returns_comes_along_with_each_call(backend):
    w, b = Value(2.0), Value(0.5)
    fast = record(line(w, b), params=[w, b], backend=backend, has_aux=True)
    for x in (1.0, 2.0, 1.5, 0.5, 0.25):
        w.grad = 0.0
        loss, aux = fast(x, 3.0)
        assert loss.data == pytest.approx((2 * x + 0.5 - 3) ** 2, rel=1e-12)
        assert w.grad == pytest.approx(2 * x * (2 * x + 0.5 - 3), rel=1e-12)
        assert aux["said"] == pytest.approx(2 * x + 0.5, rel=1e-12)
        assert aux["both"][0].data == aux["said"]
        assert aux["both"][1] == x
    assert fast.replays >= 1


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_batch_gives_the_loss_and_what_came_along_with_each_sample(backend):
    w, b = Value(2.0), Value(0.5)
    fast = record(line(w, b), params=[w, b], backend=backend, has_aux=True)
    X = [0.5 * k for k in range(11)]
    for _ in range(2):
        loss, aux = fast.batch(X, X)
        assert loss.data == pytest.approx(statistics.mean([(x + 0.5) ** 2 for x in X]), rel=1e-12)
        assert [a["said"] for a in aux] == pytest.approx([2 * x + 0.5 for x in X], rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("size", [1, 3, 11])
def test_training_tells_callbacks_what_came_along_before_each_update(backend, size):
    X = [0.5 * k for k in range(11)]
    w, b = Value(0.0), Value(0.0)
    seen: list[list[float]] = []
    fast = record(line(w, b), params=[w, b], backend=backend, has_aux=True)
    fast.train(
        X, X, epochs=3, lr=0.01, batch_size=size,
        callbacks=[lambda epoch, loss, aux: seen.append([a["said"] for a in aux])],
    )  # fmt: skip
    w, b = Value(0.0), Value(0.0)
    for said in seen:
        expected = []
        for begin in range(0, len(X), size):
            part = [line(w, b)(x, x) for x in X[begin : begin + size]]
            expected += [aux["said"] for _, aux in part]
            w.grad = b.grad = 0.0
            (ag.sum([loss for loss, _ in part]) / len(part)).backward()
            w.data, b.data = w.data - 0.01 * w.grad, b.data - 0.01 * b.grad
        assert said == pytest.approx(expected, rel=1e-12)
    assert len(seen) == 3


def test_gradients_are_those_of_the_loss_alone():
    w, b = Value(2.0), Value(0.5)
    fast = record(line(w, b), params=[w, b], has_aux=True)
    assert ag.grad(lambda x: fast.with_nodes(x, 3.0))(1.0).data == -2.0  # w and b are captured


def test_a_function_without_a_pair_is_told_to_return_one():
    fast = record(lambda x: x * 2, has_aux=True, backend="python")
    with pytest.raises(TypeError, match=r"needs a function that returns a pair.*returned Value. Write `re"):
        fast(Value(1.0))
