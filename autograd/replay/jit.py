"""`compiled`: Numba's njit with its cache where Numba is installed, the plain function where it is not."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

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

    counting = {} if allocates else {"_nrt": False}
    try:
        kernel = njit(cache=True, **counting)(function)
    except RuntimeError as problem:  # Numba found no directory that it may write to
        _warn_not_kept(str(problem))
        return njit(**counting)(function)  # type: ignore[no-any-return]  # Numba has no types of its own
    save = kernel._cache.save_overload

    def save_or_warn(signature: Any, data: Any) -> None:
        try:
            save(signature, data)
        except OSError as problem:  # the disk is full, or no longer writable
            _warn_not_kept(str(problem))

    kernel._cache.save_overload = save_or_warn
    # Numba looks at the function's own file alone; a kernel is made of its neighbours' code too
    file = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    if file is not None and hasattr(file, "_source_stamp"):
        file._source_stamp = (file._source_stamp, *_stamps())
    return kernel  # type: ignore[no-any-return]  # as above


@cache
def _warn_not_kept(problem: str) -> None:
    warnings.warn(
        f"the replay kernels cannot be kept on disk and are compiled anew in each process ({problem}); "
        "set NUMBA_CACHE_DIR to a directory that can be written to",
        RuntimeWarning,
        stacklevel=3,
    )


@cache
def _stamps() -> tuple[tuple[str, float, int], ...]:
    """What tells one state of this folder's source from another."""
    stats = [(path.name, path.stat()) for path in sorted(Path(__file__).parent.rglob("*.py"))]
    return tuple((name, stat.st_mtime, stat.st_size) for name, stat in stats)


def is_compiled(kernel: Any) -> bool:
    """Whether this machine has compiled the kernel before, so that it is loaded in less than a second."""
    try:
        return any(Path(kernel._cache.cache_path).glob(f"*{kernel.__name__}-*.nbi"))
    except (AttributeError, OSError):  # no cache, or another Numba's
        return False


def tell_of_first_use(kernel: Any) -> None:
    """One line on standard error before the first compilation on this machine."""
    if not is_compiled(kernel):
        text = "autograd: compiling the replay kernels, once on this machine: half a minute ..."
        print(text, file=sys.stderr)  # noqa: T201 - whoever waits is told why


def warm() -> float:
    """Compile all kernels now, or load them; returns the seconds it took: `python -m autograd warm`.

    Raises:
        ImportError: Numba is not installed.
    """
    import time

    from autograd.replay.capture.journal import LARGE
    from autograd.replay.function import Recorded
    from autograd.value import Value

    if not have_numba():
        raise ImportError('replay is compiled by Numba: pip install "scalar-autograd[fast]"')
    begin = time.perf_counter()
    w = Value(1.0)

    def long(x: Any) -> Any:  # large programs have loops of their own
        y = w * x
        for _ in range(LARGE):
            y = y + x
        return y

    for function in (lambda x: w * x if w > 0 else w, lambda x: w * x, long):
        recorded = Recorded(function, [w], "numba", 0)
        number = 0.0
        while not recorded.replays:
            number += 1.0
            recorded(number)
    w.grad = 0.0
    return time.perf_counter() - begin
