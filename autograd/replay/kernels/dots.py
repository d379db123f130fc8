"""The kernels for dots, of single numbers and of samples side by side: matrix products where there are some.

A row of single numbers is a matrix product when one factor's runs belong to the results i and the other's to
the outer results u: `results[u, i] = weights[i] . inputs[u] + bias`. With samples side by side it is one when
a matrix of shared numbers stands before rows of lanes. What is neither goes one by one.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.operands import begin_of, entry_of, fetch, place, send
from autograd.replay.kernels.tiles import ITSELF, NOTHING, add_up, correlate, multiply
from autograd.replay.kernels.vectors import at, fma, load, part, put, splat, store, total
from autograd.replay.kernels.vectors import row as lanes_of
from autograd.replay.passes.codes import (
    ENTRIES,
    FRESH,
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

FOUR = (0.0,) * 4  # as many lanes

# -- single numbers ---------------------------------------------------------------------------------------


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


@part
def mixture_of(row: Any) -> int:
    """The operand whose entries j are rows of numbers that are multiplied by one number each; else 0."""
    if at(row, A + INDEXED) + at(row, B + INDEXED) != 0 or at(row, OUT_I) != 1 or at(row, ROWS) < 4:
        return 0
    for m in (A, B):
        overlap = at(row, ENTRIES) > 1 and at(row, m + J) < at(row, ROWS)  # then flows would be lost
        if at(row, m + I) == 1 and at(row, A + B - m + I) == 0 and not overlap:
            return m
    return 0


def forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """Each dot of single numbers."""
    rows, outer, entries, c = at(row, ROWS), at(row, OUTER), at(row, ENTRIES), at(row, C + START)
    y, y_u, y_i = at(row, OUT), at(row, OUT_U), at(row, OUT_I)
    weights = product_of(row)
    if weights != 0:
        w, x = weights, A + B - weights
        one, other = at(row, w + START), at(row, x + START)
        left, right = (values, one, at(row, w + I)), (values, other, at(row, x + U))
        correlate((values, y, y_i, y_u), left, right, rows, outer, entries, False)
    mixture = 0 if weights != 0 else mixture_of(row)
    for u in range(outer):
        if mixture != 0:
            (x, x_j), (f, f_j) = part_of(row, mixture, u), part_of(row, A + B - mixture, u)
            start = values, NOTHING, 0
            multiply((values, y + u * y_u, 1), (values, f, 0, f_j), (values, x, x_j), start, 1, entries, rows)
        for i in range(rows if c >= 0 or weights + mixture == 0 else 0):
            o = y + u * y_u + i * y_i
            if weights + mixture == 0:
                put(values, o, one_dot(row, index, values, u, i, rows, entries))
            if c >= 0:
                put(values, o, at(values, o) + at(values, place(row, C, u, i, 0, rows, 1, index)))


@part
def part_of(row: Any, operand: int, u: int) -> tuple[int, int]:
    """The address of the first entry of an operand of the results (u, ...), and the step between entries."""
    return at(row, operand + START) + u * at(row, operand + U), at(row, operand + J)


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
    if a_j == 1 and b_j == 1 and entries - whole >= 4:
        result += total(lanes_of(values, a + whole, FOUR) * lanes_of(values, b + whole, FOUR))
        whole += 4
    for j in range(whole, entries):
        result += at(values, a + j * a_j) * at(values, b + j * b_j)
    return result


def backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """What flows from dots of single numbers."""
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
            result, factor, itself = (gradients, x, x_u), (gradients, y, y_u, y_i), (gradients, ITSELF, 0)
            multiply(result, factor, (values, w, w_i), itself, outer, rows, entries)
        if at(row, m + WANTED) != 0:
            result, factor, itself = (gradients, w, w_i), (gradients, y, y_i, y_u), (gradients, ITSELF, 0)
            multiply(result, factor, (values, x, x_u), itself, rows, outer, entries)
        return
    mixture = mixture_of(row)
    for u in range(outer):
        if mixture != 0:
            (x, x_j), (f, f_j) = part_of(row, mixture, u), part_of(row, A + B - mixture, u)
            flows, itself = (gradients, y + u * y_u, 0), (gradients, ITSELF, 0)
            if at(row, mixture + WANTED) != 0:
                multiply((gradients, x, x_j), (values, f, f_j, 0), flows, itself, entries, 1, rows)
            if at(row, A + B - mixture + WANTED) != 0:
                correlate((gradients, f, f_j, 0), (values, x, x_j), flows, entries, 1, rows, True)
            continue
        for i in range(rows):
            g = at(gradients, y + u * y_u + i * y_i)
            send_one(row, index, values, gradients, u, i, rows, entries, g)


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
    if y_j == 1 and x_j == 1 and count - whole >= 4:
        flow = fma(factor, lanes_of(values, x + whole, FOUR), lanes_of(gradients, y + whole, FOUR))
        store(gradients, y + whole, flow)
        whole += 4
    for j in range(whole, count):
        o = y + j * y_j
        put(gradients, o, at(gradients, o) + factor * at(values, x + j * x_j))


# -- samples side by side ---------------------------------------------------------------------------------


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


def wide_forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """Each dot of samples side by side."""
    rows, entries = at(row, ROWS), at(row, ENTRIES)
    c = at(row, C + START)
    fast = tiled(row, edge)
    for u in range(at(row, OUTER)):
        y = at(row, OUT) + u * at(row, OUT_U)
        if fast:
            a = place(row, A, u, 0, 0, rows, entries, index)
            b = place(row, B, u, 0, 0, rows, entries, index)
            result, factor = (values, y, at(row, OUT_I)), (values, a, at(row, A + I), at(row, A + J))
            start = values, c + u * at(row, C + U) if c >= 0 else NOTHING, at(row, C + I)
            multiply(result, factor, (values, b, at(row, B + J)), start, rows, entries, lanes)
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


def wide_backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """What flows from dots of samples side by side."""
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
            flows, numbers = (gradients, y, step), (values, b, b_j)
            if second != 0:
                start = gradients, NOTHING if second == FRESH else ITSELF, 0
                multiply((gradients, b, b_j), (values, a, a_j, a_i), flows, start, entries, rows, lanes)
            if first != 0 and rows > 1:
                correlate((gradients, a, a_i, a_j), flows, numbers, rows, entries, lanes, True)
            elif first != 0:  # tiles are high, not wide
                correlate((gradients, a, a_j, a_i), numbers, flows, entries, rows, lanes, True)
        if fast and c >= 0 and third != 0:
            add_up(gradients, c + u * at(row, C + U), at(row, C + I), gradients, y, step, rows, lanes)
        elif c >= 0 and third != 0:
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
