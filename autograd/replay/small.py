"""The tier for tiny programs, where finding out what to do costs more than doing it.

The tape is written out into steps on eight floats at a time, forward and backward alike: no loops, no
addresses to work out. Eight lanes hold up to eight samples, or the one call there is. A 2-2-1 network is
some thirty steps.

A step is eight numbers: which, the code it belongs to, the place of its result and of up to five operands.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from autograd.replay import codes
from autograd.replay.codes import A, B, C
from autograd.replay.elementwise import flow_to_first, flow_to_second, flow_to_third, value
from autograd.replay.jit import cached
from autograd.replay.kernels import NONE, NOT_FINITE, OK, finite, update
from autograd.replay.tape import Tape
from autograd.replay.vectors import at, fma, load, put, splat, store, total

ADD_PRODUCT, PRODUCT, ADD, SUB, TAKE, DROP, COPY, ZERO, VALUE, FIRST, SECOND, THIRD = range(12)
LONGEST = 4000  # steps; longer programs are better served by groups
ONE_BY_ONE = {codes.ADD: ADD, codes.SUB: SUB, codes.MUL: PRODUCT}


@njit
def perform(steps: Any, memory: Any) -> None:
    """Do the steps, one after the other."""
    for k in range(0, len(steps), 8):
        step, d, a, b = at(steps, k), at(steps, k + 2), at(steps, k + 3), at(steps, k + 4)
        if step == ADD_PRODUCT:
            store(memory, d, fma(load(memory, a), load(memory, b), load(memory, d)))
        elif step == PRODUCT:
            store(memory, d, load(memory, a) * load(memory, b))
        elif step == TAKE:
            store(memory, d, load(memory, d) + load(memory, a))
        elif step == COPY:
            store(memory, d, load(memory, a))
        elif step == ADD:
            store(memory, d, load(memory, a) + load(memory, b))
        elif step == SUB:
            store(memory, d, load(memory, a) - load(memory, b))
        elif step == DROP:
            store(memory, d, load(memory, d) - load(memory, a))
        elif step == ZERO:
            store(memory, d, splat(0.0))
        else:
            code, x, z, w = at(steps, k + 1), load(memory, a), load(memory, b), load(memory, at(steps, k + 5))
            if step == VALUE:
                store(memory, d, value(code, x, z, w))
            else:
                y, g = load(memory, at(steps, k + 6)), load(memory, at(steps, k + 7))
                if step == FIRST:
                    flow = flow_to_first(code, x, z, w, y, g)
                elif step == SECOND:
                    flow = flow_to_second(code, x, z, y, g)
                else:
                    flow = flow_to_third(code, x, g)
                store(memory, d, load(memory, d) + flow)


@cached
def run_small(
    steps: Any,
    back: Any,
    memory: Any,
    numbers: Any,
    gradients: Any,
    slope: int,
    root: int,
    count: int,
    weight: float,
    parameters: int,
    kind: int,
    settings: Any,
    state: Any,
    rates: Any,
    step: int,
    limit: int,
    sums: Any,
) -> Any:
    """As `kernels.run`, on up to eight samples that are in memory already; the first rows are `numbers`."""
    for i in range(len(numbers)):
        store(memory, 8 * i, splat(at(numbers, i)))
    made = 0
    while made < limit:
        perform(steps, memory)
        loss = 0.0
        if root >= 0:
            for t in range(count):
                loss += at(memory, root + t)
            perform(back, memory)
            for i in range(len(gradients)):
                put(gradients, i, total(load(memory, slope + 8 * i)))
        if kind != NONE:
            if not (finite(gradients, parameters) and loss * 0.0 == 0.0):
                return NOT_FINITE, 0, made
            update(numbers, gradients, parameters, kind, settings, state, at(rates, made), step + made)
            for i in range(parameters):
                store(memory, 8 * i, splat(at(numbers, i)))
        put(sums, made, loss * weight)
        made += 1
    return OK, 0, made


class Steps:
    """A tape written out.

    Raises:
        ValueError: it would be too long, or it holds lists that have no steps.
    """

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.rows = -(-tape.count // 8) * 8 + 8
        self.forward: list[list[int]] = []
        self.backward: list[list[int]] = []
        self.begun = {tape.root}
        size = tape.rows[:, [codes.ROWS, codes.OUTER, codes.ENTRIES]].prod(1).sum() if len(tape.rows) else 0
        if (
            size > LONGEST
            or tape.root < 0
            or any(row[0] in (codes.LOGSUMEXP, codes.PICK) for row in tape.rows)
        ):
            raise ValueError("no program for small steps")
        results = [
            (row, u, i) for row in tape.rows for u in range(row[codes.OUTER]) for i in range(row[codes.ROWS])
        ]
        for row, u, i in results:
            self._forward(row, u, i)
        for row, u, i in reversed(results):
            self._backward(row, u, i)

    def _place(self, row: Any, block: int, u: int, i: int, j: int = 0) -> int:
        part = row[block : block + codes.BLOCK]
        if part[codes.START] < 0:
            return -1
        if part[codes.INDEXED]:
            width = row[codes.ENTRIES] if block in (A, B) and row[0] >= codes.LISTS else 1
            return int(self.tape.index[part[codes.START] + (u * row[codes.ROWS] + i) * width + j])
        return int(part[codes.START] + u * part[codes.U] + i * part[codes.I] + j * part[codes.J])

    def _slope(self, place: int) -> int:
        return self.rows + place

    def _step(
        self,
        steps: list[list[int]],
        which: int,
        d: int,
        a: int = 0,
        b: int = 0,
        c: int = 0,
        code: int = 0,
        y: int = 0,
        g: int = 0,
    ) -> None:
        steps.append([which, code, 8 * d, 8 * a, 8 * max(b, 0), 8 * max(c, 0), 8 * y, 8 * g])

    def _forward(self, row: Any, u: int, i: int) -> None:
        code, steps = int(row[0]), self.forward
        y = int(row[codes.OUT] + u * row[codes.OUT_U] + i * row[codes.OUT_I])
        c = self._place(row, C, u, i)
        if code == codes.DOT:
            if c >= 0:
                self._step(steps, COPY, y, c)
            for j in range(row[codes.ENTRIES]):
                which = ADD_PRODUCT if c >= 0 or j else PRODUCT
                self._step(steps, which, y, self._place(row, A, u, i, j), self._place(row, B, u, i, j))
        elif code == codes.SUM:
            for j in range(row[codes.ENTRIES]):
                self._step(steps, TAKE if j else COPY, y, self._place(row, A, u, i, j))
        else:
            a, b = self._place(row, A, u, i), self._place(row, B, u, i)
            self._step(steps, ONE_BY_ONE.get(code, VALUE), y, a, b if b >= 0 else a, c if c >= 0 else a, code)

    def _backward(self, row: Any, u: int, i: int) -> None:
        code = int(row[0])
        y = int(row[codes.OUT] + u * row[codes.OUT_U] + i * row[codes.OUT_I])
        if y not in self.begun:
            return  # no gradient ever arrives here
        g = self._slope(y)
        wants = [bool(row[block + codes.WANTED]) for block in (A, B, C)]
        c = self._place(row, C, u, i)
        if code in (codes.DOT, codes.SUM):
            for j in range(row[codes.ENTRIES]):
                a = self._place(row, A, u, i, j)
                if code == codes.SUM:
                    if wants[0]:
                        self._flow(a, TAKE, COPY, g)
                    continue
                b = self._place(row, B, u, i, j)
                if wants[0]:
                    self._flow(a, ADD_PRODUCT, PRODUCT, g, b)
                if wants[1]:
                    self._flow(b, ADD_PRODUCT, PRODUCT, g, a)
            if c >= 0 and wants[2]:
                self._flow(c, TAKE, COPY, g)
            return
        a, b = self._place(row, A, u, i), self._place(row, B, u, i)
        for k, (x, wanted) in enumerate(zip((a, b, c), wants)):
            if x < 0 or not wanted:
                continue
            if code == codes.ADD or (code == codes.SUB and k == 0):
                self._flow(x, TAKE, COPY, g)
            elif code == codes.MUL:
                self._flow(x, ADD_PRODUCT, PRODUCT, g, b if k == 0 else a)
            else:
                if x not in self.begun:
                    self._step(self.backward, ZERO, self._slope(x))
                    self.begun.add(x)
                if code == codes.SUB:
                    self._step(self.backward, DROP, self._slope(x), g)
                else:
                    self._step(
                        self.backward,
                        FIRST + k,
                        self._slope(x),
                        a,
                        b if b >= 0 else a,
                        c if c >= 0 else a,
                        code,
                        y,
                        g,
                    )

    def _flow(self, to: int, more: int, begin: int, a: int, b: int = 0) -> None:
        self._step(self.backward, more if to in self.begun else begin, self._slope(to), a, b)
        self.begun.add(to)


class Small:
    """Memory for the steps of a tape, for `count` samples."""

    def __init__(self, tape: Tape, parameters: int, numbers: int, count: int, weight: float) -> None:
        written = Steps(tape)
        self.steps = np.array(written.forward, np.int32).ravel()
        self.back = np.array(written.backward, np.int32).ravel()
        self.memory = np.zeros(2 * 8 * written.rows)
        for row, x in enumerate(tape.start):
            self.memory[8 * row : 8 * row + 8] = x
        self.root, self.slope, self.count, self.weight = 8 * tape.root, 8 * written.rows, count, weight
        seed = self.slope + self.root
        self.memory[seed : seed + count] = weight
        self.numbers, self.gradients = np.zeros(numbers), np.zeros(parameters)

    def fill(self, edge: int, samples: Any) -> None:
        """Put samples (one row each) into the lanes; spare lanes repeat the last."""
        for k in range(samples.shape[1]):
            row = 8 * (edge + k)
            self.memory[row : row + 8] = samples[[min(t, len(samples) - 1) for t in range(8)], k]

    def run(
        self,
        kind: int,
        parameters: int,
        settings: Any,
        state: Any,
        rates: Any,
        step: int,
        limit: int,
        sums: Any,
    ) -> Any:
        """`run_small` on this memory."""
        return run_small(
            self.steps,
            self.back,
            self.memory,
            self.numbers,
            self.gradients,
            self.slope,
            self.root,
            self.count,
            self.weight,
            parameters,
            kind,
            settings,
            state,
            rates,
            step,
            limit,
            sums,
        )
