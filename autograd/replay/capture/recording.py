"""Recording: a function runs once on real Values while everything that decides is written down.

The graph that the run leaves behind is the program. What Values alone do not show is caught while it runs:
`.data` gives a probe, comparisons record guards, random numbers and writes make the run unfit for replay.
To that end some attributes of `Value` are exchanged (`exchanged`) while any recording runs.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograd import modes
from autograd.entry import CONSTANT
from autograd.messages import say
from autograd.program import PICK, Program
from autograd.replay.capture.arithmetic import kind_of, number_of, range_of
from autograd.replay.capture.patches import exchange, restore
from autograd.replay.capture.probe import Probe, stopped
from autograd.replay.jit import have_numpy
from autograd.replay.this_thread import HERE
from autograd.value import Value, constant

_COMPARE = {"gt": float.__gt__, "ge": float.__ge__, "eq": float.__eq__}


@dataclass(frozen=True)
class Guard:
    """A comparison that must come out as it did: `left code right` is `outcome`; seen at `line`."""

    code: str
    left: Any
    right: Any
    outcome: bool
    line: str
    number: float | None = None  # the plain number on one side, which belongs to the path taken


class Journal:
    """The nodes that a run made, in their order; they stay alive until `clear`, so addresses name them."""

    __slots__ = ("complete", "constants", "labelled", "nodes")

    def __init__(self) -> None:
        self.nodes: list[Value] = []
        self.constants: list[Value] = []  # leaves that operators made of plain numbers
        self.labelled: list[Value] = []
        self.complete = True  # whether the journal alone gives the program

    def clear(self) -> None:
        """Let the nodes go: from the newest to the oldest, so that none of them takes others along."""
        self.constants.clear()
        self.labelled.clear()
        self.nodes.clear()

    def program(self, root: Value | None, others: Sequence[Value], leaves: Sequence[Value]) -> Program:
        """`Program.of(root, others, leaves)`, read off the journal where that is possible.

        Raises:
            ValueError: a node was made by hand.
        """
        made = None
        if self.complete and self.nodes and have_numpy():
            from autograd.replay.capture.flattening import Flattening

            made = Flattening(self, leaves).program(root, others)
        self.complete = made is not None
        return Program.of(root, others, leaves) if made is None else made


class Recording:
    """What one run of a function wrote down besides its graph."""

    def __init__(self) -> None:
        self.guards: list[Guard] = []
        self.unfit: list[str] = []  # why the run cannot stand for others, each with its line
        self.journal = Journal()
        self._before = HERE.run, HERE.body
        self._state: Any = None  # of the random numbers
        self.probes: list[Probe] = []  # all that it made
        self.arrays: list[Any] = []  # likewise of what stands for arrays
        self.leaves: list[tuple[Value, Any]] = []  # what ends a graph once the run is over, and their ops
        self._known: set[tuple[str, Any, Any]] = set()
        self._note = ""  # what the next guards say besides their line

    def begin(self, reads: Collection[str] = ()) -> None:
        """Record everything that this thread does with Values; of `WATCHED`, what `reads` names too."""
        self._state = random.getstate()
        exchange(self, reads)
        modes.force(self)
        HERE.run, HERE.body = self, True

    def end(self) -> None:
        """All is as before `begin`, however far that came; may be called again, if an interrupt hit this."""
        HERE.run, HERE.body = self._before
        modes.release(self)
        restore(self)
        if self._state is not None and random.getstate() != self._state:
            self.unfit.append(say("runs_random"))
        self._state = None

    def refuse(self, why: str) -> None:
        """The function did what a replay would not repeat."""
        text = f"{why} ({_line()})"
        if text not in self.unfit:
            self.unfit.append(text)

    def guard(self, code: str, left: Value | float, right: Value | float, outcome: bool) -> None:
        """Write down a comparison of nodes and plain numbers, and its outcome.

        It is known by its two nodes, which the guards keep alive; only a plain number is known by its bits.
        """
        a, b = (x.hex() if isinstance(x, float) else id(x) for x in (left, right))
        if (code, a, b) not in self._known:
            self._known.add((code, a, b))
            number = left if isinstance(left, float) else right if isinstance(right, float) else None
            one, other = (constant(x) if isinstance(x, float) else x for x in (left, right))
            self.guards.append(Guard(code, one, other, outcome, _line() + self._note, number))

    @contextmanager
    def noting(self, note: str) -> Iterator[None]:
        """Let guards say why they are there."""
        before, self._note = self._note, note
        try:
            yield
        finally:
            self._note = before

    def compare(self, code: str, left: Any, right: Any) -> Any:
        """The outcome of a comparison of Values, probes and numbers, guarded."""
        sides: list[Value | float] = []
        for x in (left, right):
            if not isinstance(x, (Value, Probe, int, float)):
                return NotImplemented
            sides.append(x if isinstance(x, Value) else x.node if isinstance(x, Probe) else float(x))
        one, other = sides
        outcome = bool(_COMPARE[code](*[x if isinstance(x, float) else number_of(x) for x in sides]))
        self.guard(code, one, other, outcome)
        return outcome

    def truncated(self, x: Probe) -> Any:
        """int(x), guarded by the interval in which it comes out so."""
        if x.whole:
            return int(x.exact())
        k = math.trunc(x.recorded_number)
        if abs(k) > 2**52:
            return math.trunc(x.exact())
        low, high = (k, k + 1) if k > 0 else (k - 1, k) if k < 0 else (-1, 1)
        (self.compare("ge", x, float(low)) if k > 0 else self.compare("gt", x, float(low)))
        (self.compare("ge", float(high), x) if k < 0 else self.compare("gt", float(high), x))
        return k

    def picked(self, items: list[Any], index: Probe) -> Any:
        """A recorded lookup."""
        bare = [x.node if isinstance(x, Probe) else x for x in items]
        nodes = [x if isinstance(x, Value) else constant(x) for x in bare]
        made = Value.apply(PICK, [*nodes, index.node])
        if any(isinstance(x, Value) for x in items):
            return made
        kinds = {*map(kind_of, items)}
        kind = kinds.pop() if len(kinds) == 1 else float
        return Probe(self, made, kind if range_of(kind) or issubclass(kind, float) else float)

    def probe(self, node: Value) -> Probe:
        """What `.data` gives while recording."""
        return Probe(self, self.stopped(node))

    def stopped(self, node: Value) -> Value:
        """A node with the same number, from which no gradient goes back."""
        made = stopped(node)
        if made is not node:
            self.journal.nodes.append(made)
            self.leaves.append((made, CONSTANT))
        return made


def _line() -> str:
    path, line = modes.caller_place(2)
    return f"{path}:{line}"


@contextmanager
def recording(reads: Collection[str] = ()) -> Iterator[Recording]:
    """Record everything that this thread does with Values."""
    run = Recording()
    try:
        run.begin(reads)
        yield run
    finally:
        run.end()
