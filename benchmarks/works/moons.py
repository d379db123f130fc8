"""moons 2-16-16-1: 100 samples in one batch, hinge loss, all gradients, weight decay and an update of SGD."""

import random

import numpy as np

import autograd as ag
import nn
from autograd import record
from works.moons_peers import jax_loop, jax_steps, micrograd_steps, torch_steps
from works.timing import (
    EPOCHS,
    MORE,
    PEERS,
    REPLAY,
    UNAUDITED,
    Goal,
    Race,
    Work,
    agree,
    c_run,
    calls_of,
    compiled,
    cpu,
)

STEPS, RATE = 200, 0.1  # of the training whose last loss all competitors must reach
NUMPY, NUMBA, C = "NumPy by hand, buffers", "Numba by hand", "C, blocked by hand"
JAX, JAX_LOOP, TORCH, MICROGRAD = "JAX jit, a step", "JAX scan, the loop", "torch", "micrograd"


class Moons(Work):
    """The network and its data."""

    def __init__(self):
        random.seed(1337)
        self.model = nn.MLP(2, [16, 16, 1], act="relu")
        super().__init__(self.model.parameters())
        draw = np.random.default_rng(0)
        self.X = draw.normal(size=(100, 2))
        self.Y = np.sign(self.X[:, 0] * self.X[:, 1])

    def loss(self, x, y):
        """One sample's."""
        return (1 + -y * self.model(x)).relu() + 1e-4 * ag.sum([p * p for p in self.params])

    @property
    def arrays(self):
        """The start as a weight matrix and a bias per layer."""
        w = np.array(self.start)
        parts = [(w[:48].reshape(16, 3), 2), (w[48:320].reshape(16, 17), 16), (w[320:].reshape(1, 17), 16)]
        return [np.ascontiguousarray(a) for matrix, n in parts for a in (matrix[:, :n], matrix[:, n])]


def by_hand(work):
    """NumPy as its friends write it: parameters in one array, biases in the matrices, buffers used again."""
    n, H = len(work.X), 16
    X, Y, slope = np.vstack([work.X.T, np.ones(n)]), work.Y, -work.Y / n
    one, two = np.ones((H + 1, n)), np.ones((H + 1, n))  # the last row: what a bias is multiplied by
    h1, h2, d1, d2, d3, scores = (
        one[:H],
        two[:H],
        np.empty((H, n)),
        np.empty((H, n)),
        np.empty(n),
        np.empty(n),
    )
    on, wrong = np.empty((H, n), bool), np.empty(n, bool)
    flat, grads = np.empty(len(work.start)), np.empty(len(work.start))
    w1, w2, w3 = flat[:48].reshape(H, 3), flat[48:320].reshape(H, H + 1), flat[320:]
    g1, g2, g3 = grads[:48].reshape(H, 3), grads[48:320].reshape(H, H + 1), grads[320:]
    back2, back3 = w2[:, :H].T, w3[:H, None]

    def run(count, rate=0.0):
        flat[:] = work.start
        for _ in range(count):
            np.matmul(w1, X, out=h1)
            np.maximum(h1, 0, out=h1)
            np.matmul(w2, one, out=h2)
            np.maximum(h2, 0, out=h2)
            np.matmul(w3, two, out=scores)
            np.multiply(scores, Y, out=scores)
            np.subtract(1, scores, out=scores)
            np.maximum(scores, 0, out=scores)
            loss = np.add.reduce(scores) / n + 1e-4 * flat.dot(flat)
            np.greater(scores, 0, out=wrong)
            np.multiply(slope, wrong, out=d3)
            np.multiply(back3, d3, out=d2)
            np.greater(h2, 0, out=on)
            np.multiply(d2, on, out=d2)
            np.matmul(back2, d2, out=d1)
            np.greater(h1, 0, out=on)
            np.multiply(d1, on, out=d1)
            np.matmul(d1, X.T, out=g1)
            np.matmul(d2, one.T, out=g2)
            np.matmul(two, d3, out=g3)
            np.multiply(grads, rate, out=grads)
            np.multiply(flat, 1 - 2e-4 * rate, out=flat)
            np.subtract(flat, grads, out=flat)
        return loss

    return run


