"""Whether the body of a recorded function runs right now: other recorded functions in it are part of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

INSIDE: ContextVar[bool] = ContextVar("autograd_inside_recorded", default=False)


@contextmanager
def inside() -> Iterator[None]:
    """Run the body of a recorded function."""
    token = INSIDE.set(True)
    try:
        yield
    finally:
        INSIDE.reset(token)
