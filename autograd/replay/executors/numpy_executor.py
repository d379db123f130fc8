"""The NumPy executor: every row of the tape is a few array operations on strided views of one memory.

For machines without Numba (a browser's Python among them). All samples of a batch lie side by side, and a
dot whose weights are shared is a matrix product.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import setitem
from typing import Any

import numpy as np

from autograd.files import reader_may_leave
from autograd.replay.capture.variant import Variant
from autograd.replay.executors import numpy_ops
from autograd.replay.executors.arranged_variant import ArrangedVariant
from autograd.replay.executors.numpy_ops import NUMPY
from autograd.replay.executors.numpy_rows import Row
from autograd.replay.executors.numpy_views import Store
from autograd.replay.formula import UpdateFormula, UpdateReading
from autograd.replay.formula_source import assignments, parts_of
from autograd.replay.kernels.records import TRUTHS, Batches, Updates
from autograd.replay.optimiser import NAMES, Optimiser
from autograd.replay.passes.codes import GUARD, LOOK, NONE, NOT_FINITE, OK
from autograd.replay.passes.tape import Tape

CACHE = 1 << 22  # bytes of rows: what a call costs weighs more than what is near the processor
LEAST = 16  # lanes
COMPARE: dict[str, Callable[..., Any]] = {"gt": np.greater, "ge": np.greater_equal, "eq": np.equal}
NEAR = 1e-10  # as in `kernels`


class ArrayMemory:
    """A tape's numbers and gradients, and its rows turned into functions."""

    def __init__(self, variant: Variant, tape: Tape, lanes: int, inputs: int) -> None:
        self.tape, self.lanes, self.inputs, self.edge = tape, lanes, inputs, tape.edge
        self.store = Store(tape, lanes)
        # parameters first, as in the kernels
        self.values, self.gradients = self.store.numbers[:, 0], self.store.number_slopes[:, 0]
        self.rows, self.slopes, self.row = self.store.rows, self.store.slopes, self.store.row
        self.nothing = np.zeros(tape.edge)
        self._outputs = [self.row(int(tape.place[i])) for i in variant.outputs]
        self.guards: dict[tuple[str, bool, bool], list[tuple[int, int]]] = {}
        leaves = len(variant.program.leaves)
        for code, left, right, outcome, _ in variant.guards:
            kind = code, outcome, left < leaves and right < leaves  # leaves are no other than in Python
            self.guards.setdefault(kind, []).append((int(tape.place[left]), int(tape.place[right])))
        rows = [Row(self.store, tape, row) for row in tape.rows]
        self.forward_shared = [row.forward for row in rows[: tape.shared]]
        self.forward_wide = [row.forward for row in rows[tape.shared :]]
        self._plan(rows)

    def _plan(self, rows: Sequence[Row]) -> None:
        """The functions of the backward pass: what comes to a place first begins its sum.

        Blocks of lanes after a batch's first add to what the first left in the shared places.
        """
        touched, cleared = np.zeros(self.tape.count, bool), np.zeros(self.tape.count, bool)
        if self.tape.root >= 0:
            touched[self.tape.root] = True
            cleared[self.tape.root] = self.tape.root < self.edge
        self.backward_shared: list[Callable[[], Any]] = []
        self.backward_first: list[Callable[[], Any]] = []
        self.backward_later: list[Callable[[], Any]] = []
        for k in reversed(range(len(rows))):
            if not touched[rows[k].places].any():
                continue  # nothing comes here
            for operand, flow, like in rows[k].flows:
                fresh = operand.target is not None and not touched[operand.places].any()
                if not fresh:
                    cleared[operand.places] |= ~touched[operand.places]
                touched[operand.places] = True
                send = operand.receiver(flow, like, fresh)
                if k < self.tape.shared:
                    self.backward_shared.append(send)
                    continue
                self.backward_first.append(send)
                self.backward_later.append(
                    operand.receiver(flow, like, False) if fresh and not operand.wide else send
                )
        places = np.flatnonzero(cleared)
        self.clear_shared, self.clear_wide = (
            places[places < self.edge],
            places[places >= self.edge] - self.edge,
        )

    def holding(self, count: int) -> Any:
        """For each of so many lanes whether all guards surely come out as recorded."""
        good = np.ones(count, bool)
        for (code, outcome, exact), sides in self.guards.items():
            a, b = (self.store.read(np.array(places)) for places in zip(*sides))
            fine = COMPARE[code](a, b) == outcome
            if not exact:
                fine &= ~(np.abs(a - b) <= NEAR * (np.abs(a) + np.abs(b)))
            good &= fine.all(0)[:count]
        return good

    def run(self, batches: Batches, updates: Updates) -> tuple[int, int, int]:
        """Do what `loops.run` does; the plan of updates is a function."""
        count = len(batches.order)
        made, position, size = 0, batches.position, batches.size or count
        with np.errstate(all="ignore"):
            if updates.kind == LOOK:
                self._batch(batches, 0, count, looks=True)
                return OK, 0, 0
            while made < updates.limit and count:
                begin = position % count
                end = min(begin + size, count)
                weight = 1.0 / (end - begin) if batches.mean else 1.0
                bad = self._batch(batches, begin, end, weight, batches.steady and made > 0)
                if bad >= 0:
                    return GUARD, bad, made
                loss = float(np.add.reduce(batches.losses[: end - begin])) if self.tape.root >= 0 else 0.0
                told = loss * weight if batches.mean else loss
                if updates.kind == NONE:
                    updates.sums[made] = told
                else:
                    slopes = self.gradients[: updates.parameters]
                    if np.dot(slopes, self.nothing[: updates.parameters]) + loss * 0.0 != 0.0:  # nan is not 0
                        return NOT_FINITE, begin, made
                    numbers, rates = self.values[: updates.parameters], updates.rates[made : made + 1]
                    new = updates.plan(numbers, slopes, updates.state, rates)
                    goals, places = (numbers, updates.state, updates.sums), (slice(None), slice(None), made)
                    # in one call, which an interrupt cannot split
                    deque(map(setitem, goals, places, (*new, told)), maxlen=0)
                made, position = made + 1, position + end - begin
        return OK, 0, made

    def _batch(
        self,
        batches: Batches,
        begin: int,
        end: int,
        weight: float = 0.0,
        filled: bool = False,
        looks: bool = False,
    ) -> int:
        """Losses and gradients of samples order[begin:end]; where in `order` a guard fails, or -1.

        `looks`: no losses, but for each sample whether its guards hold.
        """
        root = -1 if looks else self.tape.root
        for forward in self.forward_shared:
            forward()
        if len(self.clear_shared):
            self.gradients[self.clear_shared] = 0.0
        for first in range(begin, end, self.lanes):
            last = min(first + self.lanes, end)
            if not filled:
                self._fill(batches, first, last)
            for forward in self.forward_wide:
                forward()
            good = self.holding(last - first) if looks or (batches.guarded and self.guards) else TRUTHS
            if looks:
                batches.good[first:last] = good
            elif not good.all():
                return first + int(np.argmin(good))
            if len(batches.kept):
                rows = np.stack([row[: last - first] for row in self._outputs], 1)
                batches.kept.reshape(len(batches.order), -1)[first:last] = rows
            if root >= 0:
                batches.losses[first - begin : last - begin] = self.row(root)[: last - first]
                self._backward(root, last - first, weight, first == begin)
        if root >= 0:
            for backward in self.backward_shared:
                backward()
        return -1

    def _fill(self, batches: Batches, begin: int, end: int) -> None:
        """Put samples order[begin:end] into the lanes; spare lanes repeat the last."""
        if not self.inputs:
            return
        rows = batches.starts[batches.order[begin:end]] // self.inputs
        self.rows[: self.inputs, : end - begin] = batches.samples.reshape(-1, self.inputs)[rows].T
        self.rows[: self.inputs, end - begin :] = self.rows[: self.inputs, end - begin - 1 : end - begin]

    def _backward(self, root: int, count: int, weight: float, first: bool) -> None:
        """Send the gradients of the samples in the lanes back."""
        if len(self.clear_wide):
            self.slopes[self.clear_wide] = 0.0
        if root >= self.edge:
            self.slopes[root - self.edge, :count] = weight
            self.slopes[root - self.edge, count:] = 0.0
        else:
            self.gradients[root] += weight * count
        for backward in self.backward_first if first else self.backward_later:
            backward()


