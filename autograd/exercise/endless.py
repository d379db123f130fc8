"""A learner's code that does not end is ended: after so many of its lines, not after some time.

It has a file of its own since answers and engines are both run under it, and nothing else knows of tracing.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from autograd.modes import is_library

STANDARD = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib")})
PACKAGES = "site-packages", "dist-packages"  # of this environment, of the system, of the user
MOST = 5_000_000  # lines; ten times what the longest check takes


class EndlessError(BaseException):
    """Ends code that goes on and on; no `except Exception` of the learner's holds it up."""


@contextmanager
def ended(most: int = MOST) -> Iterator[None]:
    """Count the lines that run outside installed packages, and end them after `most`.

    Raises:
        EndlessError: so many lines have run.

    >>> with ended(1000):
    ...     print("a few lines are no matter")
    a few lines are no matter
    """
    count = 0

    def watch(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001 - as Python calls it
        nonlocal count
        if event == "line":
            count += 1
            if count > most:
                raise EndlessError
        return watch

    def enter(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001 - as above
        mine = is_library(frame.f_globals.get("__name__", ""))
        return None if mine or _is_installed(frame.f_code.co_filename) else watch

    before = sys.gettrace()
    try:
        sys.settrace(enter)
        yield
    finally:
        sys.settrace(before)


def _is_installed(file: str) -> bool:
    """What compiles for a minute is no code of a learner's."""
    return file.startswith(STANDARD) or any(name in file for name in PACKAGES)
