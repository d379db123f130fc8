"""A variant: the program that one run of a function left behind, and when it may stand for another run."""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import compress
from operator import add, itemgetter
from typing import Any
from weakref import ref

from autograd.backward import PASS
from autograd.entry import CONSTANT, LEAF
from autograd.messages import say
from autograd.number import to_grad
from autograd.program import STOP
from autograd.replay.audit import Moment
from autograd.replay.capture.arguments import NODE, Arguments
from autograd.replay.capture.arithmetic import DATA, number_of
from autograd.replay.capture.recorded_run import RecordedRun
from autograd.replay.capture.result import foreign_part, put_together, take_apart
from autograd.replay.jit import LARGE, have_numpy
from autograd.replay.slots import MANY, Slots
from autograd.value import Value

GRAD = Value.__dict__["grad"]  # the slot itself
FEW = 50  # numbers
MOST_EXTRA = 16  # comparisons of one program because of slots that had not moved before


class Unmoved:
    """Slots of leaves that held what they held while recording in every comparison so far."""

    def __init__(self, slots: Iterable[int], recorded: Sequence[float]) -> None:
        self.slots = sorted(set(slots))
        self._recorded = recorded
        self._know()

    def _know(self) -> None:
        self._of = itemgetter(*self.slots) if len(self.slots) > 1 else None
        self._first = self._bytes(self._recorded)
        self._arrays: Any = None

    def _bytes(self, numbers: Any) -> bytes:
        if hasattr(numbers, "dtype"):
            return numbers[self.arrays()[0]].tobytes()  # type: ignore[no-any-return]  # NumPy's bytes
        found = [numbers[i] for i in self.slots] if self._of is None else self._of(numbers)
        return array("d", found).tobytes()

    def moved(self, numbers: Sequence[float]) -> set[int]:
        """The slots whose numbers moved, bit by bit; where none did, that is one comparison of memory."""
        now = self._bytes(numbers)
        if now == self._first:
            return set()
        pairs = zip(self.slots, range(0, len(now), 8))
        return {i for i, k in pairs if now[k : k + 8] != self._first[k : k + 8]}

    def arrays(self) -> tuple[Any, Any]:
        """The slots and what they held while recording."""
        if self._arrays is None:
            import numpy as np

            self._arrays = np.array(self.slots, np.int64), np.frombuffer(self._first)
        return self._arrays  # type: ignore[no-any-return]  # a pair of arrays

    def drop(self, slots: set[int]) -> None:
        """A comparison saw these move."""
        if not slots.isdisjoint(self.slots):
            self.slots = [i for i in self.slots if i not in slots]
            self._know()


