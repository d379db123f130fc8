"""While a function that mentions `.grad` is recorded: reading or writing one makes the run unfit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from autograd.replay.capture.recording import CURRENT
from autograd.value import Value

GRAD = Value.__dict__["grad"]  # the slot itself
_LOCK = RLock()
_installed = 0


@contextmanager
def grads_watched(wanted: bool) -> Iterator[None]:
    """Exchange `Value.grad` for a property, in any thread; only recordings notice."""
    global _installed
    if not wanted:
        yield
        return
    with _LOCK:
        _installed += 1
        if _installed == 1:
            setattr(Value, "grad", property(_read, _write))  # noqa: B010 - mypy knows `grad` as a float
    try:
        yield
    finally:
        with _LOCK:
            _installed -= 1
            if not _installed:
                setattr(Value, "grad", GRAD)  # noqa: B010 - as above


def _read(self: Value) -> Any:
    _refuse("it reads .grad")
    return GRAD.__get__(self)


def _write(self: Value, x: Any) -> None:
    _refuse("it assigns to .grad")
    GRAD.__set__(self, x)


def _refuse(why: str) -> None:
    run = CURRENT.get()
    if run is not None and not sys._getframe(2).f_globals.get("__name__", "").startswith("autograd."):
        run.refuse(why)
