"""How fast and how small are eager graphs, beside micrograd from PyPI, in one run?

    pip install micrograd
    python benchmarks/eager.py [--nodes 100000] [--repeats 5] [--json FILE]

Both engines run the same program text: a chain and a tree of `+` and `*`, the moons network written with `+`
and `*`, and karpathy's moons training step with each package's own MLP (2-16-16-1, 100 samples). Timed is CPU
time of forward, backward and freeing, runs of the two engines taking turns, medians. First under the default
garbage collector, then with it paused for both; in each case a run ends with a full collection, which is
counted, because micrograd's nodes sit in reference cycles and are not freed before it.
"""

import argparse
import gc
import json
import random
import statistics
import sys
import threading
import time
import tracemalloc

import micrograd.engine
import micrograd.nn

import autograd
import nn
from nn.data import moons

ENGINES = {"autograd": (autograd.Value, nn.MLP), "micrograd": (micrograd.engine.Value, micrograd.nn.MLP)}
STEPS = 2  # graphs per timed run
# Python: (elementary graphs, moons step), times as fast as micrograd under the default collector
GOALS = {(3, 10): (4, 25), (3, 11): (4, 25), (3, 12): (4, 25), (3, 13): (2.5, 15)}


def chain(Value, nodes):
    a, b, x = Value(0.999), Value(0.001), Value(0.5)
    for _ in range(nodes // 2):
        x = x * a + b
    return x


def tree(Value, nodes):
    level = [Value(1.0 + 1e-6 * i) for i in range(nodes + 1)]
    plus = False
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        rest = level[-1:] if len(level) % 2 else []
        level = [x + y if plus else x * y for x, y in pairs] + rest
        plus = not plus
    return level[0]


def moons_by_hand(Value, nodes):
    """Build the moons loss with a neuron as micrograd writes it: `sum((w*x ...), b)`, then relu."""
    samples = max(1, nodes // 643)  # nodes of one sample
    X, y = moons(samples, noise=0.1, seed=0)
    rng = random.Random(1)
    layers = [
        [([Value(rng.uniform(-1, 1)) for _ in range(fan_in)], Value(0.0)) for _ in range(fan_out)]
        for fan_in, fan_out in ((2, 16), (16, 16), (16, 1))
    ]
    loss = Value(0.0)
    for point, label in zip(X, y, strict=True):
        xs = [Value(coordinate) for coordinate in point]
        for layer in layers:
            xs = [sum((w * x for w, x in zip(ws, xs, strict=True)), b) for ws, b in layer]
            xs = [x.relu() for x in xs] if layer is not layers[-1] else xs
        loss = loss + (1 + (1 - 2 * label) * xs[0]).relu()
    return loss


def moons_step(Value, model, X, y):
    """One step of micrograd's demo, word for word but for the data."""
    inputs = [list(map(Value, xrow)) for xrow in X]
    scores = list(map(model, inputs))
    losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
    data_loss = sum(losses) * (1.0 / len(losses))
    alpha = 1e-4
    reg_loss = alpha * sum(p * p for p in model.parameters())
    total_loss = data_loss + reg_loss
    model.zero_grad()
    total_loss.backward()
    for p in model.parameters():
        p.data -= 0.01 * p.grad
    return total_loss.data


def works(nodes):
    """Give for each name a function engine -> one step (a function without arguments)."""

    def graph(build):
        def step(Value, _MLP):
            def run():
                root = build(Value, nodes)
                root.backward()

            return run

        return step

    def training(Value, MLP):
        X, labels = moons(100, noise=0.1, seed=0)
        random.seed(1337)
        model = MLP(2, [16, 16, 1])
        return lambda: moons_step(Value, model, X, [2 * label - 1 for label in labels])

    return {
        "chain": graph(chain),
        "tree": graph(tree),
        "moons by + and *": graph(moons_by_hand),
        "moons step, MLP": training,
    }


def seconds(step, paused):
    """CPU seconds of one step, freeing included."""
    gc.collect()
    if paused:
        gc.disable()
    try:
        start = time.process_time()
        for _ in range(STEPS):
            step()
        gc.collect()
        return (time.process_time() - start) / STEPS
    finally:
        gc.enable()


def compare(make, paused, repeats):
    """Median seconds per engine, the engines taking turns."""
    steps = {name: make(*engine) for name, engine in ENGINES.items()}
    taken = {name: [] for name in steps}
    for _ in range(repeats):
        for name, step in steps.items():
            taken[name].append(seconds(step, paused))
    return {name: statistics.median(times) for name, times in taken.items()}


def bytes_per_operation(build, Value, nodes):
    """Memory that a graph holds before backward, leaves included, over its operations."""
    gc.collect()
    tracemalloc.start()
    root = build(Value, nodes)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del root  # kept until here, so that the graph was alive when it was measured
    return size / nodes


def measure(nodes, repeats):
    elementary, training = GOALS.get(sys.version_info[:2], (2.5, 15))
    result = {"python": sys.version.split()[0], "nodes": nodes, "times": {}, "bytes per operation": {}}
    print(f"Python {result['python']}, {nodes} nodes, median of {repeats}; CPU ms, freeing included")
    print(f"{'':18} {'collector':9} {'autograd':>10} {'micrograd':>10} {'ratio':>7} {'goal':>6}")
    for paused in (False, True):
        for name, make in works(nodes).items():
            goal = training if name.startswith("moons step") else elementary
            times = compare(make, paused, repeats)
            ratio = times["micrograd"] / times["autograd"]
            mode = "paused" if paused else "default"
            result["times"][f"{name}, {mode}"] = {**times, "ratio": ratio, "goal": None if paused else goal}
            verdict = "" if paused else f"{goal:6}" + ("" if ratio >= goal else "  BELOW")
            shown = [f"{1000 * times[engine]:10.1f}" for engine in ENGINES]
            print(f"{name:18} {mode:9} {shown[0]} {shown[1]} {ratio:7.1f} {verdict}", flush=True)
    for build, note in ((chain, "2 leaves shared"), (tree, "one leaf per operation")):
        sizes = {name: bytes_per_operation(build, Value, nodes) for name, (Value, _) in ENGINES.items()}
        result["bytes per operation"][build.__name__] = sizes
        shown = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
        print(f"bytes per operation, {build.__name__} ({note}): {shown}")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", help="also write the figures to this file")
    options = parser.parse_args()
    result = measure(options.nodes, options.repeats)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)


if __name__ == "__main__":
    sys.setrecursionlimit(10**7)  # for micrograd, whose backward recurses
    threading.stack_size(1 << 30)
    worker = threading.Thread(target=main)
    worker.start()
    worker.join()
