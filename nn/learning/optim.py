"""Optimisers, in PyTorch's words, formulas and defaults; `Optimizer` tells how to write one.

Their formulas stand in `autograd.descent`, where a replayed training reads them too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from autograd import descent
from autograd.settings import ABOVE_0, BELOW_1, FROM_0, SHARE, Range, chosen_number, chosen_numbers
from nn.learning import schedules
from nn.learning.optimizer import Group, Optimizer

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
        maximize: go uphill, on `-g`; every optimiser has it.

    >>> from autograd import Value
    >>> w = Value(1.0)
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.8
    """

    ranges: ClassVar[dict[str, Range]] = {**Optimizer.ranges, "dampening": SHARE}

    update = staticmethod(descent.sgd)

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.001,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        maximize: bool = False,
    ) -> None:
        settings = {
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
        }
        super().__init__(params, lr=lr, **settings)

    def checked(self, settings: Group) -> Group:
        """Check also that Nesterov's way has a momentum, without dampening."""
        found = super().checked(settings)
        if found["nesterov"]:
            chosen_number("SGD(nesterov=True)", "momentum", found["momentum"], ABOVE_0)
            chosen_number("SGD(nesterov=True)", "dampening", found["dampening"], Range(0, 0))
        return found


class Adagrad(Optimizer):
    """`x - lr * g / sqrt(sum of all g**2)`: parameters that moved much move less (Duchi et al. 2011).

    `form="keras"` adds `eps` inside the root.
    """

    ranges: ClassVar[dict[str, Range]] = {
        **Optimizer.ranges, "lr_decay": FROM_0, "initial_accumulator_value": FROM_0,
    }  # fmt: skip

    update = staticmethod(descent.adagrad)

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        maximize: bool = False,
        form: str = "torch",
    ) -> None:
        settings: Group = {"lr_decay": lr_decay, "weight_decay": weight_decay, "eps": eps}
        settings |= {"maximize": maximize, "form": form}
        super().__init__(params, lr=lr, initial_accumulator_value=initial_accumulator_value, **settings)


class RMSprop(Optimizer):
    """`x - lr * g / sqrt(running mean of g**2)` (Hinton's lecture 6e, 2012).

    `form="keras"` adds `eps` inside the root.
    """

    ranges: ClassVar[dict[str, Range]] = {**Optimizer.ranges, "alpha": BELOW_1}

    update = staticmethod(descent.rmsprop)

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        maximize: bool = False,
        form: str = "torch",
    ) -> None:
        settings = {"alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum}
        settings |= {"centered": centered, "maximize": maximize}
        super().__init__(params, lr=lr, form=form, **settings)


class Adam(Optimizer):
    """Running means of g and of g**2, both corrected for their start at 0 (Kingma and Ba 2015).

    Args:
        params: Values or groups of them.
        lr: learning rate.
        betas: how much of each mean is kept.
        eps: added to the root; 1e-8, in Keras's form 1e-7.
        weight_decay: L2 penalty; adds `weight_decay * x` to g.
        amsgrad: divide by the largest second mean so far (Reddi et al. 2018).
        maximize: go uphill, on `-g`.
        form: "torch" corrects the second mean before `eps` is added, "keras" after.
    """

    remembers = ("step", "mean", "square")

    update = staticmethod(descent.adam)

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float | None = None,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        maximize: bool = False,
        form: str = "torch",
    ) -> None:
        eps = (1e-8 if form == "torch" else 1e-7) if eps is None else eps
        settings = {"betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad}
        super().__init__(params, lr=lr, **settings, maximize=maximize, form=form)

    def checked(self, settings: Group) -> Group:
        """Check both betas too."""
        betas = chosen_numbers(self, "betas", settings["betas"], 2, BELOW_1)
        return {**super().checked(settings), "betas": betas}


class AdamW(Adam):
    """Adam with `x -= lr * weight_decay * x`, past the means (Loshchilov and Hutter 2019)."""

    update = staticmethod(descent.adamw)  # type: ignore[assignment]  # Adam's has one more, which no step gives

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float | None = None,
        weight_decay: float = 0.01,
        amsgrad: bool = False,
        maximize: bool = False,
        form: str = "torch",
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize, form)
