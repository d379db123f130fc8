import itertools
import math
import random
import warnings

import pytest

import autograd as ag
from autograd import Value, record
from autograd.replay.passes import codes
from autograd.replay.passes.codes import STRIDE

BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / (b + 5.0),
    "maximum": ag.maximum,
    "power": lambda a, b: (a * a + 0.5) ** b,
}
UNARY = {
    "tanh": ag.tanh,
    "steep tanh": lambda a: ag.tanh(9.0 * a),
    "exp": ag.exp,
    "relu": ag.relu,
    "sigmoid": ag.sigmoid,
    "neg": lambda a: -a,
    "reciprocal": lambda a: 1.0 / (a * a + 0.5),
}


def leaves_of(count, seed=0):
    draw = random.Random(seed)
    return [Value(draw.uniform(-1, 1)) for _ in range(count)]


def near(found, truth):
    scale = max(map(abs, truth))
    return all(abs(a - b) <= 1e-12 * max(abs(b), scale) for a, b in zip(found, truth, strict=True))


def agrees(build, leaves, calls=4):
    """Whether calls and one update of the native loop equal eager; the recorded function."""
    for leaf in leaves:
        leaf.grad = 0.0
    loss = build()
    loss.backward()
    truth = [loss.data, *[leaf.grad for leaf in leaves]]
    fast = record(build, params=[leaf for leaf in leaves if leaf.requires_grad], backend="numba", audit=False)
    for _ in range(calls):
        for leaf in leaves:
            leaf.grad = 0.0
        assert near([fast().data, *[leaf.grad for leaf in leaves]], truth)
    assert fast.replays
    return fast


def uses_runs(fast):
    single = fast.program.variant.prepared["single"]
    return codes.RUNS in single.memory.record.tape.reshape(-1, STRIDE)[:, codes.CODE]


@pytest.mark.parametrize("count", range(1, 18))
@pytest.mark.parametrize("op", BINARY)
def test_runs_of_two_operands_equal_eager_at_every_length(op, count):
    leaves = leaves_of(23, count)
    draw = random.Random(count)
    pairs = [draw.sample(range(23), 2) for _ in range(count)]
    fast = agrees(lambda: ag.sum([ag.sin(BINARY[op](leaves[i], leaves[j])) for i, j in pairs]), leaves)
    assert uses_runs(fast)


@pytest.mark.parametrize("count", range(1, 18))
@pytest.mark.parametrize("op", UNARY)
def test_runs_of_one_operand_equal_eager_at_every_length(op, count):
    leaves = leaves_of(23, count)
    chosen = random.Random(count).sample(leaves, count)
    assert uses_runs(agrees(lambda: ag.sum([ag.sin(UNARY[op](x)) for x in chosen]), leaves))


@pytest.mark.parametrize("count", [1, 7, 8, 9, 17])
@pytest.mark.parametrize("op", BINARY)
def test_an_operand_of_all_lanes_gains_every_flow(op, count):
    leaves = leaves_of(count + 1, count)
    x, others = leaves[0], leaves[1:]
    f = BINARY[op]
    agrees(lambda: ag.sum([ag.sin(f(x, y)) + ag.cos(f(y, x)) for y in others]), leaves)


@pytest.mark.parametrize("op", BINARY)
def test_both_operands_may_be_the_same(op):
    leaves = leaves_of(11)
    agrees(lambda: ag.sum([ag.sin(BINARY[op](x, x)) for x in leaves[::-2]]), leaves)


