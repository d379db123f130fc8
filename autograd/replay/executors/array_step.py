"""`ArrayStep`: the step of an optimiser's object on arrays, for a loop of one's own over many parameters.

The numbers are those that the object's own loop gives, bit for bit: an update is taken only where its
formula asks of arrays nothing but what IEEE 754 rounds in one way. What is remembered stays in an array until
somebody asks the object for its `state`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.entry import CONSTANT
from autograd.number import UNSET
from autograd.replay.capture.arithmetic import DATA
from autograd.replay.capture.variant import GRAD
from autograd.replay.executors.numpy_executor import update_of
from autograd.replay.formula import leaves
from autograd.replay.ops import SIGNS, Source
from autograd.replay.optimiser import Optimiser, commit
from autograd.replay.slots import Slots
from autograd.value import Value

EXACT = {
    "add", "sub", "mul", "div", "neg", "sqrt", "square", "reciprocal", "abs", "maximum", "minimum", "where",
    *SIGNS,
}  # fmt: skip
LONGEST_PAUSE = 64  # steps that the object makes by itself before arrays are tried again


class ArrayStep:
    """Steps of one optimiser's object.

    Args:
        optimizer: the object.
    """

    def __init__(self, optimizer: Any) -> None:
        self._optimizer = optimizer
        self._optimiser: Optimiser | None = None
        self._params: list[Value] = []
        self._groups: Any = None  # of the optimiser, when it was looked at last
        self._pause = self._left = 0

    def step(self, params: list[Value], tensors: Callable[[], Sequence[Sequence[Value]]]) -> bool:
        """Change every parameter that has a gradient; False, and nothing is changed, where the object has to.

        Args:
            params: all of the object's, in order.
            tensors: gives those that belong together: of these, one without a gradient has 0 where another
                has one.
        """
        if self._left:
            self._left -= 1
            return False
        if self._made(params, tensors):
            self._pause = 0
            return True
        self._pause = self._left = min(2 * self._pause + 1, LONGEST_PAUSE)
        return False

    def _made(self, params: list[Value], tensors: Callable[[], Sequence[Sequence[Value]]]) -> bool:
        if not self._is_read(params, tensors):
            return False
        optimiser: Any = self._optimiser
        gradients, numbers = self._slots.read(GRAD), self._slots.read(DATA)
        if gradients is None or numbers is None or not self._all_move():
            return False
        with np.errstate(all="ignore"):
            new, state = self._update(numbers, gradients, np.asarray(optimiser.state), ())
            if not np.isfinite(new).all() or not np.isfinite(state).all():
                return False  # the object may raise an error
        if not self._optimizer.lend_state(optimiser):
            return False
        commit(self._slots.writing(DATA, new), optimiser, state, optimiser.step + 1)
        return True

    def _is_read(self, params: list[Value], tensors: Callable[[], Sequence[Sequence[Value]]]) -> bool:
        """Whether the object's update can be made here; it is read where it is not what it was."""
        if params != self._params:
            self._params, self._slots, self._optimiser = params.copy(), Slots(params), None
        if self._optimiser is None or self._optimizer.lent_to not in (None, self._optimiser):
            self._optimiser = Optimiser.of(self._optimizer, self._params, {})
        else:
            self._optimiser.changed()
        if self._groups is not self._optimiser.groups:
            self._know(tensors())
        return self._usable

    def _know(self, tensors: Sequence[Sequence[Value]]) -> None:
        """What does not change from step to step."""
        optimiser: Any = self._optimiser
        self._groups = optimiser.groups
        self._usable = optimiser.native and all(map(_is_exact, optimiser.groups))
        self._usable = self._usable and not any(p.op is CONSTANT for p in self._params)
        place = {p: i for i, p in enumerate(self._params)}
        self._tensor_of = np.full(len(place), -1)
        for k, tensor in enumerate(tensors):
            places = [place[p] for p in tensor]
            self._usable = self._usable and bool((self._tensor_of[places] < 0).all())  # of one tensor each
            self._tensor_of[places] = k
        if self._usable:
            self._update = update_of(optimiser)

    def _all_move(self) -> bool:
        """Whether every parameter has a gradient, or belongs to a tensor of which a part has one."""
        unset = np.flatnonzero(self._slots.holding(GRAD, UNSET))
        if not len(unset):
            return True
        alone = self._tensor_of[unset]
        if (alone < 0).any():
            return False
        sizes = np.bincount(self._tensor_of + 1)
        return bool((np.bincount(alone + 1, minlength=len(sizes))[alone + 1] < sizes[alone + 1]).all())


def _is_exact(group: Any) -> bool:
    """Whether arrays give the very bits that floats give, one by one."""
    readings = [reading for reading in (group.formula.first, group.formula.later) if reading is not None]
    varying = group.formula.varying()
    return all(_rounds_alike(x, varying) for reading in readings for x in reading.outputs().values())


def _rounds_alike(x: Any, varying: set[str]) -> bool:
    if not isinstance(x, Source) or not x.operands or not leaves(x) & varying:
        return True
    return x.name in EXACT and all(_rounds_alike(operand, varying) for operand in x.operands)
