"""Keras's penalties on weights; a file of its own, since programs import `nn.keras.regularizers`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd.number import entries
from autograd.settings import FROM_0, chosen_number
from nn.missing import refusing


class L1L2:
    """`l1 * sum(abs(w)) + l2 * sum(w**2)`, of all numbers of a kernel."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1: float = chosen_number(self, "l1", l1, FROM_0)
        self.l2: float = chosen_number(self, "l2", l2, FROM_0)

    def __call__(self, kernel: Any) -> Any:
        """The penalty as one Value."""
        ws = [w for _, w in entries(kernel)]
        return ag.sum([self.l1 * ag.abs(w) + self.l2 * ag.square(w) for w in ws])


class L1(L1L2):
    """The first part alone."""

    def __init__(self, l1: float = 0.01) -> None:
        super().__init__(l1)


class L2(L1L2):
    """The second part alone."""

    def __init__(self, l2: float = 0.01) -> None:
        super().__init__(l2=l2)


l1, l2, l1_l2 = L1, L2, L1L2


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
