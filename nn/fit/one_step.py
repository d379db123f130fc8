"""How the gradients of one batch are made: loss, then backward, on a graph that lives for one step."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from nn.fit.checking_data import numbers_of, side_by_side


@contextmanager
def collector_paused() -> Iterator[None]:
    """Python's cyclic garbage collector off inside; afterwards as it was, also after an exception.

    A graph holds no reference cycles, so the collector could only walk it in vain, and would, often.

    >>> with collector_paused():
    ...     gc.isenabled()
    False
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Made(NamedTuple):
    """What one batch gave: the loss, and what the model said about each sample."""

    loss: float
    predictions: list[Any]


Reader = Callable[[list[Any]], list[Any]]


def reader_of(model: Any) -> Reader:
    """The function that gives the model's output for each of a list of samples.

    It calls the model sample by sample; a model of which some module says `needs_batch = True` (batch
    normalisation) sees all of them together.
    """
    if any(getattr(module, "needs_batch", False) for module in model.modules()):
        return lambda samples: list(model(samples))
    return lambda samples: [model(sample) for sample in samples]


class Eager:
    """Builds the graph of each batch, goes back through it, and lets go of it."""

    def __init__(
        self, model: Any, loss: Callable[[Any, Any], Any], penalty: Callable[[Any], Any] | None = None
    ) -> None:
        self._model, self._loss, self._penalty, self._read = model, loss, penalty, reader_of(model)

    def total(self, X: list[Any], y: list[Any]) -> tuple[Any, list[Any]]:
        """Loss plus penalty as a Value, and the outputs."""
        outputs, targets = side_by_side(self._read(X), y)
        loss = self._loss(outputs, targets)
        return (loss if self._penalty is None else loss + self._penalty(self._model)), outputs

    def gradients(self, X: list[Any], y: list[Any], check: Callable[[float], None]) -> Made:
        """Add the batch's gradients to the parameters; `check(loss)` may stop before backward."""
        total, outputs = self.total(X, y)
        check(total.data)
        total.backward()
        return Made(total.data, numbers_of(outputs))
