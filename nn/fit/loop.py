"""`Loop`: the training loop with everything that can happen to it.

    for each epoch, for each batch:
        optimizer.zero_grad();  loss = ...;  loss.backward();  optimizer.step()

The rest of this file keeps count, tells the callbacks, and sees to it that whatever stops a step (inf or nan,
Ctrl-C, an error in a callback) leaves the weights of the last complete step.
"""

from __future__ import annotations

import math
import os
import random
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from autograd import UNSET, fsum
from autograd.collector import uncollected
from autograd.number import to_grad
from nn.data import batches
from nn.fit import checking_data, faults
from nn.fit.checking_data import numbers_of, side_by_side
from nn.fit.checkpoint import Resumption, plain_attributes
from nn.fit.choices import ON_LABELS, Choices, counts_classes, optimizer_of, unwrapped, weighable
from nn.fit.evaluating import judge, loss_of_batch, measured, reader_of
from nn.fit.history import History
from nn.fit.progress import only_shows
from nn.fit.replaying import replayed
from nn.fit.run import Callback, Run
from nn.learning.metrics import classes_of
from nn.messages import say
from nn.state import Modes, settings_of
from nn.weights import Snapshot

Data = tuple[list[Any], list[Any], list[float] | None]  # samples, targets, how much each counts


def begun(
    model: Any,
    choices: Choices,
    data: Data,
    validation: Data | None,
    callbacks: list[Callback],
    epochs: int,
    batch_size: int,
    seed: int | None,
) -> Run:
    """A run that is about to begin: layers know their sizes, labels fit the outputs, the optimizer is made.

    Raises:
        ValueError: labels out of range, an optimizer of other parameters, or weights of samples that the loss
            cannot take.
    """
    for _, _, weights in (data, *([] if validation is None else [validation])):
        weighable(choices, weights)
    _build(model, choices, data, validation)
    parameters = model.parameters()
    optimizer = optimizer_of(choices.optimizer, parameters)
    count = math.ceil(len(data[0]) / batch_size)
    X, y, weights = data
    record = (model, optimizer, parameters, choices, X, y, validation, callbacks, epochs, count, batch_size)
    return Run(*record, seed, weights)


def _build(model: Any, choices: Choices, data: Data, validation: Data | None) -> None:
    """Let layers that learn their sizes from the data do so, and see that the labels fit the outputs."""
    X, y, _ = data
    outputs, _ = judge(model, None, X[:1], y[:1], 1)
    for targets in [y, *([] if validation is None else [validation[1]])]:
        if unwrapped(choices.loss)[0] in ON_LABELS:
            checking_data.checked_labels(outputs[0], targets)
        if any(map(counts_classes, choices.metrics.values())):
            classes_of(outputs[0], targets)


class Gradients(NamedTuple):
    """What one batch gave besides its gradients: the loss, and what the model said about each sample."""

    loss: float
    predictions: list[Any]


class Eager:
    """Builds the graph of each batch, goes back through it, and lets go of it."""

    def __init__(
        self, model: Any, loss: Callable[[Any, Any], Any], penalty: Callable[[Any], Any] | None = None
    ) -> None:
        self._model, self._loss, self._penalty, self._read = model, loss, penalty, reader_of(model)

    def total(self, X: list[Any], y: list[Any], weights: list[float] | None = None) -> tuple[Any, list[Any]]:
        """Loss plus penalty as a Value, and the outputs."""
        outputs, targets = side_by_side(self._read(X), y)
        loss = loss_of_batch(self._loss, outputs, targets, weights)
        return (loss if self._penalty is None else loss + self._penalty(self._model)), outputs

    def gradients(
        self, X: list[Any], y: list[Any], check: Callable[[float], None], weights: list[float] | None = None
    ) -> Gradients:
        """Add the batch's gradients to the parameters; `check(loss)` may stop before backward."""
        total, outputs = self.total(X, y, weights)
        check(total.data)
        total.backward()
        return Gradients(total.data, numbers_of(outputs))


