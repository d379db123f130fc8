import gc
import random
import sys
import warnings

import pytest

import autograd as ag
import nn
from autograd.replay.groups import Columns
from autograd.replay.learned import Learned, RecordedRun
from nn.fit.evaluating import judge
from nn.fit.loop import begun
from nn.fit.replaying import _products, replayed

X, Y = nn.data.moons(30)
SIGNS = [2 * label - 1 for label in Y]


def trained(replay, outputs=1, loss="hinge", optimizer=nn.SGD, epochs=3, **how):
    model = nn.MLP(2, [3, outputs], act="tanh")
    for i, p in enumerate(model.parameters()):
        p.data = 0.1 * (i % 7) - 0.3
    model.compile(lambda p: optimizer(p, lr=0.05), loss=loss, **how)
    targets = Y if loss == "cross_entropy" else SIGNS
    history = model.fit(X, targets, epochs=epochs, batch_size=8, replay=replay, verbose=False)
    return history["loss"], [p.data for p in model.parameters()], history


@pytest.mark.parametrize("optimizer", [nn.SGD, nn.Adam, nn.RMSprop])
@pytest.mark.parametrize(("outputs", "loss"), [(1, "hinge"), (2, "cross_entropy")])
def test_replayed_epochs_have_the_losses_and_weights_of_eager_ones(optimizer, outputs, loss):
    eager = trained(False, outputs, loss, optimizer)
    replay = trained("python", outputs, loss, optimizer)
    assert replay[0] == pytest.approx(eager[0], rel=1e-12)
    assert replay[1] == pytest.approx(eager[1], rel=1e-10, abs=1e-13)


def test_a_penalty_is_replayed_too():
    def decay(model):
        return nn.l2(model.parameters(), 0.01)

    assert trained("python", penalty=decay)[0] == pytest.approx(trained(False, penalty=decay)[0], rel=1e-12)


@pytest.mark.parametrize(("outputs", "loss"), [(1, "hinge"), (2, "cross_entropy")])
def test_weights_of_samples_are_replayed_too(outputs, loss):
    def run(replay):
        model = nn.MLP(2, [3, outputs], act="tanh")
        for i, p in enumerate(model.parameters()):
            p.data = 0.1 * (i % 7) - 0.3
        model.compile(lambda p: nn.SGD(p, lr=0.05), loss=loss)
        targets = Y if loss == "cross_entropy" else SIGNS
        weights = [(i % 4) / 2 for i in range(len(X))]
        how = {"epochs": 3, "batch_size": 8, "replay": replay, "verbose": False, "validation_split": 0.2}
        history = model.fit(X, targets, sample_weight=weights, **how)
        return history["loss"] + history["val_loss"]

    assert run("python") == pytest.approx(run(False), rel=1e-12)


def test_validation_and_epoch_callbacks_go_on():
    model, seen = nn.MLP(2, [2, 1]), []
    model.compile("sgd", loss="hinge")
    history = model.fit(
        X, SIGNS, epochs=2, validation_split=0.2, replay="python", verbose=False,
        callbacks=[lambda run: seen.append(run.step)],
    )  # fmt: skip
    assert list(history.history) == ["loss", "val_loss"]
    assert seen == [1, 2]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (
            {"loss": nn.half_sse},
            "half_sse is not known to be a mean over samples",
        ),
    ],
)
def test_what_cannot_be_replayed_goes_on_eagerly_with_one_warning(how, reason):
    with pytest.warns(RuntimeWarning, match=f"fit goes on eagerly, without replay: {reason}") as caught:
        losses = trained("python", **{"outputs": 1, **how})[0]
    assert len(caught) == 1
    assert losses == trained(False, **how)[0]


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize(("outputs", "loss"), [(1, "mse"), (2, "cross_entropy")])
def test_metrics_of_replayed_epochs_are_those_of_eager_ones(backend, outputs, loss):
    metrics = ["accuracy"] if loss == "cross_entropy" else ["mae", "r2"]
    eager = trained(False, outputs, loss, metrics=metrics)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        replay = trained(backend, outputs, loss, metrics=metrics)
    assert replay[2].steps["loss"] == []
    assert [*replay[2].history] == ["loss", *metrics]
    for name in metrics:
        assert replay[2][name] == pytest.approx(eager[2][name], rel=1e-12)


