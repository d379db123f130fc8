import itertools
import math
import random

import pytest

import autograd as ag
from autograd import Value, record
from autograd.entry import BUILT_IN
from autograd.ops import TABLE
from autograd.replay.executors.backends import backend_of
from autograd.replay.ops import CODES
from autograd.replay.ops import NATIVE as EXECUTORS

JUMP = "it jumps: the last digit of the operand, in which executors may differ, decides"
SERIES = "its series are loops that end when they have converged"
IN_PLAIN_PYTHON = {
    "floor": JUMP, "ceil": JUMP, "trunc": JUMP, "nearest": JUMP, "fmod": JUMP, "remainder": JUMP,
    "mod": JUMP, "floordiv": JUMP,
    "gamma": SERIES, "gamma_derivative": SERIES, "lgamma": SERIES, "digamma": SERIES, "polygamma": SERIES,
    "sumprod": "it promises the sum rounded once",
}  # fmt: skip
NATIVE = [op for op in TABLE.values() if op.name in BUILT_IN and op.name not in IN_PLAIN_PYTHON]


def test_every_op_of_the_table_is_native_or_listed_with_its_reason():
    native = {name for name in BUILT_IN if name in CODES or EXECUTORS.made_of(TABLE[name])}
    assert BUILT_IN - native == set(IN_PLAIN_PYTHON)


def orders_of(op):
    """The last operands that say how often something is differentiated: numbers, not Values."""
    if not op.name.endswith("_derivative"):
        return []
    return [low for low, _ in op.sample[1 if len(op.sample) == 2 else 2 :]]


def points(op, count):
    draw = random.Random(op.name)
    ranges = op.sample if op.arity else ((-3.0, 3.0),) * 4
    for _ in range(count):
        yield [draw.uniform(low, high) for low, high in ranges[: len(ranges) - len(orders_of(op))]]
    if op.arity == 1:
        yield from ([x] for x in (0.5, 1.0, 2.0, 30.0, -30.0, 1e-8) if math.isfinite(op.value(x)))


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("op", NATIVE, ids=lambda op: op.name)
def test_a_native_op_is_the_tables(op, backend):
    xs = [Value(0.0) for _ in next(points(op, 1))]
    orders = orders_of(op)

    def f():
        return op.on((*xs, *orders)) * 3 + xs[0]

    fast = record(f, params=xs, backend=backend, audit=False)
    for point in points(op, 12):
        for x, number in zip(xs, point):
            x.data, x.grad = number, 0.0
        result = f()
        result.backward()
        want = [result.data, *[x.grad for x in xs]]
        for x in xs:
            x.grad = 0.0
        have = [fast().data, *[x.grad for x in xs]]
        assert have == pytest.approx(want, rel=1e-12, abs=1e-14), point
    assert fast.replays >= 9
    assert backend_of(fast.program.variant, backend) == backend


