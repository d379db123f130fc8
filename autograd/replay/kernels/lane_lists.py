"""The kernels for sums, logsumexps and picks of samples side by side."""

from __future__ import annotations

from typing import Any

from numba import njit

from autograd.replay.kernels.functions import exponential, logarithm
from autograd.replay.kernels.lane_kernels import fetch, place, send
from autograd.replay.kernels.vectors import (
    apart,
    at,
    if_equal,
    if_greater,
    load,
    put,
    splat,
    store,
)
from autograd.replay.passes.codes import (
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


@njit
def list_forward(tape: Any, r: int, index: Any, values: Any, edge: int, lanes: int) -> None:
    """sum, logsumexp and pick."""
    apart()
    code, rows, entries = at(tape, r), at(tape, r + ROWS), at(tape, r + ENTRIES)
    for u in range(at(tape, r + OUTER)):
        for i in range(rows):
            y = at(tape, r + OUT) + u * at(tape, r + OUT_U) + i * at(tape, r + OUT_I)
            if code == PICK:
                chooser = place(tape, r + B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = int(at(values, chooser + t if chooser >= edge else chooser))
                    a = place(tape, r + A, u, i, j, rows, entries, index)
                    put(values, y + t, at(values, a + t if a >= edge else a))
                continue
            for t in range(0, lanes, 8):
                s = splat(0.0)
                if code == SUM:
                    if at(tape, r + C + START) >= 0:
                        s = fetch(values, place(tape, r + C, u, i, 0, rows, 1, index), t, edge)
                    for j in range(entries):
                        s = s + fetch(values, place(tape, r + A, u, i, j, rows, entries, index), t, edge)
                else:
                    top = fetch(values, place(tape, r + A, u, i, 0, rows, entries, index), t, edge)
                    for j in range(1, entries):
                        x = fetch(values, place(tape, r + A, u, i, j, rows, entries, index), t, edge)
                        top = if_greater(x, top, x, top)
                    for j in range(entries):
                        x = fetch(values, place(tape, r + A, u, i, j, rows, entries, index), t, edge)
                        s = s + exponential(if_equal(x, top, splat(0.0), x - top))  # inf - inf is 0 here
                    s = top + logarithm(s)
                store(values, y + t, s)


@njit
def list_backward(tape: Any, r: int, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    apart()
    code, rows, entries = at(tape, r), at(tape, r + ROWS), at(tape, r + ENTRIES)
    for u in range(at(tape, r + OUTER)):
        for i in range(rows):
            y = at(tape, r + OUT) + u * at(tape, r + OUT_U) + i * at(tape, r + OUT_I)
            if code == PICK:
                chooser = place(tape, r + B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = int(at(values, chooser + t if chooser >= edge else chooser))
                    a = place(tape, r + A, u, i, j, rows, entries, index)
                    o = a + t if a >= edge else a
                    put(gradients, o, at(gradients, o) + at(gradients, y + t))
                continue
            for j in range(entries):
                a = place(tape, r + A, u, i, j, rows, entries, index)
                for t in range(0, lanes, 8):
                    g = load(gradients, y + t)
                    if code == LOGSUMEXP:
                        x = fetch(values, a, t, edge)
                        g = g * exponential(x - load(values, y + t))
                    send(gradients, a, t, edge, at(tape, r + A + WANTED), g)
            if at(tape, r + C + START) >= 0 and at(tape, r + C + WANTED) != 0:
                o = place(tape, r + C, u, i, 0, rows, 1, index)
                for t in range(0, lanes, 8):
                    send(gradients, o, t, edge, at(tape, r + C + WANTED), load(gradients, y + t))
