"""The result of a recorded call: its gradient has been handed out, and nobody loses it by mistake."""

import copy
import pickle
import statistics
from collections.abc import Callable

import pytest

import autograd as ag
from autograd import Value, record


def recorded_loss() -> tuple[Value, Callable[[float], Value]]:
    w = Value(2.0)
    return w, record(lambda x: w * x * x, params=[w], backend="python")


@pytest.mark.parametrize("before", [0, 1, 2, 5])  # recorded, confirmed, compared, replayed
@pytest.mark.parametrize(
    "use",
    [
        lambda loss, _: loss,
        lambda loss, w: loss * 2 + w * w,
        lambda loss, w: ag.sum([loss, w]),
        lambda loss, w: w / loss,
    ],
)
def test_a_second_backward_says_where_the_gradients_went(
    before: int, use: Callable[[Value, Value], Value]
) -> None:
    w, loss = recorded_loss()
    for _ in range(before):
        loss(3.0)
    w.grad = 0.0
    result = use(loss(3.0), w)
    with pytest.raises(RuntimeError, match=r"already added to `\.grad`.*detach\(\)"):
        result.backward()
    assert w.grad == 9.0


def test_its_number_can_be_used_like_any_other() -> None:
    w, loss = recorded_loss()
    one = loss(3.0)
    assert (one.data, float(one), one > 1, one + 1 < 20) == (18.0, 18.0, True, True)
    assert "18.0" in repr(one)
    (one.detach() * w).backward()
    assert w.grad == 9.0 + 18.0
    with ag.no_grad():
        assert (one * 2).data == 36.0


def test_it_can_be_copied_and_pickled() -> None:
    _, loss = recorded_loss()
    one = loss(3.0)
    assert copy.deepcopy(one).data == copy.copy(one).data == pickle.loads(pickle.dumps(one)).data == 18.0


def test_batches_and_structures_hand_out_the_same_kind() -> None:
    w, loss = recorded_loss()
    pair = record(lambda x: {"a": [w * x, x], "b": (w, 1)}, params=[w], backend="python")
    results = [pair.value(2.0) for _ in range(5)]
    for found in (loss.batch([1.0, 2.0]), *[result["a"][0] for result in results]):
        with pytest.raises(RuntimeError, match="already added"):
            (found * w).backward()
    assert all(result["a"][1] == 2.0 and result["b"][1] == 1 for result in results)


def test_inside_another_recorded_function_it_is_part_of_the_graph() -> None:
    w, inner = recorded_loss()
    outer = record(lambda x: inner(x) * inner.value(x) + w, params=[w], backend="python")
    for k in range(6):
        w.data, w.grad = 2.0 + k, 0.0
        assert outer(3.0).data == (9 * w.data) ** 2 + w.data
        assert w.grad == 9 * (9 * w.data) + 1
    assert outer.replays > 0
    assert inner.replays == 0


def test_a_graph_that_holds_one_from_before_is_refused_while_learning() -> None:
    w, loss = recorded_loss()
    before = loss(3.0)
    f = record(lambda x: w * x * before, params=[w], backend="python")
    with pytest.raises(RuntimeError, match="already added"):
        f(1.0)


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
