"""A recorded program in words: from how many nodes to how few instructions, and what each of them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.messages import listed, say
from autograd.program import Program
from autograd.replay.capture.variant import Variant
from autograd.replay.jit import have_numpy
from autograd.replay.ops import CODES, UnsupportedError
from autograd.replay.passes import codes
from autograd.replay.passes.codes import A, B, C
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.replay.passes.tape import Tape

NAMES = {number: name for name, number in CODES.items()}


class Listing:
    """A recorded program as people look at it: how many nodes it had, and the groups it runs in.

    It can be drawn and explained: `autograd.explain(fast_loss.program)`. `flat` is the program itself.
    """

    def __init__(self, variant: Variant, batched: bool) -> None:
        self.variant, self.batched = variant, batched
        self.flat: Program = variant.program

    def as_node(self) -> Value:
        """The recorded graph as Values, for `draw` and `explain`."""
        return self.flat.as_node()

    def __repr__(self) -> str:
        return "\n".join(lines(self.variant, self.batched))


def lines(variant: Variant, batched: bool) -> list[str]:
    """The lines of `fast_loss.program`."""
    program = variant.program
    head = say(
        "program_head",
        nodes=len(program.codes),
        ops=listed(f"{n} {name}" for name, n in program.counts().items()),
        leaves=len(variant.wanted),
        inputs=len(variant.given),
        guards=len(variant.guards),
    )
    if not have_numpy():
        return [head, say("program_in_python")]
    from autograd.replay.executors.arranged_variant import arranged

    try:
        tape = arranged(variant, batched).tape
    except UnsupportedError as op:
        return [head, say("program_no_native_form", op=op)]
    rows = [_line(tape, k) for k in range(len(tape.rows))]
    return [
        head,
        say("program_instructions", count=len(rows)),
        *rows,
        *(say("program_guard", sign=g[0], outcome=g[3], place=g[4]) for g in variant.guards),
    ]


def _line(tape: Tape, k: int) -> str:
    row = tape.rows[k]
    count = int(row[codes.ROWS] * row[codes.OUTER])
    name, entries = NAMES[int(row[codes.CODE])], int(row[codes.ENTRIES])
    what = say("program_entries", name=name, count=entries) if row[codes.CODE] >= codes.LISTS else name
    shared = "" if row[codes.LANES] else (say("program_shared") if tape.shared < len(tape.rows) else "")
    operands = ", ".join(_operand(row, block) for block in (A, B, C) if row[block + codes.START] >= 0)
    return f"{k:3}  {count:>6} x {what:<12} r{int(row[codes.OUT])}.. <- {operands}{shared}"


def _operand(row: Any, block: int) -> str:
    part = row[block : block + codes.BLOCK]
    start = int(part[codes.START])
    if part[codes.INDEXED]:
        return f"listed[{start}..]"
    steps = [
        f"{int(part[column])}{letter}"
        for letter, column in (("u", codes.U), ("i", codes.I), ("j", codes.J))
        if part[column]
    ]
    return " + ".join([f"r{start}", *steps])
