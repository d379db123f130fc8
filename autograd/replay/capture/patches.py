"""What is exchanged on `Value` while a function is recorded, put in place and taken away again as a whole.

In other threads, and inside the library itself, the attributes behave as always.
"""

from __future__ import annotations

import copy
import operator
import sys
from collections import deque
from collections.abc import Callable, Collection
from functools import partial
from threading import RLock
from typing import Any

from autograd import backward, point
from autograd.copying import copy_graph, copy_node
from autograd.habits import Habits
from autograd.messages import say
from autograd.program import STOP
from autograd.replay.capture.arithmetic import DATA, number_of
from autograd.replay.capture.operators import NODE_MAKERS, noted, operators
from autograd.replay.capture.probe import Probe
from autograd.replay.this_thread import HERE
from autograd.value import Value, constant

SLOTS = {name: Value.__dict__[name] for name in ("grad", "a_data", "b_data")}
WATCHED = frozenset(SLOTS)  # read so often by the library that they are exchanged on demand alone
Change = partial[None]
_ENDING = RLock()
_recordings: set[Any] = set()
_changes: tuple[list[Change], list[Change]] = [], []  # how to exchange all, and how to restore all


def exchange(run: Any, reads: Collection[str] = ()) -> None:
    """Exchange the attributes for a recording, which is one of several perhaps."""
    global _changes
    with _ENDING:
        if not _recordings:
            _changes = _all_changes()
        _recordings.add(run)
        slots = [partial(setattr, Value, name, _slot(name)) for name in WATCHED.intersection(reads)]
        _at_once([*_changes[0], *slots])


def restore(run: Any) -> None:
    """The recording ends; with the last one all is as before. May be called again."""
    global _changes
    with _ENDING:
        _recordings.discard(run)
        if not _recordings:
            _at_once(_changes[1])
            _changes = [], []


def _at_once(changes: list[Change]) -> None:
    """Make all changes in one call of C, which no interrupt cuts in two."""
    deque(map(partial.__call__, changes), maxlen=0)


def _all_changes() -> tuple[list[Change], list[Change]]:
    places: list[tuple[Any, str, Any]] = [(Value, name, version) for name, version in _versions().items()]
    places += [(module, "watched", noted) for module in NODE_MAKERS]
    places += [(point, "gradients", _gradients), (point, "_check_unchanged", _unchecked)]
    there: list[Change] = [partial(setattr, *place) for place in places]
    back: list[Change] = []
    for owner, name, version in places:
        if name in vars(owner):
            back.append(partial(setattr, owner, name, vars(owner)[name]))
        else:  # set first, so that it can be deleted whether it is there or not
            back += [partial(setattr, owner, name, version), partial(delattr, owner, name)]
    return there, back + [partial(setattr, Value, *slot) for slot in SLOTS.items()]


def _slot(name: str) -> property:
    """A slot whose readings and writings are noticed."""
    slot = SLOTS[name]

    def notice(key: str) -> None:
        run = HERE.run
        if run is not None and not sys._getframe(2).f_globals.get("__name__", "").startswith("autograd."):
            run.refuse(say(key, name=name))

    def read(self: Value) -> Any:
        notice("runs_reads")
        return slot.__get__(self)

    def write(self: Value, x: Any) -> None:
        notice("runs_assigns")
        slot.__set__(self, x)

    return property(read, write)


def _raw(depth: int) -> bool:
    """Whether the library itself reads, except where it decides by what it reads or hands it on."""
    name = sys._getframe(depth + 1).f_globals.get("__name__", "")
    deciding = ("autograd.point", "autograd.dual", "autograd.entry")
    return bool(name.startswith("autograd.") and name not in deciding)


def _read(self: Value) -> Any:
    run = HERE.run
    if run is None or _raw(1):
        return DATA.__get__(self)
    return run.probe(self)


def _write(self: Value, x: Any) -> None:
    run = HERE.run
    if run is not None and not _raw(1):
        run.refuse(say("runs_assigns", name="data"))
        x = x.exact() if isinstance(x, Probe) else x
    DATA.__set__(self, x)