def random_graph(size, leaves, seed):
    draw = random.Random(seed)
    pool = list(leaves)
    for _ in range(size):
        a, b, kind = draw.choice(pool), draw.choice(pool), draw.random()
        if kind < 0.7:
            pool.append(BINARY[draw.choice(["add", "sub", "mul"])](a, b))
        elif kind < 0.95:
            pool.append(ag.tanh(a))
        else:  # what does not become a run, between runs
            some = [ag.tanh(draw.choice(pool)) for _ in range(12)]
            pool.append(ag.dot(some[:6], some[6:]) if kind < 0.97 else ag.logsumexp(some))
    return ag.sum([ag.tanh(x) for x in pool[-size // 2 :]])


@pytest.mark.parametrize("seed", range(12))
def test_random_graphs_equal_eager_in_calls_and_in_the_loop(seed):
    size = (10, 40, 150, 600)[seed % 4]
    leaves = leaves_of(max(3, size // 20), seed)
    fast = agrees(lambda _=0.0: random_graph(size, leaves, seed), leaves)
    gradients, start = [leaf.grad for leaf in leaves], [leaf.data for leaf in leaves]
    fast.train([0.0], epochs=1, lr=0.125)
    assert near([leaf.data for leaf in leaves], [x - 0.125 * g for x, g in zip(start, gradients)])


def test_constants_and_detached_values_gain_no_gradient():
    leaves = leaves_of(12)
    fixed = [Value(0.1 * k, requires_grad=False) for k in range(12)]

    def build():
        triples = zip(leaves, fixed[::-1], [*leaves[5:], *leaves[:5]])
        return ag.sum([ag.tanh(x * c) * (c - x) + x.detach() * y for x, c, y in triples])

    agrees(build, leaves)
    assert [c.grad for c in fixed] == [0.0] * 12


@pytest.mark.parametrize("huge", [1e200, 1e308])
def test_what_is_not_finite_is_as_in_eager(huge):
    leaves = leaves_of(9)

    def build():
        return ag.sum([x * x for x in leaves]) + ag.sum([ag.tanh(x + leaves[0]) for x in leaves])

    fast = agrees(build, leaves)
    leaves[3].data = huge
    for leaf in leaves:
        leaf.grad = 0.0
    loss = build()
    loss.backward()
    truth = [loss.data, *[leaf.grad for leaf in leaves]]
    for leaf in leaves:
        leaf.grad = 0.0
    found = [fast().data, *[leaf.grad for leaf in leaves]]
    assert math.isinf(truth[0])
    assert list(map(repr, found)) == list(map(repr, truth))


def test_a_guard_on_a_result_of_a_run_holds_or_finds_another_program():
    leaves = leaves_of(6)

    def loss():
        h = [ag.tanh(x * y) for x, y in itertools.pairwise(leaves)]
        return ag.sum([x * x if x > 0.0 else ag.sin(x) for x in h])

    fast = record(loss, params=leaves, backend="numba", audit=False)
    draw = random.Random(5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # many ways to go: it may end as it is
        for k in range(30):
            for leaf in leaves:
                leaf.data, leaf.grad = leaf.data + draw.gauss(0, 0.05), 0.0
            plain = loss()
            plain.backward()
            truth = [plain.data, *[leaf.grad for leaf in leaves]]
            for leaf in leaves:
                leaf.grad = 0.0
            assert near([fast().data, *[leaf.grad for leaf in leaves]], truth), k
    assert fast.replays


def test_what_parameters_alone_decide_runs_once_per_batch_also_as_runs():
    leaves = leaves_of(10)
    pairs = [random.Random(1).sample(range(10), 2) for _ in range(9)]

    def loss(x, y):
        mixed = [ag.tanh(leaves[i] * leaves[j]) for i, j in pairs]
        return (ag.dot(mixed[:4], [x, y, x * y, x - y]) + ag.sum(mixed[4:])) ** 2

    X, Y = [0.1 * k for k in range(20)], [0.3 - 0.02 * k for k in range(20)]
    fast = record(loss, params=leaves, backend="numba", audit=False)
    start = [leaf.data for leaf in leaves]
    fast.train(X, Y, epochs=3, lr=0.1)
    found = [leaf.data for leaf in leaves]
    for leaf, x in zip(leaves, start):
        leaf.data = x
    for _ in range(3):
        for leaf in leaves:
            leaf.grad = 0.0
        for x, y in zip(X, Y):
            loss(x, y).backward(1 / 20)
        for leaf in leaves:
            leaf.data -= 0.1 * leaf.grad
    assert near(found, [leaf.data for leaf in leaves])


# -- records ---------------------------------------------------------------------------------------------
