"""An optimiser's update is stated once: eager steps, replayed ones and whole fits make the same of it."""

import math
import random
import warnings
from types import SimpleNamespace

import pytest

import autograd as ag
import nn
from autograd import Value, descent, record
from autograd.replay import formula
from autograd.replay.executors import float_step
from autograd.replay.formula import UnreadableError, read

BACKENDS = ["python", "numpy", "numba"]
X = [[0.1 * k, 1.0 - 0.2 * k] for k in range(10)]
Y = [float((-1) ** k) for k in range(10)]


class SignDescent(nn.Optimizer):
    """The one of the docstring of `nn.learning.optimizer`."""

    def __init__(self, params, lr=0.01):
        super().__init__(params, lr=lr)

    def update(self, x, g, memory, group):
        return x - group["lr"] * ((g > 0) - (g < 0))


def problem():
    draw = random.Random(0)
    params = [Value(draw.gauss(0, 1)) for _ in range(9)]

    def loss(x, y):
        h = [ag.tanh(ag.dot(params[3 * k : 3 * k + 2], x, params[3 * k + 2])) for k in (0, 1)]
        return (params[6] * h[0] + params[7] * h[1] + params[8] - y) ** 2

    return params, loss


def trained_eagerly(make, epochs=6):
    params, loss = problem()
    optimizer = make(params)
    for _ in range(epochs):
        optimizer.zero_grad()
        for x, y in zip(X, Y):
            loss(x, y).backward(1 / len(X))
        optimizer.step()
    return [p.data for p in params], [{**optimizer.state.get(p, {})} for p in params]


def trained_by_replay(make, backend, calls=(4, 2), **settings):
    params, loss = problem()
    optimizer, fast = make(params), record(loss, params=params, backend=backend)
    for epochs in calls:  # goes on where it was
        fast.train(X, Y, epochs=epochs, optimizer=optimizer, **settings)
    return [p.data for p in params], [{**optimizer.state.get(p, {})} for p in params]


def same(have, want):
    assert have[0] == pytest.approx(want[0], rel=1e-11)
    for one, other in zip(have[1], want[1], strict=True):
        assert one == pytest.approx(other, rel=1e-9)
        assert {name: type(x) for name, x in one.items()} == {name: type(x) for name, x in other.items()}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "make",
    [
        SignDescent,
        lambda params: nn.SGD(params, lr=0.05, weight_decay=0.1),
        lambda params: nn.SGD(params, lr=0.05, momentum=0.9, dampening=0.3),
        lambda params: nn.SGD(params, lr=0.05, momentum=0.9, nesterov=True),
        lambda params: nn.Adam(params, lr=0.05, weight_decay=0.1),
        lambda params: nn.Adam(params, lr=0.05, form="keras"),
        lambda params: nn.optim.AdamW(params, lr=0.05),
        lambda params: nn.RMSprop(params, lr=0.05, centered=True, momentum=0.5, weight_decay=0.1),
        lambda params: nn.RMSprop(params, lr=0.05, form="keras"),
        lambda params: nn.optim.Adagrad(params, lr=0.05, lr_decay=0.1, initial_accumulator_value=0.2),
        lambda params: nn.SGD(
            [{"params": params[:4], "lr": 0.1, "momentum": 0.5}, {"params": params[4:]}], lr=0.03
        ),
    ],
)
def test_every_optimiser_is_read_and_trains_alike_in_a_loop_and_in_replay(make, backend):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same(trained_by_replay(make, backend), trained_eagerly(make))


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_optimiser_of_ten_lines_trains_alike_in_fit(backend):
    found = []
    for replay in (False, backend):
        random.seed(3)
        model = nn.MLP(2, [3, 1])
        model.compile(optimizer=SignDescent(model.parameters()), loss="mse")
        history = model.fit(X, Y, epochs=4, batch_size=4, replay=replay, verbose=False)
        found.append(([p.data for p in model.parameters()], history["loss"]))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-11)
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-11)


def by_if(self, x, g, memory, group):
    return x - group["lr"] * (1.0 if g > 0 else -1.0)


def by_math(self, x, g, memory, group):
    return x - group["lr"] * math.copysign(1.0, g)


def by_counting(self, x, g, memory, group):
    self.calls = getattr(self, "calls", 0) + 1
    return x - group["lr"] * g * self.calls


def by_type(self, x, g, memory, group):
    return x - group["lr"] * (g if isinstance(g, float) else 2.0 * g)


def by_other_values(self, x, g, memory, group):
    return x - group["lr"] * (g * Value(2.0)).data


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize(
    ("update", "why"),
    [
        (by_if, "it asks `if`, min, max or sorted of a number"),
        (by_math, "TypeError: must be real number"),
        (by_counting, "called twice, it says different things"),
        (by_type, "it computes something else with floats"),
        (by_other_values, "it computes with Values of its own"),
    ],
)
def test_an_update_that_cannot_be_read_runs_as_it_is_and_train_says_so(update, why, backend):
    kind = type("Odd", (SignDescent,), {"update": update})
    with pytest.warns(RuntimeWarning, match="Odd: its update cannot be read as a formula") as said:
        have = trained_by_replay(kind, backend)
    assert why in str(said[0].message)
    same(have, trained_eagerly(kind))


def test_what_cannot_be_read_is_said_in_chinese_too():
    kind = type("Odd", (SignDescent,), {"update": by_if})
    ag.language("zh")
    try:
        with pytest.warns(
            RuntimeWarning, match="Odd：它的 update 无法读成公式（它对每次更新都会变化的数使用了 if"
        ):
            trained_by_replay(kind, "numpy", calls=(1,))
    finally:
        ag.language("en")


