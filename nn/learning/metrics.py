"""Metrics: one number that tells a person how good predictions are; scikit-learn has the rest.

Predictions and targets are lists with one entry per sample: a number, or a list of numbers (scores, or the
numbers of a wider output). Values count as their numbers; no graph is built.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import autograd as ag
from autograd.number import entries, is_number, number_of, to_float
from autograd.settings import FINITE, chosen_list, chosen_number, chosen_word
from nn.keywords import told
from nn.learning.targets import class_index
from nn.messages import problem

Metric = Callable[[Sequence[Any], Sequence[Any]], float]
MODES = ("min", "max", "auto")
# what "auto" knows: the numbers that `fit` records of losses and metrics of this library
FALLING = frozenset((
    "loss", "mse", "mae", "huber", "smooth_l1", "half_sse", "bce", "bce_with_logits", "cross_entropy", "nll",
    "hinge", "kl_div", "mean_squared_error", "mean_absolute_error", "binary_crossentropy",
    "root_mean_squared_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "mape",
    "msle",
    "categorical_crossentropy", "sparse_categorical_crossentropy",
))  # fmt: skip
RISING = frozenset((
    "accuracy", "acc", "r2", "r2_score", "auc", "precision", "recall", "binary_accuracy",
    "categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
))  # fmt: skip


@told
def accuracy(predictions: Sequence[Any], targets: Sequence[Any], threshold: float | None = None) -> float:
    """The share of samples whose class is right.

    Args:
        predictions: per sample a list of scores, the largest of which is the class; or one score, which
            means class 1 when it is above `threshold`.
        targets: classes counted from 0, or -1 and 1 with one score, or lists with a single 1.
        threshold: of one score; None takes 0.5 for targets 0 and 1, and 0 for targets -1 and 1.

    Raises:
        ValueError: no samples, lengths differ, or a target is no class: it says nothing about a regression.

    >>> accuracy([[0.1, 2.0], [1.5, 0.3]], [1, 1])
    0.5
    >>> accuracy([0.7, 0.2], [1, 0]), accuracy([-0.3, 2.0], [-1, 1])
    (1.0, 1.0)
    """
    threshold = chosen_number("accuracy", "threshold", threshold, FINITE, none=True)
    _check_lengths(predictions, targets)
    rows = _rows(predictions)
    labels, signs = classes_of(rows[0], targets)
    limit = (0.0 if signs else 0.5) if threshold is None else threshold
    if any(total != total for total in map(sum, rows)) and any(x != x for row in rows for x in row):
        return math.nan
    said = [row.index(max(row)) if len(row) > 1 else int(row[0] > limit) for row in rows]
    return [x == y for x, y in zip(said, labels)].count(True) / len(labels)


def classes_of(scores: Any, targets: Sequence[Any]) -> tuple[list[int], bool]:
    """The class of every target, counted from 0, and whether the two classes were written -1 and 1.

    Args:
        scores: what the model says about one sample: one score, or one for each class.
        targets: as for `accuracy`.

    Raises:
        ValueError: a target is no class but a measured number.

    >>> classes_of([0.3], [-1, 1]), classes_of([0.1, 0.9], [1, [1.0, 0.0]])
    (([0, 1], True), ([1, 0], False))
    """
    count = len(flat_row(scores))
    if count > 1:
        return [_class_of(target, sample, count) for sample, target in enumerate(targets)], False
    signs = any(_single(t) == -1 for t in targets)
    labels = [_single(target) for target in targets]
    for sample, label in enumerate(labels):
        if label not in ((-1.0, 1.0) if signs else (0.0, 1.0)):
            raise problem(ValueError, "metric_regression", target=targets[sample], sample=sample)
    return [int(label == 1.0) for label in labels], signs


@told
def mae(predictions: Sequence[Any], targets: Sequence[Any]) -> float:
    """Mean absolute error, in the unit of the targets.

    >>> mae([1.0, 4.0], [2.0, 2.0])
    1.5
    """
    pairs = _pairs("mae", predictions, targets)
    return mean([abs(p - t) for p, t in pairs])


@told
def mse(predictions: Sequence[Any], targets: Sequence[Any]) -> float:
    """Mean squared error, in the squared unit of the targets.

    >>> mse([1.0, 4.0], [2.0, 2.0])
    2.5
    """
    pairs = _pairs("mse", predictions, targets)
    return mean([(p - t) * (p - t) for p, t in pairs])


@told
def r2(predictions: Sequence[Any], targets: Sequence[Any]) -> float:
    """The share of the targets' variance that the predictions explain: 1 is perfect, 0 as good as the mean.

    `1 - (sum of squared errors) / (sum of squared distances from the mean)`, of several outputs the mean of
    each one's; 0 for wrong predictions of targets that do not vary. All as in scikit-learn's `r2_score`.

    >>> r2([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), r2([2.0, 2.0, 2.0], [1.0, 2.0, 3.0])
    (1.0, 0.0)
    """
    pairs = _pairs("r2", predictions, targets)
    width = len(pairs) // len(targets)
    return mean([_r2(pairs[i::width]) for i in range(width)])


def _r2(pairs: Sequence[tuple[float, float]]) -> float:
    """The R² of one output."""
    middle = mean([t for _, t in pairs])
    errors = mean([(p - t) * (p - t) for p, t in pairs])
    return explained(errors, mean([(t - middle) * (t - middle) for _, t in pairs]))


def explained(errors: float, spread: float) -> float:
    """The share of a variance that is explained, from the mean of squared errors and that variance."""
    if spread == 0:
        return math.nan if errors != errors else float(errors == 0)
    return 1.0 - errors / spread


def mean(numbers: Sequence[float]) -> float:
    """The mean, by an exactly rounded sum; nan and inf as they come, where `math.fsum` would raise."""
    return float(ag.sum(numbers)) / len(numbers)


METRICS: dict[str, Metric] = {"accuracy": accuracy, "mae": mae, "mse": mse, "r2": r2}


def _check_lengths(predictions: Sequence[Any], targets: Sequence[Any]) -> None:
    for name, given in {"predictions": predictions, "targets": targets}.items():
        if not hasattr(given, "__len__"):
            chosen_list("a metric", name, given)
    if len(targets) == 0:
        raise problem(ValueError, "fit_empty", name="targets")
    if len(predictions) != len(targets):
        fields = {"X": "predictions", "samples": len(predictions), "y": "targets", "targets": len(targets)}
        raise problem(ValueError, "fit_lengths", **fields)


def _pairs(metric: str, predictions: Sequence[Any], targets: Sequence[Any]) -> list[tuple[float, float]]:
    _check_lengths(predictions, targets)
    found: list[tuple[float, float]] = []
    width = len(flat_row(targets[0])) if metric == "r2" else None
    for sample, (prediction, target) in enumerate(zip(predictions, targets)):
        row, wanted = flat_row(prediction), flat_row(target)
        if len(row) != len(wanted) or len(row) == 0 or (width is not None and len(row) != width):
            fields = {"sample": sample, "got": len(row), "wanted": len(wanted)}
            raise problem(ValueError, "metric_shapes", metric=metric, **fields)
        found += zip(row, wanted)
    return found


def _rows(xs: Sequence[Any]) -> Sequence[list[float]]:
    """Each entry as `_row` gives it; lists of floats, as most predictions are, as they stand."""
    if {*map(type, xs)} == {list} and {*map(type, chain.from_iterable(xs))} == {float}:
        return xs
    return [flat_row(x) for x in xs]


def flat_row(x: Any) -> list[float]:
    """A number, a Value or nested lists of these as a flat list of floats."""
    return [to_float(number_of(entry)) for _, entry in entries(x)]


def _single(target: Any) -> float | None:
    row = flat_row(target)
    return row[0] if len(row) == 1 else None


def _class_of(target: Any, sample: int, count: int) -> int:
    if target.__class__ is int and 0 <= target < count:
        return target
    row = [entry for _, entry in entries(target)]
    if len(row) == count:  # shares, mostly a single 1
        numbers = flat_row(row)
        if min(numbers) >= 0 and abs(ag.fsum(numbers) - 1) < 1e-6:
            return numbers.index(max(numbers))
    single = number_of(row[0]) if len(row) == 1 else None
    if single is None or (is_number(single) and not float(single).is_integer()):
        raise problem(ValueError, "metric_regression", target=target, sample=sample)
    return class_index(row[0], count, sample)


def rises(owner: Any, name: str, mode: str = "auto") -> bool:
    """Whether a larger number of this name is better.

    Raises:
        ValueError: the mode is not known, or it is "auto" and the name is none of a loss or score of ours.

    >>> rises("History", "val_accuracy"), rises("History", "loss"), rises("History", "f1", "max")
    (True, False, True)
    """
    if chosen_word(owner, "mode", mode, MODES) != "auto":
        return mode == "max"
    if not is_known(name):
        kind = owner if isinstance(owner, str) else type(owner).__name__
        raise problem(ValueError, "mode_unknown", owner=kind, name=name)
    return name.removeprefix("val_") in RISING


def is_known(name: str) -> bool:
    """Whether the name is that of a loss or score of this library, so that its direction is known."""
    return name.removeprefix("val_") in FALLING | RISING


class Targets:
    """The targets of samples, taken apart once for many arrays of predictions.

    Args:
        targets: a class, a number or a list of numbers for each sample.
    """

    def __init__(self, targets: Sequence[Any]) -> None:
        self._targets = targets
        self._known: dict[Any, Any] = {}

    def measured(self, metric: Callable[..., float], said: Any) -> float | None:
        """What a metric of `ORDERLESS` gives; None where only its function knows what is wrong.

        Args:
            metric: the function.
            said: a number, or a row of numbers, for each sample.

        Raises:
            ValueError: a target is no class, for `accuracy`.
        """
        rows = said.reshape(len(said), -1)
        if not len(rows) or not rows.shape[1] or len(rows) != len(self._targets):
            return None
        return self._accuracy(rows) if metric is accuracy else self._errors(metric, rows)

    def _accuracy(self, rows: Any) -> float:
        import numpy as np

        width = rows.shape[1]
        if ("classes", width) not in self._known:
            labels, signs = classes_of(rows[0].tolist(), self._targets)
            self._known["classes", width] = np.array(labels), 0.0 if signs else 0.5
        labels, limit = self._known["classes", width]
        if np.isnan(rows).any():
            return math.nan
        said = rows.argmax(1) if width > 1 else rows[:, 0] > limit
        return int((said == labels).sum()) / len(labels)

    def _errors(self, metric: Callable[..., float], rows: Any) -> float | None:
        import numpy as np

        if "numbers" not in self._known:
            found = [flat_row(target) for target in self._targets]
            alike = len(set(map(len, found))) == 1
            self._known["numbers"] = np.array(found) if alike else np.zeros((len(found), 0))
        wanted = self._known["numbers"]
        if wanted.shape != rows.shape:
            return None
        with np.errstate(all="ignore"):
            errors = rows - wanted
            if metric is mae:
                return mean(abs(errors).ravel().tolist())
            squares = errors * errors
            if metric is mse:
                return mean(squares.ravel().tolist())
            means = np.array([mean(column) for column in wanted.T.tolist()])
            spreads = (wanted - means) * (wanted - means)
        columns = zip(squares.T.tolist(), spreads.T.tolist())
        return mean([explained(*map(mean, pair)) for pair in columns])


# what `Targets` knows; the order of the samples makes no difference to these
ORDERLESS = (accuracy, mae, mse, r2)
