"""What this thread is at: running the body of a recorded function, and which recording writes it down.

A function that is recorded or called as it is has its thread for itself, whatever contexts it enters.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Here(threading.local):
    """What one thread does: whether it runs a body, of which other functions are part, and its recording."""

    body = False
    run: Any = None


HERE = Here()


@contextmanager
def inside() -> Iterator[None]:
    """Run the body of a recorded function."""
    before = HERE.body
    try:
        try:
            HERE.body = True
            yield
        finally:
            HERE.body = before
    finally:  # again, where an interrupt hit that line
        HERE.body = before
