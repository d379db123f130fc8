"""Everything public in nn goes through pickle and deepcopy, and is then what it was."""

import copy
import inspect
import pickle
import random

import pytest
from public_names import good, public

import autograd as ag
import nn
from nn import keras

X = [[0.1 * i, 1.0 - 0.2 * i] for i in range(8)]
Y = [x[0] - x[1] for x in X]
HOW = [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy, copy.copy]
WAYS = pytest.mark.parametrize("copied", HOW, ids=["pickle", "deepcopy", "copy"])
# what is not made from plain settings, by hand
MADE = {
    "nn.CharTokenizer": lambda: nn.CharTokenizer(["ann"]),
    "nn.Residual": lambda: nn.Residual(nn.ReLU()),
    "nn.data.Table": lambda: nn.data.Table([[1.0]], [1], ["a"]),
    "nn.schedules.Phase": lambda: nn.schedules.Phase(*range(len(nn.schedules.Phase._fields))),
    "nn.watching.Recipe": lambda: nn.watching.RECIPES[0],
}
HOLDS_PROCESSES = {"nn.parallel.Workers"}


def made():
    """(label, object) of every public class."""
    for label, thing in public():
        if inspect.isclass(thing) and label not in HOLDS_PROCESSES:
            yield pytest.param(MADE.get(label, lambda thing=thing: thing(**good(thing, ""))), id=label)


@pytest.mark.parametrize("make", [*made()])
@WAYS
def test_whatever_is_in_nn_is_copied_whole(make, copied):
    thing = make()
    other = copied(thing)
    assert type(other) is type(thing)
    assert getattr(other, "__dict__", {}).keys() == getattr(thing, "__dict__", {}).keys()
    if isinstance(thing, nn.Module):
        assert other.state_dict() == thing.state_dict()
        assert repr(other) == repr(thing)


ROW, IMAGE = [0.5, -1.0], [[[1.0, 2.0, -1.0], [0.5, 3.0, 0.0], [1.0, 0.0, 2.0]]]
CALLED = [
    (nn.Dense(3, activation="softmax"), ROW), (nn.Dense(2, activation="elu", input_shape=(2,)), ROW),
    (nn.LeakyReLU(0.2), ROW), (nn.ELU(0.5), ROW), (nn.Identity(), ROW), (nn.Softmax(dim=-1), ROW),
    (nn.AvgPool2d(2, stride=1), IMAGE), (nn.AvgPool1d(2), IMAGE[0]), (nn.MaxPool2d(2), IMAGE),
    (nn.FeedForward(2, 3, act="gelu"), ROW), (nn.MLP(2, [3, 1], act="silu", last="sigmoid"), ROW),
    (nn.RNNCell(2, 2, nonlinearity="relu"), ROW), (nn.Dropout(0.5, generator=random.Random(1)).eval(), ROW),
    (keras.Sequential([keras.Dense(2, activation="relu"), keras.Dropout(0.1), keras.Dense(1)]).eval(), ROW),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "x"), CALLED, ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("copied", HOW[:2], ids=["pickle", "deepcopy"])
def test_a_copy_gives_the_same_and_shares_nothing(layer, x, copied):
    def numbers(y):
        return [float(v) for _, v in ag.number.entries([y])]

    wanted = numbers(layer(x))
    other = copied(layer)
    assert numbers(other(x)) == wanted
    for p in other.parameters():
        p.data += 1.0
    assert numbers(layer(x)) == wanted


@pytest.mark.parametrize("copied", HOW[:2], ids=["pickle", "deepcopy"])
def test_a_trained_model_and_its_run_go_on_as_copies(copied):
    for loss in ("mse", nn.HuberLoss(delta=0.5)):
        model = nn.Sequential(nn.Linear(2, 3), nn.LeakyReLU(), nn.Linear(3, 1))
        model.compile("adam", loss, metrics=["mae", "r2"])
        stopping = nn.EarlyStopping("loss", patience=3)
        model.fit(X, Y, epochs=2, callbacks=[stopping, nn.ClipGradients(1.0)], verbose=False)
        other, again = copied((model, stopping))
        assert other.history.history == model.history.history
        assert again.best_epoch == stopping.best_epoch
        first, second = (m.fit(X, Y, epochs=2, verbose=False)["loss"] for m in (model, other))
        assert first == second


@pytest.mark.parametrize("copied", HOW[:2], ids=["pickle", "deepcopy"])
def test_an_optimizer_copied_with_its_model_trains_the_copy(copied):
    model = nn.Linear(2, 1)
    optimizer = nn.Adam(model.parameters(), lr=0.1)
    schedule = nn.schedules.StepLR(optimizer, step_size=1)

    def step(model, optimizer, schedule):
        optimizer.zero_grad()
        nn.mse([row[0] for row in model(X)], Y).backward()
        optimizer.step()
        schedule.step()

    step(model, optimizer, schedule)
    others = copied((model, optimizer, schedule))
    step(model, optimizer, schedule)
    step(*others)
    assert others[0].state_dict() == model.state_dict()
    assert others[2].get_last_lr() == schedule.get_last_lr()
