"""digits' shape: 64-32-10 with relu, 1,797 samples in one batch, cross-entropy, all gradients, an update of SGD."""

import random

import numpy as np

import autograd as ag
import nn
from autograd import record
from works.timing import EPOCHS, MORE, PEERS, REPLAY, Goal, Race, Work, agree, calls_of, cpu

SAMPLES, STEPS, RATE = 1797, 3, 0.1
NUMPY, NUMBA, TORCH, JAX = "NumPy by hand, buffers", "Numba by hand", "torch", "JAX scan"


class Digits(Work):
    """The network, and numbers in place of images."""

    def __init__(self, samples=SAMPLES):
        draw = np.random.default_rng(0)
        random.seed(0)
        self.X, self.labels = draw.uniform(0, 1, (samples, 64)), draw.integers(0, 10, samples)
        self.model = nn.MLP(64, [32, 10], act="relu")
        super().__init__(self.model.parameters())

    def loss(self, x, label):
        """One sample's."""
        logits = self.model(x)
        return ag.logsumexp(logits) - ag.pick(logits, label)

    @property
    def arrays(self):
        """The start as a weight matrix and a bias per layer."""
        w = np.array(self.start)
        first, second = w[: 32 * 65].reshape(32, 65), w[32 * 65 :].reshape(10, 33)
        parts = (first[:, :64], first[:, 64], second[:, :32], second[:, 32])
        return [np.ascontiguousarray(a) for a in parts]


def by_hand(work):
    """NumPy as its friends write it: parameters in one array, biases in the matrices, buffers used again."""
    n, labels, rows = len(work.X), work.labels, np.arange(len(work.X))
    X = np.vstack([work.X.T, np.ones(n)])
    hidden, s, dh = np.ones((33, n)), np.empty((10, n)), np.empty((32, n))  # the last row: a bias's factor
    most, total, positive = np.empty(n), np.empty(n), np.empty((32, n), bool)
    w, g = np.empty(len(work.start)), np.empty(len(work.start))
    first, last = w[: 32 * 65].reshape(32, 65), w[32 * 65 :].reshape(10, 33)
    g_first, g_last = g[: 32 * 65].reshape(32, 65), g[32 * 65 :].reshape(10, 33)
    h, back = hidden[:32], last[:, :32].T

    def run(count, rate=0.0):
        w[:] = work.start
        for _ in range(count):
            np.matmul(first, X, out=h)
            np.greater(h, 0, out=positive)
            np.maximum(h, 0, out=h)
            np.matmul(last, hidden, out=s)
            np.maximum.reduce(s, 0, out=most)
            np.subtract(s, most, out=s)
            right = s[labels, rows]
            np.exp(s, out=s)
            np.add.reduce(s, 0, out=total)
            loss = (np.log(total) - right).sum() / n
            np.divide(s, total, out=s)
            s[labels, rows] -= 1
            np.matmul(s, hidden.T, out=g_last)
            np.matmul(back, s, out=dh)
            np.multiply(dh, positive, out=dh)
            np.matmul(dh, X.T, out=g_first)
            np.multiply(g, rate / n, out=g)
            np.subtract(w, g, out=w)
        return loss

    return run


def numba_loop(work):
    from works import numba_by_hand

    X = np.vstack([work.X.T, np.ones(len(work.X))])

    def run(count, rate=0.0):
        w = np.array(work.start)
        first, last = w[: 32 * 65].reshape(32, 65), w[32 * 65 :].reshape(10, 33)
        return numba_by_hand.digits(first, last, X, work.labels, rate, count)

    return run


def replayed(work, backend="numba"):
    fast = record(work.loss, params=work.params, backend=backend)

    def run(count, rate=0.0):
        work.reset()
        return fast.train(work.X, work.labels, epochs=count, lr=rate)[-1]

    return run


def called(work):
    """Calls of one recorded function's `train`, which go on from where the last one ended."""
    fast = record(work.loss, params=work.params)
    return lambda epochs: fast.train(work.X, work.labels, epochs=epochs, lr=0.0)


def torch_steps(work):
    import torch

    torch.set_num_threads(1)
    linear, cross_entropy = torch.nn.functional.linear, torch.nn.functional.cross_entropy
    X, labels = torch.tensor(work.X), torch.tensor(work.labels)

    def run(count, rate=0.0):
        P = [torch.tensor(a, requires_grad=True) for a in work.arrays]
        optimizer = torch.optim.SGD(P, lr=rate, fused=True)
        for _ in range(count):
            optimizer.zero_grad()
            loss = cross_entropy(linear(torch.relu(linear(X, *P[:2])), *P[2:]), labels)
            loss.backward()
            optimizer.step()
        return loss.item()

    return run


def jax_loop(work):
    """Of the ways to write it tried (samples in rows or columns, labels looked up or as ones) the fastest."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    X, ones = jnp.asarray(np.ascontiguousarray(work.X.T)), jax.nn.one_hot(work.labels, 10, axis=0)

    def loss(P):
        logits = P[2] @ jnp.maximum(P[0] @ X + P[1][:, None], 0) + P[3][:, None]
        return (jax.nn.logsumexp(logits, axis=0) - (logits * ones).sum(0)).mean()

    def many(P, rate, count):
        def body(P, _):
            value, grads = jax.value_and_grad(loss)(P)
            return [p - rate * g for p, g in zip(P, grads)], value

        return jax.lax.scan(body, P, None, length=count)[1][-1]

    loop = jax.jit(many, static_argnums=2)
    return lambda count, rate=0.0: float(loop([jnp.asarray(a) for a in work.arrays], rate, count))


def measure(run):
    work = Digits()
    race = Race(run, "digits", "digits' shape 64-32-10, 1,797 samples: loss, gradients, SGD", "us per epoch")
    numpy = by_hand(work)
    truth = numpy(STEPS, RATE)

    def checked(name, make, count=50):
        def measurement():
            steps = make()
            agree(steps(STEPS, RATE), truth, name)
            steps(count)  # compiled for so many
            return cpu(steps, count)

        return measurement

    ours = replayed(work)
    race.enter(REPLAY, checked(REPLAY, lambda: ours))
    for epochs in EPOCHS:
        name = f"replay, train(epochs={epochs})"
        race.enter(name, lambda epochs=epochs: calls_of(called(work), epochs, least=20))
    race.enter("replay (numpy)", checked("replay (numpy)", lambda: replayed(work, "numpy"), 20))
    race.enter(NUMPY, checked(NUMPY, lambda: numpy))
    race.enter(NUMBA, checked(NUMBA, lambda: numba_loop(work)), needs="scipy")  # Numba's way to BLAS
    race.enter(TORCH, checked(TORCH, lambda: torch_steps(work)), needs="torch")
    race.enter(JAX, checked(JAX, lambda: jax_loop(work)), needs="jax")
    race.show()
    work.reset()
    ratio = race.ratio
    ahead = Goal(PEERS, "digits: times as fast as JAX's scan", ratio(JAX, REPLAY), 1, "x", True)
    by_loops = Goal(PEERS, "digits: times as fast as Numba by hand", ratio(NUMBA, REPLAY), 1, "x", True)
    return [
        ahead.explained(lambda: ours(50)),
        by_loops.explained(lambda: ours(50)),
        Goal(PEERS, "digits: times as fast as NumPy with buffers", ratio(NUMPY, REPLAY), 1, "x", True),
        Goal(PEERS, "digits: times as fast as torch", ratio(TORCH, REPLAY), 1, "x", True),
        Goal(
            MORE, "digits: the NumPy backend's time over NumPy by hand", ratio("replay (numpy)", NUMPY), 1.3
        ),
    ]
