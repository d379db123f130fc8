import pytest

import nn
from nn.data import moons

LINE_X, LINE_Y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]


def line(optimizer="sgd", **compile_with):
    model = nn.Sequential(nn.Linear(1, 1))
    model.load_state_dict({"layers.0.weight": [[0.5]], "layers.0.bias": [0.0]})
    model.compile(optimizer, **{"loss": "mse", **compile_with})
    return model


def sgd(lr):
    return lambda parameters: nn.SGD(parameters, lr=lr)


def test_fit_is_the_loop_that_everybody_writes_by_hand():
    fitted, by_hand = line(sgd(0.05)), line()
    history = fitted.fit(LINE_X, LINE_Y, epochs=5, batch_size=2, shuffle=False, verbose=False)
    optimizer, means = nn.SGD(by_hand.parameters(), lr=0.05), []
    for _ in range(5):
        losses = []
        for start in (0, 2):
            optimizer.zero_grad()
            said = [by_hand(x)[0] for x in LINE_X[start : start + 2]]
            loss = nn.mse(said, LINE_Y[start : start + 2])
            loss.backward()
            optimizer.step()
            losses.append(loss.data)
        means.append(sum(losses) / 2)
    assert history["loss"] == means
    assert fitted.state_dict() == by_hand.state_dict()


def test_batches_weigh_as_many_as_they_have_samples():
    model = line(sgd(0.0))
    history = model.fit(LINE_X[:3], LINE_Y[:3], batch_size=2, verbose=False)
    whole = model.evaluate(LINE_X[:3], LINE_Y[:3], batch_size=3)
    assert history["loss"][0] == pytest.approx(whole, rel=1e-15)


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    def losses(seed):
        return line(sgd(0.01)).fit(LINE_X, LINE_Y, epochs=4, batch_size=1, seed=seed, verbose=False)["loss"]

    assert losses(3) == losses(3) != losses(4)


def test_validation_split_puts_the_last_part_aside():
    seen = []

    def mean_of_targets(predictions, targets):
        seen.append(list(targets))
        return 0.0

    line(metrics=[mean_of_targets]).fit(
        LINE_X, LINE_Y, validation_split=0.25, shuffle=False, batch_size=3, verbose=False
    )
    assert seen == [[1.0, 3.0, 5.0], [7.0]]


def test_the_history_has_losses_metrics_and_their_validation_forms():
    model = line(metrics=["mae", "r2"])
    history = model.fit(LINE_X, LINE_Y, epochs=2, validation_data=(LINE_X, LINE_Y), verbose=False)
    assert list(history.history) == ["loss", "mae", "r2", "val_loss", "val_mae", "val_r2"]
    assert all(len(column) == 2 for column in history.history.values())
    assert model.history is history


def test_evaluate_gives_the_loss_or_a_list_or_a_dict():
    assert line().evaluate(LINE_X, LINE_Y) == pytest.approx(13.375)
    loss, error = line(metrics=["mae"]).evaluate(LINE_X, LINE_Y)
    assert line(metrics=["mae"]).evaluate(LINE_X, LINE_Y, return_dict=True) == {"loss": loss, "mae": error}


def test_predict_gives_plain_numbers_in_the_order_of_the_samples():
    assert line().predict(LINE_X, batch_size=3) == [[0.0], [0.5], [1.0], [1.5]]


def test_predict_and_evaluate_leave_the_mode_and_gradients_alone():
    model = line()
    model.fit(LINE_X, LINE_Y, verbose=False)
    model.train()
    gradients = [p.grad for p in model.parameters()]
    model.predict(LINE_X)
    model.evaluate(LINE_X, LINE_Y)
    assert model.training
    assert [p.grad for p in model.parameters()] == gradients


def test_a_penalty_is_added_to_the_loss():
    model = line(sgd(0.0), penalty=lambda model: 10.0 * model.layers[0].weight[0][0] ** 2)
    history = model.fit(LINE_X, LINE_Y, verbose=False)
    assert history["loss"][0] == pytest.approx(13.375 + 2.5)


