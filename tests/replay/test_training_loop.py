import functools
import random
import threading
import warnings
from typing import Any

import pytest

import autograd as ag
import nn
from autograd import Value, record

BACKENDS = ["python", "numpy", "numba"]
X = [[0.1 * k, 1.0 - 0.2 * k] for k in range(10)]
Y = [float((-1) ** k) for k in range(10)]


def problem(seed=0, branch=False):
    draw = random.Random(seed)
    params = [Value(draw.gauss(0, 1)) for _ in range(9)]

    def loss(x, y):
        h = [ag.tanh(ag.dot(params[3 * k : 3 * k + 2], x, params[3 * k + 2])) for k in (0, 1)]
        score = params[6] * h[0] + params[7] * h[1] + params[8]
        if branch and score > 0.1:
            score = score * score
        return (score - y) ** 2 + 0.01 * params[0] * params[0]

    return params, loss


def trained_by_hand(params, loss, optimizer, epochs, size):
    history = []
    for _ in range(epochs):
        total = 0.0
        for begin in range(0, len(X), size):
            chosen = range(begin, min(begin + size, len(X)))
            for p in params:
                p.grad = 0.0
            for i in chosen:
                one = loss(X[i], Y[i])
                one.backward(1 / len(chosen))
                total += one.data
            optimizer.step()
        history.append(total / len(X))
    return history


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("size", [10, 3])
@pytest.mark.parametrize(
    "make",
    [
        lambda params: nn.SGD(params, lr=0.05),
        lambda params: nn.SGD(params, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
        lambda params: nn.Adam(params, lr=0.01, weight_decay=0.1),
        lambda params: nn.RMSprop(params, lr=0.01),
    ],
)
def test_training_follows_the_optimiser_step_by_step(make, size, branch, backend):
    plain, loss = problem(branch=branch)
    want = trained_by_hand(plain, loss, make(plain), 6, size)
    params, loss = problem(branch=branch)
    optimizer = make(params)
    fast = record(loss, params=params, backend=backend)
    got = fast.train(X, Y, epochs=4, batch_size=size, optimizer=optimizer)
    got += fast.train(X, Y, epochs=2, batch_size=size, optimizer=optimizer)  # goes on where it was
    assert got == pytest.approx(want, rel=1e-9)
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-9)


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_interrupt_leaves_the_last_finished_update(backend):
    params, loss = problem()
    fast = record(loss, params=params, backend=backend)
    seen = []

    def stop(epoch, _):
        seen.append([p.data for p in params])
        if epoch == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fast.train(X, Y, epochs=50, lr=0.01, callbacks=[stop])
    assert [p.data for p in params] == seen[5]
    assert seen[5] != seen[4]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_number_that_is_not_finite_stops_with_step_and_sample(backend):
    w = Value(1.0)
    fast = record(lambda x: ag.log(w * x), params=[w], backend=backend)
    with pytest.raises(ArithmeticError, match=r"before update 0: .* sample 2"):
        fast.train([1.0, 2.0, -1.0, 3.0], lr=0.01)
    assert w.data == 1.0


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_true_answer_of_a_callback_ends_the_training(backend):
    params, loss = problem()
    fast = record(loss, params=params, backend=backend)
    assert len(fast.train(X, Y, epochs=50, lr=0.01, callbacks=[lambda epoch, _: epoch == 3])) == 4


@pytest.mark.parametrize("backend", BACKENDS)
def test_shuffled_training_is_the_same_for_the_same_seed_and_backend_or_not(backend):
    results = []
    for chosen in ("python", backend):
        params, loss = problem()
        fast = record(loss, params=params, backend=chosen)
        fast.train(X, Y, epochs=5, batch_size=4, shuffle=7, lr=0.05)
        results.append([p.data for p in params])
    assert results[0] == pytest.approx(results[1], rel=1e-11)


