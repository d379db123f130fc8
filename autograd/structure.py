"""Structures of numbers: taken apart into a flat list of their entries, and put together again.

Lists, tuples, namedtuples, dicts, dataclasses and NumPy arrays, nested in any way, are structures; whatever
else is an entry.  What a point, a gradient and a result may be is therefore said here alone.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograd.messages import say
from autograd.number import Traced, is_array, is_number, say_not_a_number

Rebuild = Callable[[Sequence[Any]], Any]


def flatten(structure: Any) -> tuple[list[Any], Rebuild]:
    """The entries of a structure in order, and what puts others in their places.

    >>> entries, rebuild = flatten({"w": [1.0, 2.0], "b": 3.0})
    >>> entries, rebuild([10.0, 20.0, 30.0])
    ([1.0, 2.0, 3.0], {'w': [10.0, 20.0], 'b': 30.0})
    """
    if is_array(structure) and hasattr(structure, "reshape"):
        numbers = structure.ravel().tolist()

        def like(entries: Sequence[Any]) -> Any:
            return structure if _same(entries, numbers) else _array(entries, structure.shape)

        return numbers, like
    if isinstance(structure, dict):
        parts, build = list(structure.values()), _like_dict(structure)
    elif isinstance(structure, (list, tuple)):
        parts, build = list(structure), _kind_of(structure)
    elif dataclasses.is_dataclass(structure) and not isinstance(structure, type):
        names = [x.name for x in dataclasses.fields(structure)]
        parts, build = [getattr(structure, name) for name in names], _like_dataclass(structure, names)
    else:
        return [structure], lambda entries: entries[0]
    flat = [flatten(part) for part in parts]
    ends = list(itertools.accumulate(len(entries) for entries, _ in flat))

    def rebuild(entries: Sequence[Any]) -> Any:
        starts = [0, *ends]
        return build([put(entries[i:j]) for (_, put), i, j in zip(flat, starts, ends)])

    return [x for entries, _ in flat for x in entries], rebuild


def point_entries(structure: Any) -> tuple[list[Any], Rebuild]:
    """`flatten` for what a function is differentiated to: numbers and Values alone.

    Raises:
        TypeError: something else is among the entries.
    """
    flat, rebuild = flatten(structure)
    for x in flat:
        if not isinstance(x, Traced) and not is_number(x):
            raise TypeError(say("point_entry", problem=say_not_a_number(x)))
    return flat, rebuild


def in_order_of(structure: Any, other: Any) -> Any:
    """A structure with its dicts in the order of another's, to which it belongs entry by entry.

    Raises:
        ValueError: two dicts have other keys.
    """
    if isinstance(structure, dict) and isinstance(other, dict):
        if set(structure) != set(other):
            raise ValueError(say("vector_keys", got=list(structure), wanted=list(other)))
        return {key: in_order_of(structure[key], other[key]) for key in other}
    lists = isinstance(structure, (list, tuple)) and isinstance(other, (list, tuple))
    if lists and len(structure) == len(other):
        return [in_order_of(x, y) for x, y in zip(structure, other)]
    return structure


def _kind_of(structure: Any) -> Callable[[list[Any]], Any]:
    if isinstance(structure, tuple):
        make: Callable[[list[Any]], Any] = getattr(type(structure), "_make", tuple)
        return make
    return list


def _like_dict(structure: dict[Any, Any]) -> Callable[[list[Any]], Any]:
    def build(values: list[Any]) -> Any:
        made = copy.copy(structure)  # of its own class, and a defaultdict keeps its default
        made.update(zip(structure, values))
        return made

    return build


def _like_dataclass(structure: Any, names: Sequence[str]) -> Callable[[list[Any]], Any]:
    def build(values: list[Any]) -> Any:
        made = copy.copy(structure)
        for name, x in zip(names, values):
            object.__setattr__(made, name, x)  # also where it is frozen
        return made

    return build


def _same(entries: Sequence[Any], others: Sequence[Any]) -> bool:
    return all(x is y for x, y in zip(entries, others))


def _array(entries: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An array of numbers, of objects where Values are among them; entries with axes add theirs."""
    import numpy as np

    if all(type(x) is float for x in entries):
        return np.array(entries, float).reshape(shape)
    if all(isinstance(x, (list, np.ndarray)) for x in entries):
        inner = [np.asarray(x) for x in entries]
        if len({x.shape for x in inner}) == 1:
            return np.stack(inner).reshape(shape + inner[0].shape)
    made = np.empty(len(entries), object)
    for i, x in enumerate(entries):
        made[i] = x
    return made.reshape(shape)
