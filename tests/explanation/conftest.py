"""The three expressions of the target texts."""

from pathlib import Path

import pytest

import nn
from autograd import Value

TARGETS = Path(__file__).parent / "targets"


@pytest.fixture
def target():
    """Give a function from a name such as "neuron.en" to the text that is to be written."""
    return lambda name: (TARGETS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.fixture
def expression():
    """Give a function from a name to an expression and its variables."""
    return lambda name: EXPRESSIONS[name]()


def neuron():
    x1, x2 = Value(2.0), Value(0.0)
    w1, w2 = Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    return o, locals()


def uses():
    a, b = Value(2.0), Value(-3.0)
    L = a * a + a * b
    return L, locals()


def loss():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    L = nn.cross_entropy([z1, z2, z3], 0)
    return L, locals()


def by_hand():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    e1, e2, e3 = z1.exp(), z2.exp(), z3.exp()
    s = e1 + e2 + e3
    p1 = e1 / s
    L = -p1.log()
    return L, locals()


EXPRESSIONS = {"neuron": neuron, "uses": uses, "loss": loss, "by_hand": by_hand}
