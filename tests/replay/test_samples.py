import math
import sys
import weakref

import numpy as np
import pytest

import autograd as ag
from autograd import Value, record


@pytest.fixture
def no_numpy(monkeypatch):
    """As on a machine without the extra `fast`."""
    for name in ("numpy", "numba"):
        monkeypatch.setitem(sys.modules, name, None)


def line_through_zero():
    w = Value(1.0)
    return w, ag.record(lambda x, t: (w * x - t) ** 2, params=[w])


def test_a_batch_needs_no_numpy(no_numpy):
    w, loss = line_through_zero()
    assert loss.batch([1.0, 2.0], [2.0, 4.0]).data == 2.5
    assert w.grad == -5.0


def test_training_needs_no_numpy(no_numpy):
    w, loss = line_through_zero()
    assert loss.train([1.0, 2.0], [2.0, 4.0], epochs=3, lr=0.1) == [2.5, 0.625, 0.15625]
    assert w.data == 1.875


def test_without_numpy_the_listing_says_that_it_runs_in_plain_python(no_numpy):
    _, loss = line_through_zero()
    loss.batch([1.0, 2.0], [2.0, 4.0])
    assert "runs in plain Python" in str(loss.program)


@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_a_batch_of_what_is_no_loss_is_refused_and_not_0(backend):
    with pytest.raises(TypeError, match="returns one Value"):
        ag.record(lambda x: x * x + 1, backend=backend).batch([1.0, 2.0])


@pytest.mark.parametrize(
    "losses", [[math.inf, -math.inf], [1e308, 1e308, -1e308], [1e308] * 3, [math.nan, 1.0]]
)
@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_the_mean_of_losses_without_a_finite_sum_is_what_autograd_sum_gives(backend, losses):
    w = Value(1.0)
    fast = record(lambda x: w * x, params=[w], backend=backend, audit=False)
    wanted = ag.sum(losses) / len(losses)
    for _ in range(3):
        assert fast.batch(losses).data == pytest.approx(wanted, rel=1e-15, nan_ok=True)


@pytest.mark.parametrize("count", [2, 9])
@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_trainings_in_turns_see_their_own_samples(backend, count):
    w = Value(0.0)
    f = record(lambda x, y: (w * x - y) ** 2, params=[w], backend=backend, audit=False)
    X = [1.0 + i for i in range(count)]
    columns = [(X, [slope * x for x in X]) for slope in (3.0, -5.0)]
    trainings = [f.training(*each, lr=0.0) for each in columns]
    want = [sum(y * y for y in Y) / count for _, Y in columns]
    for alone in (False, True):
        for _ in range(2):
            assert [training.epoch(alone=alone) for training in trainings] == want
        assert f.train(*columns[0], lr=0.0) == want[:1]
        assert trainings[1].epoch(alone=alone) == want[1]


EDITS = {
    "a number": lambda X, Y: X[1].__setitem__(0, 0.5),
    "the sign of 0": lambda X, Y: X[0].__setitem__(0, -0.0),
    "a whole number": lambda X, Y: Y.__setitem__(0, 1),
    "a row": lambda X, Y: X.__setitem__(0, [2.0, 2.0]),
    "a row's length": lambda X, Y: X[1].append(3.0),
    "a sample more": lambda X, Y: (X.append([4.0, 1.0]), Y.append(1.0)),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("backend", ["python", "numpy"])
def test_lists_that_come_again_are_taken_apart_once_until_they_change(backend, edit):
    X, Y = [[0.0, 1.0], [1.0, 3.0]], [1.0, 0.0]
    w = Value(2.0)
    f = record(lambda x, y: ag.dot(x, x) * w - y + ag.copysign(1.0, x[0]), params=[w], backend=backend)
    for _ in range(4):
        f.batch(X, Y)
    kept = f.learned.columns[2]
    assert kept is not None
    f.train(X, Y, lr=0.0)
    assert f.learned.columns[2] is kept
    EDITS[edit](X, Y)
    want = sum(f.function(x, y).data for x, y in zip(X, Y)) / len(X)
    assert f.batch(X, Y).data == pytest.approx(want, rel=1e-15)
    assert f.train(X, Y, lr=0.0) == pytest.approx([want], rel=1e-15)


def test_what_is_given_once_is_not_kept_alive_nor_is_an_array():
    class Rows(list):
        pass

    w = Value(2.0)
    f = record(lambda x: w * x, params=[w])
    for make in (lambda: Rows([1.0, 2.0]), lambda: np.array([1.0, 2.0])):
        given = make()
        for _ in range(4):
            f.batch(given)
        gone = weakref.ref(given)
        del given
        assert gone() is None


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_a_training_sees_what_its_lists_hold_when_an_epoch_begins(backend):
    X, w = [1.0, 2.0], Value(1.0)
    training = record(lambda x: w * x, params=[w], backend=backend).training(X, lr=0.0)
    X[0] = 3.0  # before the first epoch
    assert training.epoch() == 2.5
    X[0] = math.inf
    with pytest.raises(ArithmeticError):
        training.epoch()
    X[0] = 4.0  # after an error
    assert training.epoch() == 3.0
    X.append(5.0)
    for _ in range(2):
        with pytest.raises(ValueError, match="3"):
            training.epoch()
    X.pop()
    assert training.epoch() == 3.0
