"""A picture of what a function reads: what each thing held, and whether it still does."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, KeysView, Mapping, Sequence
from itertools import chain
from operator import is_
from types import FunctionType
from typing import Any

from autograd.messages import say
from autograd.replay.capture.states import GONE, as_it_was, difference, parts, same, slot_of

Space = Mapping[Any, Any]
MANY = 256  # objects in lists from which on a compiled loop compares them


class Snapshot:
    """What namespaces and objects held, by kind of thing; compared before every replay."""

    def __init__(self) -> None:
        self.cells: list[tuple[Any, Any]] = []  # (captured variable, what it held)
        self.names: list[tuple[Callable[..., Any], Any, Any]] = []  # (how to look up, name, what it held)
        self.absent: list[tuple[KeysView[Any], set[str]]] = []  # (a namespace, names that may appear in it)
        self.sizes: list[tuple[Space, int, str]] = []  # namespaces in which any new name matters
        self.containers: list[tuple[Any, Any]] = []  # (container, copy)
        self.empty: list[dict[Any, Any]] = []  # plain dicts that held nothing, as most functions' own do
        self.states: list[tuple[Callable[[], Any], Any, str]] = []  # (how to ask, the answer, what it is)
        self.slots: list[tuple[Any, Any, Any]] = []  # (object, descriptor of __slots__, what it held)
        self.functions: list[tuple[FunctionType, Any, Any]] = []  # (function, its code, its defaults)
        self.weak: list[tuple[weakref.ref[Any], list[Any]]] = []  # (reference, what the object itself held)
        self.attributes: list[tuple[dict[str, Any], dict[str, Any], set[str]]] = []  # of Values
        self._sorted = 0  # containers, into lists, plain dicts and others
        self._lists, self._dicts, self._others = Lists([]), Dicts([]), list[tuple[Any, Any]]()

    def changed(self) -> str:  # noqa: C901 - one loop per kind of entry
        """What is not as it was, in words; "" when all is."""
        try:
            for cell, held in self.cells:
                now = cell.cell_contents
                if now is not held and not same(now, held):
                    return say("changed_variable")
        except ValueError:  # deleted
            return say("changed_variable")
        for look_up, name, held in self.names:
            now = look_up(name, GONE)
            if now is not held and not same(now, held):
                return f"{name}"
        for present, names in self.absent:
            if not present.isdisjoint(names):
                return say("changed_new", name=min(names & present))
        for space, size, what in self.sizes:
            if len(space) != size:
                return say("changed_names", what=what)
        for x, slot, held in self.slots:
            now = slot_of(x, slot)
            if now is not held and not same(now, held):
                return say("changed_slot", kind=type(x).__name__, name=repr(slot.__name__))
        if len(self.containers) != self._sorted:
            self._sort_containers()
        for container, copy in (*self._others, *self._dicts.changed(), *self._lists.changed()):
            if not as_it_was(container, copy):
                return say("changed_container", kind=type(container).__name__) + difference(container, copy)
        for container in self.empty:
            if container:
                return say("changed_container", kind="dict") + difference(container, {})
        for ask, answer, what in self.states:
            if ask() != answer:
                return what
        for function, code, defaults in self.functions:
            now = function.__defaults__
            if function.__code__ is not code or (now is not defaults and not _alike(now, defaults)):
                return say("changed_function", name=function.__name__)
        return self._others_changed() if self.weak or self.attributes else ""

    def _sort_containers(self) -> None:
        self._sorted = len(self.containers)
        lists, dicts, others = list[Any](), list[Any](), list[Any]()
        for pair in self.containers:
            kind = pair[0].__class__
            (lists if isinstance(pair[0], list) else dicts if kind is dict else others).append(pair)
        self._lists, self._dicts, self._others = Lists(lists), Dicts(dicts), others

    def _others_changed(self) -> str:
        for reference, held in self.weak:
            x = reference()
            if x is None or not as_it_was(parts(x), held):
                if x is None:
                    return say("changed_behind")
                return say("changed_container", kind=type(x).__name__)
        for attributes, then, absent in self.attributes:
            for name, x in then.items():
                now = attributes.get(name, GONE)
                if now is not x and not same(now, x):
                    return say("changed_attribute", name=repr(name))
            if absent and not attributes.keys().isdisjoint(absent):
                return say("changed_attribute", name=repr(min(absent & attributes.keys())))
        return ""


class Dicts:
    """Plain dicts and what they held; all of them are compared in one go."""

    def __init__(self, pairs: Sequence[tuple[dict[Any, Any], dict[Any, Any]]]) -> None:
        copies = [then for _, then in pairs]
        self._pairs, self._dicts, self._sizes = pairs, [now for now, _ in pairs], [*map(len, copies)]
        self._names = [*chain.from_iterable(copies)]
        self._held = [*chain.from_iterable(map(dict.values, copies))]

    def changed(self) -> Sequence[tuple[dict[Any, Any], dict[Any, Any]]]:
        """The pairs that are to be looked at: none where each holds the very objects that it held."""
        now = self._dicts
        alike = (
            [*map(len, now)] == self._sizes
            and all(map(is_, chain.from_iterable(now), self._names))
            and all(map(is_, chain.from_iterable(map(dict.values, now)), self._held))
        )
        return () if alike else self._pairs


class Lists:
    """Lists and what they held; many of them are compared by the pointers to what they hold."""

    def __init__(self, pairs: list[tuple[list[Any], list[Any]]]) -> None:
        self._pairs = pairs
        self._many = sum(len(copy) for _, copy in pairs) >= MANY
        self._pointers: Any = None

    def changed(self) -> Sequence[tuple[list[Any], list[Any]]]:
        """The pairs that are to be looked at: one that is no longer as it was is the last of them."""
        if self._pointers is None and not self._compile():
            return () if self._hold_the_same() else self._pairs
        k = self._pointers.first_changed()
        while k < len(self._pairs):
            now, then = self._pairs[k]
            if not as_it_was(now, then):
                return [self._pairs[k]]
            self._pairs[k] = (now, now.copy())  # other objects of the same numbers: from now on these
            self._pointers.replace(k, now)
            k = self._pointers.first_changed(k + 1)
        return ()

    def _hold_the_same(self) -> bool:
        """Whether each list holds the very objects that it held, found in calls of C alone."""
        now, then = [now for now, _ in self._pairs], [then for _, then in self._pairs]
        alike = map(is_, chain.from_iterable(now), chain.from_iterable(then))
        return [*map(len, now)] == [*map(len, then)] and all(alike)

    def _compile(self) -> bool:
        """Whether there is a loop for them; what imports Numba decides that it is worth its time."""
        if not self._many or "numba" not in sys.modules:
            return False
        from autograd.replay.pointers import Pointers, layout_is_known

        self._many = layout_is_known()
        if self._many:
            self._pointers = Pointers([now for now, _ in self._pairs], [then for _, then in self._pairs])
        return self._many


def _alike(now: Any, then: Any) -> bool:
    return now is not None and then is not None and as_it_was(now, then)
