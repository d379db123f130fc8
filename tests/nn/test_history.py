import json
import math

from nn.history import History, is_score


def made():
    history = History()
    history.add(1, {"loss": 2.0, "accuracy": 0.5})
    history.add(2, {"loss": 1.0, "accuracy": 0.75})
    history.add(3, {"loss": 1.5, "accuracy": 0.7})
    return history


def test_best_is_the_smallest_loss_and_the_largest_score():
    assert made().best("loss") == (2, 1.0)
    assert made().best("accuracy") == (2, 0.75)


def test_a_score_is_what_should_rise():
    assert [is_score(name) for name in ("loss", "val_mae", "val_accuracy", "r2", "f1_score")] == [
        False, False, True, True, True,
    ]  # fmt: skip


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
