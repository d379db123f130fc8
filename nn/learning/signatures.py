"""What type checkers know of losses: Values give a Value, plain numbers a float, `reduction="none"` a list.

A loss wears one of the decorators at the end; at run time they hand the function on as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, cast, overload

from autograd import Number, Value

if TYPE_CHECKING:  # aliases with names that exist for checkers alone
    Mean: TypeAlias = Literal["mean", "sum"]
    Alone: TypeAlias = Literal["none"]
    Values: TypeAlias = Value | Iterable[Value] | Iterable[Iterable[Value]]
    Floats: TypeAlias = float | Iterable[float] | Iterable[Iterable[float]]
    Numbers: TypeAlias = Number | Iterable[Number] | Iterable[Iterable[Number]]
    Rows: TypeAlias = Iterable[Value] | Iterable[Iterable[Value]]
    FloatRows: TypeAlias = Iterable[float] | Iterable[Iterable[float]]
    Labels: TypeAlias = Number | Iterable[Any]


class OfNumbers(Protocol):
    """A loss of predictions and targets: numbers, lists, or nested lists of one shape."""

    @overload
    def __call__(
        self, prediction: Values, target: Numbers, reduction: Mean = ..., **settings: float
    ) -> Value: ...
    @overload
    def __call__(
        self, prediction: Floats, target: Floats, reduction: Mean = ..., **settings: float
    ) -> float: ...
    @overload
    def __call__(
        self, prediction: Numbers, target: Numbers, reduction: Alone, **settings: float
    ) -> list[Any]: ...
    @overload
    def __call__(
        self, prediction: Numbers, target: Numbers, reduction: str = ..., **settings: float
    ) -> Any: ...


class OfLogits(Protocol):
    """A loss of raw scores, one for each share of "yes"."""

    @overload
    def __call__(
        self, logits: Values, target: Numbers, reduction: Mean = ..., pos_weight: Any = ...
    ) -> Value: ...
    @overload
    def __call__(
        self, logits: Floats, target: Floats, reduction: Mean = ..., pos_weight: Any = ...
    ) -> float: ...
    @overload
    def __call__(
        self, logits: Numbers, target: Numbers, reduction: Alone, pos_weight: Any = ...
    ) -> list[Any]: ...
    @overload
    def __call__(
        self, logits: Numbers, target: Numbers, reduction: str = ..., pos_weight: Any = ...
    ) -> Any: ...


class OfClasses(Protocol):
    """A loss of a row of scores and a class, or of several of both."""

    @overload
    def __call__(
        self,
        logits: Rows,
        target: Labels,
        reduction: Mean = ...,
        label_smoothing: float = ...,
        weight: Sequence[float] | None = ...,
        ignore_index: int | None = ...,
    ) -> Value: ...
    @overload
    def __call__(
        self,
        logits: FloatRows,
        target: Labels,
        reduction: Mean = ...,
        label_smoothing: float = ...,
        weight: Sequence[float] | None = ...,
        ignore_index: int | None = ...,
    ) -> float: ...
    @overload
    def __call__(
        self,
        logits: Rows | FloatRows,
        target: Labels,
        reduction: str = ...,
        label_smoothing: float = ...,
        weight: Sequence[float] | None = ...,
        ignore_index: int | None = ...,
    ) -> Any: ...


def of_numbers(function: Callable[..., Any]) -> OfNumbers:
    """`function` as it is, with the types of a loss of numbers."""
    return cast(OfNumbers, function)


def of_logits(function: Callable[..., Any]) -> OfLogits:
    """`function` as it is, with the types of a loss of raw scores."""
    return cast(OfLogits, function)


def of_classes(function: Callable[..., Any]) -> OfClasses:
    """`function` as it is, with the types of a loss of classes."""
    return cast(OfClasses, function)
