"""`Along`: what a function with `has_aux` returned beside its losses; `Outcome`: all that samples gave.

A kernel leaves it as rows of numbers. They become lists once somebody asks; metrics take them as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from operator import add
from typing import Any

from autograd.replay.capture.variant import Variant
from autograd.value import Value


class Along:
    """What came along with each of so many samples, when it was last computed."""

    def __init__(self, count: int) -> None:
        self._parts: list[Any] = [None] * count
        self._rows: Any = None  # of numbers, as the program of `_variant` has them
        self._newer: Any = None  # for each sample whether its row is newer than its part
        self._variant: Variant | None = None

    def keep(self, variant: Variant, samples: Any, rows: Any) -> None:
        """A program gave these rows of outputs, which nobody else writes to, for these samples, an array."""
        import numpy as np

        count = len(self._parts)
        if len(samples) == count and (samples == np.arange(count)).all():  # nothing of what was there is left
            self._variant, self._newer, self._rows = variant, np.ones(count, bool), rows
            return
        if self._variant is not variant:
            self._settle()
            self._variant, self._newer = variant, np.zeros(count, bool)
            self._rows = np.zeros((count, rows.shape[1]))
        self._rows[samples] = rows
        self._newer[samples] = True

    def put(self, samples: Sequence[int], parts: Sequence[Any]) -> None:
        """Take over what came along with samples that ran outside of any kernel."""
        found = self.parts
        for i, part in zip(samples, parts):
            found[i] = part

    @property
    def parts(self) -> list[Any]:
        """For each sample what came along with it; always the same list."""
        self._settle()
        return self._parts

    @property
    def array(self) -> Any:
        """`parts` as an array, a number or a row for each sample; None where they are no numbers."""
        if self._variant is None or not self._newer.all():
            return None
        return self._variant.aux_in(self._rows)

    def _settle(self) -> None:
        if self._variant is None or not self._newer.any():
            return
        samples = self._newer.nonzero()[0]
        for i, part in zip(samples.tolist(), self._variant.aux_of(self._rows[samples])):
            self._parts[i] = part
        self._newer[:] = False


class Outcome:
    """What a batch came to: each sample's loss, and the weighted sum of the gradients by leaf."""

    def __init__(self, count: int) -> None:
        self.losses = [0.0] * count
        self.gradients: dict[Value, float] = {}
        self.along = Along(count)

    def add(self, variant: Variant, slots: Sequence[int], gradients: Sequence[float]) -> None:
        """What a program gave these slots of its leaves."""
        leaves = variant.program.leaves  # each slot has one of its own
        found = dict(zip(map(leaves.__getitem__, slots), map(add, repeat(0.0), gradients)))
        for slot in variant.unreached:
            found.pop(leaves[slot], None)
        if not self.gradients:
            self.gradients = found
            return
        for leaf, g in found.items():
            self.gradients[leaf] = self.gradients.get(leaf, 0.0) + g
