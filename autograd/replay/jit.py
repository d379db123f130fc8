"""`compiled`: Numba's njit with its cache where Numba is installed, the plain function where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import FunctionType
from typing import Any, TypeVar

LARGE = 50_000  # nodes from which on a compiled loop is worth loading
ADDRESSES: dict[Any, Any] = {}  # what is in use by its address, kept alive
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


SHORT = 10_000  # numbers that a loop in plain Python does in the time it takes to load a compiled one
MANY = 500_000  # and in the time it takes to compile it


def suited(function: Function, numbers: int) -> Function:
    """A `compiled` loop as it stands, or in plain Python where it is done before it would be there.

    Args:
        function: the loop.
        numbers: so many it has to go through.
    """
    if numbers >= MANY or not have_numba() or (numbers >= SHORT and is_compiled(function)):
        return function
    return _in_python(function)  # type: ignore[no-any-return]  # Numba has no types of its own


@contextmanager
def all_compiled() -> Iterator[None]:
    """Have no loop done in plain Python."""
    global MANY
    before, MANY = MANY, 0
    try:
        yield
    finally:
        MANY = before


@cache
def _in_python(function: Any) -> Any:
    """The Python function of a compiled one; what it calls is in Python too."""
    plain, called = function.py_func, {}
    for name in plain.__code__.co_names:
        if hasattr(plain.__globals__.get(name), "py_func"):
            called[name] = _in_python(plain.__globals__[name])
    return FunctionType(
        plain.__code__, {**plain.__globals__, **called}, plain.__name__, plain.__defaults__, plain.__closure__
    )


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

    options = {"no_cfunc_wrapper": True} if allocates else {"no_cfunc_wrapper": True, "_nrt": False}
    kernel = njit(**options)(function)
    try:
        kernel._cache = KernelCache(function, options)
    except (RuntimeError, OSError) as problem:  # no directory that may be written to, or no source to read
        warn_not_kept(str(problem))
    return kernel  # type: ignore[no-any-return]  # Numba has no types of its own


def addresses_of(
    functions: Sequence[Any], signature: Any, options: dict[str, Any], source: str = ""
) -> dict[Any, int]:
    """For each function the address of its machine code: kernels that call it are compiled without it.

    Args:
        functions: plain or wrapped by `njit`.
        signature: of all of them.
        options: how they are compiled.
        source: of functions that stand in no module.
    """
    found = {}
    for function in functions:
        if function not in ADDRESSES:
            ADDRESSES[function] = _kernel_at(function, signature, options, source)
        found[function] = ADDRESSES[function].address
    return found


def _kernel_at(function: Any, signature: Any, options: dict[str, Any], source: str) -> Any:
    from numba.core.ccallback import CFunc

    from autograd.replay.kernel_cache import KernelCache, warn_not_kept

    plain = getattr(function, "py_func", function)
    kernel: Any = CFunc(plain, (signature.args, signature.return_type), {}, options)
    try:
        kernel._cache = KernelCache(plain, {**options, "source": source})
    except (RuntimeError, OSError) as problem:
        warn_not_kept(str(problem))
    kernel.compile()
    return kernel


def is_compiled(kernel: Any) -> bool:
    """Whether this machine has compiled the kernel before, so that it is loaded in less than a second."""
    holds = getattr(kernel._cache, "holds_any", None)  # without a cache, each process compiles
    return holds is not None and holds()