class Variant:
    """A program with its guards.

    Leaves of the program: first the parameters, then the inputs, then the others.

    Attributes:
        wanted: slots of leaves that want a gradient and are no inputs, parameters first.
        given: slots of the inputs, one per leaf of the arguments.
        read: slots of other leaves that existed before the run: read anew at every call.
        confirmed: whether a second run left the same program behind.
        answers: how many calls it answered.
        served: whether a replay ever gave a number.
        doubt: the first place that no comparison with the function itself speaks for.
    """

    def __init__(self, run: RecordedRun, parameters: Sequence[Value]) -> None:
        guards = run.written.guards
        self.path, self.nodes = run.path, list(map(ref, run.nodes))
        self.shape, results = take_apart(run.result)
        self.parameters = len(parameters)
        foreign = foreign_part(self.shape)
        if foreign:
            raise ValueError(say("runs_foreign", kind=foreign))
        sides = [node for guard in guards for node in (guard.left, guard.right)]
        # inputs may repeat a parameter or each other (aliases): then they are one leaf
        self.program = run.flattened([*results, *sides], [*parameters, *run.inputs])
        place = {leaf: i for i, leaf in enumerate(self.program.leaves)}
        self.outputs = self.program.outputs[: len(results)]
        ends = self.program.outputs[len(results) :]
        pairs = zip(guards, ends[::2], ends[1::2])
        self.guards = [(g.code, left, right, g.outcome, g.line) for g, left, right in pairs]
        self.given = [place[node] for node in run.inputs]
        given = set(self.given)
        self.wanted = [i for i, leaf in enumerate(self.program.leaves) if leaf.op is LEAF]
        constants = [i for i, leaf in enumerate(self.program.leaves) if leaf.op is CONSTANT]
        self.read = [i for i in constants if i not in given]
        self.kept: list[Value] = []
        run.passing = [i for i in given if i >= self.parameters and self.program.leaves[i] in run.nodes]
        self.copies = sum(op is LEAF for _, op in run.written.leaves)  # leaves made of other Values' numbers
        self.confirmed = False
        self.inputs = self.leaves = Unmoved((), ())  # what no comparison saw move yet, of either kind
        self._open = {"once", "nodes"} if run.nodes else {"once"}
        self._compared = self._missed = 0  # comparisons that showed something new; that guards prevented
        self.prepared: dict[Any, Any] = {}  # what executors make of it, by executor
        self.answers, self.served, self.doubt = 0, False, Moment()

    def confirm(self, other: Variant) -> str:
        """Compare with a second run on the same path: "" or what differs. What the run made becomes known."""
        mine, theirs = self.program, other.program
        same = (
            mine.codes == theirs.codes
            and mine.operands == theirs.operands
            and mine.kinds == theirs.kinds
            and mine.root == theirs.root
            and len(mine.leaves) == len(theirs.leaves)
            and self.outputs == other.outputs
            and self.shape == other.shape
        )
        if not same or self.wanted != other.wanted:
            return say("runs_otherwise")
        given, new = set(self.given), []
        for i in [i for i, (leaf, again) in enumerate(zip(mine.leaves, theirs.leaves)) if leaf is not again]:
            if i not in given:
                new.append(i)
                if mine.leaves[i].op is not theirs.leaves[i].op:
                    return say("runs_other_leaves")
                x, y = mine.recorded[i], theirs.recorded[i]
                if _differ(x, y):
                    return say("runs_number_changed", before=repr(x), now=repr(y))
        made = set(new)
        self.read = [i for i in self.read if i not in made]
        self.wanted = [i for i in self.wanted if i not in made]
        self.kept = [mine.leaves[i] for i in self.wanted]
        pinned = self._pinned()
        self.inputs = Unmoved(given - pinned, mine.recorded)
        self.leaves = Unmoved({*self.wanted, *self.read} - given - pinned, mine.recorded)
        self.confirmed = True
        if len(new) >= LARGE:
            self._share(new)
        return ""

    def _share(self, made: Sequence[int]) -> None:
        """Of leaves that the run made with the same number, keep one: a Value takes a hundred bytes."""
        leaves = self.program.leaves
        known: dict[Any, Value] = {}
        for i in made:
            x = self.program.recorded[i]
            leaves[i] = known.setdefault((leaves[i].op, x, math.copysign(1.0, x)), leaves[i])

    @property
    def known(self) -> list[bool]:
        """For each leaf whether its number never changes."""
        changing = {*self.wanted, *self.read, *self.given}
        return [i not in changing for i in range(len(self.program.leaves))]

    def some_numbers(self, inputs: Sequence[float]) -> Any:
        """All leaves' numbers for a call with these inputs, in an array where they are many."""
        now = None if self._slots is None else self._slots.read(DATA)
        if now is None:
            return self.numbers(inputs)
        numbers = self._recorded.copy()
        if self._first:
            numbers[: len(now)] = now
        else:
            numbers[self.wanted] = now
        if self.read:
            numbers[self.read] = [number_of(self.program.leaves[i]) for i in self.read]
        if self.given:
            numbers[self.given] = inputs
        return numbers

    @cached_property
    def _slots(self) -> Slots | None:
        """The leaves of `wanted`, where arrays pay."""
        return Slots(self.kept) if len(self.kept) >= MANY and have_numpy() else None

    @cached_property
    def _recorded(self) -> Any:
        import numpy as np

        return np.array(self.program.recorded[: len(self.program.leaves)], float)

    def numbers(self, inputs: Sequence[float]) -> list[float]:
        """All leaves' numbers for a call with these inputs."""
        numbers = list(self.program.recorded[: len(self.program.leaves)])
        if self._first:
            numbers[: len(self.kept)] = map(DATA.__get__, self.kept)
        else:
            for i, x in zip(self.wanted, map(DATA.__get__, self.kept)):
                numbers[i] = x
        for i in self.read:
            numbers[i] = number_of(self.program.leaves[i])
        for i, x in zip(self.given, inputs):
            numbers[i] = x
        return numbers

    @cached_property
    def _first(self) -> bool:
        """Whether the leaves of `wanted` are the first of all, as parameters are."""
        return self.wanted == [*range(len(self.wanted))]

    def hand_out(self, arguments: Arguments, gradients: Any) -> None:
        """Add the gradients of `wanted` to the leaves' in a call with these arguments, as `backward` does."""
        with PASS:
            if NODE not in arguments.kinds:  # then no leaf stands there twice
                if self._slots is not None and not isinstance(gradients, list):
                    slots, reached = self._reached_slots
                    before = slots.read(GRAD)
                    if before is not None:
                        slots.write(GRAD, before + (gradients if reached is None else gradients[reached]))
                        return
                leaves, reached = self._reached
                add_gradients(leaves, gradients if reached is None else compress(gradients, reached))
                return
            for slot, leaf, g in zip(self.wanted, self.targets(arguments), gradients):
                if slot not in self.unreached:
                    leaf.grad = to_grad(leaf.grad) + g

    @cached_property
    def _reached(self) -> tuple[list[Value], list[bool] | None]:
        """The leaves of `wanted` that get a gradient, and for each whether it does; None where all do."""
        reached = [slot not in self.unreached for slot in self.wanted]
        return [*compress(self.kept, reached)], reached if self.unreached else None

    @cached_property
    def _reached_slots(self) -> tuple[Slots, Any]:
        """The leaves of `_reached` as slots, and their places in `wanted`; None where that is all."""
        import numpy as np

        leaves, reached = self._reached
        return Slots(leaves), None if reached is None else np.flatnonzero(reached)

    @cached_property
    def unreached(self) -> frozenset[int]:
        """Slots of `wanted` to which nothing flows: eagerly they get no gradient, not even 0."""
        return self.program.without_flow(self.wanted)

    def _pinned(self) -> set[int]:
        """Leaves that never move in this program: a guard says that they stay the same."""
        program, found = self.program, set()
        for code, left, right, outcome, _ in self.guards:
            if code == "eq" and outcome and program.op(right) is CONSTANT:
                found.add(program.operands_of(left)[0] if program.op(left) is STOP else left)
        return found

    @property
    def trusted(self) -> bool:
        """Whether plain runs came to the same, on other numbers than those it was recorded from."""
        return not (self._open or self.inputs.slots or self.leaves.slots)

    def unproven(self, arguments: Arguments, numbers: Sequence[float], inputs: bool = True) -> set[Any]:
        """What differs from the recorded call and was in no comparison with a plain run yet.

        Args:
            arguments: of the call.
            numbers: of all leaves.
            inputs: whether to look at the inputs too.
        """
        if self.trusted:
            return set()
        found: set[Any] = self._open & {"once"}
        if "nodes" in self._open:
            nodes = [x for x in arguments.leaves if isinstance(x, Value)]
            if any(x is not y() for x, y in zip(nodes, self.nodes)):
                found.add("nodes")
        if self.leaves.slots:
            found |= self.leaves.moved(numbers)
        if inputs and self.inputs.slots:
            found |= self.inputs.moved(numbers)
        return found

    def proved(self, arguments: Arguments, numbers: Sequence[float], enough: bool = True) -> None:
        """A plain run with these numbers came to the same; with `enough` it is the last that is asked for."""
        if not enough:
            return
        found = self.unproven(arguments, numbers)
        self._compared += bool(found)
        if self._compared > MOST_EXTRA:
            found |= {*self._open, *self.inputs.slots, *self.leaves.slots}
        self._open -= found
        self.inputs.drop(found)
        self.leaves.drop(found)

    def missed(self, numbers: Sequence[float]) -> None:
        """Count a call that guards sent another way; what moves in such calls alone is not waited for."""
        self._missed += 1
        if self._missed > MOST_EXTRA:
            self.inputs.drop(self.inputs.moved(numbers))

    def targets(self, arguments: Arguments | None) -> list[Value]:
        """The Values that get the gradients of `wanted` in a call with these arguments."""
        targets = list(self.kept)
        if arguments is not None and NODE in arguments.kinds:
            place = dict(zip(self.given, arguments.leaves))
            targets = [place.get(slot, leaf) for slot, leaf in zip(self.wanted, targets)]
        return targets

    def aux(self, outputs: Sequence[float]) -> Any:
        """What the function returned beside its loss, from the numbers of `outputs`."""
        return [*outputs[1:]] if self._lists_numbers else put_together(self.shape, outputs)[1]

    def aux_in(self, table: Any) -> Any:
        """What `aux` gives, of many calls with these outputs, as an array; None where it is no numbers."""
        if self.shape[2] == "number":
            return table[:, 1]
        return table[:, 1:] if self._lists_numbers else None

    def aux_of(self, table: Any) -> list[Any]:
        """What `aux` gives, for each of many calls."""
        if self._lists_numbers:
            return table[:, 1:].tolist()  # type: ignore[no-any-return]  # NumPy's list
        return [put_together(self.shape, row)[1] for row in table.tolist()]

    @cached_property
    def _lists_numbers(self) -> bool:
        """Whether that is a list of numbers, as it mostly is with models."""
        kind, *parts = self.shape[2]
        return kind == "list" and {*parts} == {"number"}

    def holds(self, slots: Sequence[float]) -> bool:
        """Whether all guards come out as recorded, given every slot's number."""
        for code, left, right, outcome, _ in self.guards:
            a, b = slots[left], slots[right]
            if (a > b if code == "gt" else a >= b if code == "ge" else a == b) != outcome:
                return False
        return True

    def same_path(self, run: RecordedRun) -> bool:
        """Whether a run's guards came out as this one's, as far as both go."""
        return all(mine == theirs for mine, theirs in zip(self.path, run.path))


def add_gradients(leaves: Collection[Value], gradients: Iterable[float]) -> None:
    """Add to each leaf's `.grad`; none of them stands there twice."""
    before = [*map(GRAD.__get__, leaves)]
    if not {*map(type, before)} <= {float}:
        before = [*map(to_grad, before)]
    deque(map(GRAD.__set__, leaves, map(add, before, gradients)), maxlen=0)


def _differ(a: float, b: float) -> bool:
    return a != b and (a == a or b == b)


def is_finite(numbers: Any) -> bool:
    """Whether no number of a sequence, or of an array, is infinite or nan."""
    if hasattr(numbers, "dtype"):
        return math.isfinite(abs(numbers).max(initial=0.0))  # nan is the largest of all
    if len(numbers) > FEW and math.isfinite(math.hypot(*numbers)):  # in half the time
        return True
    return math.isfinite(math.fsum([x * 0.0 for x in numbers]))
