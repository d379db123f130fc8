"""What whoever waits for kernels is told on standard error: that they are compiled, which, and how long.

A terminal gets a line that moves on, a file or a notebook one line at the beginning and one at the end of
what took long.
"""

from __future__ import annotations

import sys
import time
from threading import Event, Thread

TEXT = "autograd: compiling the replay kernels, once on this machine"
LONG = 5.0  # seconds after which it is said how long it took
PAUSE = 0.5


class Compiling:
    """The kernels of one process, one after the other; `missing` says how many are not there yet."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.seconds = 0.0  # in finished kernels
        self._began = 0.0
        self._done = Event()

    def begin(self, name: str, missing: int) -> None:
        """A kernel is compiled from here on, the first of so many that are missing."""
        self.names.append(name)
        self._began, self._done = time.perf_counter(), Event()
        if sys.stderr.isatty():
            total = len(self.names) - 1 + max(1, missing)
            Thread(target=self._move_on, args=(self._done, total), daemon=True).start()
        elif len(self.names) == 1:
            print(f"{TEXT} ...", file=sys.stderr)  # noqa: T201 - whoever waits is told why

    def end(self) -> None:
        """The kernel is there."""
        self._done.set()
        took = time.perf_counter() - self._began
        self.seconds += took
        if took > LONG:
            where = "\r" + " " * 100 + "\r" if sys.stderr.isatty() else ""
            text = f"{where}autograd: {len(self.names)} kernels compiled in {self.seconds:.0f} s"
            print(text, file=sys.stderr)  # noqa: T201 - the same

    def _move_on(self, done: Event, total: int) -> None:
        while not done.wait(PAUSE):
            part = (len(self.names) - 1) / total
            bar = "#" * round(20 * part)
            seconds = self.seconds + time.perf_counter() - self._began
            sys.stderr.write(f"\r{TEXT} [{bar:<20}] {seconds:.0f} s, {self.names[-1]:<16}")
            sys.stderr.flush()


OF_THIS_PROCESS = Compiling()
