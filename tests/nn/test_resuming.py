"""3 epochs, a stop and 3 more are 6 epochs, bit for bit, whatever takes part."""

import itertools
import json
import random
from collections import deque

import numpy as np
import pytest

import nn
from nn import schedules

X = [[i / 4, 1 - i / 5] for i in range(7)]
Y = [x[0] - 2 * x[1] for x in X]

OPTIMIZERS = {
    "SGD": lambda p: nn.SGD(p, lr=0.05, weight_decay=0.01),
    "momentum": lambda p: nn.SGD(p, lr=0.02, momentum=0.9, dampening=0.1),
    "Nesterov": lambda p: nn.SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    "Adagrad": lambda p: nn.optim.Adagrad(p, lr=0.1, lr_decay=0.1),
    "RMSprop": lambda p: nn.optim.RMSprop(p, momentum=0.5, centered=True),
    "Adam": lambda p: nn.Adam(p, lr=0.02, betas=(0.7, 0.9)),
    "AdamW": lambda p: nn.optim.AdamW(p, lr=0.02, amsgrad=True),
    "groups": lambda p: nn.Adam([{"params": p[:4]}, {"params": p[4:], "lr": 0.01}], lr=0.05),
}
PER_EPOCH = {
    "none": None,
    "StepLR": lambda o: schedules.StepLR(o, 2, 0.5),
    "ExponentialLR": lambda o: schedules.ExponentialLR(o, 0.8),
    "CosineAnnealingLR": lambda o: schedules.CosineAnnealingLR(o, 6, 0.001),
    "LinearLR": lambda o: schedules.LinearLR(o, total_iters=4),
    "LambdaLR": lambda o: schedules.LambdaLR(o, lambda t: 1 / (1 + t)),
    "WarmUp": lambda o: schedules.WarmUp(o, 2, 6),
    "OneCycleLR": lambda o: schedules.OneCycleLR(o, 0.1, 36, cycle_momentum=hasmomentum(o)),
    "MultiStepLR": lambda o: schedules.MultiStepLR(o, [2, 4], 0.5),
    "CosineAnnealingWarmRestarts": lambda o: schedules.CosineAnnealingWarmRestarts(o, 2, 2),
    "CyclicLR": lambda o: schedules.CyclicLR(o, 0.01, 0.1, 2, cycle_momentum=hasmomentum(o)),
    "SequentialLR": lambda o: schedules.SequentialLR(
        o, [schedules.LinearLR(o, total_iters=3), schedules.ExponentialLR(o, 0.8)], [3]
    ),
    "ReduceLROnPlateau": lambda o: schedules.ReduceLROnPlateau(o, factor=0.5, patience=0, threshold=0.5),
}
PER_STEP = ("WarmUp", "OneCycleLR", "StepLR")


def hasmomentum(optimizer):
    return bool({"momentum", "betas"} & optimizer.defaults.keys())


class Noise(nn.Callback):
    """Moves the weights by random numbers of its own and of the machine, and remembers what it did."""

    def __init__(self):
        self.python, self.numpy = random.Random(7), np.random.default_rng(7)
        self.legacy = np.random.RandomState(7)
        self.seen, self.last, self.by_epoch = [], deque(maxlen=2), {}

    def on_epoch_end(self, run):
        draws = self.python.gauss(0, 1), self.numpy.normal(), self.legacy.normal(), random.gauss(0, 1)
        self.seen.append(sum(map(float, draws)) + float(np.random.normal()) + len(self.seen))
        self.last.append((run.epoch, np.float64(self.seen[-1])))
        self.by_epoch[run.epoch] = np.array(self.seen)
        run.parameters[0].data += 0.01 * self.seen[-1] + 0.001 * float(sum(self.by_epoch[1]))
        run.parameters[1].data += 0.01 * float(self.last[0][1])


class Average(nn.Callback):
    """A running average of the model, which the last epoch is judged by."""

    def on_fit_begin(self, run):
        self.model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        self.model.load_state_dict(weights_of(run.model))

    def on_epoch_end(self, run):
        for mine, now in zip(self.model.parameters(), run.model.parameters(), strict=True):
            mine.data += 0.3 * (now.data - mine.data)
        run.logs["average"] = float(sum(p.data for p in self.model.parameters()))


class Object:
    """No Callback: an object that is called."""

    def __init__(self):
        self.calls = 0

    def __call__(self, run):
        self.calls += 1
        run.parameters[2].data += 0.01 * self.calls


