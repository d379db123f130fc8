"""Samples of one kind together: the columns of a data set taken apart into inputs, one row a sample."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations
from typing import Any

from autograd.messages import say
from autograd.replay.capture.arguments import LARGE, NODE, WHOLE, Arguments
from autograd.replay.capture.arithmetic import SMALL
from autograd.replay.capture.snapshot import Lists
from autograd.replay.capture.states import PLAIN_TYPES, as_it_was, unchanged
from autograd.replay.jit import have_numpy


class SampleGroup:
    """Samples of one key: where they stand in the batch, and their inputs, one row each."""

    def __init__(self, key: Any, positions: list[int], rows: list[list[float]]) -> None:
        self.key, self.positions, self.rows = key, positions, rows
        self._matrix: Any = None

    @property
    def matrix(self) -> Any:
        """The inputs of all samples in one flat NumPy array."""
        if self._matrix is None:
            import numpy as np

            self._matrix = np.array(self.rows, float).ravel()
        return self._matrix


def arguments_of(columns: Sequence[Any], i: int) -> Arguments:
    """The arguments of sample i."""
    return Arguments([column[i] for column in columns], {})


def groups_of(columns: Sequence[Any]) -> list[SampleGroup]:
    """The samples by the kind of their arguments.

    Raises:
        ValueError: a column holds Values.
    """
    return _all_alike(columns) or _by_key(columns)


class Columns:
    """What columns hold now, to be compared with what they hold after somebody had them in hand.

    Attributes:
        tells: whether they are of kinds that tell.
    """

    def __init__(self, columns: Sequence[Any]) -> None:
        self._pairs: list[tuple[list[Any], list[Any]]] = []
        self._arrays: list[tuple[Any, Any]] = []
        self._seen: set[int] = set()  # lists, of which one may stand in many places
        self.tells = all(map(self._hold, columns))
        self._lists = Lists(self._pairs)

    def _hold(self, x: Any) -> bool:
        """Note what a column or a row holds; False where that is of a kind that does not tell."""
        if hasattr(x, "tobytes") and getattr(x, "dtype", None) is not None:
            self._arrays.append((x, x.copy()))
            return bool(x.dtype.kind in "fiub")
        if x.__class__ is list:
            if id(x) in self._seen:
                return True
            self._seen.add(id(x))
            self._pairs.append((x, x.copy()))
        elif x.__class__ is not tuple:
            return False
        kinds = set(map(type, x))
        return kinds <= PLAIN_TYPES or (kinds <= {list, tuple} and all(map(self._hold, x)))

    def changed(self, alone: bool = False) -> bool:
        """Whether they hold something else, or are of a kind that does not tell.

        Args:
            alone: whether nobody's code has run since the last look.
        """
        if alone or not self.tells:
            return not self.tells
        return not all(unchanged(x, held) for x, held in self._arrays) or not all(
            as_it_was(now, then) for now, then in self._lists.changed()
        )


def _all_alike(columns: Sequence[Any]) -> list[SampleGroup]:
    """One group, without looking at each sample, where NumPy knows that all are alike."""
    if not have_numpy():
        return []
    first, count = arguments_of(columns, 0), len(columns[0])
    if NODE in first.kinds or first.objects or not all(_alike(column) for column in columns):
        return []
    lists = [column for column in columns if column[0].__class__ in (list, tuple)]
    if len(lists) > 1 and any(x is y for one, other in combinations(lists, 2) for x, y in zip(one, other)):
        return []  # what is two arguments at once, as an autoencoder has it, gives its inputs once
    import numpy as np

    try:
        parts = [np.asarray(column, float).reshape(count, -1) for column in columns]
    except OverflowError:  # an integer beyond even the largest float
        return []
    matrix = np.concatenate(parts, axis=1)
    whole = {WHOLE, LARGE}.intersection(first.kinds) or matrix.shape[1] != len(first.kinds)
    if whole and matrix.size and abs(matrix).max() > SMALL:
        return []  # large integers are of another kind, and beyond the floats no inputs
    group = SampleGroup(first.key, list(range(count)), [])
    group._matrix = np.ascontiguousarray(matrix).ravel()
    return [group]


def _by_key(columns: Sequence[Any]) -> list[SampleGroup]:
    found: dict[Any, SampleGroup] = {}
    for i in range(len(columns[0])):
        arguments = arguments_of(columns, i)
        if NODE in arguments.kinds:
            raise ValueError(say("batch_values"))
        group = found.setdefault(arguments.key, SampleGroup(arguments.key, [], []))
        group.positions.append(i)
        group.rows.append(arguments.numbers)
    return list(found.values())


def _alike(column: Any) -> bool:
    """Whether all entries of a column surely have one structure: an array, or lists of floats alike."""
    kind = getattr(getattr(column, "dtype", None), "kind", "")
    if kind:
        return bool(kind in "fiu") and column.ndim >= 1 and column.dtype.itemsize <= 8
    first = column[0]
    if first.__class__ is float or first.__class__ is int:
        return set(map(type, column)) == {first.__class__}
    if first.__class__ is list or first.__class__ is tuple:
        kinds = set(map(type, first))
        return (
            len(kinds) == 1
            and kinds <= {float, int}
            and set(map(type, column)) == {first.__class__}
            and set(map(len, column)) == {len(first)}
            and set(map(type, chain.from_iterable(column))) <= kinds
        )
    return False
