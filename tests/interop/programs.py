"""Recorded functions that every export is asked for, and what the function itself gives."""

import random

import numpy as np

import autograd as ag
import nn
from nn import unroll

DRAW = random.Random(7)


def numbers(*shape):
    """Give nested lists of numbers in -1 .. 1."""
    return DRAW.uniform(-1, 1) if not shape else [numbers(*shape[1:]) for _ in range(shape[0])]


class Case:
    """A function, samples of its arguments, its recorded form, and its losses and gradients."""

    def __init__(self, function, parameters, samples):
        self.function, self.samples = function, samples
        self.fast = ag.record(function, params=parameters, backend="numpy")
        for sample in samples:
            for _ in range(3):
                self.fast.value(*sample)
        chosen = self.fast._chosen(())
        self.tensors, leaves = chosen.tensors, chosen.leaves
        self.losses, self.gradients = [], []
        for sample in samples:
            for p in leaves:
                p.grad = 0.0
            loss = function(*sample)
            loss.backward()
            self.losses.append(loss.data)
            found = np.array([p.grad for p in leaves])
            self.gradients.append({t.name: found[t.index] for t in self.tensors})
        self.numbers = {t.name: np.array([p.data for p in leaves])[t.index] for t in self.tensors}
        self.sums = {name: sum(one[name] for one in self.gradients) for name in self.numbers}

    @property
    def columns(self):
        """One array per argument: the samples as a batch."""
        return [np.array(column, float) for column in zip(*self.samples)]


def network():
    """Give moons' network, with a penalty."""
    model = nn.MLP(2, [16, 16, 1], act="relu")
    params = list(model.parameters())

    def loss(x, y):
        return (1 - y * model(x)).relu() + 1e-4 * ag.sum([p * p for p in params])

    return Case(loss, params, [(numbers(2), DRAW.choice([-1.0, 1.0])) for _ in range(6)])


def many_ops():
    """Give an expression with ops of every sort."""
    w = [[ag.Value(numbers()) for _ in range(3)] for _ in range(3)]

    def loss(x, y):
        h = [ag.tanh(ag.dot(row, x)) for row in w]
        p = ag.softmax(h)
        smooth = ag.gelu(h[0]) * ag.exp(h[1] * h[2]) + ag.norm(h) + ag.erf(h[1]) + ag.softplus(h[2])
        return smooth - y * ag.log(p[1]) + ag.maximum(*h) + ag.atan2(h[0], h[2]) + (h[0] * h[0] + 1) ** h[1]

    return Case(loss, [p for row in w for p in row], [(numbers(3), numbers()) for _ in range(6)])


def branches():
    """Give a function of three ways, in two of which others would give nan."""
    a, b = ag.Value(1.5, label="a"), ag.Value(-0.7, label="b")

    def loss(x):
        if a * x > 0.2:
            return ag.log(a * x) * b
        return ag.sin(b * x) ** 2 if x > -0.5 else ag.sqrt(-x) * a * b

    return Case(loss, [a, b], [(x / 10 + 0.03,) for x in range(-9, 10, 2)])


def lstm():
    """Give an LSTM cell over five steps and a layer on top."""
    cell, head = nn.LSTMCell(2, 4), nn.Linear(4, 1)

    def loss(xs, y):
        found = unroll(cell, xs)
        states = found[0] if isinstance(found, tuple) else found
        return (head(states[-1])[0] - y) ** 2

    parameters = [*cell.parameters(), *head.parameters()]
    return Case(loss, parameters, [(numbers(5, 2), numbers()) for _ in range(4)])


def convolution():
    """Give a small convolutional network with a cross entropy."""
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(27, 4))

    def loss(x, y):
        return nn.cross_entropy(model(x), y)

    return Case(loss, [*model.parameters()], [(numbers(1, 8, 8), DRAW.randrange(4)) for _ in range(4)])


def gpt():
    """Give a GPT on texts of six tokens."""
    model = nn.GPT(vocab_size=27, block_size=8, dim=8, heads=2, layers=1)

    def loss(tokens):
        return model.loss(tokens)

    return Case(loss, [*model.parameters()], [([DRAW.randrange(27) for _ in range(6)],) for _ in range(4)])


def random_graph():
    """Give a graph of 400 nodes whose operands are drawn."""
    leaves = [ag.Value(numbers(), label=f"w{k}") for k in range(12)]
    draw = random.Random(3)
    plan = [(draw.randrange(4), draw.random(), draw.random()) for _ in range(400)]

    def loss(x, y):
        nodes = [*leaves, x * leaves[0], y * leaves[1]]
        for kind, i, j in plan:
            a, b = nodes[int(i * len(nodes))], nodes[int(j * len(nodes))]
            nodes.append([a + b, a * b, ag.tanh(a), a - 0.5 * b][kind])
            nodes[-1] = ag.tanh(nodes[-1]) if len(nodes) % 7 == 0 else nodes[-1]
        return ag.tanh(ag.sum([ag.tanh(x) for x in nodes[-20:]]))

    return Case(loss, leaves, [(numbers(), numbers()) for _ in range(4)])


CASES = {f.__name__: f for f in (network, many_ops, branches, lstm, convolution, gpt, random_graph)}