def test_moons_are_learned_with_the_settings_of_the_demo_of_micrograd():
    import random

    random.seed(1337)
    X, labels = moons(100, noise=0.1, seed=1)
    y = [2 * label - 1 for label in labels]
    model = nn.MLP(2, [16, 16, 1])
    model.compile(
        sgd(1.0),
        loss="hinge",
        metrics=["accuracy"],
        penalty=lambda model: 1e-4 * sum(p * p for p in model.parameters()),
    )

    def fall(run):
        run.optimizer.param_groups[0]["lr"] = 1.0 - 0.9 * run.epoch / 100

    model.fit(X, y, epochs=60, batch_size=100, shuffle=False, callbacks=[fall], verbose=False)
    assert model.evaluate(X, y)[1] == 1.0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"X": []}, ValueError, "there is nothing to learn from: X has no samples"),
        ({"y": [1.0]}, ValueError, "X has 4 samples and y has 1 targets: give one target for each sample"),
        (
            {"batch_size": 5},
            ValueError,
            "a batch of 5 does not fit 4 training samples: give batch_size",
        ),
        ({"batch_size": 0}, ValueError, "fit needs a whole number batch_size >= 1, got 0"),
        ({"epochs": 0}, ValueError, "fit needs a whole number epochs >= 1, got 0"),
        ({"epochs": -1}, ValueError, "fit needs a whole number epochs >= 1, got -1"),
        ({"epochs": 2.5}, ValueError, r"fit needs a whole number epochs >= 1, got 2\.5"),
        ({"replay": "numbar"}, ValueError, "replay 'numbar' is not known: choose one of auto, numba, "),
        ({"validation_split": 1.0}, ValueError, r"fit needs .* 0 <= validation_split < 1, got 1.0"),
        ({"validation_split": 0.01}, ValueError, r"validation_split is the share .*; got 0.01 for 4 samples"),
        ({"validation_data": ([], [])}, ValueError, "validation X has no samples"),
        (
            {"callbacks": ["early"]},
            TypeError,
            "callback 0 is a str: give a nn.Callback, or a",
        ),
        ({"callbacks": [nn.EarlyStopping]}, TypeError, "callback 0 is a EarlyStopping"),
    ],
)
def test_what_cannot_be_trained_is_one_clear_error_and_changes_nothing(change, error, message):
    model = line()
    before = model.state_dict()
    with pytest.raises(error, match=message):
        model.fit(**{"X": LINE_X, "y": LINE_Y, "verbose": False, **change})
    assert model.state_dict() == before


@pytest.mark.parametrize("label", [3, -1, 0.5])
def test_a_label_out_of_range_is_named_with_its_sample_before_training(label):
    model = nn.Sequential(nn.Linear(1, 3))
    model.compile(loss="cross_entropy")
    with pytest.raises(ValueError, match=rf"target {label} .*from 0 to 2"):
        model.fit(LINE_X, [0, 1, label, 2], verbose=False)


def test_labels_that_start_at_1_get_advice():
    model = nn.Sequential(nn.Linear(1, 3))
    model.compile(loss="cross_entropy")
    with pytest.raises(ValueError, match=r"\n +If your labels start at 1, pass target - 1"):
        model.fit(LINE_X, [1, 2, 3, 1], verbose=False)


@pytest.mark.parametrize("method", ["fit", "evaluate"])
def test_without_compile_the_error_says_what_to_write(method):
    with pytest.raises(ValueError, match=rf"call model.compile\(.*\) before model.{method}"):
        getattr(nn.Linear(1, 1), method)(LINE_X, LINE_Y)


def test_arrays_and_tables_are_taken_as_they_are():
    import numpy as np

    history = line(sgd(0.01)).fit(np.array(LINE_X), np.array(LINE_Y), verbose=False)
    assert history["loss"] == line(sgd(0.01)).fit(LINE_X, LINE_Y, verbose=False)["loss"]


@pytest.mark.parametrize("seed", ["a", 1.5, None, True])
def test_a_seed_is_a_whole_number(seed):
    model = nn.Sequential(nn.Linear(1, 1))
    model.compile("sgd")
    with pytest.raises((TypeError, ValueError), match="fit needs a whole number seed"):
        model.fit([[1.0]], [1.0], seed=seed, verbose=False)
