"""The audit: a recorded function beside its replay, ever more rarely, for what no recording sees.

State inside extension modules, files, other processes: a program cannot know that it changed. So the function
itself runs in place of the 1st, 2nd, 4th, 8th, ... replay of a program, twenty times in a million calls, and
beside a batch or a training at the 2^18th, 2^19th, ... sample and after callbacks.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from autograd.messages import say

FIRST = 2**18  # samples of batches and trainings until one is compared


class ReplayMismatch(RuntimeError):  # noqa: N818 - it names what was found, as a warning would
    """A replay gave another number than the function itself, after numbers had been served.

    Attributes:
        call: of the recorded function, from 1: in which it was found.
        since: the first call whose numbers are in doubt.
        why: what differs, with both numbers.
    """

    def __init__(self, message: str, call: int = 0, since: int = 0, why: str = "") -> None:
        super().__init__(message)
        self.call, self.since, self.why = call, since, why


class Moment(NamedTuple):
    """A call of a recorded function, and in a training the epoch, both from 1; 0 for none."""

    call: int = 0
    epoch: int = 0

    def __str__(self) -> str:
        return say("replay_epoch" if self.epoch else "replay_call", call=self.call, epoch=self.epoch)


class Audit:
    """When a recorded function is compared with itself, and what a comparison clears.

    Args:
        doubling: ever more rarely, whatever happens.
        every: in every so many calls too; 0 never.

    Attributes:
        call: of the recorded function, from 1.
        epoch: of the training that it runs, from 1; else 0.
        whole: whether a comparison here is at the end of its call, or of its epoch.
        epochs: how many the present training has.
        wanted: whether to compare at the next end of an epoch or a batch.
        made: comparisons of samples so far.
    """

    def __init__(self, doubling: bool = True, every: int = 0) -> None:
        self.doubling, self.every = doubling, every
        self.call, self.epoch, self.whole, self.epochs = 0, 0, True, 0
        self.wanted, self.made = False, 0
        self._samples, self._next = 0, FIRST if doubling else sys.maxsize
        self._callbacks = 0

    # -- where it is ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin another call."""
        self.call, self.epoch, self.whole = self.call + 1, 0, True

    def begin_many(self, epochs: int = 0) -> None:
        """A call for many samples: a batch, or a training."""
        self.call, self.epoch, self.whole, self.epochs = self.call + 1, min(epochs, 1), False, epochs
        self.wanted = self.wanted or (self.every > 0 and self.call % self.every == 0)

    def enter(self, epoch: int, whole: bool) -> None:
        """An epoch of a training; `whole` with its last update."""
        self.epoch, self.whole = epoch, whole

    @property
    def place(self) -> Moment:
        """Where the recorded function is now."""
        return Moment(self.call, self.epoch)

    @property
    def beyond(self) -> Moment:
        """The first place of which a comparison here says nothing."""
        if not self.whole:
            return self.place
        more = 0 < self.epoch < self.epochs
        return Moment(self.call, self.epoch + 1) if more else Moment(self.call + 1)

    # -- when to compare ------------------------------------------------------------------------------------

    def due(self, answers: int) -> bool:
        """Whether the function itself answers this call, which is a program's first, second, fourth, ..."""
        if self.doubling and not answers & (answers - 1):
            return True
        return self.every > 0 and self.call % self.every == 0

    @property
    def ahead(self) -> int:
        """The samples to be served up to the next that is compared."""
        return self._next - self._samples

    def serve(self, samples: int) -> bool:
        """So many more samples were served; whether one of the last is to be compared."""
        self._samples += samples
        due = self._samples >= self._next or (self.wanted and self.whole)
        while self._samples >= self._next:
            self._next *= 2
        self.made += due
        self.wanted = self.wanted and not due
        return due

    def called_back(self, times: int = 0) -> None:
        """Callbacks ran, for the `times`-th time in this training: what did they change?"""
        self._callbacks += 1
        again = is_power_of_two(self._callbacks) or (times > 1 and is_power_of_two(times))
        self.wanted = self.wanted or (self.doubling and again)


def is_power_of_two(number: int) -> bool:
    """Whether a number is one of 1, 2, 4, 8, ...

    >>> [n for n in range(20) if is_power_of_two(n)]
    [1, 2, 4, 8, 16]
    """
    return number > 0 and not number & (number - 1)