EDGES = [0.0, -0.0, 1.0, -2.0, 0.5, 37.0, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize(
    "op", [op for op in NATIVE if op.arity in (1, 2) and not orders_of(op)], ids=lambda op: op.name
)
def test_values_and_slopes_at_the_edges_are_eagers(op):
    xs = [Value(0.5) for _ in range(op.arity)]
    fast = record(lambda: op.on(xs), params=xs, backend="numpy", audit=False)
    for point in itertools.product(EDGES, repeat=op.arity):
        if op.name == "xlogy" and point[0] == 0.0 and point[1] == math.inf:
            continue  # 0 with an infinite slope: made of where, log and *, it is flat there
        eager = [Value(x) for x in point]
        result = op.on(eager)
        if result.requires_grad:
            result.backward()
        for x, number in zip(xs, point):
            x.data, x.grad = number, 0.0
        found = [fast().data, *[x.grad for x in xs]]
        wanted = [result.data, *[x.grad for x in eager]]
        assert found == pytest.approx(wanted, rel=1e-10, abs=1e-300, nan_ok=True), point


FAR = [s * 10.0**k for k in (2, 4, 6, 9) for s in (1.0, -1.0)]


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize(
    "op", [op for op in NATIVE if not orders_of(op) and op.arity in (1, 2, None)], ids=lambda op: op.name
)
def test_far_from_zero_values_and_slopes_are_the_tables_in_calls_and_batches(op, backend):
    count = op.arity or 4
    xs = [Value(0.5) for _ in range(count)]
    shifts = [Value(0.0) for _ in range(count)]
    call = record(lambda: op.on(tuple(xs)), params=xs, backend=backend, audit=False)
    batch = record(
        lambda *numbers: op.on(tuple(x + shift for x, shift in zip(numbers, shifts))),
        params=shifts, backend=backend, audit=False,
    )  # fmt: skip
    for x in FAR:
        point = [x + k for k in range(count)]
        operands = [Value(number) for number in point]
        result = op.on(tuple(operands))
        if not result.requires_grad or not math.isfinite(result.data):
            continue
        result.backward()
        want = [result.data, *[operand.grad for operand in operands]]
        for leaf, number in zip((*xs, *shifts), (*point, *[0.0] * count)):
            leaf.data, leaf.grad = number, 0.0
        told = pytest.approx(want, rel=1e-12, abs=1e-300, nan_ok=True)
        assert [call().data, *[leaf.grad for leaf in xs]] == told
        rows = [[number] * 9 for number in point]
        assert [batch.batch(*rows).data, *[leaf.grad for leaf in shifts]] == told


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("choose", [ag.maximum, ag.minimum])
def test_ties_among_three_share_evenly(choose, backend):
    xs = [Value(1.0), Value(1.0), Value(1.0), Value(1.0)]
    fast = record(lambda: choose(xs) * 6.0, params=xs, backend=backend, audit=False)
    far = -9.0 if choose is ag.maximum else 9.0
    even, without = ([2.0] * 4, [1.5] * 4), ([2.0, far, 2.0, 2.0], [2.0, 0.0, 2.0, 2.0])
    for numbers, shares in (even, even, even, without, even, without):
        for x, number in zip(xs, numbers):
            x.data, x.grad = number, 0.0
        assert fast().data == 12.0
        assert [x.grad for x in xs] == pytest.approx(shares, rel=1e-15)
    assert fast.replays == 2


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("numbers", [(0.0, 0.0, 0.0), (3e-200, 4e-200, 0.0), (1e200, 1e200, 1.0)])
def test_norms_of_tiny_and_huge_numbers_are_the_tables(numbers, backend):
    xs = [Value(x) for x in numbers]
    fast = record(lambda: ag.norm(xs), params=xs, backend=backend, audit=False)
    for _ in range(5):
        for x in xs:
            x.grad = 0.0
        ag.norm(xs).backward()
        want = [x.grad for x in xs]
        for x in xs:
            x.grad = 0.0
        assert fast().data == pytest.approx(ag.norm(xs).data, rel=1e-14)
        assert [x.grad for x in xs] == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_lists_of_operands_are_the_tables(backend):
    xs = [Value(0.1 * k * k - 0.7 * k) for k in range(9)]

    def f(t):
        y = ag.logsumexp(xs) + ag.dot(xs[:4], xs[4:8], xs[8]) + ag.sum(xs) * t + ag.prod(xs[:3])
        return y + ag.pick(xs, 3) * ag.logsumexp([x * t for x in xs[:5]])

    fast = record(f, params=xs, backend=backend, audit=False)
    for k in range(7):
        for x in xs:
            x.grad = 0.0
        f(0.3 * k).backward()
        want = [x.grad for x in xs]
        for x in xs:
            x.grad = 0.0
        fast(0.3 * k)
        assert [x.grad for x in xs] == pytest.approx(want, rel=1e-12)
    assert fast.replays == 4