def squared(outputs, targets):
    return ag.sum([(o - t) ** 2 for o, t in zip(outputs, targets)]) / len(targets)


@pytest.mark.parametrize("loss", [nn.MSELoss(), squared])
def test_a_loss_of_ones_own_that_is_a_mean_is_replayed(loss):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        replay = trained("python", loss=loss)
    assert replay[2].steps["loss"] == []
    assert replay[0] == pytest.approx(trained(False, loss=loss)[0], rel=1e-12)


def test_a_loss_that_looks_at_the_whole_batch_is_not_replayed():
    def spread(outputs, targets):
        return squared(outputs, targets) + (outputs[0] - outputs[-1]) ** 2

    with pytest.warns(RuntimeWarning, match="spread is not known to be a mean over samples"):
        assert trained("python", loss=spread)[2].steps["loss"] != []


class Noisy(nn.Module):
    def __init__(self):
        self.line = nn.Linear(2, 1)

    def forward(self, x):
        return self.line([number + random.gauss(0, 0.1) for number in x] if self.training else x)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.5, random.Random(3))), "Dropout"),
        (Noisy, "Noisy"),
    ],
)
def test_what_draws_random_numbers_is_trained_as_without_replay(make, name):
    def weights(replay):
        random.seed(1)
        model = make()
        model.compile("sgd", loss="hinge")
        model.fit(X, SIGNS, epochs=2, batch_size=8, replay=replay, verbose=False)
        return [p.data for p in model.parameters()]

    with pytest.warns(RuntimeWarning, match=f"{name} draws random numbers while training"):
        replayed_weights = weights("python")
    assert replayed_weights == weights(False)


def test_callbacks_that_look_at_steps_are_named():
    model = nn.Linear(2, 1)
    model.compile("sgd")
    with pytest.warns(RuntimeWarning, match="GradientNorms looks at single steps"):
        history = model.fit(X, Y, callbacks=[nn.GradientNorms()], replay="python", verbose=False)
    assert len(history.steps["gradient_norm"]) == 1


def test_auto_replays_only_what_takes_long():
    assert trained("auto")[2].steps["loss"] != []


def test_a_loss_that_is_not_finite_stops_with_the_weights_before():
    model = nn.Linear(1, 1)
    model.compile(lambda p: nn.SGD(p, lr=1e200), loss="mse")
    with pytest.raises(FloatingPointError, match="not finite"):
        model.fit([[1.0], [2.0]], [1.0, 2.0], epochs=5, replay="python", verbose=False)
    assert all(abs(p.data) < 1e300 for p in model.parameters())


def test_false_is_never_replayed():
    assert replayed(None, False) is None


def test_texts_of_one_length_share_one_program_of_a_gpt():
    model = nn.GPT(vocab_size=6, block_size=5, dim=4, heads=2, layers=1)
    texts = [[5, 0, 1, 5], [5, 2, 3, 5], [5, 4, 4, 5], [5, 1, 0, 5], [5, 3, 2, 5]]
    program = ag.record(model.loss, params=model.parameters(), backend="python")
    for text in texts * 2:
        model.zero_grad()
        replayed_loss = program(text).data
        gradients = [p.grad for p in model.parameters()]
        model.zero_grad()
        loss = model.loss(text)
        loss.backward()
        assert replayed_loss == pytest.approx(loss.data, rel=1e-12)
        assert gradients == pytest.approx([p.grad for p in model.parameters()], rel=1e-10, abs=1e-15)
    assert "1 program" in repr(program)
    assert program.replays >= 1


def test_an_embedding_is_trained_alike_with_and_without_replay():
    def trained_table(replay):
        model = nn.Sequential(nn.Embedding(4, 2), nn.Linear(2, 1))
        for i, p in enumerate(model.parameters()):
            p.data = 0.1 * i
        model.compile(lambda p: nn.Adam(p, lr=0.1))
        things, targets = [0, 1, 0, 2, 1, 0], [0.5, 0.0, 1.0, -1.0, 2.0, 0.0]
        model.fit(things, targets, epochs=3, batch_size=2, replay=replay, verbose=False)
        return [p.data for p in model.parameters()]

    assert trained_table("python") == pytest.approx(trained_table(False), rel=1e-10)


