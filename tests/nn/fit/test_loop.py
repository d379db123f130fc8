import functools
import gc
import math
import signal

import pytest
from interrupts import interrupted_at

import nn
from nn.fit.loop import Eager, Loop

X, Y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]


def compiled(lr=0.01, loss="mse", **settings):
    model = nn.Sequential(nn.Linear(1, 1))
    model.load_state_dict({"layers.0.weight": [[0.5]], "layers.0.bias": [0.0]})
    model.compile(lambda p: nn.SGD(p, lr=lr), loss=loss, **settings)
    return model


class At(nn.Callback):
    """Does something at one step."""

    def __init__(self, step, action):
        self.step, self.action = step, action

    def on_gradients(self, run):
        if run.step == self.step:
            self.action(run)


def weights_after(steps):
    model = compiled()
    if steps:
        model.fit(X, Y, epochs=steps, batch_size=4, shuffle=False, verbose=False)
    return model.state_dict()


def press_ctrl_c(run):
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_keeps_weights_and_history_of_all_complete_steps(capsys):
    model = compiled()
    history = model.fit(
        X, Y, epochs=9, batch_size=4, shuffle=False, callbacks=[At(4, press_ctrl_c)], verbose=False
    )
    assert history.stopped == "interrupted"
    assert len(history["loss"]) == len(history.steps["loss"]) == 3
    assert model.state_dict() == weights_after(3)
    assert "Stopped by Ctrl-C after step 3 (epoch 4): the weights and the history" in capsys.readouterr().err


def test_an_error_in_a_callback_passes_and_leaves_the_last_complete_step():
    model = compiled()

    def fail(run):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        model.fit(X, Y, epochs=9, batch_size=4, shuffle=False, callbacks=[At(3, fail)], verbose=False)
    assert model.state_dict() == weights_after(2)
    assert model.history.stopped == "failed"
    assert len(model.history["loss"]) == 2


def test_the_collector_is_paused_while_a_step_runs_and_comes_back():
    seen = []
    compiled().fit(X, Y, callbacks=[At(1, lambda run: seen.append(gc.isenabled()))], verbose=False)
    assert seen == [False]
    assert gc.isenabled()


def test_the_collector_comes_back_after_an_exception():
    def fail(run):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        compiled().fit(X, Y, callbacks=[At(1, fail)], verbose=False)
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        compiled().fit(X, Y, verbose=False)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_each_epoch_has_its_own_order_and_sees_every_sample_once():
    orders = []

    class Watch(nn.Callback):
        def on_epoch_begin(self, run):
            orders.append([])

        def on_step_end(self, run):
            orders[-1] += run.batch_indices

    samples = [[float(i)] for i in range(20)]
    compiled(0.0).fit(samples, [0.0] * 20, epochs=3, batch_size=6, callbacks=[Watch()], verbose=False)
    assert all(sorted(order) == list(range(20)) for order in orders)
    assert orders[0] != orders[1] != orders[2]


def test_a_model_trains_in_train_mode_and_is_left_in_eval_mode():
    modes = []
    model = compiled()
    model.fit(X, Y, callbacks=[At(1, lambda run: modes.append(run.model.training))], verbose=False)
    assert modes == [True]
    assert not model.training


def test_layers_without_sizes_get_their_weights_before_the_optimizer_is_made():
    class Later(nn.Module):
        def forward(self, x):
            if not hasattr(self, "linear"):
                self.linear = nn.Linear(len(x), 1)
            return self.linear(x)

    model = Later()
    model.compile(lambda p: nn.SGD(p, lr=0.05))
    losses = model.fit(X, Y, epochs=20, verbose=False)["loss"]
    assert losses[-1] < losses[0]


def test_a_loss_that_becomes_nan_stops_the_run_and_names_step_and_place():
    model = compiled(lr=0.2, loss=lambda said, wanted: nn.mse([p.log() for p in said], [-9.0] * 4))
    model.load_state_dict({"layers.0.weight": [[1.0]], "layers.0.bias": [5.0]})
    states = []
    with pytest.raises(FloatingPointError) as caught:
        model.fit(
            X,
            Y,
            epochs=50,
            batch_size=4,
            shuffle=False,
            callbacks=[lambda run: states.append(run.model.state_dict())],
            verbose=False,
        )
    text = str(caught.value)
    step = len(states) + 1
    assert f"at step {step} (epoch {step}, batch 1). It arose here: log(" in text
    assert "test_loop.py, line" in text
    assert f"The weights of step {step - 1} are kept" in text
    assert "Try a smaller learning rate (it is 0.2)" in text
    assert model.state_dict() == states[-1]
    assert len(model.history["loss"]) == step - 1
    assert all(math.isfinite(x) for x in model.history.steps["loss"])


