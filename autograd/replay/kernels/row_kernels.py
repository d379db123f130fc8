"""Which kernels do a row of a tape: one forward, one backward, called by their addresses.

All of them have one signature: the row, the lists of places, values, gradients, where the rows of samples
begin and how many samples lie side by side. Each is compiled when a program first holds such a row.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from autograd.replay.jit import addresses_of
from autograd.replay.kernels import dots, elementwise_rows, reductions, runs
from autograd.replay.ops import CODES, COMMON
from autograd.replay.passes.codes import (
    BACKWARD,
    CODE,
    DOT,
    FORWARD,
    LANES,
    LISTS,
    RUNS,
    STRIDE,
    WANTED,
    A,
    B,
    C,
)

SIGNATURE = types.void(
    types.CPointer(types.int64),
    types.CPointer(types.int32),
    *[types.CPointer(types.float64)] * 2,
    *[types.int64] * 2,
)
OPTIONS = {"_nrt": False, "nopython": True}


def kernels_for(code: int, wide: bool) -> tuple[Any, Any]:
    """The functions that do a row of this code forward and backward; `wide`: of samples side by side."""
    if code == RUNS:
        return runs.forward, runs.backward
    if code < LISTS:
        return elementwise_rows.COMMON if code in COMMON else elementwise_rows.ANY
    room: Any = dots if code == DOT else reductions
    return (room.wide_forward, room.wide_backward) if wide else (room.forward, room.backward)


def all_addresses() -> dict[Any, int]:
    """The addresses of all kernels, compiled or loaded."""
    codes = [(code, wide) for code in (*CODES.values(), RUNS) for wide in (False, True)]
    return addresses_of([f for pair in codes for f in kernels_for(*pair)], SIGNATURE, OPTIONS)


def link(tape: Any) -> None:
    """Write down in each row the addresses of its kernels: 0 for a backward through which nothing flows."""
    rows = tape.reshape(-1, STRIDE)
    flows = (rows[:, [block + WANTED for block in (A, B, C)]] != 0).any(1) | (rows[:, CODE] == RUNS)
    kinds, which = np.unique(rows[:, [CODE, LANES]], axis=0, return_inverse=True)
    which = which.ravel()
    pairs = [kernels_for(int(code), bool(wide)) for code, wide in kinds]
    needed = [pair[0] for pair in pairs]
    needed += [pair[1] for k, pair in enumerate(pairs) if flows[which == k].any()]
    found = addresses_of([*dict.fromkeys(needed)], SIGNATURE, OPTIONS)
    for k, (forward, backward) in enumerate(pairs):
        rows[which == k, FORWARD] = found[forward]
        rows[(which == k) & flows, BACKWARD] = found.get(backward, 0)
