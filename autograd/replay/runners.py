"""Who runs the updates of a training: NumPy in lanes, the tier for tiny programs, or the kernels."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from autograd.replay.capture.variant import Variant
from autograd.replay.executors.arranged_variant import arranged
from autograd.replay.kernels.records import NUMBERS, Batches, Updates
from autograd.replay.training_run import TrainingRun

if TYPE_CHECKING:
    from autograd.replay.executors.numba_executor import Programs
    from autograd.replay.executors.small import Small


QUICK = 2**21  # numbers of steps that `run_small` goes through in some milliseconds


class Runner(Protocol):
    """What `NativeTraining` asks for: programs, and updates by them."""

    variants: list[Variant]
    plan: tuple[Any, Any]  # of `Updates`, and its settings
    quick: int  # updates that are known to take some milliseconds; 0: nothing is known

    @property
    def numbers(self) -> Any:
        """The memory, parameters first."""

    def read(self) -> None:
        """Take over the numbers of all leaves."""

    def arranged(self, order: Any) -> Any:
        """The samples of an epoch, those of a batch in the order that suits best."""

    def run(self, order: Any, begin: int, updates: Updates) -> tuple[int, int, int]:
        """Updates from the sample at `begin` on; returns as `loops.run`."""

    def served(self) -> list[float]:
        """The loss of each sample of the last update."""

    def move(self, sample: int) -> None:
        """A guard failed at this sample: find it another program."""


class InLanes:
    """One program, by NumPy: the samples of a batch side by side."""

    quick = 0

    def __init__(self, training: TrainingRun, variant: Variant, kind: str) -> None:
        self.variant, self.variants, group = variant, [variant], training.samples.groups[0]
        self.batch: Any = training.samples._batch(variant, kind, training.size)
        self.plan = self._plan(training)
        whole = training.size == training.samples.count <= self.batch.memory.lanes
        self.batches = Batches(
            samples=group.matrix,
            starts=self.batch.inputs * np.arange(training.samples.count),
            size=training.size,
            mean=training.mean,
            steady=whole and not training.shuffle,
            losses=np.zeros(training.size),
        )

    def _plan(self, training: TrainingRun) -> tuple[Any, Any]:
        from autograd.replay.executors.numpy_executor import update_of

        return update_of(training.optimiser), NUMBERS

    @property
    def numbers(self) -> Any:
        """The memory, parameters first."""
        return self.batch.memory.values

    def read(self) -> None:
        """Take over the numbers of all leaves."""
        self.batch.read(self.variant.some_numbers([0.0] * len(self.variant.given)))

    def arranged(self, order: Any) -> Any:
        """The order of the samples, as it is."""
        return order

    def run(self, order: Any, begin: int, updates: Updates) -> tuple[int, int, int]:
        """Updates from the sample at `begin` on."""
        found: tuple[int, int, int] = self.batch.memory.run(
            self.batches._replace(order=order, position=begin), updates
        )
        return found

    def served(self) -> list[float]:
        """The loss of each sample of the last update."""
        return self.batches.losses.tolist()  # type: ignore[no-any-return]  # NumPy's list

    def move(self, sample: int) -> None:
        """There is one program only."""


class InSmall:
    """A tiny program without guards on all samples in eight lanes, see `small`."""

    def __init__(self, training: TrainingRun, variant: Variant, small: Small) -> None:
        self.variant, self.variants, self.small = variant, [variant], small
        self.leaves = arranged(variant, batched=True)
        self.lanes = small.in_lanes(training.samples.groups[0].matrix.reshape(training.samples.count, -1))
        self.plan = _plan_of(training)
        self.quick = QUICK // len(small.record.steps)

    @classmethod
    def made(cls, training: TrainingRun, variants: Sequence[Variant]) -> InSmall | None:
        """This runner, where it applies."""
        count, variant = training.samples.count, variants[0]
        if len(variants) > 1 or training.size != count or count > 8 or training.shuffle or variant.guards:
            return None
        if training.learned.has_aux:
            return None
        key = ("small", count, training.mean)
        if key not in variant.prepared:
            variant.prepared[key], variant.prepared["samples"] = _small(variant, count, training.mean), True
        small = variant.prepared[key]
        return None if small is None else cls(training, variant, small)

    @property
    def numbers(self) -> Any:
        """The memory, parameters first."""
        return self.small.numbers

    def read(self) -> None:
        """Take over the numbers of all leaves."""
        numbers = self.variant.some_numbers([0.0] * len(self.variant.given))
        self.small.numbers[:] = self.leaves.numbers(numbers)

    def arranged(self, order: Any) -> Any:
        """The order of the samples, as it is."""
        return order

    def run(self, _: Any, begin: int, updates: Updates) -> tuple[int, int, int]:
        """Updates of all samples; another training may have put its own into the memory since."""
        self.small.fill(self.leaves.tape.edge, self.lanes)
        status, _, made = self.small.run(updates)
        return status, begin, made

    def served(self) -> list[float]:
        """The loss of each sample of the last update."""
        return self.small.row(self.leaves.tape.root)

    def move(self, sample: int) -> None:
        """There is one program only, and it has no guards."""


def _small(variant: Variant, count: int, mean: bool) -> Small | None:
    """Memory for so many samples; None where a program is too long for it, or has none to fill lanes with."""
    from autograd.replay.executors.small import Small

    found = arranged(variant, batched=True)
    if found.tape.shared == len(found.tape.rows):
        return None
    with suppress(ValueError):  # too long for it
        return Small(found.tape, found.parameters, len(found.first), count, 1.0 / count if mean else 1.0)
    return None


class InTurns:
    """One or several programs in one memory, by the kernels."""

    quick = 0

    def __init__(self, training: TrainingRun, variants: Sequence[Variant]) -> None:
        self.training, self.variants = training, list(variants)
        samples = training.samples
        self.which = np.zeros(samples.count, np.int64)  # for each sample its program
        self.starts = np.zeros(samples.count, np.int64)  # and where its inputs begin
        first = 0
        for k, group in enumerate(samples.groups):
            inputs = group.matrix.size // len(group.positions)
            self.which[group.positions] = k
            self.starts[group.positions] = first + inputs * np.arange(len(group.positions))
            first += group.matrix.size
        self.samples = np.concatenate([group.matrix for group in samples.groups])
        keeps = training.learned.has_aux and training.report
        self.width = len(variants[0].outputs) if keeps else 0  # outputs of each sample that are kept
        self.plan = _plan_of(training)
        self._join()

    def _join(self) -> None:
        from autograd.replay.executors.numba_executor import Programs, part_for

        training = self.training
        shares = np.bincount(self.which, minlength=len(self.variants)) / training.samples.count
        sizes = (shares * training.size).tolist()
        parts = [part_for(variant, size) for variant, size in zip(self.variants, sizes)]
        kept = self.variants[0].prepared  # `fit` trains epoch by epoch: the memory stays
        key = ("programs", *[(id(part.variant), part.lanes) for part in parts])
        if key not in kept:
            kept[key] = Programs(parts, len(training.learned.params))
        self.programs: Programs = kept[key]
        for variant in self.variants:
            variant.prepared["samples"] = True
        whole = len(self.variants) == 1 and training.size == training.samples.count <= self.programs.lanes
        self.batches = Batches(
            samples=self.samples,
            starts=self.starts,
            which=self.which,
            size=training.size,
            mean=training.mean,
            steady=whole and not training.shuffle,
            losses=np.zeros(training.size),
        )

    @property
    def numbers(self) -> Any:
        """The memory, parameters first."""
        return self.programs.values

    def read(self) -> None:
        """Take over the numbers of all leaves."""
        self.programs.read()

    def arranged(self, order: Any) -> Any:
        """The samples of a batch by program."""
        if len(self.variants) == 1 or self.training.size == 1:
            return order
        batch = np.arange(len(order)) // self.training.size
        return order[np.lexsort((self.which[order], batch))]

    def run(self, order: Any, begin: int, updates: Updates) -> tuple[int, int, int]:
        """Updates from the sample at `begin` on."""
        kept = np.zeros(self.width * len(order))
        batches = self.batches._replace(order=order, position=begin, kept=kept)
        status, place, made = self.programs.run(batches, updates)
        if self.width:
            self._keep(order, begin, min(begin + made * batches.size, len(order)), kept)
        return status, place, made

    def _keep(self, order: Any, begin: int, end: int, kept: Any) -> None:
        table, samples = kept.reshape(len(order), self.width)[begin:end], order[begin:end]
        if len(self.variants) == 1:
            self.training.along.keep(self.variants[0], samples, table)
            return
        pairs = zip(samples.tolist(), table.tolist())
        found = [self.variants[self.which[sample]].aux(row) for sample, row in pairs]
        self.training.along.put(samples.tolist(), found)

    def served(self) -> list[float]:
        """The loss of each sample of the last update."""
        return self.batches.losses.tolist()  # type: ignore[no-any-return]  # NumPy's list

    def move(self, sample: int) -> None:
        """Find the sample the program whose guards hold, if that is another one that runs natively."""
        training = self.training
        found = training.samples.variant_of(sample)
        if found is None or not training.fits(found, "numba"):
            return
        if len(found.outputs) != len(self.variants[0].outputs):
            return
        if found not in self.variants:
            self.variants.append(found)
            self.which[sample] = len(self.variants) - 1
            numbers = self.numbers
            self._join()
            self.numbers[: self.programs.parameters] = numbers[: self.programs.parameters]
        self.which[sample] = self.variants.index(found)


def _plan_of(training: TrainingRun) -> tuple[Any, Any]:
    """What the kernels are to do for the optimiser, and the numbers among its settings."""
    from autograd.replay.executors.numba_updates import plan_of

    optimiser = training.optimiser
    if "plan" not in optimiser.prepared:
        optimiser.prepared["plan"] = plan_of(optimiser), np.array(optimiser.settings())
    plan, settings = optimiser.prepared["plan"]
    return plan, settings.copy()  # where a function gives the rate, kernels put it there
