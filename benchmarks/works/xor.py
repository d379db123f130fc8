"""XOR 2-2-1: sigmoid, squared error, full batch of four, SGD; 10,000 epochs."""

import random

import numpy as np

import autograd as ag
from autograd import Value, record
from works.timing import REPLAY, UNAUDITED, Goal, Race, Work, agree, c_run, compiled, cpu

EPOCHS, RATE = 10_000, 0.1
X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
NUMPY, C, JAX = "numpy by hand", "C", "jax scan"


class Xor(Work):
    """The nine weights: of each hidden neuron, then of the output, the bias last."""

    def __init__(self):
        random.seed(1)
        super().__init__([Value(random.gauss(0, 1)) for _ in range(9)])

    def loss(self, x, y):
        """One sample's."""
        w = self.params
        h = [ag.sigmoid(w[3 * k] * x[0] + w[3 * k + 1] * x[1] + w[3 * k + 2]) for k in (0, 1)]
        return (ag.sigmoid(w[6] * h[0] + w[7] * h[1] + w[8]) - y) ** 2


def by_hand(work):
    x, y = np.array(X), np.array(Y)

    def run(epochs):
        W = np.array(work.start)
        A, b, c, d = W[:6].reshape(2, 3)[:, :2].copy(), W[[2, 5]].copy(), W[6:8].copy(), W[8]
        for _ in range(epochs):
            h = 1 / (1 + np.exp(-(x @ A.T + b)))
            o = 1 / (1 + np.exp(-(h @ c + d)))
            e = o - y
            g = 0.5 * e * o * (1 - o)
            gh = np.outer(g, c) * h * (1 - h)
            c, d = c - RATE * (g @ h), d - RATE * g.sum()
            A, b = A - RATE * (gh.T @ x), b - RATE * gh.sum(0)
        return (e * e).mean()

    return run


def replayed(work, backend, audit=True):
    fast = record(work.loss, params=work.params, backend=backend, audit=audit)

    def run(epochs):
        work.reset()
        return fast.train(X, Y, epochs=epochs, lr=RATE)[-1]

    return run


def in_c(work, folder):
    """A function epochs -> [microseconds per epoch, the last loss]."""
    program = compiled("xor", folder)
    return lambda epochs: c_run(program, (epochs, RATE), work.start)


def jax_loop(work):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    x, y = jnp.array(X), jnp.array(Y)

    def loss(w):
        h = jax.nn.sigmoid(x @ w[:6].reshape(2, 3)[:, :2].T + w[jnp.array([2, 5])])
        return ((jax.nn.sigmoid(h @ w[6:8] + w[8]) - y) ** 2).mean()

    def many(w, epochs):
        def step(w, _):
            value, g = jax.value_and_grad(loss)(w)
            return w - RATE * g, value

        return jax.lax.scan(step, w, None, length=epochs)[1][-1]

    loop = jax.jit(many, static_argnums=1)

    def run(epochs):
        return float(loop(jnp.array(work.start), epochs))

    run(EPOCHS)  # compiled now
    return run


def torch_loop(work):
    import torch

    torch.set_num_threads(1)
    x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)

    def run(epochs):
        w = torch.tensor(work.start, dtype=torch.float64, requires_grad=True)
        for _ in range(epochs):
            h = torch.sigmoid(x @ w[:6].view(2, 3)[:, :2].T + w[2:6:3])
            loss = (torch.sigmoid(h @ w[6:8] + w[8]) - y).square().mean()
            loss.backward()
            with torch.no_grad():
                w -= RATE * w.grad
                w.grad = None
        return loss.item()

    return run


def measure(repeats, folder):
    work = Xor()
    race = Race("XOR 2-2-1, 10,000 epochs", "ms")
    truth = by_hand(work)(500)

    def checked(name, run, epochs=EPOCHS):
        """Milliseconds of 10,000 epochs, measured on so many."""
        agree(run(500), truth, name)
        timed = cpu(run, epochs)
        return lambda: timed() * EPOCHS / 1000

    def limit():
        run = in_c(work, folder)
        agree(run(500)[1], truth, C)
        return lambda: run(EPOCHS)[0] * EPOCHS / 1000

    race.enter(NUMPY, checked(NUMPY, by_hand(work), 1000))
    for backend, epochs in (("numba", EPOCHS), ("numpy", 1000)):
        name = f"replay ({backend})"
        race.enter(name, checked(name, replayed(work, backend), epochs))
    race.enter(UNAUDITED, checked(UNAUDITED, replayed(work, "numba", audit=False)))
    race.enter_c(C, limit)
    race.enter_peer("jax", JAX, lambda: checked(JAX, jax_loop(work)))
    race.enter_peer("torch", "torch", lambda: checked("torch", torch_loop(work), 200))
    race.show(repeats)
    work.reset()
    return [
        Goal("XOR: times as fast as NumPy by hand", race.ratio(NUMPY, REPLAY), 100, True),
        Goal("XOR: times as fast as JAX's scan", race.ratio(JAX, REPLAY), 1, True),
        Goal("XOR: replay's time over C's", race.ratio(REPLAY, C), 3),
    ]
