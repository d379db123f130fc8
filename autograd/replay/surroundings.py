"""What a function reads besides its arguments: globals, captured cells, attributes; noticed when it changes.

Seen are the names in the function's code, in that of Python functions it can reach, and what hangs on the
objects behind them: lists, dicts, attributes, down to Values, which are read anew at every call anyway.
"""

from __future__ import annotations

import random
import sys
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from operator import is_
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

from autograd.value import Value

MOST = 3_000_000  # objects looked at; what has more is compared by `check_every`
PLAIN = (int, float, complex, str, bytes, bool, type(None), range, BuiltinFunctionType)
OWN = {"autograd", "nn", "numpy", "numba"}


class Surroundings:
    """A picture of what a function reads, to be compared later.

    `problem` says why nobody can tell whether something changed (an iterator among the globals, say).
    """

    def __init__(self, roots: Sequence[Any]) -> None:
        self.problem = ""
        self.names: list[tuple[Any, Any, Any]] = []  # (namespace, name, what it held)
        self.containers: list[tuple[Any, Any]] = []  # (container, copy)
        self.generators: list[tuple[Any, Any]] = []  # (random generator, its state)
        self.slots: list[tuple[Any, Any, Any]] = []  # (object, descriptor of __slots__, what it held)
        self.values: set[int] = set()  # the ids of the Values that can be reached
        self._seen: set[int] = set()
        self._keep: list[Any] = []
        pending: list[Any] = list(roots)
        while pending and not self.problem:
            if len(self._seen) > MOST:
                self.problem = f"more than {MOST:,} objects hang on what it reads"
            self._look(pending.pop(), pending)

    def knows(self, objects: Sequence[Any]) -> bool:
        """Whether these objects were looked at."""
        return all(id(x) in self._seen for x in objects)

    def _look(self, x: Any, pending: list[Any]) -> None:  # noqa: C901 - one branch per kind of object
        if isinstance(x, Value):
            self.values.add(id(x))
            return
        if isinstance(x, PLAIN) or id(x) in self._seen:
            return
        self._seen.add(id(x))
        self._keep.append(x)
        if isinstance(x, MethodType):
            pending += [x.__self__, x.__func__]
        elif isinstance(x, FunctionType):
            self._look_at_function(x, pending)
        elif isinstance(x, (list, set, dict, deque)):
            self.containers.append((x, x.copy()))
            pending += [*x.values()] if isinstance(x, dict) else [*x]
            self._look_at_attributes(x, pending)
        elif isinstance(x, (tuple, frozenset)):
            pending += [y for y in x if not isinstance(y, PLAIN)]
        elif isinstance(x, random.Random):
            self.generators.append((x, x.getstate()))
        elif isinstance(x, type):
            if _is_foreign(x.__module__):
                return
            pending += [value for value in vars(x).values() if not isinstance(value, FunctionType)]
            self._look_at_names(vars(x), [n for n in vars(x) if not n.startswith("__")], pending)
            pending += [value for value in vars(x).values() if isinstance(value, FunctionType)]
        elif isinstance(x, (array, bytearray)):
            self.generators.append((x, _state(x)))
        elif hasattr(x, "__next__"):
            self.problem = f"it can reach an iterator ({type(x).__name__}), whose state nobody sees"
        elif type(x).__module__ == "numpy":
            self._look_at_numpy(x)
        elif not isinstance(x, ModuleType):
            pending.append(type(x))
            self._look_at_attributes(x, pending)

    def _look_at_attributes(self, x: Any, pending: list[Any]) -> None:
        if hasattr(x, "__dict__"):
            self.containers.append((vars(x), dict(vars(x))))
            pending += vars(x).values()
        for kind in type(x).__mro__:
            for slot in [d for d in vars(kind).values() if isinstance(d, MemberDescriptorType)]:
                if not _is_foreign(kind.__module__):
                    held = _slot(x, slot)
                    self.slots.append((x, slot, held))
                    pending.append(held)

    def _look_at_numpy(self, x: Any) -> None:
        if hasattr(x, "bit_generator"):
            self.generators.append((x, str(x.bit_generator.state)))
        elif hasattr(x, "tobytes"):
            self.generators.append((x, x.tobytes()))

    def _look_at_function(self, x: FunctionType, pending: list[Any]) -> None:
        if _is_foreign(x.__module__):
            return
        pending += [*(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values()]
        for cell in x.__closure__ or ():
            try:
                held = cell.cell_contents
            except ValueError:  # not assigned yet
                continue
            self.names.append((cell, None, held))
            pending.append(held)
        names = [name for code in _codes(x.__code__) for name in code.co_names]
        space = x.__globals__
        self._look_at_names(space, [n for n in dict.fromkeys(names) if n in space], pending)
        for module in [space[n] for n in names if isinstance(space.get(n), ModuleType)]:
            if not _is_foreign(module.__name__):
                found = [n for n in names if n in vars(module)]
                self._look_at_names(vars(module), found, pending)

    def _look_at_names(self, space: Any, names: list[str], pending: list[Any]) -> None:
        for name in names:
            self.names.append((space, name, space[name]))
            pending.append(space[name])

    def changed(self) -> str:
        """What is not as it was, in words; "" when all is."""
        for space, name, held in self.names:
            now = space.cell_contents if name is None else space.get(name, _GONE)
            if now is not held and not _same(now, held):
                return "a captured variable" if name is None else f"{name}"
        for x, slot, held in self.slots:
            now = _slot(x, slot)
            if now is not held and not _same(now, held):
                return f"a {type(x).__name__} that it reads (its {slot.__name__!r})"
        for container, copy in self.containers:
            if not _as_it_was(container, copy):
                return f"a {type(container).__name__} that it reads" + _difference(container, copy)
        for generator, state in self.generators:
            if _state(generator) != state:
                return "a random generator or an array"
        return ""


_GONE = object()


def _same(now: Any, held: Any) -> bool:
    if type(now) is not type(held) or not isinstance(now, PLAIN):
        return False
    return repr(now) == repr(held) if isinstance(now, (float, complex)) else bool(now == held)  # 0.0, -0.0


def _slot(x: Any, slot: MemberDescriptorType) -> Any:
    try:
        return slot.__get__(x)
    except AttributeError:  # not assigned yet
        return None


def _as_it_was(now: Any, then: Any) -> bool:
    """Whether a container holds what its copy holds; 1, 1.0 and True are three things."""
    if len(now) != len(then):
        return False
    if isinstance(now, (set, frozenset)):
        return _equal(now, then)
    if isinstance(now, dict):
        if not all(map(is_, now, then)) and [*now] != [*then]:
            return False
        now, then = now.values(), then.values()
    return all(map(is_, now, then)) or all(x is y or _same(x, y) for x, y in zip(now, then))


def _equal(now: Any, then: Any) -> bool:
    try:
        return bool(now == then)
    except ValueError:  # another array stands where one stood
        return False


def _difference(now: Any, then: Any) -> str:
    if isinstance(now, dict):
        for name in now:
            if name not in then or (now[name] is not then[name] and not _equal(now[name], then[name])):
                return f" (its {name!r})"
    return ""


def _state(x: Any) -> Any:
    if isinstance(x, random.Random):
        return x.getstate()
    if isinstance(x, bytearray):
        return bytes(x)
    return str(x.bit_generator.state) if hasattr(x, "bit_generator") else x.tobytes()


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and those of the functions and comprehensions inside it."""
    pending = [code]
    while pending:
        one = pending.pop()
        yield one
        pending += [inner for inner in one.co_consts if isinstance(inner, CodeType)]


def _is_foreign(module: str | None) -> bool:
    """Whether a module is the standard library's or one of ours, whose globals no recording needs."""
    top = (module or "").split(".")[0]
    return top in OWN or (top in sys.stdlib_module_names and top != "__main__")
