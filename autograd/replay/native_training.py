"""The training loop in an executor's memory: what stays here is to ask for more."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.replay.capture.arithmetic import DATA
from autograd.replay.capture.variant import Variant
from autograd.replay.executors.backends import backend_of
from autograd.replay.kernels.records import NUMBERS, PLACES, Updates
from autograd.replay.optimiser import commit
from autograd.replay.passes.codes import GUARD, OK, UPDATE
from autograd.replay.runners import InLanes, InSmall, InTurns
from autograd.replay.training_run import TrainingRun

if TYPE_CHECKING:
    from autograd.replay.runners import Runner

PATIENCE = 0.05  # seconds in the kernel at a time: an interrupt waits no longer
FIRST = 64  # updates per call of the kernel until it is known how long they take
MOST = 200_000  # samples at a time


class NativeTraining:
    """Epochs in one memory.

    Args:
        training: what is to be done.
        variants: a program for each group of samples.
    """

    def __init__(self, training: TrainingRun, variants: Sequence[Variant]) -> None:
        self.training = training
        self.params, self.audit = training.learned.params, training.learned.audit
        self.state = np.array(training.optimiser.state)
        training.optimiser.state = self.state.copy()  # no list, which takes longer to read
        self.newest = False  # whether the memory is ahead of the Values
        self.begun = False  # whether an update was made; at a rate of 0 nothing moves after it either
        self._ordered: tuple[Any, Any] = (None, None)  # an order, and its array
        self.by_hand = False  # since a program differed once parameters had moved
        kind = backend_of(variants[0], training.learned.backend)
        native = None if kind == "numpy" else InSmall.made(training, variants) or InTurns(training, variants)
        self.runner: Runner = native or InLanes(training, variants[0], kind)
        self.updates = Updates(UPDATE, len(self.params), *self.runner.plan, self.state)
        self.steps = max(FIRST, self.runner.quick)  # updates per call of the kernel
        self._look()

    def epochs(self, count: int) -> Generator[list[float], None, None]:
        """As `training.epochs`."""
        training, samples = self.training, self.training.samples.count
        together = 1 if training.report or training.shuffle else max(1, MOST // samples)
        self._read()
        try:
            for first in range(0, count, together):
                chunk = min(together, count - first)
                losses = self._run(self._order(), chunk)
                if not training.report:
                    yield self._means(losses, chunk)
                    continue
                self._write()
                yield self._means(losses, chunk)
                if training.alone:  # the Values are what was written
                    self.newest = True
                else:
                    self._read()
        finally:
            try:
                self._write()
            except KeyboardInterrupt:
                self._write()
                raise

    def _order(self) -> Any:
        """The samples of the next epoch, as an array."""
        given = self.training.next_order()
        if given is not self._ordered[0] or self.training.shuffle or len(self.runner.variants) > 1:
            self._ordered = given, self.runner.arranged(np.array(given, np.int64))
        return self._ordered[1]

    def _run(self, order: Any, epochs: int) -> Any:
        """All updates of so many epochs; returns each batch's loss."""
        optimiser, total = self.training.optimiser, self.training.per_epoch * epochs
        sums, before = np.empty(total), optimiser.step
        sums.fill(np.nan)
        try:
            self._run_into(sums, order)
        except BaseException:  # an interrupt may have come between the kernel's end and the next line
            optimiser.step = max(optimiser.step, before + int(np.isfinite(sums).sum()))
            raise
        return sums

    def _run_into(self, sums: Any, order: Any) -> None:
        optimiser, audit, total, done = self.training.optimiser, self.audit, len(sums), 0
        while done < total:
            epoch, last = self._epoch(done)
            audit.enter(epoch, last)
            if self.by_hand or not self.training.optimiser.native:
                sums[done] = self._by_hand(order, done)
                done += 1
                continue
            ahead, begin = self._ahead(done), self._begin(done)
            alone = not self.begun and len(self.still) == len(self.params)
            limit = min(1 if alone else self.steps, total - done, max(1, ahead))
            rates = np.array(optimiser.rates(limit))
            updates = self.updates._replace(rates=rates, limit=limit, sums=sums[done:])
            before = self._numbers() if len(self.still) or not ahead else None
            began = time.perf_counter()
            status, place, made = self.runner.run(order, begin, updates)
            took, self.begun = time.perf_counter() - began, True
            for variant in self.runner.variants if made else ():
                variant.served = True
            done += made
            optimiser.step += made
            optimiser.state = self.state.copy()
            if before is not None and self._differs():  # none of these updates counts
                done -= made
                sums[done : done + made] = np.nan
                self._commit(*before, optimiser.step - made)
                self._read()
                continue
            if made and audit.serve(self._begin(done) - begin) and before is not None:
                served = np.arange(begin, self._begin(done)) % len(order)
                self._audit(order[served].tolist(), before[0])
            if status != OK:
                sums[done] = self._by_hand(order, done)
                done += 1
                if status == GUARD:
                    self.runner.move(int(order[place]))
                    self._read()
                    self._look()
            elif took < PATIENCE / 2:
                self.steps *= 8 if took < PATIENCE / 16 else 2
            elif took > PATIENCE:
                self.steps = max(1, self.steps // 2)

    def _epoch(self, done: int) -> tuple[int, bool]:
        """The epoch of the update after `done`, from 1, and whether it is the epoch's last."""
        epoch, k = divmod(done, self.training.per_epoch)
        return self.training.done + epoch + 1, k + 1 == self.training.per_epoch

    def _ahead(self, done: int) -> int:
        """How many updates come before the one that is to be compared."""
        training = self.training
        epoch, place = divmod(self._begin(done) + self.audit.ahead - 1, training.samples.count)
        found = epoch * training.per_epoch + place // training.size - done
        to_end = training.per_epoch - 1 - done % training.per_epoch
        return min(found, to_end) if self.audit.wanted else found

    def _audit(self, samples: Sequence[int], numbers: Any) -> None:
        """Compare what the kernel trained on in its last update, made with these numbers."""
        optimiser = self.training.optimiser
        try:
            self._commit(numbers, optimiser.state, optimiser.step)
            self.training.samples.audit(samples, self.runner.served())
        finally:
            self._write()  # the finished update
        self.by_hand = self.by_hand or self.training.samples.left_alone()
        self._read()

    def _look(self) -> None:
        """Which parameters no comparison with the function saw move, and what they were while recording."""
        count = len(self.params)
        known = [variant.leaves for variant in self.training.samples.programs() if variant.leaves.slots]
        self.still, self.first = PLACES, NUMBERS
        if known:
            places, first = map(np.concatenate, zip(*[leaves.arrays() for leaves in known]))
            self.still, self.first = places[places < count], first[places < count]

    def _numbers(self) -> tuple[Any, Any]:
        return self.runner.numbers[: len(self.params)].copy(), self.state.copy()

    def _commit(self, numbers: Any, state: Any, step: int) -> None:
        commit(self.training.learned.slots.writing(DATA, numbers), self.training.optimiser, state, step)

    def _differs(self) -> bool:
        """Parameters have moved for the first time, and programs do not give what the function gives."""
        if (self.runner.numbers[self.still] == self.first).all():
            return False
        self._write()
        self.by_hand = not self.training.samples.still_true()
        self._look()
        self._read()
        return self.by_hand

    def _begin(self, done: int) -> int:
        """How many samples the first `done` batches hold."""
        training = self.training
        epoch, k = divmod(done, training.per_epoch)
        return epoch * training.samples.count + k * training.size

    def _by_hand(self, order: Any, done: int) -> float:
        """One batch in which a guard failed or a number is not finite; returns its mean or summed loss."""
        training = self.training
        begin = self._begin(done) % len(order)
        end = min(begin + training.size, len(order))
        self._write()
        total = training.update([int(i) for i in order[begin:end]])
        self._read()
        return total / (end - begin) if training.mean else total

    def _means(self, losses: Any, epochs: int) -> list[float]:
        """Each epoch's loss per sample, from the batches' losses."""
        training = self.training
        if training.mean and training.per_epoch == 1:
            return losses.tolist()  # type: ignore[no-any-return]  # NumPy's list
        table = losses.reshape(epochs, training.per_epoch)
        if training.mean:
            sizes = np.full(training.per_epoch, float(training.size))
            sizes[-1] = training.samples.count - training.size * (training.per_epoch - 1)
            table = table * sizes
        means: list[float] = (table.sum(1) / training.samples.count).tolist()
        return means

    def _read(self) -> None:
        self.runner.read()
        self.state[:] = self.training.optimiser.state
        self.newest = True

    def _write(self) -> None:
        """Bring the Values and the optimiser up to date, unless they are."""
        if self.newest:
            self._commit(*self._numbers(), self.training.optimiser.step)
            self.newest = False
