"""Exports beside the function itself and beside the same model written by hand, in one run.

    python benchmarks/export.py [moons cnn lstm microgpt branch graph] [--repeats 7] [--compile]

For each program and target: the largest difference of a loss or of a gradient (of the sum of the losses) from
the function's own, relative where that is above 1; microseconds of CPU time for the losses of a batch and all
gradients (one thread, the median of interleaved repeats; C goes sample by sample), seconds of CPU time until
the first answer, with the export and whatever compiles it, and the size of what is written. At the end stands
each step over that of the same library's model by hand. `--compile` adds torch.compile, which needs a C++
compiler. SymPy is asked for the small programs alone.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import ctypes
import random
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import jax
import jax.numpy as jnp
import numpy as np
import onnxruntime
import torch
from works.microgpt import Microgpt
from works.microgpt_peers import DOWN, HEAD, HEADS, IN, NORM, NORM1, NORM2, OUT, PLACE, SIZE, TOKEN, UP
from works.moons import Moons

import autograd as ag
import nn
from autograd import record

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
LEAST = 0.05  # seconds of one measurement
BOUNDS = {"moons": 1.3, "cnn": 1.3, "microgpt": 1.5}


class Library:
    """What models by hand call, in one library's spelling."""

    def __init__(self, it, relu, softmax, convolved):
        self.it, self.relu, self.softmax, self.convolved = it, relu, softmax, convolved
        self.logsumexp = torch.logsumexp if it is torch else jax.nn.logsumexp
        self.array = torch.as_tensor if it is torch else jnp.asarray


IN_JAX = Library(
    jnp, jax.nn.relu, jax.nn.softmax, lambda x, w: jax.lax.conv(x, w, window_strides=(1, 1), padding="VALID")
)
IN_TORCH = Library(torch, torch.relu, torch.nn.Softmax(-1), torch.nn.functional.conv2d)


def moons():
    """Give the function, its parameters, a batch, and the losses in terms of arrays by a library's functions."""
    work = Moons()

    def by_hand(P, L, x, y):
        h = x
        for k in (0, 1):
            h = L.relu(h @ P[f"layers.{k}.neurons.w"].T + P[f"layers.{k}.neurons.b"])
        h = h @ P["layers.2.neurons.0.w"] + P["layers.2.neurons.0.b"]
        return L.relu(1 - y * h) + 1e-4 * sum((p * p).sum() for p in P.values())

    return work.loss, work.params, (work.X, work.Y), by_hand


def cnn():
    """Give a convolution, pooling and a layer on digits' 8 by 8 pixels, with a cross entropy."""
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 10))
    draw = np.random.default_rng(0)

    def loss(x, y):
        return nn.cross_entropy(model(x), y)

    def by_hand(P, L, x, y):
        w, b, A, c = (P[f"layers.{name}"] for name in ("0.weight", "0.bias", "4.weight", "4.bias"))
        h = L.relu(L.convolved(x, w) + b.reshape(1, -1, 1, 1)).reshape(len(x), 4, 3, 2, 3, 2)
        h = L.it.amax(h, (3, 5)) if L.it is torch else h.max((3, 5))
        s = h.reshape(len(x), 36) @ A.T + c
        return L.logsumexp(s, -1) - s[np.arange(len(s)), y]

    return loss, [*model.parameters()], (draw.normal(size=(32, 1, 8, 8)), draw.integers(0, 10, 32)), by_hand


def lstm():
    """Give an LSTM cell of 8 over five steps of two numbers and a layer on top."""
    cell, head = nn.LSTMCell(2, 8), nn.Linear(8, 1)
    draw = np.random.default_rng(0)

    def loss(xs, y):
        found = nn.unroll(cell, xs)
        states = found[0] if isinstance(found, tuple) else found
        return (head(states[-1])[0] - y) ** 2

    def by_hand(P, L, xs, y):
        h = state = L.it.zeros((len(y), 8), dtype=L.it.float64)
        for k in range(xs.shape[1]):
            gates = xs[:, k] @ P["cell.weight_ih"].T + P["cell.bias_ih"]
            gates = gates + h @ P["cell.weight_hh"].T + P["cell.bias_hh"]
            sigmoid = torch.sigmoid if L.it is torch else jax.nn.sigmoid
            i, f, o = (sigmoid(gates[:, a : a + 8]) for a in (0, 8, 24))
            state = f * state + i * L.it.tanh(gates[:, 16:24])
            h = o * L.it.tanh(state)
        return ((h @ P["head.weight"].T + P["head.bias"])[:, 0] - y) ** 2

    params = [*cell.parameters(), *head.parameters()]
    return loss, params, (draw.normal(size=(16, 5, 2)), draw.normal(size=16)), by_hand


