"""The function run as it is, without recording: what every replay is measured by.

A program is replayed only after such a run gave the same loss and the same gradients. What recording cannot
show (a `type(x)` that sees a probe, a `.data` that slipped into a constant, a cache) differs here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from autograd.backward import PASS, postorder, run
from autograd.entry import CONSTANT, LEAF
from autograd.messages import say
from autograd.node import set_grads
from autograd.program import local_derivatives
from autograd.replay.capture.arithmetic import number_of
from autograd.replay.capture.impure_calls import ImpureCalls
from autograd.replay.capture.probe import Probe
from autograd.replay.capture.recorded_run import RecordedRun
from autograd.replay.capture.result import WithAux, loss_in, put_together, without_graph
from autograd.replay.capture.variant import Variant, add_gradients
from autograd.replay.reference import slots_at
from autograd.replay.this_thread import inside
from autograd.special import total
from autograd.value import Value


def as_it_is(function: Callable[..., Any], args: Any, kwargs: Any, gradient: bool) -> Any:
    """The call without any recording, but for the result, which is as after a replay."""
    with inside():
        result = function(*args, **kwargs)
    loss = loss_in(result)
    if gradient and loss is not None and loss.requires_grad:
        loss.backward()
    return without_graph(result)


class PlainRun:
    """One plain run: its result, and each leaf's gradient, not yet added to any `.grad`."""

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any, *, watch: bool = True) -> None:
        with inside(), ImpureCalls() if watch else nullcontext() as world:
            self.result = function(*args, **kwargs)
        self.asked = world.asked if world else ""  # what no program can repeat
        self.gradients = gradients_of(self.result)

    def hand_out(self) -> None:
        """Add the gradients to the leaves, as `backward` does."""
        with PASS:
            add_gradients(self.gradients, self.gradients.values())

    def release(self) -> None:
        """Let the graph go."""
        self.result = None

    def differs(
        self, variant: Variant, leaves: Sequence[Value], found: Any, scales: tuple[float, float] = (0.0, 0.0)
    ) -> str:
        """What differs from a replay; "" when nothing does.

        Args:
            variant: the program.
            leaves: the Values that its `wanted` slots stand for in this call.
            found: the replay's (loss, gradients of `wanted`, outputs).
            scales: what rounding in results and in gradients is measured by, at least.
        """
        if self.asked:
            return self.asked
        shape, want = _flat(self.result)
        theirs, have = _flat(put_together(variant.shape, found[2]))
        if shape != theirs:
            return say("replay_shape")
        if not near(want, have, scales[0]):
            return say("replay_gives", have=_few(have), want=_few(want))
        if variant.program.root < 0:
            return ""
        return self._gradients_differ(variant, leaves, found[1], scales[1])

    def differs_but_for_rounding(
        self, variant: Variant, leaves: Sequence[Value], found: Any, numbers: Sequence[float], served: float
    ) -> str:
        """What `differs` finds, and of the loss that was served; terms of the numbers may nearly cancel."""
        measure = scales(variant, numbers)
        if not near([found[0]], [served], measure[0]):
            return say("replay_gives", have=repr(served), want=_few(_flat(self.result)[1]))
        return self.differs(variant, leaves, found, measure)

    def differs_from_run(self, run: RecordedRun) -> str:
        """How a recorded run of this very call differs from this one; an empty text where it does not."""
        (shape, want), (found, have) = _flat(self.result), _flat(run.result)
        if shape != found or not near(want, have):
            return say("record_otherwise", have=_few(have), want=_few(want))
        theirs = gradients_of(run.result)
        both = [leaf for leaf in self.gradients if leaf in theirs]
        own, others = ({*x} - {*both} for x in (self.gradients, theirs))
        want = [*[self.gradients[x] for x in both], *sorted(self.gradients[x] for x in own)]
        have = [*[theirs[x] for x in both], *sorted(theirs[x] for x in others)]
        return "" if near(want, have) else say("record_other_gradients", have=_few(have), want=_few(want))

    def _gradients_differ(
        self, variant: Variant, leaves: Sequence[Value], found: Sequence[float], scale: float
    ) -> str:
        known = dict(zip(leaves, found))
        if len(known) < len(leaves):  # some stand in several places
            known = dict.fromkeys(leaves, 0.0)
            for leaf, g in zip(leaves, found):
                known[leaf] += g
        want = [self.gradients.get(leaf, 0.0) for leaf in known]
        have = [*known.values()]
        if not near(want, have, scale):
            return say("replay_gradients", have=_few(have), want=_few(want))
        others = [leaf for leaf, g in self.gradients.items() if g and leaf not in known]
        if len(others) > variant.copies:  # more than the run itself made?
            wanted = set(variant.wanted)
            made = [i for i, x in enumerate(variant.program.leaves) if x.op is LEAF and i not in wanted]
            if len(others) > len(made) + variant.copies:
                return say("replay_leaves")
        return ""


