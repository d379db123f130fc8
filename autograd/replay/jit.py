"""`compiled`: Numba's njit with its cache where Numba is installed, the plain function where it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def have_numba() -> bool:
    """Whether Numba can be imported; nothing is compiled by asking."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def compiled(function: Function) -> Function:
    """The function, native where possible. For loops over arrays that must run without Numba too."""
    if not have_numba():
        return function
    from numba import njit

    return njit(cache=True)(function)  # type: ignore[no-any-return]  # Numba has no types of its own
