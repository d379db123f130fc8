"""Exports beside the same model written by hand, in one run: loss and all gradients, nothing updated.

    python benchmarks/export.py [moons digits microgpt] [--repeats 7] [--compile]

Every row is CPU time of one thread, the median of interleaved repeats; the losses of both are compared before
anything is timed. `--compile` adds torch.compile, which needs a C++ compiler. At the end stands every goal: the
exported step's time over that of the same library's model by hand.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import tempfile
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import torch
from works.digits import Digits
from works.microgpt import Microgpt
from works.microgpt_peers import DOWN, HEAD, HEADS, IN, NORM, NORM1, NORM2, OUT, PLACE, SIZE, TOKEN, UP
from works.moons import Moons
from works.timing import Goal, Race, agree, cpu, print_goals

from autograd import record

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
SOFTMAX = torch.nn.Softmax(-1)
LEAST = {"moons": 2000, "digits": 60, "microgpt": 300}  # steps of one measurement, for JAX; torch takes fewer


def moons():
    """Give the recorded loss, a batch, its size, and the mean loss in terms of arrays by a library's functions."""
    work = Moons()
    fast = record(work.loss, params=work.params, backend="numpy")
    arrays = {f"p{k}": a for k, a in enumerate(work.arrays)}

    def loss(P, relu, logsumexp, softmax, x, y):
        A1, b1, A2, b2, A3, b3 = P.values()
        h = relu(relu(x @ A1.T + b1) @ A2.T + b2) @ A3.T + b3
        return relu(1 - y * h[:, 0]).mean() + 1e-4 * sum((p * p).sum() for p in P.values())

    return fast, (work.X, work.Y), arrays, loss


def digits():
    work = Digits(500)
    fast = record(work.loss, params=work.params, backend="numpy")
    arrays = {f"p{k}": a for k, a in enumerate(work.arrays)}

    def loss(P, relu, logsumexp, softmax, x, labels):
        A1, b1, A2, b2 = P.values()
        s = relu(x @ A1.T + b1) @ A2.T + b2
        return (logsumexp(s, -1) - s[np.arange(len(s)), labels]).mean()

    return fast, (work.X, work.labels), arrays, loss


def microgpt():
    work = Microgpt()
    fast = record(work.model.loss, params=work.params, backend="numpy")
    arrays = {name: np.array(tensor) for name, tensor in work.tensors.items()}
    texts = np.array([work.text])
    n = texts.shape[1] - 1
    mask = np.where(np.tri(n) > 0, 0.0, -np.inf)

    def loss(P, relu, logsumexp, softmax, tokens):
        def rms(x, weight):
            return x * ((x * x).mean(-1) + 1e-5)[..., None] ** -0.5 * weight

        batch, dim = len(tokens), HEADS * SIZE
        x = rms(P[TOKEN][tokens[:, :-1]] + P[PLACE][:n], P[NORM])
        parts = (rms(x, P[NORM1]) @ P[IN].T).reshape(batch, n, 3, HEADS, SIZE)
        q, k, v = (parts[:, :, i].swapaxes(1, 2) for i in range(3))
        scores = q @ k.swapaxes(2, 3) / SIZE**0.5 + (
            mask if isinstance(x, jnp.ndarray) else torch.tensor(mask)
        )
        shares = softmax(scores)
        x = x + (shares @ v).swapaxes(1, 2).reshape(batch, n, dim) @ P[OUT].T
        x = x + relu(rms(x, P[NORM2]) @ P[UP].T) @ P[DOWN].T
        s = x @ P[HEAD].T
        chosen = s[np.arange(batch)[:, None], np.arange(n), tokens[:, 1:]]
        return (logsumexp(s, -1) - chosen).mean()

    return fast, (texts,), arrays, loss


def losses(found):
    """A function that branches gives its losses and whether they hold."""
    return found[0] if isinstance(found, tuple) else found


