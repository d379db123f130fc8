"""PyTorch's losses as objects: `criterion = nn.MSELoss()`, then `criterion(prediction, target)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autograd.number import entries
from autograd.settings import ABOVE_0, FROM_0, SHARE, WHOLE, chosen_list, chosen_number, chosen_word
from nn.learning import losses
from nn.module import Module

if TYPE_CHECKING:
    from nn.learning.signatures import Labels, Numbers
    from nn.outputs import Result


class Loss(Module, losses.Configured):
    """A loss function with its settings.

    >>> MSELoss(reduction="sum")([1.0, 2.0], [0.0, 0.0])
    5.0
    """

    reductions: tuple[str, ...] = losses.REDUCTIONS

    def __init__(self, function: Callable[..., Any], **settings: Any) -> None:
        ranges = {"delta": ABOVE_0, "beta": FROM_0, "label_smoothing": SHARE, "ignore_index": WHOLE}
        for name, among in ranges.items():
            chosen_number(self, name, settings.get(name), among, none=True)
        given = settings.get("weight")
        if function in (losses.cross_entropy, losses.nll):  # one for each class; for others also a number
            given = chosen_list(self, "weight", given, none=True)
        for _, share in entries(() if given is None else given):
            chosen_number(self, "weight", share, FROM_0)
        chosen_word(self, "reduction", settings["reduction"], self.reductions)
        self.function, self.settings = function, settings

    def forward(self, prediction: Numbers, target: Labels) -> Result:
        """The loss as one Value, or a list of them with `reduction="none"`."""
        found: Result = self.function(prediction, target, **self.settings)
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={x!r}' for name, x in self.settings.items())})"


class MSELoss(Loss):
    """`nn.mse`."""

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(losses.mse, reduction=reduction)


class L1Loss(Loss):
    """`nn.mae`."""

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(losses.mae, reduction=reduction)


class HuberLoss(Loss):
    """`nn.huber`."""

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(losses.huber, reduction=reduction, delta=delta)


class SmoothL1Loss(Loss):
    """`nn.smooth_l1`."""

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(losses.smooth_l1, reduction=reduction, beta=beta)


class BCELoss(Loss):
    """`nn.bce`."""

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(losses.bce, reduction=reduction, **_given(weight=weight))


class BCEWithLogitsLoss(Loss):
    """`nn.bce_with_logits`."""

    def __init__(self, weight: Any = None, reduction: str = "mean", pos_weight: Any = None) -> None:
        if pos_weight is not None:
            losses.positive_weights(self, pos_weight)
        given = _given(weight=weight, pos_weight=pos_weight)
        super().__init__(losses.bce_with_logits, reduction=reduction, **given)


class CrossEntropyLoss(Loss):
    """`nn.cross_entropy`."""

    def __init__(
        self,
        weight: Sequence[float] | None = None,
        ignore_index: int | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        settings = {"reduction": reduction, "label_smoothing": label_smoothing}
        super().__init__(losses.cross_entropy, **settings, **_given(weight=weight, ignore_index=ignore_index))


class NLLLoss(Loss):
    """`nn.nll`."""

    def __init__(
        self, weight: Sequence[float] | None = None, ignore_index: int | None = None, reduction: str = "mean"
    ) -> None:
        super().__init__(losses.nll, reduction=reduction, **_given(weight=weight, ignore_index=ignore_index))


def _given(**settings: Any) -> dict[str, Any]:
    return {name: x for name, x in settings.items() if x is not None}


class KLDivLoss(Loss):
    """`nn.kl_div`."""

    reductions = (*losses.REDUCTIONS, "batchmean")

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(losses.kl_div, reduction=reduction, log_target=log_target)
