"""Dots of single numbers against eager: every length, straight, strided and listed, with and without bias."""

import random
from itertools import pairwise

import pytest

import autograd as ag
from autograd import Value, record


def compared(build, params):
    """Loss and gradients of `build`, replayed natively, against eager."""
    for p in params:
        p.grad = 0.0
    want = build()
    want.backward()
    slopes = [p.grad for p in params]
    fast = record(build, params=params, backend="numba")
    for _ in range(5):
        for p in params:
            p.grad = 0.0
        got = fast()
    assert fast.replays > 0
    assert got.data == pytest.approx(want.data, rel=1e-12)
    assert [p.grad for p in params] == pytest.approx(slopes, rel=1e-12, abs=1e-14)


def matrix(draw, rows, columns):
    return [[Value(draw.gauss(0, 1)) for _ in range(columns)] for _ in range(rows)]


def total_of(results):
    """A loss to which every result counts differently."""
    return ag.sum([ag.tanh(y) * (0.3 + 0.1 * k) for k, y in enumerate(results)])


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize("entries", [*range(1, 18), 24, 31, 40])
def test_matrix_products_of_any_width_equal_eager(entries, biased):
    draw = random.Random(entries)
    weights, inputs = matrix(draw, 6, entries), matrix(draw, 7, entries)
    bias = matrix(draw, 1, 6)[0]
    compared(
        lambda: total_of(
            [ag.dot(w, x, b if biased else None) for x in inputs for w, b in zip(weights, bias)]
            if biased
            else [ag.dot(w, x) for x in inputs for w in weights]
        ),
        [p for row in (*weights, *inputs, *([bias] if biased else [])) for p in row],
    )


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 8, 9])
@pytest.mark.parametrize("tokens", [1, 2, 3, 4, 5])
def test_tiles_that_are_not_full_lose_nothing(rows, tokens):
    draw = random.Random(rows)
    weights, inputs = matrix(draw, rows, 11), matrix(draw, tokens, 11)
    compared(
        lambda: total_of([ag.dot(w, x) for x in inputs for w in weights]),
        [p for row in (*weights, *inputs) for p in row],
    )


@pytest.mark.parametrize("entries", [2, 5, 9, 16, 33])
def test_strided_factors_equal_eager(entries):
    draw = random.Random(entries)
    table, inputs = matrix(draw, entries, 6), matrix(draw, 4, entries)
    columns = [[row[k] for row in table] for k in range(6)]
    compared(
        lambda: total_of([ag.dot(c, x) for x in inputs for c in columns]),
        [p for row in (*table, *inputs) for p in row],
    )


@pytest.mark.parametrize("step", [1, 5, 9, 20])
@pytest.mark.parametrize("width", [3, 4, 8, 11, 33])
@pytest.mark.parametrize("entries", [1, 2, 7])
def test_mixtures_of_rows_equal_eager_also_where_rows_overlap(entries, width, step):
    draw = random.Random(width)
    pool, shares = matrix(draw, 1, width + step * (entries - 1))[0], matrix(draw, 3, entries)
    mixed = [*shares, pool[:entries]]  # the last of them by some of their own numbers
    compared(
        lambda: total_of([ag.dot(s, pool[i::step][:entries]) for s in mixed for i in range(width)]),
        [*pool, *(p for row in shares for p in row)],
    )


@pytest.mark.parametrize("entries", [2, 5, 9, 16, 33])
def test_listed_factors_equal_eager(entries):
    draw = random.Random(entries)
    pool = matrix(draw, 1, 50)[0]
    rows = [draw.choices(pool, k=entries) for _ in range(12)]
    compared(lambda: total_of([ag.dot(a, b) for a, b in pairwise(rows)]), pool)


def test_windows_that_overlap_add_up():
    draw = random.Random(0)
    signal, kernel = matrix(draw, 1, 40)[0], matrix(draw, 4, 9)
    compared(
        lambda: total_of([ag.dot(w, signal[i : i + 9]) for i in range(31) for w in kernel]),
        [*signal, *(p for row in kernel for p in row)],
    )


def test_a_vector_with_itself_gets_both_flows():
    draw = random.Random(0)
    vectors = matrix(draw, 5, 16)
    compared(lambda: total_of([ag.dot(v, v) for v in vectors]), [p for row in vectors for p in row])
