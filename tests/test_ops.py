"""The table itself: every rule says what its op does, in whichever form it is read."""

import math
import random

import pytest

import autograd as ag
from autograd import Value, ops
from autograd.entry import BUILT_IN, TABLE, read_on_floats

SMOOTH = sorted(name for name in BUILT_IN if TABLE[name].partials)
PAIRED = ("dot", "sumprod")


def sample(entry, count=20):
    """Points of the entry's sampling ranges; an n-ary entry gets four operands."""
    rng = random.Random(entry.name)
    for _ in range(count):
        yield [rng.uniform(*entry.sample[i % len(entry.sample)]) for i in range(entry.arity or 4)]


def apply(entry, xs):
    return entry(xs[:2], xs[2:]) if entry.name in PAIRED else entry(*xs)


def counts_derivatives(entry, i):
    low, high = entry.sample[i % len(entry.sample)]
    return low == high


@pytest.mark.parametrize("name", SMOOTH)
def test_the_gradient_is_the_slope_of_the_value(name):
    entry = TABLE[name]
    for xs in sample(entry):
        nodes = [Value(x) for x in xs]
        gradients = ag.grad(apply(entry, nodes), nodes)
        for i, slope in enumerate(gradients):
            if entry.rule(i) is None:
                assert slope == 0.0
                continue
            h = 1e-5 * max(1.0, abs(xs[i]))
            up, down = ([*xs[:i], xs[i] + step, *xs[i + 1 :]] for step in (h, -h))
            measured = (apply(entry, up) - apply(entry, down)) / (2 * h)
            assert slope == pytest.approx(measured, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", [name for name in SMOOTH if TABLE[name].stable or TABLE[name].bulk])
def test_the_readable_rule_and_the_stable_one_agree(name):
    entry = TABLE[name]
    for xs in sample(entry):
        y = entry.value(*xs)
        numbers = entry.locals(xs, y)
        for i, number in enumerate(numbers):
            if entry.rule(i) is not None:
                readable = read_on_floats(entry.rule(i, readable=True), xs, y)
                assert number == pytest.approx(readable, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_numbers_and_values_give_the_same_bits(name):
    entry = TABLE[name]
    for xs in sample(entry):
        assert apply(entry, [Value(x) for x in xs]).data == apply(entry, xs)


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_a_sampling_range_stays_inside_the_domain(name):
    assert all(math.isfinite(apply(TABLE[name], xs)) for xs in sample(TABLE[name]))


def test_softmax_adds_up_to_1_for_logits_of_any_size():
    rng = random.Random(5)
    for size in (1e-3, 1.0, 40.0, 1e5, 1e16, 1e300):
        shares = ag.softmax([rng.uniform(-size, size) for _ in range(9)])
        assert math.fsum(shares) == pytest.approx(1, rel=1e-15)
    assert ag.softmax([1e16, 1e16 - 2, 1e16 - 4]) == pytest.approx(ag.softmax([0.0, -2.0, -4.0]), rel=1e-14)


def test_log_softmax_of_a_certain_class_keeps_the_little_that_is_missing():
    assert ag.log_softmax([0.0, -50.0])[0] == pytest.approx(-math.exp(-50), rel=1e-14)
    assert ag.log_softmax([1000.0, 950.0])[0] == pytest.approx(-math.exp(-50), rel=1e-14)


def test_softmax_takes_one_node_per_share_and_two_for_all():
    xs = [Value(float(i)) for i in range(5)]
    nodes = {node for share in ag.softmax(xs) for node in ag.topological_order(share)}
    assert len(nodes - set(xs)) == 5 + 2


def test_dist_is_the_norm_of_the_difference():
    assert ag.dist([1.0, 2.0], [4.0, 6.0]) == 5.0
    with pytest.raises(ValueError, match=r"2 .* 1"):
        ag.dist([1.0, 2.0], [4.0])


def test_sums_of_products_are_rounded_once_where_dot_goes_from_left_to_right():
    p, q = [1e16, 1.0, -1e16], [1.0, 1.0, 1.0]
    assert (ag.sumprod(p, q), ag.dot(p, q)) == (1.0, 0.0)


def test_names_of_the_library_are_taken():
    with pytest.raises(ValueError, match="tanh"):
        ag.op("tanh", math.tanh, lambda x, y: 1.0)
    assert ops.tanh is TABLE["tanh"]