def weights_of(model):
    state = list(model.state_dict().values())
    return dict(zip(["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"], state))


CALLBACKS = {
    "none": lambda: None,
    "EarlyStopping": lambda: nn.EarlyStopping("loss", patience=0, min_delta=0.05),
    "EarlyStopping on validation": lambda: nn.EarlyStopping(patience=2),
    "ClipGradients": lambda: nn.ClipGradients(max_norm=0.5),
    "GradientNorms": nn.GradientNorms,
    "best": lambda: "best",
    "Noise": Noise,
    "Average": Average,
    "Object": Object,
    "Film": lambda: nn.watching.Film(X, Y, size=4),
}
WATCHING = ("ClipGradients", "GradientNorms")
FACTORS = {
    "optimizer": list(OPTIMIZERS),
    "schedule": list(PER_EPOCH),
    "callback": list(CALLBACKS),
    "per": ["epoch", "step"],
    "first": ["schedule", "callback", "checkpoint"],
    "layer": ["none", "Dropout", "Dropout with a generator"],
    "shuffle": [True, False],
    "replay": [False, "python", "numpy"],
}


def fits(case):
    """Whether these can be told to work together."""
    if case["per"] == "step" and case["schedule"] not in PER_STEP:
        return False
    alone = case["callback"] in WATCHING or case["per"] == "step" or case["layer"] != "none"
    return not (case["replay"] and alone)


def pairwise(factors, fits):
    """Cases in which each two values of different factors that can meet do meet."""
    names, draw = list(factors), random.Random(0)
    left = {
        frozenset([(a, x), (b, y)])
        for a, b in itertools.combinations(names, 2)
        for x, y in itertools.product(factors[a], factors[b])
    }
    while left:
        best, gain = None, frozenset()
        waiting = sorted(left, key=sorted_pair)
        for _ in range(200):
            case = {name: draw.choice(values) for name, values in factors.items()}
            case.update(draw.choice(waiting))
            met = left.intersection(map(frozenset, itertools.combinations(case.items(), 2)))
            if fits(case) and len(met) > len(gain):
                best, gain = case, met
        if best is None:
            return
        left -= gain
        yield best


def sorted_pair(pair):
    return sorted((name, str(value)) for name, value in pair)


CASES = list(pairwise(FACTORS, fits))


def model_of(case):
    random.seed(3)
    extra = {
        "none": [],
        "Dropout": [nn.Dropout(0.3)],
        "Dropout with a generator": [nn.Dropout(0.3, generator=random.Random(5))],
    }[case["layer"]]
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), *extra, nn.Linear(3, 1))
    model.compile(OPTIMIZERS[case["optimizer"]], "mse")
    return model


def callbacks_of(case, folder):
    schedule, callback = PER_EPOCH[case["schedule"]], CALLBACKS[case["callback"]]()
    every = 1 if case["callback"].startswith("Early") else 3
    parts = {"checkpoint": nn.Checkpoint(folder / "last.json", every=every)}
    if schedule is not None:
        watched = "val_loss" if case["schedule"] == "ReduceLROnPlateau" else None
        parts["schedule"] = nn.LearningRate(schedule, case["per"], watched)
    if callback == "best":
        callback = nn.Checkpoint(folder / "best.json", monitor="val_loss")
    if callback is not None:
        parts["callback"] = callback
    first = [parts.pop(case["first"])] if case["first"] in parts else []
    return [*first, *parts.values()]


def fitted(case, folder, epochs, seed, **more):
    """A run, and all that can be seen of it."""
    folder.mkdir(exist_ok=True)
    model, callbacks = model_of(case), callbacks_of(case, folder)
    random.seed(seed)
    np.random.seed(seed)
    fit = {"batch_size": 3, "verbose": False, "shuffle": case["shuffle"], "replay": case["replay"]}
    history = model.fit(X, Y, epochs=epochs, callbacks=callbacks, validation_data=(X, Y), **fit, **more)
    best = folder / "best.json"
    seen = {
        "weights": model.state_dict(),
        "history": history.history,
        "epochs": history.epoch,
        "steps": history.steps,
        "stopped": history.stopped,
        "best": json.loads(best.read_text())["epoch"] if best.exists() else None,
        "random": [random.random(), float(np.random.random())],
        "callbacks": [(c.name, c.state_dict()) for c in callbacks if isinstance(c, nn.Callback)],
    }
    return repr({**seen, "callbacks": [c for c in seen["callbacks"] if c[0] != "Checkpoint"]})


