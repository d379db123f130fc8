"""What modules return: lists of results that say when a loss is missing, and batches of them.

A file of its own, since layers and losses both return them and know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nn.messages import problem


class Outputs(list[Any]):
    """A list of results that knows one method: `backward()`, to say that a loss is needed first."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name == "backward":
            raise problem(AttributeError, "nn_backward_of_list", count=len(self))
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


class Batch(Outputs):
    """Results of several samples: layers that take nested samples know by it where a sample begins."""

    __slots__ = ()


def for_each_sample(module: Callable[[Any], Any], samples: Iterable[Any]) -> Batch:
    """The module's results for a list of samples."""
    return Batch([module(sample) for sample in samples])
