"""PyTorch's way to batches: `TensorDataset` and `DataLoader` over lists, arrays, data sets of one's own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from autograd.number import is_list, to_list
from autograd.settings import WHOLE_FROM_1, chosen_number
from nn.messages import problem


class TensorDataset:
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

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0]) if self.tensors else 0


class DataLoader:
    """Batches of a data set, anew at each loop over it.

    Args:
        dataset: what has a length and gives entry i at `dataset[i]`: a list, a `TensorDataset`, your own.
        batch_size: entries in a batch; the last one holds what is left.
        shuffle: a new order at each loop, from Python's random numbers (`nn.manual_seed`) or `generator`.
        drop_last: leave a last batch that is not full away.
        generator: where the orders come from.

    A batch of entries that are tuples is a list of their columns: `for X, y in loader`.

    Raises:
        TypeError: the data set has no length.
        ValueError: it is empty.

    >>> [list(map(len, columns)) for columns in DataLoader(TensorDataset([[1.0]] * 5, [0] * 5), batch_size=2)]
    [[2, 2], [2, 2], [1, 1]]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        drop_last: bool = False,
        generator: random.Random | None = None,
    ) -> None:
        if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
            raise problem(TypeError, "data_no_dataset", kind=type(dataset).__name__)
        self.dataset = to_list(dataset) if is_list(dataset) and hasattr(dataset, "tolist") else dataset
        if len(self.dataset) == 0:
            raise problem(ValueError, "fit_empty", name="dataset")
        self.batch_size: int = chosen_number(self, "batch_size", batch_size, WHOLE_FROM_1)
        self.shuffle, self.drop_last, self._generator = bool(shuffle), bool(drop_last), generator

    def __len__(self) -> int:
        whole, left = divmod(len(self.dataset), self.batch_size)
        return whole + (left > 0 and not self.drop_last)

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
    return entries