def named(case):
    return ", ".join(str(value) for value in case.values())


@pytest.mark.parametrize("case", CASES, ids=named)
def test_three_epochs_and_three_more_are_six(case, tmp_path):
    whole = fitted(case, tmp_path / "whole", 6, seed=1)
    fitted(case, tmp_path / "half", 3, seed=1)
    assert fitted(case, tmp_path / "half", 6, seed=2, resume=tmp_path / "half" / "last.json") == whole


def test_each_two_values_that_can_meet_do_meet():
    for a, b in itertools.combinations(FACTORS, 2):
        met = {(case[a], case[b]) for case in CASES}
        for x, y in itertools.product(FACTORS[a], FACTORS[b]):
            alone = {name: values[0] for name, values in FACTORS.items()}
            if fits({**alone, "schedule": "StepLR", a: x, b: y}):
                assert (x, y) in met


# what is refused, by name, and changes nothing


def plain(optimizer=lambda p: nn.Adam(p, lr=0.01), loss="mse"):
    random.seed(3)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    model.compile(optimizer, loss)
    return model


def stopping():
    return nn.EarlyStopping("loss", patience=3)


def rate(make=lambda o: schedules.StepLR(o, 2)):
    return nn.LearningRate(make)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "run.json"
    plain().fit(
        X, Y, epochs=2, batch_size=3, callbacks=[stopping(), rate(), nn.Checkpoint(path)], verbose=False
    )
    return path


OTHERS = {
    "optimizer was Adam when it was written, and is SGD now": {"model": lambda: plain(nn.SGD)},
    "optimizer was Adam when it was written, and is AdamW now": {"model": lambda: plain(nn.optim.AdamW)},
    "lr of Adam was 0.01 when it was written, and is 0.5": {
        "model": lambda: plain(lambda p: nn.Adam(p, 0.5))
    },
    "loss was mse when it was written, and is mae now": {"model": lambda: plain(loss="mae")},
    "batch_size was 3 when it was written, and is 4 now": {"batch_size": 4},
    "shuffle was seed=0 when it was written, and is no": {"shuffle": False},
    "shuffle was seed=0 when it was written, and is seed=5": {"seed": 5},
    "callbacks was EarlyStopping, LearningRate when it was written, and is -": {"callbacks": []},
    "callbacks was EarlyStopping, LearningRate when it was written, and is LearningRate, EarlyStopping": {
        "callbacks": [rate(), stopping()]
    },
    "callbacks was .* and is EarlyStopping, LearningRate, shout now": {
        "callbacks": [stopping(), rate(), lambda run: None]
    },
    "patience of EarlyStopping was 3 when it was written, and is 5": {
        "callbacks": [nn.EarlyStopping("loss", patience=5), rate()]
    },
    "schedule.step_size of LearningRate was 2 when it was written, and is 7": {
        "callbacks": [stopping(), rate(lambda o: schedules.StepLR(o, 7))]
    },
    "the saved state is of StepLR and not of ExponentialLR|schedule.step_size of LearningRate": {
        "callbacks": [stopping(), rate(lambda o: schedules.ExponentialLR(o, 0.1))]
    },
}
OTHERS["callbacks was .* and is EarlyStopping, LearningRate, shout now"]["callbacks"][-1].__name__ = "shout"


@pytest.mark.parametrize("message", OTHERS)
def test_another_run_is_refused_by_name_and_nothing_is_changed(message, path):
    given = {"batch_size": 3, "callbacks": [stopping(), rate()], **OTHERS[message]}
    model = given.pop("model", plain)()
    before = model.state_dict()
    with pytest.raises(ValueError, match=message) as caught:
        model.fit(X, Y, epochs=4, resume=path, verbose=False, **given)
    assert str(caught.value).startswith(str(path))
    assert model.state_dict() == before


def test_the_checkpoint_that_wrote_the_file_may_be_absent_and_progress_may_be_shown(path, capsys):
    model = plain()
    history = model.fit(X, Y, epochs=4, batch_size=3, callbacks=[stopping(), rate()], resume=path)
    assert history.epoch == [1, 2, 3, 4]
    capsys.readouterr()


