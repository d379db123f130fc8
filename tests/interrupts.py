"""An interrupt at a counted moment, in place of an alarm that rings some milliseconds later.

A moment is where Python lets a signal in: a function of this library begins, or something written in C that
it called has ended. Where a program is interrupted depends on nothing but the count, whatever the load.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGES = tuple(str(ROOT / name) for name in ("autograd", "nn"))


@cache
def _ours(code: CodeType) -> bool:
    ends = code.co_name == "<genexpr>"  # being closed looks as if it began
    return code.co_filename.startswith(PACKAGES) and not ends


@contextmanager
def interrupted_at(moment: int) -> Iterator[list[int]]:
    """Raise KeyboardInterrupt at a moment within, counted from 0; yields how many there were so far."""
    count, before = [0], sys.getprofile()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event in ("call", "c_return") and _ours(frame.f_code):
            if count[0] == moment:
                raise KeyboardInterrupt
            count[0] += 1

    sys.setprofile(watch)
    try:
        yield count
    finally:
        sys.setprofile(before)


def moments_in(call: Callable[[], Any]) -> int:
    """How many moments a call has."""
    with interrupted_at(-1) as count:
        call()
    return count[0]
