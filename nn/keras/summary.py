"""What a model's `summary` prints, and the shapes that its layers give, which tell a `Dense` its inputs."""

from __future__ import annotations

import math
from typing import Any

from autograd.number import entries
from nn.keras.layers import (
    BatchNormalization,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    Normalization,
    Softmax,
)
from nn.keras.variables import Weighted
from nn.layers import linear
from nn.layers.activations import Elementwise
from nn.layers.linear import Dropout
from nn.messages import say
from nn.text import table


def table_of(model: Any, names: list[str]) -> str:
    """Layers by these names, shapes and counts of parameters, as text."""
    rows = [(say("keras_layer"), say("keras_shape"), say("keras_params"))]
    shape: tuple[int, ...] | None = getattr(model, "input_shape", None)
    for name, layer in zip(names, model.children()):
        shape = shape_after(layer, shape)
        said = "?" if shape is None else str((None, *shape))
        count = layer.count_params() if isinstance(layer, Weighted) else len(layer.parameters())
        rows.append((f"{name} ({type(layer).__name__})", said, f"{count:,}"))
    averages = len([x for weight in model.weights if "moving" in weight.name for _, x in entries(weight)])
    trained = len([p for p in model.parameters() if p.requires_grad])
    total = len(model.parameters()) + averages
    counts = {"total": total, "trained": trained, "frozen": total - trained}
    head = say("keras_model", name=model.name)
    return "\n".join([head, table(rows), say("keras_counts", **counts)])


def shape_after(layer: Any, shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The shape of what a layer gives for a sample of this shape; None where that is not known."""
    if isinstance(layer, linear.Dense):
        return (*(shape or (0,))[:-1], layer.units)
    if isinstance(layer, Embedding):
        return None if shape is None else (*shape, layer.embedding_dim)
    if isinstance(layer, Flatten) and shape is not None:
        return (math.prod(shape),)
    if isinstance(layer, GlobalAveragePooling1D) and shape is not None:
        return shape[1:]
    keeps = (BatchNormalization, Elementwise, Dropout, Normalization, Softmax)
    return shape if isinstance(layer, keeps) else None
