"""Which results are computed together: those of one op, ready at the same time, become a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.replay.jit import compiled, suited
from autograd.replay.passes import codes
from autograd.replay.passes.tidy import LEAF, levels

# ops that may send a gradient to what wants none: it costs less than a group of its own
GENEROUS = (codes.ADD, codes.SUB, codes.MUL, codes.TANH)
LONG = 4  # pairs from which on a dot is better off among dots of its own layer


@dataclass
class Instructions:
    """A tidied program, as `tidy` describes it, with what each slot depends on."""

    code: Any
    start: Any
    operand: Any
    uses: Any
    varies: Any  # whether a slot differs from sample to sample
    wants: Any  # whether a gradient passes through it

    @property
    def made(self) -> Any:
        """The slots that are computed, in the order of the program."""
        return np.flatnonzero((self.code != LEAF) & (self.uses > 0))


def grouped(program: Instructions) -> tuple[Any, Any]:
    """Results in the order of memory and execution, and where each group begins.

    What does not depend on the sample comes first, in few groups. In what does, groups are of one level:
    there it counts for more that the places of operands are regular.
    """
    made = program.made
    each = made[program.varies[made]]
    kind, kinds = _kinds(program, made[~program.varies[made]])
    size = len(program.code) + len(program.operand)
    order, borders = suited(from_the_back, size)(kind, kinds, program.start, program.operand)
    if not len(each):
        return order, borders
    level = suited(levels, size)(program.code, program.start, program.operand)[each]
    keys = (each, *_shape(program, each), level)
    by = np.lexsort(keys)
    further = _borders([key[by] for key in keys[1:]])
    return np.concatenate([order, each[by]]), np.concatenate([borders[:-1], further + len(order)])


def _shape(program: Instructions, made: Any) -> tuple[Any, Any, Any]:
    """What results of one group have in common: the kinds of their operands, how many, and the code."""
    start, operand = program.start, program.operand
    kind = program.varies * 2 + program.wants + 1
    begin, count = start[made].astype(np.int64), (start[made + 1] - start[made]).astype(np.int64)
    shape = np.zeros(len(made), np.int64)
    for k in range(3):  # the first operands, then the last, then the first of a dot's second half
        shape = shape * 5 + np.where(count > k, kind[operand[np.where(count > k, begin + k, 0)]], 0)
    shape = shape * 5 + kind[operand[begin + count - 1]]
    middle = operand[begin + count // 2]
    shape = shape * 5 + kind[middle]
    # what long dots are made of: the products of two layers may have the same length
    long = (program.code[made] == codes.DOT) & (count >= 2 * LONG)
    shape = shape * (codes.RUNS + 1) + np.where(long, program.code[middle] + 1, 0)
    return shape, count, program.code[made]


def _borders(keys: list[Any]) -> Any:
    """Where groups begin in rows sorted by all keys, and their end."""
    changes = np.zeros(len(keys[0]), bool)
    changes[0] = True
    for key in keys:
        changes[1:] |= key[1:] != key[:-1]
    return np.append(np.flatnonzero(changes), len(changes))


def _kinds(program: Instructions, made: Any) -> tuple[Any, int]:
    """For each slot the number of its kind, or -1: results of one kind may share a group."""
    kind = np.full(len(program.code), -1, np.int32)
    kind[made] = program.code[made]
    exact = made[~np.isin(program.code[made], GENEROUS)]
    most = codes.RUNS
    if len(exact):
        keys = _shape(program, exact)
        by = np.lexsort(keys)
        borders = _borders([key[by] for key in keys])
        kind[exact[by]] = most + np.repeat(np.arange(len(borders) - 1), np.diff(borders))
        most += len(borders) - 1
    return kind, most


@compiled
def from_the_back(kind: Any, kinds: int, start: Any, operand: Any) -> Any:
    """Groups from the last to the first: each time all results of one kind that nothing later uses.

    Of the kinds at hand, that with the most results goes first: few groups. From the back, because then
    results stand near what uses them, which spares the memory more than standing near their operands.
    Returns the results in the order of execution, and where each group begins.
    """
    slots = len(kind)
    users, remaining = np.zeros(slots, np.int32), np.zeros(kinds, np.int64)
    left = 0
    for s in range(slots):
        if kind[s] >= 0:
            left += 1
            remaining[kind[s]] += 1
            for k in range(start[s], start[s + 1]):
                users[operand[k]] += 1
    order, borders = np.zeros(left, np.int64), np.zeros(left + 1, np.int64)
    ready, waiting = np.full(kinds, -1, np.int64), np.zeros(kinds, np.int64)  # lists linked by `after`
    after = np.zeros(slots, np.int32)
    for s in range(slots):
        if kind[s] >= 0 and users[s] == 0:
            after[s], ready[kind[s]] = ready[kind[s]], s
            waiting[kind[s]] += 1
    groups = 0
    borders[0] = left
    while left > 0:
        chosen = 0
        for q in range(kinds):
            if waiting[q] * remaining[chosen] > waiting[chosen] * remaining[q] or remaining[chosen] == 0:
                chosen = q
        s = ready[chosen]
        remaining[chosen] -= waiting[chosen]
        ready[chosen], waiting[chosen] = -1, 0
        end = left
        while s >= 0:
            left -= 1
            order[left] = s
            s = after[s]
        order[left:end].sort()
        for j in range(left, end):
            for k in range(start[order[j]], start[order[j] + 1]):
                p = operand[k]
                users[p] -= 1
                if users[p] == 0 and kind[p] >= 0:
                    after[p], ready[kind[p]] = ready[kind[p]], p
                    waiting[kind[p]] += 1
        groups += 1
        borders[groups] = left
    return order, borders[: groups + 1][::-1].copy()
