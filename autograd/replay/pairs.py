"""What a recorded function returns beside its loss: `record(f, has_aux=True)`, JAX's word for it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd.value import Value


class WithAux(tuple[Any, ...]):
    """A pair (loss, aux): the first is differentiated, the second comes along."""

    __slots__ = ()


def with_aux(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that returns pairs (loss, aux), its results marked as such.

    Raises (when called):
        TypeError: it returned something else.
    """

    @functools.wraps(function)
    def marked(*args: Any, **kwargs: Any) -> WithAux:
        result = function(*args, **kwargs)
        if not (isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], Value)):
            raise TypeError(
                "record(f, has_aux=True) needs a function that returns a pair, the loss (one Value) and what "
                f"else is wanted; this one returned {type(result).__name__}. Write `return loss, more`"
            )
        return WithAux(result)

    return marked


def first_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function without what comes along."""

    @functools.wraps(function)
    def loss_alone(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)[0]

    return loss_alone


def loss_in(result: Any) -> Value | None:
    """The Value to differentiate in what a function returned; None when there is no single one."""
    if result.__class__ is WithAux:
        return result[0]  # type: ignore[no-any-return]  # a Value, as `with_aux` made sure
    return result if isinstance(result, Value) else None
