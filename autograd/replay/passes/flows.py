"""Where gradients of samples begin: to a row that nothing has flowed to, the flow is stored, not added."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.replay.passes import codes
from autograd.replay.passes.codes import BLOCK, A, B, C


def begin_rows(rows: Any, targets: Any, count: int, edge: int, root: int) -> Any:
    """Mark operands whose rows nothing has flowed to before; returns the other rows, to be cleared.

    Args:
        rows: the tape's rows; the marks go into their operands' WANTED.
        targets: for each row pairs (block, places of its operands); nothing for rows of single numbers.
        count: rows of memory.
        edge: the first of them that belongs to samples.
        root: the row of the result, or -1.

    Returns:
        Pairs (first row, one past the last).
    """
    touched, cleared = np.zeros(count, bool), np.zeros(count, bool)
    if root >= 0:
        cleared[root] = True
    for row, slots in reversed(list(zip(rows, targets))):
        if not row[codes.LANES]:
            continue
        out = row[codes.OUT] + np.arange(row[codes.ROWS] * row[codes.OUTER])
        cleared[out[~touched[out]]] = True
        touched[out] = True
        for block, everywhere in reversed(slots):
            places = everywhere[everywhere >= edge]
            if not row[block + codes.WANTED] or not len(places):
                continue
            distinct = np.unique(places)
            tiles = (
                block == B and _tiled(row, edge) and len(distinct) == row[codes.ENTRIES] * row[codes.OUTER]
            )
            alone = len(distinct) == len(places) or tiles
            others = [p for other, p in slots if other != block and row[other + codes.WANTED]]
            alone = alone and not any(np.isin(p, distinct).any() for p in others)
            # a pick sends to one of its operands only, so it cannot begin them all
            if alone and row[codes.CODE] != codes.PICK and not touched[distinct].any():
                row[block + codes.WANTED] = codes.FRESH
            else:
                cleared[distinct[~touched[distinct]]] = True
            touched[distinct] = True
    return _spans(np.flatnonzero(cleared[edge:]) + edge)


def _tiled(row: Any, edge: int) -> bool:
    """Whether the register tiles take a dot: what `lane_dots.tiled` asks."""
    a, b, c = row[A : A + BLOCK], row[B : B + BLOCK], row[C : C + BLOCK]
    return bool(
        row[codes.CODE] == codes.DOT
        and a[codes.INDEXED] + b[codes.INDEXED] == 0
        and b[codes.I] == 0
        and (b[codes.J] != 0 or row[codes.ENTRIES] == 1)
        and a[codes.START] < edge <= b[codes.START]
        and (c[codes.START] < 0 or (not c[codes.INDEXED] and c[codes.START] < edge))
    )


def _spans(rows: Any) -> Any:
    """Sorted rows as pairs (first, one past the last) of what is consecutive."""
    if not len(rows):
        return np.zeros(0, np.int64)
    breaks = np.flatnonzero(np.diff(rows) > 1)
    return np.stack([rows[np.r_[0, breaks + 1]], rows[np.r_[breaks, len(rows) - 1]] + 1], 1).ravel()
