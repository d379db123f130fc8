"""When a number is no longer finite: at which step, where it arose; and the weights of the step before."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import repeat, starmap
from typing import TYPE_CHECKING, Any

import autograd as ag
import nn.training_messages  # noqa: F401  its sentences are said here
from autograd.number import entries, map_nested, number_of, to_float
from nn.messages import problem
from nn.weights import at_once

if TYPE_CHECKING:
    from nn.fit.run import Run


class Snapshot:
    """The weights and running averages of a model at one moment, and what its optimizer remembers.

    >>> from nn import Linear
    >>> model = Linear(1, 1)
    >>> kept = Snapshot(model)
    >>> before = model.weight[0][0].data
    >>> model.weight[0][0].data = 1000.0
    >>> kept.put_back()
    >>> model.weight[0][0].data == before
    True
    """

    def __init__(self, model: Any, optimizer: Any = None) -> None:
        self._optimizer = optimizer if hasattr(optimizer, "state") else None
        groups = getattr(optimizer, "param_groups", ())
        self._parameters = list(
            dict.fromkeys([*model.parameters(), *[p for g in groups for p in g["params"]]])
        )
        self._buffers = [(module, name) for module in model.modules() for name in module.buffers]
        self.take()

    def take(self) -> None:
        """Remember the weights of now, and what the optimizer remembers."""
        self._numbers = [p.item() for p in self._parameters]
        self._averages = [map_nested(lambda x: x, getattr(module, name)) for module, name in self._buffers]
        state = {} if self._optimizer is None else self._optimizer.state
        self._memories = {p: memory.copy() for p, memory in state.items()}  # a step changes them in place

    def put_back(self) -> None:
        """Make the remembered weights those of the model."""
        steps = [
            map(setattr, self._parameters, repeat("data"), self._numbers),
            starmap(setattr, [(*place, average) for place, average in zip(self._buffers, self._averages)]),
        ]
        if self._optimizer is not None:
            steps.append(map(setattr, [self._optimizer], ["state"], [self._memories]))
        at_once(*steps)


def check_loss(run: Run, loss: float, again: Callable[[], Any]) -> None:
    """Raise when the loss is not finite; `again()` computes it once more, to find where that arose.

    Raises:
        FloatingPointError: the loss, the step, the op that first gave inf or nan.
    """
    if not math.isfinite(loss):
        cause = _bad_sample(run) or _arose(again)
        raise _stopped(run, "fit_not_finite", loss=loss, cause=cause)


def check_gradients_finite(run: Run, again: Callable[[], Any]) -> None:
    """Raise when a parameter's gradient is not finite.

    Raises:
        FloatingPointError: the parameter, the step, the edge of the graph that first gave inf or nan.
    """
    for name, p in _not_finite(run, "grad"):
        raise _stopped(run, "fit_gradient_not_finite", gradient=p.grad, parameter=name, cause=_arose(again))


def check_weights_finite(run: Run) -> None:
    """Raise when the update made a parameter inf or nan.

    Raises:
        FloatingPointError: the parameter and the step.
    """
    for name, p in _not_finite(run, "data"):
        raise _stopped(run, "fit_weight_not_finite", parameter=name, value=p.data)


def _not_finite(run: Run, what: str) -> Iterator[tuple[str, Any]]:
    if not all(math.isfinite(getattr(p, what)) for p in run.parameters):
        yield from ((n, p) for n, p in run.model.named_parameters() if not math.isfinite(getattr(p, what)))


def _stopped(run: Run, key: str, **fields: Any) -> Exception:
    advice = ag.say("fit_advice_rate", rate=run.learning_rate())
    place = {"step": run.step, "before": run.step - 1, "epoch": run.epoch, "batch": run.batch}
    return problem(FloatingPointError, key, **place, advice=advice, **fields)


def _arose(again: Callable[[], Any]) -> str:
    """Where the first inf or nan comes from, by going through the same batch under `detect_anomaly`."""
    try:
        with ag.detect_anomaly():
            again().backward()
    except FloatingPointError as found:
        return ag.say("fit_arose", where=str(found).rstrip("."))
    return ""


def _bad_sample(run: Run) -> str:
    for index in run.batch_indices:
        for data in (run.X[index], run.y[index]):
            bad = next((x for x in _numbers(data) if not math.isfinite(x)), None)
            if bad is not None:
                return ag.say("fit_data_not_finite", sample=index, value=bad)
    return ""


def _numbers(x: Any) -> Iterator[float]:
    if isinstance(x, dict):
        yield from _numbers(list(x.values()))
    else:
        yield from (to_float(number_of(entry)) for _, entry in entries(x))
