"""Weights to and from PyTorch modules: matched by their order, so names need not agree.

Every layer here that PyTorch has keeps its weights in PyTorch's layout and order; micrograd's `Layer` is
written as a `Linear`.
"""

from __future__ import annotations

from typing import Any

from nn.interop.transfer import Array, arrays_of, of_buffer, of_values, take_over
from nn.layers.neuron import Layer
from nn.messages import problem
from nn.module import Module
from nn.weights import torch_names


def load_torch(model: Module, source: Any) -> None:
    """Take over the weights of a PyTorch module, or of its `state_dict()`.

    Args:
        model: layers in the same order as there.
        source: a `torch.nn.Module`, whose normalisations also hand on their `eps`; or a dict of tensors (or
            of nested lists), which knows of none.

    Raises:
        ValueError: another number of arrays, or a shape that differs; then nothing is changed.

    >>> import nn
    >>> model = nn.MLP(2, [1])
    >>> load_torch(model, {"0.weight": [[3.0, 4.0]], "0.bias": [0.5]})
    >>> model([1.0, 1.0]).data
    7.5
    """
    state = source.state_dict() if hasattr(source, "state_dict") else source
    numbers = [x.detach().cpu().double().tolist() if hasattr(x, "detach") else x for x in state.values()]
    epsilons = None
    if hasattr(source, "modules"):
        epsilons = [m.eps for m in source.modules() if hasattr(m, "eps") and hasattr(m, "weight")]
    take_over(model, arrays_of(model, _listed), list(state), numbers, epsilons)


def torch_state(model: Module, module: Any = None) -> dict[str, Any]:
    """The weights as a dict of float64 tensors, for `module.load_state_dict(...)`.

    Args:
        model: whose weights.
        module: the PyTorch module that is to take them: its names are used, and it is not changed.
            Without one, the names are ours, numbers of a Sequential as PyTorch counts them.
    """
    torch = torch_library()
    arrays = arrays_of(model, _listed)
    if module is None:
        names = list(torch_names(model, [array.name for array in arrays]).values())
    else:
        names = list(module.state_dict())
        there = [x.tolist() for x in module.state_dict().values()]
        take_over(model, [_look(array) for array in arrays], names, there)  # its checks alone
    tensors = [torch.tensor(array.read(), dtype=torch.float64) for array in arrays]
    return dict(zip(names, tensors, strict=True))


def _look(array: Array) -> Array:
    return Array(array.name, array.read, lambda _: None)


def torch_library() -> Any:
    """PyTorch itself.

    Raises:
        ImportError: it is not installed.
    """
    try:
        import torch
    except ImportError:
        raise problem(ImportError, "nn_no_torch") from None
    return torch


def _listed(name: str, module: Module) -> tuple[list[Array], bool]:
    dot = f"{name}." if name else ""
    if isinstance(module, Layer):
        weight, bias = [neuron.w for neuron in module.neurons], [neuron.b for neuron in module.neurons]
        return [of_values(f"{dot}weight", weight), of_values(f"{dot}bias", bias)], False
    own = [of_values(dot + part, x) for part, x in module.parts() if not isinstance(x, Module)]
    own += [of_buffer(dot + attribute, module, attribute) for attribute in module.buffers]
    return own, True