def test_nan_in_the_data_is_told_by_its_sample():
    with pytest.raises(FloatingPointError, match="Sample 2 of the data holds nan: clean the data first"):
        compiled().fit([[0.0], [1.0], [math.nan], [3.0]], Y, verbose=False)


def test_a_gradient_that_is_not_finite_names_the_parameter():
    model = compiled(loss=lambda said, wanted: (said[0] * 0.0).sqrt())
    before = model.state_dict()
    with pytest.raises(FloatingPointError, match=r"a gradient became nan at step 1 .*: layers.0.weight.0.0"):
        model.fit(X, Y, verbose=False)
    assert model.state_dict() == before


def test_an_update_that_overflows_is_taken_back():
    model = compiled(lr=1e308, loss=lambda said, wanted: 1e10 * said[1])
    before = model.state_dict()
    with pytest.raises(FloatingPointError, match=r"the update of step 1 .* made layers.0.weight.0.0 -inf"):
        model.fit(X, Y, verbose=False, shuffle=False)
    assert model.state_dict() == before


def test_the_history_counts_steps_and_epochs_from_1():
    seen = []
    compiled().fit(
        X,
        Y,
        epochs=2,
        batch_size=2,
        callbacks=[lambda run: seen.append((run.epoch, run.step, run.batch))],
        verbose=False,
    )
    assert seen == [(1, 2, 2), (2, 4, 2)]


class Scores(nn.Module):
    """One number for each of three things."""

    def __init__(self):
        self.table = nn.Embedding(3, 1)
        self.table.load_state_dict({"weight": [[1.0], [2.0], [3.0]]})

    def forward(self, index):
        return self.table(index)


@pytest.mark.parity
def test_rows_of_an_embedding_that_a_batch_leaves_out_go_on_as_in_torch(torch):
    ours, theirs = (
        Scores(),
        torch.nn.Embedding.from_pretrained(torch.tensor([[1.0], [2.0], [3.0]]), freeze=False),
    )
    ours.compile(lambda p: nn.Adam(p, lr=0.1))
    optimizer = torch.optim.Adam(theirs.parameters(), lr=0.1)
    things, targets = [0, 1, 0, 2, 1, 0], [0.5, 0.0, 1.0, -1.0, 2.0, 0.0]
    for thing, target in zip(things, targets):
        optimizer.zero_grad()
        (theirs(torch.tensor([thing]))[0, 0] - target).square().backward()
        optimizer.step()
    ours.fit(things, targets, batch_size=1, shuffle=False, verbose=False)
    assert [p.data for p in ours.parameters()] == pytest.approx(theirs.weight.flatten().tolist(), rel=1e-12)


@pytest.mark.parametrize("where", ["training", "validation"])
@pytest.mark.parametrize("metric", ["accuracy", nn.accuracy, functools.partial(nn.accuracy, threshold=0.3)])
def test_accuracy_of_a_regression_is_refused_before_the_first_update(where, metric):
    model = nn.Sequential(nn.Linear(1, 1))
    model.compile("sgd", "mse", metrics=[metric])
    before = model.state_dict()
    X, classes, measured = [[0.0], [1.0], [2.0]], [0, 1, 1], [0, 1, 0.5]
    y, y_val = (measured, classes) if where == "training" else (classes, measured)
    with pytest.raises(
        ValueError, match=r"accuracy counts right classes, but target 0\.5 of sample 2 is a measured"
    ):
        model.fit(X, y, validation_data=(X, y_val), epochs=2, verbose=False)
    assert model.state_dict() == before


def test_labels_are_checked_before_the_first_update_also_of_a_loss_with_settings():
    for loss in (nn.CrossEntropyLoss(), functools.partial(nn.cross_entropy, label_smoothing=0.1)):
        model = nn.Sequential(nn.Linear(1, 2))
        model.compile("sgd", loss)
        with pytest.raises(ValueError, match=r"target 2 does not fit 2 logits: .* \(sample 1\)"):
            model.fit([[0.0], [1.0]], [0, 2], verbose=False)


