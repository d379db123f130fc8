"""`explain` against the texts it is meant to write, to the character."""

from pathlib import Path

import pytest

from autograd import Value, explain, logsumexp

TARGETS = Path(__file__).parent / "targets"


def target(name):
    return (TARGETS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


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
    L = logsumexp([z1, z2, z3]) - z1
    return L, locals()


def by_hand():
    z1, z2, z3 = Value(2.0), Value(1.0), Value(0.1)
    e1, e2, e3 = z1.exp(), z2.exp(), z3.exp()
    s = e1 + e2 + e3
    p1 = e1 / s
    L = -p1.log()
    return L, locals()


@pytest.mark.parametrize(
    ("make", "name", "lang"),
    [
        (neuron, "neuron", "en"),
        (neuron, "neuron", "zh"),
        (uses, "uses", "en"),
        (uses, "uses", "zh"),
        (loss, "loss", "en"),
        (loss, "loss", "zh"),
        (by_hand, "by_hand", "en"),
    ],
)
def test_explain_writes_the_target_text(make, name, lang):
    root, names = make()
    assert str(explain(root, names=names, lang=lang)) == target(f"{name}.{lang}")


def test_the_callers_variables_are_found():
    x, y = Value(2.0), Value(3.0)
    out = x * y
    assert str(explain(out)).startswith("out = x * y = 6")
