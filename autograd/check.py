"""`check_gradients`: every gradient against finite differences, and what a wrong one looks like.

Measured slopes come from central differences with Richardson's extrapolation (Ridders, 1982), which
reach about 1e-10 of relative accuracy on smooth functions, and from both one-sided differences, which
show a kink.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.backward import local_numbers, postorder
# from autograd.calculus import flatten, gradients, value_and_output
from autograd.messages import say
from autograd.modes import no_grad
from autograd.value import Value


class GradientError(AssertionError):
    """A gradient or a local derivative that does not agree with the measured slope."""


@dataclass
class Report:
    """What `check_gradients` looked at.

    Attributes:
        checked: how many gradients and local derivatives agree with the measurement.
        kinks: places where the two one-sided slopes differ, so no single number is right.
        unmeasured: places where no slope could be measured (a value is not finite), with the reason.
        largest_error: the largest relative difference found.
    """

    checked: int = 0
    kinks: list[str] = field(default_factory=list)
    unmeasured: list[str] = field(default_factory=list)
    largest_error: float = 0.0

    def __bool__(self) -> bool:
        return self.checked > 0 and not self.kinks and not self.unmeasured


def check_gradients(f: Callable[..., Any], inputs: Any, tolerance: float = 1e-6) -> Report:
    """Compare the gradient of `f` at `inputs`, and each op's local derivatives on the way, with slopes.

    Args:
        f: a function of numbers or Values that returns one Value; called as f(x), f(list) or f(*tuple).
        inputs: the point: a number, a (nested) list, or a tuple for several arguments. Values keep
            their identity (their `.data` is moved and put back), so a model's parameters can be checked.
        tolerance: largest relative difference allowed (absolute below 1).

    Returns:
        A `Report`; true when everything was measured and nothing stood on a kink.

    Raises:
        GradientError: names op, operand, point, both numbers and the likely mistake.
        ValueError: there is nothing to check.

    >>> bool(check_gradients(lambda x, y: x * y + x.tanh(), (0.5, -2.0)))
    True
    """
    flat, rebuild = flatten(inputs)
    leaves = [x if isinstance(x, Value) else Value(x) for x in flat]
    if not leaves:
        raise ValueError(say("unchecked"))
    report = Report()
    output = value_and_output(f, rebuild(leaves))
    nodes, _ = postorder(output)
    for node in nodes:
        _check_node(node, report, tolerance)
    slopes = gradients(output, 1.0, leaves)
    for i, (leaf, slope) in enumerate(zip(leaves, slopes)):
        measure = _Along(leaf, lambda: value_and_output(f, rebuild(leaves)).data)
        name = leaf.label or str(i)
        _compare(report, slope, measure, tolerance, lambda: say_gradient(name, leaf, leaves, slope, measure))
    return report
