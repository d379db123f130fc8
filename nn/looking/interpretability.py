"""What a model looks at: saliency, and integrated gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import grad, no_grad
from autograd.number import map_nested, shape_of
from autograd.settings import WHOLE_FROM_1, chosen_number
from nn.learning.metrics import flat_row
from nn.messages import problem

# Gauss and Legendre's rule with 5 points on 0..1: exact for polynomials up to degree 9
POINTS = (0.046910077030668, 0.23076534494715845, 0.5, 0.7692346550528415, 0.953089922969332)
OUTER, INNER, MIDDLE = 0.11846344252809454, 0.23931433524968324, 0.28444444444444444
WEIGHTS = (OUTER, INNER, MIDDLE, INNER, OUTER)


def saliency(f: Callable[[Any], Any], x: Any) -> Any:
    """How much the output changes with each input: `d f(x) / d x` in floats, nested as `x`.

    Args:
        f: takes nested lists of Values and gives one Value, e.g. `lambda x: model(x)[3]`.
        x: nested lists of numbers.

    >>> saliency(lambda x: x[0] * x[1], [2.0, 5.0])
    [5.0, 2.0]
    """
    with no_grad():  # numbers, whatever the parameters want and whatever stands around
        return grad(f)(_nested(flat_row(x), x))


def integrated_gradients(f: Callable[[Any], Any], x: Any, baseline: Any, pieces: int = 20) -> Any:
    """How much each input contributes to `f(x) - f(baseline)` (Sundararajan et al. 2017), nested as `x`.

    The gradient is integrated along the straight line from `baseline` to `x`, so that the contributions add
    up to the difference of the outputs; exactly so for smooth models, to about 1/pieces**2 for kinked ones.

    Args:
        f: as for `saliency`.
        x: nested lists of numbers.
        baseline: an input that means "nothing there", of the same shape.
        pieces: the line is cut into so many, each with 5 points.

    >>> integrated_gradients(lambda x: x[0] * x[1], [2.0, 5.0], [0.0, 0.0], pieces=1)
    [5.0, 5.0]
    """
    if shape_of(x) != shape_of(baseline):
        raise problem(ValueError, "nn_baseline", got=shape_of(baseline), wanted=shape_of(x))
    pieces = chosen_number("integrated_gradients", "pieces", pieces, WHOLE_FROM_1)
    start, end = flat_row(baseline), flat_row(x)
    totals = [0.0] * len(end)
    for piece in range(pieces):
        for point, weight in zip(POINTS, WEIGHTS, strict=True):
            part = (piece + point) / pieces
            here = _nested([a + part * (b - a) for a, b in zip(start, end, strict=True)], x)
            for i, slope in enumerate(flat_row(saliency(f, here))):
                totals[i] += weight / pieces * slope
    return _nested([t * (b - a) for t, a, b in zip(totals, start, end, strict=True)], x)


def _nested(numbers: Sequence[float], like: Any) -> Any:
    following = iter(numbers)
    return map_nested(lambda _: next(following), like)
