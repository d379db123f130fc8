"""What people do with it: `fit`, loops of their own, captured data, deep graphs, a picture; each beside what it could cost."""

import gc
import random
import time
import tracemalloc
from itertools import pairwise
from statistics import median

import autograd as ag
import nn
from autograd import Value, record
from works.digits import RATE, SAMPLES, Digits, by_hand
from works.timing import PEOPLE, Goal, Race, agree, cpu

TRAIN, FIT, LOOP = "train, an epoch", "fit, an epoch", "a loop over training.epoch()"
CALLED = "fit with a callback"
SCORED, VALIDATED, BOTH = "fit with accuracy", "fit with validation", "fit with accuracy and validation"
COPY = "data == copy"
EPOCHS, MANY = 40, 300  # of `train`; of `fit`, so that the first epochs, which record, count little
NODES = 100_000


def checked_losses(work, losses, name):
    """The first losses of a training are those of NumPy by hand."""
    for epochs in (1, 2, 3):
        agree(losses[epochs - 1], by_hand(work)(epochs, RATE), name)


def typical(times):
    """Milliseconds of an epoch after the first two: their median."""
    return median(b - a for a, b in pairwise(times[1:])) * 1e3


def fitting(name, metrics=(), validated=False, callbacks=()):
    """An epoch of `fit` on a model of its own, as a measurement and as a function to profile.

    What a long call takes longer than a short one: a callback with a clock would be code of the user's, after
    which data and model are compared; a row of its own has one.
    """
    work = Digits()
    X, labels = work.X.tolist(), work.labels.tolist()
    held = {"validation_data": (X[:300], labels[:300])} if validated else {}

    def seconds(epochs):
        work.reset()
        work.model.compile(lambda p: nn.SGD(p, lr=RATE), loss="cross_entropy", metrics=[*metrics])
        settings = {"epochs": epochs, "batch_size": SAMPLES, "replay": True, "verbose": False, **held}
        begin = time.process_time()
        history = work.model.fit(X, labels, callbacks=callbacks, shuffle=False, **settings)
        took = time.process_time() - begin
        checked_losses(work, history["loss"], name)
        return took

    def fit(epochs=MANY):
        few = seconds(3)  # records
        return (seconds(3 + epochs) - few) / epochs * 1e3

    return fit


def training(looped):
    """An epoch of `train`, or of a loop over `training`, on the same samples."""
    work = Digits()
    X, labels = work.X.tolist(), work.labels.tolist()
    fast = record(work.loss, params=work.params)

    def by_loop():
        work.reset()
        times, losses = [], []
        steps = fast.training(X, labels, lr=RATE)
        for _ in range(EPOCHS):
            losses.append(steps.epoch())
            times.append(time.process_time())
        checked_losses(work, losses, LOOP)
        return typical(times)

    def by_train():
        work.reset()
        fast.train(X, labels, epochs=1, lr=RATE)
        begin = time.process_time()
        fast.train(X, labels, epochs=1, lr=RATE)
        between = time.process_time()
        fast.train(X, labels, epochs=1 + EPOCHS, lr=RATE)
        return (time.process_time() - between - (between - begin)) / EPOCHS * 1e3

    if looped:
        return by_loop
    work.reset()
    checked_losses(work, fast.train(X, labels, epochs=3, lr=RATE), TRAIN)
    return by_train


def fit_beside_train(run):
    race = Race(run, "fit", "digits 64-32-10, 1,797 samples in one batch, SGD: an epoch", "ms", ours=TRAIN)
    race.enter(TRAIN, lambda: training(looped=False))
    race.enter(LOOP, lambda: training(looped=True))
    fits = {
        FIT: fitting(FIT),
        CALLED: fitting(CALLED, callbacks=[lambda _run: None]),
        SCORED: fitting(SCORED, ["accuracy"]),
        VALIDATED: fitting(VALIDATED, validated=True),
        BOTH: fitting(BOTH, ["accuracy"], validated=True),
    }
    for name, fit in fits.items():
        race.enter(name, lambda fit=fit: fit)
    race.show()
    bounds = {FIT: 2, CALLED: 2, SCORED: 3, VALIDATED: 3, BOTH: 3}
    return [
        Goal(PEOPLE, f"{name}, over one of train", race.ratio(name, TRAIN), bound).explained(
            lambda name=name: fits[name]()
        )
        for name, bound in bounds.items()
    ]


def captured_data(run):
    draw = random.Random(0)
    data = [[draw.random() for _ in range(64)] for _ in range(1797)]
    copy, w = [row.copy() for row in data], Value(0.5)
    race = Race(run, "captured", "a list of 1,797 lists of 64 floats", "us a call", ours=COPY)
    with_list = record(lambda x: w * x + data[3][5], params=[w])
    without = record(lambda x: w * x + 0.5, params=[w])

    def calls(function):
        for _ in range(10):
            function(2.0)
        return cpu(lambda n: [function(2.0) for _ in range(n)], 100)

    agree(with_list(2.0).data, 0.5 * 2.0 + data[3][5], "captured")
    race.enter(COPY, lambda: cpu(lambda n: [data == copy for _ in range(n)], 100))
    race.enter("a call that captures it", lambda: calls(with_list))
    race.enter("a call that captures nothing", lambda: calls(without))
    race.show()
    goal = Goal(
        PEOPLE,
        "a captured data set, a call over data == copy",
        race.ratio("a call that captures it", COPY),
        2,
    )
    return [goal.explained(lambda: [with_list(2.0) for _ in range(100)])]


def deep_recurrence(run):
    """Eager steps until the first replay of x = x * a + b, and the bytes a node that recording takes at most."""
    params = [Value(0.999), Value(0.001)]

    def loss(x):
        a, b = params
        for _ in range(NODES // 2):
            x = x * a + b
        return x

    def seconds(function):
        gc.collect()
        begin = time.process_time()
        function()
        return time.process_time() - begin

    def eager():
        loss(Value(0.5)).backward()

    def until_replay():
        fast = record(loss, params=params)
        while not fast.replays:
            fast(0.5)

    found = [(seconds(eager), seconds(until_replay)) for _ in range(run.repeats)]
    steps = median(until / one for one, until in found)
    fast = record(loss, params=params, backend="python")
    fast(0.5)
    tracemalloc.start()
    fast(0.25)
    most = tracemalloc.get_traced_memory()[1] / NODES
    tracemalloc.stop()
    print(
        f"\nx = x * a + b, {NODES:,} nodes: {steps:.2f} eager steps to the first replay, {most:.0f} bytes a node"
    )
    return [
        Goal(PEOPLE, "a deep recurrence: until the first replay", steps, 6, "eager steps").explained(
            until_replay
        ),
        Goal(PEOPLE, "recording, peak memory", most, 300, "bytes a node"),
    ]


def picture(run):
    def chain():
        x, a, b = Value(0.5, label="x"), Value(0.999, label="a"), Value(0.001, label="b")
        for _ in range(148):
            x = x * a + b
        return x

    def draw():
        return ag.draw(chain(), collapse=False).svg

    draw()
    milliseconds = median(cpu(lambda _: draw(), 1)() for _ in range(run.repeats)) / 1e3
    print(f"\ndraw of a chain with shared leaves, 299 boxes: {milliseconds:.0f} ms")
    return [Goal(PEOPLE, "draw of a chain of 300 boxes", milliseconds / 1e3, 0.2, "s").explained(draw)]


def measure(run):
    return [*fit_beside_train(run), *captured_data(run), *deep_recurrence(run), *picture(run)]
