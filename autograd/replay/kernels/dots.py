"""The kernels for dots of single numbers: matrix products where the loops allow it, else one by one.

A row of dots is a matrix product when one factor's runs belong to the results i and the other's to the
outer results u: `results[u, i] = weights[i] . inputs[u] + bias`.

Kernels here hold no arrays: not to count references to them (`_nrt`) saves as much as a dot of eight costs.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.operands import begin_of, entry_of, place
from autograd.replay.kernels.parts import load_some, put_totals, store_some
from autograd.replay.kernels.vectors import apart, at, fma, inside, load, part, put, splat, store, total
from autograd.replay.passes.codes import (
    ENTRIES,
    INDEXED,
    LISTED,
    OUT,
    OUT_I,
    OUT_U,
    OUTER,
    ROWS,
    START,
    WANTED,
    A,
    B,
    C,
    I,
    J,
    U,
)


@part
def product_of(row: Any) -> int:
    """The operand that is a matrix of weights, where a row of dots is a matrix product; else 0."""
    if at(row, A + INDEXED) + at(row, B + INDEXED) != 0:
        return 0
    if at(row, A + J) != 1 or at(row, B + J) != 1 or at(row, ENTRIES) < 8:
        return 0
    if at(row, OUT_I) != 1 or at(row, ROWS) < 4:
        return 0
    if at(row, A + U) == 0 and at(row, B + I) == 0:
        return A
    return B if at(row, B + U) == 0 and at(row, A + I) == 0 else 0


# -- forward ----------------------------------------------------------------------------------------------


@part
def dot_forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    rows, entries, c = at(row, ROWS), at(row, ENTRIES), at(row, C + START)
    weights = product_of(row)
    for u in range(at(row, OUTER)):
        y, done = at(row, OUT) + u * at(row, OUT_U), 0
        if weights != 0:
            w, x = weights, A + B - weights
            start = at(row, x + START) + u * at(row, x + U)
            done = rows - rows % 4
            times(values, y, at(row, w + START), at(row, w + I), start, done, entries)
        for i in range(done, rows):
            s = one_dot(row, index, values, u, i, rows, entries)
            put(values, y + i * at(row, OUT_I), s)
        if c >= 0:
            for i in range(rows):
                o = y + i * at(row, OUT_I)
                put(values, o, at(values, o) + at(values, place(row, C, u, i, 0, rows, 1, index)))


@part
def times(values: Any, y: int, w: int, w_i: int, x: int, count: int, entries: int) -> None:
    """values[y + i] = values[w + i*w_i : ...] . values[x : ...], four results at a time."""
    whole = entries - entries % 8
    for i in range(0, count, 4):
        p0 = w + i * w_i
        p1, p2, p3 = p0 + w_i, p0 + 2 * w_i, p0 + 3 * w_i
        s0 = s1 = s2 = s3 = splat(0.0)
        for j in range(0, whole, 8):
            v = load(values, x + j)
            s0, s1 = fma(load(values, p0 + j), v, s0), fma(load(values, p1 + j), v, s1)
            s2, s3 = fma(load(values, p2 + j), v, s2), fma(load(values, p3 + j), v, s3)
        if whole < entries:
            n = entries - whole
            v = load_some(values, x + whole, n)
            s0, s1 = (
                fma(load_some(values, p0 + whole, n), v, s0),
                fma(load_some(values, p1 + whole, n), v, s1),
            )
            s2, s3 = (
                fma(load_some(values, p2 + whole, n), v, s2),
                fma(load_some(values, p3 + whole, n), v, s3),
            )
        put_totals(values, y + i, s0, s1, s2, s3)


@part
def one_dot(row: Any, index: Any, values: Any, u: int, i: int, rows: int, entries: int) -> float:
    """The sum of products of result (u, i)."""
    result = 0.0
    if at(row, A + INDEXED) == LISTED or at(row, B + INDEXED) == LISTED:
        for j in range(entries):
            a = entry_of(row, A, index, u, i, j, rows, entries)
            b = entry_of(row, B, index, u, i, j, rows, entries)
            result += at(values, a) * at(values, b)
        return result
    a, b = begin_of(row, A, index, u, i, rows), begin_of(row, B, index, u, i, rows)
    a_j, b_j = at(row, A + J), at(row, B + J)
    whole = 0
    if a_j == 1 and b_j == 1 and entries >= 8:
        s, whole = splat(0.0), entries - entries % 8
        for j in range(0, whole, 8):
            s = fma(load(values, a + j), load(values, b + j), s)
        result = total(s)
    for j in range(whole, entries):
        result += at(values, a + j * a_j) * at(values, b + j * b_j)
    return result


# -- backward ---------------------------------------------------------------------------------------------


@part
def dot_backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    rows, outer, entries = at(row, ROWS), at(row, OUTER), at(row, ENTRIES)
    y, y_u, y_i = at(row, OUT), at(row, OUT_U), at(row, OUT_I)
    c, to_c = at(row, C + START), at(row, C + WANTED)
    if c >= 0 and to_c != 0:
        for u in range(outer):
            for i in range(rows):
                o = place(row, C, u, i, 0, rows, 1, index)
                put(gradients, o, at(gradients, o) + at(gradients, y + u * y_u + i * y_i))
    weights = product_of(row)
    if weights != 0:
        m, n = weights, A + B - weights
        w, w_i, x, x_u = at(row, m + START), at(row, m + I), at(row, n + START), at(row, n + U)
        if at(row, n + WANTED) != 0:
            add_product(gradients, x, x_u, y, y_u, y_i, values, w, w_i, outer, rows, entries)
        if at(row, m + WANTED) != 0:
            add_product(gradients, w, w_i, y, y_i, y_u, values, x, x_u, rows, outer, entries)
        return
    for u in range(outer):
        for i in range(rows):
            g = at(gradients, y + u * y_u + i * y_i)
            send_one(row, index, values, gradients, u, i, rows, entries, g)


@part
def add_product(
    gradients: Any,
    y: int,
    y_m: int,
    f: int,
    f_m: int,
    f_k: int,
    rows: Any,
    x: int,
    x_k: int,
    count: int,
    inner: int,
    width: int,
) -> None:
    """gradients[y + m*y_m + j] += the sum over k of gradients[f + m*f_m + k*f_k] * rows[x + k*x_k + j].

    Four m of eight j stay in registers. Rows m repeat where y_m is 0, and past the last one (not stored).
    """
    apart()
    step = 4 if y_m != 0 else 1
    for m in range(0, count, step):
        m1, m2, m3 = (min(m + 1, count - 1), min(m + 2, count - 1), min(m + 3, count - 1))
        for j in range(0, width, 8):
            n = width - j
            f0, f1, f2, f3, q = f + m * f_m, f + m1 * f_m, f + m2 * f_m, f + m3 * f_m, x + j
            s0 = s1 = s2 = s3 = splat(0.0)
            for _ in range(inner):
                v = load(rows, q) if n >= 8 else load_some(rows, q, n)
                s0, s1 = fma(splat(at(gradients, f0)), v, s0), fma(splat(at(gradients, f1)), v, s1)
                s2, s3 = fma(splat(at(gradients, f2)), v, s2), fma(splat(at(gradients, f3)), v, s3)
                f0, f1, f2, f3, q = f0 + f_k, f1 + f_k, f2 + f_k, f3 + f_k, q + x_k
            o = y + m * y_m + j
            add_some(gradients, o, s0, n)
            if step == 4:
                if m + 1 < count:
                    add_some(gradients, o + y_m, s1, n)
                if m + 2 < count:
                    add_some(gradients, o + 2 * y_m, s2, n)
                if m + 3 < count:
                    add_some(gradients, o + 3 * y_m, s3, n)


@inside
def add_some(gradients: Any, o: int, flow: Any, count: int) -> None:
    """Add up to eight numbers to what lies at o."""
    if count >= 8:
        store(gradients, o, load(gradients, o) + flow)
    else:
        store_some(gradients, o, load_some(gradients, o, count) + flow, count)


@part
def send_one(
    row: Any,
    index: Any,
    values: Any,
    gradients: Any,
    u: int,
    i: int,
    rows: int,
    entries: int,
    g: float,
) -> None:
    """What flows from result (u, i) to its factors."""
    to_a, to_b = at(row, A + WANTED), at(row, B + WANTED)
    if at(row, A + INDEXED) == LISTED or at(row, B + INDEXED) == LISTED:
        for j in range(entries):
            a = entry_of(row, A, index, u, i, j, rows, entries)
            b = entry_of(row, B, index, u, i, j, rows, entries)
            if to_a != 0:
                put(gradients, a, at(gradients, a) + g * at(values, b))
            if to_b != 0:
                put(gradients, b, at(gradients, b) + g * at(values, a))
        return
    a, b = begin_of(row, A, index, u, i, rows), begin_of(row, B, index, u, i, rows)
    a_j, b_j = at(row, A + J), at(row, B + J)
    if to_a != 0:
        add_multiple(gradients, a, a_j, g, values, b, b_j, entries)
    if to_b != 0:
        add_multiple(gradients, b, b_j, g, values, a, a_j, entries)


@part
def add_multiple(
    gradients: Any, y: int, y_j: int, factor: float, values: Any, x: int, x_j: int, count: int
) -> None:
    """gradients[y + j*y_j] += factor * values[x + j*x_j] for j below count."""
    whole = 0
    if y_j == 1 and x_j == 1 and count >= 8:
        f, whole = splat(factor), count - count % 8
        for j in range(0, whole, 8):
            store(gradients, y + j, fma(f, load(values, x + j), load(gradients, y + j)))
    for j in range(whole, count):
        o = y + j * y_j
        put(gradients, o, at(gradients, o) + factor * at(values, x + j * x_j))
