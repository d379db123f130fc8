"""What holds for all of `autograd.special`: nothing raises for floats, values or gradients."""

import itertools
import math
import random

import pytest

import autograd
from autograd import Value, special
from autograd.entry import BUILT_IN, TABLE

EDGES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    3.0,
    -2.0,
    5e-324,
    -5e-324,
    1e-200,
    1e200,
    -1e308,
    math.inf,
    -math.inf,
    math.nan,
]
PUBLIC = {
    name: value
    for name, value in vars(special).items()
    if name[0] != "_" and getattr(value, "__module__", "").startswith("autograd.special.")
}
SHARED = [name for name in PUBLIC if hasattr(math, name)]
TWO = ("atan2", "copysign", "fmod", "hypot", "pow", "prod", "remainder", "sumprod")
PAIRED = ("dot", "sumprod")


def operands(entry):
    """All edges for one operand, all pairs for two, 300 draws for more; orders are whole numbers."""
    count = entry.arity or 4
    rng = random.Random(entry.name)
    drawn = [rng.choices(EDGES, k=count) for _ in range(300)]
    orders = [low if low == high else None for low, high in (entry.sample * count)[:count]]
    for xs in itertools.product(EDGES, repeat=count) if count < 3 else drawn:
        yield [x if order is None else max(1.0, order) for x, order in zip(xs, orders, strict=True)]


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_no_value_and_no_gradient_raises(name):
    entry = TABLE[name]
    for xs in operands(entry):
        leaves = [Value(x) for x in xs]
        node = entry(leaves[:2], leaves[2:]) if name in PAIRED else entry(*leaves)
        assert isinstance(node.data, float)
        assert all(isinstance(d, float) for d in autograd.grad(node, leaves))


@pytest.mark.parametrize("name", SHARED)
def test_where_math_answers_special_answers_the_same(name):
    ours, theirs = getattr(special, name), getattr(math, name)
    if name in ("prod", "sumprod"):
        ours, theirs = special.prod, lambda *xs: math.prod(xs)
    count = 3 if name == "fma" else 2 if name in TWO else 1
    asked = 0
    for xs in itertools.product(EDGES, repeat=count):
        try:
            wanted = float(theirs(*xs))
        except (ValueError, OverflowError):
            continue
        asked += 1
        got = ours(*xs)
        assert got == pytest.approx(wanted, rel=4e-15, abs=0, nan_ok=True)
        assert (
            got != 0
            or name in ("floor", "ceil", "trunc")
            or math.copysign(1, got) == math.copysign(1, wanted)
        )
    assert asked
