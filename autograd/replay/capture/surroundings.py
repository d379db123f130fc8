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
import weakref
from collections import deque
from collections.abc import Collection, Container, Iterable, Sequence
from itertools import chain
from types import BuiltinFunctionType, FunctionType, MethodWrapperType, ModuleType
from typing import Any

from autograd.messages import say
from autograd.replay.capture.mentions import (
    BY_TEXT,
    IDENTITY,
    IMPORTING,
    WHOLE,
    Mentioned,
    Read,
    home,
    is_foreign,
    mentioned,
)
from autograd.replay.capture.result import RESULT
from autograd.replay.capture.snapshot import Snapshot, Space
from autograd.replay.capture.states import (
    PLAIN,
    PLAIN_TYPES,
    asked,
    behind,
    defaults_of,
    drawn,
    held_by,
    is_alive,
    is_empty,
    is_module,
    parts,
    question,
    slot_of,
    slots_of,
)
from autograd.value import Value

MOST = 3_000_000  # objects looked at; what has more is compared by `check_every`
NUMBERS_AND_TEXT = {int, float, complex, str, bytes, bool, type(None)}
SHOWING = {"__repr__", "__str__", "__init_subclass__", "__reduce__"}  # whose code says nothing about a loss
ABOUT = {  # what a class says about itself, some of it only when asked
    "__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__abstractmethods__",
    "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__", "__firstlineno__",
    "__static_attributes__", "__orig_bases__", "__parameters__", "__match_args__",
}  # fmt: skip
WEAK = (weakref.ref, weakref.ProxyType, weakref.CallableProxyType)
BUILT_IN = {list, set, dict, tuple, frozenset, deque}


