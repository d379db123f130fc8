"""What a model says without learning: predictions, loss and metrics on given samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd as ag
from autograd import no_grad
from autograd.collector import uncollected
from nn.fit.checking_data import numbers_of, side_by_side
from nn.fit.choices import Choices
from nn.state import modes_kept

Reader = Callable[[list[Any]], list[Any]]


def reader_of(model: Any) -> Reader:
    """The function that gives the model's output for each of a list of samples.

    It calls the model sample by sample; a model of which some module says `needs_batch = True` (batch
    normalisation) sees all of them together.
    """
    if any(getattr(module, "needs_batch", False) for module in model.modules()):
        return lambda samples: list(model(samples))
    return lambda samples: [model(sample) for sample in samples]


def loss_of_batch(
    loss: Callable[[Any, Any], Any], outputs: list[Any], targets: list[Any], weights: list[float] | None
) -> Any:
    """The loss; with weights the mean of the samples' losses times these, as in Keras."""
    if weights is None:
        return loss(outputs, targets)
    terms = [loss([output], [target]) for output, target in zip(outputs, targets)]
    return ag.dot(weights, terms) / len(terms)


def judge(
    model: Any,
    choices: Choices | None,
    X: list[Any],
    y: list[Any],
    size: int,
    weights: list[float] | None = None,
) -> tuple[list[Any], dict[str, float]]:
    """The model's outputs as plain numbers, and with `choices` its loss and metrics, all in `eval` mode.

    The loss is the mean of the batches' losses, each weighing as many as it has samples, plus the penalty:
    what is trained on. Metrics are computed on all samples at once. Modes are put back.
    """
    said: list[Any] = []
    losses: list[float] = []
    with modes_kept(model), uncollected(), no_grad():
        read = reader_of(model.eval())
        for start in range(0, len(X), size):
            outputs = read(X[start : start + size])
            said += numbers_of(outputs)
            if choices is not None:
                pair = side_by_side(outputs, y[start : start + size])
                counted = None if weights is None else weights[start : start + size]
                losses.append(numbers_of(loss_of_batch(choices.loss, *pair, counted)) * len(outputs))
        penalty = numbers_of(choices.penalty(model)) if choices is not None and choices.penalty else 0.0
    if choices is None:
        return said, {}
    return said, {"loss": ag.sum(losses) / len(X) + penalty, **measured(choices, said, y)}


def measured(choices: Choices, predictions: list[Any], targets: list[Any]) -> dict[str, float]:
    """The metrics of all samples, by name."""
    if not choices.metrics:
        return {}
    pair = side_by_side(predictions, targets)
    return {name: metric(*pair) for name, metric in choices.metrics.items()}
