"""PyTorch's way to batches: `TensorDataset` and `DataLoader` over lists, arrays, data sets of one's own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Generic, Protocol, TypeVar, overload

from autograd import fsum
from autograd.number import is_list, to_list
from autograd.settings import WHOLE_FROM_0, WHOLE_FROM_1, chosen_list, chosen_number
from nn.messages import problem
from nn.outputs import Numbers


class Dataset:
    """The base of a data set of one's own, which has `__len__` and `__getitem__`: all that is asked of it."""


Entry_co = TypeVar("Entry_co", covariant=True)


class Indexed(Protocol[Entry_co]):
    """What a loader reads: a list, a `TensorDataset`, your own."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Entry_co: ...


class TensorDataset(Dataset):
    """Lists or arrays side by side: `dataset[i]` has the i-th entry of each.

    Raises:
        ValueError: their lengths differ.

    >>> dataset = TensorDataset([[1.0], [2.0]], [0, 1])
    >>> len(dataset), dataset[1]
    (2, ([2.0], 1))
    """

    def __init__(self, *tensors: Any) -> None:
        self.tensors = tuple(map(to_list, tensors))
        lengths = list(map(len, self.tensors))
        if len(set(lengths)) > 1:
            raise problem(ValueError, "data_dataset", lengths=lengths)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0]) if self.tensors else 0


class DataLoader(Generic[Entry_co]):
    """Batches of a data set, anew at each loop over it.

    Args:
        dataset: what has a length and gives entry i at `dataset[i]`: a list, a `TensorDataset`, your own.
        batch_size: entries in a batch; the last one holds what is left.
        shuffle: a new order at each loop, from Python's random numbers (`nn.manual_seed`) or `generator`.
        drop_last: leave a last batch that is not full away.
        generator: where the orders come from.
        num_workers, pin_memory: accepted; one process reads.

    A batch of entries that are tuples is a list of their columns: `for X, y in loader`.

    Raises:
        TypeError: the data set has no length.
        ValueError: it is empty.

    >>> [list(map(len, columns)) for columns in DataLoader(TensorDataset([[1.0]] * 5, [0] * 5), batch_size=2)]
    [[2, 2], [2, 2], [1, 1]]
    """

    def __init__(
        self,
        dataset: Indexed[Entry_co],
        batch_size: int = 1,
        shuffle: bool = False,
        drop_last: bool = False,
        generator: random.Random | None = None,
        num_workers: int = 0,
        pin_memory: bool = False,  # noqa: ARG002 - PyTorch's argument
    ) -> None:
        if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
            raise problem(TypeError, "data_no_dataset", kind=type(dataset).__name__)
        self.dataset: Any = to_list(dataset) if is_list(dataset) and hasattr(dataset, "tolist") else dataset
        if len(self.dataset) == 0:
            raise problem(ValueError, "fit_empty", name="dataset")
        self.batch_size: int = chosen_number(self, "batch_size", batch_size, WHOLE_FROM_1)
        chosen_number(self, "num_workers", num_workers, WHOLE_FROM_0)
        self.shuffle, self.drop_last, self._generator = bool(shuffle), bool(drop_last), generator

    def __len__(self) -> int:
        whole, left = divmod(len(self.dataset), self.batch_size)
        return whole + (left > 0 and not self.drop_last)

    @overload
    def __iter__(self: DataLoader[tuple[Any, ...]]) -> Iterator[list[Numbers[Any]]]: ...
    @overload
    def __iter__(self: DataLoader[dict[str, Any]]) -> Iterator[dict[str, Numbers[Any]]]: ...
    @overload
    def __iter__(self) -> Iterator[Any]: ...
    def __iter__(self) -> Iterator[Any]:
        order = list(range(len(self.dataset)))
        if self.shuffle:
            (self._generator or random).shuffle(order)
        for k in range(len(self)):
            yield _columns([self.dataset[i] for i in order[k * self.batch_size : (k + 1) * self.batch_size]])


def _columns(entries: list[Any]) -> Any:
    """Entries as a batch: of tuples their columns, of dicts a dict of columns."""
    if isinstance(entries[0], tuple):
        return [_columns(list(column)) for column in zip(*entries, strict=True)]
    if isinstance(entries[0], dict) and all(isinstance(name, str) for name in entries[0]):
        return {name: _columns([entry[name] for entry in entries]) for name in entries[0]}
    return Numbers(entries)


class Subset(Dataset, Generic[Entry_co]):
    """Some entries of a data set, by their places."""

    def __init__(self, dataset: Indexed[Entry_co], indices: list[int]) -> None:
        self.dataset, self.indices = dataset, chosen_list(self, "indices", indices)

    def __getitem__(self, index: int) -> Entry_co:
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Indexed[Entry_co], lengths: list[Any], generator: random.Random | None = None
) -> list[Subset[Entry_co]]:
    """A data set in parts, each entry in one of them.

    Args:
        dataset: what has a length and gives entry i at `dataset[i]`.
        lengths: how many entries each part has, or shares that add up to 1.
        generator: where the order comes from; else Python's random numbers.

    Raises:
        ValueError: the lengths do not add up to what there is.

    >>> list(map(len, random_split([5, 6, 7, 8], [0.75, 0.25])))
    [3, 1]
    """
    count, sizes = len(dataset), chosen_list("random_split", "lengths", lengths)
    if abs(fsum(sizes) - 1) < 1e-6 and count != 1:
        sizes = [int(count * share) for share in sizes]
        for i in range(count - list(accumulate(sizes))[-1]):
            sizes[i % len(sizes)] += 1  # what is left over goes round, as in PyTorch
    ends = list(accumulate(sizes))
    if ends[-1:] != [count]:
        raise problem(ValueError, "data_split_lengths", lengths=lengths, count=count)
    order = list(range(count))
    (generator or random).shuffle(order)
    return [Subset(dataset, order[end - size : end]) for size, end in zip(sizes, ends)]