def test_a_draw_is_no_formula():
    def by_chance(x, g, memory, group):
        return x - group["lr"] * g * random.random()

    with pytest.raises(UnreadableError, match="called twice"):
        read(by_chance, "chance", {"lr": 0.1}, (), ())


def test_a_change_of_adams_formula_changes_every_reading_of_it(monkeypatch):
    def make(params):
        return nn.Adam(params, lr=0.05)

    before = trained_eagerly(make)

    def root(x):
        return 1.5 * ag.sqrt(x) + 0.25

    monkeypatch.setattr(descent, "sqrt", root)
    monkeypatch.setattr(descent, "ops", SimpleNamespace(sqrt=root))
    monkeypatch.setattr(float_step, "LOOPS", {})  # made of the formula of before
    want = trained_eagerly(make)
    found = [trained_by_replay(make, backend) for backend in BACKENDS]
    params, loss = problem()
    record(loss, params=params, backend="numpy").train(X, Y, epochs=6, optimizer="adam", lr=0.05)
    for one in found:
        same(one, want)
    assert [p.data for p in params] == pytest.approx(want[0], rel=1e-11)
    assert want[0] != pytest.approx(before[0], rel=1e-3)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_rate_that_follows_the_updates_is_no_constant_of_the_formula(backend):
    plain, loss = problem()
    optimizer = nn.Adam(plain)
    for k in range(6):
        optimizer.param_groups[0]["lr"] = 0.1 / (k + 1)
        optimizer.zero_grad()
        for x, y in zip(X, Y):
            loss(x, y).backward(1 / len(X))
        optimizer.step()
    params, loss = problem()
    fast = record(loss, params=params, backend=backend)
    fast.train(X, Y, epochs=6, optimizer=nn.Adam(params), lr=lambda k: 0.1 / (k + 1))
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-11)


@pytest.mark.parametrize("backend", BACKENDS)
def test_settings_that_a_callback_changes_count_from_the_next_epoch_on(backend):
    def change(optimizer, epoch):
        if epoch == 2:
            optimizer.param_groups[0].update(lr=0.01, momentum=0.5)

    plain, loss = problem()
    eager = nn.SGD(plain, lr=0.1)
    for epoch in range(6):
        eager.zero_grad()
        for x, y in zip(X, Y):
            loss(x, y).backward(1 / len(X))
        eager.step()
        change(eager, epoch)
    params, loss = problem()
    optimizer = nn.SGD(params, lr=0.1)
    fast = record(loss, params=params, backend=backend)
    fast.train(X, Y, epochs=6, optimizer=optimizer, callbacks=[lambda epoch, _: change(optimizer, epoch)])
    assert [p.data for p in params] == pytest.approx([p.data for p in plain], rel=1e-11)


CHOICES = {"maximize": False, "amsgrad": False}
ADAM = {"lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.0, "form": "torch", **CHOICES}


def test_what_is_one_number_for_all_is_kept_once():
    adam = read(descent.adam, "Adam", ADAM, (), ())
    assert (adam.each, adam.shared, adam.first) == (("mean", "square"), ("step",), None)
    assert adam.settings == ("group_lr", "group_betas1", "group_betas2", "group_eps", "group_weight_decay")


def test_a_first_update_that_remembers_nothing_is_a_formula_of_its_own():
    settings = {
        "lr": 0.1,
        "weight_decay": 0.0,
        "momentum": 0.9,
        "dampening": 0.5,
        "nesterov": False,
        **CHOICES,
    }
    sgd = read(descent.sgd, "SGD", settings, (), ())
    assert sgd.first is not None
    assert sgd.first.text() == (
        "new_velocity = g + group_weight_decay * x\nnew_x = x - group_lr * (g + group_weight_decay * x)"
    )
    assert read(descent.sgd, "SGD", settings, ("velocity",), ()).first is None
    assert read(descent.sgd, "SGD", {**settings, "momentum": 0.0}, (), ()).each == ()


def test_a_setting_may_be_asked_but_not_where_it_changes_while_training():
    def halved(x, g, memory, group):
        return x - (group["lr"] if group["lr"] < 1 else 1.0) * g

    assert read(halved, "halved", {"lr": 0.5}, (), ()).later.text() == "new_x = x - group_lr * g"
    assert read(halved, "halved", {"lr": 2.0}, (), ()).later.text() == "new_x = x - 1.0 * g"
    with pytest.raises(UnreadableError, match="it asks `if`"):
        read(halved, "halved", {"lr": 0.5}, (), {"group_lr"})


def test_a_formula_without_end_is_refused():
    def grown(x, g, memory, group):
        for _ in range(60):
            g = g * g
        return x - g

    with pytest.raises(UnreadableError, match="too much"):
        read(grown, "grown", {"lr": 0.1}, (), ())


def test_a_square_and_a_root_written_as_powers_are_read_as_ops():
    def powers(x, g, memory, group):
        return x - group["lr"] * (g**2 / (g**2) ** 0.5)

    assert read(powers, "p", {"lr": 0.1}, (), ()).later.text() == (
        "new_x = x - group_lr * (square(g) / sqrt(square(g)))"
    )


def test_all_that_a_formula_may_hold_can_be_asked_of_single_numbers():
    assert formula.SIMPLE <= formula.CALLED_BY_NAME
