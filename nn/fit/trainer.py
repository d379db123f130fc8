"""`compile`, `fit`, `evaluate`, `predict`: the training loop written once, for every module.

What `fit` does is the loop that everybody should write by hand first:

    for epoch in range(epochs):
        for X, y in batches(...):
            optimizer.zero_grad()
            loss = loss_function(model(X), y)
            loss.backward()
            optimizer.step()
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from autograd.number import is_list
from autograd.replay.executors.backends import BACKENDS
from autograd.settings import WHOLE, WHOLE_FROM_1, chosen_number, chosen_word
from nn.fit import checking_data
from nn.fit.choices import Choices, checked_optimizer, loss_of, metrics_of, weighable
from nn.fit.evaluating import judge
from nn.fit.history import History
from nn.fit.loop import Loop, begun
from nn.fit.progress import progress
from nn.fit.run import Callback, as_callbacks
from nn.messages import problem


class Trainable:
    """What `Module` inherits to be trained; the methods are Keras's."""

    history: History | None = None
    _choices: Any = None

    def compile(
        self,
        optimizer: Any = "adam",
        loss: Any = "mse",
        metrics: Sequence[Any] = (),
        penalty: Callable[[Any], Any] | None = None,
    ) -> None:
        """Say how the model learns.

        Args:
            optimizer: a name ("sgd", "adam", "adamw", "rmsprop", "adagrad"), an optimizer of this model's
                parameters, or a function of the parameters that makes one.
            loss: a name ("mse", "cross_entropy", "bce_with_logits", "hinge" ...) or a function
                `(outputs, targets) -> Value`.
            metrics: names ("accuracy", "mae", "mse", "r2") or functions `(predictions, targets) -> float`.
            penalty: a function of the model whose Value is added to each batch's loss, e.g. an L2 penalty; it
                stands in the loss of training, of validation and of `evaluate` alike.

        Raises:
            ValueError: a name that is not known.
        """
        checked_optimizer(optimizer)
        if penalty is not None and not callable(penalty):
            raise problem(TypeError, "fit_penalty", kind=type(penalty).__name__)
        chosen = loss_of(loss)
        self._choices = Choices(optimizer, chosen, metrics_of(metrics, chosen), penalty)

    def fit(
        self,
        X: Any,
        y: Any,
        *,
        epochs: int = 1,
        batch_size: int | None = None,
        validation_split: float = 0.0,
        validation_data: tuple[Any, ...] | None = None,
        callbacks: Sequence[Any] = (),
        shuffle: bool = True,
        seed: int = 0,
        verbose: bool = True,
        resume: str | os.PathLike[str] | None = None,
        replay: bool | str = "auto",
        sample_weight: Any = None,
    ) -> History:
        """Train, and tell how it went.

        Args:
            X: n samples, each what the model takes: a list of numbers, nested lists, a dict of a sparse one.
            y: n targets.
            epochs: how often to go through the data.
            batch_size: samples per step; None takes 32, or all when they are fewer.
            validation_split: this share of the data, the last part, is not trained on but judged each epoch.
            validation_data: samples and targets to judge in its place, and how much each counts if a third
                part stands there.
            callbacks: `nn.Callback`s, or functions of the run, called at the end of each epoch.
            shuffle: a new order of the samples each epoch.
            seed: the same seed gives the same orders.
            verbose: show progress, a bar when tqdm is installed.
            resume: the path of a checkpoint to go on from, bit for bit as if the run had never stopped;
                `epochs` counts from the very beginning. Optimizer, callbacks and settings must be those of
                then, only the `Checkpoint` may be missing.
            replay: run epochs as a recorded program (`autograd.record`): True, a backend's name, False, or
                "auto", which does so for long runs without metrics where Numba is installed. The numbers are
                the same to 1e-12; `history.steps` stays empty.
            sample_weight: how much each sample counts, from 0: its loss is multiplied by it before the mean
                over the batch is taken, as in Keras. Metrics count all samples alike.

        Returns:
            The history, also kept as `model.history`. Ctrl-C ends the run and returns it, too: weights and
            history of all complete steps are kept.

        Raises:
            ValueError: empty data, lengths that differ, labels out of range, a batch larger than the data,
                `compile` was not called, or weights with a loss that is no mean over samples.
            FloatingPointError: loss, a gradient or a weight became inf or nan; the message says at which step
                and where it arose, and the weights are those of the step before.

        >>> import nn
        >>> model = nn.Sequential(nn.Linear(1, 1))
        >>> model.compile(lambda p: nn.SGD(p, lr=0.1), loss="mse", metrics=["r2"])
        >>> X = [[0.0], [1.0], [2.0], [3.0]]
        >>> history = model.fit(X, [1.0, 3.0, 5.0, 7.0], epochs=100, batch_size=4, verbose=False)
        >>> history.best("loss")[1] < 1e-3, history["r2"][-1] > 0.99
        (True, True)
        """
        epochs = chosen_number("fit", "epochs", epochs, WHOLE_FROM_1)
        if not isinstance(replay, bool):
            chosen_word("fit", "replay", replay, BACKENDS, ", True, False")
        samples, targets = checking_data.checked_data(X, y)
        weights = checking_data.checked_weights(sample_weight, len(samples))
        validation = None
        if validation_data is not None:
            if not is_list(validation_data) or len(validation_data) not in (2, 3):
                raise problem(TypeError, "fit_validation_pair")
            X_val, y_val, *counted = validation_data
            judged = checking_data.checked_data(X_val, y_val, names=("validation X", "validation y"))
            name = "validation sample_weight"
            given = checking_data.checked_weights(counted[0] if counted else None, len(judged[0]), name)
            validation = (*judged, given)
        elif validation_split:
            parts = checking_data.split_off(validation_split, samples, targets, weights)
            (samples, targets, weights), validation = zip(*parts)
        size = checking_data.checked_batch_size(batch_size, len(samples))
        wanted: list[Callback] = [*as_callbacks(callbacks), *([progress()] if verbose else [])]
        seed = chosen_number("fit", "seed", seed, WHOLE)
        order = seed if shuffle else None
        choices = self._compiled("fit")
        run = begun(self, choices, (samples, targets, weights), validation, wanted, epochs, size, order)
        return Loop(run, resume, replay).go()

    def evaluate(
        self,
        X: Any,
        y: Any,
        *,
        batch_size: int | None = None,
        return_dict: bool = False,
        sample_weight: Any = None,
    ) -> Any:
        """Loss and metrics on samples, without learning from them; `sample_weight` as for `fit`.

        Returns:
            The loss; with metrics a list of the loss and each metric; with `return_dict` a dict by name.

        Raises:
            ValueError: as `fit`.
        """
        samples, targets = checking_data.checked_data(X, y)
        size = checking_data.checked_batch_size(batch_size, len(samples))
        weights = checking_data.checked_weights(sample_weight, len(samples))
        choices = self._compiled("evaluate")
        weighable(choices, weights)
        _, numbers = judge(self, choices, samples, targets, size, weights)
        if return_dict:
            return numbers
        return list(numbers.values()) if len(numbers) > 1 else numbers["loss"]

    def predict(self, X: Any, *, batch_size: int | None = None) -> list[Any]:
        """The model's outputs for samples, as plain numbers; no graph is built and dropout is off.

        Raises:
            ValueError: no samples.
        """
        samples, _ = checking_data.checked_data(X, X)
        size = checking_data.checked_batch_size(batch_size, len(samples))
        return judge(self, None, samples, samples, size)[0]

    def _compiled(self, method: str) -> Any:
        if self._choices is None:
            raise problem(ValueError, "fit_not_compiled", method=method)
        return self._choices
