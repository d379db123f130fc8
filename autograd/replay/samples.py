"""Many samples of a recorded function at once, grouped by kind of arguments and by the branches taken."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from autograd.collector import uncollected
from autograd.messages import listed, say
from autograd.replay.along import Outcome
from autograd.replay.capture.arguments import Arguments
from autograd.replay.capture.result import loss_in, without_graph
from autograd.replay.capture.variant import MOST_EXTRA, Variant, is_finite
from autograd.replay.executors.backends import backend_of, reference
from autograd.replay.groups import Columns, SampleGroup, arguments_of, groups_of
from autograd.replay.jit import have_numpy
from autograd.replay.learned import Learned
from autograd.replay.reference import slots_at

NO_ARGUMENTS = Arguments((), {})
TURN = 0.6180339887498949  # of all samples: how far from one to be compared to the next
MOST_AUDITED = 8  # samples, of one kind each


class Samples:
    """The columns of a data set, taken apart once, and run as often as wanted.

    Args:
        learned: the function and its programs.
        columns: one sequence per argument; sample i is the i-th of each.

    Raises:
        ValueError: the columns differ in length, or there is no sample.
    """

    def __init__(self, learned: Learned, columns: Sequence[Any]) -> None:
        for i, column in enumerate(columns):
            sized = hasattr(column, "__len__") and hasattr(column, "__getitem__")
            if not sized or isinstance(column, dict):
                raise TypeError(say("batch_no_column", number=i + 1, kind=type(column).__name__))
        lengths = {len(column) for column in columns}
        if len(lengths) != 1 or 0 in lengths:
            counts = listed(str(len(column)) for column in columns)
            raise ValueError(say("batch_lengths", lengths=counts) if counts else say("batch_no_columns"))
        self.learned = learned
        self.count = lengths.pop()
        self.columns = columns
        self.groups = groups_of(columns)

    @cached_property
    def _whole(self) -> list[tuple[int, int]]:
        """All rows of the one group there is, each in its own place."""
        return [*zip(range(self.count), range(self.count))]

    def sample(self, i: int) -> Arguments:
        """The arguments of sample i."""
        return arguments_of(self.columns, i)

    # -- which program serves which sample --------------------------------------------------------------

    def variant_of(self, sample: int) -> Variant | None:
        """A confirmed program whose guards hold for a sample; None when it is to run as it is."""
        group = next(group for group in self.groups if sample in group.positions)
        variant = self._some_variant(group, [sample])
        row = group.positions.index(sample)
        return variant if variant is None or self._inputs_proved(variant, group, [row]) else None

    def any_variant(self, group: SampleGroup) -> Variant | None:
        """A confirmed program of a group's kind, its guards not looked at; None when there is to be none."""
        learned = self.learned
        learned.take([column[group.positions[0]] for column in self.columns], {})
        variant: Variant | None
        for variant in learned.variants.get(group.key, []):
            if variant.confirmed and not self._unproven(variant):
                break
        else:
            variant = self._some_variant(group, group.positions)
        rows = range(len(group.positions))
        return variant if variant is None or self._inputs_proved(variant, group, rows) else None

    def _some_variant(self, group: SampleGroup, places: Sequence[int]) -> Variant | None:
        """A program for the first of these samples; None when they are to run as they are."""
        learned = self.learned
        for _ in range(7):  # runs that fill caches, record, confirm and compare; and the answer
            arguments = learned.take([column[places[0]] for column in self.columns], {})
            if group.key in learned.left_alone:
                return None
            for variant in learned.variants.get(group.key, []):
                if variant.confirmed and self._fits(variant, places[0]):
                    if not self._unproven(variant) or not self._prove(variant, places):
                        return variant
                    break
            else:
                with uncollected():
                    learned.record(arguments).release()
        return None

    def still_true(self) -> bool:
        """Whether programs give what the function gives, where no comparison has covered these numbers."""
        learned = self.learned
        for group in self.groups:
            for variant in list(learned.variants.get(group.key, [])):
                if variant.confirmed and self._unproven(variant):
                    self._prove(variant, group.positions)
            if group.key in learned.left_alone:
                return False
        return True

    def programs(self) -> list[Variant]:
        """All programs that may serve these samples."""
        known = self.learned.variants
        return [v for group in self.groups for v in known.get(group.key, []) if v.confirmed]

    def left_alone(self) -> bool:
        """Whether some of these samples are to run as they are."""
        return any(group.key in self.learned.left_alone for group in self.groups)

    def audit(self, order: Sequence[int], losses: Sequence[float]) -> None:
        """Compare samples with the function itself as they were served: of each kind one, by turns another.

        Args:
            order: samples that were served together, with the numbers that all leaves have now.
            losses: what was served for each.

        Raises:
            ReplayMismatch: the function itself gives something else.
        """
        learned, audit = self.learned, self.learned.audit
        turn = int(audit.made * TURN % 1.0 * len(order))
        kinds = {i: kind for kind, group in enumerate(self.groups) for i in group.positions}
        chosen: dict[int, int] = {}
        for k in (*range(turn, len(order)), *range(turn)):
            chosen.setdefault(kinds[order[k]], k)
            if len(chosen) == min(len(self.groups), MOST_AUDITED):
                break
        for k in chosen.values():
            arguments = self.sample(order[k])
            for variant in list(learned.variants.get(arguments.key, [])):
                if variant.confirmed and self._fits(variant, order[k]):
                    with uncollected():
                        learned.prove(variant, arguments, variant.numbers(arguments.numbers), losses[k])
                    break

    def _fits(self, variant: Variant, place: int) -> bool:
        """Whether a program's guards hold for a sample."""
        if not variant.guards:
            return True
        return variant.holds(slots_at(variant.program, variant.numbers(self.sample(place).numbers)))

    def _unproven(self, variant: Variant) -> set[Any]:
        """What no comparison with the function itself covered yet, besides inputs that move."""
        if variant.trusted:
            return set()
        numbers = variant.some_numbers([0.0] * len(variant.given))
        return variant.unproven(NO_ARGUMENTS, numbers, inputs=False)

    def _inputs_proved(self, variant: Variant, group: SampleGroup, rows: Sequence[int]) -> bool:
        """Compare on few of these rows, until each input was seen to move; False where something differs."""
        learned = self.learned
        for row in self._moving(variant, group, rows):
            arguments = self.sample(group.positions[row])
            numbers = variant.numbers(arguments.numbers)
            if variant.unproven(arguments, numbers):
                learned.prove(variant, arguments, numbers)
            if group.key in learned.left_alone:
                return False
        return True

    def _moving(self, variant: Variant, group: SampleGroup, rows: Sequence[int]) -> list[int]:
        """The rows in which inputs move that no comparison saw move, those with most of them first."""
        still = set(variant.inputs.slots)
        if not still or not have_numpy():
            return []  # without NumPy a program serves row by row
        columns = [k for k, slot in enumerate(variant.given) if slot in still]
        import numpy as np

        first = np.array([variant.program.recorded[variant.given[k]] for k in columns])
        table = group.matrix.reshape(len(group.positions), -1)[np.ix_(rows, columns)]
        found: list[int] = []
        moved = table.view(np.int64) != first.view(np.int64)  # bit by bit
        while moved.any() and len(found) < MOST_EXTRA:
            best = int(moved.sum(1).argmax())
            found.append(int(rows[best]))
            moved &= ~moved[best]
        return found

    def _prove(self, variant: Variant, places: Sequence[int]) -> bool:
        """Compare a program with the function on two of these samples, as one may lie where all is flat.

        False where none is left.
        """
        learned, before = self.learned, None
        for place in dict.fromkeys((places[-1], places[len(places) // 2], *places[1:8], places[0])):
            arguments = self.sample(place)
            numbers = variant.numbers(arguments.numbers)
            if variant.unproven(arguments, numbers):
                final = before is not None
                if learned.prove(variant, arguments, numbers, proves=final):
                    if final or arguments.key in learned.left_alone:
                        return True
                    before = arguments, numbers
        if before is not None:
            variant.proved(*before)
        return before is not None

    def run_all(self, weight: float, gradient: bool, alone: bool = False) -> Outcome:
        """All samples, as one call of the recorded function; compared with it when that is due."""
        order, audit = range(self.count), self.learned.audit
        audit.begin_many()
        outcome = self.run(order, weight, gradient, alone)
        audit.whole = True
        if audit.serve(self.count):
            self.audit(order, outcome.losses)
        return outcome

    def run(self, order: Sequence[int], weight: float, gradient: bool, alone: bool = False) -> Outcome:
        """Samples `order`: losses, and the sum of their gradients times `weight`.

        Unless nobody's code has run since the last time (`alone`), what the function reads may have changed.
        """
        outcome = Outcome(len(order))
        if not alone:
            self.learned.take([column[order[0]] for column in self.columns], {})
        if len(self.groups) == 1:
            rows = self._whole if order == range(self.count) else [*zip(order, range(len(order)))]
            self._run_group(self.groups[0], rows, weight, gradient, outcome)
            return outcome
        wanted: dict[int, list[int]] = {}
        for k, i in enumerate(order):
            wanted.setdefault(i, []).append(k)
        for group in self.groups:
            rows = [(row, k) for row, i in enumerate(group.positions) for k in wanted.get(i, ())]
            if rows:
                self._run_group(group, rows, weight, gradient, outcome)
        return outcome

    def _run_group(
        self, group: SampleGroup, rows: list[tuple[int, int]], weight: float, gradient: bool, outcome: Outcome
    ) -> None:
        tried: set[int] = set()
        while rows:
            known = self.learned.variants.get(group.key, [])
            places = [group.positions[row] for row, _ in (rows[0], *rows[1:8], rows[-1])]
            ready = [v for v in known if v.confirmed and not self._unproven(v)]
            variant = next((v for v in ready if id(v) not in tried), None)
            if variant is None:
                variant = self._some_variant(group, places)
            if variant is None:
                self._run_as_is(group, rows, weight, gradient, outcome)
                return
            if gradient and variant.program.root < 0:  # it returned numbers, or several Values
                raise TypeError(say("batch_numbers"))
            if id(variant) in tried:  # its guards hold, but too nearly for anything but the reference
                left = self._run_reference(group, variant, rows[:1], weight, gradient, outcome)
                rows = left + rows[1:]
                continue
            tried.add(id(variant))
            rows = self._run_variant(group, variant, rows, weight, gradient, outcome)

    def _run_variant(
        self,
        group: SampleGroup,
        variant: Variant,
        rows: list[tuple[int, int]],
        weight: float,
        gradient: bool,
        outcome: Outcome,
    ) -> list[tuple[int, int]]:
        """Run what a variant serves; returns the samples that it does not."""
        kind = backend_of(variant, self.learned.backend)
        if kind == "python":
            return self._run_reference(group, variant, rows, weight, gradient, outcome)
        import numpy as np

        batch = self._batch(variant, kind, len(rows))
        batch.read(variant.some_numbers([0.0] * len(variant.given)))
        whole = len(self.groups) == 1 and rows is self._whole
        order: Any
        order, places = [np.arange(self.count)] * 2 if whole else np.array([*zip(*rows)], np.int64)
        rest: list[tuple[int, int]] = []
        if variant.guards or not gradient or self.learned.has_aux:
            good, outputs = batch.passing(group.matrix, order)
            if not good.all():
                rest = [pair for pair, fine in zip(rows, good) if not fine]
                rows = [pair for pair, fine in zip(rows, good) if fine]
                order, places, outputs = order[good], places[good], outputs[good]
            if self.learned.has_aux and rows:
                outcome.along.keep(variant, places, outputs)
        if not rows:
            return rest
        if not self._inputs_proved(variant, group, order):
            return rows + rest
        if not gradient and variant.outputs[:1] == (variant.program.root,):
            losses, gradients = outputs[:, 0], outputs[:0]
        else:
            losses, gradients = batch.gradient(group.matrix, order, weight)
        if not is_finite(losses) or not is_finite(gradients):
            self._run_reference(group, variant, rows, weight, gradient, outcome)
            return rest
        variant.served = True
        if len(rows) == len(outcome.losses):  # all, in their order
            outcome.losses = losses.tolist()
        else:
            for k, loss in zip(places.tolist(), losses.tolist()):
                outcome.losses[k] = loss
        if not gradient:
            return rest
        outcome.add(variant, batch.arranged.first[: batch.arranged.parameters], gradients.tolist())
        return rest

    def _batch(self, variant: Variant, kind: str, size: int) -> Any:
        variant.prepared["samples"] = True
        key = ("batch", size)
        if key not in variant.prepared:
            from autograd.replay.executors.calls import ManyCalls

            variant.prepared[key] = ManyCalls(variant, kind, size)
        return variant.prepared[key]

    def _run_reference(
        self,
        group: SampleGroup,
        variant: Variant,
        rows: list[tuple[int, int]],
        weight: float,
        gradient: bool,
        outcome: Outcome,
    ) -> list[tuple[int, int]]:
        rest = []
        for row, k in rows:
            numbers = variant.numbers(self.sample(group.positions[row]).numbers)
            found = reference(variant, numbers, gradient)
            if found is None:
                rest.append((row, k))
                continue
            if not variant.trusted and not self._inputs_proved(variant, group, [row]):
                return rest + rows[rows.index((row, k)) :]
            variant.served = True
            outcome.losses[k], grads, outputs = found
            if self.learned.has_aux:
                outcome.along.put([k], [variant.aux(outputs)])
            outcome.add(variant, variant.wanted, [weight * g for g in grads])
        return rest

    def _run_as_is(
        self, group: SampleGroup, rows: list[tuple[int, int]], weight: float, gradient: bool, outcome: Outcome
    ) -> None:
        """Without any program: the function itself, its gradients kept aside."""
        from autograd.backward import gradients, postorder
        from autograd.entry import CONSTANT

        self.learned.runs += 1
        for row, k in rows:
            result = self.learned.function(*[column[group.positions[row]] for column in self.columns])
            loss = loss_in(result)
            if loss is None:
                raise TypeError(say("batch_no_loss", kind=type(result).__name__))
            outcome.losses[k] = loss.data
            if self.learned.has_aux:
                outcome.along.put([k], [without_graph(result)[1]])
            if gradient and loss.requires_grad:
                leaves = [leaf for leaf in postorder(loss)[1] if leaf.op is not CONSTANT]
                for leaf, g in zip(leaves, gradients(loss, weight, leaves)):
                    outcome.gradients[leaf] = outcome.gradients.get(leaf, 0.0) + g


def samples_of(learned: Learned, columns: Sequence[Any]) -> Samples:
    """Columns taken apart: once for call after call on the same lists of numbers, while these hold the same.

    What is given once is not kept alive, nor is an array.
    """
    these = [*map(id, columns)]
    before, held, kept = learned.columns
    again = these == before
    if again and held is not None and not held.changed():
        return kept  # type: ignore[no-any-return]  # put there below
    held = Columns(columns) if again and {*map(type, columns)} <= {list, tuple} else None
    found = Samples(learned, columns)
    learned.columns = (these, held, found) if held is not None and held.tells else (these, None, None)
    return found