def microgpt():
    """Give the language model of the other benchmarks on one text."""
    work = Microgpt()
    texts = np.array([work.text])
    n = texts.shape[1] - 1
    mask = np.where(np.tri(n) > 0, 0.0, -np.inf)

    def by_hand(P, L, tokens):
        def rms(x, weight):
            return x * ((x * x).mean(-1) + 1e-5)[..., None] ** -0.5 * weight

        batch, dim = len(tokens), HEADS * SIZE
        x = rms(P[TOKEN][tokens[:, :-1]] + P[PLACE][:n], P[NORM])
        parts = (rms(x, P[NORM1]) @ P[IN].T).reshape(batch, n, 3, HEADS, SIZE)
        q, k, v = (parts[:, :, i].swapaxes(1, 2) for i in range(3))
        shares = L.softmax(q @ k.swapaxes(2, 3) / SIZE**0.5 + L.array(mask))
        x = x + (shares @ v).swapaxes(1, 2).reshape(batch, n, dim) @ P[OUT].T
        x = x + L.relu(rms(x, P[NORM2]) @ P[UP].T) @ P[DOWN].T
        s = x @ P[HEAD].T
        chosen = s[np.arange(batch)[:, None], np.arange(n), tokens[:, 1:]]
        return (L.logsumexp(s, -1) - chosen).mean(-1)

    return work.model.loss, work.params, (texts,), by_hand


def branch():
    """Give a function of three ways, in two of which others would give nan."""
    a, b = ag.Value(1.5, label="a"), ag.Value(-0.7, label="b")

    def loss(x):
        if a * x > 0.2:
            return ag.log(a * x) * b
        return ag.sin(b * x) ** 2 if x > -0.5 else ag.sqrt(-x) * a * b

    def by_hand(P, L, x):
        a, b, it = P["a"], P["b"], L.it
        first, third = a * x > 0.2, x <= -0.5
        one, minus = it.ones_like(x), -it.ones_like(x)
        way = it.where(first, it.log(a * it.where(first, x, one)) * b, it.sin(b * x) ** 2)
        return it.where(third & ~first, it.sqrt(-it.where(third, x, minus)) * a * b, way)

    return loss, [a, b], (np.linspace(-0.87, 0.93, 64),), by_hand


def graph(size=2000):
    """Give a graph of so many nodes, every one of them used, whose operands are drawn."""
    draw = random.Random(3)
    leaves = [ag.Value(draw.uniform(-1, 1), label=f"w{k}") for k in range(20)]
    plan = [(draw.randrange(4), draw.random(), draw.random()) for _ in range(size)]

    def loss(x, y):
        nodes = [*leaves, x * leaves[0], y * leaves[1]]
        unused = dict.fromkeys(range(len(nodes)))
        for kind, i, j in plan:
            first = next(iter(unused)) if i < 0.5 else int(i * len(nodes))
            second = int(j * len(nodes))
            a, b = nodes[first], nodes[second]
            made = (a + b, a * b, ag.tanh(a) - b, a - 0.5 * b)[kind]
            nodes.append(ag.sin(made) if len(nodes) % 3 == 0 else made)
            for k in (first, second):
                unused.pop(k, None)
            unused[len(nodes) - 1] = None
        return ag.tanh(ag.sum([ag.sin(nodes[k]) for k in unused]) / len(unused))

    return loss, leaves, (np.linspace(-1, 1, 8), np.linspace(0.5, -0.5, 8)), None


WORKS = {f.__name__: f for f in (moons, cnn, lstm, microgpt, branch, graph)}


