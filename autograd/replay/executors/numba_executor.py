"""The Numba executor: a variant's tape with its memory, and the kernels that run on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.replay.capture.arithmetic import DATA
from autograd.replay.capture.variant import Variant
from autograd.replay.executors.arranged_variant import arranged, as_given
from autograd.replay.executors.shared_memory import ProgramPart, SharedMemory
from autograd.replay.executors.small import Small
from autograd.replay.kernels import loops
from autograd.replay.kernels.row_kernels import link
from autograd.replay.passes import codes
from autograd.replay.slots import Slots

CACHE = 192 * 1024  # bytes of a batch's rows that stay near the processor
FEW = 4  # samples a batch up to which lanes are not worth while: one sample after the other
NUMBERS, PLACES, TRUTHS = np.zeros(0), np.zeros(0, np.int64), np.zeros(0, bool)


class KernelMemory:
    """Programs on one memory, and how the kernels are called on it."""

    def __init__(self, parts: Sequence[ProgramPart], parameters: int) -> None:
        self.parts, self.parameters = parts, parameters
        self.shared = SharedMemory(parts, parameters)
        self.linked = False
        self.values, self.gradients, self.index = (
            self.shared.values,
            self.shared.gradients,
            self.shared.index,
        )

    def run(
        self,
        samples: Any,
        starts: Any,
        which: Any,
        order: Any,
        kind: int,
        *,
        position: int = 0,
        count: int = 0,
        size: int = 0,
        mean: bool = False,
        plan: Any = PLACES,
        settings: Any = NUMBERS,
        state: Any = NUMBERS,
        rates: Any = NUMBERS,
        limit: int = 1,
        losses: Any = NUMBERS,
        sums: Any = NUMBERS,
        steady: bool = False,
        kept: Any = NUMBERS,
        good: Any = TRUTHS,
    ) -> Any:
        """`loops.run` on this memory."""
        shared = self.shared
        if not self.linked:  # what goes through `small` never needs these kernels
            link(shared.tape)
            self.linked = True
        return loops.run(
            shared.table,
            shared.tape,
            shared.index,
            shared.spans,
            shared.guards,
            shared.values,
            shared.gradients,
            samples,
            starts,
            which,
            order,
            position,
            count or len(order),
            size or len(order),
            mean,
            self.parameters,
            kind,
            plan,
            settings,
            state,
            rates,
            limit,
            losses,
            sums,
            steady,
            shared.outputs,
            kept,
            good,
        )


class OneCall(KernelMemory):
    """One call at a time."""

    def __init__(self, variant: Variant) -> None:
        found = arranged(variant, batched=False)
        part = ProgramPart(variant, found.tape, 8)
        super().__init__([part], 0)
        self.variant, self.tape, self.arranged = variant, part.tape, found
        self.one = np.zeros(1, np.int64)
        self.root, self.outputs = int(self.shared.table[codes.ROOT]), part.addresses(variant.outputs)
        self.losses, self.sums = np.zeros(1), np.zeros(1)
        self.small: Small | None = None
        if not variant.guards and {*variant.outputs} == {variant.program.root}:
            with suppress(ValueError):  # too long for it
                self.small = Small(self.tape, len(variant.wanted), len(found.first), 1, 1.0)

    def run_one(self, numbers: Any, gradient: bool) -> Any:
        """(root's number, gradients of the wanted leaves, outputs), or None when a guard does not hold.

        Numbers and gradients are lists, or both are arrays.
        """
        root = self.root
        if self.small is not None:
            return self._run_small(self.small, numbers)
        self.values[: len(self.arranged.first)] = self.arranged.numbers(numbers)
        self.shared.table[codes.ROOT] = root if gradient else -1
        one = self.one
        status, _, _ = self.run(NUMBERS, one, one, one, codes.NONE, losses=self.losses, sums=self.sums)
        if status != codes.OK:
            return None
        return (
            float(self.values[root]) if root >= 0 else 0.0,
            as_given(numbers, self.gradients[: len(self.variant.wanted)]) if gradient else [],
            self.values[self.outputs].tolist() if self.outputs else [],
        )

    def _run_small(self, small: Small, numbers: Any) -> Any:
        small.numbers[:] = self.arranged.numbers(numbers)
        small.run(codes.NONE, 0, PLACES, NUMBERS, NUMBERS, NUMBERS, 1, self.sums)
        loss = float(self.sums[0])
        return loss, as_given(numbers, small.gradients), [loss] * len(self.outputs)


def in_lanes(variant: Variant, size: int) -> ProgramPart:
    """The variant with so many samples at a time side by side, in blocks that stay in the cache."""
    tape = arranged(variant, batched=True).tape
    most = max(8, min(128, CACHE // (16 * max(1, tape.count - tape.edge)) // 8 * 8))
    blocks = -(-size // most)
    return ProgramPart(variant, tape, max(8, (math.ceil(size / blocks) + 7) // 8 * 8), variant.given)


class ManyCalls(KernelMemory):
    """Many samples of one program at a time."""

    def __init__(self, variant: Variant, size: int) -> None:
        part, self.arranged = in_lanes(variant, size), arranged(variant, batched=True)
        super().__init__([part], self.arranged.parameters)
        self.variant, self.tape = variant, part.tape
        self.inputs = len(variant.given)

    def read(self, numbers: Any) -> None:
        """Take over the numbers of the leaves that are no inputs (from all leaves' numbers)."""
        self.values[: len(self.arranged.first)] = self.arranged.numbers(numbers)

    def passing(self, samples: Any, order: Any) -> tuple[Any, Any]:
        """For samples of `order`: whether the guards hold, and the outputs."""
        good = np.zeros(len(order), bool)
        width = len(self.variant.outputs)
        kept = np.zeros(len(order) * width)
        self.run(samples, *self._where(order), codes.LOOK, kept=kept, good=good)
        return good, kept.reshape(len(order), width)

    def gradient(self, samples: Any, order: Any, weight: float) -> tuple[Any, Any]:
        """(losses of `order`, gradients of the parameters times `weight`), whatever the guards say."""
        losses, table = np.zeros(len(order)), self.shared.table
        guarded, table[codes.GUARDED_END] = table[codes.GUARDED_END], 0
        self.run(samples, *self._where(order), codes.NONE, losses=losses, sums=np.zeros(1))
        table[codes.GUARDED_END] = guarded
        return losses, self.gradients[: self.parameters] * weight

    def _where(self, order: Any) -> tuple[Any, Any, Any]:
        """For each place in `order` where its inputs begin and its program, and the places."""
        return order * self.inputs, np.zeros(len(order), np.int64), np.arange(len(order))


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
