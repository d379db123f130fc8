import math
import random

import pytest

import autograd as ag
from autograd import Value, record
from autograd.ops import TABLE
from autograd.replay.lowering import DIRECT, EXPANSIONS

NATIVE = sorted(name for name in (*DIRECT, *EXPANSIONS) if name in TABLE and TABLE[name].arity)


def points(op, count):
    draw = random.Random(op.name)
    for _ in range(count):
        yield [draw.uniform(low, high) for low, high in op.sample]
    if op.arity == 1:
        yield from ([x] for x in (0.5, 1.0, 2.0, 30.0, 1e-8) if math.isfinite(op.value(x)))


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("name", NATIVE)
def test_a_native_op_is_the_tables(name, backend):
    op = TABLE[name]
    xs = [Value(0.0) for _ in op.sample]
    flat = (name == "clamp" and [1, 2]) or ()
    for i in flat:
        xs[i].requires_grad = False
    fast = record(lambda: op(*xs) * 3 + xs[0], params=xs, backend=backend)
    for point in points(op, 40):
        for x, number in zip(xs, point):
            x.data, x.grad = number, 0.0
        result = op(*xs) * 3 + xs[0]
        result.backward()
        want = [result.data, *[x.grad for x in xs]]
        for x in xs:
            x.grad = 0.0
        have = [fast().data, *[x.grad for x in xs]]
        assert have == pytest.approx(want, rel=1e-12, abs=1e-14), point
    assert fast.replays > 30


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_lists_of_operands_are_the_tables(backend):
    xs = [Value(0.1 * k * k - 0.7 * k) for k in range(9)]

    def f(t):
        y = ag.logsumexp(xs) + ag.dot(xs[:4], xs[4:8], xs[8]) + ag.sum(xs) * t + ag.prod(xs[:3])
        return y + ag.pick(xs, 3) * ag.logsumexp([x * t for x in xs[:5]])

    fast = record(f, params=xs, backend=backend)
    for k in range(6):
        for x in xs:
            x.grad = 0.0
        f(0.3 * k).backward()
        want = [x.grad for x in xs]
        for x in xs:
            x.grad = 0.0
        fast(0.3 * k)
        assert [x.grad for x in xs] == pytest.approx(want, rel=1e-12)
    assert fast.replays == 4
