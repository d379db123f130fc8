"""digits' shape: 64-32-10 with relu, 1,797 samples in one batch, cross-entropy, all gradients, an update of SGD."""

import random
import time
from itertools import pairwise
from statistics import median

import numpy as np

import autograd as ag
import nn
from autograd import record
from works.timing import REPLAY, Goal, Race, Work, agree, cpu

SAMPLES, STEPS, RATE = 1797, 3, 0.1
NUMPY, TORCH = "numpy by hand", "torch"
FIT, MEASURED = "fit, an epoch", "fit with accuracy and validation"


class Digits(Work):
    """The network, and numbers in place of images."""

    def __init__(self, samples=SAMPLES):
        draw = np.random.default_rng(0)
        random.seed(0)
        self.X, self.labels = draw.uniform(0, 1, (samples, 64)), draw.integers(0, 10, samples)
        self.model = nn.MLP(64, [32, 10], act="relu")
        super().__init__(self.model.parameters())
        w = np.array(self.start)
        first, second = w[: 32 * 65].reshape(32, 65), w[32 * 65 :].reshape(10, 33)
        parts = (first[:, :64], first[:, 64], second[:, :32], second[:, 32])
        self.arrays = [np.ascontiguousarray(a) for a in parts]

    def loss(self, x, label):
        """One sample's."""
        logits = self.model(x)
        return ag.logsumexp(logits) - ag.pick(logits, label)


def by_hand(work):
    X, labels, rows = work.X, work.labels, np.arange(len(work.X))

    def run(count, rate=0.0):
        P = [a.copy() for a in work.arrays]
        for _ in range(count):
            z = X @ P[0].T + P[1]
            h = np.maximum(z, 0)
            s = h @ P[2].T + P[3]
            s -= s.max(1, keepdims=True)
            e = np.exp(s)
            total = e.sum(1, keepdims=True)
            value = (np.log(total[:, 0]) - s[rows, labels]).mean()
            d = e / total
            d[rows, labels] -= 1
            d /= len(X)
            dh = (d @ P[2]) * (z > 0)
            for p, g in zip(P, (dh.T @ X, dh.sum(0), d.T @ h, d.sum(0))):
                p -= rate * g
        return value

    return run


def replayed(work, backend):
    fast = record(work.loss, params=work.params, backend=backend)

    def run(count, rate=0.0):
        work.reset()
        return fast.train(work.X, work.labels, epochs=count, lr=rate)[-1]

    return run


def fitted(work, metrics=()):
    """Microseconds of an epoch of `fit` after the first ones, of all but every 1st, 2nd, 4th, ... epoch."""

    class Clock(nn.Callback):
        lasting = False

        def on_fit_begin(self, _run):
            self.times = []

        def on_epoch_end(self, _run):
            self.times.append(time.process_time())

    X, labels = work.X.tolist(), work.labels.tolist()

    def run():
        work.reset()
        clock = Clock()
        work.model.compile(lambda p: nn.SGD(p, lr=RATE), loss="cross_entropy", metrics=[*metrics])
        held = {"validation_data": (X[:300], labels[:300])} if metrics else {}
        work.model.fit(
            X, labels, epochs=20, batch_size=SAMPLES, callbacks=[clock], replay=True, verbose=False, **held
        )
        return median(b - a for a, b in pairwise(clock.times[2:])) * 1e6

    return run


def torch_steps(work):
    import torch

    torch.set_num_threads(1)
    X, labels = torch.tensor(work.X), torch.tensor(work.labels)

    def run(count, rate=0.0):
        P = [torch.tensor(a, requires_grad=True) for a in work.arrays]
        for _ in range(count):
            logits = torch.relu(X @ P[0].T + P[1]) @ P[2].T + P[3]
            loss = torch.nn.functional.cross_entropy(logits, labels)
            loss.backward()
            with torch.no_grad():
                for p in P:
                    p -= rate * p.grad
                    p.grad = None
        return loss.item()

    return run


def jax_loop(work, warm):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    X, labels, rows = jnp.asarray(work.X), jnp.asarray(work.labels), jnp.arange(len(work.X))

    def loss(P):
        logits = jnp.maximum(X @ P[0].T + P[1], 0) @ P[2].T + P[3]
        return (jax.nn.logsumexp(logits, axis=1) - logits[rows, labels]).mean()

    def many(P, rate, count):
        def body(P, _):
            value, grads = jax.value_and_grad(loss)(P)
            return [p - rate * g for p, g in zip(P, grads)], value

        return jax.lax.scan(body, P, None, length=count)[1][-1]

    loop = jax.jit(many, static_argnums=2)

    def run(count, rate=0.0):
        return float(loop([jnp.asarray(a) for a in work.arrays], rate, count))

    run(warm)
    return run


def measure(repeats, folder):
    work = Digits()
    race = Race("digits' shape 64-32-10, 1,797 samples: loss, gradients, SGD")
    truth = by_hand(work)(STEPS, RATE)

    def checked(name, run, count=30):
        agree(run(STEPS, RATE), truth, name)
        return cpu(run, count)

    race.enter(NUMPY, cpu(by_hand(work), 30))
    for backend in ("numba", "numpy"):
        name = f"replay ({backend})"
        race.enter(name, checked(name, replayed(work, backend)))
    race.enter(FIT, fitted(Digits()))  # with a model of its own: `fit` leaves its history there
    race.enter(MEASURED, fitted(Digits(), ["accuracy"]))
    race.enter_peer("torch", TORCH, lambda: checked(TORCH, torch_steps(work)))
    race.enter_peer("jax", "jax scan", lambda: checked("jax scan", jax_loop(work, warm=30)))
    race.show(repeats)
    work.reset()
    return [
        Goal("digits: times as fast as NumPy by hand", race.ratio(NUMPY, REPLAY), 1, True),
        Goal("digits: times as fast as torch", race.ratio(TORCH, REPLAY), 1, True),
        Goal("digits: an epoch of fit over one of train", race.ratio(FIT, REPLAY), 2),
        Goal("digits: the same with accuracy and validation", race.ratio(MEASURED, REPLAY), 3),
        Goal("digits: the NumPy backend's time over NumPy by hand", race.ratio("replay (numpy)", NUMPY), 1.3),
    ]