class Surroundings(Snapshot):
    """A picture of what a function reads, to be compared later.

    `problem` says why nobody can tell whether something changed (an iterator among the globals, say).
    What stands behind a weak reference is looked at, and dies as it would.
    """

    def __init__(self, roots: Sequence[Any]) -> None:
        super().__init__()
        self.problem = ""
        self.values: set[int] = set()  # the ids of the Values that can be reached
        self.mentions: set[str] = set()  # the names in all code that can be reached
        self.texts: set[str] = set()  # of these, the ones that stand there as texts
        self._of_values: list[Value] = []
        self._modules: list[ModuleType] = []
        self._absent: dict[int, set[str]] = {}
        self._seen: set[int] = set()
        self._keep: list[Any] = []
        self._look_at_all(list(roots))
        known = -1
        while known != len(self.mentions):  # what hangs on Values, as far as some code may read it
            known = len(self.mentions)
            self.read = Read(self.mentions, self.texts)
            self._look_at_all([x for value in self._of_values for x in self.read.of(value).values()])
        self._look_at_attributes_of_values()

    @property
    def alike(self) -> Container[int]:
        """The ids of objects with a name, of which some code may ask whether an argument is this very one."""
        if IDENTITY.isdisjoint(self.mentions):
            return frozenset()
        dicts = [copy.values() for _, copy in self.containers if copy.__class__ is dict]
        named = [held for _, held in self.cells], [entry[2] for entry in (*self.names, *self.slots)]
        return {id(x) for x in chain(*named, *dicts)}

    def knows(self, objects: Sequence[Any]) -> bool:
        """Whether these objects were looked at."""
        return all(id(x) in self._seen or id(x) in self.values for x in objects)

    def _look_at_all(self, pending: list[Any]) -> None:
        while (pending or self._modules) and not self.problem:
            if len(self._seen) > MOST:
                self.problem = say("runs_too_much", most=MOST)
            elif pending:
                self._look(pending.pop(), pending)
            else:  # modules that hang on objects: what may be read there is known by now
                self._look_at_modules([self._modules.pop()], self.mentions, pending)

    def _look(self, x: Any, pending: list[Any]) -> None:
        kind = type(x)
        if issubclass(kind, Value):
            self.values.add(id(x))
            self._of_values.append(x)
            if x.a is not None and x.op is not RESULT:
                self.problem = say("runs_computed_before")
            if kind is not Value:
                pending.append(kind)
                self._look_at_slots(x, pending)
        elif kind not in PLAIN_TYPES and id(x) not in self._seen and x is not sys.modules:
            if issubclass(kind, PLAIN) and kind.__module__ == "numpy":  # a number like any other
                return
            self._seen.add(id(x))
            self._keep.append(x)
            if issubclass(kind, WEAK):
                self._look_through(x, pending)
            else:
                self._hold(x)
                self._look_inside(x, pending)

    def _look_through(self, reference: Any, pending: list[Any]) -> None:
        """What stands behind a weak reference."""
        if not issubclass(type(reference), weakref.ref):  # a proxy, which shows its object to nobody
            alive = is_alive(reference)
            self.states.append((functools.partial(is_alive, reference), alive, say("changed_weak")))
            if alive:
                pending.append(reference.__class__)
                self._look_at_attributes(reference, pending)
            return
        x = reference()
        if isinstance(reference, weakref.WeakMethod) and x is not None:
            pending.append(x.__func__)
            x = x.__self__
            reference = weakref.ref(x)
        if isinstance(x, Value):
            self.problem = say("runs_weak")
        elif x is not None:
            self.weak.append((reference, parts(x)))
            if id(x) not in self._seen:
                self._seen.add(id(x))
                self._look_inside(x, pending)

    def _hold(self, x: Any) -> None:
        """What an object itself holds: this keeps it alive."""
        if isinstance(x, FunctionType):
            self.functions.append((x, x.__code__, x.__defaults__))
        elif isinstance(x, (list, set, dict, deque)):
            self.containers.append((x, x.copy()))
        elif asked(x) is not None and not isinstance(x, random.SystemRandom):
            self.states.append((*question(x), asked(x) or ""))
        self.slots += [(x, slot, slot_of(x, slot)) for slot in slots_of(type(x))]

    def _look_at_slots(self, x: Value, pending: list[Any]) -> None:
        """Look at the slots of a class of Values of one's own."""
        held = [(x, slot, slot_of(x, slot)) for slot in slots_of(type(x))]
        self.slots += held
        pending += [y for _, _, y in held]

    def _look_inside(self, x: Any, pending: list[Any]) -> None:  # noqa: C901 - one branch per kind of object
        """What an object leads to."""
        kind = type(x)
        if isinstance(x, FunctionType):
            self._look_at_function(x, pending)
        elif isinstance(x, type):
            self._look_at_class(x, pending)
        elif isinstance(x, (list, set, dict, deque, tuple, frozenset)):
            pending += self._worth_a_look(x.values() if isinstance(x, dict) else x)
            pending += [y for y in x if y.__class__ is not str] if isinstance(x, dict) else []
            if kind not in BUILT_IN:
                pending.append(kind)
                self._look_at_attributes(x, pending)
        elif behind(x) is not None:
            pending += behind(x) or ()
        elif isinstance(x, random.SystemRandom):
            self.problem = say("runs_os_random")
        elif asked(x) is not None:
            pending += held_by(x)
        elif isinstance(x, io.IOBase):
            if x.readable():
                self.problem = say("runs_file", name=getattr(x, "name", ""))
        elif hasattr(kind, "__next__"):
            self.problem = say("runs_iterator", kind=kind.__name__)
        elif is_module(x):
            self._modules.append(x)
        elif not isinstance(x, (BuiltinFunctionType, MethodWrapperType)):
            pending.append(kind)
            self._look_at_attributes(x, pending)

    def _look_at_class(self, x: type, pending: list[Any]) -> None:
        held = vars(x)
        functions = [y for y in held.values() if isinstance(y, FunctionType)]
        if is_foreign(x.__module__) and all(is_foreign(home(y)) for y in functions):
            if x.__module__ == "decimal":
                self._look_at_decimals()
            return
        pending += x.__mro__[1:]
        self._look_at_names(held, [n for n in held if n not in ABOUT], pending)
        self.sizes.append((held, len(held), x.__qualname__))
        for value in held.values():
            if isinstance(value, property):
                pending += [value.fget, value.fset]
            elif isinstance(value, (staticmethod, classmethod)):
                pending.append(value.__func__)

    def _look_at_decimals(self) -> None:
        from decimal import getcontext

        def context() -> Any:
            now = getcontext()
            return now.prec, now.rounding, now.Emin, now.Emax, now.capitals, now.clamp

        self.states.append((context, context(), say("changed_decimals")))

    def _worth_a_look(self, xs: Collection[Any]) -> Iterable[Any]:
        """A collection, or nothing where it holds only plain numbers, rows of them, or Values."""
        kinds = set(map(type, xs))
        if kinds == {tuple}:
            kinds = set(map(type, chain.from_iterable(xs)))
        elif kinds == {Value}:
            self.values.update(map(id, xs))
            self._of_values += xs
            if any(x.a is not None and x.op is not RESULT for x in xs):
                self.problem = say("runs_computed_before")
            return ()
        return () if kinds <= NUMBERS_AND_TEXT else xs

    def _look_at_attributes(self, x: Any, pending: list[Any]) -> None:
        if hasattr(x, "__dict__"):
            held = vars(x)
            if held.__class__ is dict and not held:
                self.empty.append(held)
            else:
                self.containers.append((held, dict(held)))
            pending += held.values()
        pending += [slot_of(x, slot) for slot in slots_of(type(x))]

    def _look_at_attributes_of_values(self) -> None:
        for value in dict.fromkeys(self._of_values):
            held = self.read.of(value)
            if self.read.all:
                self.containers.append((value.__dict__, held))
                continue
            absent = self.read.by_default - held.keys()
            if held or absent:
                self.attributes.append((value.__dict__, held, absent))
        self._of_values = []

    def _look_at_function(self, x: FunctionType, pending: list[Any]) -> None:
        self._look_at_attributes(x, pending)
        if x.__kwdefaults__:
            self.containers.append((x.__kwdefaults__, dict(x.__kwdefaults__)))
            ask = functools.partial(defaults_of, x)
            self.states.append((ask, ask(), f"the function {x.__name__}"))
        pending += [*(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values()]
        modules: list[ModuleType] = []
        for cell in x.__closure__ or ():
            try:
                held = cell.cell_contents
            except ValueError:  # not assigned yet
                self.states.append((functools.partial(is_empty, cell), True, say("changed_variable")))
                continue
            self.cells.append((cell, held))
            (modules if is_module(held) else pending).append(held)
        code, space = mentioned(x.__code__), x.__globals__
        if is_foreign(home(x)):  # its globals need no look; a wrapper has what it wraps in a cell
            self._look_at_modules(modules, code.names, pending)
            return
        names, looked_up = dict.fromkeys(code.names), code.spaces  # an attribute's name is no global's
        if not BY_TEXT.isdisjoint(names):
            names.update(dict.fromkeys(sorted(code.texts)))
            looked_up = code.spaces | code.texts
            self.texts |= code.texts
        if x.__name__ not in SHOWING:
            self.mentions |= names.keys()
        found = [n for n in names if n in looked_up and n in space]
        self._look_at_names(space, found, pending)
        self._may_appear(space, code.spaces)
        modules += [space[n] for n in found if is_module(space[n])]
        modules += self._imported(code, space)
        self._look_at_modules(modules, names, pending)

    def _imported(self, code: Mentioned, space: Space) -> list[ModuleType]:
        """The modules that a function imports, by statement or by a text; those still to come are awaited."""
        names = set(code.imports)
        if not IMPORTING.isdisjoint(code.names):
            texts = [x for x in map(space.get, code.names) if type(x) is str]
            named = [x for x in (*code.texts, *texts) if x in sys.modules]
            if not named and "modules" not in code.names:
                self.problem = say("runs_imports")
            names.update(named)
        package = space.get("__package__")
        if package and names:  # `from . import x`
            names |= {package, *[f"{package}.{name}" for name in (*names, *code.names) if name]}
        self._may_appear(sys.modules, names)
        own = [n for n in sorted(names) if n in sys.modules and not is_foreign(n)]
        self.names += [(sys.modules.get, n, sys.modules[n]) for n in own]  # another may come
        return [sys.modules[name] for name in sorted({*names, *code.names}) if name in sys.modules]

    def _may_appear(self, space: Space, names: Collection[str]) -> None:
        """Names that are not in a namespace: until they are."""
        if id(space) not in self._absent:
            self._absent[id(space)] = set()
            self.absent.append((space.keys(), self._absent[id(space)]))
        self._absent[id(space)].update(name for name in names if name not in space)

    def _look_at_modules(self, modules: list[Any], names: Iterable[str], pending: list[Any]) -> None:
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
            elif WHOLE.isdisjoint(names):
                named = set(found)
                found += [n for n, y in held.items() if isinstance(y, PLAIN) and n not in named]
                self._may_appear(held, ["__getattr__", *[n for n in names if n[:2] != "__"]])
                if not BY_TEXT.isdisjoint(names):
                    self.sizes.append((held, len(held), module.__name__))
            else:
                found = [*held]
                self.sizes.append((held, len(held), module.__name__))
            inner = [n for n in found if is_module(held[n])]
            modules += [held[n] for n in inner if not is_foreign(held[n].__name__)]
            self._look_at_names(held, [n for n in found if n[:2] != "__"], pending)
            if not is_foreign(module.__name__) and "__getattr__" in held:
                self._look_at_names(held, ["__getattr__"], pending)
            if module.__name__ == "decimal":
                self._look_at_decimals()
            if module.__name__ in ("numpy", "numpy.random") and "random" in {*names, module.__name__[6:]}:
                generator = sys.modules["numpy.random"].mtrand._rand  # the one behind numpy.random.rand
                ask, what = functools.partial(drawn, generator), say("changed_numpy")
                if what not in {known for *_, known in self.states}:  # which takes its time to tell
                    self.states.append((ask, ask(), what))

    def _look_at_names(self, space: Any, names: Sequence[str], pending: list[Any]) -> None:
        self.names += [(space.get, name, space[name]) for name in names]
        pending += [space[name] for name in names]