def test_a_generator_that_is_gone_is_named(tmp_path):
    def made(*layers):
        random.seed(3)
        model = nn.Sequential(nn.Linear(2, 3), *layers, nn.Linear(3, 1))
        model.compile("sgd")
        return model

    path = tmp_path / "run.json"
    made(nn.Dropout(0.5, random.Random(1))).fit(X, Y, callbacks=[nn.Checkpoint(path)], verbose=False)
    with pytest.raises(ValueError, match=r"random generators differ .* model.layers.1._generator"):
        made(nn.Dropout(0.5)).fit(X, Y, epochs=2, resume=path, verbose=False)


BROKEN = {
    "epoch": -1,
    "step": "two",
    "settings": [],
    "optimizer": {"state": {}},
    "callbacks": [1],
    "random": {"random": [1, 2]},
    "history": {"history": {"loss": 7}},
    "frozen": 5,
    "modules": {"began": {}, "now": {"layers.9": {}}},
    "others": [1.0],
    "modules: a method": {"began": {}, "now": {"layers.0": {"forward": "x"}}},
    "modules: a weight": {"began": {}, "now": {"layers.0": {"weight": 3}}},
    "modules: a list": {"began": {}, "now": {"layers.0": {"p": [0.5]}}},
}


@pytest.mark.parametrize("part", BROKEN)
def test_a_part_edited_by_hand_is_one_error_with_the_files_name_and_changes_nothing(part, path):
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, part.partition(":")[0]: BROKEN[part]}))
    model = plain()
    before = model.state_dict(), random.getstate()
    with pytest.raises(ValueError, match=r"run\.json"):
        model.fit(X, Y, epochs=4, batch_size=3, callbacks=[stopping(), rate()], resume=path, verbose=False)
    assert (model.state_dict(), random.getstate()) == before


# more that takes part in a run


def six(make_model, make_callbacks, tmp_path, **more):
    """A run of 6 epochs, and one of 3 and 3."""
    found = []
    for parts in ((6,), (3, 6)):
        for epochs in parts:
            model, path = make_model(), tmp_path / f"{len(parts)}.json"
            resume = path if epochs == 6 and len(parts) == 2 else None
            random.seed(1 if resume is None else 2)
            callbacks = [*make_callbacks(), nn.Checkpoint(path)]
            fit = {"batch_size": 3, "verbose": False, "resume": resume, **more}
            history = model.fit(X, Y, epochs=epochs, callbacks=callbacks, **fit)
        found.append((model.state_dict(), history.history, [p.data for p in model._extra]))
    return found


def with_extra(model, extra=()):
    model._extra = list(extra)
    return model


def test_layers_frozen_by_a_callback_stay_frozen(tmp_path):
    def freeze(run):
        if run.epoch == 2:
            run.model.layers[0].requires_grad_(False)

    whole, resumed = six(lambda: with_extra(plain()), lambda: [freeze], tmp_path, replay=False)
    assert whole == resumed


def test_parameters_of_the_loss_go_on_too(tmp_path):
    class Scaled(nn.Module):
        def __init__(self):
            self.scale = nn.Linear(1, 1).weight[0][0]
            self.scale.data = 1.5

        def forward(self, outputs, targets):
            return nn.mse([self.scale * o for o in outputs], targets)

    def made():
        loss = Scaled()
        model = plain(lambda p: nn.Adam([*p, loss.scale], lr=0.05), loss)
        return with_extra(model, [loss.scale])

    whole, resumed = six(made, list, tmp_path, replay=False)
    assert whole == resumed
    assert whole[2] != [1.5]


def test_a_schedule_that_says_no_state_goes_on_too(tmp_path):
    class Halving:
        def __init__(self, optimizer):
            self.optimizer, self.count = optimizer, 0

        def step(self):
            self.count += 1
            self.optimizer.param_groups[0]["lr"] = 0.1 / (1 + self.count)

    whole, resumed = six(lambda: with_extra(plain()), lambda: [rate(Halving)], tmp_path)
    assert whole == resumed


def test_a_run_that_a_callback_stopped_stays_stopped(tmp_path):
    def stop(run):
        if run.epoch == 2:
            run.stop()

    whole, resumed = six(lambda: with_extra(plain()), lambda: [stop], tmp_path)
    assert whole == resumed
    assert len(whole[1]["loss"]) == 2


