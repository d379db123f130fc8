import math

import pytest

import autograd as ag
import nn

X, Y = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]


def compiled(lr=0.01):
    model = nn.Sequential(nn.Linear(1, 1))
    model.load_state_dict({"layers.0.weight": [[0.5]], "layers.0.bias": [0.0]})
    model.compile(lambda p: nn.SGD(p, lr=lr))
    return model


class Pretend(nn.Callback):
    """Puts given numbers into the logs, as if the model had been judged so."""

    def __init__(self, numbers):
        self.numbers = numbers

    def on_epoch_end(self, run):
        run.logs["val_loss"] = self.numbers[run.epoch - 1]


def run_with(numbers, stopping):
    states, model = [], compiled()
    after_each = [Pretend(numbers), lambda run: states.append(run.model.state_dict()), stopping]
    history = model.fit(X, Y, epochs=len(numbers), batch_size=4, callbacks=after_each, verbose=False)
    return history, states, model


def test_early_stopping_bears_patience_epochs_and_goes_back_to_the_best_weights():
    stopping = nn.EarlyStopping(patience=2)
    history, states, model = run_with([5.0, 3.0, 4.0, 3.5, 3.2, 1.0], stopping)
    assert len(history) == 5
    assert history.stopped == "early"
    assert stopping.best_epoch == 2
    assert model.state_dict() == states[1]


def test_an_improvement_of_min_delta_or_less_does_not_count():
    history, _, _ = run_with([5.0, 4.95, 4.9, 1.0], nn.EarlyStopping(patience=1, min_delta=0.1))
    assert len(history) == 3


def test_the_best_weights_come_back_also_when_all_epochs_were_run():
    history, states, model = run_with([5.0, 3.0, 4.0], nn.EarlyStopping(patience=9))
    assert history.stopped == "finished"
    assert model.state_dict() == states[1]


def test_weights_stay_the_last_ones_without_restore():
    _, states, model = run_with([5.0, 3.0, 4.0], nn.EarlyStopping(patience=9, restore_best_weights=False))
    assert model.state_dict() == states[2]


def test_nan_is_never_an_improvement():
    _, states, model = run_with([5.0, math.nan, 6.0], nn.EarlyStopping(patience=9))
    assert model.state_dict() == states[0]


class Record(nn.Callback):
    """Put given numbers among those of the epochs."""

    def __init__(self, **columns):
        self.columns = columns

    def on_epoch_end(self, run):
        for name, column in self.columns.items():
            run.logs[name] = column[run.epoch - 1]


def test_what_should_rise_is_known_or_said():
    column = [0.1, 0.9, 0.5, 0.4]
    for mode, best in (("max", 2), ("min", 1)):
        stopping = nn.EarlyStopping("val_f1", patience=10, mode=mode)
        compiled().fit(X, Y, epochs=4, callbacks=[Record(val_f1=column), stopping], verbose=False)
        assert stopping.best_epoch == best
    stopping = nn.EarlyStopping("val_accuracy", patience=10)
    compiled().fit(X, Y, epochs=4, callbacks=[Record(val_accuracy=column), stopping], verbose=False)
    assert stopping.best_epoch == 2


def test_a_number_that_is_not_known_to_rise_or_fall_is_refused_at_once():
    with pytest.raises(ValueError, match="cannot know whether 'val_f1' should rise or fall: write mode="):
        nn.EarlyStopping("val_f1")


def test_plateau_goes_by_the_name_that_is_watched():
    def rates(monitor, mode="auto"):
        schedule = nn.LearningRate(
            lambda o: nn.schedules.ReduceLROnPlateau(o, mode, patience=0, factor=0.5), monitor=monitor
        )
        record = Record(accuracy=[0.1, 0.2, 0.3], val_f1=[0.1, 0.2, 0.3])
        return compiled(0.08).fit(X, Y, epochs=3, callbacks=[record, schedule], verbose=False)["lr"]

    assert rates("accuracy") == rates("val_f1", "max") == [0.08, 0.08, 0.08]
    assert rates("val_f1", "min") == [0.08, 0.08, 0.04]
    with pytest.raises(ValueError, match="ReduceLROnPlateau cannot know whether 'val_f1' should rise"):
        rates("val_f1")


def test_best_of_what_should_rise():
    best = nn.callbacks.Best(rising=True)
    assert [best.improved(x) for x in (0.5, 0.4, 0.6)] == [True, False, True]


def test_a_number_that_fit_does_not_record_is_named():
    message = r"EarlyStopping watches 'val_loss', and fit recorded loss\. Give fit validation_split=0\.2"
    with pytest.raises(ValueError, match=message):
        compiled().fit(X, Y, callbacks=[nn.EarlyStopping()], verbose=False)


