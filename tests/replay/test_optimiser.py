import math

import pytest

import autograd as ag
import nn
from autograd import Value, record
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.optimiser import Optimiser, commit

W = Value(2.0)


def test_a_training_goes_on_from_what_an_optimiser_remembers_and_hands_it_back():
    w = Value(1.0)
    optimizer = nn.optim.Adam([w], lr=0.1)
    w.grad = 2.0
    optimizer.step()
    optimiser = Optimiser(optimizer, [w], {})
    assert (optimiser.native, optimiser.step) == (True, 1)
    numbers, state = optimiser.updated([w.data], [3.0])
    commit(map(DATA.__set__, [w], numbers), optimiser, state, 2)
    optimiser.hand_back()
    other = Value(1.0)
    eager = nn.optim.Adam([other], lr=0.1)
    for other.grad in (2.0, 3.0):
        eager.step()
    assert w.data == other.data
    assert optimizer.state[w] == eager.state[other]
    assert type(optimizer.state[w]["step"]) is int


class OwnStep(nn.SGD):
    def step(self, closure=None):
        return super().step(closure)


@pytest.mark.parametrize(
    "make",
    [
        lambda w: nn.optim.SGD([{"params": [w]}, {"params": [Value(0.0)]}]),
        lambda w: OwnStep([w]),
    ],
)
def test_what_no_formula_says_is_left_to_the_optimiser(make):
    w = Value(1.0)
    optimiser = Optimiser(make(w), [w], {})
    assert not optimiser.native
    assert not optimiser.unread


def test_parameters_that_remember_different_things_are_left_to_the_optimiser():
    v, w = Value(1.0), Value(1.0)
    for make in (nn.Adam, lambda params: nn.SGD(params, momentum=0.5)):
        optimizer = make([v, w])
        v.grad = 1.0
        optimizer.step()
        assert not Optimiser(optimizer, [v, w], {}).native


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -0.1, "fast"])
@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_a_rate_that_is_no_finite_number_is_refused_also_of_a_function(rate, backend):
    with pytest.raises((ValueError, TypeError), match="train needs a finite number lr >= 0, got"):
        Optimiser("sgd", [Value(1.0)], {"lr": rate})
    w = Value(1.0)
    fast = record(lambda x: (w * x - 1) ** 2, params=[w], backend=backend)
    with pytest.raises((ValueError, TypeError), match="train needs a finite number lr >= 0, got"):
        fast.train([1.0, 2.0, 3.0], epochs=3, batch_size=1, lr=lambda k: 0.1 if k < 5 else rate)
    assert math.isfinite(w.data)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"optimizer": "SGD"},
            "train: optimizer 'SGD' is not known: choose one of sgd, momentum, adam, or",
        ),
        (
            {"learning_rate": 0.1},
            "train: setting 'learning_rate' is not known: choose one of lr, nest",
        ),
        ({"momentum": 1.5}, r"train needs a finite number 0 <= momentum <= 1, got 1\.5"),
        ({"weight_decay": float("nan")}, "train needs a finite number weight_decay >= 0, got nan"),
        ({"optimizer": "adam", "eps": -1.0}, "eps >= 0"),
        ({"optimizer": "adam", "betas": (0.9, 1.0)}, r"0 <= betas\[1\] < 1, got 1"),
        ({"optimizer": "adam", "betas": 0.9}, "needs 2 numbers betas"),
        ({"nesterov": True}, r"train\(nesterov=True\) needs a finite number momentum > 0, got 0"),
        ({"epochs": -1}, "train needs a whole number epochs >= 0, got -1"),
        ({"epochs": 2.5}, r"train needs a whole number epochs >= 0, got 2\.5"),
        ({"batch_size": 0}, "train needs a whole number batch_size >= 1, got 0"),
        ({"reduction": "none"}, "train: reduction 'none' is not known: choose one of mean, sum"),
    ],
)
def test_settings_of_a_training_are_checked_before_it_begins(settings, message):
    w = Value(1.0)
    fast = record(lambda x: (w * x - 1) ** 2, params=[w], backend="python")
    with pytest.raises((ValueError, TypeError), match=message):
        fast.train([3.0], **settings)
    assert w.data == 1.0


