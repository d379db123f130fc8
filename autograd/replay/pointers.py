"""Lists compared by the pointers to what they hold, in one compiled loop: the same objects, nothing less.

`==` proves nothing (0.0 == -0.0, 1.0 == True), and asking `is` in Python takes 25 ns an object. CPython's
list holds its length and the address of its pointers at fixed places; whether they are there is seen once, on
lists whose objects are known, and where they are not Python compares as before.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from autograd.replay.jit import cached

SIZE, PLACES = 2, 3  # where a list has its length, and the address of its pointers, in words of eight bytes
WORD = ir.IntType(64)


@intrinsic
def word(typing: Any, address: Any, i: Any) -> Any:
    """The i-th eight bytes from an address on, as an integer."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        first = builder.inttoptr(args[0], WORD.as_pointer())
        return builder.load(builder.gep(first, [args[1]]), align=8)

    return types.int64(types.int64, types.intp), generate


def _first_changed(lists: Any, ends: Any, items: int, start: int) -> int:
    """The first list from `start` on that does not hold what stands at `items`; their number if none."""
    for k in range(start, len(lists)):
        begin = ends[k - 1] if k > 0 else 0
        count = ends[k] - begin
        if word(lists[k], SIZE) != count:
            return k
        now, then, differing = word(lists[k], PLACES), items + 8 * begin, 0
        for i in range(count):
            differing |= word(now, i) ^ word(then, i)
        if differing != 0:
            return k
    return len(lists)


first_changed = cached(_first_changed)


class Pointers:
    """The objects that lists held, to be compared with what they hold later.

    The lists, and the objects that they held, must be kept alive by whoever asks.

    Args:
        lists: the very lists, no subclass of `list` among them.
        held: what each of them held.
    """

    def __init__(self, lists: Sequence[list[Any]], held: Sequence[Sequence[Any]]) -> None:
        self._lists = np.fromiter(map(id, lists), np.int64, len(lists))
        self._ends = np.cumsum(np.fromiter(map(len, held), np.int64, len(held)))
        count = int(self._ends[-1]) if len(held) else 0
        self._items = np.fromiter(map(id, chain.from_iterable(held)), np.int64, count)
        self._address = self._items.ctypes.data

    def first_changed(self, start: int = 0) -> int:
        """The first list from `start` on that holds other objects; the number of lists where none does."""
        return first_changed(self._lists, self._ends, self._address, start)

    def replace(self, k: int, held: Sequence[Any]) -> None:
        """List k holds as many objects as before, and these are what it is compared with from now on."""
        end = int(self._ends[k])
        self._items[end - len(held) : end] = [id(x) for x in held]


@cache
def layout_is_known() -> bool:
    """Whether this Python keeps lists as the loop reads them."""
    one_thread = getattr(sys, "_is_gil_enabled", lambda: True)()
    if sys.implementation.name != "cpython" or not one_thread or sys.maxsize < 2**32:
        return False
    if (object.__basicsize__, list.__basicsize__) != (8 * SIZE, 8 * PLACES + 16):
        return False
    lists: list[list[Any]] = [[], [1.0, "a", None], [object() for _ in range(100)]]
    known = Pointers(lists, held := [x.copy() for x in lists])
    found = [known.first_changed()]
    lists[2][99] = object()
    found.append(known.first_changed())
    lists[1].append(held)
    return [*found, known.first_changed()] == [3, 2, 1]
