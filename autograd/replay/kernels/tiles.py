"""Two matrix products as register tiles: blocks of results stay in registers while the operands stream past.

What is contiguous is a result's row in one, and what is summed over in the other. With samples side by side
these are the lanes, with single numbers the entries of a dot.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.parts import keep, lane, load_some, put_four, some, store_some, totals
from autograd.replay.kernels.vectors import apart, at, fma, inside, load, part, put, splat, store

NOTHING, ITSELF = -1, -2  # in place of a start: zero, and what the results hold already


@inside
def begin(results: Any, o: int, c: int, start: Any) -> Any:
    """What eight results begin with, of which all are there."""
    return load(results, o) if c == ITSELF else start


@inside
def begin_some(results: Any, o: int, count: int, c: int, start: Any) -> Any:
    """The same of up to eight results."""
    return some(results, o, count) if c == ITSELF else start


@part
def multiply(result: Any, factor: Any, row: Any, start: Any, count: int, entries: int, width: int) -> None:
    """results[y + i*y_i + t] = c_i + sum over j of factors[a + i*a_i + j*a_j] * rows[x + j*x_j + t].

    For t below `width`. The start c_i is starts[c + i*c_i], unless c is NOTHING or ITSELF. Results i that lie
    in one place (y_i is 0) add up.

    Args:
        result: (results, y, y_i).
        factor: (factors, a, a_i, a_j).
        row: (rows, x, x_j).
        start: (starts, c, c_i).
        count: results i.
        entries: of each.
        width: numbers of each result.
    """
    apart()
    (results, y, y_i), (factors, a, a_i, a_j), (rows, x, x_j), (starts, c, c_i) = result, factor, row, start
    i = 0
    if entries == 1 and c == NOTHING and y_i != 0:  # nothing to add up: no tiles
        whole = width - width % 8
        while i < count:
            f = splat(at(factors, a + i * a_i))
            for t in range(0, whole, 8):
                store(results, y + i * y_i + t, f * load(rows, x + t))
            if whole < width:
                n = width - whole
                store_some(results, y + i * y_i + whole, f * load_some(rows, x + whole, n), n)
            i += 1
    while i < count:
        step = min(4, count - i) if y_i != 0 else 1
        i1, i2, i3 = i + min(1, step - 1), i + min(2, step - 1), i + step - 1  # some of them repeat the last
        y0, y1, y2, y3 = y + i * y_i, y + i1 * y_i, y + i2 * y_i, y + i3 * y_i
        b0 = b1 = b2 = b3 = splat(0.0)
        if c >= 0:
            b0, b1 = splat(at(starts, c + i * c_i)), splat(at(starts, c + i1 * c_i))
            b2, b3 = splat(at(starts, c + i2 * c_i)), splat(at(starts, c + i3 * c_i))
        t = 0
        while t < width:
            n = width - t
            q = x + t
            p0, p1, p2, p3 = a + i * a_i, a + i1 * a_i, a + i2 * a_i, a + i3 * a_i
            if step == 1 and n >= 32:
                s0, s1 = begin(results, y0 + t, c, b0), begin(results, y0 + t + 8, c, b0)
                s2, s3 = begin(results, y0 + t + 16, c, b0), begin(results, y0 + t + 24, c, b0)
                for _ in range(entries):
                    f = splat(at(factors, p0))
                    s0, s1 = fma(f, load(rows, q), s0), fma(f, load(rows, q + 8), s1)
                    s2, s3 = fma(f, load(rows, q + 16), s2), fma(f, load(rows, q + 24), s3)
                    p0, q = p0 + a_j, q + x_j
                store(results, y0 + t, s0)
                store(results, y0 + t + 8, s1)
                store(results, y0 + t + 16, s2)
                store(results, y0 + t + 24, s3)
                t += 32
            elif step == 1:
                s0 = begin_some(results, y0 + t, n, c, b0)
                for _ in range(entries):
                    s0 = fma(splat(at(factors, p0)), some(rows, q, n), s0)
                    p0, q = p0 + a_j, q + x_j
                keep(results, y0 + t, n, s0)
                t += 8
            elif n >= 16:
                s0, s1 = begin(results, y0 + t, c, b0), begin(results, y1 + t, c, b1)
                s2, s3 = begin(results, y2 + t, c, b2), begin(results, y3 + t, c, b3)
                r0, r1 = begin(results, y0 + t + 8, c, b0), begin(results, y1 + t + 8, c, b1)
                r2, r3 = begin(results, y2 + t + 8, c, b2), begin(results, y3 + t + 8, c, b3)
                for _ in range(entries):
                    v, w = load(rows, q), load(rows, q + 8)
                    f0, f1 = splat(at(factors, p0)), splat(at(factors, p1))
                    f2, f3 = splat(at(factors, p2)), splat(at(factors, p3))
                    s0, s1, s2, s3 = fma(f0, v, s0), fma(f1, v, s1), fma(f2, v, s2), fma(f3, v, s3)
                    r0, r1, r2, r3 = fma(f0, w, r0), fma(f1, w, r1), fma(f2, w, r2), fma(f3, w, r3)
                    p0, p1, p2, p3, q = p0 + a_j, p1 + a_j, p2 + a_j, p3 + a_j, q + x_j
                store(results, y0 + t, s0)
                store(results, y1 + t, s1)
                store(results, y2 + t, s2)
                store(results, y3 + t, s3)
                store(results, y0 + t + 8, r0)
                store(results, y1 + t + 8, r1)
                store(results, y2 + t + 8, r2)
                store(results, y3 + t + 8, r3)
                t += 16
            else:
                s0, s1 = begin_some(results, y0 + t, n, c, b0), begin_some(results, y1 + t, n, c, b1)
                s2, s3 = begin_some(results, y2 + t, n, c, b2), begin_some(results, y3 + t, n, c, b3)
                for _ in range(entries):
                    v = some(rows, q, n)
                    s0, s1 = fma(splat(at(factors, p0)), v, s0), fma(splat(at(factors, p1)), v, s1)
                    s2, s3 = fma(splat(at(factors, p2)), v, s2), fma(splat(at(factors, p3)), v, s3)
                    p0, p1, p2, p3, q = p0 + a_j, p1 + a_j, p2 + a_j, p3 + a_j, q + x_j
                keep(results, y0 + t, n, s0)
                keep(results, y1 + t, n, s1)
                keep(results, y2 + t, n, s2)
                keep(results, y3 + t, n, s3)
                t += 8
        i += step


@part
def correlate(result: Any, one: Any, other: Any, count: int, entries: int, width: int, adds: bool) -> None:
    """results[w + i*w_i + j*w_j] = sum over t < width of left[y + i*y_i + t] * right[x + j*x_j + t].

    Args:
        result: (results, w, w_i, w_j).
        one: (left, y, y_i).
        other: (right, x, x_j).
        count: results i.
        entries: results j of each.
        width: numbers of a sum.
        adds: whether it is added to what the results hold.
    """
    apart()
    (results, w, w_i, w_j), (left, y, y_i), (right, x, x_j) = result, one, other
    whole = width - width % 8
    for i in range(0, count, 4):
        last = count - 1
        p0, p1, p2, p3 = (
            y + i * y_i,
            y + min(i + 1, last) * y_i,
            y + min(i + 2, last) * y_i,
            y + min(i + 3, last) * y_i,
        )
        for j in range(0, entries, 2):
            q0, q1 = x + j * x_j, x + min(j + 1, entries - 1) * x_j
            s0 = s1 = s2 = s3 = r0 = r1 = r2 = r3 = splat(0.0)
            for t in range(0, whole, 8):
                v, u = load(right, q0 + t), load(right, q1 + t)
                g0, g1, g2, g3 = (
                    load(left, p0 + t),
                    load(left, p1 + t),
                    load(left, p2 + t),
                    load(left, p3 + t),
                )
                s0, s1, s2, s3 = fma(g0, v, s0), fma(g1, v, s1), fma(g2, v, s2), fma(g3, v, s3)
                r0, r1, r2, r3 = fma(g0, u, r0), fma(g1, u, r1), fma(g2, u, r2), fma(g3, u, r3)
            if whole < width:
                n, t = width - whole, whole
                v, u = load_some(right, q0 + t, n), load_some(right, q1 + t, n)
                g0, g1 = load_some(left, p0 + t, n), load_some(left, p1 + t, n)
                g2, g3 = load_some(left, p2 + t, n), load_some(left, p3 + t, n)
                s0, s1, s2, s3 = fma(g0, v, s0), fma(g1, v, s1), fma(g2, v, s2), fma(g3, v, s3)
                r0, r1, r2, r3 = fma(g0, u, r0), fma(g1, u, r1), fma(g2, u, r2), fma(g3, u, r3)
            o = w + i * w_i + j * w_j
            write_totals(results, o, w_i, count - i, adds, totals(s0, s1, s2, s3))
            if j + 1 < entries:
                write_totals(results, o + w_j, w_i, count - i, adds, totals(r0, r1, r2, r3))


@part
def add_up(results: Any, c: int, c_i: int, rows: Any, y: int, y_i: int, count: int, width: int) -> None:
    """results[c + i*c_i] += sum over t < width of rows[y + i*y_i + t]; the width is whole eights."""
    apart()
    last = y + (count - 1) * y_i
    for i in range(0, count, 4):
        p0, step = y + i * y_i, min(4, count - i)
        p1, p2, p3 = min(p0 + y_i, last), min(p0 + 2 * y_i, last), min(p0 + 3 * y_i, last)
        s0 = s1 = s2 = s3 = splat(0.0)
        for t in range(0, width, 8):
            s0, s1 = s0 + load(rows, p0 + t), s1 + load(rows, p1 + t)
            s2, s3 = s2 + load(rows, p2 + t), s3 + load(rows, p3 + t)
        write_totals(results, c + i * c_i, c_i, step, True, totals(s0, s1, s2, s3))


@inside
def write_totals(results: Any, o: int, step: int, count: int, adds: bool, sums: Any) -> None:
    """Give up to four results their sums, or add these to them."""
    if step == 1:
        n = min(count, 4)
        store_some(results, o, sums + load_some(results, o, n) if adds else sums, n)
        return
    if count >= 4:
        put_four(results, o, step, sums, adds)
        return
    for k in range(count):
        put(results, o + k * step, lane(sums, k) + (at(results, o + k * step) if adds else 0.0))
