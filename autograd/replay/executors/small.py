"""The tier for tiny programs, where finding out what to do costs more than doing it.

The tape is written out into the steps of `small_kernels`, forward and backward alike: no addresses to work
out. Lanes hold up to eight samples, or the one call there is. A 2-2-1 network is eight steps: its three
neurons, its loss, and the slopes of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np

from autograd.replay.executors.shared_memory import zeros
from autograd.replay.kernels.records import SmallMemory, Updates
from autograd.replay.kernels.small_kernels import (
    FIRST,
    RELU,
    RELU_FLOW,
    SIGMOID,
    SIGMOID_FLOW,
    SQUARE,
    SQUARE_FLOW,
    SUM,
    TANH,
    TANH_FLOW,
    VALUE,
    rare_address,
    run_small,
)
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B, C
from autograd.replay.passes.tape import Tape

LANES, NARROW = 8, 4  # division and sums of four take less time
LONGEST = 4000  # results and pairs; longer programs are better served by groups
OWN = {  # functions of one operand that have steps of their own, and the steps of their slopes
    codes.SIGMOID: (SIGMOID, SIGMOID_FLOW),
    codes.TANH: (TANH, TANH_FLOW),
    codes.RELU: (RELU, RELU_FLOW),
    codes.SQUARE: (SQUARE, SQUARE_FLOW),
}
LINEAR = (codes.DOT, codes.SUM, codes.ADD, codes.SUB, codes.MUL)
Pairs = list[tuple[int, int]]  # rows to be multiplied; the products are summed


class SmallResult:
    """One result of a row of the tape: code, place, its operands' places and whether they want a gradient."""

    def __init__(self, tape: Tape, row: Any, u: int, i: int) -> None:
        self.code = int(row[codes.CODE])
        self.y = int(row[codes.OUT] + u * row[codes.OUT_U] + i * row[codes.OUT_I])
        self.operands, self.wanted = [], []
        for block in (A, B, C):
            part = row[block : block + codes.BLOCK]
            if part[codes.START] == codes.ABSENT:
                continue
            width = int(row[codes.ENTRIES]) if block != C and self.code >= codes.LISTS else 1
            if part[codes.INDEXED]:
                begin = part[codes.START] + (u * row[codes.ROWS] + i) * width
                places = tape.index[begin : begin + width].tolist()
            else:
                first = int(part[codes.START] + u * part[codes.U] + i * part[codes.I])
                places = [first + j * int(part[codes.J]) for j in range(width)]
            self.operands.append(places)
            self.wanted.append(bool(part[codes.WANTED]))

    def pairs(self, one: int, minus_one: int) -> Pairs:
        """A linear result as a sum of products; others as their first operand."""
        first = self.operands[0]
        if self.code in (codes.DOT, codes.MUL):
            constant = [(x, one) for places in self.operands[2:] for x in places]
            return [*constant, *zip(first, self.operands[1])]
        if self.code in (codes.ADD, codes.SUB):
            return [(first[0], one), (self.operands[1][0], one if self.code == codes.ADD else minus_one)]
        return [(x, one) for x in first]


