"""Python's garbage collector, paused while graphs are built: they hold no cycles that it could find."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_entering = RLock()  # an interrupt may leave it to its thread
_pausing: set[object] = set()
_was_on = False


def _pause(entry: object) -> None:
    global _was_on
    with _entering:
        if not _pausing:
            _was_on = gc.isenabled()
        _pausing.add(entry)
        gc.disable()


def _resume(entry: object) -> None:
    with _entering:
        if _was_on and _pausing <= {entry}:
            gc.enable()
        _pausing.discard(entry)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector (the last to leave, of several threads, restores it).

    A graph has no cycles, and looking through a million new nodes for them
    again and again costs more than making them.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    entry = object()
    try:
        try:
            _pause(entry)
            yield
        finally:
            _resume(entry)
    finally:
        if entry in _pausing:  # an interrupt hit that line
            _resume(entry)
