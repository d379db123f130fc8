"""Optimisers, in PyTorch's words, formulas and defaults; `Optimizer` tells how to write one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

from autograd.settings import ABOVE_0, BELOW_1, FROM_0, SHARE, Range, chosen_number, chosen_numbers
from nn.learning import schedules
from nn.learning.optimizer import Group, Memory, Optimizer

lr_scheduler = schedules  # PyTorch's name: optim.lr_scheduler.StepLR(optimizer, step_size=10)


class SGD(Optimizer):
    """Gradient descent, `x - lr * g`, with momentum: `velocity = momentum * velocity + g` in the place of g.

    Args:
        params: Values or groups of them.
        lr: learning rate.
        momentum: how much of the velocity is kept.
        dampening: part of g that the velocity does not get.
        weight_decay: L2 penalty; adds `weight_decay * x` to g.
        nesterov: look ahead: `g + momentum * velocity`.

    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.8
    """

    ranges: ClassVar[dict[str, Range]] = {**Optimizer.ranges, "dampening": SHARE}

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.001,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        settings = {
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
        }
        super().__init__(params, lr=lr, **settings)

    def checked(self, settings: Group) -> Group:
        """Also that Nesterov's way has a momentum, and all of it."""
        found = super().checked(settings)
        if found["nesterov"]:
            chosen_number("SGD(nesterov=True)", "momentum", found["momentum"], ABOVE_0)
            chosen_number("SGD(nesterov=True)", "dampening", found["dampening"], Range(0, 0))
        return found

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """Sutskever et al. 2013, in PyTorch's form: the rate stands outside the velocity."""
        g += group["weight_decay"] * x if group["weight_decay"] else 0.0
        momentum = group["momentum"]
        if momentum:
            known = "velocity" in memory
            velocity = momentum * memory["velocity"] + (1 - group["dampening"]) * g if known else g
            memory["velocity"] = velocity
            g = g + momentum * velocity if group["nesterov"] else velocity
        new: float = x - group["lr"] * g
        return new


class Adagrad(Optimizer):
    """`x - lr * g / sqrt(sum of all g**2)`: parameters that moved much move less (Duchi et al. 2011).

    `form="keras"` adds `eps` inside the root.
    """

    ranges: ClassVar[dict[str, Range]] = {
        **Optimizer.ranges, "lr_decay": FROM_0, "initial_accumulator_value": FROM_0,
    }  # fmt: skip

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        form: str = "torch",
    ) -> None:
        settings = {"lr_decay": lr_decay, "weight_decay": weight_decay, "eps": eps, "form": form}
        super().__init__(params, lr=lr, initial_accumulator_value=initial_accumulator_value, **settings)

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """The rate falls as `lr / (1 + (t - 1) * lr_decay)`."""
        t = memory["step"] = memory.get("step", 0) + 1
        g += group["weight_decay"] * x
        start: float = group["initial_accumulator_value"]
        total = memory["sum"] = memory.get("sum", start) + g * g
        rate: float = group["lr"] / (1 + (t - 1) * group["lr_decay"])
        return x - rate * g / _root(total, group)


class RMSprop(Optimizer):
    """`x - lr * g / sqrt(running mean of g**2)` (Hinton's lecture 6e, 2012).

    `form="keras"` adds `eps` inside the root.
    """

    ranges: ClassVar[dict[str, Range]] = {**Optimizer.ranges, "alpha": BELOW_1}

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        form: str = "torch",
    ) -> None:
        settings = {"alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum}
        super().__init__(params, lr=lr, centered=centered, form=form, **settings)

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """With `centered` the variance in the place of the mean square."""
        alpha: float = group["alpha"]
        g += group["weight_decay"] * x
        square = memory["square"] = alpha * memory.get("square", 0.0) + (1 - alpha) * g * g
        if group["centered"]:
            mean = memory["mean"] = alpha * memory.get("mean", 0.0) + (1 - alpha) * g
            square = max(square - mean * mean, 0.0)  # rounding may leave it below; nan stays nan
        rate: float = group["lr"]
        step = g / _root(square, group)
        if group["momentum"]:
            step = memory["velocity"] = group["momentum"] * memory.get("velocity", 0.0) + step
        return x - rate * step


def _root(square: float, group: Group) -> float:
    """The root of a mean of squares, kept from 0 by `eps`: PyTorch adds it to the root, Keras before."""
    eps: float = group["eps"]
    return math.sqrt(square + eps) if group["form"] == "keras" else math.sqrt(square) + eps


@lru_cache(64)
def _corrections(beta1: float, beta2: float, t: int) -> tuple[float, float]:
    """By what the means of t steps, and the root of the second, are too small."""
    return 1 - beta1**t, math.sqrt(1 - beta2**t)


class Adam(Optimizer):
    """Running means of g and of g**2, both corrected for their start at 0 (Kingma and Ba 2015).

    Args:
        params: Values or groups of them.
        lr: learning rate.
        betas: how much of each mean is kept.
        eps: added to the root; 1e-8, in Keras's form 1e-7.
        weight_decay: L2 penalty; adds `weight_decay * x` to g.
        form: "torch" corrects the second mean before `eps` is added, "keras" after.
    """

    remembers = ("step", "mean", "square")
    decoupled = False  # True: the weights decay on their own, past the means

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float | None = None,
        weight_decay: float = 0.0,
        form: str = "torch",
    ) -> None:
        eps = (1e-8 if form == "torch" else 1e-7) if eps is None else eps
        super().__init__(params, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, form=form)

    def checked(self, settings: Group) -> Group:
        """Also both betas."""
        betas = chosen_numbers(self, "betas", settings["betas"], 2, BELOW_1)
        return {**super().checked(settings), "betas": betas}

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """Algorithm 1 of the paper; Keras's form is the variant at the end of its section 2."""
        beta1, beta2 = group["betas"]
        if group["weight_decay"]:
            if self.decoupled:
                x -= group["lr"] * group["weight_decay"] * x
            else:
                g += group["weight_decay"] * x
        if not memory:
            memory.update(step=0, mean=0.0, square=0.0)
        t = memory["step"] = memory["step"] + 1
        mean = memory["mean"] = beta1 * memory["mean"] + (1 - beta1) * g
        square = memory["square"] = beta2 * memory["square"] + (1 - beta2) * g * g
        weight, root = _corrections(beta1, beta2, t)
        rate: float = group["lr"] / weight
        eps: float = group["eps"]
        new: float
        if group["form"] == "keras":
            new = x - rate * root * mean / (math.sqrt(square) + eps)
        else:
            new = x - rate * mean / (math.sqrt(square) / root + eps)
        return new


class AdamW(Adam):
    """Adam with `x -= lr * weight_decay * x`, past the means (Loshchilov and Hutter 2019)."""

    decoupled = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float | None = None,
        weight_decay: float = 0.01,
        form: str = "torch",
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, form)