@pytest.mark.parametrize("setting", [{"patience": -1}, {"min_delta": -0.1}])
def test_settings_below_0_are_refused(setting):
    with pytest.raises(ValueError, match=r"EarlyStopping needs a (whole|finite) number \w+ >= 0, got -"):
        nn.EarlyStopping(**setting)


def test_gradient_norms_are_those_before_the_step():
    model = compiled(lr=0.0)
    history = model.fit(X, Y, batch_size=4, shuffle=False, callbacks=[nn.GradientNorms()], verbose=False)
    by_hand = compiled()
    nn.mse([by_hand(x)[0] for x in X], Y).backward()
    w, b = (p.grad for p in by_hand.parameters())
    assert history.steps["gradient_norm layers.0.weight"] == [pytest.approx(abs(w))]
    assert history.steps["gradient_norm"] == [pytest.approx(math.hypot(w, b))]


def test_clipping_shortens_the_step_and_keeps_its_direction():
    free, clipped = compiled(lr=1.0), compiled(lr=1.0)
    start = [p.data for p in free.parameters()]
    free.fit(X, Y, batch_size=4, verbose=False)
    clipped.fit(X, Y, batch_size=4, callbacks=[nn.ClipGradients(max_norm=0.5)], verbose=False)
    long = [p.data - s for p, s in zip(free.parameters(), start)]
    short = [p.data - s for p, s in zip(clipped.parameters(), start)]
    assert math.hypot(*short) == pytest.approx(0.5, rel=1e-6)
    assert short[0] / long[0] == pytest.approx(short[1] / long[1])


def test_clipping_by_value_bounds_every_gradient():
    model = compiled(lr=1.0)
    start = [p.data for p in model.parameters()]
    model.fit(X, Y, batch_size=4, callbacks=[nn.ClipGradients(max_value=0.25)], verbose=False)
    assert [p.data - s for p, s in zip(model.parameters(), start)] == [0.25, 0.25]


def test_a_nan_gradient_stops_the_run_through_clipping_too():
    def loss(predictions, targets):
        share = predictions[0]
        return ag.sqrt(share - share) * 0.0 + share  # a finite value, and 0 * inf as its gradient

    for clip in (nn.ClipGradients(max_value=1.0), nn.ClipGradients(max_norm=1.0), nn.GradientNorms()):
        model = nn.Sequential(nn.Linear(1, 1))
        model.compile(lambda p: nn.SGD(p, lr=0.1), loss)
        before = model.state_dict()
        with pytest.raises(FloatingPointError):
            model.fit([[1.0]], [1.0], callbacks=[clip], verbose=False)
        assert model.state_dict() == before


class Halving:
    """A schedule: half the rate at each step."""

    def __init__(self, optimizer):
        self.optimizer, self.seen = optimizer, []

    def step(self, *seen):
        self.seen += seen
        self.optimizer.param_groups[0]["lr"] /= 2


def test_a_schedule_goes_on_per_epoch_and_the_rate_is_recorded():
    history = compiled(0.08).fit(X, Y, epochs=3, callbacks=[nn.LearningRate(Halving)], verbose=False)
    assert history["lr"] == [0.08, 0.04, 0.02]


def test_a_schedule_goes_on_per_step():
    rate = nn.LearningRate(Halving, per="step")
    history = compiled(0.08).fit(X, Y, epochs=2, batch_size=2, callbacks=[rate], verbose=False)
    assert history["lr"] == [0.02, 0.005]


def test_a_schedule_may_watch_a_number_of_the_epoch():
    rate = nn.LearningRate(Halving, monitor="loss")
    history = compiled(0.08).fit(X, Y, epochs=2, callbacks=[rate], verbose=False)
    assert rate.schedule.seen == history["loss"]


def test_a_rate_per_something_else_is_refused():
    with pytest.raises(ValueError, match="LearningRate: per 'week' is not known: choose one of epoch, step"):
        nn.LearningRate(Halving, per="week")


def test_a_callback_whose_beginning_was_not_reached_is_not_told_of_the_end():
    class Broken(nn.Callback):
        def on_fit_begin(self, run):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        compiled(0.08).fit(X, Y, callbacks=[Broken(), nn.EarlyStopping("loss")], verbose=False)


def test_a_schedule_is_made_when_fit_begins():
    optimizer = nn.SGD([ag.Value(1.0)], lr=0.1)
    with pytest.raises(TypeError, match=r"got StepLR\. Write LearningRate\(lambda o: nn\.StepLR"):
        nn.LearningRate(nn.schedules.StepLR(optimizer, step_size=2))
    with pytest.raises(TypeError, match=r"StepLR got int\. Write StepLR\(optimizer, \.\.\.\)"):
        nn.schedules.StepLR(3, step_size=2)