@pytest.mark.parametrize(
    ("optimizer", "settings", "message"),
    [
        (nn.SGD, {}, "is no optimiser: give 'sgd'"),
        (nn.SGD([Value(1.0)], lr=0.1), {}, "holds none of the parameters"),
        (nn.SGD([W], lr=0.1), {"learning_rate": 0.1}, "learning_rate: SGD has no such setting"),
    ],
)
def test_an_optimiser_that_cannot_train_these_parameters_is_named(optimizer, settings, message):
    fast = record(lambda x: (W * x - 1) ** 2, params=[W], backend="python")
    with pytest.raises(ValueError, match=message):
        fast.train([1.0, 2.0], optimizer=optimizer, **settings)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (nn.MLP(2, [1]), "write params=model.parameters()"),
        (Value(1.0), "is no list of Values: write params="),
        (None, "is no list of Values: write params="),
        ([1.0], r"params\[0\] is no Value but float"),
        ([[Value(1.0)]], r"params\[0\] is no Value but list"),
    ],
)
def test_parameters_that_cannot_be_trained_are_named(params, message):
    with pytest.raises(TypeError, match=message):
        record(abs, params=params)


@pytest.mark.parametrize("column", [1.0, None, zip([1.0], [2.0]), {"a": 1.0}])
def test_what_is_no_column_is_named(column):
    fast = record(lambda x: (W * x - 1) ** 2, params=[W], backend="python")
    with pytest.raises(TypeError, match="argument 1 is no column but "):
        fast.train(column)


def test_only_functions_are_recorded():
    with pytest.raises(TypeError, match="record needs a function that returns its loss, got int"):
        record(3)


ONE, TWO = {"lr": 0.1, "weight_decay": 0.5}, {"weight_decay": 0.1, "momentum": 0.9, "lr": 0.2}


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("extra", [{}, {"initial_lr": 0.3}, {"note": 7}])
@pytest.mark.parametrize("kinds", [(ONE, TWO), (TWO, ONE)])
def test_groups_whose_settings_stand_in_another_order_or_are_more_train_as_the_loop_does(
    kinds, extra, backend
):
    """A scheduler puts `initial_lr` into every group; whoever trained without one before must not matter."""
    found = []
    for looped in (True, False):
        params = [Value(1.0), Value(-2.0), Value(0.5)]
        groups = [{"params": params[:1], **kinds[0]}, {"params": params[1:], **kinds[1]}]
        optimizer = nn.SGD(groups, lr=0.01)
        for group in optimizer.param_groups:
            group.update(extra)
        fast = record(lambda x, ps=params: ag.square(ag.sum(ps) * x - 1.0), params=params, backend=backend)
        if looped:
            for _ in range(4):
                optimizer.zero_grad()
                ag.square(ag.sum(params) * 0.5 - 1.0).backward()
                optimizer.step()
        else:
            fast.train([0.5], epochs=4, optimizer=optimizer)
        found.append([p.data for p in params])
    assert found[1] == pytest.approx(found[0], rel=1e-12)


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_what_the_loss_only_looks_at_gets_no_gradient_and_does_not_decay(backend):
    w, seen = Value(0.5), Value(0.75)
    optimizer = nn.SGD([w, seen], lr=0.1, weight_decay=0.5)
    loss = record(lambda x: (w * x - (2 * seen).detach() * seen.data) ** 2, [w, seen], backend=backend)
    for _ in range(5):
        optimizer.zero_grad()
        loss(2.0)
        optimizer.step()
    loss.train([1.0, 2.0], epochs=3, optimizer=optimizer)
    assert (seen.data, seen in optimizer.state) == (0.75, False)
    assert w.data != 0.5
