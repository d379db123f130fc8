"""What programs take from `keras.utils`: labels as lists with a single 1, and a seed for all draws."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from autograd.number import is_array, is_list, listed
from autograd.settings import WHOLE, WHOLE_FROM_1, chosen_number, chosen_word
from nn.data import one_hot
from nn.missing import refusing


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """Classes, counted from 0, as lists with a single 1; an array of them for an array.

    >>> to_categorical([0, 2])
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    labels = [int(label[0] if is_list(label) else label) for label in listed(x)]
    count = chosen_number("to_categorical", "num_classes", num_classes, WHOLE_FROM_1, none=True)
    rows = one_hot(labels, range(max(labels) + 1 if count is None else count))
    if not is_array(x):
        return rows
    import numpy as np

    return np.array(rows)


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: float = 0.0,
) -> Any:
    """Sequences of one length, as an array: shorter ones are filled up, longer ones cut, before or behind.

    >>> pad_sequences([[1, 2], [3]], maxlen=2).tolist()
    [[1, 2], [0, 3]]
    """
    import numpy as np

    for name, word in (("padding", padding), ("truncating", truncating)):
        chosen_word("pad_sequences", name, word, ("pre", "post"))
    rows = [list(row) for row in listed(sequences)]
    known: int | None = chosen_number("pad_sequences", "maxlen", maxlen, WHOLE_FROM_1, none=True)
    length = max(map(len, rows), default=0) if known is None else known
    found = []
    for row in rows:
        kept = row[-length:] if truncating == "pre" else row[:length]
        more = [value] * (length - len(kept))
        found.append([*more, *kept] if padding == "pre" else [*kept, *more])
    return np.array(found, dtype=dtype)


def set_random_seed(seed: int) -> None:
    """Begin Python's random numbers anew, which weights, dropout and orders come from."""
    random.seed(chosen_number("set_random_seed", "seed", seed, WHOLE))


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing("nn.keras.utils")
