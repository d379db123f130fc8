"""Data-parallel gradients: every process takes a share of the batch, and their gradients add up.

    with Workers(model, nn.mse, count=4) as workers:
        for X, y in batches(...):
            optimizer.zero_grad()
            loss = workers.gradients(X, y)
            optimizer.step()

The sum of shares is the gradient of the whole batch to the last few bits: 1e-12.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from autograd import fsum
from autograd.collector import uncollected
from autograd.number import to_grad
from autograd.settings import WHOLE_FROM_1, chosen_number, chosen_word
from nn.fit.checking_data import checked_data
from nn.fit.choices import is_mean, loss_of
from nn.fit.loop import Eager
from nn.messages import problem

Share = tuple[float, list[float]]  # loss times samples, gradients times samples

_here: list[Any] = []  # in a worker process: its model, parameters and stepper


class Workers:
    """Processes that each hold a copy of the model; its weights are sent with every batch.

    Args:
        model: a module that can be pickled.
        loss: a name or a function `(outputs, targets) -> Value` that is the mean over its samples.
        count: how many processes.
        method: how they are started: "spawn" everywhere, "fork" faster where it exists.

    Raises:
        TypeError: model or loss cannot be sent to a process (a lambda, for example).
    """

    def __init__(self, model: Any, loss: Any, count: int = 2, method: str = "spawn") -> None:
        import multiprocessing  # takes longer than all of nn, and few want processes
        from concurrent.futures import ProcessPoolExecutor

        self._parameters = model.parameters()
        self._count: int = chosen_number(self, "count", count, WHOLE_FROM_1)
        chosen_word(self, "method", method, multiprocessing.get_all_start_methods())
        if is_mean(loss_of(loss)) is False:
            raise problem(ValueError, "parallel_mean", loss=loss)
        try:
            content = pickle.dumps((model, loss_of(loss)))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise problem(TypeError, "parallel_pickle", reason=error) from None
        self._pool = ProcessPoolExecutor(
            self._count, multiprocessing.get_context(method), initializer=_begin, initargs=(content,)
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *problem: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def gradients(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """Add the gradients of the mean loss of a batch to the parameters; returns that loss.

        Raises:
            ValueError: no samples, or lengths that differ.
        """
        samples, targets = checked_data(X, y)
        weights = [p.item() for p in self._parameters]
        edges = [i * len(samples) // self._count for i in range(self._count + 1)]
        shares = [
            self._pool.submit(_share, weights, samples[a:b], targets[a:b])
            for a, b in pairwise(edges)
            if b > a
        ]
        found = [share.result() for share in shares]
        columns = zip(*[gradients for _, gradients in found], strict=True)
        for p, parts in zip(self._parameters, columns, strict=True):
            if p.requires_grad:
                p.grad = to_grad(p.grad) + fsum(parts) / len(samples)
        return fsum([loss for loss, _ in found]) / len(samples)


def _begin(content: bytes) -> None:
    model, loss = pickle.loads(content)  # noqa: S301 - made by our own process, a moment ago
    _here[:] = [model.parameters(), model, Eager(model, loss)]


def _share(weights: Sequence[float], X: list[Any], y: list[Any]) -> Share:
    parameters, model, stepper = _here
    for p, number in zip(parameters, weights, strict=True):
        p.data = number
    model.zero_grad()
    with uncollected():
        made = stepper.gradients(X, y, lambda _: None)  # whoever sums the shares looks at the loss
    return made.loss * len(X), [p.grad * len(X) for p in parameters]
