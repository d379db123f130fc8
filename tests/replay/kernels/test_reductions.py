"""Sums, logsumexps and picks of single numbers against eager."""

import math
import random

import pytest

import autograd as ag
from autograd import Value, record
from tests.replay.kernels.test_dots import compared, matrix, total_of


@pytest.mark.parametrize("entries", [*range(1, 20), 27, 40])
def test_logsumexps_of_any_length_equal_eager(entries):
    table = matrix(random.Random(entries), 3, entries)
    compared(lambda: total_of([ag.logsumexp(row) for row in table]), [p for row in table for p in row])


def test_logsumexps_of_different_lengths_as_in_causal_attention_equal_eager():
    draw = random.Random(0)
    queries, keys = matrix(draw, 9, 4), matrix(draw, 9, 4)

    def build():
        found = []
        for t, query in enumerate(queries):
            scores = [ag.dot(query, key) for key in keys[: t + 1]]
            shares = ag.softmax(scores)
            found += [ag.logsumexp(scores), *[ag.dot(shares, column) for column in zip(*keys[: t + 1])]]
        return total_of(found)

    compared(build, [p for row in (*queries, *keys) for p in row])


@pytest.mark.parametrize("entries", [3, 8, 12])
def test_strided_and_listed_logsumexps_equal_eager(entries):
    draw = random.Random(entries)
    table = matrix(draw, entries, 4)
    pool = [p for row in table for p in row]
    scattered = [draw.choices(pool, k=entries) for _ in range(4)]
    compared(lambda: total_of([ag.logsumexp(column) for column in [*zip(*table), *scattered]]), pool)


@pytest.mark.parametrize(
    "numbers", [[-math.inf, 0.0, 1.0], [-math.inf] * 3, [800.0, 1.0, -800.0], [1e308, 1e308]]
)
def test_a_logsumexp_of_extremes_is_eagers(numbers):
    xs = [Value(x) for x in numbers]
    fast = record(lambda: ag.logsumexp(xs), params=xs, backend="numba")
    assert {fast.value().data for _ in range(6)} == {ag.logsumexp(xs).data}


NEARLY_SURE = [
    [50.0, 0.0, -3.0], [30.0, 1.0, 2.0], [1000.0, 995.0, 3.0], [0.0, -math.inf, -40.0], [1e16, 1e16, 0.0],
]  # fmt: skip


@pytest.mark.parametrize("backend", ["numba", "numpy", "python"])
@pytest.mark.parametrize("numbers", NEARLY_SURE)
def test_the_logarithm_of_a_share_near_1_has_eagers_digits(numbers, backend):
    xs = [Value(x) for x in numbers]
    around = [xs[0], Value(0.5), xs[1], Value(0.5), xs[2]]  # entries apart and in no order

    def logarithms():
        return [*ag.log_softmax(xs), *ag.log_softmax([around[4], around[0], around[2]])]

    fast = record(lambda k: ag.pick(logarithms(), k), params=xs, backend=backend)
    for k, wanted in enumerate(logarithms()):
        for _ in range(5):
            found = fast.value(k).data
        assert found == pytest.approx(wanted.data, rel=1e-13, abs=0.0)
    many = record(lambda c: c * ag.log_softmax(xs)[0], params=xs, backend=backend)
    losses = [many.batch([float(c) for c in range(1, 20)], reduction="sum").data for _ in range(3)]
    assert losses == pytest.approx([190 * ag.log_softmax(xs)[0].data] * 3, rel=1e-13, abs=0.0)


def test_what_is_picked_alone_gets_the_gradient():
    table = matrix(random.Random(1), 5, 3)
    pool = [p for row in table for p in row]
    fast = record(
        lambda token: ag.sum([ag.exp(ag.pick([row[k] for row in table], token)) for k in range(3)]),
        params=pool,
        backend="numba",
    )
    for token in (0, 1, 2, 3, 4, 2):
        for p in pool:
            p.grad = 0.0
        fast(token)
    assert [p.grad for p in pool] == pytest.approx(
        [math.exp(p.data) if k == 2 else 0.0 for k, row in enumerate(table) for p in row], rel=1e-12
    )


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
@pytest.mark.parametrize("far", [3, -1, 2**40])
def test_a_number_beyond_the_list_that_another_branch_takes_is_no_place_of_memory(backend, far):
    w = [Value(0.3 * k + 0.1) for k in range(4)]

    def loss(x, k):
        return ag.pick(w[:3], k) * x if 0 <= k < 3 else w[3] * k * x

    fast = record(loss, params=w, backend=backend)
    for k in [1] * 6 + [far, 2] * 4:
        assert fast.value(2.0, k).data == loss(2.0, k).data
    whole = [1, 0, 2, far] * 5
    fast.batch([2.0] * 20, [1, 0, 2, 1] * 5)
    found = fast.batch([2.0] * 20, whole, reduction="sum").data
    assert found == pytest.approx(sum(loss(2.0, k).data for k in whole), rel=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("entries", [1, 2, 8, 9, 17])
def test_a_cross_entropy_is_one_logsumexp_less_the_score_and_has_eagers_digits(entries, backend):
    draw = random.Random(entries)
    table = matrix(draw, 3, entries)
    pool = [p for row in table for p in row]

    def loss(scale, label):
        rows = [[p * scale for p in row] for row in table]
        scattered = [rows[k * k % 3][k] for k in range(entries)]
        return ag.sum([ag.surprisals([ag.pick(row, label)], row)[0] for row in [*rows, scattered]])

    fast = record(loss, params=pool, backend=backend, audit=False)
    scales, labels = [1.0, 30.0, 900.0, 1e6] * 3, [draw.randrange(entries) for _ in range(12)]
    wanted = [loss(scale, label) for scale, label in zip(scales, labels)]
    for y, scale, label in zip(wanted, scales, labels):
        found = [fast(scale, label).data for _ in range(3)]
        assert found == pytest.approx([y.data] * 3, rel=1e-13, abs=0.0)
    for p in pool:
        p.grad = 0.0
    found = fast.batch(scales, labels, reduction="sum").data
    assert found == pytest.approx(math.fsum(y.data for y in wanted), rel=1e-13)
    slopes = [p.grad for p in pool]
    for p in pool:
        p.grad = 0.0
    ag.sum(wanted).backward()
    assert slopes == pytest.approx([p.grad for p in pool], rel=1e-12, abs=1e-9)
    assert " sub " not in str(fast.program).partition("instructions")[2]
