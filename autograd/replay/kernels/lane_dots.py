"""The kernels for dots of samples side by side: register tiles, forward and backward."""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.operands import fetch, place, send
from autograd.replay.kernels.vectors import (
    apart,
    at,
    fma,
    load,
    part,
    put,
    splat,
    store,
    total,
)
from autograd.replay.passes.codes import (
    ENTRIES,
    FRESH,
    INDEXED,
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
def multiply(
    results: Any,
    y: int,
    y_i: int,
    factors: Any,
    a: int,
    a_i: int,
    a_j: int,
    rows: Any,
    x: int,
    x_j: int,
    starts: Any,
    c: int,
    c_i: int,
    count: int,
    entries: int,
    lanes: int,
) -> None:
    """results[y + i*y_i + t] = c_i + sum over j of factors[a + i*a_i + j*a_j] * rows[x + j*x_j + t].

    The start c_i is starts[c + i*c_i]; nothing when c is -1; what the results hold already when c is -2.
    """
    apart()
    i = 0
    while i < count:
        four = i + 4 <= count
        o = y + i * y_i
        for t in range(0, lanes, 8):
            p, q = a + i * a_i, x + t
            if four:
                if c == -2:
                    s0, s1 = load(results, o + t), load(results, o + y_i + t)
                    s2, s3 = load(results, o + 2 * y_i + t), load(results, o + 3 * y_i + t)
                elif c == -1:
                    s0 = s1 = s2 = s3 = splat(0.0)
                else:
                    k = c + i * c_i
                    s0, s1 = splat(at(starts, k)), splat(at(starts, k + c_i))
                    s2, s3 = splat(at(starts, k + 2 * c_i)), splat(at(starts, k + 3 * c_i))
                for _ in range(entries):
                    v = load(rows, q)
                    s0 = fma(splat(at(factors, p)), v, s0)
                    s1 = fma(splat(at(factors, p + a_i)), v, s1)
                    s2 = fma(splat(at(factors, p + 2 * a_i)), v, s2)
                    s3 = fma(splat(at(factors, p + 3 * a_i)), v, s3)
                    p += a_j
                    q += x_j
                store(results, o + t, s0)
                store(results, o + y_i + t, s1)
                store(results, o + 2 * y_i + t, s2)
                store(results, o + 3 * y_i + t, s3)
            else:
                if c == -2:
                    s0 = load(results, o + t)
                elif c == -1:
                    s0 = splat(0.0)
                else:
                    s0 = splat(at(starts, c + i * c_i))
                for _ in range(entries):
                    s0 = fma(splat(at(factors, p)), load(rows, q), s0)
                    p += a_j
                    q += x_j
                store(results, o + t, s0)
        i += 4 if four else 1


@part
def correlate(
    results: Any,
    w: int,
    w_i: int,
    w_j: int,
    left: Any,
    y: int,
    y_i: int,
    right: Any,
    x: int,
    x_j: int,
    count: int,
    entries: int,
    lanes: int,
) -> None:
    """results[w + i*w_i + j*w_j] += sum over t of left[y + i*y_i + t] * right[x + j*x_j + t]."""
    apart()
    for i in range(0, count, 2):
        p = y + i * y_i
        p2 = p + y_i if i + 1 < count else p
        for j in range(0, entries, 2):
            q = x + j * x_j
            q2 = q + x_j if j + 1 < entries else q
            s00 = s01 = s10 = s11 = splat(0.0)
            for t in range(0, lanes, 8):
                g0, g1, v0, v1 = (
                    load(left, p + t),
                    load(left, p2 + t),
                    load(right, q + t),
                    load(right, q2 + t),
                )
                s00, s01 = fma(g0, v0, s00), fma(g0, v1, s01)
                s10, s11 = fma(g1, v0, s10), fma(g1, v1, s11)
            o = w + i * w_i + j * w_j
            put(results, o, at(results, o) + total(s00))
            if j + 1 < entries:
                put(results, o + w_j, at(results, o + w_j) + total(s01))
            if i + 1 < count:
                put(results, o + w_i, at(results, o + w_i) + total(s10))
                if j + 1 < entries:
                    put(results, o + w_i + w_j, at(results, o + w_i + w_j) + total(s11))


@part
def tiled(row: Any, edge: int) -> bool:
    """Whether a dot is a matrix of shared numbers times rows of lanes, which the register tiles take."""
    if at(row, A + INDEXED) + at(row, B + INDEXED) != 0 or at(row, B + I) != 0:
        return False
    if at(row, A + START) >= edge or at(row, B + START) < edge:
        return False
    if at(row, B + J) == 0 and at(row, ENTRIES) > 1:  # one row several times: flows would be lost
        return False
    if at(row, C + START) < 0:
        return True
    return bool(at(row, C + INDEXED) == 0 and at(row, C + START) < edge)


@part
def dot_forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    rows, entries = at(row, ROWS), at(row, ENTRIES)
    c = at(row, C + START)
    fast = tiled(row, edge)
    for u in range(at(row, OUTER)):
        y = at(row, OUT) + u * at(row, OUT_U)
        if fast:
            multiply(
                values,
                y,
                at(row, OUT_I),
                values,
                place(row, A, u, 0, 0, rows, entries, index),
                at(row, A + I),
                at(row, A + J),
                values,
                place(row, B, u, 0, 0, rows, entries, index),
                at(row, B + J),
                values,
                c + u * at(row, C + U) if c >= 0 else c,
                at(row, C + I),
                rows,
                entries,
                lanes,
            )
            continue
        for i in range(rows):
            for t in range(0, lanes, 8):
                s = splat(0.0)
                if c >= 0:
                    s = fetch(values, place(row, C, u, i, 0, rows, 1, index), t, edge)
                for j in range(entries):
                    s = fma(
                        fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge),
                        fetch(values, place(row, B, u, i, j, rows, entries, index), t, edge),
                        s,
                    )
                store(values, y + i * at(row, OUT_I) + t, s)