@pytest.mark.parametrize("backend", BACKENDS)
def test_functions_may_be_called_from_several_threads(backend):
    params, loss = problem()
    fast = record(loss, params=params, backend=backend)
    other_params, other = problem(1)
    second = record(other, params=other_params, backend=backend)
    for p in [*params, *other_params]:
        p.grad = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for f in (fast, second):
            f(X[0], Y[0])
            f(X[0], Y[0])
    threads = [threading.Thread(target=lambda f=f: [f(X[0], Y[0]) for _ in range(50)])
               for f in (fast, fast, second, second)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine, f in ((params, loss), (other_params, other)):
        want = [p.grad for p in mine]
        for p in mine:
            p.grad = 0.0
        f(X[0], Y[0]).backward()
        assert want == pytest.approx([102 * p.grad for p in mine], rel=1e-9)


def test_training_without_parameters_says_how_to_name_them():
    with pytest.raises(ValueError, match="params="):
        record(Value).train([1.0])


def test_an_unknown_optimiser_names_those_there_are():
    params, loss = problem()
    with pytest.raises(ValueError, match="choose one of sgd, momentum, adam"):
        record(loss, params=params).train(X, Y, optimizer="lbfgs")


@pytest.mark.parametrize(
    "setting",
    [
        {"batch_size": 0},
        {"batch_size": -1},
        {"batch_size": 2.5},
        {"reduction": "max"},
        {"lr": float("nan")},
        {"lr": "0.1"},
    ],
)
def test_a_setting_without_meaning_is_refused_by_name(setting: dict[str, Any]) -> None:
    w = Value(0.5)
    f = record(lambda x, y: (w * x - y) ** 2, [w], backend="python")
    with pytest.raises((ValueError, TypeError), match=next(iter(setting))):
        f.train([1.0, 2.0], [3.0, 6.0], **setting)
    assert w.data == 0.5


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_frozen_parameter_stays_where_it_is_whatever_decays(backend):
    results = []
    for replayed in (False, True):
        w, u = Value(0.5), Value(-0.3)
        u.requires_grad = False
        optimizer = nn.SGD([w, u], lr=0.1, momentum=0.9, weight_decay=0.1)

        def loss(x, y, w=w, u=u):
            return (w * x + u - y) ** 2

        if replayed:
            record(loss, params=[w, u], backend=backend).train(
                [1.0, 2.0], [3.0, 1.0], optimizer=optimizer, epochs=4
            )
        else:
            for _ in range(4):
                optimizer.zero_grad()
                for x, y in ((1.0, 3.0), (2.0, 1.0)):
                    loss(x, y).backward(0.5)
                optimizer.step()
        results.append([w.data, u.data])
    assert results[0] == pytest.approx(results[1], rel=1e-12)
    assert results[1][1] == -0.3


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_cached_node_that_parameters_leave_behind_is_found_in_training(backend):
    def world():
        w = [Value(0.5), Value(-0.3)]
        scaled = functools.lru_cache(maxsize=None)(lambda k: w[0] * k)
        return w, lambda x, y: (scaled(2.0) * x + w[1] - y) ** 2

    plain, loss = world()
    for _ in range(5):
        for p in plain:
            p.grad = 0.0
        for x, y in zip([1.0, 2.0, -1.0], Y):
            loss(x, y).backward(1 / 3)
        for p in plain:
            p.data -= 0.1 * p.grad
    params, loss = world()
    with pytest.warns(RuntimeWarning, match="where the function itself gives"):
        record(loss, params=params, backend=backend).train([1.0, 2.0, -1.0], Y[:3], epochs=5, lr=0.1)
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", ["list", "rows", "array"])
def test_data_that_a_callback_edits_count_from_the_next_epoch_on(backend, kind):
    import numpy as np

    y = [2.0, 4.0, 6.0]
    histories = []
    for eager in (True, False):
        w, b = Value(1.5), Value(-0.5)
        X = [[1.0], [2.0], [3.0]] if kind == "rows" else [1.0, 2.0, 3.0]
        X = np.array(X) if kind == "array" else X

        def edit(epoch, loss, X=X):
            if epoch in (1, 4):
                if kind == "rows":
                    X[1][0] += 1.0
                else:
                    X[1] += 1.0

        def loss(x, y, w=w, b=b):
            return (w * (x[0] if kind == "rows" else x) + b - y) ** 2

        if eager:
            history = []
            for epoch in range(8):
                w.grad = b.grad = 0.0
                mean = ag.sum([loss(x, label) for x, label in zip(X, y)]) / 3
                mean.backward()
                w.data, b.data = w.data - 0.01 * w.grad, b.data - 0.01 * b.grad
                history.append(mean.data)
                edit(epoch, mean.data)
            histories.append(history)
        else:
            fast = ag.record(loss, [w, b], backend=backend)
            histories.append(fast.train(X, y, epochs=8, lr=0.01, callbacks=[edit]))
    assert histories[0] == pytest.approx(histories[1], rel=1e-10)


def test_a_callback_that_adds_samples_is_told():
    w, X = Value(1.5), [1.0, 2.0]
    fast = ag.record(lambda x: (w * x - 1) ** 2, [w], backend="python")
    with pytest.raises(ValueError, match="number of samples from 2 to 3"):
        fast.train(X, epochs=3, lr=0.01, callbacks=[lambda epoch, loss: X.append(3.0)])


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_attribute_of_a_parameter_that_a_callback_sets_counts_from_then_on(backend):
    w, b, at = Value(1.5), Value(-0.5), []
    w.mask = 1.0

    def prune(epoch, loss):
        if epoch >= 2:
            w.mask = 0.0
            at.append(w.data)

    fast = ag.record(lambda x, y: (w * w.mask * x + b - y) ** 2, [w, b], backend=backend)
    fast.train([1.0, 2.0], [2.0, 3.0], epochs=6, lr=0.01, callbacks=[prune])
    assert {w.data} == {*at}
