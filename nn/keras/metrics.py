"""Keras's metrics: `update_state(y_true, y_pred, sample_weight=None)`, `result()`, `reset_state()`.

`compile(metrics=[...])` takes them and their names. What they count up is over all samples since the last
`reset_state`; as in Keras, samples' weights do not count in the metrics of `fit`.
"""

from __future__ import annotations

import copy
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autograd import fsum, square
from autograd.number import listed, number_of
from autograd.settings import SHARE, WHOLE_FROM_1, Range, chosen_number
from nn.fit.checking_data import checked_weights, numbers_of
from nn.keras import losses
from nn.keras.layer import snake
from nn.keras.metric import Metric
from nn.learning.metrics import flat_row
from nn.learning.targets import class_index
from nn.messages import problem
from nn.missing import refusing
from nn.outputs import Numbers

FROM_3 = Range(3, whole=True)


class Counted(Metric):
    """The base of those here: a subclass says what one sample adds, and what they come to."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self.reset_state()

    def reset_state(self) -> None:
        """Begin anew."""
        self.total = self.count = 0.0

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add samples: lists with one entry each.

        Raises:
            ValueError: lengths that differ.
        """
        targets, outputs = listed(y_true), listed(y_pred)
        if len(targets) != len(outputs):
            counts = {"X": "y_pred", "samples": len(outputs), "y": "y_true", "targets": len(targets)}
            raise problem(ValueError, "fit_lengths", **counts)
        weights = checked_weights(sample_weight, len(targets)) or [1.0] * len(targets)
        for target, output, weight in zip(targets, outputs, weights):
            self.add(flat_row(target), flat_row(output), weight)

    def add(self, target: list[float], output: list[float], weight: float) -> None:
        """Add one sample."""
        self.total += weight * self._of_sample(target, output)
        self.count += weight

    def _of_sample(self, target: list[float], output: list[float]) -> float:
        """What one sample gives, for metrics that are means over samples."""
        raise NotImplementedError

    def result(self) -> float:
        """The number now; 0.0 before the first sample."""
        return self.total / self.count if self.count else 0.0


class Mean(Counted):
    """The mean of numbers: `update_state(values)`.

    >>> m = Mean()
    >>> m.update_state([1.0, 3.0])
    >>> m.update_state(5.0)
    >>> m.result()
    3.0
    """

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]  # Keras's
        """Add numbers."""
        numbers = flat_row(values)
        for x, weight in zip(numbers, checked_weights(sample_weight, len(numbers)) or [1.0] * len(numbers)):
            self.total, self.count = self.total + weight * x, self.count + weight

    def __call__(self, values: Any, sample_weight: Any = None) -> float:  # type: ignore[override]  # Keras's
        """Add numbers, and give the mean now."""
        self.update_state(values, sample_weight)
        return self.result()


class Sum(Mean):
    """The sum of all numbers so far."""

    def result(self) -> float:
        """The sum now."""
        return self.total


def _same(target: list[float], output: list[float]) -> None:
    if len(target) != len(output):
        raise problem(ValueError, "nn_shapes", got=(len(output),), wanted=(len(target),))


def _place(row: list[float]) -> int:
    return row.index(max(row))


class Accuracy(Counted):
    """The share of numbers that equal their target."""

    def _of_sample(self, target: list[float], output: list[float]) -> float:
        _same(target, output)
        return [x == t for x, t in zip(output, target)].count(True) / len(target)


class BinaryAccuracy(Accuracy):
    """The share of numbers on the right side of `threshold`."""

    def __init__(self, name: str | None = None, threshold: float = 0.5) -> None:
        self.threshold = chosen_number(self, "threshold", threshold)
        super().__init__(name)

    def _of_sample(self, target: list[float], output: list[float]) -> float:
        return super()._of_sample(target, [float(x > self.threshold) for x in output])


class CategoricalAccuracy(Counted):
    """The share of samples whose largest score stands where the target's single 1 does."""

    def _of_sample(self, target: list[float], output: list[float]) -> float:
        _same(target, output)
        return float(_place(target) == _place(output))


