"""Metrics on arrays of predictions: the very numbers that the functions of `metrics` give for lists."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from nn.learning import metrics


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
        return self._accuracy(rows) if metric is metrics.accuracy else self._errors(metric, rows)

    def _accuracy(self, rows: Any) -> float:
        import numpy as np

        width = rows.shape[1]
        if ("classes", width) not in self._known:
            labels, signs = metrics.classes_of(rows[0].tolist(), self._targets)
            self._known["classes", width] = np.array(labels), 0.0 if signs else 0.5
        labels, limit = self._known["classes", width]
        if np.isnan(rows).any():
            return math.nan
        said = rows.argmax(1) if width > 1 else rows[:, 0] > limit
        return int((said == labels).sum()) / len(labels)

    def _errors(self, metric: Callable[..., float], rows: Any) -> float | None:
        import numpy as np

        if "numbers" not in self._known:
            found = [metrics.flat_row(target) for target in self._targets]
            alike = len(set(map(len, found))) == 1
            self._known["numbers"] = np.array(found) if alike else np.zeros((len(found), 0))
        wanted = self._known["numbers"]
        if wanted.shape != rows.shape:
            return None
        with np.errstate(all="ignore"):
            errors = rows - wanted
            if metric is metrics.mae:
                return metrics.mean(abs(errors).ravel().tolist())
            squares = errors * errors
            if metric is metrics.mse:
                return metrics.mean(squares.ravel().tolist())
            means = np.array([metrics.mean(column) for column in wanted.T.tolist()])
            spreads = (wanted - means) * (wanted - means)
        columns = zip(squares.T.tolist(), spreads.T.tolist())
        return metrics.mean([metrics.explained(*map(metrics.mean, pair)) for pair in columns])


# what `Targets` knows; the order of the samples makes no difference to these
ORDERLESS = (metrics.accuracy, metrics.mae, metrics.mse, metrics.r2)
