"""Keras's optimisers, in formula and defaults; they get the parameters when `fit` has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import autograd as ag
from autograd import UNSET, Value
from autograd.number import entries, number_of
from autograd.settings import ABOVE_0, FROM_0, chosen_number, chosen_word
from nn.keras import decay as schedules
from nn.keras.configuration import Remembered
from nn.learning import optim
from nn.learning.optimizer import Optimizer as Base
from nn.learning.regularisers import clip_grad_value_, gradient_of, length
from nn.messages import problem
from nn.missing import refusing
from nn.weights import together


class Optimizer(Remembered):
    """What an optimiser is before it has parameters: called with them, it makes the one of `nn.optim`.

    Raises:
        TypeError, ValueError: a setting is out of its range.
    """

    def __init__(self, kind: type[Base], clip: tuple[float | None, ...], **settings: Any) -> None:
        self.schedule = settings["lr"]
        self.clip = tuple(chosen_number(self, name, x, ABOVE_0, none=True) for name, x in zip(CLIPS, clip))
        settings["lr"] = schedules.current(self.schedule, 0)
        kind([Value(0.0)], **settings)  # what is wrong with the settings is said here
        self.kind, self.settings = kind, settings

    def __call__(self, parameters: Any) -> Base:
        """The optimiser of these parameters; the same again, with what it remembers, as in Keras."""
        given = list(parameters)
        made: Base | None = self.__dict__.get("made")
        if made is None or [p for group in made.param_groups for p in group["params"]] != given:
            rate = self.schedule if callable(self.schedule) else None
            kind = self.kind if rate is None and not any(self.clip) else governed(self.kind, rate, self.clip)
            made = self.made = kind(given, **self.settings)
        return made

    @property
    def learning_rate(self) -> float:
        """The rate, also to be set between two trainings or in a callback."""
        if callable(self.schedule):
            return float(self.schedule(self.iterations))
        made: Base | None = self.__dict__.get("made")
        rate: float = self.settings["lr"] if made is None else made.param_groups[0]["lr"]
        return rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self.schedule = self.settings["lr"] = chosen_number(self, "learning_rate", rate, FROM_0)
        made: Base | None = self.__dict__.get("made")
        if made is not None:
            set_rate(made, self.settings["lr"])

    @property
    def iterations(self) -> int:
        """How many steps were made with a schedule."""
        return getattr(self.__dict__.get("made"), "iterations", 0)

    def apply_gradients(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Move each variable by its gradient: `apply_gradients(zip(gradients, model.trainable_variables))`.

        Raises:
            ValueError: a gradient has another shape than its variable, or there are no pairs.
        """
        wanted: dict[Value, float] = {}
        for gradient, variable in pairs:
            if ag.number.shape_of(gradient) != ag.number.shape_of(variable):
                fields = {"wanted": ag.number.shape_of(variable), "got": ag.number.shape_of(gradient)}
                raise problem(ValueError, "nn_parameter_shape", **fields)
            numbers = [ag.number.to_float(number_of(x)) for _, x in entries(gradient)]
            wanted.update(zip([p for _, p in entries(variable)], numbers, strict=True))
        made: Base | None = self.__dict__.get("made")
        if made is None:
            made = self.made = self(list(wanted))
        known = {p for group in made.param_groups for p in group["params"]}
        if wanted.keys() - known:
            made.add_param_group({"params": [p for p in wanted if p not in known]})
        for p, g in wanted.items():
            p.grad = g
        made.step()
        for p in wanted:
            p.grad = UNSET

    def apply(self, gradients: Iterable[Any], variables: Iterable[Any]) -> None:
        """`apply_gradients` with two lists, under Keras 3's name."""
        self.apply_gradients(zip(gradients, variables, strict=True))

    def get_config(self) -> dict[str, Any]:
        """All settings by Keras's names, with the rate that is in force."""
        config = super().get_config()
        return config if callable(self.schedule) else {**config, "learning_rate": self.learning_rate}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={x!r}' for name, x in self.settings.items())})"


def set_rate(optimizer: Base, rate: float) -> None:
    """Change the rate; Keras keeps it inside the velocity, which is told in the new one here."""
    for group in optimizer.param_groups:
        before, group["lr"] = group["lr"], rate
        if group.get("momentum") and rate not in (before, 0.0):
            for memory in (optimizer.state.get(p, {}) for p in group["params"]):
                if "velocity" in memory:
                    memory["velocity"] *= before / rate


