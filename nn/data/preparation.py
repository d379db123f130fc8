"""What is done to data before learning: split, scale, encode, cut into batches."""

import math
import random
from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

from autograd import fsum, square
from autograd.number import is_list, is_number, plains, to_list
from autograd.settings import WHOLE, WHOLE_FROM_1, Range, chosen_number
from nn.messages import problem

Sample = TypeVar("Sample")
Target = TypeVar("Target")
Label = TypeVar("Label", bound=Hashable)


def train_val_split(
    X: Sequence[Sample], y: Sequence[Target], fraction: float = 0.2, seed: int = 0
) -> tuple[list[Sample], list[Sample], list[Target], list[Target]]:
    """Put a random part of the data aside, to judge the model on samples that it has not seen.

    Args:
        X: the samples.
        y: their targets, as many.
        fraction: the share put aside, between 0 and 1; at least one sample stays on either side.
        seed: the same seed puts the same samples aside.

    Returns:
        X_train, X_val, y_train, y_val, in the order of scikit-learn's `train_test_split`.

    Raises:
        ValueError: lengths differ, fewer than 2 samples, or a fraction outside 0 to 1.

    >>> train_val_split([[1.0], [2.0], [3.0], [4.0]], "abcd", fraction=0.25, seed=1)
    ([[4.0], [3.0], [2.0]], [[1.0]], ['d', 'c', 'b'], ['a'])
    """
    X, y = _pairs(X, y)
    fraction = chosen_number("train_val_split", "fraction", fraction, Range(0, 1, open="both"))
    if len(X) < 2:
        raise problem(ValueError, "data_one_sample")
    order = _shuffled(len(X), seed, "train_val_split")
    count = min(len(X) - 1, max(1, round(len(X) * fraction)))
    val, train = order[:count], order[count:]
    return [X[i] for i in train], [X[i] for i in val], [y[i] for i in train], [y[i] for i in val]


def batches(
    X: Sequence[Sample], y: Sequence[Target], size: int, seed: int | None = None
) -> Iterator[tuple[list[Sample], list[Target]]]:
    """Cut the data into batches: every sample once.

    Args:
        X: the samples.
        y: their targets, as many.
        size: samples in a batch; the last batch holds what is left.
        seed: shuffles before cutting; a new one per epoch (`seed=epoch`) gives a new order. None keeps the
            order.

    Returns:
        An iterator over pairs (samples, targets).

    Raises:
        ValueError: no data, lengths differ, or a size that is not between 1 and the number of samples; raised
            by the call itself, not by the first batch.

    >>> list(batches([[1.0], [2.0], [3.0]], [0, 1, 0], size=2))
    [([[1.0], [2.0]], [0, 1]), ([[3.0]], [0])]
    """
    X, y = _pairs(X, y)
    size = chosen_number("batches", "size", size, WHOLE_FROM_1)
    if size > len(X):
        raise problem(ValueError, "data_batch", size=size, count=len(X))
    order = list(range(len(X))) if seed is None else _shuffled(len(X), seed, "batches")
    parts = (order[start : start + size] for start in range(0, len(order), size))
    return (([X[i] for i in part], [y[i] for i in part]) for part in parts)


