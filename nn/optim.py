"""Optimisers, in PyTorch's words, formulas and defaults.

A new one is a subclass with `update`, which gets one parameter, its gradient, the numbers remembered for it
and the settings of its group, and returns the parameter's new number:

    class SignDescent(Optimizer):
        def __init__(self, params, lr=0.01):
            super().__init__(params, lr=lr)

        def update(self, x, g, memory, group):
            return x - group["lr"] * ((g > 0) - (g < 0))
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import autograd as ag
from autograd import UNSET, Value
from nn import schedules
from nn.messages import problem

Memory = dict[str, float]
Group = dict[str, Any]
lr_scheduler = schedules  # PyTorch's name: optim.lr_scheduler.StepLR(optimizer, step_size=10)


class Optimizer:
    """The base class: groups of parameters with settings, `zero_grad`, `step`, `state_dict`.

    Args:
        params: Values, or dicts `{"params": Values, "lr": ...}` for groups with settings of their own.
        settings: the settings' defaults; every one stands in each group and may be changed there.

    Raises:
        TypeError: something among the parameters is not a Value.
        ValueError: no parameters, one twice, or a setting out of its range.
    """

    def __init__(self, params: Iterable[Any], **settings: Any) -> None:
        self.defaults = settings
        self.param_groups: list[Group] = []
        self.state: dict[Value, Memory] = {}
        given = list(params)
        if not given:
            raise problem(ValueError, "nn_no_parameters")
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def add_param_group(self, group: Group) -> None:
        """Take more parameters in, with settings of their own where `group` has them."""
        known = {id(p) for g in self.param_groups for p in g["params"]}
        params = list(group["params"])
        for i, p in enumerate(params):
            if not isinstance(p, Value):
                raise problem(TypeError, "nn_foreign_parameter", index=i, kind=type(p).__name__)
            if p.parents:
                raise problem(ValueError, "nn_computed_parameter", index=i, value=p, op=p.op.name)
            if id(p) in known:
                raise problem(ValueError, "nn_shared_parameter", index=i)
            known.add(id(p))
        settings = {**self.defaults, **group}
        for name in ("lr", "weight_decay", "eps", "momentum"):
            if name in settings and not settings[name] >= 0:
                fields = {"optimizer": type(self).__name__, "value": settings[name]}
                raise problem(ValueError, "nn_setting", name=name, wanted=">= 0", **fields)
        self.param_groups.append({**settings, "params": params})

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """The new number of a parameter that holds `x` and has the gradient `g`.

        `memory` belongs to this parameter and starts empty; `group` holds the settings.
        """
        raise NotImplementedError

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        any_gradient = False
        update, state = self.update, self.state
        for group in self.param_groups:
            for p in group["params"]:
                g = p.grad
                if g is not UNSET and p.requires_grad:
                    any_gradient = True
                    memory = state.get(p)
                    if memory is None:
                        memory = state[p] = {}
                    p.data = update(p.data, g, memory, group)
        if not any_gradient and ag.hints():
            count = len([p for group in self.param_groups for p in group["params"]])
            ag.hint("nn_step_without_gradients", *ag.caller_place(2), count=count)

    def zero_grad(self) -> None:
        """Set every parameter's `.grad` back to no gradient."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = UNSET

    def state_dict(self) -> dict[str, Any]:
        """Settings and what is remembered of each parameter, as plain numbers, by position; fit for JSON."""
        places = {p: i for i, p in enumerate(p for group in self.param_groups for p in group["params"])}
        groups = [{**group, "params": [places[p] for p in group["params"]]} for group in self.param_groups]
        return {
            "state": {str(places[p]): dict(memory) for p, memory in self.state.items()},
            "param_groups": groups,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where the `state_dict` was taken.

        Raises:
            ValueError: groups of other sizes.
        """
        got = [len(group["params"]) for group in state["param_groups"]]
        wanted = [len(group["params"]) for group in self.param_groups]
        if got != wanted:
            raise problem(ValueError, "nn_optimizer_state", got=got, wanted=wanted)
        for group, saved in zip(self.param_groups, state["param_groups"]):
            group.update({name: setting for name, setting in saved.items() if name != "params"})
        params = [p for group in self.param_groups for p in group["params"]]
        self.state = {params[int(i)]: dict(memory) for i, memory in state["state"].items()}

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={x!r}" for name, x in self.param_groups[0].items() if name != "params")
        return f"{type(self).__name__}({settings})"


class SGD(Optimizer):
    """Gradient descent, `x - lr * g`, with momentum: `velocity = momentum * velocity + g` in the place of g.

    Args:
        params: Values or groups of them.
        lr: learning rate.
        momentum: how much of the velocity is kept.
        dampening: part of g that the velocity does not get.
        weight_decay: L2 penalty; adds `weight_decay * x` to g.
        nesterov: look ahead: `g + momentum * velocity`.

    >>> w = Value(1.0)
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.8
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.001,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        if nesterov and (momentum <= 0 or dampening):
            fields = {"wanted": "> 0, dampening = 0", "value": momentum}
            raise problem(ValueError, "nn_setting", optimizer="SGD(nesterov=True)", name="momentum", **fields)
        settings = {
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
        }
        super().__init__(params, lr=lr, **settings)

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
    """`x - lr * g / sqrt(sum of all g**2)`: parameters that moved much move less (Duchi et al. 2011)."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        settings = {"lr_decay": lr_decay, "weight_decay": weight_decay, "eps": eps}
        super().__init__(params, lr=lr, initial_accumulator_value=initial_accumulator_value, **settings)

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """The rate falls as `lr / (1 + (t - 1) * lr_decay)`."""
        t = memory["step"] = memory.get("step", 0) + 1
        g += group["weight_decay"] * x
        start: float = group["initial_accumulator_value"]
        total = memory["sum"] = memory.get("sum", start) + g * g
        rate: float = group["lr"] / (1 + (t - 1) * group["lr_decay"])
        return x - rate * g / (math.sqrt(total) + float(group["eps"]))


class RMSprop(Optimizer):
    """`x - lr * g / sqrt(running mean of g**2)` (Hinton's lecture 6e, 2012)."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        settings = {"alpha": alpha, "eps": eps, "weight_decay": weight_decay, "momentum": momentum}
        super().__init__(params, lr=lr, centered=centered, **settings)

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """With `centered` the variance in the place of the mean square."""
        alpha: float = group["alpha"]
        g += group["weight_decay"] * x
        square = memory["square"] = alpha * memory.get("square", 0.0) + (1 - alpha) * g * g
        if group["centered"]:
            mean = memory["mean"] = alpha * memory.get("mean", 0.0) + (1 - alpha) * g
            square -= mean * mean
        rate: float = group["lr"]
        step: float = g / (math.sqrt(square) + group["eps"])
        if group["momentum"]:
            step = memory["velocity"] = group["momentum"] * memory.get("velocity", 0.0) + step
        return x - rate * step


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
        name = type(self).__name__
        if form not in ("torch", "keras"):
            raise problem(
                ValueError, "nn_setting", optimizer=name, name="form", wanted="'torch' / 'keras'", value=form
            )
        if not (len(betas) == 2 and all(0 <= beta < 1 for beta in betas)):
            raise problem(
                ValueError, "nn_setting", optimizer=name, name="betas", wanted="0 <= beta < 1", value=betas
            )
        eps = (1e-8 if form == "torch" else 1e-7) if eps is None else eps
        super().__init__(params, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, form=form)

    def update(self, x: float, g: float, memory: Memory, group: Group) -> float:
        """Algorithm 1 of the paper; Keras's form is the variant at the end of its section 2."""
        beta1, beta2 = map(float, group["betas"])
        if group["weight_decay"]:
            if self.decoupled:
                x -= group["lr"] * group["weight_decay"] * x
            else:
                g += group["weight_decay"] * x
        t = memory["step"] = memory.get("step", 0) + 1
        mean = memory["mean"] = beta1 * memory.get("mean", 0.0) + (1 - beta1) * g
        square = memory["square"] = beta2 * memory.get("square", 0.0) + (1 - beta2) * g * g
        rate: float = group["lr"] / (1 - beta1**t)
        eps: float = group["eps"]
        root = math.sqrt(1 - beta2**t)
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
