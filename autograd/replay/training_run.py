"""Update after update on samples: what a training is, and an update of it made outside of any kernel."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from autograd.messages import say
from autograd.node import set_grads
from autograd.number import UNSET
from autograd.replay.along import Along
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.capture.variant import Variant, is_finite
from autograd.replay.executors.backends import backend_of
from autograd.replay.groups import Columns
from autograd.replay.learned import Learned
from autograd.replay.optimiser import Optimiser, commit
from autograd.replay.samples import Samples, samples_of


class TrainingRun:
    """One run of `train`: its samples in their order, its optimiser, and how far it has come."""

    def __init__(
        self,
        learned: Learned,
        columns: Sequence[Any],
        optimiser: Optimiser,
        batch_size: int | None,
        shuffle: Any,
        reduction: str,
        report: bool,
    ) -> None:
        self.learned, self.optimiser, self.report = learned, optimiser, report
        self.samples: Samples = samples_of(learned, columns)
        self.given = Columns(columns if report else ())  # as the samples were taken from it
        self.size = min(batch_size or self.samples.count, self.samples.count)
        self.mean = reduction == "mean"
        self.shuffle = shuffle is not False and shuffle is not None
        self.random: Any = random
        if isinstance(shuffle, random.Random):
            self.random = shuffle
        elif self.shuffle and shuffle is not True:
            self.random = random.Random(shuffle)
        self.orders: list[int] = list(range(self.samples.count))
        self.per_epoch = -(-self.samples.count // self.size)
        self.done = 0  # epochs
        self.alone = False  # whether nobody's code has run since the last epoch
        self.along = Along(self.samples.count)  # with each sample, when it was last trained on

    def next_order(self) -> list[int]:
        """The samples of one epoch, in order."""
        if self.shuffle:
            self.random.shuffle(self.orders)
        return self.orders

    def read_again(self) -> None:
        """Somebody changed the data."""
        before, columns = self.samples.count, self.samples.columns
        self.learned.runs += 1  # what does not tell whether it changed may run code of its own
        found = Samples(self.learned, columns)
        if found.count != before:
            raise ValueError(say("train_columns_changed", before=before, now=found.count))
        self.samples, self.given = found, Columns(columns)

    def fits(self, variant: Variant | None, *kinds: str) -> bool:
        """Whether a program has a loss, its parameters in our order, and one of these backends."""
        if variant is None or variant.program.root < 0:
            return False
        if backend_of(variant, self.learned.backend) not in kinds:
            return False
        if variant.unreached and not self.optimiser.reaches_all_but(variant):
            return False
        return [*variant.kept[: len(self.learned.params)]] == [*self.learned.params]

    def epoch(self) -> float:
        """One epoch; returns its loss per sample."""
        order = self.next_order()
        total = 0.0
        for begin in range(0, len(order), self.size):
            self.learned.audit.enter(self.done + 1, begin + self.size >= len(order))
            total += self.update(order[begin : begin + self.size])
        return total / len(order)

    def update(self, order: Sequence[int]) -> float:
        """One update on these samples; returns the sum of their losses."""
        optimiser, params = self.optimiser, self.learned.params
        self.learned.runs += 1
        outcome = self.samples.run(order, 1.0 / len(order) if self.mean else 1.0, True)
        if self.learned.audit.serve(len(order)):
            self.samples.audit(order, outcome.losses)
        gradients = [outcome.gradients.get(p, 0.0) for p in params]
        total = 0.0
        for i, loss in zip(order, outcome.losses):
            if not is_finite([loss]):
                raise not_finite(optimiser.step, i, loss)
            total += loss
        if not is_finite(gradients):
            raise not_finite(optimiser.step, order[0], float("nan"))
        if self.learned.has_aux:
            self.along.put(order, outcome.along.parts)
        if optimiser.native and not optimiser.reaches(outcome.gradients):
            optimiser.hand_back()  # from here on the object itself makes the updates
            optimiser.native = False
        if optimiser.native:
            numbers, state = optimiser.updated([DATA.__get__(p) for p in params], gradients)
            commit(map(DATA.__set__, params, numbers), optimiser, state, optimiser.step + 1)
        else:
            before = [p.grad for p in params]
            try:
                set_grads(params, [outcome.gradients.get(p, UNSET) for p in params])
                optimiser.object.step()  # type: ignore[union-attr]  # not native: an object
            finally:
                set_grads(params, before)
            optimiser.step += 1
        return total


def not_finite(step: int, sample: int, loss: float) -> ArithmeticError:
    """The error that stops a training run whose numbers are no longer numbers."""
    key = "train_loss_not_finite" if not is_finite([loss]) else "train_gradient_not_finite"
    return ArithmeticError(say(key, step=step, sample=sample, loss=loss))