def test_generators_of_functions_losses_and_optimizers_go_on_too(tmp_path):
    class Langevin(nn.Optimizer):
        def __init__(self, params, lr=0.01):
            self.noise = random.Random(3)
            super().__init__(params, lr=lr)

        def update(self, x, g, memory, group):
            return x - group["lr"] * (g + self.noise.gauss(0, 1))

    def made():
        draw = random.Random(4)
        return with_extra(plain(Langevin, lambda o, t: nn.mse(o, t) * draw.uniform(0.5, 1.5)))

    def callbacks():
        draw = np.random.default_rng(5)

        def shake(run):
            run.parameters[0].data += 0.01 * float(draw.normal())

        return [shake]

    whole, resumed = six(made, callbacks, tmp_path, replay=False)
    assert whole == resumed


def test_a_callback_whose_inner_object_comes_later_is_told_what_to_do(tmp_path):
    class Late(nn.Callback):
        model = None

        def on_epoch_end(self, run):
            self.model = self.model or plain()

    path = tmp_path / "run.json"
    plain().fit(X, Y, callbacks=[Late(), nn.Checkpoint(path)], verbose=False)
    with pytest.raises(ValueError, match=r"Late\.model was a Sequential .* make it in on_fit_begin"):
        plain().fit(X, Y, epochs=2, callbacks=[Late()], resume=path, verbose=False)


def test_what_no_file_can_hold_is_named_when_it_is_written(tmp_path):
    class Odd(nn.Callback):
        def state_dict(self):
            return {"thing": object()}

    with pytest.raises(TypeError, match="the state of Odd holds a object"):
        plain().fit(X, Y, callbacks=[Odd(), nn.Checkpoint(tmp_path / "run.json")], verbose=False)
    assert list(tmp_path.iterdir()) == []


class Counting:
    """Counted by a method, and by an attribute of a function."""

    def __init__(self):
        self.count = 0

    def move(self, run):
        self.count += 1
        run.parameters[0].data += 0.1 * self.count


def test_methods_and_attributes_of_functions_go_on_too_and_builtins_have_no_state(tmp_path):
    def callbacks():
        def move(run):
            move.count += 1
            run.parameters[1].data += 0.1 * move.count

        move.count = 0
        return [Counting().move, move, [].append, id]

    whole, resumed = six(lambda: with_extra(plain()), callbacks, tmp_path)
    assert whole == resumed


def test_what_a_callback_changes_in_a_layer_goes_on_too(tmp_path):
    def made():
        random.seed(3)
        model = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.6), nn.Linear(3, 1))
        model.compile(lambda p: nn.SGD(p, lr=0.05))
        return with_extra(model)

    def drop_less(run):
        run.model.layers[1].p *= 0.7

    whole, resumed = six(made, lambda: [drop_less], tmp_path)
    assert whole == resumed


def test_a_layer_made_with_another_number_is_refused_by_name(tmp_path):
    def made(share):
        random.seed(3)
        model = nn.Sequential(nn.Linear(2, 3), nn.Dropout(share), nn.Linear(3, 1))
        model.compile("sgd")
        return model

    path = tmp_path / "run.json"
    made(0.5).fit(X, Y, callbacks=[nn.Checkpoint(path)], verbose=False)
    with pytest.raises(ValueError, match=r"p of layers.1 was 0.5 when it was written, and is 0.25 now"):
        made(0.25).fit(X, Y, epochs=2, resume=path, verbose=False)


def test_stopped_twice_a_run_is_still_the_same(tmp_path):
    path, found = tmp_path / "run.json", []
    for parts in ((6,), (2, 3, 6)):
        for i, epochs in enumerate(parts):
            model = plain(lambda p: nn.SGD(p, lr=0.05, momentum=0.9))
            callbacks = [stopping(), rate(), nn.Checkpoint(path)]
            fit = {"batch_size": 3, "verbose": False, "resume": path if i else None}
            history = model.fit(X, Y, epochs=epochs, callbacks=callbacks, **fit)
        found.append((model.state_dict(), history.history, history.steps))
    assert found[0] == found[1]


def test_running_averages_of_a_batch_go_on(tmp_path):
    def made():
        random.seed(3)
        model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
        model.compile(lambda p: nn.Adam(p, lr=0.05))
        return with_extra(model)

    whole, resumed = six(made, list, tmp_path, batch_size=4)
    assert whole == resumed