def test_a_sample_of_weight_2_counts_as_two_of_which_one_has_none():
    def losses(X, y, weights, **more):
        model = nn.MLP(1, [2, 1])
        for i, p in enumerate(model.parameters()):
            p.data = 0.2 * i - 0.5
        model.compile(lambda p: nn.SGD(p, lr=0.01), loss="mse")
        history = model.fit(X, y, epochs=4, shuffle=False, verbose=False, sample_weight=weights, **more)
        return history["loss"], model.evaluate(X, y, sample_weight=weights)

    once = losses(X, Y, [2.0, 0.0, 1.0, 1.0])
    twice = losses([X[0], X[0], *X[2:]], [Y[0], Y[0], *Y[2:]], None)
    assert once == (pytest.approx(twice[0], rel=1e-14), pytest.approx(twice[1], rel=1e-14))


def test_validation_has_weights_of_its_own():
    model = nn.Linear(1, 1)
    model.compile("sgd", loss="mse")
    judged = (X, Y, [1.0, 0.0, 0.0, 3.0])
    history = model.fit(X, Y, validation_data=judged, verbose=False)
    assert history["val_loss"][0] == model.evaluate(*judged[:2], sample_weight=judged[2])
    split = model.fit(X, Y, validation_split=0.5, sample_weight=[1.0, 1.0, 0.5, 0.25], verbose=False)
    assert split["val_loss"][0] == model.evaluate(X[2:], Y[2:], sample_weight=[0.5, 0.25])


def test_weights_that_do_not_fit_or_cannot_count_are_refused():
    model = nn.Linear(1, 2)
    model.compile("sgd", loss=nn.CrossEntropyLoss(weight=[1.0, 2.0]))
    with pytest.raises(ValueError, match="multiplies the loss of each sample before their mean is taken"):
        model.fit(X, [0, 1, 1, 0], sample_weight=[1.0] * 4)
    with pytest.raises(ValueError, match="such mean"):
        model.evaluate(X, [0, 1, 1, 0], sample_weight=[1.0] * 4)
    model.compile("sgd", loss="cross_entropy")
    with pytest.raises(ValueError, match="sample_weight has 3 weights for 4 samples"):
        model.fit(X, [0, 1, 1, 0], sample_weight=[1.0] * 3)
    with pytest.raises(ValueError, match="sample_weight"):
        model.fit(X, [0, 1, 1, 0], sample_weight=[1.0, 1.0, 1.0, -1.0])


def test_gradients_add_up_until_they_are_zeroed():
    model = nn.Linear(1, 1)
    stepper = Eager(model, nn.mse)
    stepper.gradients([[1.0]], [2.0], lambda loss: None)
    once = model.weight[0][0].grad
    stepper.gradients([[1.0]], [2.0], lambda loss: None)
    assert model.weight[0][0].grad == 2 * once


@pytest.mark.parametrize("make", [lambda p: nn.SGD(p, lr=0.1, momentum=0.9), lambda p: nn.Adam(p, lr=0.1)])
def test_a_step_of_fit_interrupted_anywhere_leaves_weights_and_optimizer_of_one_step(make, monkeypatch):
    X, y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
    one_step = Loop._one_step

    def fitted(moment):
        """Interrupt the third step: where all steps ended, where the run did, and how, and the moments."""
        model = nn.Sequential(nn.Linear(1, 1))
        model.load_state_dict({"layers.0.weight": [[0.5]], "layers.0.bias": [0.0]})
        optimizer = make(model.parameters())
        model.compile(optimizer)
        steps, count = [(model.state_dict(), optimizer.state_dict())], [0]

        def interrupted(loop, *data):
            with interrupted_at(moment if loop.run.step == 2 else -1) as moments:
                made = one_step(loop, *data)
            steps.append((model.state_dict(), optimizer.state_dict()))
            count.append(moments[0])
            return made

        monkeypatch.setattr(Loop, "_one_step", interrupted)
        history = model.fit(X, y, epochs=2, batch_size=2, verbose=False, replay=False)
        return steps, (model.state_dict(), optimizer.state_dict()), history.stopped, count

    steps, _, _, count = fitted(-1)
    assert len(steps) == 5
    ends = [fitted(moment)[1:3] for moment in range(count[3])]
    where = [end for end, how in ends if how == "interrupted"]
    assert len(where) > 0.9 * count[3]
    assert all(end in steps[2:4] for end in where)
