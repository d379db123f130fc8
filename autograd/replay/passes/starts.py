"""Lists of single numbers, shortened: entries that step evenly need only where each result's begin."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.replay.passes import codes
from autograd.replay.passes.codes import INDEXED, LISTED, ROWS, START, STARTS, A, B, J

CODES = (codes.DOT, codes.SUM, codes.LOGSUMEXP)


def with_starts(rows: Any, index: Any) -> Any:
    """The index with starts added where lists of rows step evenly; these rows are changed to point to them.

    Args:
        rows: rows as the kernels get them; those of samples side by side stay as they are.
        index: what their lists stand in.
    """
    added: list[Any] = []
    end = len(index)
    for row in rows:
        if row[codes.LANES] or row[codes.CODE] not in CODES:
            continue
        results, entries = int(row[ROWS] * row[codes.OUTER]), int(row[codes.ENTRIES])
        for block in (A, B):
            if row[block + INDEXED] != LISTED:
                continue
            begin = int(row[block + START])
            places = index[begin : begin + results * entries].reshape(results, entries)
            step = int(places[0, 1] - places[0, 0]) if entries > 1 else 0
            if (places == places[:, :1] + step * np.arange(entries)).all():
                row[block + INDEXED], row[block + J], row[block + START] = STARTS, step, end
                added.append(places[:, 0])
                end += results
    return np.concatenate([index, *added]).astype(index.dtype)