def cpu_seconds():
    """Give the CPU time of this process and of the compilers that it ran."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


class Bench:
    """One program: what the function says, and what each target makes of it."""

    def __init__(self, name, folder):
        self.name, self.folder = name, Path(folder)
        function, params, self.batch, self.by_hand = WORKS[name]()
        self.fast = record(function, params=params, backend="numpy")
        self.samples = [*zip(*[x.tolist() for x in self.batch])]
        for _ in range(3):
            for sample in self.samples[:: max(1, len(self.samples) // 8)]:
                self.fast.value(*sample)
        chosen = self.fast._chosen(())
        self.tensors, leaves = chosen.tensors, chosen.leaves
        self.nodes = sum(len(one.program.codes) for one in chosen.variants)
        for p in leaves:
            p.grad = 0.0
        self.losses = []
        for sample in self.samples:
            loss = function(*sample)
            loss.backward()
            self.losses.append(loss.data)
        found = np.array([p.grad for p in leaves])
        self.gradients = {t.name: found[t.index] for t in self.tensors}
        self.arrays = {t.name: np.array([p.data for p in leaves])[t.index] for t in self.tensors}
        self.steps, self.first, self.sizes, self.errors = {}, {}, {}, {}

    def enter(self, target, make, size=None):
        """Make a target's step, a function without arguments that gives (losses, gradients by name)."""
        begin = cpu_seconds()
        step, read = make()
        losses, gradients = read(step())
        self.first[target] = cpu_seconds() - begin
        pairs = [(losses, self.losses), *((gradients[k], g) for k, g in self.gradients.items())]
        self.errors[target] = max(
            float((np.abs(np.asarray(x) - y) / np.maximum(1.0, np.abs(y))).max()) for x, y in pairs
        )
        self.steps[target], self.sizes[target] = step, size() if size else 0

    def run(self, compiled):
        """Everything about one program."""
        texts = {}

        def in_numpy():
            names = {}
            texts["NumPy"] = self.fast.to_numpy()
            exec(texts["NumPy"], names)  # noqa: S102 - what the export wrote
            return lambda: names["value_and_gradients"](names["PARAMS"], *self.batch), lambda x: x[:2]

        self.enter("NumPy", in_numpy, lambda: len(texts["NumPy"]))
        self.enter("ONNX", self.in_onnx, lambda: (self.folder / "loss.onnx").stat().st_size)
        self.enter("C", self.in_c, lambda: (self.folder / "loss.c").stat().st_size)
        self.enter("JAX jit", self.in_jax(None))
        self.enter("torch", self.in_torch(None, False))
        if self.by_hand:
            self.enter("JAX jit by hand", self.in_jax(self.by_hand))
            self.enter("torch by hand", self.in_torch(self.by_hand, False))
        if compiled:
            self.enter("torch.compile", self.in_torch(None, True))
            if self.by_hand:
                self.enter("torch.compile by hand", self.in_torch(self.by_hand, True))
        if self.name == "branch":
            self.in_sympy()

    def in_onnx(self):
        self.fast.to_onnx(self.folder / "loss.onnx", gradients=True)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, 3
        path = str(self.folder / "loss.onnx")
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        kinds = [np.int64 if "int" in x.type else float for x in session.get_inputs()]
        feed = {x.name: a.astype(k) for x, a, k in zip(session.get_inputs(), self.batch, kinds)}
        names = [x.name for x in session.get_outputs()]

        def read(found):
            by_name = dict(zip(names, found))
            return by_name["loss"], {k: by_name[f"gradient.{k}"] for k in self.gradients}

        return lambda: session.run(None, feed), read

    def in_c(self):
        self.fast.to_c(self.folder / "loss.c")
        command = ["cc", "-std=c11", "-O2", "-shared", "-fPIC", "loss.c", "-o", f"{self.name}.so", "-lm"]
        subprocess.run(command, cwd=self.folder, check=True)
        function = ctypes.CDLL(str(self.folder / f"{self.name}.so")).loss
        pointer = ctypes.POINTER(ctypes.c_double)
        params = np.concatenate([self.arrays[t.name].ravel() for t in self.tensors])
        rows = [np.concatenate([np.ravel(x) for x in sample]).astype(float) for sample in self.samples]
        losses, each = np.zeros(len(rows)), np.zeros((len(rows), len(params)))
        calls = [
            [x.ctypes.data_as(pointer) for x in (params, row, losses[k:], each[k])]
            for k, row in enumerate(rows)
        ]

        def step():
            return [function(*call) for call in calls]

        def read(_):
            ends = np.cumsum([self.arrays[t.name].size for t in self.tensors])[:-1]
            parts = np.split(each.sum(0), ends)
            return losses, {t.name: x.reshape(t.shape) for t, x in zip(self.tensors, parts)}

        return step, read

    def in_jax(self, by_hand):
        def make():
            columns = [jnp.asarray(x) for x in self.batch]
            f, params = self.fast.to_jax()

            def total(params):
                found = by_hand(params, IN_JAX, *columns) if by_hand else f(params, *columns)
                found = found[0] if isinstance(found, tuple) else found
                return found.sum(), found

            params = {key: params[key] for key in self.arrays}
            both = jax.jit(jax.value_and_grad(total, has_aux=True))
            return lambda: jax.block_until_ready(both(params)), lambda x: (x[0][1], x[1])

        return make

    def in_torch(self, by_hand, compiled):
        def make():
            columns = [torch.as_tensor(x) for x in self.batch]
            module = self.fast.to_torch()
            P = {k: torch.tensor(a, requires_grad=True) for k, a in self.arrays.items()}
            if not by_hand:
                P = dict(module.named_parameters())
            one = (lambda: by_hand(P, IN_TORCH, *columns)) if by_hand else lambda: module(*columns)
            one = torch.compile(one) if compiled else one

            def step():
                for p in P.values():
                    p.grad = None
                found = one()
                found = found[0] if isinstance(found, tuple) else found
                found.sum().backward()
                return found

            return step, lambda x: (x.detach().numpy(), {k: p.grad.numpy() for k, p in P.items()})

        return make

    def in_sympy(self):
        """Compare the algebra's numbers; it is not timed."""
        begin = cpu_seconds()
        algebra = self.fast.to_sympy()
        total, losses = dict.fromkeys(self.gradients, 0.0), []
        for sample in self.samples:
            known = {algebra.symbols[k]: float(x) for k, x in (*self.arrays.items(), ("x", sample[0]))}
            losses.append(float(algebra.expression.subs(known)))
            for k, g in algebra.gradients.items():
                total[k] += float(g.subs(known))
        pairs = [*zip(losses, self.losses), *((total[k], g) for k, g in self.gradients.items())]
        self.errors["SymPy"] = max(abs(x - y) / max(1.0, abs(y)) for x, y in pairs)
        self.first["SymPy"], self.sizes["SymPy"] = cpu_seconds() - begin, 0

    def measure(self, repeats):
        """Microseconds of CPU time per step, the median of repeats in turns."""
        counts, times = {}, {target: [] for target in self.steps}
        for target, step in self.steps.items():
            begin = time.process_time()
            step()
            counts[target] = max(1, int(LEAST / max(1e-6, time.process_time() - begin)))
        for _ in range(repeats):
            for target, step in self.steps.items():
                begin = time.process_time()
                for _ in range(counts[target]):
                    step()
                times[target].append((time.process_time() - begin) / counts[target] * 1e6)
        return times

    def show(self, repeats):
        """Print the rows, then what stands over the model by hand."""
        times = self.measure(repeats)
        batch = len(self.samples)
        print(f"\n{self.name}: {self.nodes} nodes, a batch of {batch}")
        print(f"  {'':<22} {'difference':>10} {'us a step':>11} {'first answer':>13} {'size':>8}")
        for target in self.errors:
            us = f"{median(times[target]):,.0f}" if target in times else "-"
            size = f"{self.sizes[target] / 1e3:.0f} kB" if self.sizes[target] else "-"
            first = f"{self.first[target]:.1f} s"
            print(f"  {target:<22} {self.errors[target]:>10.0e} {us:>11} {first:>13} {size:>8}")
        for kind in ("JAX jit", "torch", "torch.compile"):
            if f"{kind} by hand" in times:
                ratio = median(a / b for a, b in zip(times[kind], times[f"{kind} by hand"]))
                bound = BOUNDS.get(self.name) if kind != "torch" else None
                goal = f", goal {bound}: {'met' if ratio <= bound else 'missed'}" if bound else ""
                print(f"  {kind}, over by hand: {ratio:.2f}{goal}", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("works", nargs="*", choices=[[], *WORKS], help="all when left out")
    parser.add_argument("--repeats", type=int, default=7, help="measurements of each row")
    parser.add_argument("--compile", action="store_true", help="torch.compile too")
    options = parser.parse_args()
    for name in options.works or WORKS:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(name, folder)
            bench.run(options.compile)
            bench.show(options.repeats)


if __name__ == "__main__":
    main()