def _versions() -> dict[str, Any]:
    """The attributes of Value that are exchanged, by name."""

    def method(original: Any, recorded: Callable[..., Any]) -> Any:
        def either(self: Value, *args: Any, **kwargs: Any) -> Any:
            run = HERE.run
            return original(self, *args, **kwargs) if run is None else recorded(run, self, *args, **kwargs)

        return either

    def refused(name: str) -> Any:
        original = getattr(Value, name)

        def refuse(run: Any, self: Value, *args: Any, **kwargs: Any) -> Any:
            run.refuse(say("runs_text" if name == "__repr__" else "runs_calls", name=name))
            return original(self, *args, **kwargs)

        return method(original, refuse)

    def read(name: str) -> Any:
        original = getattr(Value, name).fget

        def reading(self: Value) -> Any:
            if HERE.run is not None and not _raw(1):
                HERE.run.refuse(say("runs_reads", name=name))
            return original(self)

        return property(reading)

    def initial(run: Any, self: Value, data: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, data.recorded_number if isinstance(data, Probe) else data, *args, **kwargs)
        if isinstance(data, Probe):
            source = run.stopped(data.node) if data.node.a is None else data.node
            self.a, self.b, self.a_data, self.b_data = source, None, number_of(self), number_of(self)
            run.leaves.append((self, self.op))
            self.op = STOP
            run.journal.nodes.append(self)

    initialise = Value.__init__

    def compared(run: Any, self: Value, other: Any, holds: Any) -> Any:
        code = "gt" if holds in (operator.gt, operator.lt) else "ge"
        sides = (other, self) if holds in (operator.lt, operator.le) else (self, other)
        return run.compare(code, *sides)

    def plain(run: Any, self: Value) -> float:
        self.refuse_active()
        return float(run.probe(self))

    made: dict[str, Any] = {"data": property(_read, _write), "__init__": method(initialise, initial)}
    made["_compare"] = method(Value._compare, compared)
    made["__float__"] = method(Value.__float__, plain)
    made["item"] = method(Value.item, lambda run, self: run.probe(self))
    made["detach"] = method(Value.detach, lambda run, self: run.stopped(self))
    made["label"] = property(lambda self: self.__dict__.get("label", ""), _label)
    made["_backward"] = property(Value._backward.fget, _rule)  # type: ignore[attr-defined]  # a property
    made.update(operators())
    made.update({name: refused(name) for name in ("backward", "zero_grad", "__repr__", "__reduce_ex__")})
    made.update({name: read(name) for name in ("numbers", "local_derivatives")})
    made["__copy__"] = method(Value.__copy__, _copied)
    made["__deepcopy__"] = method(Value.__deepcopy__, _copied)
    return made


def _label(self: Value, label: str) -> None:
    self.__dict__["label"] = label
    run = HERE.run
    if run is not None:
        run.journal.labelled.append(self)


def _rule(self: Value, rule: Callable[[], None]) -> None:
    Habits.__dict__["_backward"].__set__(self, rule)
    run = HERE.run
    if run is not None:
        run.journal.complete = False


def _copied(run: Any, node: Any, memo: dict[int, Any] | None = None) -> Any:
    """A copy of a node: of a leaf, one that has its number at every call."""
    if node.a is not None:
        if memo is not None:
            run.refuse(say("runs_copies"))
        return copy_node(node) if memo is None else copy_graph(node, memo)
    if memo is not None and id(node) in memo:
        return memo[id(node)]
    twin = copy_node(node)
    run.leaves.append((twin, twin.op))
    twin.a, twin.b, twin.a_data, twin.b_data = run.stopped(node), None, number_of(node), number_of(node)
    twin.op = STOP
    run.journal.nodes.append(twin)
    if memo is not None:
        memo[id(node)] = twin
        vars(twin).update(copy.deepcopy(vars(node), memo))
    return twin


def _gradients(root: Any, gradient: float, inputs: Any, sort: Any = None) -> Any:
    """Numbers of a gradient taken inside a recorded function: the gradient's own graph, probed."""
    run = HERE.run
    if run is None:
        return backward.gradients(root, gradient, inputs, sort)
    if gradient != 1.0:
        run.refuse(say("runs_weighted"))
    found = point.gradient_graph(root, inputs, sort)
    return [run.probe(x if isinstance(x, Value) else constant(x)) for x in found]


def _unchecked(node: Any, parents: Any) -> None:
    """While recording nobody can change `.data` unseen, so there is nothing to check."""
