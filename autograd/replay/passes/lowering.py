"""From a program's ops to the codes the executors know: most one to one, the rest in a few codes each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.entry import Op, Operand
from autograd.program import Program
from autograd.replay.ops import NATIVE, Vocabulary, compose
from autograd.replay.passes.codes import SURPRISAL
from autograd.replay.passes.tidy import LEAF

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


def lower(program: Program, known: Sequence[bool], words: Vocabulary = NATIVE) -> Flat:
    """The program in codes.

    Args:
        program: what was recorded.
        known: for each leaf, whether its number never changes.
        words: the codes that there are.

    Raises:
        UnsupportedError: an op has no code; the message is its name.
    """
    if any(words.made_of(op) for op in program.kinds):
        return _compose(program, known, words)
    leaves, extra = len(program.leaves), len(EXTRA)
    table = np.array([words.code_of(op) for op in program.kinds] or [0], np.int32)
    operand = np.array(program.operands, np.int32)
    operand = operand + np.where(operand >= leaves, extra, 0).astype(np.int32)
    recorded = np.array(program.recorded)
    codes = table[np.array(program.codes, np.int64)]
    slots = np.arange(program.size)
    return Flat(
        code=np.concatenate([np.full(leaves + extra, LEAF, np.int32), codes]),
        start=np.concatenate([np.zeros(leaves + extra, np.int32), np.array(program.starts, np.int32)]),
        operand=operand,
        known=np.concatenate([np.array(known, bool), np.ones(extra, bool), np.zeros(len(codes), bool)]),
        number=np.concatenate([recorded[:leaves], EXTRA, recorded[leaves:]]),
        slot=slots + np.where(slots >= leaves, extra, 0),
        one=leaves,
        minus_one=leaves + 1,
    )


def _compose(program: Program, known: Sequence[bool], words: Vocabulary) -> Flat:
    leaves = len(program.leaves)
    w = InstructionWriter([*program.recorded[:leaves], *EXTRA], [*known, *[True] * len(EXTRA)], words)
    slot = list(range(leaves))
    operands, starts = program.operands, program.starts
    surprisals = _surprisals(program) if words is NATIVE else {}
    for k, kind in enumerate(program.codes):
        op, number = program.kinds[kind], program.recorded[leaves + k]
        places = [slot[i] for i in operands[starts[k] : starts[k + 1]]]
        if all(w.known[place] for place in places):
            made = w.place(number)
        elif k in surprisals:
            made = w.add(SURPRISAL, *[slot[i] for i in surprisals[k]])
        elif words.made_of(op):
            made = w.place(w.apply(op, [w.number[i] if w.known[i] else Slot(w, i) for i in places]))
        else:
            made = w.add(words.code_of(op), *places)
        w.number[made] = number
        slot.append(made)
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


def _surprisals(program: Program) -> dict[int, list[int]]:
    """By node that is one of `autograd.surprisals`, where only it asks for the rest: the slots xs and x."""
    leaves, uses = len(program.leaves), Counter(program.operands)
    found = {}

    def node(slot: int) -> tuple[str, list[int]]:
        k = slot - leaves
        if k < 0:
            return "", []
        return program.kinds[program.codes[k]].name, [
            *program.operands[program.starts[k] : program.starts[k + 1]]
        ]

    for k in range(len(program.codes)):
        name, (*_, last) = node(leaves + k)
        rest, xs_and_total = node(last) if name == "add" else ("", [])
        if rest == "logsumexp_rest" and uses[last] == 1:
            *xs, total = xs_and_total
            difference, (first, *x) = node(program.operands[program.starts[k]])
            if (difference, first) == ("sub", total) and node(total) == ("logsumexp", xs):
                found[k] = [*xs, *x]
    return found


class InstructionWriter:
    """Collects instructions. Numbers between the ops of a program are unknown: nan, which nothing folds."""

    def __init__(self, number: list[float], known: list[bool], words: Vocabulary = NATIVE) -> None:
        self.number, self.known, self.words = number, known, words
        self.code, self.start = [LEAF] * len(number), [0] * (len(number) + 1)
        self.operand: list[int] = []
        self.constants = {x.hex(): i for i, (x, fixed) in enumerate(zip(number, known)) if fixed}

    def add(self, code: int, *operands: int, number: float = float("nan"), known: bool = False) -> int:
        """One more instruction; the slot it fills."""
        self.code.append(code)
        self.operand.extend(operands)
        self.start.append(len(self.operand))
        self.number.append(number)
        self.known.append(known)
        return len(self.code) - 1

    def place(self, x: Any) -> int:
        """The slot of an operand: its own, or that of a number that never changes."""
        if isinstance(x, Slot):
            return x.slot
        number = float(x)
        if (key := number.hex()) not in self.constants:
            self.constants[key] = self.add(LEAF, number=number, known=True)
        return self.constants[key]

    def apply(self, op: Op, operands: Sequence[Any]) -> Any:
        """The op, or what it is made of, on slots and numbers."""
        made = compose(op, operands, self.words)
        return self.plain(op, operands) if made is None else made

    def plain(self, op: Op, operands: Sequence[Any]) -> Slot:
        """The op by its code, whatever else it may be made of."""
        return Slot(self, self.add(self.words.codes[op.name], *map(self.place, operands)))


class Slot(Operand):
    """A slot of a program that is being written: ops on it write instructions."""

    __slots__ = ("slot", "writer")
    reading = 9

    def __init__(self, writer: InstructionWriter, slot: int) -> None:
        self.writer, self.slot = writer, slot

    def apply(self, op: Op, operands: Sequence[Any]) -> Any:
        """The op, written."""
        return self.writer.apply(op, [x if isinstance(x, Slot) else float(x) for x in operands])