def replayed(work, backend="numba", audit=True):
    fast = record(work.loss, params=work.params, backend=backend, audit=audit)

    def run(count, rate=0.0):
        work.reset()
        return fast.train(work.X, work.Y, epochs=count, lr=rate)[-1]

    return run


def called(work):
    """Calls of one recorded function's `train`, which go on from where the last one ended."""
    fast = record(work.loss, params=work.params)
    return lambda epochs: fast.train(work.X, work.Y, epochs=epochs, lr=0.0)


def in_c(work, folder):
    """A function (steps, rate) -> [microseconds per step, the last loss]."""
    program = compiled("moons", folder)
    numbers = [*work.start, *np.c_[work.X, work.Y].ravel().tolist()]
    return lambda steps, rate: c_run(program, (steps, rate), numbers)


def numba_steps(work):
    """A function (steps, rate) -> the last loss."""
    from works import numba_by_hand

    X, Y = np.ascontiguousarray(work.X.T), work.Y
    return lambda count, rate=0.0: numba_by_hand.moons(np.array(work.start), X, Y, rate, count)


def measure(run):
    work = Moons()
    race = Race(run, "moons", "moons 2-16-16-1, batch 100: loss, gradients, L2, SGD")
    numpy = by_hand(work)
    truth = numpy(STEPS, RATE)

    def checked(name, make, count):
        def measurement():
            steps = make()
            agree(steps(STEPS, RATE), truth, name)
            steps(count)  # compiled for so many
            return cpu(steps, count)

        return measurement

    def in_python():
        steps = replayed(work, "python")
        agree(steps(1), numpy(1), "replay (python)")
        return cpu(steps, 1)

    def limit():
        steps = in_c(work, run.folder)
        agree(steps(STEPS, RATE)[1], truth, C)
        return lambda: steps(10_000, 0.0)[0]

    ours = replayed(work)
    race.enter(REPLAY, checked(REPLAY, lambda: ours, 4000))
    for epochs in EPOCHS:
        name = f"replay, train(epochs={epochs})"
        race.enter(name, lambda epochs=epochs: calls_of(called(work), epochs))
    race.enter(UNAUDITED, checked(UNAUDITED, lambda: replayed(work, "numba", audit=False), 4000))
    race.enter("replay (numpy)", checked("replay (numpy)", lambda: replayed(work, "numpy"), 300))
    race.enter(NUMPY, checked(NUMPY, lambda: numpy, 500))
    race.enter(NUMBA, checked(NUMBA, lambda: numba_steps(work), 4000), needs="numba")
    race.enter(C, limit, needs="cc")
    race.enter(TORCH, checked(TORCH, lambda: torch_steps(work), 100), needs="torch")
    race.enter(JAX, checked(JAX, lambda: jax_steps(work), 300), needs="jax")
    race.enter(JAX_LOOP, checked(JAX_LOOP, lambda: jax_loop(work), 2000), needs="jax")
    if not run.quick:
        race.enter("replay (python)", in_python)
        race.enter(MICROGRAD, lambda: cpu(micrograd_steps(work, numpy(1)), 1), needs="micrograd")
    race.show()
    work.reset()
    ratio = race.ratio
    return [
        Goal(PEERS, "moons, a step", race.times[REPLAY], 7, "us").explained(lambda: ours(4000)),
        Goal(PEERS, "moons: times as fast as Numba by hand", ratio(NUMBA, REPLAY), 1, "x", True),
        Goal(PEERS, "moons: replay's time over C's", ratio(REPLAY, C), 1.8),
        Goal(PEERS, "moons: times as fast as NumPy with buffers", ratio(NUMPY, REPLAY), 5, "x", True),
        Goal(PEERS, "moons: times as fast as JAX's scan", ratio(JAX_LOOP, REPLAY), 1, "x", True),
        Goal(MORE, "moons: times as fast as torch", ratio(TORCH, REPLAY), 30, "x", True),
        Goal(MORE, "moons: times as fast as micrograd", ratio(MICROGRAD, REPLAY), 40_000, "x", True),
        Goal(MORE, "moons: the NumPy backend's time over NumPy by hand", ratio("replay (numpy)", NUMPY), 1.3),
    ]