class SparseCategoricalAccuracy(Counted):
    """`CategoricalAccuracy` for targets that are classes, counted from 0."""

    def _of_sample(self, target: list[float], output: list[float]) -> float:
        (label,) = target
        return float(class_index(label, len(output), None) == _place(output))


class TopKCategoricalAccuracy(Counted):
    """The share of samples whose class is among the `k` largest scores."""

    def __init__(self, k: int = 5, name: str | None = None) -> None:
        self.k: int = chosen_number(self, "k", k, WHOLE_FROM_1)
        super().__init__(name)

    def _of_sample(self, target: list[float], output: list[float]) -> float:
        if len(target) != 1:
            _same(target, output)
        place = class_index(target[0], len(output), None) if len(target) == 1 else _place(target)
        return float(len([x for x in output if x > output[place]]) < self.k)


class SparseTopKCategoricalAccuracy(TopKCategoricalAccuracy):
    """`TopKCategoricalAccuracy` for targets that are classes, counted from 0."""


class MeanOfLoss(Counted):
    """The mean over samples of the loss of the same name."""

    loss: losses.Loss

    def _of_sample(self, target: list[float], output: list[float]) -> float:
        return float(numbers_of(self.loss.of_one(output, target)))


class MeanSquaredError(MeanOfLoss):
    """The mean of `(y_true - y_pred)**2`."""

    loss = losses.mse


class RootMeanSquaredError(MeanSquaredError):
    """The root of the mean of `(y_true - y_pred)**2`."""

    def result(self) -> float:
        """The root of the mean now."""
        return math.sqrt(super().result())


class MeanAbsoluteError(MeanOfLoss):
    """The mean of `abs(y_true - y_pred)`."""

    loss = losses.mae


class MeanAbsolutePercentageError(MeanOfLoss):
    """The mean of `100 * abs((y_true - y_pred) / y_true)`."""

    loss = losses.mape


class MeanSquaredLogarithmicError(MeanOfLoss):
    """The mean of `(log(y_true + 1) - log(y_pred + 1))**2`."""

    loss = losses.msle


class BinaryCrossentropy(MeanOfLoss):
    """The loss of that name."""

    loss = losses.binary_crossentropy


class CategoricalCrossentropy(MeanOfLoss):
    """The loss of that name."""

    loss = losses.categorical_crossentropy


class SparseCategoricalCrossentropy(MeanOfLoss):
    """The loss of that name."""

    loss = losses.sparse_categorical_crossentropy


class R2Score(Counted):
    """The share of the targets' variance that the predictions explain, the mean of all outputs'."""

    def reset_state(self) -> None:
        """Begin anew."""
        self.samples: list[tuple[list[float], list[float], float]] = []

    def add(self, target: list[float], output: list[float], weight: float) -> None:
        """Add one sample."""
        _same(target, output)
        self.samples.append((target, output, weight))

    def result(self) -> float:
        """The number now; 0.0 where targets do not vary, and before the first sample."""
        width = len(self.samples[0][0]) if self.samples else 0
        scores = [self._score(i) for i in range(width)]
        return fsum(scores) / width if width else 0.0

    def _score(self, i: int) -> float:
        rows = [(target[i], output[i], weight) for target, output, weight in self.samples]
        mean = fsum(w * t for t, _, w in rows) / fsum(w for *_, w in rows)
        spread = fsum(w * square(t - mean) for t, _, w in rows)
        return 1 - fsum(w * square(t - p) for t, p, w in rows) / spread if spread else 0.0


class Confusion(Counted):
    """Counts of what was said right and wrong, for the metrics below."""

    def __init__(self, thresholds: float | None = None, name: str | None = None) -> None:
        given = chosen_number(self, "thresholds", thresholds, SHARE, none=True)
        self.threshold: float = 0.5 if given is None else given
        super().__init__(name)

    def reset_state(self) -> None:
        """Begin anew."""
        self.right_yes = self.wrong_yes = self.wrong_no = 0.0

    def add(self, target: list[float], output: list[float], weight: float) -> None:
        """Add one sample, number by number."""
        _same(target, output)
        for t, x in zip(target, output):
            if x > self.threshold:
                self.right_yes += weight * (t != 0)
                self.wrong_yes += weight * (t == 0)
            else:
                self.wrong_no += weight * (t != 0)


