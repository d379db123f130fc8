"""Keras's losses, penalties and first weights, by the names and in the formulas that they have there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import autograd as ag
from autograd.number import entries, is_list, listed
from autograd.settings import FROM_0, chosen_number, chosen_word
from nn.fit.checking_data import side_by_side
from nn.learning import init
from nn.learning import losses as formulas


def initializer(name: Any, owner: Any, setting: str) -> Callable[[Any], Any]:
    """The function that fills weights which a name, or a function of weights, means."""
    known: dict[str, Callable[[Any], Any]] = {
        "glorot_uniform": init.xavier_uniform_, "glorot_normal": init.xavier_normal_,
        "he_uniform": functools.partial(init.kaiming_uniform_, nonlinearity="relu"),
        "he_normal": functools.partial(init.kaiming_normal_, nonlinearity="relu"),
        "zeros": init.zeros_, "ones": init.ones_,
        "random_uniform": functools.partial(init.uniform_, a=-0.05, b=0.05),
        "random_normal": functools.partial(init.normal_, std=0.05),
    }  # fmt: skip
    return name if callable(name) else known[chosen_word(owner, setting, name, known)]


class Regularizer:
    """`l1 * sum(abs(w)) + l2 * sum(w**2)`, of all numbers of a kernel."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1: float = chosen_number(self, "l1", l1, FROM_0)
        self.l2: float = chosen_number(self, "l2", l2, FROM_0)

    def __call__(self, kernel: Any) -> Any:
        """The penalty as one Value."""
        ws = [w for _, w in entries(kernel)]
        return ag.sum([self.l1 * ag.abs(w) + self.l2 * ag.square(w) for w in ws])


def _clipped(p: Any) -> Any:
    return ag.clamp(p, 1e-7, 1 - 1e-7)  # Keras's epsilon


def _shares_loss(outputs: Any, targets: Any) -> Any:
    """Minus the logarithm of the target's share, the shares made to add up to 1 and clipped, as in Keras."""
    rows, wanted = ([outputs], [targets]) if not is_list(listed(outputs)[0]) else (outputs, targets)
    terms = []
    for row, target in zip(listed(rows), listed(wanted), strict=True):
        total = ag.sum(row)
        shares = list(target) if is_list(target) else [float(i == int(target)) for i in range(len(row))]
        terms.append(-ag.dot(shares, [ag.log(_clipped(p / total)) for p in row]))
    return ag.sum(terms) / len(terms)


def _yes_loss(outputs: Any, targets: Any) -> Any:
    both = formulas.pairs("binary_crossentropy", outputs, targets)
    logs = [(ag.log(_clipped(p)), ag.log1p(-_clipped(p)), t) for p, t in both]
    return ag.sum([-(t * yes) - (1 - t) * no for yes, no, t in logs]) / len(both)


class KerasLoss:
    """A loss in Keras's order: `loss(y_true, y_pred)`.

    Args:
        function: the same of `(outputs, targets)`.
        name: Keras's.
    """

    def __init__(self, function: Callable[[Any, Any], Any], name: str) -> None:
        self.function, self.name = function, name

    def __call__(self, y_true: Any, y_pred: Any) -> Any:
        """One Value."""
        if self.function is _shares_loss or self.function is formulas.cross_entropy:
            return self.function(y_pred, y_true)
        return self.function(*ours_beside(y_pred, y_true))

    def __repr__(self) -> str:
        return f"keras.losses.{self.name}"


def ours_beside(outputs: Any, targets: Any) -> tuple[Any, Any]:
    """Outputs and targets in one form, of one sample or of several."""
    outputs, targets = listed(outputs), listed(targets)
    if is_list(outputs) and not is_list(targets):
        return (outputs[0], targets) if len(outputs) == 1 else (outputs, targets)
    return side_by_side(outputs, targets) if is_list(outputs) and is_list(targets) else (outputs, targets)


LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mean_squared_error": formulas.mse, "mse": formulas.mse, "mean_absolute_error": formulas.mae,
    "mae": formulas.mae, "huber": formulas.huber, "binary_crossentropy": _yes_loss,
    "categorical_crossentropy": _shares_loss, "sparse_categorical_crossentropy": _shares_loss,
}  # fmt: skip


def _loss_class(name: str, function: Any, of_logits: Any = None) -> Callable[..., KerasLoss]:
    def make(from_logits: bool = False) -> KerasLoss:
        return KerasLoss(of_logits if from_logits and of_logits is not None else function, name)

    return make


losses = SimpleNamespace(
    MeanSquaredError=_loss_class("MeanSquaredError", formulas.mse),
    MeanAbsoluteError=_loss_class("MeanAbsoluteError", formulas.mae),
    BinaryCrossentropy=_loss_class("BinaryCrossentropy", _yes_loss, formulas.bce_with_logits),
    CategoricalCrossentropy=_loss_class("CategoricalCrossentropy", _shares_loss, formulas.cross_entropy),
    SparseCategoricalCrossentropy=_loss_class(
        "SparseCategoricalCrossentropy", _shares_loss, formulas.cross_entropy
    ),
    Huber=_loss_class("Huber", formulas.huber),
    **{name: KerasLoss(function, name) for name, function in LOSSES.items()},
)
regularizers = SimpleNamespace(
    L1=lambda l1=0.01: Regularizer(l1),
    L2=lambda l2=0.01: Regularizer(l2=l2),
    l1=lambda l1=0.01: Regularizer(l1),
    l2=lambda l2=0.01: Regularizer(l2=l2),
    L1L2=Regularizer,
)
