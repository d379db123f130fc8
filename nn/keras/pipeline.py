"""`tf.data.Dataset`: samples that are shuffled, changed and put into batches, step by step."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd.number import is_list, map_nested, number_of, to_list
from autograd.settings import WHOLE_FROM_0, WHOLE_FROM_1, chosen_number
from nn.messages import problem
from nn.outputs import Numbers
from nn.shapes import Count, Share

ENDLESS, UNKNOWN = -1, -2  # what `cardinality` says of lengths that are no number


class Dataset:
    """Entries one after the other, anew in each loop; `fit`, `evaluate` and `predict` take batches of them.

    Args:
        made: gives the entries of a loop: numbers, lists that compute, or tuples and dicts of these.
        count: how many there are, or -1 without an end, or -2 where nobody knows.
        size: of a batch, None before `batch`.
        shuffled: whether the order is drawn.

    >>> data = Dataset.from_tensor_slices(([[1.0], [2.0], [3.0]], [0, 1, 0]))
    >>> for x, y in data.map(lambda x, y: (x * 2, y)).batch(2):
    ...     print(x, y)
    [[2.0], [4.0]] [0, 1]
    [[6.0]] [0]
    """

    def __init__(
        self,
        made: Callable[[], Iterable[Any]],
        count: int = UNKNOWN,
        size: int | None = None,
        shuffled: bool = False,
    ) -> None:
        self._made, self._count, self.size, self.shuffled = made, count, size, shuffled

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """An entry for each sample: of a tuple or dict of arrays a tuple or dict.

        Raises:
            ValueError: arrays of different lengths.
        """
        entries = _entries(tensors)
        return Dataset(lambda: entries, len(entries))

    @staticmethod
    def range(*bounds: int) -> Dataset:
        """Whole numbers, as Python's `range` gives them."""
        found = range(*bounds)
        return Dataset(lambda: map(Count, found), len(found))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._made())

    as_numpy_iterator = __iter__

    def __len__(self) -> int:
        if self._count < 0:
            raise problem(TypeError, "keras_no_length")
        return self._count

    def cardinality(self) -> int:
        """The length; -1 without an end, -2 where nobody knows."""
        return self._count

    def _with(self, made: Callable[[], Iterable[Any]], count: int, **changed: Any) -> Dataset:
        return Dataset(made, count, **{"size": self.size, "shuffled": self.shuffled, **changed})

    def map(self, map_func: Callable[..., Any], num_parallel_calls: Any = None) -> Dataset:  # noqa: ARG002 - TensorFlow's
        """What the function makes of each entry; it gets the parts of a tuple one by one."""
        return self._with(lambda: (_of(map_func, x) for x in self), self._count)

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """The entries for which the function is true."""
        return self._with(lambda: (x for x in self if number_of(_of(predicate, x))), UNKNOWN)

    def shuffle(
        self, buffer_size: int, seed: int | None = None, reshuffle_each_iteration: bool = True
    ) -> Dataset:
        """In an order that is drawn: each entry is one of the next `buffer_size`.

        Args:
            buffer_size: as many as there are make all orders as likely.
            seed: the same one gives the same orders; None takes Python's random numbers.
            reshuffle_each_iteration: False draws once.
        """
        chosen_number("shuffle", "buffer_size", buffer_size, WHOLE_FROM_1)
        fixed = random.getrandbits(32) if seed is None and not reshuffle_each_iteration else seed
        lasting: Any = random if fixed is None else random.Random(fixed)

        def drawn() -> Iterator[Any]:
            draws = lasting if reshuffle_each_iteration else random.Random(fixed)
            rest = iter(self)
            waiting = list(itertools.islice(rest, buffer_size))
            while waiting:
                place = draws.randrange(len(waiting))
                yield waiting[place]
                waiting[place : place + 1] = itertools.islice(rest, 1)

        return self._with(drawn, self._count, shuffled=True)

    def batch(self, batch_size: int, drop_remainder: bool = False, num_parallel_calls: Any = None) -> Dataset:  # noqa: ARG002 - TensorFlow's
        """Entries side by side, so many in a batch; what is left over is the last one."""
        size: int = chosen_number("batch", "batch_size", batch_size, WHOLE_FROM_1)

        def batches() -> Iterator[Any]:
            entries = iter(self)
            while rows := list(itertools.islice(entries, size)):
                if len(rows) == size or not drop_remainder:
                    yield _side_by_side(rows)

        whole, left = divmod(self._count, size)
        count = self._count if self._count < 0 else whole + (left > 0 and not drop_remainder)
        return self._with(batches, count, size=size)

    def repeat(self, count: int | None = None) -> Dataset:
        """All entries so often; None goes on without an end."""
        if count is None or count < 0:
            return self._with(lambda: itertools.chain.from_iterable(self for _ in itertools.count()), ENDLESS)
        times = self._count if self._count < 0 else self._count * count
        return self._with(lambda: itertools.chain.from_iterable(self for _ in range(count)), times)

    def take(self, count: int) -> Dataset:
        """The first ones."""
        most: int = chosen_number("take", "count", count, WHOLE_FROM_0)
        there = most if self._count == ENDLESS else min(most, self._count)
        return self._with(lambda: itertools.islice(self, most), there)

    def skip(self, count: int) -> Dataset:
        """All but the first ones."""
        left = self._count if self._count < 0 else max(self._count - count, 0)
        return self._with(lambda: itertools.islice(self, count, None), left)

    def prefetch(self, buffer_size: Any = None) -> Dataset:  # noqa: ARG002 - TensorFlow's
        """This very thing: entries are there when they are asked for."""
        return self

    cache = prefetch

    def columns(self, method: str) -> tuple[Any, Any, Any]:
        """Samples, targets and weights of all batches, each None where an entry has none.

        Raises:
            ValueError: there is no end, there are no batches, or they are of different sizes.
        """
        if self._count == ENDLESS:
            raise problem(ValueError, "keras_endless", method=method)
        if self.size is None:
            raise problem(ValueError, "keras_unbatched", method=method)
        batches = [x if isinstance(x, tuple) else (x,) for x in self]
        if any(len(batch[0]) != self.size for batch in batches[:-1]):
            raise problem(ValueError, "keras_uneven", size=self.size)
        found = [[_plain(row) for batch in batches for row in batch[i]] for i in range(len(batches[0]))]
        return (*found, *[None] * (3 - len(found)))  # type: ignore[return-value]  # three


def _entries(tensors: Any) -> list[Any]:
    if isinstance(tensors, dict):
        return [dict(zip(tensors, row)) for row in _entries(tuple(tensors.values()))]
    if not isinstance(tensors, tuple):
        return [_computing(x) for x in to_list(tensors)]
    columns = [_entries(part) for part in tensors]
    if len(set(map(len, columns))) > 1:
        raise problem(ValueError, "data_dataset", lengths=[len(column) for column in columns])
    return list(zip(*columns))


def _computing(x: Any) -> Any:
    if is_list(x):
        return Numbers(map(_computing, x))
    return Count(x) if type(x) is int else Share(x) if type(x) is float else x


def _plain(x: Any) -> Any:
    return map_nested(lambda v: v.item() if isinstance(v, (Count, Share)) else v, x)


def _of(function: Callable[..., Any], x: Any) -> Any:
    return function(*x) if isinstance(x, tuple) else function(x)


def _side_by_side(rows: list[Any]) -> Any:
    if isinstance(rows[0], tuple):
        return tuple(_side_by_side(list(column)) for column in zip(*rows))
    if isinstance(rows[0], dict):
        return {name: _side_by_side([row[name] for row in rows]) for name in rows[0]}
    return Numbers(rows)