class Loop:
    """Trains a run to its end.

    Args:
        run: about to begin.
        resume: the path of a checkpoint to go on from.
        replay: as for `fit`.
    """

    def __init__(self, run: Run, resume: str | os.PathLike[str] | None, replay: bool | str) -> None:
        self.run = run
        self._stepper = Eager(run.model, run.choices.loss, run.choices.penalty)
        self._kept = Snapshot(run.model, run.optimizer)
        self._resumption = None if resume is None else Resumption(resume, run)
        if self._resumption is not None:
            self._resumption.begin()
        self._replay = replayed(run, replay, None if self._resumption is None else self._resumption.replay)
        self._modes, self._begun = Modes(), list[Any]()
        run.replayed = self._replay is not None

    def go(self) -> History:
        """Train until the last epoch, a callback's `stop`, Ctrl-C or an error."""
        run = self.run
        run.history.stopped = "failed"
        try:
            self._tell("on_fit_begin")
            run.began_with = [(c, settings_of(c)) for c in run.callbacks if c.lasting]
            run.began_modules = plain_attributes(run.model)
            if self._resumption is not None:
                self._resumption.go_on()
            while run.epoch < run.epochs and not run.stopping:
                self._one_epoch()
            run.history.stopped = "early" if run.stopping else "finished"
        except KeyboardInterrupt:
            run.history.stopped = "interrupted"
            sys.stderr.write(say("fit_interrupted", step=run.step, epoch=run.epoch) + "\n")
        finally:
            if self._replay is not None:
                self._replay.close()
            run.model.history = run.history  # not before: replay watches the model
            run.model.eval()
            self._tell("on_fit_end")
        return run.history

    def _tell(self, moment: str) -> None:
        for callback in self._begun if moment == "on_fit_end" else self.run.callbacks:
            getattr(callback, moment)(self.run)
            if moment == "on_fit_begin":
                self._begun.append(callback)  # whose end may count on what its beginning made
            if self._replay is not None and not only_shows(callback, moment):
                self._replay.others_ran()

    def _switch(self, training: bool) -> None:
        replay = self._replay
        if not self._modes.switch(self.run.model, training, replay and replay.moment) and replay is not None:
            replay.others_ran()

    def _one_epoch(self) -> None:
        run = self.run
        run.epoch, run.batch, run.logs, run.after_epoch = run.epoch + 1, 0, {}, []
        self._switch(training=True)
        self._tell("on_epoch_begin")
        if self._replay is None:
            self._all_batches()
        else:
            wanted = self._replay.needs_order()
            order = [i for indices in self._order() for i in indices] if wanted else None
            with uncollected():
                run.logs.update(self._replay.epoch(order))
                run.step += run.batches
        self._judge()
        self._tell("on_epoch_end")
        run.history.add(run.epoch, run.logs)
        for write in run.after_epoch:
            write()
        run.after_epoch.clear()

    def _all_batches(self) -> None:
        run = self.run
        losses: list[float] = []
        predictions: list[Any] = []
        targets: list[Any] = []
        for indices in self._order():
            run.batch_indices = indices
            X, y = [run.X[i] for i in indices], [run.y[i] for i in indices]
            weights = None if run.weights is None else [run.weights[i] for i in indices]
            loss, said = self._one_step(X, y, weights)
            losses.append(loss * len(indices))
            predictions += said
            targets += y
        run.logs["loss"] = fsum(losses) / len(run.X)  # batches weigh as many as they have samples
        run.logs.update(measured(run.choices, predictions, targets))

    def _order(self) -> Any:
        """The indices of the samples, batch by batch; the order follows from the seed and the epoch."""
        run, seed = self.run, None
        if run.seed is not None:
            seed = int(random.Random(f"{run.seed} {run.epoch}").random() * 2**32)
        places = list(range(len(run.X)))
        return (indices for indices, _ in batches(places, places, run.batch_size, seed))

    def _one_step(self, X: list[Any], y: list[Any], weights: list[float] | None) -> Gradients:
        run = self.run
        run.step, run.batch = run.step + 1, run.batch + 1
        self._kept.take()

        def again() -> Any:
            return Eager(run.model, run.choices.loss, run.choices.penalty).total(X, y, weights)[0]

        try:
            with uncollected():
                run.optimizer.zero_grad()
                check = partial(faults.check_loss, run, again=again)
                made = self._stepper.gradients(X, y, check, weights)
                self._tell("on_gradients")
                faults.check_gradients_finite(run, again)
                if run.epoch == 1:
                    run.reached.update([id(p) for p in run.parameters if to_grad(p.grad) is not UNSET])
                run.optimizer.step()
                faults.check_weights_finite(run)
        except BaseException:
            self._kept.put_back()
            run.step -= 1
            raise
        run.history.steps["loss"].append(made.loss)
        self._tell("on_step_end")
        return made

    def _judge(self) -> None:
        run = self.run
        self._switch(training=False)
        faults.look(run, None if self._replay is None else self._replay.hidden_units)
        if run.validation is not None:
            numbers = None if self._replay is None else self._replay.judge(*run.validation)
            if numbers is None:
                if self._replay is not None:
                    self._replay.others_ran()
                X, y, weights = run.validation
                _, numbers = judge(run.model, run.choices, X, y, run.batch_size, weights)
            run.logs.update({f"val_{name}": number for name, number in numbers.items()})
