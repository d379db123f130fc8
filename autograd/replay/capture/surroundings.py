"""What a function reads besides its arguments: globals, captured cells, attributes; noticed when it changes.

Seen are the names in the function's code, in that of Python functions it can reach, and what hangs on the
objects behind them: lists, dicts, attributes, down to Values, which are read anew at every call anyway.
"""

from __future__ import annotations

import functools
import io
import os
import random
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextvars import ContextVar
from itertools import chain
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    MemberDescriptorType,
    MethodWrapperType,
    ModuleType,
)
from typing import Any

from autograd.replay.capture.states import (
    GONE,
    PLAIN,
    as_it_was,
    asked,
    behind,
    difference,
    drawn,
    same,
    slot_of,
    state,
)
from autograd.value import Value

MOST = 3_000_000  # objects looked at; what has more is compared by `check_every`
NUMBERS_AND_TEXT = {int, float, complex, str, bytes, bool, type(None)}
OWN = {"autograd", "nn", "numpy", "numba"}
SHOWING = {"__repr__", "__str__", "__init_subclass__", "__reduce__"}  # whose code says nothing about a loss


class Surroundings:
    """A picture of what a function reads, to be compared later.

    `problem` says why nobody can tell whether something changed (an iterator among the globals, say).
    """

    def __init__(self, roots: Sequence[Any]) -> None:
        self.problem = ""
        self.names: list[tuple[Any, Any, Any]] = []  # (namespace, name, what it held)
        self.containers: list[tuple[Any, Any]] = []  # (container, copy)
        self.empty: list[dict[Any, Any]] = []  # plain dicts that held nothing, as most functions' own do
        self.states: list[tuple[Callable[[], Any], Any, str]] = []  # (how to ask, the answer, what it is)
        self.slots: list[tuple[Any, Any, Any]] = []  # (object, descriptor of __slots__, what it held)
        self.functions: list[tuple[FunctionType, Any, Any]] = []  # (function, its code, its defaults)
        self.values: set[int] = set()  # the ids of the Values that can be reached
        self.mentions: set[str] = set()  # the names in all code that can be reached
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
        if isinstance(x, FunctionType):
            self._look_at_function(x, pending)
        elif isinstance(x, (list, set, dict, deque)):
            self.containers.append((x, x.copy()))
            pending += self._worth_a_look(x.values() if isinstance(x, dict) else x)
            pending += [y for y in x if y.__class__ is not str] if isinstance(x, dict) else []
            self._look_at_attributes(x, pending)
        elif isinstance(x, (tuple, frozenset)):
            pending += self._worth_a_look(x)
        elif isinstance(x, type):
            self._look_at_class(x, pending)
        elif behind(x) is not None:
            pending += behind(x) or ()
        elif isinstance(x, random.SystemRandom):
            self.problem = "it can reach a random generator of the operating system"
        elif asked(x) is not None:
            ask = functools.partial(state, x)
            self.states.append((ask, ask(), asked(x) or ""))
            pending += [x.get(None)] if isinstance(x, ContextVar) else []
        elif isinstance(x, io.IOBase):
            if x.readable():
                self.problem = f"it can reach an open file ({getattr(x, 'name', '')}), which nobody follows"
        elif hasattr(type(x), "__next__"):
            self.problem = f"it can reach an iterator ({type(x).__name__}), whose state nobody sees"
        elif not isinstance(x, (ModuleType, BuiltinFunctionType, MethodWrapperType)):
            pending.append(type(x))
            self._look_at_attributes(x, pending)

    def _look_at_class(self, x: type, pending: list[Any]) -> None:
        if is_foreign(x.__module__):
            if x.__module__ == "decimal":
                self._look_at_decimals()
            return
        held = vars(x)
        pending += x.__mro__[1:]
        self._look_at_names(held, [n for n in held if not n.startswith("__")], pending)
        for value in held.values():
            if isinstance(value, property):
                pending += [value.fget, value.fset]
            elif isinstance(value, (staticmethod, classmethod)):
                pending.append(value.__func__)
            else:
                pending.append(value)

    def _look_at_decimals(self) -> None:
        from decimal import getcontext

        def context() -> Any:
            now = getcontext()
            return now.prec, now.rounding, now.Emin, now.Emax, now.capitals, now.clamp

        self.states.append((context, context(), "the context of decimals"))

    def _worth_a_look(self, xs: Collection[Any]) -> Iterable[Any]:
        """A collection, or nothing where it holds only plain numbers, rows of them, or Values."""
        kinds = set(map(type, xs))
        if kinds == {tuple}:
            kinds = set(map(type, chain.from_iterable(xs)))
        elif kinds == {Value}:
            self.values.update(map(id, xs))
            return ()
        return () if kinds <= NUMBERS_AND_TEXT else xs

    def _look_at_attributes(self, x: Any, pending: list[Any]) -> None:
        if hasattr(x, "__dict__"):
            held = vars(x)
            if held.__class__ is dict and not held:
                self.empty.append(held)
            else:
                self.containers.append((held, dict(held)))
            pending += vars(x).values()
        for kind in type(x).__mro__:
            for slot in [d for d in vars(kind).values() if isinstance(d, MemberDescriptorType)]:
                if not is_foreign(kind.__module__):
                    held = slot_of(x, slot)
                    self.slots.append((x, slot, held))
                    pending.append(held)

    def _look_at_function(self, x: FunctionType, pending: list[Any]) -> None:
        if is_foreign(x.__module__):
            return
        self.functions.append((x, x.__code__, x.__defaults__))
        self._look_at_attributes(x, pending)
        pending += [*(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values()]
        modules: list[ModuleType] = []
        for cell in x.__closure__ or ():
            try:
                held = cell.cell_contents
            except ValueError:  # not assigned yet
                continue
            self.names.append((cell, None, held))
            (modules if isinstance(held, ModuleType) else pending).append(held)
        found = [name for code in _codes(x.__code__) for name in code.co_names]
        names = dict.fromkeys(name for name in found if name[0] != "@")  # pytest's own, in an assert
        if x.__name__ not in SHOWING:
            self.mentions |= names.keys()
        space = x.__globals__
        self._look_at_names(space, [n for n in names if n in space], pending)
        modules += [space[n] for n in names if isinstance(space.get(n), ModuleType)]
        modules += [sys.modules[n] for n in names if n in sys.modules]  # imported inside the function
        self._look_at_modules(modules, names, pending)

    def _look_at_modules(self, modules: list[Any], names: dict[str, None], pending: list[Any]) -> None:
        """What the code may read from modules: attributes that it names, and plain ones by any name."""
        done: set[int] = set()
        while modules:
            module = modules.pop()
            if id(module) in done:
                continue
            done.add(id(module))
            held = vars(module)
            if module is os:
                pending.append(os.environ)
            found = [n for n in names if n in held]
            if is_foreign(module.__name__):
                found = [n for n in found if not callable(held[n])]
            else:
                named = set(found)
                found += [n for n, y in held.items() if isinstance(y, PLAIN) and n not in named]
            inner = [n for n in found if isinstance(held[n], ModuleType)]
            modules += [held[n] for n in inner if not is_foreign(held[n].__name__)]
            self._look_at_names(held, [n for n in found if not n.startswith("__")], pending)
            if module.__name__ == "decimal":
                self._look_at_decimals()
            if module.__name__ in ("numpy", "numpy.random") and "random" in {*names, module.__name__[6:]}:
                generator = sys.modules["numpy.random"].mtrand._rand  # the one behind numpy.random.rand
                ask = functools.partial(drawn, generator)
                self.states.append((ask, ask(), "numpy's random numbers"))

    def _look_at_names(self, space: Any, names: Sequence[str], pending: list[Any]) -> None:
        for name in names:
            self.names.append((space, name, space[name]))
            pending.append(space[name])

    def changed(self) -> str:
        """What is not as it was, in words; "" when all is."""
        for space, name, held in self.names:
            now = space.cell_contents if name is None else space.get(name, GONE)
            if now is not held and not same(now, held):
                return "a captured variable" if name is None else f"{name}"
        for x, slot, held in self.slots:
            now = slot_of(x, slot)
            if now is not held and not same(now, held):
                return f"a {type(x).__name__} that it reads (its {slot.__name__!r})"
        filled: list[tuple[Any, Any]] = [(x, {}) for x in self.empty if x]
        for container, copy in chain(filled, self.containers):
            if not as_it_was(container, copy):
                return f"a {type(container).__name__} that it reads" + difference(container, copy)
        for ask, answer, what in self.states:
            if ask() != answer:
                return what
        for function, code, defaults in self.functions:
            now = function.__defaults__
            if function.__code__ is not code or (now is not defaults and not _alike(now, defaults)):
                return f"the function {function.__name__}"
        return ""


def _alike(now: Any, then: Any) -> bool:
    return now is not None and then is not None and as_it_was(now, then)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A code object and those of the functions and comprehensions inside it."""
    pending = [code]
    while pending:
        one = pending.pop()
        yield one
        pending += [inner for inner in one.co_consts if isinstance(inner, CodeType)]


def is_foreign(module: str | None) -> bool:
    """Whether a module is the standard library's or one of ours, whose globals no recording needs."""
    top = (module or "").split(".")[0]
    return top in OWN or (top in sys.stdlib_module_names and top != "__main__")