def governed(
    kind: type[Base], rate: Callable[[int], float] | None, clip: tuple[float | None, ...]
) -> type[Base]:
    """The same optimiser, whose rate at each step is the schedule's, of clipped gradients."""

    class Governed(kind):  # type: ignore[valid-type,misc]  # known when a program gives it
        steps_by_update = False
        iterations = 0

        def step(self, closure: Any = None) -> Any:
            loss = closure() if closure is not None else None
            if rate is not None:
                set_rate(self, rate(self.iterations))
            _clip([p for group in self.param_groups for p in group["params"]], *clip)
            super().step()
            self.iterations += 1
            return loss

        def state_dict(self) -> dict[str, Any]:
            return {**super().state_dict(), "iterations": self.iterations}

        def load_state_dict(self, state: dict[str, Any]) -> None:
            super().load_state_dict(state)
            self.iterations = state.get("iterations", 0)

        def __reduce__(self) -> Any:
            return _new, (kind, rate, clip), self.__getstate__()

    Governed.__name__ = Governed.__qualname__ = kind.__name__
    return Governed


def _new(*parts: Any) -> Base:
    """One without its state, for pickle: its class is made anew."""
    kind: Any = governed(*parts)
    made: Base = kind.__new__(kind)
    return made


def _clip(parameters: list[Value], norm: float | None, value: float | None, whole: float | None) -> None:
    """Keras's three ways: by the norm of each variable, by the size of each number, by the norm of all."""
    if value is not None:
        clip_grad_value_(parameters, value)
    groups = [parameters] if whole is not None else []
    if norm is not None:
        groups = together(parameters)
        known = {p for group in groups for p in group}
        groups += [[p] for p in parameters if p not in known]
    for group in groups:
        size, most = length([p.grad for p in group if gradient_of(p) is not UNSET]), norm or whole or 0.0
        if size > most:
            for p in group:
                p.grad *= most / size


CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


class SGD(Optimizer):
    """Gradient descent with momentum."""

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        ahead = bool(nesterov) and momentum != 0  # without momentum Keras has nothing to look ahead with
        super().__init__(
            optim.SGD,
            (clipnorm, clipvalue, global_clipnorm),
            lr=learning_rate,
            momentum=momentum,
            nesterov=ahead,
        )


class Adam(Optimizer):
    """Adam in Keras's form: `epsilon` is added after the correction of the root."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        settings = {"lr": learning_rate, "betas": (beta_1, beta_2), "amsgrad": bool(amsgrad)}
        super().__init__(
            optim.Adam, (clipnorm, clipvalue, global_clipnorm), eps=epsilon, form="keras", **settings
        )


class AdamW(Optimizer):
    """`Adam` with weights that decay by themselves, past the means of the gradients."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        settings = {"lr": learning_rate, "weight_decay": weight_decay, "betas": (beta_1, beta_2)}
        super().__init__(
            optim.AdamW, (clipnorm, clipvalue, global_clipnorm), eps=epsilon, form="keras", **settings
        )


class RMSprop(Optimizer):
    """A running mean of squares, `epsilon` inside the root."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        settings = {"lr": learning_rate, "alpha": rho, "momentum": momentum, "eps": epsilon}
        super().__init__(
            optim.RMSprop,
            (clipnorm, clipvalue, global_clipnorm),
            centered=bool(centered),
            form="keras",
            **settings,
        )


class Adagrad(Optimizer):
    """A sum of squares that starts above 0, `epsilon` inside the root."""

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
    ) -> None:
        settings = {"lr": learning_rate, "initial_accumulator_value": initial_accumulator_value}
        super().__init__(
            optim.Adagrad, (clipnorm, clipvalue, global_clipnorm), eps=epsilon, form="keras", **settings
        )


OPTIMIZERS = {"sgd": SGD, "adam": Adam, "adamw": AdamW, "rmsprop": RMSprop, "adagrad": Adagrad}


def optimizer_of(given: Any) -> Any:
    """The optimiser that a name means, with Keras's defaults; all else as it is.

    Raises:
        ValueError: a name that is not known.
    """
    if not isinstance(given, str):
        return given
    return OPTIMIZERS[chosen_word("compile", "optimizer", given.lower(), OPTIMIZERS)]()


if not TYPE_CHECKING:  # a type checker would take every name for one that is there
    __getattr__ = refusing(__name__)
