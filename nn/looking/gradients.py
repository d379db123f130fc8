"""Weights and gradients: how they are spread, and how gradients fare on their way through many layers."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import autograd as ag
from autograd.collector import uncollected
from autograd.number import entries, to_grad
from autograd.settings import WHOLE_FROM_1, chosen_list, chosen_number
from nn.charts import COLOURS, Svg, bars_chart, document, lines_chart, side_by_side
from nn.layers.activations import unchanged
from nn.messages import say


class Recipe(NamedTuple):
    """How the layers of a deep network are made: what the activation is, and how large weights start."""

    name: str
    activation: Callable[[Any], Any]
    deviation: Callable[[int], float]  # of the initial weights, from the number of inputs


def lecun(n: int) -> float:
    """1/sqrt(n) uniform, the old rule."""
    return 1 / math.sqrt(3 * n)


def xavier(n: int) -> float:
    """The deviation for tanh."""
    return 1 / math.sqrt(n)


def he(n: int) -> float:
    """The deviation for relu, which lets half of the numbers pass."""
    return math.sqrt(2 / n)


def too_large(n: int) -> float:
    """Twice what keeps the size of the numbers."""
    return 2 / math.sqrt(n)


# the four that the textbooks compare
RECIPES = (
    Recipe("sigmoid, small", ag.sigmoid, lecun),
    Recipe("tanh, Xavier", ag.tanh, xavier),
    Recipe("relu, He", ag.relu, he),
    Recipe("linear, too large", unchanged, too_large),
)


TOLD = ("chart_sigmoid", "chart_tanh", "chart_relu", "chart_linear")


def told_recipe(recipe: Recipe) -> str:
    """The name of a recipe in the language in force, where it is one of ours."""
    return say(TOLD[RECIPES.index(recipe)]) if recipe in RECIPES else recipe.name


def gradient_flow(
    recipe: Recipe, depth: int, width: int = 16, seed: int = 0, samples: int = 4
) -> list[float]:
    """The size of the gradient at each layer's outputs, first layer first, after one backward pass.

    Args:
        recipe: activation and initial weights.
        depth: layers.
        width: neurons in each.
        seed: of weights and inputs.
        samples: random inputs that are averaged over.

    Returns:
        For each layer the root of the mean square of dL/dy over its outputs; L is a random weighing of the
        last layer's outputs with numbers of size 1.

    >>> sizes = gradient_flow(RECIPES[0], depth=10)
    >>> sizes[0] < 1e-4 < sizes[-1]
    True
    """
    depth = chosen_number("gradient_flow", "depth", depth, WHOLE_FROM_1)
    width = chosen_number("gradient_flow", "width", width, WHOLE_FROM_1)
    samples = chosen_number("gradient_flow", "samples", samples, WHOLE_FROM_1)
    rng = random.Random(seed)
    sigma = recipe.deviation(width)
    weights = [
        [ag.operands_of([ag.Value(rng.gauss(0.0, sigma)) for _ in range(width)]) for _ in range(width)]
        for _ in range(depth)
    ]
    squares: list[list[float]] = [[] for _ in range(depth)]
    for _ in range(samples):
        with uncollected():
            xs: Sequence[Any] = [ag.Value(rng.gauss(0.0, 1.0)) for _ in range(width)]
            outputs = []
            for layer in weights:
                shared = ag.operands_of(xs)
                xs = [recipe.activation(ag.weigh(row, shared)) for row in layer]
                outputs.append(xs)
            ag.dot(xs, [rng.gauss(0.0, 1.0) for _ in range(width)]).backward()
            for found, layer_outputs in zip(squares, outputs):
                found += [ag.square(y.grad) for y in layer_outputs]
            del outputs, xs, shared
    return [math.sqrt(ag.fsum(found) / len(found)) for found in squares]


def flow_picture(
    depth: int = 30, width: int = 16, recipes: Sequence[Recipe] = RECIPES, seed: int = 0, theme: str = "auto"
) -> Svg:
    """The size of the gradient over the layers, one curve per recipe, on a logarithmic axis.

    >>> flow_picture(depth=3, width=4)[:4]
    '<svg'
    """
    tried = chosen_list("flow_picture", "recipes", recipes)
    sizes = {told_recipe(recipe): gradient_flow(recipe, depth, width, seed) for recipe in tried}
    series = {name: list(enumerate(found, start=1)) for name, found in sizes.items()}
    body, wide, high = lines_chart(
        series, say("chart_flow_layers", depth=depth), say("chart_layer"), say("chart_size"),
        log=True, width=520, height=320,
    )  # fmt: skip
    return document(body, wide, high, say("chart_flow"), theme=theme)


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
            only = values[0] if len(set(values)) == 1 and math.isfinite(values[0]) else None
            parts.append(bars_chart(counts, low, high, f"{name}{what}", colour, only))
    return side_by_side(parts, say("chart_histograms"), theme=theme)
