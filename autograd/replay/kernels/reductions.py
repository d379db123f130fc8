"""The kernels for sums, logsumexps and picks; of single numbers, eight exponentials at a time."""

from __future__ import annotations

from typing import Any

from autograd.replay.kernels.operands import begin_of, entry_of, fetch, place, send
from autograd.replay.kernels.parts import first, highest, keep, lane, load_or, some, strided, with_lane
from autograd.replay.kernels.vector_functions import exponential, log_of_one_plus
from autograd.replay.kernels.vectors import (
    at,
    if_equal,
    if_greater,
    load,
    magnitude,
    part,
    put,
    splat,
    store,
    total,
)
from autograd.replay.passes.codes import (
    CODE,
    ENTRIES,
    INDEXED,
    LISTED,
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
    J,
)

FAR = 512.0  # beyond, a logsumexp is rounded by more than its shares: they are divided by their sum


@part
def entry_at(number: float, entries: int) -> int:
    """Which entry a number names; the nearest where there is none: a guard tells after the pass."""
    return int(min(number, entries - 1.0)) if number > 0.0 else 0


@part
def chosen(row: Any, index: Any, values: Any, u: int, i: int, rows: int, entries: int) -> int:
    """The address of what a pick picks."""
    j = entry_at(at(values, place(row, B, u, i, 0, rows, 1, index)), entries)
    return entry_of(row, A, index, u, i, j, rows, entries)  # type: ignore[no-any-return]  # Numba's integer


def forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """sum, logsumexp and pick."""
    code, rows, entries = at(row, CODE), at(row, ROWS), at(row, ENTRIES)
    if code == LOGSUMEXP:
        log_sums(row, index, values)
        return
    for u in range(at(row, OUTER)):
        for i in range(rows):
            y = at(row, OUT) + u * at(row, OUT_U) + i * at(row, OUT_I)
            if code == PICK:
                put(values, y, at(values, chosen(row, index, values, u, i, rows, entries)))
            else:
                s = 0.0
                for j in range(entries):
                    s += at(values, entry_of(row, A, index, u, i, j, rows, entries))
                put(values, y, s)


@part
def log_sums(row: Any, index: Any, values: Any) -> None:
    """All logsumexps of a row, the logarithms of eight at once."""
    rows, entries, step = at(row, ROWS), at(row, ENTRIES), at(row, A + J)
    listed = at(row, A + INDEXED) == LISTED
    for u in range(at(row, OUTER)):
        for i in range(0, rows, 8):
            tops, rests, count = splat(0.0), splat(0.0), min(rows - i, 8)
            for k in range(count):
                if listed:
                    top, rest = sum_listed(row, index, values, u, i + k, rows, entries)
                else:
                    top, rest = sum_of(values, begin_of(row, A, index, u, i + k, rows), step, entries)
                top -= lessened(row, index, values, u, i + k, rows)
                tops, rests = with_lane(tops, k, top), with_lane(rests, k, rest)
            logs = tops + log_of_one_plus(rests)
            for k in range(count):
                put(values, at(row, OUT) + u * at(row, OUT_U) + (i + k) * at(row, OUT_I), lane(logs, k))


@part
def lessened(row: Any, index: Any, values: Any, u: int, i: int, rows: int) -> float:
    """What a logsumexp is lessened by, where the row has such an operand."""
    if at(row, C + START) < 0:
        return 0.0
    return at(values, place(row, C, u, i, 0, rows, 1, index))  # type: ignore[no-any-return]  # as above


@part
def eight(values: Any, begin: int, step: int, j: int, count: int) -> Any:
    """Entries j to j + 8; past the end one of them again."""
    if step != 1:
        return strided(values, begin + j * step, step, min(count - j, 8))
    if j + 8 <= count:
        return load(values, begin + j)
    return load_or(values, begin + j, count - j, splat(at(values, begin + j)))


@part
def below(x: Any, top: Any) -> Any:
    """exp(x - top), 0 where x is the highest: `atop` counts these, so that a small rest keeps its digits."""
    return if_equal(x, top, splat(0.0), exponential(x - top))


@part
def atop(x: Any, top: Any) -> Any:
    """1 where x is the highest; also where both are infinite."""
    return if_equal(x, top, splat(1.0), splat(0.0))


@part
def sum_of(values: Any, begin: int, step: int, count: int) -> tuple[float, float]:
    """The largest of `count` numbers `step` apart, and the powers of the others together over its own."""
    best = start = eight(values, begin, step, 0, count)
    for j in range(8, count, 8):
        x = eight(values, begin, step, j, count)
        best = if_greater(x, best, x, best)
    top = highest(best)
    rest, tops = first(below(start, splat(top)), count), first(atop(start, splat(top)), count)
    for j in range(8, count, 8):
        x = eight(values, begin, step, j, count)
        rest = rest + first(below(x, splat(top)), count - j)
        tops = tops + first(atop(x, splat(top)), count - j)
    return top, total(rest) + (total(tops) - 1.0)


@part
def sum_listed(
    row: Any, index: Any, values: Any, u: int, i: int, rows: int, entries: int
) -> tuple[float, float]:
    """The same of numbers that lie anywhere."""
    top = at(values, entry_of(row, A, index, u, i, 0, rows, entries))
    for j in range(1, entries):
        x = at(values, entry_of(row, A, index, u, i, j, rows, entries))
        top = max(top, x)
    rest = tops = 0.0
    for j in range(entries):
        x = at(values, entry_of(row, A, index, u, i, j, rows, entries))
        rest += lane(below(splat(x), splat(top)), 0)
        tops += x == top
    return top, rest + (tops - 1.0)


def backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """What flows to their entries."""
    code, rows, entries = at(row, CODE), at(row, ROWS), at(row, ENTRIES)
    listed, step, to_a = at(row, A + INDEXED) == LISTED, at(row, A + J), at(row, A + WANTED)
    to_c = at(row, C + START) >= 0 and at(row, C + WANTED) != 0
    if to_a == 0 and not to_c:
        return
    for u in range(at(row, OUTER)):
        for i in range(rows):
            y = at(row, OUT) + u * at(row, OUT_U) + i * at(row, OUT_I)
            g, result = at(gradients, y), at(values, y)
            lessening = g
            if code == LOGSUMEXP:
                result += lessened(row, index, values, u, i, rows)
            if code == LOGSUMEXP and abs(result) > FAR:
                whole = 0.0
                for j in range(entries):
                    x = at(values, entry_of(row, A, index, u, i, j, rows, entries))
                    whole += lane(exponential(splat(x - result)), 0)
                g = g / whole
            if code == PICK:
                a = chosen(row, index, values, u, i, rows, entries)
                put(gradients, a, at(gradients, a) + g)
            elif code == LOGSUMEXP and not listed:
                begin = begin_of(row, A, index, u, i, rows)
                send_shares(values, gradients, begin, step, entries, g, result)
            elif to_a != 0:
                for j in range(entries):
                    a = entry_of(row, A, index, u, i, j, rows, entries)
                    flow = g
                    if code == LOGSUMEXP:
                        flow = g * lane(exponential(splat(at(values, a) - result)), 0)
                    put(gradients, a, at(gradients, a) + flow)
            if to_c:
                o = place(row, C, u, i, 0, rows, 1, index)
                put(gradients, o, at(gradients, o) - lessening)


@part
def send_shares(
    values: Any, gradients: Any, begin: int, step: int, count: int, g: float, result: float
) -> None:
    """The flow to the entries of a logsumexp: each its share of g."""
    for j in range(0, count, 8):
        flow = splat(g) * exponential(eight(values, begin, step, j, count) - splat(result))
        if step == 1:
            keep(gradients, begin + j, count - j, some(gradients, begin + j, count - j) + flow)
        else:
            for k in range(min(count - j, 8)):
                o = begin + (j + k) * step
                put(gradients, o, at(gradients, o) + lane(flow, k))


# -- samples side by side ---------------------------------------------------------------------------------


def wide_forward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """sum, logsumexp and pick."""
    code, rows, entries = at(row, CODE), at(row, ROWS), at(row, ENTRIES)
    for u in range(at(row, OUTER)):
        for i in range(rows):
            y = at(row, OUT) + u * at(row, OUT_U) + i * at(row, OUT_I)
            if code == PICK:
                chooser = place(row, B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = entry_at(at(values, chooser + t if chooser >= edge else chooser), entries)
                    a = place(row, A, u, i, j, rows, entries, index)
                    put(values, y + t, at(values, a + t if a >= edge else a))
                continue
            for t in range(0, lanes, 8):
                s = splat(0.0)
                if code == SUM:
                    for j in range(entries):
                        s = s + fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge)
                else:
                    top = fetch(values, place(row, A, u, i, 0, rows, entries, index), t, edge)
                    for j in range(1, entries):
                        x = fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge)
                        top = if_greater(x, top, x, top)
                    tops = splat(0.0)
                    for j in range(entries):
                        x = fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge)
                        s, tops = s + below(x, top), tops + atop(x, top)
                    if at(row, C + START) >= 0:
                        top = top - fetch(values, place(row, C, u, i, 0, rows, 1, index), t, edge)
                    s = top + log_of_one_plus(s + (tops - 1.0))
                store(values, y + t, s)


def wide_backward(row: Any, index: Any, values: Any, gradients: Any, edge: int, lanes: int) -> None:
    """What flows to their entries."""
    code, rows, entries = at(row, CODE), at(row, ROWS), at(row, ENTRIES)
    for u in range(at(row, OUTER)):
        for i in range(rows):
            y = at(row, OUT) + u * at(row, OUT_U) + i * at(row, OUT_I)
            if code == PICK:
                chooser = place(row, B, u, i, 0, rows, 1, index)
                for t in range(lanes):
                    j = entry_at(at(values, chooser + t if chooser >= edge else chooser), entries)
                    a = place(row, A, u, i, j, rows, entries, index)
                    o = a + t if a >= edge else a
                    put(gradients, o, at(gradients, o) + at(gradients, y + t))
                continue
            for t in range(0, lanes, 8):
                g, result = load(gradients, y + t), load(values, y + t)
                if code == LOGSUMEXP and at(row, C + START) >= 0:
                    result = result + fetch(values, place(row, C, u, i, 0, rows, 1, index), t, edge)
                if code == LOGSUMEXP and highest(magnitude(result)) > FAR:
                    whole = splat(0.0)
                    for j in range(entries):
                        x = fetch(values, place(row, A, u, i, j, rows, entries, index), t, edge)
                        whole = whole + exponential(x - result)
                    g = g / whole
                for j in range(entries):
                    a = place(row, A, u, i, j, rows, entries, index)
                    flow = g
                    if code == LOGSUMEXP:
                        flow = g * exponential(fetch(values, a, t, edge) - result)
                    send(gradients, a, t, edge, at(row, A + WANTED), flow)
            if at(row, C + START) >= 0 and at(row, C + WANTED) != 0:
                o = place(row, C, u, i, 0, rows, 1, index)
                for t in range(0, lanes, 8):
                    flow = splat(-1.0) * load(gradients, y + t)
                    send(gradients, o, t, edge, at(row, C + WANTED), flow)