class Precision(Confusion):
    """The share of those called 1 that are 1; 0.0 where none is called so.

    >>> Precision()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])
    0.6666666666666666
    """

    def result(self) -> float:
        """The share now."""
        said = self.right_yes + self.wrong_yes
        return self.right_yes / said if said else 0.0


class Recall(Confusion):
    """The share of those that are 1 that are called so; 0.0 where there is none."""

    def result(self) -> float:
        """The share now."""
        there = self.right_yes + self.wrong_no
        return self.right_yes / there if there else 0.0


class AUC(Counted):
    """The area under the curve of true over false positives, from `num_thresholds` thresholds, as Keras's.

    >>> AUC(num_thresholds=3)([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
    0.75
    """

    def __init__(self, num_thresholds: int = 200, name: str | None = None) -> None:
        self.num_thresholds: int = chosen_number(self, "num_thresholds", num_thresholds, FROM_3)
        super().__init__(name)

    def reset_state(self) -> None:
        """Begin anew."""
        self.yes, self.no = ([0.0] * self.num_thresholds for _ in range(2))

    def add(self, target: list[float], output: list[float], weight: float) -> None:
        """Count each number at the last threshold that it is above; the first lies below 0."""
        _same(target, output)
        for t, x in zip(target, output):
            place = math.ceil(min(max(x, 0.0), 1.0) * (self.num_thresholds - 1)) - 1
            (self.yes if t else self.no)[max(place, 0)] += weight

    def result(self) -> float:
        """The area now, by trapezoids; 0.0 where one of the two classes is missing."""
        ys, xs = ([fsum(c[i:]) for i in range(len(c))] for c in (self.yes, self.no))
        if not (ys[0] and xs[0]):
            return 0.0
        parts = [(a - b) * (c + d) / 2 for (a, b), (c, d) in zip(pairwise(xs), pairwise(ys))]
        return fsum(parts) / (ys[0] * xs[0])


class Measured:
    """A metric as nn's `fit` calls it.

    Args:
        metric: which; None chooses the accuracy that fits targets and outputs, as Keras does.
        name: under which the history records it.
    """

    def __init__(self, metric: Metric | None, name: str) -> None:
        self.metric, self.__name__ = metric, name

    def __call__(self, predictions: Any, targets: Any) -> float:
        """The number of all samples; what the metric itself has counted up stays."""
        metric = copy.deepcopy(self.metric or self._accuracy(flat_row(predictions[0]), flat_row(targets[0])))
        metric.reset_state()
        return float(number_of(metric(Numbers(targets), Numbers(predictions))))

    @staticmethod
    def _accuracy(output: list[float], target: list[float]) -> Metric:
        if len(output) == 1:
            return BinaryAccuracy()
        return SparseCategoricalAccuracy() if len(target) == 1 else CategoricalAccuracy()


NAMED: dict[str, type[Metric]] = {}
for _kind in [x for x in globals().values() if isinstance(x, type) and issubclass(x, Metric)]:
    if _kind not in (Metric, Counted, MeanOfLoss, Confusion):
        NAMED[snake(_kind.__name__)] = NAMED[_kind.__name__] = _kind
for _short in ("mse", "mae", "mape", "msle"):
    NAMED[_short] = NAMED[_short.upper()] = NAMED[type(getattr(losses, _short)).__name__]


def metric_of(metric: Any, taken: list[str]) -> Any:
    """What `nn.Module.compile` makes of a name, of a metric here, or of a function of `(y_true, y_pred)`."""
    if isinstance(metric, str):
        if metric.lower() in ("accuracy", "acc"):
            return Measured(None, metric)
        return Measured(NAMED[metric](), metric) if metric in NAMED else metric
    made = metric() if isinstance(metric, type) and issubclass(metric, Metric) else metric
    if not isinstance(made, Metric):
        return losses.loss_of(made)
    count = taken.count(made.name)  # Keras calls a second one precision_1
    taken.append(made.name)
    return Measured(made, f"{made.name}_{count}" if count else made.name)


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
