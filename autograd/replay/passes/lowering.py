"""From a program's ops to the codes the executors know: most one to one, the rest in a few codes each.

An op that is neither among the expansions nor among the codes is reported by name; such a program runs in
plain Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.program import Program
from autograd.replay.passes import codes
from autograd.replay.passes.expansions import EXPANSIONS, UnsupportedError, Writer
from autograd.replay.passes.tidy import LEAF

DIRECT = {name: number for name, number in codes.NAMES.items() if name not in EXPANSIONS}
EXTRA = (1.0, -1.0)  # constants that the passes use


@dataclass
class Flat:
    """The arrays that `tidy` describes, and where the program's slots went."""

    code: Any
    start: Any
    operand: Any
    known: Any
    number: Any
    slot: Any  # for each slot of the program, the slot here
    one: int = 0
    minus_one: int = 0


def lower(program: Program, known: Sequence[bool]) -> Flat:
    """The program in codes.

    Args:
        program: what was recorded.
        known: for each leaf, whether its number never changes.

    Raises:
        UnsupportedError: an op has no code; the message is its name.
    """
    names = [op.name for op in program.kinds]
    for name in names:
        if name not in DIRECT and name not in EXPANSIONS:
            raise UnsupportedError(name)
    if any(name in EXPANSIONS for name in names):
        return _expand(program, known, names)
    leaves, extra = len(program.leaves), len(EXTRA)
    table = np.array([DIRECT[name] for name in names] or [0], np.int32)
    operand = np.array(program.operands, np.int32)
    operand = operand + np.where(operand >= leaves, extra, 0).astype(np.int32)
    recorded = np.array(program.recorded)
    count = len(program.codes)
    slots = np.arange(program.size)
    return Flat(
        code=np.concatenate(
            [
                np.full(leaves + extra, LEAF, np.int32),
                table[np.array(program.codes, np.int64)] if count else table[:0],
            ]
        ),
        start=np.concatenate([np.zeros(leaves + extra, np.int32), np.array(program.starts, np.int32)]),
        operand=operand,
        known=np.concatenate([np.array(known, bool), np.ones(extra, bool), np.zeros(count, bool)]),
        number=np.concatenate([recorded[:leaves], EXTRA, recorded[leaves:]]),
        slot=slots + np.where(slots >= leaves, extra, 0),
        one=leaves,
        minus_one=leaves + 1,
    )


def _expand(program: Program, known: Sequence[bool], names: Sequence[str]) -> Flat:
    leaves = len(program.leaves)
    w = Writer([*program.recorded[:leaves], *EXTRA], [*known, *[True] * len(EXTRA)])
    slot = list(range(leaves))
    operands, starts = program.operands, program.starts
    for k, kind in enumerate(program.codes):
        name = names[kind]
        places = [slot[i] for i in operands[starts[k] : starts[k + 1]]]
        expansion = EXPANSIONS.get(name)
        made = w.add(DIRECT[name], *places) if expansion is None else expansion(w, *places)
        w.number[made] = program.recorded[leaves + k]
        slot.append(made)
    # numbers inside an expansion are nan here, and what is nan is never folded
    return Flat(
        np.array(w.code, np.int32),
        np.array(w.start, np.int32),
        np.array(w.operand, np.int32),
        np.array(w.known, bool),
        np.array(w.number),
        np.array(slot),
        leaves,
        leaves + 1,
    )
