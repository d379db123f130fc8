"""The Numba executor: programs with their memory, and the kernels that run on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.replay.capture.arithmetic import DATA
from autograd.replay.capture.variant import Variant
from autograd.replay.executors.arranged_variant import ArrangedVariant, arranged
from autograd.replay.executors.shared_memory import ProgramPart, lay_out
from autograd.replay.kernels import loops
from autograd.replay.kernels.records import Batches, Updates
from autograd.replay.kernels.row_kernels import link
from autograd.replay.slots import Slots

CACHE = 192 * 1024  # bytes of a batch's rows that stay near the processor
FEW = 4  # samples a batch up to which lanes are not worth while: one sample after the other


class KernelMemory:
    """Programs on one memory, and how the kernels are called on it."""

    def __init__(self, parts: Sequence[ProgramPart], parameters: int) -> None:
        self.parts, self.lanes, self.parameters = parts, parts[0].lanes, parameters
        self.record = lay_out(parts, parameters)
        self.values, self.gradients = self.record.values, self.record.gradients
        self._linked = False

    def row(self, place: int) -> Any:
        """A row of the first program's tape, one number per lane."""
        part = self.parts[0]
        begin = part.address(place)
        if place < part.tape.edge:
            return np.broadcast_to(self.values[begin], (self.lanes,))
        return self.values[begin : begin + self.lanes]

    def run(self, batches: Batches, updates: Updates) -> tuple[int, int, int]:
        """`loops.run` on this memory."""
        if not self._linked:  # what goes through `small` never needs these kernels
            link(self.record.tape)
            self._linked = True
        return loops.run(tuple(self.record), tuple(batches), tuple(updates))  # type: ignore[no-any-return]  # Numba's


def in_lanes(variant: Variant, size: int) -> ProgramPart:
    """The variant with so many samples at a time side by side, in blocks that stay in the cache."""
    tape = arranged(variant, batched=True).tape
    most = max(8, min(128, CACHE // (16 * max(1, tape.count - tape.edge)) // 8 * 8))
    blocks = -(-size // most)
    return ProgramPart(variant, tape, max(8, (math.ceil(size / blocks) + 7) // 8 * 8), variant.given)


def memory_of(found: ArrangedVariant, size: int) -> KernelMemory:
    """A variant alone, for batches of so many samples; 0: for one call."""
    one = ProgramPart(found.variant, found.tape, 8)
    return KernelMemory([in_lanes(found.variant, size) if size else one], found.parameters)


def part_for(variant: Variant, size: float) -> ProgramPart:
    """The variant where it serves about so many samples of a batch: side by side, or one after the other."""
    if size > FEW:
        return in_lanes(variant, math.ceil(size))
    return ProgramPart(variant, arranged(variant, batched=False).tape, 0, variant.given)


class Programs(KernelMemory):
    """Programs that train the same parameters, in turns; their slots are the first."""

    def __init__(self, parts: Sequence[ProgramPart], parameters: int) -> None:
        super().__init__(parts, parameters)
        leaves: list[Any] = []
        places: list[int] = []
        for part in parts:
            variant, given = part.variant, set(part.variant.given)
            wanted = variant.wanted if part is parts[0] else variant.wanted[parameters:]
            slots = [i for i in (*wanted, *variant.read) if i not in given]
            leaves += [variant.program.leaves[i] for i in slots]
            places += part.addresses(slots)
        self._leaves, self._places = Slots(leaves), np.array(places, np.int64)

    def read(self) -> None:
        """Take over the numbers of the leaves that are no inputs."""
        numbers = self._leaves.read(DATA)
        self.values[self._places] = [*map(DATA.__get__, self._leaves.values)] if numbers is None else numbers