def in_jax(name, fast, batch, arrays, loss, race, truth):
    columns = [jnp.asarray(x) for x in batch]
    f, params = fast.to_jax(*[x[0] for x in batch])
    rows = {
        "exported": (lambda P: losses(f(P, *columns)).mean(), params),
        "by hand": (
            lambda P: loss(P, jax.nn.relu, jax.nn.logsumexp, jax.nn.softmax, *columns),
            {key: jnp.asarray(a) for key, a in arrays.items()},
        ),
    }
    for row, (function, start) in rows.items():
        step = jax.jit(jax.value_and_grad(function))
        begin = time.perf_counter()
        agree(float(step(start)[0]), truth, row)
        print(f"  {name}, JAX {row}: {time.perf_counter() - begin:.1f} s until the first answer")

        def run(count, step=step, start=start):
            for _ in range(count):
                found = step(start)
            return found[0].block_until_ready()

        race.enter(f"jax jit, {row}", cpu(run, LEAST[name]))


def in_torch(name, fast, batch, arrays, loss, race, truth, compiled):
    columns = [torch.as_tensor(x) for x in batch]
    module = fast.to_torch(*[x[0] for x in batch])
    P = {key: torch.tensor(a, requires_grad=True) for key, a in arrays.items()}
    rows = {
        "exported": (lambda: losses(module(*columns)).mean(), list(module.parameters())),
        "by hand": (lambda: loss(P, torch.relu, torch.logsumexp, SOFTMAX, *columns), list(P.values())),
    }
    for row, (function, parameters) in rows.items():
        kinds = {"torch": function}
        if compiled:
            kinds["torch.compile"] = torch.compile(function)
        for kind, one in kinds.items():

            def run(count, one=one, parameters=parameters):
                for _ in range(count):
                    for p in parameters:
                        p.grad = None
                    found = one()
                    found.backward()
                return found.item()

            begin = time.perf_counter()
            agree(run(1), truth, row)
            print(f"  {name}, {kind} {row}: {time.perf_counter() - begin:.1f} s until the first answer")
            race.enter(f"{kind}, {row}", cpu(run, max(20, LEAST[name] // 10)))


def sizes(name, fast, batch):
    """Print how large the written files are."""
    sample = [x[0] for x in batch]
    with tempfile.TemporaryDirectory() as folder:
        fast.to_c(f"{folder}/loss.c", *sample)
        fast.to_onnx(f"{folder}/loss.onnx", *sample, gradients=True)
        kilobytes = {file.name: file.stat().st_size / 1e3 for file in Path(folder).iterdir()}
    kilobytes["NumPy"] = len(fast.to_numpy(*sample)) / 1e3
    print(f"  {name}: " + ", ".join(f"{key} {size:.0f} kB" for key, size in sorted(kilobytes.items())))


def measure(name, make, repeats, compiled):
    fast, batch, arrays, loss = make()
    names = {}
    exec(fast.to_numpy(*[x[0] for x in batch]), names)  # noqa: S102 - what the export wrote
    truth = float(np.mean(losses(names["value_and_gradients"](names["PARAMS"], *batch))))
    race = Race(f"{name}: loss and all gradients", ours="jax jit, exported")
    sizes(name, fast, batch)
    in_jax(name, fast, batch, arrays, loss, race, truth)
    in_torch(name, fast, batch, arrays, loss, race, truth, compiled)
    race.show(repeats)
    bound = 1.5 if name == "microgpt" else 1.3
    kinds = ["jax jit", *(["torch.compile"] if compiled else [])]
    goals = [
        Goal(f"{name}: {kind}, over by hand", race.ratio(f"{kind}, exported", f"{kind}, by hand"), bound)
        for kind in kinds
    ]
    print(f"  torch without compile: {race.ratio('torch, exported', 'torch, by hand'):.2f} times by hand")
    return goals


def main():
    works = {"moons": moons, "digits": digits, "microgpt": microgpt}
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("works", nargs="*", choices=[[], *works], help="all when left out")
    parser.add_argument("--repeats", type=int, default=7, help="measurements of each row")
    parser.add_argument("--compile", action="store_true", help="torch.compile too")
    options = parser.parse_args()
    goals = []
    for name in options.works or works:
        goals += measure(name, works[name], options.repeats, options.compile)
    print_goals(goals)


if __name__ == "__main__":
    main()
