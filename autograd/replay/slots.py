"""`Slots`: the `.data` or the `.grad` of many Values as an array, read and written at once."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import is_
from typing import Any

from autograd.value import Value

MANY = 100  # Values from which on arrays and a compiled loop pay


class Slots:
    """Values of which a slot (the descriptor: `Value.data`, `Value.grad`) is read and written for all.

    Args:
        values: none of them twice.
    """

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = [*values]  # a list of its own, which keeps them alive
        self._objects: Any = None

    def _place(self, slot: Any) -> int:
        """Where the compiled loops find the slot; 0 where Python asks and sets it itself."""
        if len(self.values) < MANY or "numba" not in sys.modules:  # who imports it finds it worth the time
            return 0
        from autograd.replay.pointers import place_of

        place = place_of(slot)
        if place and self._objects is None:
            import numpy as np

            self._objects = np.fromiter(map(id, self.values), np.int64, len(self.values))
        return place

    def read(self, slot: Any) -> Any:
        """An array of their floats; None where a slot holds something else, or nothing."""
        import numpy as np

        place = self._place(slot)
        if not place:
            held = [*map(slot.__get__, self.values)]
            return np.array(held) if set(map(type, held)) <= {float} else None
        from autograd.replay.pointers import read_slots

        found = np.empty(len(self.values))
        return found if read_slots(self._objects, place, id(float), found) else None

    def writing(self, slot: Any, numbers: Any) -> Iterable[Any]:
        """Write an array of floats: who goes through what this returns does so, in calls of C alone."""
        place = self._place(slot)
        if not place:
            return map(slot.__set__, self.values, numbers.tolist())
        from autograd.replay.pointers import write_slots

        return map(write_slots, [self._objects], [place], [numbers])

    def write(self, slot: Any, numbers: Any) -> None:
        """Write an array of floats at once, in a call that no interrupt splits."""
        deque(self.writing(slot, numbers), maxlen=0)

    def holding(self, slot: Any, thing: Any) -> Any:
        """For each whether it holds this very object, as an array."""
        import numpy as np

        place, count = self._place(slot), len(self.values)
        if not place:
            return np.fromiter(map(is_, map(slot.__get__, self.values), repeat(thing)), bool, count)
        from autograd.replay.pointers import find_in_slots

        found = np.empty(count, bool)
        find_in_slots(self._objects, place, id(thing), found)
        return found
