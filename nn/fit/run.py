"""`Run`: one call of `fit`, the training loop with everything that can happen to it.

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
from typing import Any

from autograd import UNSET, say
from autograd.number import to_grad
from nn.data import batches
from nn.fit import checking_data, faults, hints
from nn.fit.callbacks import Callback
from nn.fit.checkpoint import Resumption, plain_attributes
from nn.fit.choices import ON_LABELS, Choices, counts_classes, optimizer_of, unwrapped
from nn.fit.evaluating import judge, measured
from nn.fit.history import History
from nn.fit.one_step import Eager, collector_paused
from nn.learning.metrics import classes_of
from nn.state import packed, settings_of


class Run:
    """One run of `fit`; callbacks get it.

    model, optimizer, parameters, history     what is trained, and what was recorded
    epoch, step, batch                        counted from 1; step through the run, batch through the epoch
    epochs, batches                           how many there will be; batches is per epoch
    logs                                      the numbers of this epoch, by name
    """

    def __init__(
        self,
        model: Any,
        choices: Choices,
        data: tuple[list[Any], list[Any]],
        validation: tuple[list[Any], list[Any]] | None,
        callbacks: list[Callback],
        epochs: int,
        batch_size: int,
        seed: int | None,
    ) -> None:
        self.model, self.choices, self.validation, self.callbacks = model, choices, validation, callbacks
        self.X, self.y = data
        self.epochs, self.batch_size, self.batches = epochs, batch_size, math.ceil(len(self.X) / batch_size)
        self._seed, self.stopping = seed, False
        self._build()
        self.parameters: list[Any] = model.parameters()
        self.optimizer = optimizer_of(choices.optimizer, self.parameters)
        self.stepper = Eager(model, choices.loss, choices.penalty)
        self._kept = faults.Snapshot(model, self.optimizer)
        self.history = History()
        self.epoch = self.step = self.batch = 0
        self.batch_indices: list[int] = []
        self.logs: dict[str, float] = {}
        self.replay: Any = None  # a `nn.fit.replaying.Replayed` that runs whole epochs
        self.resumption: Resumption | None = None  # where the run goes on from
        self.began_with: list[tuple[Callback, dict[str, Any]]] = []  # callbacks and their settings
        self.began_modules: dict[str, dict[str, Any]] = {}  # the plain attributes of the model's modules
        self.after_epoch: list[Callable[[], None]] = []  # done once an epoch is recorded, then forgotten
        self.reached: set[int] = set()  # ids of parameters that got a gradient in the first epoch

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Go on where a checkpoint was written."""
        self.resumption = Resumption(path, self)
        self.resumption.begin()

    def settings(self) -> dict[str, Any]:
        """What the numbers of a run depend on, besides data and model, for JSON."""
        return {
            "batch_size": self.batch_size,
            "shuffle": "no" if self._seed is None else f"seed={self._seed}",
            "loss": getattr(self.choices.loss, "__name__", type(self.choices.loss).__name__),
            "replay": self.replay is not None,
            "optimizer": type(self.optimizer).__name__,
            "defaults": packed(getattr(self.optimizer, "defaults", {}), type(self.optimizer).__name__),
        }

    def stop(self) -> None:
        """End the run after this epoch."""
        self.stopping = True

    def learning_rate(self) -> float:
        """The learning rate of the optimizer's first group."""
        return float(self.optimizer.param_groups[0]["lr"])

    def go(self) -> History:
        """Train until the last epoch, a callback's `stop`, Ctrl-C or an error."""
        self.history.stopped = "failed"
        try:
            self._tell("on_fit_begin")
            self.began_with = [(c, settings_of(c)) for c in self.callbacks if c.lasting]
            self.began_modules = plain_attributes(self.model)
            if self.resumption is not None:
                self.resumption.go_on()
            while self.epoch < self.epochs and not self.stopping:
                self._one_epoch()
            self.history.stopped = "early" if self.stopping else "finished"
        except KeyboardInterrupt:
            self.history.stopped = "interrupted"
            sys.stderr.write(say("fit_interrupted", step=self.step, epoch=self.epoch) + "\n")
        finally:
            self.model.history = self.history  # not before: replay watches the model
            self.model.eval()
            self._tell("on_fit_end")
        return self.history

    def _build(self) -> None:
        """Let layers that learn their sizes from the data do so, and see that the labels fit the outputs."""
        outputs, _ = judge(self.model, None, self.X[:1], self.y[:1], 1)
        known = [self.y, *([] if self.validation is None else [self.validation[1]])]
        for targets in known:
            if unwrapped(self.choices.loss)[0] in ON_LABELS:
                checking_data.checked_labels(outputs[0], targets)
            if any(map(counts_classes, self.choices.metrics.values())):
                classes_of(outputs[0], targets)

    def _tell(self, moment: str) -> None:
        for callback in self.callbacks:
            getattr(callback, moment)(self)

    def _one_epoch(self) -> None:
        self.epoch, self.batch, self.logs, self.after_epoch = self.epoch + 1, 0, {}, []
        self.model.train()
        self._tell("on_epoch_begin")
        if self.replay is None:
            self._all_batches()
        else:
            order = [i for indices in self._order() for i in indices]
            self.logs["loss"], predictions = self.replay.epoch(order)
            self.step += self.batches
            self.logs.update(measured(self.choices, predictions, [self.y[i] for i in order]))
        self._judge()
        self._tell("on_epoch_end")
        self.history.add(self.epoch, self.logs)
        for write in self.after_epoch:
            write()
        self.after_epoch.clear()

    def _all_batches(self) -> None:
        losses: list[float] = []
        predictions: list[Any] = []
        targets: list[Any] = []
        for indices in self._order():
            self.batch_indices = indices
            X, y = [self.X[i] for i in indices], [self.y[i] for i in indices]
            loss, said = self._one_step(X, y)
            losses.append(loss * len(indices))
            predictions += said
            targets += y
        self.logs["loss"] = math.fsum(losses) / len(self.X)  # batches weigh as many as they have samples
        self.logs.update(measured(self.choices, predictions, targets))

    def _order(self) -> Any:
        """The indices of the samples, batch by batch; the order follows from the seed and the epoch."""
        seed = (
            None if self._seed is None else int(random.Random(f"{self._seed} {self.epoch}").random() * 2**32)
        )
        places = list(range(len(self.X)))
        return (indices for indices, _ in batches(places, places, self.batch_size, seed))

    def _one_step(self, X: list[Any], y: list[Any]) -> Any:
        self.step, self.batch = self.step + 1, self.batch + 1
        self._kept.take()

        def again() -> Any:
            return Eager(self.model, self.choices.loss, self.choices.penalty).total(X, y)[0]

        try:
            with collector_paused():
                self.optimizer.zero_grad()
                made = self.stepper.gradients(X, y, lambda loss: faults.check_loss(self, loss, again))
                self._tell("on_gradients")
                faults.check_gradients_finite(self, again)
                if self.epoch == 1:
                    self.reached.update([id(p) for p in self.parameters if to_grad(p.grad) is not UNSET])
                self.optimizer.step()
                faults.check_weights_finite(self)
        except BaseException:
            self._kept.put_back()
            self.step -= 1
            raise
        self.history.steps["loss"].append(made.loss)
        self._tell("on_step_end")
        return made

    def _judge(self) -> None:
        self.model.eval()
        hints.look(self)
        if self.validation is not None:
            numbers = None if self.replay is None else self.replay.judge(*self.validation)
            if numbers is None:
                _, numbers = judge(self.model, self.choices, *self.validation, self.batch_size)
            self.logs.update({f"val_{name}": number for name, number in numbers.items()})
