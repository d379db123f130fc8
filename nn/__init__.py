"""Neural networks built from scalar Values."""

try:
    import autograd.mixture  # noqa: F401  raises where another distribution named autograd is mixed in
except ModuleNotFoundError:  # it stands in another folder, before ours
    raise ImportError(
        "a different package named autograd hides the one that nn needs. Run these two:\n"
        "    pip uninstall -y autograd scalar-autograd     then     pip install scalar-autograd"
    ) from None


from nn import functional, init, losses, optim
from nn.activations import (
    ELU,
    GELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)  # fmt: skip
from nn.layers import Linear, Sequential
from nn.losses import bce, bce_with_logits, cross_entropy, half_sse, hinge, huber, kl_div, mae, mse, nll
from nn.module import Module, Outputs
from nn.neuron import MLP, Layer, Neuron
from nn.optim import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop

__all__ = [
    "ELU",
    "GELU",
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Identity",
    "Layer",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "Module",
    "Neuron",
    "Optimizer",
    "Outputs",
    "RMSprop",
    "ReLU",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "bce",
    "bce_with_logits",
    "cross_entropy",
    "functional",
    "half_sse",
    "hinge",
    "huber",
    "init",
    "kl_div",
    "losses",
    "mae",
    "mse",
    "nll",
    "optim",
]