def memory_of(found: ArrangedVariant, size: int) -> ArrayMemory:
    """A variant with so many samples at a time side by side; 0: for one call."""
    tape = found.tape
    most = max(LEAST, CACHE // (16 * max(1, tape.count - tape.edge)))
    lanes = -(-size // -(-size // most)) if size else 1
    return ArrayMemory(found.variant, tape, lanes, len(found.variant.given) if size else 0)


# -- updates ------------------------------------------------------------------------------------------------

# an array or a number to the power of another
POWERS = replace(NUMPY, calls={**NUMPY.calls, "pow": "({0} ** {1})"})
Update = Callable[[Any, Any, Any, Any], tuple[Any, Any]]


def update_of(optimiser: Optimiser) -> Update:
    """One step of an optimiser, made of its formulas.

    Returns:
        f(numbers, gradients, state, rates), which gives the new numbers and state; `rates` holds the learning
        rate where a function says what it is.
    """
    settings = np.array(optimiser.settings())
    parts = []
    for group in optimiser.groups:
        later = _function(group.formula, group.formula.later)
        first = later if group.formula.first is None else _function(group.formula, group.formula.first)
        parts.append((group, first, later))

    def update(numbers: Any, gradients: Any, state: Any, rates: Any) -> tuple[Any, Any]:
        numbers, state, begun = numbers.copy(), state.copy(), state[-1] != 0.0
        for group, first, later in parts:
            if len(rates):
                settings[group.first] = rates[0]
            mine = slice(group.begin, group.begin + group.count)
            change = later if begun else first
            numbers[mine] = change(
                numbers[mine], gradients[mine], state[group.state :], settings[group.first :]
            )
        state[-1] = 1.0
        return numbers, state

    return update


def source_of(formula: UpdateFormula, reading: UpdateReading) -> str:
    """The function of a reading: the new numbers; what is remembered is changed in its place."""
    (names, shared, once, each), size = parts_of(formula, reading), f"{len(formula.each)} * count"
    places = {name: f"memory[{k} * count : {k + 1} * count]" for k, name in enumerate(formula.each)}
    places |= {name: f"memory[{size} + {k}]" for k, name in enumerate(formula.shared)}
    lines = [
        "count = len(x)",
        *(f"{name} = group[{i}]" for i, name in enumerate(formula.settings) if name in names),
        *(f"memory_{name} = {place}" for name, place in places.items() if f"memory_{name}" in names),
        *assignments({**shared, **once}, POWERS),
        *assignments(each, POWERS),
        *(f"{place} = new_{name}" for name, place in places.items() if name in reading.memory),
        "return new_x",
    ]
    return "\n".join(
        [f"def update_{formula.name}(x, g, memory, group):", *(f"    {line}" for line in lines), ""]
    )


def _function(formula: UpdateFormula, reading: UpdateReading) -> Callable[..., Any]:
    names = dict(vars(numpy_ops))
    exec(source_of(formula, reading), names)  # noqa: S102 - made of an optimiser's formula
    return names[f"update_{formula.name}"]  # type: ignore[no-any-return]  # what the line above has made


if __name__ == "__main__":
    with reader_may_leave():
        for chosen in NAMES:
            for one in Optimiser(chosen, [], {}).groups:
                for reading in filter(None, (one.formula.first, one.formula.later)):
                    print(source_of(one.formula, reading))  # noqa: T201 - so that a reader sees what runs
