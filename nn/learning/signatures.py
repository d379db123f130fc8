"""What type checkers know of losses: Values give a Value, plain numbers a float, `reduction="none"` a list.

A loss wears one of the decorators at the end; at run time they let it say which keywords it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar, cast, overload

from autograd import Number, Value
from nn.keywords import told

if TYPE_CHECKING:  # aliases with names that exist for checkers alone
    Mean: TypeAlias = Literal["mean", "sum"]
    Alone: TypeAlias = Literal["none"]
    Of = TypeVar("Of", Value, float)  # one of the two, and no overloads: what Any gives is Any
    Rows: TypeAlias = Iterable[Of] | Iterable[Iterable[Of]]
    Numbers: TypeAlias = Number | Iterable[Number] | Iterable[Iterable[Number]]
    Labels: TypeAlias = Number | Iterable[Any]


class OfNumbers(Protocol):
    """A loss of predictions and targets: numbers, lists, or nested lists of one shape."""

    @overload
    def __call__(
        self,
        prediction: Of | Rows[Of],
        target: Numbers,
        reduction: Mean = ...,
        *,
        weight: Any = ...,
        **settings: float,
    ) -> Of: ...
    @overload
    def __call__(
        self, prediction: Numbers, target: Numbers, reduction: Alone, *, weight: Any = ..., **settings: float
    ) -> list[Any]: ...
    @overload
    def __call__(
        self, prediction: Numbers, target: Numbers, reduction: str, *, weight: Any = ..., **settings: float
    ) -> Any: ...


class OfLogits(Protocol):
    """A loss of raw scores, one for each share of "yes"."""

    @overload
    def __call__(
        self,
        logits: Of | Rows[Of],
        target: Numbers,
        reduction: Mean = ...,
        pos_weight: Any = ...,
        weight: Any = ...,
    ) -> Of: ...
    @overload
    def __call__(
        self, logits: Numbers, target: Numbers, reduction: Alone, pos_weight: Any = ..., weight: Any = ...
    ) -> list[Any]: ...
    @overload
    def __call__(
        self, logits: Numbers, target: Numbers, reduction: str, pos_weight: Any = ..., weight: Any = ...
    ) -> Any: ...


class OfClasses(Protocol):
    """A loss of a row of scores and a class, or of several of both."""

    @overload
    def __call__(
        self,
        logits: Rows[Of],
        target: Labels,
        reduction: Mean = ...,
        label_smoothing: float = ...,
        weight: Sequence[float] | None = ...,
        ignore_index: int | None = ...,
    ) -> Of: ...
    @overload
    def __call__(
        self,
        logits: Rows[Of],
        target: Labels,
        reduction: str,
        label_smoothing: float = ...,
        weight: Sequence[float] | None = ...,
        ignore_index: int | None = ...,
    ) -> Any: ...


def of_numbers(function: Callable[..., Any]) -> OfNumbers:
    """`function` as `told` has it, with the types of a loss of numbers."""
    return cast(OfNumbers, told(function))


def of_logits(function: Callable[..., Any]) -> OfLogits:
    """`function` as `told` has it, with the types of a loss of raw scores."""
    return cast(OfLogits, told(function))


def of_classes(function: Callable[..., Any]) -> OfClasses:
    """`function` as `told` has it, with the types of a loss of classes."""
    return cast(OfClasses, told(function))
