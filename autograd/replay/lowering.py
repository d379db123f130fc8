"""From a program's ops to the codes the executors know: most one to one, the rest in a few codes each.

An op that is neither here nor among the codes is reported by name; such a program runs in plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.program import Program
from autograd.replay import codes
from autograd.replay.tidy import LEAF

DIRECT = {name: number for name, number in codes.NAMES.items() if name not in ("maximum", "minimum", "pow")}
EXTRA = (1.0, -1.0)  # constants that the passes use


class UnsupportedError(Exception):
    """A program holds an op that only plain Python can run."""


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


@dataclass
class Writer:
    """Collects instructions; what an expansion writes with."""

    number: list[float]
    known: list[bool]
    code: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    operand: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.code, self.start = [LEAF] * len(self.number), [0] * (len(self.number) + 1)

    def add(self, code: int, *operands: int, number: float = float("nan")) -> int:
        """One more instruction; the slot it fills."""
        self.code.append(code)
        self.operand.extend(operands)
        self.start.append(len(self.operand))
        self.number.append(number)
        self.known.append(False)
        return len(self.code) - 1


def _power(w: Writer, a: int, b: int) -> int:
    exponent = w.number[b] if w.known[b] else None
    if exponent == 1.0:
        return a
    if exponent == 2.0:
        return w.add(codes.SQUARE, a)
    if exponent == 3.0:
        return w.add(codes.MUL, w.add(codes.SQUARE, a), a)
    if exponent == -1.0:
        return w.add(codes.RECIPROCAL, a)
    if exponent == 0.5:
        return w.add(codes.SQRT, a)
    if exponent == -0.5:
        return w.add(codes.RECIPROCAL, w.add(codes.SQRT, a))
    return w.add(codes.POW, a, b)


def _most(code: int) -> Callable[..., int]:
    def expand(w: Writer, *xs: int) -> int:
        if len(xs) == 1:
            return xs[0]
        if len(xs) > 2:  # ties share evenly among all, which pairs would not do
            raise UnsupportedError("maximum or minimum of three or more")
        return w.add(code, *xs)

    return expand


def _product(w: Writer, first: int, *rest: int) -> int:
    for x in rest:
        first = w.add(codes.MUL, first, x)
    return first


def _rest(w: Writer, *xs_and_total: int) -> int:
    *xs, total = xs_and_total
    return w.add(codes.STOP, w.add(codes.LOGSUMEXP, *[w.add(codes.SUB, x, total) for x in xs]))


def _leaky(w: Writer, x: int, slope: int) -> int:
    zero = w.add(codes.SUB, slope, slope)
    return w.add(codes.WHERE, w.add(codes.GT, x, zero), x, w.add(codes.MUL, slope, x))


EXPANSIONS: dict[str, Callable[..., int]] = {
    "pow": _power,
    "maximum": _most(codes.MAXIMUM),
    "minimum": _most(codes.MINIMUM),
    "prod": _product,
    "leaky_relu": _leaky,
    "fma": lambda w, a, b, c: w.add(codes.DOT, a, b, c),
    "logaddexp": lambda w, a, b: w.add(codes.LOGSUMEXP, a, b),
    "logsumexp_rest": _rest,
    "exp_difference": lambda w, a, b, c: w.add(  # no gradient goes to c, the rounding of b
        codes.EXP, w.add(codes.SUB, w.add(codes.SUB, a, b), w.add(codes.STOP, c))
    ),
    "log_sigmoid": lambda w, x: w.add(codes.NEG, w.add(codes.SOFTPLUS, w.add(codes.NEG, x))),
}


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
