"""`compiled`: Numba's njit with its cache where Numba is installed, the plain function where it is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

LARGE = 50_000  # nodes from which on a compiled loop is worth loading
Function = TypeVar("Function", bound=Callable[..., Any])


def have_numba() -> bool:
    """Whether Numba can be imported; nothing is compiled by asking."""
    from importlib.util import find_spec

    return find_spec("numba") is not None


def have_numpy() -> bool:
    """Whether NumPy is installed (asked without importing it); without it, replay runs in plain Python."""
    from importlib.util import find_spec

    return find_spec("numpy") is not None


def compiled(function: Function) -> Function:
    """The function, native where possible. For loops over arrays that must run without Numba too."""
    return cached(function, allocates=True) if have_numba() else function


natively = cache(compiled)  # a loop that is compiled when a graph is large enough for it


def cached(function: Function, allocates: bool = False) -> Function:
    """The function compiled by Numba, kept on disk for other processes where there is a place to write.

    Numba counts the references to each array at each call inside a kernel, by locked instructions that cost
    more than a small program's arithmetic. What makes no arrays of its own does without (`_nrt`, which the
    functions that it calls inherit).

    Args:
        function: what to compile.
        allocates: whether it makes arrays.
    """
    from numba import njit

    from autograd.replay.kernel_cache import KernelCache, warn_not_kept

    options = {} if allocates else {"_nrt": False}
    kernel = njit(**options)(function)
    try:
        kernel._cache = KernelCache(function, options)
    except (RuntimeError, OSError) as problem:  # no directory that may be written to, or no source to read
        warn_not_kept(str(problem))
    return kernel  # type: ignore[no-any-return]  # Numba has no types of its own


def is_compiled(kernel: Any) -> bool:
    """Whether this machine has compiled the kernel before, so that it is loaded in less than a second."""
    holds = getattr(kernel._cache, "holds_any", None)  # without a cache, each process compiles
    return holds is not None and holds()
