"""The loss around the weights a model has: a slice through the landscape along two directions."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from autograd.drawing.axes import Scale
from autograd.drawing.elements import number as n
from autograd.number import entries
from autograd.settings import ABOVE_0, Range, chosen_number
from nn.charts import INK, Svg, cells, document, frame
from nn.messages import problem, say
from nn.weights import Snapshot

Direction = list[float]


def random_direction(model: Any, seed: int) -> Direction:
    """A random direction, scaled per tensor of parameters to the size of its numbers.

    Without that scaling a network whose weights are ten times as large would look ten times as flat
    (Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets").
    """
    rng, direction = random.Random(seed), {}
    for _, tensor in model.named_tensors():
        parameters = [p for _, p in entries(tensor)]
        drawn = [rng.gauss(0.0, 1.0) for _ in parameters]
        length, size = math.hypot(*drawn), math.hypot(*[p.item() for p in parameters])
        direction.update({id(p): x * size / (length or 1.0) for p, x in zip(parameters, drawn)})
    return [direction[id(p)] for p in model.parameters()]


def losses_around(
    model: Any,
    loss: Callable[[], float],
    directions: tuple[Direction, Direction],
    reach: float = 1.0,
    size: int = 21,
) -> list[list[float]]:
    """`loss()` at `weights + a*first + b*second` for a and b from -reach to reach; rows by b, lowest first.

    The weights are put back, also after an exception.
    """
    reach = chosen_number("landscape", "reach", reach, ABOVE_0)
    size = chosen_number("landscape", "size", size, Range(2, whole=True))
    kept, parameters = Snapshot(model), model.parameters()
    start = [p.item() for p in parameters]
    steps = _steps(reach, size)

    def loss_at(a: float, b: float) -> float:
        for p, x, d, e in zip(parameters, start, *directions):
            p.data = x + a * d + b * e
        return float(loss())

    try:
        return [[loss_at(a, b) for a in steps] for b in steps]
    finally:
        kept.put_back()


def _steps(reach: float, size: int) -> list[float]:
    return [reach * (2 * i / (size - 1) - 1) for i in range(size)]


def landscape(
    model: Any, X: Any, y: Any, size: int = 21, reach: float = 1.0, seed: int = 0, theme: str = "auto"
) -> Svg:
    """The loss of a compiled model around its weights, coloured by logarithm; the cross is where it stands.

    Args:
        model: compiled, so that its loss is known.
        X: samples on which the loss is computed at each of size * size places.
        y: their targets.
        size: places along each side; odd, so that the model itself is one of them.
        reach: how far to go, 1 being as far as the weights are long.
        seed: of the two random directions.
        theme: "auto" (light or dark as the reader's browser is), "light" or "dark".

    >>> import nn
    >>> model = nn.Linear(2, 1)
    >>> model.compile(loss="mse")
    >>> landscape(model, [[0.0, 1.0]], [1.0], size=5)[:4]
    '<svg'
    """
    grid = _grid(model, X, y, size, reach, seed)
    logs = [[math.log(max(x, 1e-300)) if math.isfinite(x) else math.nan for x in row] for row in grid]
    finite = [x for row in logs for x in row if math.isfinite(x)]
    low, spread = min(finite), (max(finite) - min(finite)) or 1.0
    width, height = 320.0, 310.0
    x, up = Scale(-reach, reach, 56, width - 14), Scale(-reach, reach, height - 44, 30)
    body = cells([[(v - low) / spread for v in row] for row in logs], x, up)
    title = say("chart_landscape_told", low=math.exp(low), high=math.exp(low + spread))
    body += frame(x, up, title, say("chart_direction", number=1), say("chart_direction", number=2))
    cx, cy = n(x.place(0.0)), n(up.place(0.0))
    body += f'<path d="M{cx} {cy}m-6 0h12m-6 -6v12" stroke="{INK}" stroke-width="2"/>'
    return document(body, width, height, say("chart_landscape"), description=title, theme=theme)


def surface(model: Any, X: Any, y: Any, size: int = 21, reach: float = 1.0, seed: int = 0) -> Any:
    """The landscape as a surface in space, whose height is the loss, drawn by matplotlib.

    Args:
        model: compiled, so that its loss is known.
        X: samples on which the loss is computed.
        y: their targets.
        size: places along each side.
        reach: how far to go, 1 being as far as the weights are long.
        seed: of the two random directions.

    Returns:
        A matplotlib figure.

    Raises:
        ImportError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise problem(ImportError, "look_no_matplotlib") from None
    heights = _grid(model, X, y, size, reach, seed)
    steps = _steps(reach, size)
    figure = Figure(figsize=(6, 5))
    axes = figure.add_subplot(projection="3d")
    import numpy

    axes.plot_surface(*numpy.meshgrid(steps, steps), numpy.array(heights), cmap="cividis", linewidth=0)
    along, across = (say("chart_direction", number=number) for number in (1, 2))
    axes.set(xlabel=along, ylabel=across, zlabel=say("chart_loop_loss"))
    return figure


def _grid(model: Any, X: Any, y: Any, size: int, reach: float, seed: int) -> list[list[float]]:
    directions = (random_direction(model, seed), random_direction(model, seed + 1))
    return losses_around(
        model, lambda: model.evaluate(X, y, return_dict=True)["loss"], directions, reach, size
    )
