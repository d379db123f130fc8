"""The compiled loops that flatten a large graph: which address lies where, and a walk without objects."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.replay.capture import journal
from autograd.replay.jit import compiled

GOLDEN = -7046029254386353131  # 2**64 over the golden ratio, as a signed number: neighbours end up far apart

depth_first = compiled(journal.depth_first)


@compiled
def find(known: Any, wanted: Any) -> Any:
    """For each wanted address its place among the known ones, or -1: a hash table with linear probing."""
    size = 16
    while size < 2 * len(known):
        size *= 2
    table = np.full(size, -1, np.int32)
    for i in range(len(known)):
        slot = (known[i] * GOLDEN >> 20) & (size - 1)
        while table[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        table[slot] = i
    places = np.empty(len(wanted), np.int32)
    for i in range(len(wanted)):
        slot = (wanted[i] * GOLDEN >> 20) & (size - 1)
        while table[slot] >= 0 and known[table[slot]] != wanted[i]:
            slot = (slot + 1) & (size - 1)
        places[i] = table[slot]
    return places
