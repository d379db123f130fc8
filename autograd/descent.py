"""What each optimiser makes of a number: its formula, which stands here and nowhere else.

An update gets a number `x`, its gradient `g`, what is remembered of this number and the settings of its
group; it gives the new number and puts into `memory` what is to be remembered. `nn.optim` calls it on floats
the first time; then it is called once on names, and what comes out is made into loops over floats and arrays
and for the kernels (`python -m autograd.replay.executors.float_step` and `...numba_updates` print them). So
an update holds operators and ops of the table, and asks `if` of settings alone, never of x, g or what it
remembers. On floats it takes roots from the C library.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

from autograd import ops

Memory = dict[str, float]
Group = dict[str, Any]


def sgd(x: float, g: float, memory: Memory, group: Group) -> float:
    """Sutskever et al. 2013, in PyTorch's form: the rate stands outside the velocity."""
    if group["maximize"]:
        g = -g
    g = g + group["weight_decay"] * x
    momentum: float = group["momentum"]
    if momentum:
        fresh = (1 - group["dampening"]) * g
        velocity = momentum * memory["velocity"] + fresh if "velocity" in memory else g
        memory["velocity"] = velocity
        g = g + momentum * velocity if group["nesterov"] else velocity
    rate: float = group["lr"]
    return x - rate * g


def adagrad(x: float, g: float, memory: Memory, group: Group) -> float:
    """Duchi et al. 2011; the rate falls as `lr / (1 + (t - 1) * lr_decay)`."""
    t = memory["step"] = memory.get("step", 0) + 1
    if group["maximize"]:
        g = -g
    g = g + group["weight_decay"] * x
    start: float = group["initial_accumulator_value"]
    total = memory["sum"] = memory.get("sum", start) + g * g
    rate: float = group["lr"] / (1 + (t - 1) * group["lr_decay"])
    return x - rate * g / _root_of_mean(total, group)


def rmsprop(x: float, g: float, memory: Memory, group: Group) -> float:
    """Hinton's lecture 6e, 2012; with `centered` the variance in the place of the mean square."""
    alpha: float = group["alpha"]
    if group["maximize"]:
        g = -g
    g = g + group["weight_decay"] * x
    square = memory["square"] = alpha * memory.get("square", 0.0) + (1 - alpha) * g * g
    if group["centered"]:
        mean = memory["mean"] = alpha * memory.get("mean", 0.0) + (1 - alpha) * g
        square = ops.maximum(square - mean * mean, 0.0)  # rounding may leave it below; nan stays nan
    step = g / _root_of_mean(square, group)
    if group["momentum"]:
        step = memory["velocity"] = group["momentum"] * memory.get("velocity", 0.0) + step
    rate: float = group["lr"]
    return x - rate * step


def adam(x: float, g: float, memory: Memory, group: Group, decoupled: bool = False) -> float:
    """Algorithm 1 of Kingma and Ba 2015; Keras's form is the variant at the end of its section 2.

    Both means are divided by what they lack, for they began at 0; with `decoupled` weights decay past them.
    """
    if group["maximize"]:
        g = -g
    if decoupled:
        x = x - group["lr"] * group["weight_decay"] * x
    else:
        g = g + group["weight_decay"] * x
    beta1: float
    beta2: float
    beta1, beta2 = group["betas"]
    t = memory["step"] = memory.get("step", 0) + 1
    mean = memory["mean"] = beta1 * memory.get("mean", 0.0) + (1 - beta1) * g
    square = memory["square"] = beta2 * memory.get("square", 0.0) + (1 - beta2) * g * g
    if group["amsgrad"]:  # Reddi et al. 2018: the rate of a parameter never rises again
        square = memory["largest"] = ops.maximum(memory.get("largest", 0.0), square)
    root = sqrt if square.__class__ is float else ops.sqrt
    root_weight = root(1 - beta2**t)
    rate: float = group["lr"] / (1 - beta1**t)
    eps: float = group["eps"]
    if group["form"] == "keras":
        return x - rate * root_weight * mean / (root(square) + eps)
    return x - rate * mean / (root(square) / root_weight + eps)


def adamw(x: float, g: float, memory: Memory, group: Group) -> float:
    """Loshchilov and Hutter 2019: the weights decay on their own."""
    return adam(x, g, memory, group, decoupled=True)


def _root_of_mean(square: float, group: Group) -> float:
    """The root of a mean of squares, kept from 0 by `eps`: PyTorch adds it to the root, Keras before."""
    eps: float = group["eps"]
    root = sqrt if square.__class__ is float else ops.sqrt
    return root(square + eps) if group["form"] == "keras" else root(square) + eps
