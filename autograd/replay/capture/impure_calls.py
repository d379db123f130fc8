"""Noticing that a function asks the world: clocks, files, the operating system, names looked up by text.

What such a call answers may be another thing next time, and no picture of the function's surroundings holds
it. While a plain run is compared with its program, every call of a C function passes by here.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from functools import cache
from types import CodeType, FrameType
from typing import Any

from autograd.messages import say
from autograd.replay.capture.mentions import is_foreign

HANDING = {
    "threading": ("Thread.start", "Condition.wait", "Condition.notify"),
    "concurrent.futures.thread": ("ThreadPoolExecutor.submit",),
    "concurrent.futures.process": ("ProcessPoolExecutor.submit",),
    "multiprocessing.pool": ("Pool.apply_async", "Pool._map_async", "Pool.imap", "Pool.imap_unordered"),
    "multiprocessing.process": ("BaseProcess.start",),
    "multiprocessing.connection": ("_ConnectionBase.send", "_ConnectionBase.recv"),
    "multiprocessing.queues": ("Queue.put", "Queue.get"),
}


@cache
def _askers() -> dict[Any, str]:
    """C functions that answer differently at another time, and what they ask."""
    import _thread
    import datetime
    import io
    import os
    import time

    clocks = [
        "time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time",
        "process_time_ns", "thread_time", "thread_time_ns", "localtime", "gmtime", "ctime",
    ]  # fmt: skip
    found: dict[Any, str] = {getattr(time, name): "does_clock" for name in clocks if hasattr(time, name)}
    for now in (
        datetime.datetime.now,
        datetime.datetime.utcnow,
        datetime.datetime.today,
        datetime.date.today,
    ):
        found[now] = "does_clock"
    found.update({open: "does_open", io.open: "does_open", input: "does_ask"})
    for name in ("open", "stat", "listdir", "scandir", "getcwd", "urandom", "getpid", "getloadavg", "read"):
        found[getattr(os, name)] = "does_system"
    starters = ("start_new_thread", "start_new", "start_joinable_thread", "_start_joinable_thread")
    found.update({getattr(_thread, n): "does_start_thread" for n in starters if hasattr(_thread, n)})
    found.update({os.fork: "does_start_process"} if hasattr(os, "fork") else {})
    found.update({globals: "does_look_up", eval: "does_run_text", exec: "does_run_text"})
    return found


def _handing() -> Iterator[CodeType]:
    """The code of Python's own functions by which threads pass work to others, as far as they are loaded."""
    for module, names in HANDING.items():
        for name in names:
            function: Any = sys.modules.get(module)
            for part in name.split("."):
                function = getattr(function, part, None)
            if function is not None:
                yield function.__code__


class ImpureCalls:
    """Looks at the C functions that this thread calls; `asked` says what was found, with its line."""

    def __init__(self) -> None:
        self.asked = ""
        self._mine = self._collecting = False

    def __enter__(self) -> ImpureCalls:
        """Begin to look, from the next line on."""
        if sys.getprofile() is None:  # else somebody is measuring
            self._known, self._mine, self._collecting = _askers(), True, gc.isenabled()
            self._handing = {id(code) for code in _handing()}
            gc.disable()  # whose callbacks may read clocks, in the middle of anything
            sys.setprofile(self._look)
        return self

    def __exit__(self, *_: Any) -> None:
        try:
            self._end()
        finally:
            self._end()  # again, where an interrupt hit that line

    def _end(self) -> None:
        if self._mine:
            sys.setprofile(None)
        if self._collecting:
            gc.enable()

    def _look(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called in self._known and not self.asked:
            does = say(self._known[called])
            self.asked = say("runs_by", does=does, function=called.__name__, line=_line(frame))
        elif event == "call" and id(frame.f_code) in self._handing and not self.asked:
            self.asked = say("runs_thread", function=frame.f_code.co_name, line=_line(frame))


def _line(frame: FrameType) -> str:
    """The innermost line outside libraries."""
    at: FrameType | None = frame
    while at is not None and is_foreign(at.f_globals.get("__name__", "")):
        at = at.f_back
    at = at or frame
    return f"{at.f_code.co_filename}:{at.f_lineno}"
