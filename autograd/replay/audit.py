"""The audit: a recorded function beside its replay, ever more rarely, for what no recording sees.

State inside extension modules, files, other processes: a program cannot know that it changed. So the function
itself runs in place of the 1st, 2nd, 4th, 8th, ... replay of a program, twenty times in a million calls, and
beside a batch or a training at the 2^18th, 2^19th, ... sample and after callbacks.
"""

from __future__ import annotations

from typing import NamedTuple

from autograd.messages import say


class ReplayMismatch(RuntimeError):  # noqa: N818 - it names what was found, as a warning would
    """A replay gave another number than the function itself, after numbers had been served.

    Attributes:
        call: of the recorded function, from 1: in which it was found.
        since: the first call whose numbers are in doubt.
    """

    def __init__(self, message: str, call: int = 0, since: int = 0) -> None:
        super().__init__(message)
        self.call, self.since = call, since


class Place(NamedTuple):
    """A call of a recorded function, and in a training the epoch, both from 1; 0 for none."""

    call: int = 0
    epoch: int = 0

    def __str__(self) -> str:
        return say("replay_epoch" if self.epoch else "replay_call", call=self.call, epoch=self.epoch)


class Audit:
    """When a recorded function is compared with itself.

    Args:
        doubling: ever more rarely, whatever happens.
        every: in every so many calls too; 0 never.

    Attributes:
        place: where the recorded function is now.
    """

    def __init__(self, doubling: bool = True, every: int = 0) -> None:
        self.doubling, self.every = doubling, every
        self.place = Place()

    def begin(self) -> None:
        """Another call."""
        self.place = Place(self.place.call + 1)

    def due(self, served: int) -> bool:
        """Whether the function itself answers this call, the `served`-th of one program."""
        return (self.doubling and is_power_of_two(served)) or self.asked()

    def asked(self) -> bool:
        """Whether this call is one of every so many."""
        return self.every > 0 and self.place.call % self.every == 0


def is_power_of_two(number: int) -> bool:
    """Of 1, 2, 4, 8, ...

    >>> [n for n in range(20) if is_power_of_two(n)]
    [1, 2, 4, 8, 16]
    """
    return number > 0 and not number & (number - 1)