def standardize(
    X: Sequence[Sequence[float]], mean: Sequence[float] | None = None, scale: Sequence[float] | None = None
) -> tuple[list[list[float]], list[float], list[float]]:
    """Give every column mean 0 and standard deviation 1: (x - mean) / scale.

    The mean and the scale are measured on the training data; validation data are changed by the same two:

        X_train, mean, scale = standardize(X_train)
        X_val, _, _ = standardize(X_val, mean, scale)

    Args:
        X: n samples of m numbers each.
        mean: m numbers from an earlier call, or None to measure them.
        scale: m numbers from the same call.

    Returns:
        The changed samples (n lists of m floats), mean and scale. The scale is the standard deviation of the
        population (divided by n, as in scikit-learn's `StandardScaler`), or 1 where a column does not vary.

    Raises:
        ValueError: no data, samples of different lengths, or a mean or scale of another length, or one alone.

    >>> standardize([[1.0, 5.0], [3.0, 5.0]])
    ([[-1.0, 0.0], [1.0, 0.0]], [2.0, 5.0], [1.0, 1.0])
    """
    X = [plains(to_list(row)) for row in to_list(X)]
    mean, scale = (plains(to_list(m)) if is_list(m) else m for m in (mean, scale))
    width = _check_width(X)
    if mean is None and scale is None:
        columns = list(zip(*X, strict=True))
        mean = [_mean(column) for column in columns]
        scale = [_deviation(column, m) or 1.0 for column, m in zip(columns, mean, strict=True)]
    elif mean is None or scale is None:
        raise problem(ValueError, "data_mean_alone")
    if not len(mean) == len(scale) == width:
        raise problem(ValueError, "data_mean_length", width=width, mean=len(mean), scale=len(scale))
    changed = [[(x - m) / s for x, m, s in zip(row, mean, scale, strict=True)] for row in X]
    return changed, list(mean), list(scale)


def one_hot(y: Sequence[Label], classes: Sequence[Label] | None = None) -> list[list[float]]:
    """Write each label as a list with a single 1.

    Args:
        y: labels: numbers, texts, anything hashable.
        classes: the label of each column, in order; None takes the labels that occur, sorted.

    Returns:
        One list of len(classes) floats per label.

    Raises:
        ValueError: no labels, a class named twice, or a label that is not among the classes.

    >>> one_hot(["cat", "dog", "cat"])
    [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    >>> one_hot([2], classes=range(4))
    [[0.0, 0.0, 1.0, 0.0]]
    """
    y = to_list(y)
    if not y:
        raise problem(ValueError, "data_no_labels")
    rows = [number for number, label in enumerate(y) if is_list(label)]
    if rows:
        raise problem(ValueError, "data_label_list", label=y[rows[0]], sample=rows[0])
    kinds = sorted(set(y), key=_order) if classes is None else to_list(classes)
    column = {kind: index for index, kind in enumerate(kinds)}
    if len(column) < len(kinds):
        raise problem(ValueError, "data_class_twice", classes=kinds)
    for number, label in enumerate(y):
        if label not in column:
            raise problem(ValueError, "data_label", label=label, sample=number, classes=kinds)
    return [[1.0 if index == column[label] else 0.0 for index in range(len(kinds))] for label in y]


def _order(label: Hashable) -> tuple[str, Hashable]:
    # numbers among numbers and texts among texts: Python orders no 1 against "a"
    return ("" if is_number(label) else type(label).__name__, label)


def _mean(column: Sequence[float]) -> float:
    if min(column) == max(column):
        return column[0]  # the rounded sum of equal numbers can miss their mean in the last digit
    return fsum(column) / len(column)


def _deviation(column: Sequence[float], mean: float) -> float:
    """The root of the mean square; a power of 2 is taken out, so that squares are neither inf nor 0."""
    k = math.frexp(max([abs(x - mean) for x in column]))[1]
    squares = [square(math.ldexp(x - mean, -k)) for x in column]
    return math.ldexp(math.sqrt(fsum(squares) / len(column)), k)


def _shuffled(n: int, seed: int, owner: str) -> list[int]:
    # sorted by random() alone: the one method whose results Python promises never to change
    rng = random.Random(chosen_number(owner, "seed", seed, WHOLE))
    return sorted(range(n), key=lambda _: rng.random())


def _pairs(X: Sequence[Sample], y: Sequence[Target]) -> tuple[list[Sample], list[Target]]:
    X, y = to_list(X), to_list(y)
    if len(X) != len(y):
        raise problem(ValueError, "data_lengths", samples=len(X), targets=len(y))
    if not X:
        raise problem(ValueError, "data_empty")
    return X, y


def _check_width(X: Sequence[Sequence[float]]) -> int:
    if not X:
        raise problem(ValueError, "data_empty")
    for number, row in enumerate(X):
        if len(row) != len(X[0]):
            raise problem(ValueError, "data_widths", sample=number, got=len(row), wanted=len(X[0]))
    return len(X[0])
