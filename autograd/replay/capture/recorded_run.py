"""One recorded run of a function: its result, its guards, and the nodes that stood for the arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograd.messages import listed, say
from autograd.program import Program
from autograd.replay.capture.arguments import MOST, NODE, WHOLE, Arguments
from autograd.replay.capture.arithmetic import SMALL, range_of
from autograd.replay.capture.probe import Probe
from autograd.replay.capture.recording import Recording
from autograd.replay.capture.result import loss_in
from autograd.replay.capture.stand_ins import copied, put_back
from autograd.replay.jit import LARGE, have_numba
from autograd.replay.reference import hand_out
from autograd.value import Value, constant


class RecordedRun:
    """A run on recording Values.

    Args:
        function: what to run.
        arguments: of this call; numbers among them become probes, Values stay themselves.
        reads: of `WATCHED` what to look out for, which costs a little at every node.
    """

    def __init__(
        self, function: Callable[..., Any], arguments: Arguments, reads: Collection[str] = ()
    ) -> None:
        inputs: list[Value] = []

        def stand_in(x: Any, kind: str) -> Any:
            if kind == NODE:
                inputs.append(x)
                return x
            inputs.append(constant(float(x)))
            limits = range_of(x.__class__)
            if limits is not None:
                most = SMALL if kind == WHOLE else MOST
                limits = (max(limits[0], -most), min(limits[1], most))
            return Probe(self.written, inputs[-1], x.__class__, *(limits or ()))

        self.hopeless = False  # whether no other run of this function can be recorded
        self.stored = ""  # where the function stored numbers that were to follow their Values
        self.written = written = Recording()
        try:
            try:
                written.begin(reads)
                args, kwargs, parts = arguments.rebuilt(stand_in)
                self.result = function(*args, **kwargs)
            finally:
                written.end()
        except BaseException as problem:
            written.end()  # again, where an interrupt hit it
            if isinstance(problem, Exception):
                problem.args = tuple(x.recorded_number if isinstance(x, Probe) else x for x in problem.args)
                self._let_go()
            raise
        if parts.write_back(lambda x: x.recorded_number if isinstance(x, Probe) else x):
            written.unfit.append(say("runs_argument"))
        del args, kwargs, parts
        self._let_go()
        self.inputs = inputs
        self.program: Program | None = None
        self.passing: list[int] = []  # the leaves of the program that are arguments
        self.nodes = [x for x in arguments.leaves if isinstance(x, Value)]
        if any(x.a is not None for x in self.nodes):
            written.unfit.append(say("record_inner_argument"))

    def _let_go(self) -> None:
        """No stand-in goes with what the function stored."""
        probes = self.written.probes
        if not probes:
            return
        held, self.result = [copied(getattr(self, "result", None))], None
        places = []
        for stand_ins in (self.written.arrays, probes):  # arrays first, for they hold the others
            places.append(put_back(stand_ins, held))
            stand_ins.clear()
        self.stored = listed(place for place, _ in places if place)
        if not all(back for _, back in places):
            self.written.unfit.insert(0, say("runs_keeps", places=self.stored))
            self.hopeless = True
        self.result = held[0]

    def settle(self) -> None:
        """Values that the function made of stand-ins are leaves, and so are detached ones."""
        for node, op in self.written.leaves:
            node.a, node.op = None, op
        self.written.leaves.clear()

    @property
    def root(self) -> Value | None:
        """The Value to differentiate, when the function returned one."""
        return loss_in(self.result)

    @property
    def path(self) -> list[tuple[Any, ...]]:
        """What its guards decided, in order."""
        return [(g.code, g.line, g.outcome, g.number) for g in self.written.guards]

    def flattened(self, others: Sequence[Value], leaves: Sequence[Value]) -> Program:
        """`Program.of(root, others, leaves)`, from the journal where that is possible."""
        self.program = self.written.journal.program(self.root, others, leaves)
        return self.program

    def hand_out(self) -> None:
        """Add the gradients to the leaves."""
        program = self.program if self.written.journal.complete and have_numba() else None
        if program is not None and len(program.codes) >= LARGE and hand_out(program):
            return
        if self.root is not None and self.root.requires_grad:
            self.root.backward()

    def release(self) -> None:
        """Let the graph go, and the Values among the arguments."""
        self.result = None
        for i in self.passing:
            leaves = self.program.leaves  # type: ignore[union-attr]  # a program passes them on
            leaves[i] = Value(0.0, requires_grad=leaves[i].requires_grad)
        self.written.guards.clear()
        self.written.journal.clear()
