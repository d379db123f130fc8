"""Weights to and from Keras: the lists of arrays of `model.get_weights()` and `model.set_weights(...)`.

Keras keeps a kernel with the inputs first, where PyTorch has the outputs first; its recurrent layers add two
biases into one (GRU keeps both) and its GRU names the update gate before the reset gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nn.interop.transfer import Array, arrays_of, of_buffer, of_values, take_over, transposed
from nn.layers.attention import MultiHeadAttention
from nn.layers.convolution import Conv1d, Conv2d
from nn.layers.linear import Embedding, Linear
from nn.layers.neuron import Layer
from nn.layers.normalisation import BatchNorm1d, LayerNorm, RMSNorm
from nn.layers.recurrent import Cell, GRUCell
from nn.module import Module


def load_keras(model: Module, weights: Any) -> None:
    """Take over the weights of a Keras model or layer, or of its `get_weights()`.

    Args:
        model: layers in the same order as there; a Dense must know its inputs (`input_shape`, or used once).
        weights: a Keras model or layer, whose normalisations also hand on their epsilon (0.001 unless told
            otherwise); or a list of arrays (or of nested lists), which knows of none.

    Raises:
        ValueError: another number of arrays, or a shape that differs; then nothing is changed.
    """
    given = weights.get_weights() if hasattr(weights, "get_weights") else weights
    numbers = [x.tolist() if hasattr(x, "tolist") else x for x in given]
    names = [f"array {i}" for i in range(len(numbers))]
    epsilons = list(_epsilons(weights)) if hasattr(weights, "get_weights") else None
    take_over(model, arrays_of(model, _listed), names, numbers, epsilons)


def _epsilons(layer: Any) -> Iterator[float]:
    """The epsilon of each normalisation of a Keras model or layer, in order."""
    if hasattr(layer, "_flatten_layers"):
        layers: Any = layer._flatten_layers(include_self=True, recursive=True)
    else:
        layers = [layer]
    yield from (x.epsilon for x in layers if getattr(x, "epsilon", None) is not None)


def keras_weights(model: Module) -> list[Any]:
    """The weights as nested lists in Keras's order; `numpy.array` of each is what `set_weights` takes."""
    return [array.read() for array in arrays_of(model, _listed)]


def _listed(name: str, module: Module) -> tuple[list[Array], bool]:
    dot = f"{name}." if name else ""
    for kind, arrays in KINDS.items():
        if isinstance(module, kind):
            return arrays(dot, module), False
    own = [(part, x) for part, x in module.parts() if not isinstance(x, Module)]
    return [of_values(dot + part, x) for part, x in own], True


def _layer(dot: str, layer: Layer) -> list[Array]:
    kernel = transposed([neuron.w for neuron in layer.neurons])
    return _present(dot, kernel=kernel, bias=[neuron.b for neuron in layer.neurons])


def _batch_norm(dot: str, norm: BatchNorm1d) -> list[Array]:
    averages = [of_buffer(dot + which, norm, which) for which in ("running_mean", "running_var")]
    return [*_present(dot, gamma=norm.weight, beta=norm.bias), *averages]


def _present(dot: str, **values: Any) -> list[Array]:
    return [of_values(dot + name, x) for name, x in values.items() if x is not None]


def _channels_last(conv: Conv1d | Conv2d) -> Any:
    """`[row][column][in][out]` of `[out][in][row][column]`, the same for one axis."""

    def gather(kernels: list[list[Any]], axes: int) -> Any:
        if axes == 0:
            return transposed(kernels)
        return [gather([[x[i] for x in row] for row in kernels], axes - 1) for i in range(len(kernels[0][0]))]

    return gather(conv.weight, conv.axes)


def _recurrent(dot: str, cell: Cell) -> list[Array]:
    order = (1, 0, 2) if isinstance(cell, GRUCell) else tuple(range(cell.gates))
    rows = [i * cell.hidden_size + k for i in order for k in range(cell.hidden_size)]
    arrays = [
        of_values(f"{dot}kernel", transposed([cell.weight_ih[row] for row in rows])),
        of_values(f"{dot}recurrent_kernel", transposed([cell.weight_hh[row] for row in rows])),
    ]
    if cell.bias_ih is None or cell.bias_hh is None:
        return arrays
    first, second = [cell.bias_ih[row] for row in rows], [cell.bias_hh[row] for row in rows]
    if isinstance(cell, GRUCell):
        return [*arrays, of_values(f"{dot}bias", [first, second])]
    return [*arrays, _added(f"{dot}bias", first, second)]


def _added(name: str, first: Sequence[Any], second: Sequence[Any]) -> Array:
    """Two biases as their sum; what is taken over goes into the first."""

    def write(numbers: Any) -> None:
        for a, b, number in zip(first, second, numbers, strict=True):
            a.data, b.data = float(number), 0.0

    return Array(name, lambda: [a.item() + b.item() for a, b in zip(first, second, strict=True)], write)


def _attention(dot: str, module: MultiHeadAttention) -> list[Array]:
    n, heads = module.embed_dim, module.num_heads
    size = n // heads

    def by_head(row: Sequence[Any]) -> list[Sequence[Any]]:
        return [row[h * size : (h + 1) * size] for h in range(heads)]

    arrays: list[Array] = []
    for i, name in enumerate(("query", "key", "value")):
        columns = transposed(module.in_proj_weight[i * n : (i + 1) * n])
        arrays.append(of_values(f"{dot}{name}.kernel", [by_head(column) for column in columns]))
        if module.in_proj_bias is not None:
            arrays.append(of_values(f"{dot}{name}.bias", by_head(module.in_proj_bias[i * n : (i + 1) * n])))
    out = by_head(transposed(module.out_proj.weight))
    return [*arrays, *_present(f"{dot}output.", kernel=out, bias=module.out_proj.bias)]


KINDS: dict[type[Module], Callable[[str, Any], list[Array]]] = {
    Layer: _layer,
    Linear: lambda dot, x: _present(dot, kernel=transposed(x.weight), bias=x.bias),
    Conv1d: lambda dot, x: _present(dot, kernel=_channels_last(x), bias=x.bias),
    Conv2d: lambda dot, x: _present(dot, kernel=_channels_last(x), bias=x.bias),
    Embedding: lambda dot, x: _present(dot, embeddings=x.weight),
    LayerNorm: lambda dot, x: _present(dot, gamma=x.weight, beta=x.bias),
    RMSNorm: lambda dot, x: _present(dot, scale=x.weight),
    BatchNorm1d: _batch_norm,
    Cell: _recurrent,
    MultiHeadAttention: _attention,
}
