"""What `compile` understands: names, functions and objects for loss, optimizer and metrics."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd.settings import chosen_list, chosen_word
from nn.learning import losses, metrics, optim
from nn.messages import problem, say

LossFunction = Callable[[Any, Any], Any]

MEANS: tuple[Any, ...] = (
    losses.mse, losses.mae, losses.huber, losses.smooth_l1, losses.bce, losses.bce_with_logits,
    losses.cross_entropy, losses.nll, losses.hinge,
)  # fmt: skip
LOSSES: dict[str, LossFunction] = {
    **{loss.__name__: loss for loss in MEANS}, "half_sse": losses.half_sse,
    # Keras's names
    "mean_squared_error": losses.mse, "mean_absolute_error": losses.mae, "binary_crossentropy": losses.bce,
}  # fmt: skip
OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    kind.__name__.lower(): kind for kind in (optim.SGD, optim.Adam, optim.AdamW, optim.Adagrad, optim.RMSprop)
}
METRIC_NAMES = {"mean_absolute_error": "mae", "mean_squared_error": "mse", "acc": "accuracy"}
ON_LABELS = (losses.cross_entropy, losses.nll)  # their targets are classes
ON_LOGITS = (losses.bce_with_logits, losses.hinge)  # their one score means class 1 above 0, not above 1/2


class Choices(NamedTuple):
    """What `compile` was told; the optimizer is made when the parameters exist."""

    optimizer: Any
    loss: LossFunction
    metrics: dict[str, metrics.Metric]
    penalty: Callable[[Any], Any] | None


def loss_of(loss: Any) -> LossFunction:
    """The loss that a name, a function or a loss module means."""
    named = isinstance(loss, type) or not callable(loss)
    chosen: LossFunction = _named("loss", loss, LOSSES) if named else loss
    return chosen


def unwrapped(loss: Any) -> tuple[Any, dict[str, Any]]:
    """The function behind a loss module or a `functools.partial`, and the settings it is called with.

    >>> unwrapped(functools.partial(losses.huber, delta=2.0))[1]
    {'delta': 2.0}
    """
    settings: dict[str, Any] = {}
    while True:
        if isinstance(loss, functools.partial) and not loss.args:
            loss, settings = loss.func, {**loss.keywords, **settings}
        elif isinstance(loss, losses.Configured):
            loss, settings = loss.function, {**loss.settings, **settings}
        else:
            return loss, settings


def is_mean(loss: Any) -> bool | None:
    """Whether the loss of a batch is the mean of its samples' losses; None where nobody knows."""
    function, settings = unwrapped(loss)
    if function not in MEANS:
        return None
    return settings.get("reduction", "mean") == "mean" and not settings.keys() & {"weight", "ignore_index"}


def weighable(choices: Choices, weights: Any) -> None:
    """Check that samples can be weighed: the loss is the mean of losses of single samples.

    Raises:
        ValueError: there are weights, and the loss is known to be no such mean.
    """
    if weights is not None and is_mean(choices.loss) is False:
        raise problem(ValueError, "fit_weights", loss=getattr(choices.loss, "__name__", choices.loss))


def metrics_of(wanted: Any, loss: LossFunction) -> dict[str, metrics.Metric]:
    """Metrics by the names under which the history records them."""
    made: dict[str, metrics.Metric] = {}
    for metric in chosen_list("compile", "metrics", wanted, none=True):
        if callable(metric):
            named = metric.func if isinstance(metric, functools.partial) else metric
            made[getattr(named, "__name__", type(named).__name__)] = metric
        else:
            name = METRIC_NAMES.get(metric, metric)
            made[name] = _named("metric", name, metrics.METRICS)
    if made.get("accuracy") is metrics.accuracy and unwrapped(loss)[0] in ON_LOGITS:
        made["accuracy"] = functools.partial(metrics.accuracy, threshold=0.0)
    return made


def checked_optimizer(optimizer: Any) -> None:
    """Check that `optimizer` is a name, an optimizer or a function of the parameters.

    Raises:
        TypeError: none of the three.
        ValueError: a name that is not known.
    """
    if isinstance(optimizer, str):
        optimizer_named(optimizer)
    elif not callable(optimizer) and not hasattr(optimizer, "param_groups"):
        raise problem(TypeError, "fit_optimizer", kind=type(optimizer).__name__)


def optimizer_of(optimizer: Any, parameters: list[Any]) -> Any:
    """The optimizer of these parameters that a name, a function of parameters or an optimizer means.

    Raises:
        TypeError: none of the three.
        ValueError: an optimizer of other parameters.
    """
    checked_optimizer(optimizer)
    if isinstance(optimizer, str):
        return optimizer_named(optimizer)(parameters)
    if hasattr(optimizer, "step") and hasattr(optimizer, "param_groups"):
        trained = {id(p) for group in optimizer.param_groups for p in group["params"]}
        if trained.isdisjoint(map(id, parameters)):
            raise problem(ValueError, "fit_optimizer_of_another", count=len(parameters))
        return optimizer
    return optimizer(parameters)


def optimizer_named(name: str) -> Any:
    """The optimizer's class; ValueError for a name that is not known."""
    return _named("optimizer", name, OPTIMIZERS)


def counts_classes(metric: Any) -> bool:
    """Whether a metric is our accuracy, with a threshold of its own or without."""
    return unwrapped(metric)[0] is metrics.accuracy


def _named(kind: str, name: Any, table: dict[str, Any]) -> Any:
    return table[chosen_word("compile", kind, name, sorted(table), say("nn_or_function"))]
