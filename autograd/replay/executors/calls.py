"""A variant in an executor's memory, asked for one call or for many samples: the same for NumPy and Numba."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.replay.capture.variant import Variant
from autograd.replay.executors.arranged_variant import arranged, as_given
from autograd.replay.kernels.records import LOOKING, Batches, Updates
from autograd.replay.passes.codes import NONE, OK


def _memory(variant: Variant, kind: str, batched: bool, size: int) -> Any:
    """Memory of "numba" or "numpy"."""
    found = arranged(variant, batched)
    if kind == "numba":
        from autograd.replay.executors import numba_executor

        return numba_executor.memory_of(found, size)
    from autograd.replay.executors import numpy_executor

    return numpy_executor.memory_of(found, size)


class OneCall:
    """One call at a time."""

    def __init__(self, variant: Variant, kind: str) -> None:
        self.arranged, self.root = arranged(variant, batched=False), variant.program.root >= 0
        self.memory, count = _memory(variant, kind, False, 0), len(variant.outputs)
        self.batches = Batches(losses=np.zeros(1), kept=np.zeros(count), good=np.zeros(1, bool))
        self.updates = Updates(NONE, sums=np.zeros(1))
        self.small: Any = None
        if kind == "numba" and not variant.guards and {*variant.outputs} == {variant.program.root}:
            from autograd.replay.executors.small import Small

            with suppress(ValueError):  # too long for it
                tape, numbers = self.arranged.tape, len(self.arranged.first)
                self.small = Small(tape, len(variant.wanted), numbers, 1, 1.0)

    def run(self, numbers: Any, gradient: bool) -> Any:
        """(root's number, gradients of the wanted leaves, outputs), or None when a guard does not hold.

        Numbers and gradients are lists, or both are arrays.
        """
        memory, batches, small = self.memory, self.batches, self.small
        if small is not None:
            small.numbers[:] = self.arranged.numbers(numbers)
            small.run(self.updates)
            loss = float(self.updates.sums[0])
            return loss, as_given(numbers, small.gradients), [loss] * len(batches.kept)
        memory.values[: len(self.arranged.first)] = self.arranged.numbers(numbers)
        status, _, _ = memory.run(batches, self.updates if gradient else LOOKING)
        if status != OK or not (gradient or batches.good[0]):
            return None
        return (
            float(memory.values[self.arranged.tape.root]) if self.root else 0.0,
            as_given(numbers, memory.gradients[: self.arranged.parameters]) if gradient else [],
            batches.kept.tolist(),
        )


class ManyCalls:
    """Many samples at a time."""

    def __init__(self, variant: Variant, kind: str, size: int) -> None:
        self.arranged = arranged(variant, batched=True)
        self.memory = _memory(variant, kind, True, size)
        self.inputs, self.outputs = len(variant.given), len(variant.outputs)

    def read(self, numbers: Any) -> None:
        """Take over the numbers of the leaves that are no inputs (from all leaves' numbers)."""
        self.memory.values[: len(self.arranged.first)] = self.arranged.numbers(numbers)

    def passing(self, samples: Any, order: Any) -> tuple[Any, Any]:
        """For samples of `order`: whether the guards hold, and the outputs."""
        good, kept = np.zeros(len(order), bool), np.zeros(len(order) * self.outputs)
        self.memory.run(self._batches(samples, order)._replace(good=good, kept=kept), LOOKING)
        return good, kept.reshape(len(order), self.outputs)

    def inside(self, samples: Any, count: int, slots: Sequence[int]) -> Any:
        """What slots of the program hold, a row each with a number for each of the first samples.

        None where a guard does not hold, or a slot is in no place of its own.
        """
        found, memory = np.empty((len(slots), count)), self.memory
        places = self.arranged.tape.place[list(slots)]
        if (places < 0).any():
            return None
        for begin in range(0, count, memory.lanes):
            order = np.arange(begin, min(begin + memory.lanes, count))
            if not self.passing(samples, order)[0].all():
                return None
            for row, place in zip(found, places.tolist()):
                row[order] = memory.row(place)[: len(order)]
        return found

    def gradient(self, samples: Any, order: Any, weight: float) -> tuple[Any, Any]:
        """(losses of `order`, gradients of the parameters times `weight`), whatever the guards say."""
        losses = np.zeros(len(order))
        batches = self._batches(samples, order)._replace(losses=losses, guarded=False)
        self.memory.run(batches, Updates(NONE, sums=np.zeros(1)))
        return losses, self.memory.gradients[: self.arranged.parameters] * weight

    def _batches(self, samples: Any, order: Any) -> Batches:
        """These samples in one batch."""
        return Batches(samples, order * self.inputs, np.zeros(len(order), np.int64), np.arange(len(order)))
