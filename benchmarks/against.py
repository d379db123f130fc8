"""Is this checkout slower than another one? Pairs of measurements in turns, CPU time of one thread.

    git worktree add ../before COMMIT
    python benchmarks/against.py ../before [WORK ...] [--pairs 15] [--json FILE]

A process for each checkout, with the same Python and libraries; each runs the works below when it is asked, and both
are asked in turns. Shown are the median of the pairs' ratios, this checkout's time over the other's, the quartiles of the
ratios, and the median times. Kernels are compiled before anything is timed.
"""

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

HERE = Path(__file__).resolve().parent.parent
LIMIT = 1.03


# -- in a process of its own, on either checkout: only what both have ----------------------------------------


def eager_sweep():
    """A recurrence of 20,000 nodes and the gradient through it."""
    from autograd import Value

    def run():
        x, a, b = Value(0.5), Value(0.999), Value(0.001)
        y = x
        for _ in range(10_000):
            y = y * a + b
        y.backward()

    return run, 3


def eager_moons():
    """The loss of a network of 2-16-16-1 on 20 samples, its gradient and an update."""
    import nn

    random.seed(1)
    model = nn.MLP(2, [16, 16, 1], act="relu")
    points = [[random.gauss(0, 1), random.gauss(0, 1)] for _ in range(20)]

    def run():
        loss = sum((1 - model(x)).relu() for x in points)
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 1e-4 * p.grad

    return run, 10


def step_of(count, numpy_loaded=False, name="Adam", **settings):
    """A step of an optimiser of `nn` over so many parameters."""

    def make():
        if numpy_loaded:
            import numpy  # noqa: F401 - then smaller steps are made on arrays

        import nn
        from autograd import Value

        params = [Value(0.01 * i) for i in range(count)]
        optimizer = getattr(nn, name)(params, **settings)
        for p in params:
            p.grad = 0.1
        return optimizer.step, 60_000 // count

    return make


def xor():
    from works.xor import X, Xor, Y

    from autograd import record

    work = Xor()
    fast = record(work.loss, params=work.params)
    return lambda: fast.train(X, Y, epochs=10_000, lr=0.1), 20


def moons():
    from works.moons import Moons

    from autograd import record

    work = Moons()
    fast = record(work.loss, params=work.params)
    return lambda: fast.train(work.X, work.Y, epochs=2000, lr=0.0), 4


def digits():
    from works.digits import Digits

    from autograd import record

    work = Digits()
    fast = record(work.loss, params=work.params)
    return lambda: fast.train(work.X, work.labels, epochs=50, lr=0.0), 2


def gpt():
    from works.microgpt import Microgpt

    from autograd import record

    work = Microgpt()
    fast = record(work.model.loss, params=work.params)
    settings = {"optimizer": "adam", "lr": 0.01, "batch_size": 1}
    return lambda: fast.train([work.text], epochs=1000, **settings), 2


WORKS = {
    "eager sweep": eager_sweep,
    "eager moons": eager_moons,
    "Adam, 9 parameters": step_of(9),
    "Adam, 100 parameters": step_of(100),
    "Adam, 4,000 parameters": step_of(4000),
    "AdamW, 9 parameters": step_of(9, name="AdamW"),
    "Adagrad, 9 parameters": step_of(9, name="Adagrad"),
    "RMSprop, 9 parameters": step_of(9, name="RMSprop"),
    "SGD, 9 parameters": step_of(9, name="SGD"),
    "SGD, momentum, 9": step_of(9, name="SGD", momentum=0.9),
    "Adam, 100, NumPy loaded": step_of(100, numpy_loaded=True),
    "XOR": xor,
    "moons": moons,
    "digits": digits,
    "GPT": gpt,
}


def serve():
    """Make every work that is named on a line, then answer each name with CPU seconds."""
    import autograd

    print(json.dumps(autograd.__file__), flush=True)
    ready = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in ready:
            ready[name] = WORKS[name]()
            for _ in range(3):
                ready[name][0]()
        run, count = ready[name]
        gc.collect()
        begin = time.process_time()
        for _ in range(count):
            run()
        print(json.dumps((time.process_time() - begin) / count), flush=True)


# -- the pairs -----------------------------------------------------------------------------------------------


class Checkout:
    """A process that measures on one checkout."""

    def __init__(self, path, folder):
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        environment = {**os.environ, **threads, "PYTHONPATH": str(path)}
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--serve"],
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        found = Path(self.answer())
        if path not in found.parents:
            raise RuntimeError(f"{found} was imported in the place of {path}")

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the process ended")
        return json.loads(line)

    def seconds(self, name):
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def pairs(this, other, name, count):
    """So many pairs of seconds, either checkout first in turns."""
    found = []
    for i in range(count + 1):
        both = [checkout.seconds(name) for checkout in ((this, other) if i % 2 else (other, this))]
        found.append(both if i % 2 else both[::-1])
    return found[1:]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path, help="the other checkout's folder")
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"of {', '.join(WORKS)}; all when left out")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--json", metavar="FILE", help="also write the pairs to this file")
    options = parser.parse_args()
    unknown = set(options.works) - set(WORKS)
    if unknown:
        parser.error(f"no work is named {', '.join(sorted(unknown))}: there are {', '.join(WORKS)}")
    result = {}
    print(f"{'':24} {'this over other':>16} {'quartiles':>16} {'this ms':>10} {'other ms':>10}")
    with tempfile.TemporaryDirectory() as folder:
        this, other = (Checkout(path.resolve(), folder) for path in (HERE, options.checkout))
        for name in options.works or WORKS:
            result[name] = found = pairs(this, other, name, options.pairs)
            ratios = [a / b for a, b in found]
            low, middle, high = quantiles(ratios, n=4)
            mine, theirs = (1000 * median(times) for times in zip(*found, strict=True))
            verdict = "" if middle <= LIMIT else f"  above {LIMIT}"
            print(
                f"{name:24} {middle:16.3f} {low:8.3f} {high:7.3f} {mine:10.3f} {theirs:10.3f}{verdict}",
                flush=True,
            )
        this.end()
        other.end()
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        main()
