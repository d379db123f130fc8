import json
import math

import pytest

from nn.fit import choices
from nn.fit.history import History
from nn.learning import metrics
from nn.learning.metrics import FALLING, RISING, rises


def made():
    history = History()
    history.add(1, {"loss": 2.0, "accuracy": 0.5})
    history.add(2, {"loss": 1.0, "accuracy": 0.75})
    history.add(3, {"loss": 1.5, "accuracy": 0.7})
    return history


def test_best_is_the_smallest_loss_and_the_largest_score():
    assert made().best("loss") == (2, 1.0)
    assert made().best("accuracy") == (2, 0.75)


def test_a_nan_is_never_the_best():
    history = History()
    for epoch, number in enumerate([math.nan, 0.5, 0.7, math.nan], 1):
        history.add(epoch, {"loss": number, "r2": number, "mae": math.nan})
    assert history.best("loss") == (2, 0.5)
    assert history.best("r2") == (3, 0.7)
    with pytest.raises(ValueError, match="no epoch has a best 'mae': every one of its numbers is nan"):
        history.best("mae")


def test_every_loss_and_metric_of_the_library_has_its_direction():
    assert set(choices.LOSSES) <= FALLING
    assert set(metrics.METRICS) | set(choices.METRIC_NAMES) <= FALLING | RISING
    assert [name for name in ("loss", "val_mae", "val_accuracy", "r2") if rises("h", name)] == [
        "val_accuracy", "r2",
    ]  # fmt: skip


def test_the_direction_of_other_numbers_is_asked_for_and_not_guessed():
    history = made()
    history.history["val_f1_score"] = [0.1, 0.9, 0.5]
    with pytest.raises(ValueError, match="cannot know whether 'val_f1_score' should rise or fall"):
        history.best("val_f1_score")
    assert history.best("val_f1_score", mode="max") == (2, 0.9)
    assert history.best("val_f1_score", mode="min") == (1, 0.1)
    with pytest.raises(ValueError, match="mode 'MAX' is not known: choose one of min, max, auto"):
        history.best("loss", mode="MAX")


def test_a_number_that_was_not_recorded_is_refused_with_those_that_were():
    with pytest.raises(ValueError, match="name 'val_loss' is not known: choose one of loss, accuracy"):
        made().best("val_loss")


def test_a_number_that_comes_later_is_nan_before():
    history = made()
    history.add(4, {"loss": 1.0, "lr": 0.1})
    assert history["lr"][3] == 0.1
    assert all(math.isnan(x) for x in history["lr"][:3])
    assert math.isnan(history["accuracy"][3])


def test_the_state_comes_back_from_json():
    back = History.from_state(json.loads(json.dumps(made().state())))
    assert back.history == made().history
    assert back.epoch == [1, 2, 3]


def test_the_history_shows_itself_as_sparklines():
    assert repr(made()).splitlines() == [
        "3 epochs, finished",
        "loss      █▁▅  2 -> 1.5",
        "accuracy  ▁█▇  0.5 -> 0.7",
    ]


def test_an_empty_history_says_so():
    assert repr(History()) == "no epoch yet"
    assert len(History()) == 0


def test_names_can_be_asked_for():
    assert "loss" in made()
    assert "lr" not in made()
