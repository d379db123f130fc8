"""How weights and gradients are spread, tensor by tensor."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from autograd.number import entries, to_grad
from autograd.settings import WHOLE_FROM_1, chosen_number
from nn.charts import COLOURS, Svg, bars_chart, side_by_side


def histogram(numbers: Sequence[float], bins: int = 20) -> tuple[list[int], float, float]:
    """Counts of finite numbers in bins of equal width, and the edges of the whole.

    >>> histogram([0.0, 0.1, 1.0], bins=2)
    ([2, 1], 0.0, 1.0)
    """
    bins = chosen_number("histogram", "bins", bins, WHOLE_FROM_1)
    finite = [x for x in numbers if math.isfinite(x)] or [0.0]
    low, high = min(finite), max(finite)
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts = [0] * bins
    for x in finite:
        counts[min(bins - 1, int((x - low) / (high - low) * bins))] += 1
    return counts, low, high


def tensors(model: Any) -> dict[str, tuple[list[float], list[float]]]:
    """For each tensor of parameters its numbers and its gradients, flat; a layer's neurons are one tensor."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for name, tensor in model.named_tensors():
        numbers, gradients = found.setdefault(re.sub(r"neurons\.\d+\.", "", name), ([], []))
        for _, p in entries(tensor):
            numbers.append(p.item())
            gradients.append(to_grad(p.grad))
    return found


def histograms(model: Any, bins: int = 20, theme: str = "auto") -> Svg:
    """Weights (left) and gradients (right) of every tensor of parameters, as histograms.

    >>> import nn
    >>> histograms(nn.Linear(4, 3))[:4]
    '<svg'
    """
    parts = []
    for name, (numbers, gradients) in tensors(model).items():
        for what, values, colour in (("", numbers, COLOURS[0]), (".grad", gradients, COLOURS[1])):
            counts, low, high = histogram(values, bins)
            parts.append(bars_chart(counts, low, high, f"{name}{what}", colour=colour))
    return side_by_side(parts, "Weights and gradients", theme=theme)
