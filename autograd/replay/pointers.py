"""Compiled loops over the pointers in many objects: lists compared by what they hold, slots read and written.

`==` proves nothing (0.0 == -0.0, 1.0 == True), and asking `is` in Python takes 25 ns an object, a slot for
its float 35, setting it 50. CPython's list holds its length and the address of its pointers at fixed places,
an object its slots and a float its number; whether they are there is seen once, on objects that are known,
and where they are not Python does it itself. The loops hold the interpreter's lock, and what they write are
new floats: who had an old one keeps it, and neither a thread nor an interrupt sees half of it done.
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
from autograd.value import Value

TYPE = 1  # where an object has its type, in words of eight bytes
SIZE, PLACES = 2, 3  # where a list has its length, and the address of its pointers
NUMBER = 2  # where a float has its number
WORD = ir.IntType(64)


# -- lists --------------------------------------------------------------------------------------------------


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


# -- slots --------------------------------------------------------------------------------------------------


@intrinsic
def number_in(typing: Any, thing: Any) -> Any:
    """The number of the float at an address."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        first = builder.inttoptr(args[0], ir.DoubleType().as_pointer())
        return builder.load(builder.gep(first, [ir.Constant(WORD, NUMBER)]), align=8)

    return types.float64(types.int64), generate


@intrinsic
def new_float(typing: Any, x: Any) -> Any:
    """The address of a new float, which the caller owns; 0 where memory is full."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        made = context.get_python_api(builder).float_from_double(args[0])
        return builder.ptrtoint(made, WORD)

    return types.int64(types.float64), generate


@intrinsic
def put(typing: Any, address: Any, place: Any, thing: Any) -> Any:
    """Hand an owned object over to a slot, which lets go of the one it had; without one nothing happens."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        api = context.get_python_api(builder)
        slot = builder.gep(builder.inttoptr(args[0], api.pyobj.as_pointer()), [args[1]])
        new, old = builder.inttoptr(args[2], api.pyobj), builder.load(slot)
        missing = builder.icmp_unsigned("==", args[2], ir.Constant(WORD, 0))
        builder.store(builder.select(missing, old, new), slot)
        api.decref(builder.select(missing, new, old))
        return context.get_dummy_value()

    return types.none(types.int64, types.intp, types.int64), generate


def _read_slots(objects: Any, place: int, kind: int, found: Any) -> bool:
    """The floats in the slots at a place; False where one holds something of another type, or nothing."""
    for i in range(len(objects)):
        held = word(objects[i], place)
        if held == 0 or word(held, TYPE) != kind:
            return False
        found[i] = number_in(held)
    return True


def _write_slots(objects: Any, place: int, numbers: Any) -> None:
    """A new float into each slot."""
    for i in range(len(objects)):
        put(objects[i], place, new_float(numbers[i]))


def _find_in_slots(objects: Any, place: int, thing: int, found: Any) -> None:
    """For each slot whether it holds this very object."""
    for i in range(len(objects)):
        found[i] = word(objects[i], place) == thing


read_slots, write_slots = cached(_read_slots), cached(_write_slots)
find_in_slots = cached(_find_in_slots)


@cache
def place_of(slot: Any) -> int:
    """Where Values have a slot, in words; 0 where this Python does not keep it as the loops have it."""
    if not layout_is_known() or float.__basicsize__ != 8 * NUMBER + 8:
        return 0
    values, mark = [Value(0.0) for _ in range(3)], object()
    objects, numbers, there = np.array([*map(id, values)]), np.empty(3), np.empty(3, bool)
    slot.__set__(values[1], mark)
    counted, places = sys.getrefcount(mark), []
    for place in range(SIZE, Value.__basicsize__ // 8):
        find_in_slots(objects, place, id(mark), there)
        places += [place] if there.tolist() == [False, True, False] else []
    if len(places) != 1:
        return 0
    (place,) = places
    answers: list[Any] = [read_slots(objects, place, id(float), numbers)]
    write_slots(objects, place, np.array([0.5, -0.0, 1e300]))
    answers += [[*map(repr, map(slot.__get__, values))], read_slots(objects, place, id(float), numbers)]
    answers += [numbers.tolist(), counted - sys.getrefcount(mark)]
    return place if answers == [False, ["0.5", "-0.0", "1e+300"], True, [0.5, -0.0, 1e300], 1] else 0
