"""The kernels for samples side by side: every result is a row of lanes, one lane per sample.

Addresses below `edge` hold one number for all samples (parameters, constants and what depends on them
alone); from `edge` on they are rows of `lanes` numbers, a multiple of eight.
"""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.operands import fetch, place, send
from autograd.replay.kernels.vector_functions import exponential, logarithm
from autograd.replay.kernels.vectors import (
    apart,
    at,
    if_equal,
    if_greater,
    load,
    part,
    put,
    splat,
    store,
)
from autograd.replay.passes.codes import (
    CODE,
    ENTRIES,
    LOGSUMEXP,
    OUT,
    OUT_I,
    OUT_U,
    OUTER,
    PICK,
    ROWS,
    START,
    SUM,
    WANTED,
    A,
    B,
    C,
)


@part
def list_forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """sum, logsumexp and pick."""
    apart()
    code, rows, entries = at(row, CODE), at(row, ROWS), at(row, ENTRIES)
    for u in range(at(row, OUTER)):
        for i in range(rows):
            y = at(row, OUT) + u * at(row, OUT_U) + i * at(row, OUT_I)
            if code == PICK:
                chooser = place(row, B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = int(at(values, chooser + t if chooser >= edge else chooser))
                    a = place(row, A, u, i, j, rows, entries, index)
                    put(values, y + t, at(values, a + t if a >= edge else a))
                continue
            for t in range(0, lanes, 8):
                s = splat(0.0)
                if code == SUM:
                    if at(row, C + START) >= 0:
                        s = fetch(values, place(row, C, u, i, 0, rows, 1, index), t, edge)
                    for j in range(entries):
                        s = s + fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge)
                else:
                    top = fetch(values, place(row, A, u, i, 0, rows, entries, index), t, edge)
                    for j in range(1, entries):
                        x = fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge)
                        top = if_greater(x, top, x, top)
                    for j in range(entries):
                        x = fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge)
                        s = s + exponential(if_equal(x, top, splat(0.0), x - top))  # inf - inf is 0 here
                    s = top + logarithm(s)
                store(values, y + t, s)


@part
def list_backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    code, rows, entries = at(row, CODE), at(row, ROWS), at(row, ENTRIES)
    for u in range(at(row, OUTER)):
        for i in range(rows):
            y = at(row, OUT) + u * at(row, OUT_U) + i * at(row, OUT_I)
            if code == PICK:
                chooser = place(row, B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = int(at(values, chooser + t if chooser >= edge else chooser))
                    a = place(row, A, u, i, j, rows, entries, index)
                    o = a + t if a >= edge else a
                    put(gradients, o, at(gradients, o) + at(gradients, y + t))
                continue
            for j in range(entries):
                a = place(row, A, u, i, j, rows, entries, index)
                for t in range(0, lanes, 8):
                    g = load(gradients, y + t)
                    if code == LOGSUMEXP:
                        x = fetch(values, a, t, edge)
                        g = g * exponential(x - load(values, y + t))
                    send(gradients, a, t, edge, at(row, A + WANTED), g)
            if at(row, C + START) >= 0 and at(row, C + WANTED) != 0:
                o = place(row, C, u, i, 0, rows, 1, index)
                for t in range(0, lanes, 8):
                    send(gradients, o, t, edge, at(row, C + WANTED), load(gradients, y + t))
