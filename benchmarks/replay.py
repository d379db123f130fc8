"""Replay beside its peers, in one run: ratios, not times, are what to trust.

    python benchmarks/replay.py [moons xor digits microgpt dag] [--repeats 7]

Every row is CPU time of one thread, the median of interleaved repeats. Peers are measured when they are
installed (numpy, torch, jax, micrograd, casadi); the C programs in `benchmarks/c` are compiled with cc, the limit.
Results of all competitors are compared with each other before anything is timed.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import gc
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import autograd as ag
import nn
from autograd import Value, record

HERE = Path(__file__).parent


def there(module):
    return importlib.util.find_spec(module) is not None


def compiled(name, folder):
    """A C program of `benchmarks/c`, compiled; "" where there is no compiler."""
    target = Path(folder, name)
    command = [
        "cc",
        "-O3",
        "-march=native",
        "-ffast-math",
        "-w",
        "-o",
        str(target),
        str(HERE / "c" / f"{name}.c"),
        "-lm",
    ]
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return str(target)


def medians(competitors, repeats):
    """Name -> median of what each competitor's function returns, measured in turns."""
    found = {name: [] for name in competitors}
    for _ in range(repeats):
        for name, run in competitors.items():
            found[name].append(run())
    return {name: sorted(times)[len(times) // 2] for name, times in found.items()}


def cpu(function, count):
    """Microseconds of CPU time per step of `function(count)`."""

    def run():
        begin = time.process_time()
        function(count)
        return (time.process_time() - begin) / count * 1e6

    return run


def show(title, times, unit, ours="replay (numba)"):
    print(f"\n{title}")
    for name, value in sorted(times.items(), key=lambda pair: pair[1]):
        print(f"  {name:<28} {value:>14,.2f} {unit}   {value / times[ours]:>10,.2f} x")


def c_run(program, arguments, numbers):
    text = subprocess.run(
        [program, *map(str, arguments)],
        input="\n".join(map(repr, numbers)),
        text=True,
        capture_output=True,
        check=True,
    ).stdout.split()
    return float(text[0]), float(text[1])


# -- moons ------------------------------------------------------------------------------------------------------


def moons(repeats, folder):
    random.seed(1337)
    model = nn.MLP(2, [16, 16, 1], act="relu")
    params = list(model.parameters())
    start = [p.data for p in params]
    draw = np.random.default_rng(0)
    X = draw.normal(size=(100, 2))
    Y = np.sign(X[:, 0] * X[:, 1])

    def loss(x, y):
        return (1 + -y * model(x)).relu() + 1e-4 * ag.sum([p * p for p in params])

    def reset():
        for p, x in zip(params, start):
            p.data = x

    w = np.array(start)
    weights = [(w[:48].reshape(16, 3), 2), (w[48:320].reshape(16, 17), 16), (w[320:].reshape(1, 17), 16)]
    arrays = [np.ascontiguousarray(part) for matrix, n in weights for part in (matrix[:, :n], matrix[:, n])]

    def by_hand(count, rate=0.0):
        A1, b1, A2, b2, A3, b3 = P = [array.copy() for array in arrays]
        for _ in range(count):
            z1 = X @ A1.T + b1
            h1 = np.maximum(z1, 0)
            z2 = h1 @ A2.T + b2
            h2 = np.maximum(z2, 0)
            m = 1 - Y * (h2 @ A3.T + b3)[:, 0]
            loss_ = np.maximum(m, 0).mean() + 1e-4 * sum((p * p).sum() for p in P)
            ds = (-Y * (m > 0) / 100)[:, None]
            d2 = (ds @ A3) * (z2 > 0)
            d1 = (d2 @ A2) * (z1 > 0)
            grads = (d1.T @ X, d1.sum(0), d2.T @ h1, d2.sum(0), ds.T @ h2, ds.sum(0))
            for p, g in zip(P, grads):
                p -= rate * (g + 2e-4 * p)
        return loss_

    steps, rate = 200, 0.1
    truth = by_hand(steps, rate)
    competitors = {"numpy by hand": cpu(by_hand, 300)}
    for backend in ("numba", "numpy"):
        reset()
        fast = record(loss, params=params, backend=backend)
        assert abs(fast.train(X, Y, epochs=steps, lr=rate)[-1] - truth) < 1e-9
        count = 2000 if backend == "numba" else 300
        competitors[f"replay ({backend})"] = cpu(lambda n, f=fast: f.train(X, Y, epochs=n, lr=0.0), count)
    reset()
    program = compiled("moons", folder)
    if program:
        numbers = [*start, *np.c_[X, Y].ravel().tolist()]
        assert abs(c_run(program, (steps, rate), numbers)[1] - truth) < 1e-9
        competitors["C, blocked by hand"] = lambda: c_run(program, (3000, 0.0), numbers)[0]
    if there("torch"):
        competitors["torch"] = cpu(_torch_moons(arrays, X, Y, rate, steps, truth), 100)
    if there("jax"):
        competitors["jax jit, tensorised"] = cpu(_jax_moons(arrays, X, Y, rate, steps, truth), 300)
    if there("micrograd"):
        competitors["micrograd"] = cpu(_micrograd_moons(start, X, Y), 1)
    times = medians(competitors, repeats)
    show("moons 2-16-16-1, batch 100, loss + gradients + L2 + SGD", times, "us per step")


def _torch_moons(arrays, X, Y, rate, steps, truth):
    import torch

    torch.set_num_threads(1)
    x, y = torch.tensor(X), torch.tensor(Y)

    def run(count, lr=0.0):
        P = [torch.tensor(a, requires_grad=True) for a in arrays]
        for _ in range(count):
            h = torch.relu(torch.relu(x @ P[0].T + P[1]) @ P[2].T + P[3]) @ P[4].T + P[5]
            loss = torch.relu(1 - y * h[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in P)
            loss.backward()
            with torch.no_grad():
                for p in P:
                    p -= lr * p.grad
                    p.grad = None
        return loss.item()

    assert abs(run(steps, rate) - truth) < 1e-9
    return run


def _jax_moons(arrays, X, Y, rate, steps, truth):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    def loss(P):
        h = jnp.maximum(jnp.maximum(X @ P[0].T + P[1], 0) @ P[2].T + P[3], 0) @ P[4].T + P[5]
        return jnp.maximum(1 - Y * h[:, 0], 0).mean() + 1e-4 * sum((p * p).sum() for p in P)

    @jax.jit
    def step(P, lr):
        value, grads = jax.value_and_grad(loss)(P)
        return value, [p - lr * g for p, g in zip(P, grads)]

    def run(count, lr=0.0):
        P = [jnp.asarray(a) for a in arrays]
        for _ in range(count):
            value, P = step(P, lr)
        return float(value)

    assert abs(run(steps, rate) - truth) < 1e-9
    return run


def _micrograd_moons(start, X, Y):
    from micrograd.nn import MLP

    model = MLP(2, [16, 16, 1])
    params = model.parameters()
    for p, x in zip(params, start):
        p.data = x

    def run(count):
        for _ in range(count):
            scores = [model(list(x)) for x in X.tolist()]
            loss = sum((1 + -y * s).relu() for y, s in zip(Y.tolist(), scores)) * 0.01
            total = loss + 1e-4 * sum(p * p for p in params)
            model.zero_grad()
            total.backward()

    return run


# -- XOR ----------------------------------------------------------------------------------------------------------


def xor(repeats, folder):
    random.seed(1)
    w = [Value(random.gauss(0, 1)) for _ in range(9)]
    start = [p.data for p in w]
    X, Y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]

    def loss(x, y):
        h = [ag.sigmoid(w[3 * k] * x[0] + w[3 * k + 1] * x[1] + w[3 * k + 2]) for k in (0, 1)]
        return (ag.sigmoid(w[6] * h[0] + w[7] * h[1] + w[8]) - y) ** 2

    def by_hand(epochs, rate=0.1):
        W = np.array(start)
        A, b, c, d = W[:6].reshape(2, 3)[:, :2].copy(), W[[2, 5]].copy(), W[6:8].copy(), W[8]
        x, y = np.array(X), np.array(Y)
        for _ in range(epochs):
            h = 1 / (1 + np.exp(-(x @ A.T + b)))
            o = 1 / (1 + np.exp(-(h @ c + d)))
            e = o - y
            g = 0.5 * e * o * (1 - o)
            gh = np.outer(g, c) * h * (1 - h)
            c, d = c - rate * (g @ h), d - rate * g.sum()
            A, b = A - rate * (gh.T @ x), b - rate * gh.sum(0)
        return (e * e).mean()

    truth = by_hand(500)
    fast = record(loss, params=w)
    assert abs(fast.train(X, Y, epochs=500, lr=0.1)[-1] - truth) < 1e-12
    competitors = {
        "replay (numba)": cpu(lambda n: fast.train(X, Y, epochs=n, lr=0.1), 10_000),
        "numpy by hand": cpu(by_hand, 1000),
    }
    program = compiled("xor", folder)
    if program:
        assert abs(c_run(program, (500, 0.1), start)[1] - truth) < 1e-12
        competitors["C"] = lambda: c_run(program, (10_000, 0.1), start)[0] / 10
    if there("jax"):
        competitors["jax scan"] = cpu(_jax_xor(start, X, Y, truth), 10_000)
    times = {name: 10 * t for name, t in medians(competitors, repeats).items()}
    show("XOR 2-2-1, 10,000 epochs", times, "ms")


def _jax_xor(start, X, Y, truth):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    x, y = jnp.array(X), jnp.array(Y)

    def loss(w):
        h = jax.nn.sigmoid(x @ w[:6].reshape(2, 3)[:, :2].T + w[jnp.array([2, 5])])
        return ((jax.nn.sigmoid(h @ w[6:8] + w[8]) - y) ** 2).mean()

    def many(w, n):
        def step(w, _):
            value, g = jax.value_and_grad(loss)(w)
            return w - 0.1 * g, value

        return jax.lax.scan(step, w, None, length=n)[1][-1]

    run = jax.jit(many, static_argnums=1)
    assert abs(float(run(jnp.array(start), 500)) - truth) < 1e-12
    return lambda n: run(jnp.array(start), n).block_until_ready()


# -- digits ---------------------------------------------------------------------------------------------------------


def digits(repeats, folder):
    draw = np.random.default_rng(0)
    random.seed(0)
    X, labels = draw.uniform(0, 1, (1797, 64)), draw.integers(0, 10, 1797)
    model = nn.MLP(64, [32, 10], act="relu")
    params = list(model.parameters())

    def loss(x, label):
        logits = model(x)
        return ag.logsumexp(logits) - ag.pick(logits, label)

    w = np.array([p.data for p in params])
    first, second = w[: 32 * 65].reshape(32, 65), w[32 * 65 :].reshape(10, 33)
    arrays = [np.ascontiguousarray(a) for a in (first[:, :64], first[:, 64], second[:, :32], second[:, 32])]
    rows = np.arange(1797)

    def by_hand(count, rate=0.0):
        P = [a.copy() for a in arrays]
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
            d /= 1797
            dh = (d @ P[2]) * (z > 0)
            for p, g in zip(P, (dh.T @ X, dh.sum(0), d.T @ h, d.sum(0))):
                p -= rate * g
        return value

    truth = by_hand(3, 0.1)
    fast = record(loss, params=params)
    assert abs(fast.train(X, labels, epochs=3, lr=0.1)[-1] - truth) < 1e-9
    times = medians(
        {
            "replay (numba)": cpu(lambda n: fast.train(X, labels, epochs=n, lr=0.0), 30),
            "numpy by hand": cpu(by_hand, 30),
        },
        repeats,
    )
    show("digits' shape 64-32-10, 1,797 samples, loss + gradients + SGD", times, "us per step")


# -- microgpt -------------------------------------------------------------------------------------------------------


def microgpt(repeats, folder):
    """A GPT of 16 numbers, 4 heads and 1 layer on names, block 16: one step of Adam on one name."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [[26, *map(letters.index, name), 26] for name in nn.data.names()[:12]]
    text = next(text for text in texts if len(text) == 8)
    random.seed(0)
    model = nn.GPT(27, 16, dim=16, heads=4, layers=1)
    params = list(model.parameters())
    start = [p.data for p in params]

    def reset():
        for p, x in zip(params, start):
            p.data, p.grad = x, 0.0

    def eager(count):
        reset()
        optimizer = nn.optim.Adam(params, lr=0.01)
        for _ in range(count):
            optimizer.zero_grad()
            loss = model.loss(text)
            loss.backward()
            optimizer.step()
        return loss.data

    def replay(fast, corpus):
        def run(count):
            reset()
            return fast.train(corpus, epochs=count, optimizer="adam", lr=0.01, batch_size=1)[-1]

        return run

    truth = eager(5)
    competitors = {"eager engine": cpu(eager, 2)}
    for backend in ("numba", "numpy"):
        run = replay(record(model.loss, params=params, backend=backend), [text])
        assert abs(run(5) - truth) < 1e-9
        competitors[f"replay ({backend})"] = cpu(run, 300 if backend == "numba" else 20)
    mixed = replay(record(model.loss, params=params), texts)
    mixed(2)
    per_name = cpu(mixed, 5)
    competitors["replay (12 names in turn)"] = lambda: per_name() / len(texts)
    if there("torch"):
        reset()
        competitors["torch"] = cpu(_torch_microgpt(model, text, truth), 20)
    else:
        print("torch is not installed: its row is left out")
    times = medians(competitors, repeats)
    reset()
    show("microgpt's shape (4,240 parameters), a name of 6 letters, loss + gradients + Adam", times, "us per step")


def _torch_microgpt(model, text, truth):
    import torch

    torch.set_num_threads(1)
    arrays = {
        name: [[p.data for p in row] if isinstance(row, (list, tuple)) else row.data for row in tensor]
        for name, tensor in model.named_tensors()
    }
    tokens = torch.tensor(text)
    mask = torch.triu(torch.full((len(text) - 1,) * 2, -torch.inf, dtype=torch.float64), 1)

    def rms(x, weight):
        return x * (x.square().mean(-1, keepdim=True) + 1e-5).rsqrt() * weight

    def loss_of(P):
        n = len(text) - 1
        x = P["token_embedding.weight"][tokens[:-1]] + P["position_embedding.weight"][:n]
        x = rms(x, P["norm.weight"])
        qkv = rms(x, P["blocks.0.norm1.weight"]) @ P["blocks.0.attention.in_proj_weight"].T
        q, k, v = (part.view(n, 4, 4).transpose(0, 1) for part in qkv.split(16, 1))
        shares = torch.softmax(q @ k.transpose(1, 2) / 2 + mask, -1)
        x = x + (shares @ v).transpose(0, 1).reshape(n, 16) @ P["blocks.0.attention.out_proj.weight"].T
        up = torch.relu(rms(x, P["blocks.0.norm2.weight"]) @ P["blocks.0.feed_forward.up.weight"].T)
        x = x + up @ P["blocks.0.feed_forward.down.weight"].T
        return torch.nn.functional.cross_entropy(x @ P["head.weight"].T, tokens[1:])

    def run(count):
        P = {name: torch.tensor(a, dtype=torch.float64, requires_grad=True) for name, a in arrays.items()}
        optimizer = torch.optim.Adam(P.values(), lr=0.01)
        for _ in range(count):
            optimizer.zero_grad()
            loss = loss_of(P)
            loss.backward()
            optimizer.step()
        return loss.item()

    assert abs(run(5) - truth) < 1e-9
    return run


# -- random graphs --------------------------------------------------------------------------------------------------


def random_graph(n, seed=0):
    """A function without arguments that builds n nodes on n/50 leaves, every unused result summed."""
    draw = random.Random(seed)
    leaves = [Value(draw.uniform(-1, 1)) for _ in range(max(4, n // 50))]
    plan, used = [], set()
    for m in range(len(leaves), len(leaves) + n):
        kind = draw.random()
        a, b = int(draw.random() * m), int(draw.random() * m)
        used |= {a, b} if kind < 0.8 else {a}
        plan.append((kind, a, b))
    ends = tuple(i for i in range(len(leaves), len(leaves) + n) if i not in used)
    plan = tuple(plan)

    def build():
        pool = list(leaves)
        for kind, a, b in plan:
            x = pool[a]
            pool.append(
                x + pool[b]
                if kind < 0.35
                else x * pool[b]
                if kind < 0.6
                else x - pool[b]
                if kind < 0.8
                else x.tanh()
            )
        return ag.sum([pool[i] for i in ends])

    return build, leaves, plan, ends


def dag(repeats, folder):
    print("\nrandom graphs: forward + gradient, ns per node")
    for n in (100, 1000, 10_000, 100_000, 1_000_000):
        build, leaves, plan, ends = random_graph(n)
        fast = record(build, params=leaves)
        gc.disable()
        begin = time.process_time()
        build()
        eager = time.process_time() - begin
        begin = time.process_time()
        fast()
        first = time.process_time() - begin
        fast()
        begin = time.process_time()
        fast()
        passes = time.process_time() - begin
        gc.enable()
        single = next(iter(fast.learned.variants.values()))[0].prepared["single"]
        numbers = next(iter(fast.learned.variants.values()))[0].numbers(())
        count = max(1, 300_000 // n)
        competitors = {
            "replay": cpu(lambda k, s=single, x=numbers: [s.run_one(x, True) for _ in range(k)], count)
        }
        if there("casadi") and n <= 100_000:
            competitors["casadi"] = cpu(_casadi_graph(plan, ends, [p.data for p in leaves]), count)
        times = medians(competitors, repeats)
        row = "  ".join(f"{name} {t / n * 1e3:8.1f}" for name, t in times.items())
        print(
            f"  {n:>9,} nodes: {row}   (eager forward {eager / n * 1e9:,.0f}, first call {first:.3f} s, "
            f"passes and first replay {passes:.3f} s, {_bytes(single) / n:.0f} bytes)"
        )


def _bytes(single):
    return 2 * single.values.nbytes + single.index.nbytes + single.tape.rows.nbytes


def _casadi_graph(plan, ends, numbers):
    import casadi as ca

    x = ca.SX.sym("x", len(numbers))
    pool = [x[i] for i in range(len(numbers))]
    for kind, a, b in plan:
        pool.append(
            pool[a] + pool[b]
            if kind < 0.35
            else pool[a] * pool[b]
            if kind < 0.6
            else pool[a] - pool[b]
            if kind < 0.8
            else ca.tanh(pool[a])
        )
    total = pool[ends[0]]
    for i in ends[1:]:
        total = total + pool[i]
    f = ca.Function("f", [x], [total, ca.gradient(total, x)])
    point = ca.DM(numbers)
    return lambda count: [f(point) for _ in range(count)]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    works = {"moons": moons, "xor": xor, "digits": digits, "microgpt": microgpt, "dag": dag}
    parser.add_argument("works", nargs="*", choices=[*works, []], default=list(works))
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in options.works or works:
            works[name](options.repeats, folder)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
