"""`to_torch(model)`: the same network as a module of PyTorch, with the same weights and names as there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nn.interop.torch import torch_library, torch_state
from nn.layers import (
    activations,
    containers,
    convolution,
    linear,
    neuron,
    normalisation,
    recurrent,
    sequences,
)
from nn.messages import problem
from nn.module import Module

Make = Callable[[Any, Any], Any]  # of PyTorch and a module of ours, theirs


def to_torch(model: Module) -> Any:
    """The same network as a `torch.nn.Module`, in float64, its weights copied; batches come first there.

    Weights go both ways afterwards: `theirs.load_state_dict(nn.interop.torch_state(model, theirs))` and
    `nn.interop.load_torch(model, theirs)`; where names agree, `model.load_state_dict(theirs.state_dict())`.

    Raises:
        ImportError: PyTorch is not installed.
        TypeError: a module of a kind that PyTorch does not have, or of one's own: its `forward` is written
            for lists. `autograd.record(...)` and `to_torch()` of what was recorded take any program.
    """
    torch = torch_library()
    theirs = _made(torch, model).double()
    theirs.load_state_dict(torch_state(model, theirs))
    return theirs.train(model.training)


def _made(torch: Any, module: Any) -> Any:
    for kind, make in KINDS.items():
        if type(module) is kind:
            return make(torch, module)
    raise problem(TypeError, "nn_to_torch", kind=type(module).__name__)


def _activation(torch: Any, act: Any) -> Any:
    """The module of an activation by name."""
    if act is None or act == "linear":
        return torch.nn.Identity()
    if act == "softmax":
        return torch.nn.Softmax(-1)
    if not isinstance(act, str) or act not in NAMED:
        raise problem(TypeError, "nn_to_torch", kind=getattr(act, "__name__", repr(act)))
    return getattr(torch.nn, NAMED[act])()


NAMED = {
    "relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid", "leaky_relu": "LeakyReLU", "elu": "ELU",
    "gelu": "GELU", "silu": "SiLU", "softplus": "Softplus",
}  # fmt: skip


def _activated(torch: Any, inputs: int, outputs: int, bias: bool, act: Any, alone: bool = False) -> Any:
    """A Linear that applies its activation; `alone`: one output comes without an axis."""
    after = _activation(torch, act)

    class Activated(torch.nn.Linear):  # type: ignore[misc]  # of a library without types
        def forward(self, x: Any) -> Any:
            out = after(super().forward(x))
            return out.squeeze(-1) if alone else out

    return Activated(inputs, outputs, bias=bias)


def _layer(torch: Any, x: neuron.Layer, alone: bool = True) -> Any:
    first = x.neurons[0]
    act = first.act if first.nonlin else None
    return _activated(torch, x.nin, x.nout, True, act, alone and x.nout == 1)


def _mlp(torch: Any, x: neuron.MLP) -> Any:
    last = len(x.layers) - 1
    return torch.nn.Sequential(*[_layer(torch, layer, i == last) for i, layer in enumerate(x.layers)])


def _dense(torch: Any, x: linear.Dense) -> Any:
    if x.linear is None:
        raise problem(TypeError, "nn_to_torch_unbuilt", layer=repr(x))
    return _activated(torch, x.linear.in_features, x.units, x.use_bias, x.activation)


def _residual(torch: Any, x: linear.Residual) -> Any:
    class Residual(torch.nn.Module):  # type: ignore[misc]  # of a library without types
        def __init__(self) -> None:
            super().__init__()
            self.module = _made(torch, x.module)
            self.shortcut = None if x.shortcut is None else _made(torch, x.shortcut)

        def forward(self, given: Any) -> Any:
            return self.module(given) + (given if self.shortcut is None else self.shortcut(given))

    return Residual()


def _same(torch: Any, x: Any, *sizes: Any, **settings: Any) -> Any:
    """PyTorch's module of the same name."""
    return getattr(torch.nn, type(x).__name__)(*sizes, **settings)


def _conv(torch: Any, x: Any) -> Any:
    padding = "same" if any(x.behind) else x.padding
    settings = {"stride": x.stride, "padding": padding, "dilation": x.dilation, "groups": x.groups}
    settings["bias"] = x.bias is not None
    return _same(torch, x, x.in_channels, x.out_channels, x.kernel_size, **settings)


