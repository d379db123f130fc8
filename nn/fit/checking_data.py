"""What `fit` gets, checked before anything is computed; and predictions beside targets of the same form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd import Value
from autograd.number import is_list, map_nested, to_float
from autograd.settings import BELOW_1, FROM_0, WHOLE_FROM_1, chosen_list, chosen_number
from nn.learning.targets import class_index
from nn.messages import problem


def checked_data(X: Any, y: Any, names: tuple[str, str] = ("X", "y")) -> tuple[list[Any], list[Any]]:
    """Samples and targets as two lists of the same length, at least one each.

    Raises:
        ValueError: no samples, or lengths that differ.
        TypeError: one of them holds no entries.
    """
    given = zip(names, (X, y))
    samples, targets = (x if isinstance(x, list) else chosen_list("fit", name, x) for name, x in given)
    if not samples:
        raise problem(ValueError, "fit_empty", name=names[0])
    if len(samples) != len(targets):
        fields = {"X": names[0], "samples": len(samples), "y": names[1], "targets": len(targets)}
        raise problem(ValueError, "fit_lengths", **fields)
    return samples, targets


def checked_weights(weights: Any, samples: int, name: str = "sample_weight") -> list[float] | None:
    """How much each sample counts, as floats from 0; None where nobody said.

    Raises:
        ValueError: another number of them than of samples, or one below 0.
    """
    if weights is None:
        return None
    found = [row[0] if is_list(row) and len(row) == 1 else row for row in chosen_list("fit", name, weights)]
    if len(found) != samples:
        raise problem(ValueError, "fit_weight_count", name=name, got=len(found), samples=samples)
    return [chosen_number("fit", name, w, FROM_0) for w in found]


def split_off(share: float, *columns: Any) -> list[tuple[Any, Any]]:
    """Each column in two, the last part put aside for validation, as Keras does; None stays None twice."""
    samples = len(columns[0])
    count = round(samples * chosen_number("fit", "validation_split", share, BELOW_1))
    if share > 0 and not 0 < count < samples:
        raise problem(ValueError, "fit_split", split=share, samples=samples)
    edge = samples - count
    return [(None, None) if column is None else (column[:edge], column[edge:]) for column in columns]


def checked_batch_size(size: int | None, samples: int) -> int:
    """The batch size, 32 (or all samples, when they are fewer) for None.

    Raises:
        ValueError: not a whole number from 1 to the number of samples.
    """
    if size is None:
        return min(32, samples)
    count: int = chosen_number("fit", "batch_size", size, WHOLE_FROM_1)
    if count > samples:
        raise problem(ValueError, "fit_batch_size", size=size, samples=samples)
    return count


def checked_labels(scores: Any, targets: Sequence[Any]) -> None:
    """Check that every target names one of the classes the model has scores for.

    Raises:
        ValueError: one does not; the message names target and sample.
    """
    if not is_list(scores):
        return
    for sample, target in enumerate(targets):
        if not is_list(target):
            class_index(target, len(scores), sample)


def side_by_side(outputs: Sequence[Any], targets: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Outputs and targets in one form: where one side has lists of one number, the number is meant.

    >>> side_by_side([[1.0], [2.0]], [0.0, 0.5])
    ([1.0, 2.0], [0.0, 0.5])
    >>> side_by_side([1.0, 2.0], [[0.0], [0.5]])
    ([1.0, 2.0], [0.0, 0.5])
    """
    if _are_lists_of_one(outputs) and not is_list(targets[0]):
        return [row[0] for row in outputs], list(targets)
    if _are_lists_of_one(targets) and not is_list(outputs[0]):
        return list(outputs), [row[0] for row in targets]
    return list(outputs), list(targets)


def numbers_of(x: Any) -> Any:
    """Nested lists of Values and numbers as nested lists of floats (or of what stands for them)."""
    return map_nested(lambda entry: entry.data if isinstance(entry, Value) else to_float(entry), x)


def _are_lists_of_one(rows: Sequence[Any]) -> bool:
    return all(is_list(row) and len(row) == 1 and not is_list(row[0]) for row in rows)
