"""The Numba executor: a variant's tape with its memory, and the kernels that run on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.replay import codes, kernels
from autograd.replay.tape import Tape, tape_of
from autograd.replay.variant import Variant

CACHE = 192 * 1024  # bytes of a batch's rows that stay near the processor
GUARD_CODES = {"gt": codes.GT, "ge": codes.GE, "eq": codes.EQ}


def guards_of(variant: Variant, tape: Tape, address: Any) -> Any:
    """The guards as the kernels read them."""
    leaves = len(variant.program.leaves)
    rows = [(GUARD_CODES[code], address(tape.place[left]), address(tape.place[right]), outcome,
             left < leaves and right < leaves) for code, left, right, outcome, _ in variant.guards]
    return np.array(rows, np.int64).ravel()


class Single:
    """One call at a time."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.tape = tape = tape_of(variant, batched=False)
        self.rows, self.index = tape.rows.ravel(), tape.index
        self.values = np.zeros(tape.edge + 8)
        self.values[: len(tape.start)] = tape.start
        self.gradients = np.zeros_like(self.values)
        self.guards = guards_of(variant, tape, int)
        rest = [i for i in [*variant.read, *variant.given] if i not in set(variant.wanted)]
        self.first = [*variant.wanted, *dict.fromkeys(rest)]
        self.outputs = tape.place[list(variant.outputs)] if variant.outputs else np.zeros(0, np.int64)

    def run(self, numbers: Sequence[float], gradient: bool) -> Any:
        """(root's number, gradients of the wanted leaves, outputs), or None when a guard does not hold."""
        first = self.first
        self.values[: len(first)] = [numbers[i] for i in first]
        root = self.tape.root
        status = kernels.single(self.rows, self.index, self.guards, self.values, self.gradients,
                                root if gradient else -1)
        if status != kernels.OK:
            return None
        return (float(self.values[root]) if root >= 0 else 0.0,
                self.gradients[: len(self.variant.wanted)].tolist() if gradient else [],
                self.values[self.outputs].tolist())


class Batch:
    """Many samples at a time, in lanes of memory."""

    def __init__(self, variant: Variant, size: int) -> None:
        self.variant = variant
        self.tape = tape = tape_of(variant, batched=True)
        wide = max(1, tape.count - tape.edge)
        most = max(8, min(128, CACHE // (16 * wide) // 8 * 8))
        blocks = -(-size // most)
        self.lanes = max(8, -(-(-(-size // blocks)) // 8) * 8)
        rows, self.index, self.clear = tape.for_lanes(self.lanes)
        self.shared = rows[: tape.shared].ravel().copy()
        self.rows = rows[tape.shared :].ravel().copy()
        self.edge = tape.edge
        self.values = np.zeros(self.edge + wide * self.lanes)
        self.values[: len(tape.start)] = tape.start
        self.gradients = np.zeros_like(self.values)
        self.guards = guards_of(variant, tape, self.address)
        self.root = self.address(tape.root) if tape.root >= 0 else -1
        self.outputs = np.array([self.address(tape.place[i]) for i in variant.outputs], np.int64)
        self.parameters = len([i for i in variant.wanted if i not in set(variant.given)])
        self.inputs = len(variant.given)

    def address(self, row: int) -> int:
        """Where a row of the tape lies in memory."""
        return int(row if row < self.edge else self.edge + (row - self.edge) * self.lanes)

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
        kernels.passes(self.shared, self.rows, self.index, self.guards, self.values, self.edge, self.lanes,
                       samples, self.inputs, order, self.outputs, kept, good)
        return good, kept.reshape(len(order), len(self.outputs))

    def gradient(self, samples: Any, order: Any, weight: float, checked: bool) -> Any:
        """(status, position, losses of `order`, gradients of the parameters times `weight`)."""
        losses = np.zeros(len(order))
        guards = self.guards[:0] if checked else self.guards
        status, position, _ = kernels.batch(
            self.shared, self.rows, self.index, self.clear, guards, self.values, self.gradients, self.edge,
            self.lanes, samples, self.inputs, order, 0, len(order), self.root, weight, losses, False)
        return status, position, losses, self.gradients[: self.parameters]
