"""How a variant lies in an executor's memory: its tape, and which of its leaves the first rows hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.replay.capture.variant import Variant
from autograd.replay.ops import NATIVE, Vocabulary
from autograd.replay.passes.tape import Tape, make_tape


class ArrangedVariant:
    """A variant for one call (the inputs are single numbers) or for a batch (they are rows of lanes).

    Attributes:
        variant: the program and its guards.
        first: slots of leaves in the order of memory: those that want a gradient, then what is read anew.
        parameters: so many of these want a gradient.
        tape: the program's tape.
    """

    def __init__(self, variant: Variant, batched: bool, words: Vocabulary = NATIVE) -> None:
        given = set(variant.given) if batched else set()
        wanted = [i for i in variant.wanted if i not in given]
        others = dict.fromkeys(variant.read if batched else [*variant.read, *variant.given])
        known = set(wanted)
        self.variant, self.parameters = variant, len(wanted)
        self.first = [*wanted, *[i for i in others if i not in known]]
        self._in_order = self.first == [*range(len(self.first))]
        self._places = np.array(self.first, np.int64)
        varying = variant.given if batched else ()
        which = (varying, wanted, self.first, variant.parameters, words)
        self.tape: Tape = make_tape(variant.program, variant.known, *which)

    def numbers(self, leaves: Any) -> Any:
        """The numbers of the first rows, from all leaves' numbers, a list or an array."""
        if self._in_order:
            return leaves[: len(self.first)]
        return leaves[self._places] if isinstance(leaves, np.ndarray) else [leaves[i] for i in self.first]


def arranged(variant: Variant, batched: bool, words: Vocabulary = NATIVE) -> ArrangedVariant:
    """The variant's arrangement in the codes of who asks, made when it is first asked for.

    Raises:
        UnsupportedError: an op has no code.
    """
    key = ("arranged", batched) if words is NATIVE else ("arranged", batched, id(words))
    if key not in variant.prepared:
        variant.prepared[key] = ArrangedVariant(variant, batched, words)
    return variant.prepared[key]  # type: ignore[no-any-return]  # put there just now


def as_given(numbers: Any, found: Any) -> Any:
    """An array to hand out: as a copy where numbers came in as an array, else as a list."""
    return found.copy() if isinstance(numbers, np.ndarray) else found.tolist()
