"""What keeps weights and gradients in bounds: penalties for the loss, clipping between backward and step."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import autograd as ag
from autograd import UNSET, Value
from autograd.number import to_grad
from autograd.settings import FROM_0, LIMIT, chosen_list, chosen_number
from nn.messages import problem
from nn.shapes import Share


def l1(parameters: Iterable[Value], strength: float = 1.0) -> Any:
    """`strength * sum(abs(p))`, to be added to a loss: pulls weights to exactly 0.

    >>> l1([Value(-2.0), Value(3.0)], 0.1).data
    0.5
    """
    strength = chosen_number("l1", "strength", strength, FROM_0)
    return strength * ag.sum([ag.abs(p) for p in chosen_list("l1", "parameters", parameters)])


def l2(parameters: Iterable[Value], strength: float = 1.0) -> Any:
    """`strength * sum(p**2)`, to be added to a loss: keeps weights small.

    >>> l2([Value(-2.0), Value(3.0)], 0.1).data
    1.3
    """
    strength = chosen_number("l2", "strength", strength, FROM_0)
    return strength * ag.sum([ag.square(p) for p in chosen_list("l2", "parameters", parameters)])


def clip_grad_norm_(
    parameters: Iterable[Value], max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Share:
    """Shrink all gradients together so that their norm is at most `max_norm`; PyTorch's formula.

    Args:
        parameters: whose gradients.
        max_norm: the largest norm that stays.
        norm_type: 2 for `sqrt(sum of grad**2)`, p for p-th powers, `math.inf` for the largest size.
        error_if_nonfinite: whether a norm that is no number is an error.

    Returns:
        The norm as it was before.

    Raises:
        ValueError: the norm is inf or nan and `error_if_nonfinite` is set.

    >>> p = Value(1.0)
    >>> p.grad = -3.0
    >>> clip_grad_norm_([p], 1.5), round(p.grad, 5)
    (3.0, -1.5)
    """
    max_norm = chosen_number("clip_grad_norm_", "max_norm", max_norm, LIMIT)
    given = chosen_list("clip_grad_norm_", "parameters", parameters)
    with_gradient = [p for p in given if gradient_of(p) is not UNSET]
    power = chosen_number("clip_grad_norm_", "norm_type", norm_type, LIMIT)
    norm = length([p.grad for p in with_gradient], power)
    if error_if_nonfinite and not math.isfinite(norm):
        raise problem(ValueError, "nn_norm_type", norm=norm)
    scale = max_norm / (norm + 1e-6)
    if not scale >= 1:  # of a nan gradient nothing is left that could be trusted
        for p in with_gradient:
            p.grad *= scale
    return Share(norm)


def gradient_of(p: Value) -> float:
    """The parameter's gradient, which is a float from now on: UNSET where None was assigned."""
    p.grad = to_grad(p.grad)
    return p.grad


def length(numbers: Iterable[float], p: float = 2.0) -> float:
    """The root of the sum of squares, or of p-th powers; nan where one of the numbers is, also beside an inf.

    >>> length([3.0, 4.0]), length([math.inf, math.nan])
    (5.0, nan)
    """
    found = list(numbers)
    if any(x != x for x in found):
        return math.nan
    if p == math.inf:
        return max(map(abs, found), default=0.0)
    return math.hypot(*found) if p == 2 else ag.fsum(abs(x) ** p for x in found) ** (1 / p)


def clip_grad_value_(parameters: Iterable[Value], clip_value: float) -> None:
    """Cut every gradient to -clip_value..clip_value; nan stays nan."""
    clip_value = chosen_number("clip_grad_value_", "clip_value", clip_value, LIMIT)
    for p in chosen_list("clip_grad_value_", "parameters", parameters):
        if abs(gradient_of(p)) > clip_value:
            p.grad = math.copysign(clip_value, p.grad)
