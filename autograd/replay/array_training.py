"""The training loop in an executor's memory: what stays here is to ask for more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.replay.codes import OK
from autograd.replay.replaying import backend_of
from autograd.replay.training import Training, write
from autograd.replay.variant import Variant

if TYPE_CHECKING:
    from autograd.replay.numba_executor import Batch
    from autograd.replay.small import Small

PATIENCE = 0.05  # seconds in the kernel at a time: an interrupt waits no longer
MOST = 200_000  # places in `order` at a time


class NativeTraining:
    """Epochs of one program on one memory."""

    def __init__(self, training: Training, variant: Variant) -> None:
        self.training, self.variant = training, variant
        self.kind = backend_of(variant, training.recorded.backend)
        self.batch: Batch = training.samples._batch(variant, self.kind, training.size)
        self.params = training.recorded.params
        self.state = np.array(training.rule.state)
        self.steps = 64  # updates per call of the kernel
        self.small = self._small()

    def _small(self) -> Small | None:
        """The tier for tiny programs, where it applies: all samples in eight lanes, and no guards."""
        training, batch, count = self.training, self.batch, self.training.samples.count
        if (
            self.kind != "numba"
            or training.size != count
            or count > 8
            or training.shuffle
            or self.variant.guards
        ):
            return None
        from autograd.replay.small import Small

        try:
            small = Small(
                batch.tape, batch.parameters, self._first, count, 1.0 / count if training.mean else 1.0
            )
        except ValueError:
            return None
        small.fill(batch.edge, training.samples.groups[0].matrix.reshape(count, -1))
        return small

    @property
    def _first(self) -> int:
        """How many numbers are read anew: parameters, and what else is no constant."""
        return self.batch.parameters + len(dict.fromkeys(self.variant.read))

    def epochs(self, count: int, rate: Callable[[int], float]) -> Iterator[list[float]]:
        """As `Training.epochs`."""
        training, samples = self.training, self.training.samples.count
        together = 1 if training.report or training.shuffle else max(1, MOST // samples)
        self._read()
        try:
            for first in range(0, count, together):
                chunk = min(together, count - first)
                losses = self._run(np.tile(np.array(training.next_order(), np.int64), chunk), rate)
                if training.report:
                    self._write()
                yield self._means(losses, chunk)
                if training.report:
                    self._read()
        finally:
            self._write()

    def _run(self, order: Any, rate: Callable[[int], float]) -> Any:
        """All updates of these epochs; returns each batch's loss."""
        training, batch, rule = self.training, self.batch, self.training.rule
        samples = training.samples.count
        total = training.per_epoch * (len(order) // samples)
        sums, losses = np.zeros(total), np.zeros(training.size)
        settings = np.array(rule.settings)
        steady = training.size == samples <= batch.lanes and not training.shuffle
        done = 0
        while done < total:
            limit = min(self.steps, total - done)
            rates = self._rates(rate, limit)
            began = time.perf_counter()
            if self.small is not None:
                status, made = self._run_small(settings, rates, limit, sums[done:])
            else:
                status, _, made = batch.run(
                    training.samples.groups[0].matrix,
                    batch.inputs,
                    order,
                    rule.kind,
                    position=self._begin(done),
                    count=samples,
                    size=training.size,
                    mean=training.mean,
                    parameters=len(self.params),
                    settings=settings,
                    state=self.state,
                    rates=rates,
                    step=rule.step,
                    limit=limit,
                    losses=losses,
                    sums=sums[done:],
                    steady=steady,
                )
            took = time.perf_counter() - began
            done += made
            rule.step += made
            rule.state = self.state.tolist()
            if status != OK:
                sums[done] = self._by_hand(order, done, rate)
                done += 1
            elif took < PATIENCE / 2:
                self.steps *= 2
            elif took > PATIENCE:
                self.steps = max(1, self.steps // 2)
        return sums

    def _rates(self, rate: Callable[[int], float], count: int) -> Any:
        step = self.training.rule.step
        if not callable(self.training.rule.rate):
            return np.full(count, float(self.training.rule.rate))
        return np.array([rate(step + k) for k in range(count)])

    def _run_small(self, settings: Any, rates: Any, limit: int, sums: Any) -> tuple[int, int]:
        small, first = self.small, self._first
        assert small is not None  # noqa: S101 - for the type checker: asked for by the caller
        small.numbers[:] = self.batch.values[:first]
        status, _, made = small.run(
            self.training.rule.kind,
            len(self.params),
            settings,
            self.state,
            rates,
            self.training.rule.step,
            limit,
            sums,
        )
        self.batch.values[:first] = small.numbers
        return status, made

    def _begin(self, done: int) -> int:
        """Where in the order the batch after `done` batches begins."""
        training = self.training
        epoch, k = divmod(done, training.per_epoch)
        return epoch * training.samples.count + k * training.size

    def _by_hand(self, order: Any, done: int, rate: Callable[[int], float]) -> float:
        """One batch in which a guard failed or a number is not finite; returns its mean or summed loss."""
        training = self.training
        begin = self._begin(done)
        end = min(begin + training.size, (begin // training.samples.count + 1) * training.samples.count)
        self._write()
        total = training.update([int(i) for i in order[begin:end]], rate)
        self._read()
        return total / (end - begin) if training.mean else total

    def _means(self, losses: Any, epochs: int) -> list[float]:
        """Each epoch's loss per sample, from the batches' losses."""
        training = self.training
        table = losses.reshape(epochs, training.per_epoch)
        if training.mean:
            sizes = np.full(training.per_epoch, float(training.size))
            sizes[-1] = training.samples.count - training.size * (training.per_epoch - 1)
            table = table * sizes
        means: list[float] = (table.sum(1) / training.samples.count).tolist()
        return means

    def _read(self) -> None:
        self.batch.read(self.variant.numbers([0.0] * len(self.variant.given)))
        self.state[:] = self.training.rule.state

    def _write(self) -> None:
        write(self.params, self.batch.values[: len(self.params)].tolist())
        self.training.rule.state = self.state.tolist()
