"""A picture of what a function reads: what each thing held, and whether it still does."""

from __future__ import annotations

import weakref
from collections.abc import Callable, KeysView, Mapping
from types import FunctionType
from typing import Any

from autograd.messages import say
from autograd.replay.capture.states import GONE, as_it_was, difference, parts, same, slot_of

Space = Mapping[Any, Any]


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
        for container, copy in self.containers:
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


def _alike(now: Any, then: Any) -> bool:
    return now is not None and then is not None and as_it_was(now, then)
