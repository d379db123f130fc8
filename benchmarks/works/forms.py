"""One network of 16-16-1 written in four ways, 256 samples: eager, calls, batches, training; and what a plan may be."""

import random
import warnings

import autograd as ag
from autograd import Value, record
from works.timing import MORE, Goal, Race, Work, agree, cpu

INPUTS, HIDDEN, SAMPLES = 16, 16, 256
EAGER, CALL, BATCH, TRAIN = "eager", "call", "batch", "train"
BEST = "relu(dot(w, x, b))"


class Network(Work):
    """Weights of 16 neurons of 16 inputs and of one of 16."""

    def __init__(self):
        draw = random.Random(5)
        sizes = [INPUTS] * HIDDEN + [HIDDEN]
        self.neurons = [
            ([Value(draw.gauss(0, 1) * n**-0.5) for _ in range(n)], Value(draw.gauss(0, 0.3))) for n in sizes
        ]
        super().__init__([p for weights, bias in self.neurons for p in (*weights, bias)])
        self.X = [[draw.gauss(0, 1) for _ in range(INPUTS)] for _ in range(SAMPLES)]
        self.Y = [draw.gauss(0, 1) for _ in range(SAMPLES)]


def by_dot(w, x, b):
    return ag.relu(ag.dot(w, x, b))


def by_loop(w, x, b):
    s = b
    for u, v in zip(w, x, strict=True):
        s = s + u * v
    return ag.relu(s)


def by_if(w, x, b):
    s = ag.dot(w, x, b)
    return s if s > 0 else s * 0.0


FORMS = {  # what the hidden neurons are, what the last is
    BEST: (by_dot, by_dot),
    "loops, s = s + a * b": (by_loop, by_loop),
    "one neuron with `s if s > 0 else s * 0.0`": (by_dot, by_if),
    "every neuron with it": (by_if, by_if),
}


def loss_of(network, form):
    hidden, last = FORMS[form]

    def loss(x, y):
        *first, (w, b) = network.neurons
        h = [hidden(u, x, c) for u, c in first]
        return (last(w, h, b) - y) ** 2

    return loss


def enter(race, name, form):
    """The four ways to run it, each in microseconds a sample; all have the eager loss."""
    network = Network()
    X, Y = network.X, network.Y
    loss = loss_of(network, form)
    truth = sum(loss(x, y).data for x, y in zip(X, Y, strict=True)) / SAMPLES
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that it runs as it is
        fast = record(loss, params=network.params)
        agree(fast.batch(X, Y).data, truth, name)
        agree(fast.train(X, Y, epochs=2, lr=0.0)[-1], truth, name)
        calls = sum(fast(x, y).data for x, y in zip(X, Y, strict=True)) / SAMPLES
        agree(calls, truth, name)

    def eager(_):
        for x, y in zip(X, Y, strict=True):
            loss(x, y).backward()

    def called(_):
        for x, y in zip(X, Y, strict=True):
            fast(x, y)

    def each(function, count):
        timed = cpu(function, count)
        return lambda: timed() / SAMPLES

    slow = form == "every neuron with it"
    race.enter(f"{name}: {EAGER}", lambda: each(eager, 1))
    race.enter(f"{name}: {CALL}", lambda: each(called, 1))
    race.enter(
        f"{name}: {BATCH}", lambda: each(lambda n: [fast.batch(X, Y) for _ in range(n)], 1 if slow else 20)
    )
    race.enter(
        f"{name}: {TRAIN}",
        lambda: each(lambda n: fast.train(X, Y, epochs=n, lr=0.0), 2 if slow else 50),
    )
    return fast


def measure(run):
    race = Race(run, "forms", "a network of 16-16-1, 256 samples", "us a sample", ours=f"{BEST}: {EAGER}")
    programs = {form: enter(race, form, form) for form in FORMS}
    race.show()
    variants = {form: sum(map(len, fast.learned.variants.values())) for form, fast in programs.items()}
    race.extra = {f"{form}: programs": count for form, count in variants.items()}
    ratio = race.ratio(f"{BEST}: {TRAIN}", f"{BEST}: {EAGER}")
    return [
        Goal(
            MORE,
            "16-16-1: times as fast as eager, train",
            None if ratio is None else 1 / ratio,
            1000,
            "x",
            True,
        )
    ]
