"""How long does a picture take? CPU time, the best of several runs.

    python benchmarks/drawing.py

A picture of about 50 nodes should take no more than 50 ms, a model of 50,000 nodes collapsed 1 s, and
refusing a million nodes 1 s.
"""

import random
import time

import autograd
import nn
from autograd import Value

SHARED, OPS = 15, 35
SAMPLES = 690  # of an MLP(2, [16, 16, 1]): 50,000 nodes
GOALS = {"50 nodes": 50, "50,000 nodes, collapsed": 1_000, "1,000,000 nodes, refused": 1_000}


def tangled(numbers):
    """About 50 nodes whose operands are drawn at random."""
    nodes = [Value(numbers.uniform(-1, 1)) for _ in range(SHARED)]
    for _ in range(OPS):
        a, b = numbers.choice(nodes[-20:]), numbers.choice(nodes[-20:])
        nodes.append(a * b if numbers.random() < 0.5 else a + b)
    used = {id(parent) for node in nodes for parent in node.parents}
    return autograd.sum([node for node in nodes if id(node) not in used])


def model_loss(numbers):
    """The loss of a small network on many samples."""
    random.seed(1)
    model = nn.MLP(2, [16, 16, 1])
    points = [[numbers.uniform(-1, 1), numbers.uniform(-1, 1)] for _ in range(SAMPLES)]
    return autograd.sum([(model(point) - 1) ** 2 for point in points])


def chain(length):
    """A chain of that many nodes, constants counted."""
    y = Value(1.0)
    for _ in range(length // 2):
        y = y + 1
    return y


def drawn(root):
    """Draw and write the SVG; a refusal counts as an answer."""
    try:
        return autograd.draw(root).svg
    except ValueError as refusal:
        return str(refusal)


def main():
    numbers = random.Random(1)
    graphs = dict(zip(GOALS, (tangled(numbers), model_loss(numbers), chain(1_000_000))))
    for name, root in graphs.items():
        best = float("inf")
        for _ in range(5):
            begin = time.process_time()
            drawn(root)
            best = min(best, time.process_time() - begin)
        print(f"{name:26} {1000 * best:8.1f} ms   goal {GOALS[name]:,} ms")


if __name__ == "__main__":
    main()
