"""moons 2-16-16-1: 100 samples in one batch, hinge loss, all gradients, weight decay and an update of SGD."""

import random

import numpy as np

import autograd as ag
import nn
from autograd import record
from works.moons_peers import jax_loop, jax_steps, micrograd_steps, torch_steps
from works.timing import REPLAY, UNAUDITED, Goal, Race, Work, agree, c_run, compiled, cpu

STEPS, RATE = 200, 0.1  # of the training whose last loss all competitors must reach
NUMPY, C = "numpy by hand", "C, blocked by hand"
JAX, JAX_LOOP, TORCH, MICROGRAD = "jax jit, tensorised", "jax scan, tensorised", "torch", "micrograd"


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
    X, Y, arrays = work.X, work.Y, work.arrays

    def run(count, rate=0.0):
        A1, b1, A2, b2, A3, b3 = P = [array.copy() for array in arrays]
        for _ in range(count):
            z1 = X @ A1.T + b1
            h1 = np.maximum(z1, 0)
            z2 = h1 @ A2.T + b2
            h2 = np.maximum(z2, 0)
            m = 1 - Y * (h2 @ A3.T + b3)[:, 0]
            loss = np.maximum(m, 0).mean() + 1e-4 * sum((p * p).sum() for p in P)
            ds = (-Y * (m > 0) / len(X))[:, None]
            d2 = (ds @ A3) * (z2 > 0)
            d1 = (d2 @ A2) * (z1 > 0)
            grads = (d1.T @ X, d1.sum(0), d2.T @ h1, d2.sum(0), ds.T @ h2, ds.sum(0))
            for p, g in zip(P, grads):
                p -= rate * (g + 2e-4 * p)
        return loss

    return run


def replayed(work, backend, audit=True):
    fast = record(work.loss, params=work.params, backend=backend, audit=audit)

    def run(count, rate=0.0):
        work.reset()
        return fast.train(work.X, work.Y, epochs=count, lr=rate)[-1]

    return run


def in_c(work, folder):
    """A function (steps, rate) -> [microseconds per step, the last loss]."""
    program = compiled("moons", folder)
    numbers = [*work.start, *np.c_[work.X, work.Y].ravel().tolist()]
    return lambda steps, rate: c_run(program, (steps, rate), numbers)


def measure(repeats, folder):
    work = Moons()
    race = Race("moons 2-16-16-1, batch 100: loss, gradients, L2, SGD")
    truth = by_hand(work)(STEPS, RATE)

    def checked(name, run, count):
        agree(run(STEPS, RATE), truth, name)
        return cpu(run, count)

    def limit():
        run = in_c(work, folder)
        agree(run(STEPS, RATE)[1], truth, C)
        return lambda: run(3000, 0.0)[0]

    race.enter(NUMPY, cpu(by_hand(work), 300))
    for backend, count in (("numba", 2000), ("numpy", 300)):
        name = f"replay ({backend})"
        race.enter(name, checked(name, replayed(work, backend), count))
    race.enter(UNAUDITED, checked(UNAUDITED, replayed(work, "numba", audit=False), 2000))
    python = replayed(work, "python")
    agree(python(1), by_hand(work)(1), "replay (python)")
    race.enter("replay (python)", cpu(python, 1))
    race.enter_c(C, limit)
    race.enter_peer("torch", TORCH, lambda: checked(TORCH, torch_steps(work), 100))
    race.enter_peer("jax", JAX, lambda: checked(JAX, jax_steps(work), 300))
    race.enter_peer("jax", JAX_LOOP, lambda: checked(JAX_LOOP, jax_loop(work, warm=1000), 1000))
    race.enter_peer("micrograd", MICROGRAD, lambda: cpu(micrograd_steps(work, by_hand(work)(1)), 1))
    race.show(repeats)
    work.reset()
    ratio = race.ratio
    return [
        Goal("moons: the C limit, times as fast as NumPy (else it is no limit)", ratio(NUMPY, C), 15, True),
        Goal("moons: replay's time over the C limit's", ratio(REPLAY, C), 3),
        Goal("moons: times as fast as NumPy by hand", ratio(NUMPY, REPLAY), 5, True),
        Goal("moons: times as fast as JAX jit", ratio(JAX, REPLAY), 2, True),
        Goal("moons: times as fast as JAX with its whole loop compiled", ratio(JAX_LOOP, REPLAY), 1, True),
        Goal("moons: times as fast as torch", ratio(TORCH, REPLAY), 30, True),
        Goal("moons: times as fast as micrograd", ratio(MICROGRAD, REPLAY), 40_000, True),
        Goal("moons: the NumPy backend's time over NumPy by hand", ratio("replay (numpy)", NUMPY), 1.3),
    ]