class Steps:
    """A tape written out for `count` samples: in four lanes, or in eight for more of them or for any code.

    Raises:
        ValueError: it would be too long, or it holds lists that have no steps.
    """

    def __init__(self, tape: Tape, parameters: int, count: int) -> None:
        shape = tape.rows[:, [codes.ROWS, codes.OUTER, codes.ENTRIES]]
        odd = np.isin(tape.rows[:, codes.CODE], (codes.LOGSUMEXP, codes.PICK)).any()
        if tape.root < 0 or odd or shape.prod(1).sum() > LONGEST:
            raise ValueError("no program for small steps")
        self.one, self.minus_one, self.none, self.seed, self.spare = range(tape.count, tape.count + 5)
        self.rows = tape.count + 5
        self.numbers: list[int] = []
        self.rare = not set(tape.rows[:, codes.CODE].tolist()) <= {*OWN, *LINEAR}  # some step is of any code
        self.lanes = LANES if count > NARROW or self.rare else NARROW
        results = [
            SmallResult(tape, row, u, i)
            for row in tape.rows
            for u in range(row[codes.OUTER])
            for i in range(row[codes.ROWS])
        ]
        self._write_forward(results)
        self.flows: dict[int, Pairs] = {tape.root: [(self.seed, self.one)]}
        for result in reversed(results):
            if self.flows.get(result.y):
                self._write_backward(result)
        self.slopes = [self._factors(i) for i in range(parameters)]

    def _step(self, kind: int, code: int, out: int, operands: Sequence[int], pairs: Pairs) -> None:
        places = [out, *operands, *[self.one] * (4 - len(operands))]
        places += [row for pair in sorted(pairs, key=self._known) for row in pair]
        self.numbers += [kind, code, *(self.lanes * row for row in places), -1]

    def _known(self, pair: tuple[int, int]) -> int:
        """When a product is known, among others: each step waits for the last alone."""
        return max(-1 if row in (self.one, self.minus_one) else row for row in pair)

    def _write_forward(self, results: Sequence[SmallResult]) -> None:
        functions = {}  # of what is linear: computed in the same step
        for result in reversed(results):
            if len(result.operands) == 1 and result.code not in LINEAR:
                functions[result.operands[0][0]] = result
        done = set()
        for result in results:
            if result.y in done:
                continue
            code, out, operands = result.code, result.y, [self.spare]
            if code in LINEAR:
                function = functions.get(result.y)
                if function is None:
                    self._step(SUM, 0, out, (), result.pairs(self.one, self.minus_one))
                    continue
                code, out, operands = function.code, function.y, [result.y]
                done.add(out)
            elif len(result.operands) > 1:
                operands += [self.one, *(places[0] for places in result.operands[1:])]
            kind = OWN.get(code, (VALUE,))[0]
            self._step(kind, code, out, operands, result.pairs(self.one, self.minus_one))

    def _write_backward(self, result: SmallResult) -> None:
        """What flows to the operands of a result, once all that flows to itself is known."""
        if not any(result.wanted):
            return
        operands = result.operands
        if result.code not in LINEAR:
            pairs = self.flows[result.y]
            if len(operands) > 1:
                pairs = [(self._slope(result.y), self.one)]
            kind = OWN.get(result.code, (VALUE, FIRST))[1]
            places = [operands[0][0], result.y, *(rows[0] for rows in operands[1:])]
            for k, (rows, wanted) in enumerate(zip(operands, result.wanted)):
                if wanted:
                    self._step(kind + k, result.code, self.rows, places, pairs)
                    self._flow(rows, [(self.rows, self.one)])
                    self.rows += 1
            return
        slope = self._slope(result.y)
        plain = [(slope, self.one)] * len(operands[0])
        factors = [plain, plain, plain[:1]]
        if result.code in (codes.DOT, codes.MUL):
            factors[:2] = [[(slope, x) for x in operands[1 - k]] for k in (0, 1)]
        elif result.code == codes.SUB:
            factors[1] = [(slope, self.minus_one)]
        for rows, wanted, flows in zip(operands, result.wanted, factors):
            if wanted:
                self._flow(rows, flows)

    def _flow(self, rows: Sequence[int], pairs: Pairs) -> None:
        for row, pair in zip(rows, pairs):
            self.flows.setdefault(row, []).append(pair)

    def _factors(self, row: int) -> tuple[int, int]:
        """Two rows whose product is all that flows to a row."""
        pairs = self.flows.get(row, [(self.none, self.none)])
        if len(pairs) == 1:
            return pairs[0]
        self._step(SUM, 0, self.rows, (), pairs)
        self.rows += 1
        self.flows[row] = [(self.rows - 1, self.one)]
        return self.flows[row][0]

    def _slope(self, row: int) -> int:
        """The row that holds all that flows to a row."""
        slope, factor = self._factors(row)
        if factor != self.one:
            self._step(SUM, 0, self.rows, (), [(slope, factor)])
            slope, self.rows = self.rows, self.rows + 1
            self.flows[row] = [(slope, self.one)]
        return slope


class Small:
    """Memory for the steps of a tape, for `count` samples, each with the same `weight` in the loss."""

    def __init__(self, tape: Tape, parameters: int, numbers: int, count: int, weight: float) -> None:
        steps = Steps(tape, parameters, count)
        lanes = steps.lanes
        self.memory = zeros(lanes * steps.rows).reshape(-1, lanes)
        self.memory[: len(tape.start)] = tape.start[:, None]
        self.memory[steps.one], self.memory[steps.minus_one] = 1.0, -1.0
        self.memory[steps.seed, :count] = weight
        self.numbers, self.gradients = np.zeros(numbers), np.zeros(parameters)
        self.record = SmallMemory(
            steps=np.array(steps.numbers, np.int32),
            rows=self.memory.reshape(-1),
            lanes=(0,) * lanes,
            numbers=self.numbers,
            gradients=self.gradients,
            slopes=lanes * np.array(steps.slopes, np.int32).ravel(),
            root=lanes * tape.root,
            seed=lanes * steps.seed,
            rare=rare_address() if steps.rare else 0,
        )

    def in_lanes(self, samples: Any) -> Any:
        """Samples (one row each) as they lie in the lanes; spare lanes repeat the last."""
        lanes, last = len(self.record.lanes), len(samples) - 1
        return samples[[*range(last), *repeat(last, lanes - last)]].T

    def fill(self, edge: int, lanes: Any) -> None:
        """Put these into the memory."""
        self.memory[edge : edge + len(lanes)] = lanes

    def row(self, place: int) -> list[float]:
        """What the lanes of a row hold."""
        return self.memory[place].tolist()  # type: ignore[no-any-return]  # NumPy's list

    def run(self, updates: Updates) -> tuple[int, int, int]:
        """`run_small` on this memory."""
        return run_small(tuple(self.record), tuple(updates))  # type: ignore[no-any-return]  # Numba's
