"""Every reading of random graphs with zeros, infinities, nan and ties, constants and flat ops is given."""

import random

import pytest

import autograd as ag
from autograd import Value
from autograd.entry import TABLE
from autograd.ops import PUBLIC

EDGES = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    2.0,
    0.5,
    ag.TABLE["exp"](1e3),
    -ag.TABLE["exp"](1e3),
    1e308,
    5e-324,
    710.0,
)
OPS = [TABLE[name] for name in (*PUBLIC, "add", "sub", "mul", "div", "pow", "neg", "mod", "floordiv")]


def random_graph(seed):
    """Give the root of a small graph whose leaves are at edges, some of them constants, and a leaf."""
    draw = random.Random(seed)
    nodes = [Value(draw.choice(EDGES), requires_grad=draw.random() < 0.8) for _ in range(4)]
    leaf = nodes[0]
    while len(nodes) < 4 + draw.randint(1, 6):
        op = draw.choice(OPS)
        operands = [draw.choice(nodes[-5:]) for _ in range(op.arity or draw.choice((1, 2, 3)))]
        if op.name == "polygamma":
            continue
        made = op(operands, operands) if op.name in ("dot", "sumprod") else op.on(tuple(operands))
        nodes.append(made.detach() if draw.random() < 0.05 else made)
    return nodes[-1], leaf


READINGS = (
    ag.explain, ag.trace_table, ag.draw, ag.formula, ag.why_order, ag.step_through, ag.quiz,
    lambda L, **how: ag.explain(L, all=True, **how),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("seed", range(150))
def test_whatever_the_numbers_are_every_reading_is_given(seed, lang):
    L, leaf = random_graph(seed)
    for reading in READINGS:
        told = reading(L, lang=lang)
        assert told._repr_html_() if hasattr(told, "_repr_html_") else str(told)
    if leaf.requires_grad and leaf in ag.leaves(L):
        assert str(ag.paths(L, leaf, lang=lang))
        assert str(ag.nudge(L, leaf, lang=lang))


@pytest.mark.parity
@pytest.mark.parametrize("seed", range(150))
def test_whatever_the_numbers_are_the_lines_of_torch_run(seed):
    L, _ = random_graph(seed)
    lacking = {"cbrt", "fma", "gamma", "polygamma", "remainder", "elu", "leaky_relu", "pow_derivative"}
    if lacking.isdisjoint(node.op.name for node in ag.topological_order(L)):
        told = ag.as_torch(L)
        assert len(told.gradients) == len(told.trace.leaves)