def _pool(torch: Any, x: Any) -> Any:
    if isinstance(x, (convolution.AvgPool1d, convolution.AvgPool2d)):
        return _same(torch, x, x.kernel_size, x.stride, x.padding, count_include_pad=x.outside is not None)
    return _same(torch, x, x.kernel_size, x.stride, x.padding, x.dilation)


def _batch_norm(torch: Any, x: Any) -> Any:
    affine = x.weight is not None
    return _same(torch, x, x.num_features, eps=x.eps, momentum=x.momentum, affine=affine)


def _layer_norm(torch: Any, x: normalisation.LayerNorm) -> Any:
    affine = x.weight is not None
    return torch.nn.LayerNorm(x.size, eps=x.eps, elementwise_affine=affine, bias=x.bias is not None)


def _cell(torch: Any, x: Any) -> Any:
    more = {"nonlinearity": x.nonlinearity} if isinstance(x, recurrent.RNNCell) else {}
    return _same(torch, x, x.input_size, x.hidden_size, bias=x.bias_ih is not None, **more)


def _sequence(torch: Any, x: Any) -> Any:
    first: Any = x._cells[0]
    more = {"nonlinearity": first.nonlinearity} if isinstance(x, sequences.RNN) else {}
    settings = {"bias": hasattr(x, "bias_ih_l0"), "batch_first": x.batch_first, "dropout": x.dropout}
    return _same(torch, x, x.input_size, x.hidden_size, x.num_layers, **settings, **more)


KINDS: dict[type, Make] = {
    linear.Linear: lambda t, x: t.nn.Linear(x.in_features, x.out_features, bias=x.bias is not None),
    linear.Dense: _dense,
    linear.Sequential: lambda t, x: t.nn.Sequential(*[_made(t, y) for y in x.layers]),
    linear.Residual: _residual,
    linear.Flatten: lambda t, x: t.nn.Flatten(1 if x.axes[0] is None else x.axes[0], x.axes[1]),
    linear.Embedding: lambda t, x: t.nn.Embedding(
        x.num_embeddings, x.embedding_dim, padding_idx=x.padding_idx
    ),
    linear.Dropout: lambda t, x: t.nn.Dropout(x.p),
    neuron.Layer: _layer,
    neuron.MLP: _mlp,
    containers.ModuleList: lambda t, x: t.nn.ModuleList([_made(t, y) for y in x]),
    containers.ModuleDict: lambda t, x: t.nn.ModuleDict({name: _made(t, y) for name, y in x.items()}),
    **dict.fromkeys((convolution.Conv1d, convolution.Conv2d), _conv),
    **dict.fromkeys((convolution.MaxPool1d, convolution.MaxPool2d), _pool),
    **dict.fromkeys((convolution.AvgPool1d, convolution.AvgPool2d), _pool),
    **dict.fromkeys((normalisation.BatchNorm1d, normalisation.BatchNorm2d), _batch_norm),
    normalisation.LayerNorm: _layer_norm,
    normalisation.RMSNorm: lambda t, x: t.nn.RMSNorm(
        x.size, eps=x.eps, elementwise_affine=x.weight is not None
    ),
    normalisation.GroupNorm: lambda t, x: t.nn.GroupNorm(
        x.num_groups, x.num_channels, eps=x.eps, affine=x.weight is not None
    ),
    **dict.fromkeys((recurrent.RNNCell, recurrent.GRUCell, recurrent.LSTMCell), _cell),
    **dict.fromkeys((sequences.RNN, sequences.GRU, sequences.LSTM), _sequence),
    **dict.fromkeys((activations.ReLU, activations.SiLU), _same),
    **dict.fromkeys((activations.Tanh, activations.Sigmoid, activations.Identity), _same),
    activations.GELU: lambda t, x: t.nn.GELU(x.approximate),
    activations.Softplus: lambda t, x: t.nn.Softplus(x.beta, 1e308 if x.threshold is None else x.threshold),
    activations.LeakyReLU: lambda t, x: t.nn.LeakyReLU(x._settings[0]),
    activations.ELU: lambda t, x: t.nn.ELU(x._settings[0]),
    activations.Softmax: lambda t, x: t.nn.Softmax(-1),  # noqa: ARG005 - the innermost axis, as here
    activations.LogSoftmax: lambda t, x: t.nn.LogSoftmax(-1),  # noqa: ARG005 - likewise
}
