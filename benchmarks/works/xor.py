"""XOR 2-2-1: sigmoid, squared error, full batch of four, SGD; 10,000 epochs."""

import random

import numpy as np

import autograd as ag
from autograd import Value, record
from works.timing import MORE, PEERS, REPLAY, UNAUDITED, Goal, Race, Work, agree, c_run, compiled, cpu

EPOCHS, RATE = 10_000, 0.1
X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
NUMPY, NUMBA, C, JAX, TORCH = "NumPy by hand", "Numba by hand", "C", "JAX scan", "torch"


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
    """NumPy with buffers, biases in the matrices: of each layer the inputs and a row of ones."""
    x, y = np.vstack([np.array(X).T, np.ones(4)]), np.array(Y)
    inner, slopes, o, slope = np.ones((3, 4)), np.empty((2, 4)), np.empty(4), np.empty(4)
    w, g = np.empty(9), np.empty(9)
    first, last, g_first, g_last = w[:6].reshape(2, 3), w[6:], g[:6].reshape(2, 3), g[6:]
    h, back = inner[:2], last[:2, None]

    def sigmoid(z):
        np.negative(z, out=z)
        np.exp(z, out=z)
        np.add(z, 1, out=z)
        np.reciprocal(z, out=z)

    def run(epochs):
        w[:] = work.start
        for _ in range(epochs):
            np.matmul(first, x, out=h)
            sigmoid(h)
            np.matmul(last, inner, out=o)
            sigmoid(o)
            np.subtract(1, o, out=slope)
            np.multiply(slope, o, out=slope)
            np.subtract(o, y, out=o)
            loss = o.dot(o) / 4
            np.multiply(slope, o, out=slope)
            np.matmul(inner, slope, out=g_last)
            np.subtract(1, h, out=slopes)
            np.multiply(slopes, h, out=slopes)
            np.multiply(slopes, slope, out=slopes)
            np.multiply(slopes, back, out=slopes)
            np.matmul(slopes, x.T, out=g_first)
            np.multiply(g, RATE / 2, out=g)  # d(mean of e**2) = e/2, and so for all
            np.subtract(w, g, out=w)
        return loss

    return run


def numba_loop(work):
    from works import numba_by_hand

    return lambda epochs: numba_by_hand.xor(np.array(work.start), np.array(X), np.array(Y), RATE, epochs)


def replayed(work, backend="numba", audit=True):
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

    return lambda epochs: float(loop(jnp.array(work.start), epochs))


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


def measure(run):
    work = Xor()
    race = Race(run, "xor", "XOR 2-2-1, 10,000 epochs", "ms")
    numpy = by_hand(work)
    truth = numpy(500)

    def checked(name, make, epochs=EPOCHS):
        """Milliseconds of 10,000 epochs, measured on so many."""

        def measurement():
            loop = make()
            agree(loop(500), truth, name)
            loop(epochs)  # compiled for so many
            timed = cpu(loop, epochs)
            return lambda: timed() * EPOCHS / 1000

        return measurement

    def limit():
        loop = in_c(work, run.folder)
        agree(loop(500)[1], truth, C)
        return lambda: loop(EPOCHS)[0] * EPOCHS / 1000

    ours = replayed(work)
    race.enter(REPLAY, checked(REPLAY, lambda: ours))
    race.enter(UNAUDITED, checked(UNAUDITED, lambda: replayed(work, audit=False)))
    race.enter("replay (numpy)", checked("replay (numpy)", lambda: replayed(work, "numpy"), 1000))
    race.enter(NUMPY, checked(NUMPY, lambda: numpy, 1000))
    race.enter(NUMBA, checked(NUMBA, lambda: numba_loop(work)), needs="numba")
    race.enter(C, limit, needs="cc")
    race.enter(JAX, checked(JAX, lambda: jax_loop(work)), needs="jax")
    race.enter(TORCH, checked(TORCH, lambda: torch_loop(work), 200), needs="torch")
    race.show()
    work.reset()
    ahead = Goal(PEERS, "XOR: times as fast as Numba by hand", race.ratio(NUMBA, REPLAY), 1, "x", True)
    return [
        ahead.explained(lambda: ours(EPOCHS)),
        Goal(PEERS, "XOR: times as fast as JAX's scan", race.ratio(JAX, REPLAY), 1, "x", True),
        Goal(MORE, "XOR: replay's time over C's", race.ratio(REPLAY, C), 3),
        Goal(MORE, "XOR: times as fast as NumPy by hand", race.ratio(NUMPY, REPLAY), 100, "x", True),
    ]