class TwoRoads(nn.Module):
    """One layer for points on the right, one for those on the left, and one for none."""

    def __init__(self):
        self.right, self.left, self.unused = nn.Linear(2, 1), nn.Linear(2, 1), nn.Linear(2, 1)

    def forward(self, x):
        return self.right(x) if x[0] > 0 else self.left(x)


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize("optimizer", [nn.SGD, nn.Adam, nn.AdamW])
def test_layers_without_a_gradient_are_left_alone_as_they_are_eagerly(backend, optimizer):
    def numbers(replay):
        model = TwoRoads()
        for i, p in enumerate(model.parameters()):
            p.data = 0.2 * i - 0.5
        more = {"momentum": 0.9} if optimizer is nn.SGD else {}
        model.compile(lambda p: optimizer(p, lr=0.05, weight_decay=0.1, **more), loss="mse")
        history = model.fit(X, Y, epochs=3, batch_size=3, replay=replay, verbose=False)
        return [*history["loss"], *[p.data for p in model.parameters()]]

    assert numbers(backend) == pytest.approx(numbers(False), rel=1e-12)


@pytest.mark.parametrize("backend", ["python", "numba"])
def test_nll_gets_its_labels_as_they_are(backend):
    def numbers(replay):
        model = nn.Sequential(nn.Linear(2, 3), nn.LogSoftmax())
        for i, p in enumerate(model.parameters()):
            p.data = 0.2 * i - 0.5
        model.compile("adam", loss="nll", metrics=["accuracy"])
        history = model.fit(X, Y, epochs=3, batch_size=8, replay=replay, verbose=False)
        return [*history["loss"], *history["accuracy"], *[p.data for p in model.parameters()]]

    assert numbers(backend) == pytest.approx(numbers(False), rel=1e-12)


@pytest.mark.parametrize("backend", ["python", "numba"])
def test_a_parameter_of_the_loss_is_trained_too(backend):
    def numbers(replay):
        model, scale = nn.MLP(2, [1]), ag.Value(0.5)
        for i, p in enumerate(model.parameters()):
            p.data = 0.2 * i - 0.5

        def loss(outputs, targets):
            return nn.mse([scale * output for output in outputs], targets)

        model.compile(nn.Adam([*model.parameters(), scale], lr=0.05), loss=loss)
        history = model.fit(X, Y, epochs=3, batch_size=8, replay=replay, verbose=False)
        return [*history["loss"], *[p.data for p in model.parameters()], scale.data]

    assert numbers(backend) == pytest.approx(numbers(False), rel=1e-12)


def test_a_weight_counts_as_often_as_it_is_used():
    def products(model, x):
        model.compile(loss="mse")
        return _products(begun(model, model._choices, ([x], [0.0], None), None, [], 1, 1, None))

    assert products(nn.Linear(8, 4), [0.0] * 8) == pytest.approx(32, rel=0.2)
    plain = products(nn.Conv1d(1, 1, 3), [[0.0] * 3])
    assert products(nn.Conv1d(1, 1, 3), [[0.0] * 102]) == pytest.approx(100 * plain, rel=0.01)