def gradients_of(result: Any) -> dict[Value, float]:
    """Each leaf's gradient; no `.grad` is touched."""
    loss = loss_in(result)
    if loss is None:
        return {}
    order, leaves = postorder(loss)
    nodes = [*order, *leaves]
    with PASS:
        before = [node.grad for node in nodes]
        try:
            run(loss, 1.0, order, nodes)
            return {leaf: leaf.grad for leaf in leaves if leaf.op is not CONSTANT}
        finally:
            set_grads(nodes, before)


def _flat(result: Any) -> tuple[Any, list[float]]:
    """A returned structure without its numbers, and these."""
    numbers: list[float] = []

    def look(x: Any) -> Any:
        if isinstance(x, Value) or type(x) is float or type(x) is int:
            numbers.append(number_of(x) if isinstance(x, Value) else x)
            return "value" if isinstance(x, Value) else x.__class__.__name__
        if isinstance(x, Probe):
            numbers.append(number_of(x.node))
            return x.__class__.__name__
        if x.__class__ is list or x.__class__ is tuple or x.__class__ is WithAux:
            return ("list" if x.__class__ is list else "tuple", *[look(y) for y in x])
        if x.__class__ is dict:
            return ("dict", *[(name, look(y)) for name, y in x.items()])
        if isinstance(x, tuple) and hasattr(x, "_make"):
            return ("named", x.__class__, *[look(y) for y in x])
        return ("plain", x)

    return look(result), numbers


def _few(numbers: Sequence[float]) -> str:
    shown = ", ".join(f"{x!r}" for x in numbers[:3])
    return shown + (f", ... ({len(numbers)})" if len(numbers) > 3 else "")


NEAR = 1e-11  # of the largest number compared: sums in another order differ in their last digits
HAIR = 1e-13  # relative: some hundred times what rounding does to a number


def near(want: Sequence[float], have: Sequence[float], scale: float = 0.0) -> bool:
    """Whether two lists of numbers are equal but for rounding, nan and inf in the same places.

    Args:
        want: the numbers.
        have: the others.
        scale: what rounding is measured by, where that is more than the largest of them.
    """
    if [*want] == [*have]:  # as nearly always
        return True
    scale = max([scale, *[abs(x) for x in want if math.isfinite(x)]])
    return len(want) == len(have) and all(
        x == y or (x != x and y != y) or (math.isfinite(y) and abs(x - y) <= NEAR * scale)
        for x, y in zip(want, have)
    )


def scales(variant: Variant, numbers: Sequence[float]) -> tuple[float, float]:
    """What rounding in a program's loss and in its gradients is measured by, given the numbers of its leaves.

    Where terms nearly cancel, a result is smaller than the rounding of its terms, and no digit of it need be
    right. So each result counts with its size times what its changes do to the loss, as if all these added
    up; at numbers a hair beside, since at the very minimum nothing changes the loss.
    """
    draw, loss, gradient = random.Random(0), 0.0, 0.0
    hairs = [draw.choice((-HAIR, HAIR)) * draw.uniform(0.5, 1.5) for _ in numbers]
    for sign in (1.0, -1.0):
        beside = [
            x if same or x % 1.0 == 0.0 else x * (1.0 + sign * hair)  # whole numbers may be indices
            for x, same, hair in zip(numbers, variant.known, hairs)
        ]
        slots = slots_at(variant.program, beside)
        weights = _weights(variant, slots)
        loss = max(loss, total(*[x for x in map(_size, slots, weights) if math.isfinite(x)]))
        gradient = max([gradient, *[w for w in map(weights.__getitem__, variant.wanted) if math.isfinite(w)]])
    return loss, gradient


def _size(number: float, weight: float) -> float:
    return abs(number) * weight


def _weights(variant: Variant, slots: Sequence[float]) -> list[float]:
    """The backward pass with all that flows counted as positive."""
    program, found = variant.program, [0.0] * len(slots)
    if program.root < 0:
        return found
    found[program.root] = 1.0
    for slot, op, places in reversed([*program.instructions()]):
        if not found[slot]:
            continue
        for i, local in zip(places, local_derivatives(op, [slots[k] for k in places], slots[slot])):
            found[i] += abs(found[slot] * local) if local else 0.0
    return found
