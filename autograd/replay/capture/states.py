"""What single objects held, asked again later: generators, arrays, context variables, containers."""

from __future__ import annotations

import functools
import gc
import random
import threading
import weakref
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from operator import is_
from types import (
    BuiltinFunctionType,
    FunctionType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)
from typing import Any

from autograd.messages import say
from autograd.replay.capture.mentions import is_foreign

PLAIN = (int, float, complex, str, bytes, bool, type(None), range)
PLAIN_TYPES = frozenset(PLAIN)
NUMPY = {"numpy", "numpy.random._generator", "numpy.random.mtrand", "numpy.ma"}
GONE = object()


def same(now: Any, held: Any) -> bool:
    """Whether two plain things are one: 0.0 and -0.0 are two, 1 and True too."""
    kind = type(now)
    if kind is not type(held) or not (kind in PLAIN_TYPES or kind.__module__ == "numpy"):
        return False
    if not isinstance(now, PLAIN):
        return False
    return repr(now) == repr(held) if isinstance(now, (float, complex)) else bool(now == held)  # 0.0, -0.0


def slot_of(x: Any, slot: MemberDescriptorType) -> Any:
    """What stands in a slot; None when nothing does."""
    try:
        return slot.__get__(x)
    except AttributeError:  # not assigned yet
        return None


def slots_of(kind: type) -> list[MemberDescriptorType]:
    """The slots of a class and its bases, but for those of libraries."""
    return [
        slot
        for one in kind.__mro__
        if not is_foreign(one.__module__)
        for slot in vars(one).values()
        if isinstance(slot, MemberDescriptorType)
    ]


def is_module(x: Any) -> bool:
    """Whether it is one itself; what a weak proxy stands for may be gone."""
    return issubclass(type(x), ModuleType)


def defaults_of(function: Any) -> int:
    """Which dict the defaults of named arguments are in."""
    return id(function.__kwdefaults__)


def is_empty(cell: Any) -> bool:
    """Whether a captured variable holds nothing yet."""
    try:
        cell.cell_contents  # noqa: B018 - raises where nothing is there
    except ValueError:
        return True
    return False


def is_alive(proxy: Any) -> bool:
    """Whether the object behind a weak proxy is still there."""
    try:
        proxy.__class__  # noqa: B018 - asks the object
    except ReferenceError:
        return False
    return True


def parts(x: Any) -> list[Any]:
    """What an object itself holds, but for its attributes in a `__dict__`."""
    held = [slot_of(x, slot) for slot in slots_of(type(x))]
    if isinstance(x, FunctionType):
        held += [x.__code__, *(x.__defaults__ or ())]
    elif isinstance(x, dict):
        held += [*x, *x.values()]
    elif isinstance(x, (list, set, deque)):
        held += x
    elif asked(x) is not None:
        held.append(repr(state(x)))
    return held


def as_it_was(now: Any, then: Any) -> bool:
    """Whether a container holds what its copy holds; 1, 1.0 and True are three things."""
    if len(now) != len(then):
        return False
    if now.__class__ is list and all(map(is_, now, then)):
        return True
    if isinstance(now, (set, frozenset)):
        return equal(now, then)
    if isinstance(now, dict):
        if not all(map(is_, now, then)) and [*now] != [*then]:
            return False
        now, then = now.values(), then.values()
    return all(map(is_, now, then)) or all(x is y or same(x, y) for x, y in zip(now, then))


def equal(now: Any, then: Any) -> bool:
    """Equality that arrays do not refuse."""
    try:
        return bool(now == then)
    except ValueError:  # another array stands where one stood
        return False


def difference(now: Any, then: Any) -> str:
    """The key under which two dicts differ, for a message."""
    if isinstance(now, dict):
        for name in now:
            if name not in then or (now[name] is not then[name] and not equal(now[name], then[name])):
                return f" (its {name!r})"
    return ""


def behind(x: Any) -> Sequence[Any] | None:
    """What calling or reading a thin wrapper leads to; None for what is no such wrapper."""
    if isinstance(x, MethodType):
        return [x.__self__, x.__func__]
    if isinstance(x, functools.partial):
        return [x.func, x.args, x.keywords]
    if isinstance(x, (BuiltinFunctionType, MethodWrapperType)):
        return [] if isinstance(x.__self__, ModuleType) else [x.__self__]
    if isinstance(x, MappingProxyType):
        return gc.get_referents(x)
    if getattr(
        type(x), "is_recorded_function", False
    ):  # a recorded function: inside another one it is the function itself
        return [x.function]
    if getattr(type(x), "is_training", False):  # arrays and counts of its own, which no function reads
        return []
    return None


def asked(x: Any) -> str | None:
    """The name of a thing with a state that can be asked for; None for others."""
    if isinstance(x, random.Random) or (type(x).__module__ in NUMPY and hasattr(x, "bit_generator")):
        return say("changed_generator")
    if isinstance(x, ContextVar):
        return say("changed_context", name=x.name)
    if isinstance(x, threading.local):
        return say("changed_thread")
    if isinstance(x, weakref.finalize):
        return say("changed_finalizer")
    if isinstance(x, (array, bytearray)) or (type(x).__module__ in NUMPY and hasattr(x, "tobytes")):
        return say("changed_array")
    return None


def held_by(x: Any) -> Sequence[Any]:
    """The objects that a thing with a state leads to."""
    if isinstance(x, threading.local):
        return [type(x), *vars(x).values()]
    return [x.get(None)] if isinstance(x, ContextVar) else []


def unchanged(array: Any, then: Any) -> bool:
    """Whether a NumPy array has every bit of its copy."""
    if array.shape != then.shape or array.dtype != then.dtype:
        return False
    if array.itemsize == 8 and array.flags.c_contiguous and then.flags.c_contiguous:
        return not (array.view("u8") != then.view("u8")).any()  # no copy is made, unlike below
    return bool(array.tobytes() == then.tobytes())


def question(x: Any) -> tuple[Callable[[], Any], Any]:
    """How to ask a thing that `asked` knows what it holds, and its answer now."""
    if type(x).__name__ == "ndarray" and not x.dtype.hasobject:
        return functools.partial(unchanged, x, x.copy()), True
    return functools.partial(state, x), state(x)


def drawn(generator: Any) -> Any:
    """What numpy's older generators have come to."""
    kind, key, *rest = generator.get_state()
    return kind, key.tobytes(), rest


def state(x: Any) -> Any:
    """What a thing that `asked` knows holds now, to be compared."""
    if isinstance(x, random.Random):
        return x.getstate()
    if isinstance(x, ContextVar):
        held = x.get(None)
        return (type(held), held) if isinstance(held, PLAIN) else id(held)
    if isinstance(x, threading.local):  # this thread's
        return [(name, type(y), y if isinstance(y, PLAIN) else id(y)) for name, y in vars(x).items()]
    if isinstance(x, weakref.finalize):
        return x.alive
    if isinstance(x, bytearray):
        return bytes(x)
    if hasattr(x, "bit_generator"):
        return str(x.bit_generator.state)
    if getattr(getattr(x, "dtype", None), "hasobject", False):
        return [id(y) for y in x.ravel().tolist()]
    return x.tobytes()