@pytest.mark.parametrize("backend", ["python", "numpy"])
@pytest.mark.parametrize("metrics", [[], ["accuracy"]])
@pytest.mark.parametrize(
    ("outputs", "loss"), [(1, "hinge"), (2, "cross_entropy"), (2, nn.CrossEntropyLoss())]
)
def test_validation_is_replayed_and_leaves_no_gradient(monkeypatch, backend, metrics, outputs, loss):
    def run(replay):
        random.seed(1)
        model = nn.MLP(2, [3, outputs], act="tanh")
        model.compile(
            lambda p: nn.SGD(p, lr=0.05), loss, metrics, penalty=lambda m: nn.l2(m.parameters(), 0.01)
        )
        y = SIGNS if loss == "hinge" else Y
        held = (X[20:], y[20:])
        history = model.fit(X[:20], y[:20], epochs=6, validation_data=held, replay=replay, verbose=False)
        assert all(p.grad == 0.0 for p in model.parameters()) or not replay
        return history.history

    eager, calls = run(False), []
    monkeypatch.setattr("nn.fit.loop.judge", lambda *args: calls.append(args) or judge(*args))
    replay = run(backend)
    assert len(calls) == 1  # of one sample, before the first epoch
    assert replay.keys() == eager.keys()
    for name in eager:
        assert replay[name] == pytest.approx(eager[name], rel=1e-12)


def test_a_program_of_fit_lasts_from_the_first_epoch_to_the_last(monkeypatch):
    made = []
    monkeypatch.setattr("autograd.replay.learned.RecordedRun", lambda *a: made.append(a) or RecordedRun(*a))
    trained("python", epochs=1)
    first = len(made)
    trained("python", epochs=6)
    assert 2 <= first == len(made) - first


def test_a_module_that_wants_whole_batches_is_asked_for_one_before_a_run():
    class Centred(nn.Module):
        needs_batch = True

        def forward(self, samples):
            mean = ag.sum([x[0] for x in samples]) / len(samples)
            return [[x[0] - mean] for x in samples]

    model = nn.Sequential(Centred(), nn.Linear(1, 1))
    model.compile("sgd", "mse")
    assert len(model.fit([[1.0], [2.0]], [0.0, 1.0], verbose=False)) == 1


def edited_in_the_middle(replay, edit):
    random.seed(1)
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 3))
    model.compile(lambda p: nn.Adam(p, lr=0.05), loss="cross_entropy", metrics=["accuracy"])
    X = [[0.1 * i, 1.0 - 0.2 * i] for i in range(9)]
    y = [i % 3 for i in range(9)]

    def callback(run):
        if run.epoch in (4, 5, 9):
            edit(run)

    history = model.fit(X, y, epochs=14, batch_size=4, callbacks=[callback], replay=replay, verbose=False)
    return [*history["loss"], *history["accuracy"], *[p.data for p in model.parameters()]]


def other_optimizer(run):
    run.optimizer = nn.SGD(run.parameters, lr=0.1)


def other_memory(run):
    for memory in run.optimizer.state.values():
        memory["mean"] = 0.0