@part
def dot_backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    rows, entries = at(row, ROWS), at(row, ENTRIES)
    c, step = at(row, C + START), at(row, OUT_I)
    first, second, third = at(row, A + WANTED), at(row, B + WANTED), at(row, C + WANTED)
    fast = tiled(row, edge)
    if first + second + third == 0:
        return
    for u in range(at(row, OUTER)):
        y = at(row, OUT) + u * at(row, OUT_U)
        if fast:
            a = place(row, A, u, 0, 0, rows, entries, index)
            b = place(row, B, u, 0, 0, rows, entries, index)
            a_i, a_j, b_j = at(row, A + I), at(row, A + J), at(row, B + J)
            if second != 0:
                multiply(
                    gradients,
                    b,
                    b_j,
                    values,
                    a,
                    a_j,
                    a_i,
                    gradients,
                    y,
                    step,
                    gradients,
                    -1 if second == FRESH else -2,
                    0,
                    entries,
                    rows,
                    lanes,
                )
            if first != 0:
                correlate(gradients, a, a_i, a_j, gradients, y, step, values, b, b_j, rows, entries, lanes)
        if c >= 0 and third != 0:
            for i in range(rows):
                o = place(row, C, u, i, 0, rows, 1, index)
                s = splat(0.0)
                for t in range(0, lanes, 8):
                    g = load(gradients, y + i * step + t)
                    if o >= edge:
                        send(gradients, o, t, edge, third, g)
                    else:
                        s = s + g
                if o < edge:
                    put(gradients, o, at(gradients, o) + total(s))
        if not fast and first + second != 0:
            for i in range(rows):
                for j in range(entries):
                    a = place(row, A, u, i, j, rows, entries, index)
                    b = place(row, B, u, i, j, rows, entries, index)
                    for t in range(0, lanes, 8):
                        g = load(gradients, y + i * step + t)
                        if first != 0:
                            send(gradients, a, t, edge, first, g * fetch(values, b, t, edge))
                        if second != 0:
                            send(gradients, b, t, edge, second, g * fetch(values, a, t, edge))


# -- other lists of operands --------------------------------------------------------------------------
