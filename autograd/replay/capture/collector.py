"""Python's garbage collector, paused while graphs are recorded."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_entering = Lock()
_paused, _was_on = 0, False


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector (the last to leave, of several threads, restores it).

    A graph has no cycles, and looking through a million new nodes for them
    again and again costs more than making them.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    global _paused, _was_on
    with _entering:
        _paused += 1
        if _paused == 1:
            _was_on = gc.isenabled()
            gc.disable()
    try:
        yield
    finally:
        with _entering:
            _paused -= 1
            if not _paused and _was_on:
                gc.enable()