EDITS = {
    "a sample": lambda run: run.X[2].__setitem__(0, 3.0),
    "a label": lambda run: run.y.__setitem__(2, (run.y[2] + 1) % 3),
    "all samples": lambda run: setattr(run, "X", [[x + 0.5, y] for x, y in run.X]),
    "a weight": lambda run: setattr(run.parameters[3], "data", 0.25),
    "the rate": lambda run: run.optimizer.param_groups[0].update(lr=0.01),
    "the memory": other_memory,
    "the optimizer": other_optimizer,
    "a gradient": lambda run: setattr(run.parameters[0], "grad", None),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_a_callback_edits_counts_from_the_next_epoch_on(edit):
    eager, replayed = (edited_in_the_middle(replay, EDITS[edit]) for replay in (False, "numba"))
    assert replayed == pytest.approx(eager, rel=1e-12, abs=1e-13)


# besides callbacks, what of the user's runs between two epochs
def edited_by_a_metric(model, edit):
    def edits(predictions, targets):
        edit()
        return float(len(predictions) - len(targets))

    return model, {"metrics": [edits]}


def edited_by_train(model, edit):
    class Switched(nn.Sequential):
        def train(self, mode=True):
            if mode:
                edit()
            return super().train(mode)

    return Switched(*model.layers), {}


PLACES = {
    "a sample": lambda model, X: X[2].__setitem__(0, X[2][0] + 1.0),
    "a weight": lambda model, X: setattr(model.parameters()[3], "data", 0.25),
    "what the model reads": lambda model, X: setattr(model.layers[1], "factor", model.layers[1].factor + 0.5),
}


class Scaled(nn.Module):
    def __init__(self):
        self.factor = 1.0

    def forward(self, x):
        return [self.factor * y.tanh() for y in x]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("by", [edited_by_a_metric, edited_by_train])
def test_what_other_code_of_the_users_edits_counts_from_the_next_epoch_on(by, place):
    def fitted(replay):
        random.seed(1)
        X, y, calls = [[0.1 * i, 1.0 - 0.2 * i] for i in range(9)], [i % 3 for i in range(9)], []

        def edit():
            calls.append(1)
            if len(calls) in (4, 5, 9):
                PLACES[place](model, X)

        begin = nn.Callback()
        begin.on_fit_begin = lambda _: calls.clear()  # replay tries the model before
        first = nn.Sequential(nn.Linear(2, 4), Scaled(), nn.Linear(4, 3))
        model, settings = by(first, edit)
        model.compile(lambda p: nn.Adam(p, lr=0.05), loss="cross_entropy", **settings)
        how = {"epochs": 14, "batch_size": 9, "replay": replay, "verbose": False, "callbacks": [begin]}
        history = model.fit(X, y, validation_data=(X, y), **how)
        return [*history["loss"], *history["val_loss"], *[p.data for p in model.parameters()]]

    assert fitted("numba") == pytest.approx(fitted(False), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(("callbacks", "often"), [([], False), ([lambda _run: None], True)])
def test_data_and_model_are_looked_at_again_only_after_code_of_the_users(monkeypatch, callbacks, often):
    looks = {"data": 0, "reads": 0, "modules": 0}

    def counted(owner, name, what):
        old = getattr(owner, name)

        def method(self, *args):
            looks[what] += not any(args)  # what is alone with the library is not looked at
            return old(self, *args)

        monkeypatch.setattr(owner, name, method)

    counted(Columns, "changed", "data")
    counted(Learned, "outdated", "reads")
    counted(nn.Module, "modules", "modules")
    model = nn.MLP(2, [3, 2], act="tanh")
    model.compile("sgd", loss="cross_entropy", metrics=["accuracy"])
    how = {"epochs": 50, "batch_size": 30, "replay": "numba", "verbose": False, "callbacks": callbacks}
    model.fit(X, Y, validation_data=(X[:9], Y[:9]), **how)
    assert all((count >= 49) is often for count in looks.values()), looks


def test_callbacks_see_every_module_in_its_mode_also_those_that_one_has_added():
    seen = []

    class Adds(nn.Callback):
        def on_epoch_begin(self, run):
            seen.append({module.training for module in run.model.modules()})

        def on_epoch_end(self, run):
            seen.append({module.training for module in run.model.modules()})
            run.model.extra = [*getattr(run.model, "extra", []), nn.Tanh()]

    model = nn.MLP(2, [3, 1], act="tanh")
    model.compile("sgd", loss="mse")
    model.fit(X, Y, epochs=6, callbacks=[Adds()], replay="numba", verbose=False)
    assert seen == [{True}, {False}] * 6


@pytest.mark.parametrize("metrics", [[], ["accuracy", "mae"]])
def test_ten_thousand_epochs_leave_nothing_behind_but_their_numbers(metrics):
    random.seed(1)
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2))
    model.compile("adam", loss="mse" if metrics else "cross_entropy", metrics=metrics)
    X, y = [[0.1 * i, 1.0 - 0.2 * i] for i in range(8)], [i % 2 for i in range(8)]
    if metrics:
        y = [[1.0 - label, float(label)] for label in y]
    held = {"validation_data": (X[:3], y[:3])} if metrics else {}
    blocks = {}

    def callback(run):
        if run.epoch in (1_000, 10_000):
            gc.collect()
            blocks[run.epoch] = sys.getallocatedblocks()

    how = {"callbacks": [callback], "replay": "numba", "verbose": False, **held}
    history = model.fit(X, y, epochs=10_000, batch_size=8, **how)
    numbers = 9_000 * (1 + len(history.history))  # an epoch has its own too
    # one object that each epoch leaves would be 9,000; other caches of the process grow by some hundreds
    assert blocks[10_000] - blocks[1_000] < numbers + 4_500
