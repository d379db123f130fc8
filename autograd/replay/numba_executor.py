"""The Numba executor: a variant's tape with its memory, and the kernels that run on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np

from autograd.replay import codes, kernels
from autograd.replay.jit import tell_of_first_use
from autograd.replay.runs import with_runs
from autograd.replay.small import Small
from autograd.replay.tape import Tape, tape_of
from autograd.replay.variant import Variant

CACHE = 192 * 1024  # bytes of a batch's rows that stay near the processor
GUARD_CODES = {"gt": codes.GT, "ge": codes.GE, "eq": codes.EQ}


NUMBERS, TRUTHS = np.zeros(0), np.zeros(0, bool)


@cache
def first_use() -> None:
    """What is to be said before the kernels are compiled, once per process."""
    tell_of_first_use(kernels.run)


class Memory:
    """A tape's memory and how the kernels are called on it."""

    def __init__(self, variant: Variant, tape: Tape, lanes: int) -> None:
        first_use()
        self.variant, self.tape, self.lanes, self.edge = variant, tape, lanes, tape.edge
        rows, self.index, self.clear = tape.for_lanes(lanes)
        shared = rows[: tape.shared].copy()
        if tape.count == self.edge:  # runs may write past their end, where samples would lie
            shared, self.index = with_runs(shared, self.index, tape.second)
        self.shared, self.rows = shared.ravel(), rows[tape.shared :].ravel().copy()
        self.values = np.zeros(self.edge + (tape.count - self.edge) * lanes + 8)
        self.values[: len(tape.start)] = tape.start
        self.gradients = np.zeros_like(self.values)
        self.root = self.address(tape.root) if tape.root >= 0 else -1
        self.outputs = np.array([self.address(tape.place[i]) for i in variant.outputs], np.int64)
        leaves = len(variant.program.leaves)
        guards = [
            (
                GUARD_CODES[code],
                self.address(tape.place[left]),
                self.address(tape.place[right]),
                outcome,
                left < leaves and right < leaves,
            )
            for code, left, right, outcome, _ in variant.guards
        ]
        self.guards = np.array(guards, np.int64).ravel()

    def address(self, row: int) -> int:
        """Where a row of the tape lies in memory."""
        return int(row if row < self.edge else self.edge + (row - self.edge) * self.lanes)

    def run(
        self,
        samples: Any,
        inputs: int,
        order: Any,
        kind: int,
        *,
        guards: Any = None,
        position: int = 0,
        count: int = 0,
        size: int = 0,
        mean: bool = False,
        parameters: int = 0,
        settings: Any = NUMBERS,
        state: Any = NUMBERS,
        rates: Any = NUMBERS,
        step: int = 0,
        limit: int = 1,
        losses: Any = NUMBERS,
        sums: Any = NUMBERS,
        steady: bool = False,
        kept: Any = NUMBERS,
        good: Any = TRUTHS,
        root: int = -2,
    ) -> Any:
        """`kernels.run` on this memory."""
        return kernels.run(
            self.shared,
            self.rows,
            self.index,
            self.clear,
            self.guards if guards is None else guards,
            self.values,
            self.gradients,
            self.edge,
            self.lanes,
            samples,
            inputs,
            order,
            position,
            count or len(order),
            size or len(order),
            self.root if root == -2 else root,
            mean,
            parameters,
            kind,
            settings,
            state,
            rates,
            step,
            limit,
            losses,
            sums,
            steady,
            self.outputs,
            kept,
            good,
        )


class Single(Memory):
    """One call at a time."""

    def __init__(self, variant: Variant) -> None:
        super().__init__(variant, tape_of(variant, batched=False), 8)
        rest = [i for i in [*variant.read, *variant.given] if i not in set(variant.wanted)]
        self.first = [*variant.wanted, *dict.fromkeys(rest)]
        self.one = (np.zeros(0), 0, np.zeros(1, np.int64))
        self.losses, self.sums = np.zeros(1), np.zeros(1)
        self.small: Small | None = None
        if not variant.guards and not variant.outputs:
            with suppress(ValueError):  # too long for it
                self.small = Small(self.tape, len(variant.wanted), len(self.first), 1, 1.0)

    def run_one(self, numbers: Sequence[float], gradient: bool) -> Any:
        """(root's number, gradients of the wanted leaves, outputs), or None when a guard does not hold."""
        first, root = self.first, self.root
        if self.small is not None:
            return self._run_small(self.small, numbers)
        self.values[: len(first)] = [numbers[i] for i in first]
        status, _, _ = self.run(
            *self.one, kernels.NONE, losses=self.losses, sums=self.sums, root=root if gradient else -1
        )
        if status != kernels.OK:
            return None
        return (
            float(self.values[root]) if root >= 0 else 0.0,
            self.gradients[: len(self.variant.wanted)].tolist() if gradient else [],
            self.values[self.outputs].tolist(),
        )

    def _run_small(self, small: Small, numbers: Sequence[float]) -> Any:
        small.numbers[:] = [numbers[i] for i in self.first]
        small.run(kernels.NONE, 0, NUMBERS, NUMBERS, NUMBERS, 0, 1, self.sums)
        return float(self.sums[0]), small.gradients.tolist(), []


class Batch(Memory):
    """Many samples at a time, in lanes of memory."""

    def __init__(self, variant: Variant, size: int) -> None:
        tape = tape_of(variant, batched=True)
        most = max(8, min(128, CACHE // (16 * max(1, tape.count - tape.edge)) // 8 * 8))
        blocks = -(-size // most)
        super().__init__(variant, tape, max(8, (math.ceil(size / blocks) + 7) // 8 * 8))
        self.parameters = len([i for i in variant.wanted if i not in set(variant.given)])
        self.inputs = len(variant.given)

    def read(self, numbers: Sequence[float]) -> None:
        """Take over the numbers of the leaves that are no inputs (from all leaves' numbers)."""
        given = set(self.variant.given)
        first = [numbers[i] for i in self.variant.wanted if i not in given]
        first += [numbers[i] for i in dict.fromkeys(self.variant.read)]
        self.values[: len(first)] = first

    def passing(self, samples: Any, order: Any) -> tuple[Any, Any]:
        """For samples of `order`: whether the guards hold, and the outputs."""
        good = np.zeros(len(order), bool)
        kept = np.zeros(len(order) * len(self.outputs))
        self.run(samples, self.inputs, order, kernels.LOOK, kept=kept, good=good)
        return good, kept.reshape(len(order), len(self.outputs))

    def gradient(self, samples: Any, order: Any, weight: float) -> tuple[Any, Any]:
        """(losses of `order`, gradients of the parameters times `weight`), whatever the guards say."""
        losses = np.zeros(len(order))
        self.run(
            samples, self.inputs, order, kernels.NONE, guards=self.guards[:0], losses=losses, sums=np.zeros(1)
        )
        return losses, self.gradients[: self.parameters] * weight
