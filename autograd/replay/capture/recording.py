"""Recording: a function runs once on real Values while everything that decides is written down.

The graph that the run leaves behind is the program. What Values alone do not show is caught while it runs:
`.data` gives a probe, comparisons record guards, random numbers and writes make the run unfit for replay.
To that end some attributes of `Value` are exchanged while any recording runs; in other threads, and inside
the library itself, they behave as always.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import RLock
from typing import Any

from autograd import backward, modes, point
from autograd.habits import Habits
from autograd.program import PICK, STOP
from autograd.replay.capture.arithmetic import DATA, kind_of, number_of, range_of
from autograd.replay.capture.journal import Journal
from autograd.replay.capture.operators import NODE_MAKERS, operators, watched_in
from autograd.replay.capture.probe import Probe, stopped
from autograd.value import Value, constant, watched

CURRENT: ContextVar[Recording | None] = ContextVar("autograd_recording", default=None)
_INSTALLING = RLock()
_installed = 0
_COMPARE = {"gt": float.__gt__, "ge": float.__ge__, "eq": float.__eq__}


@dataclass(frozen=True)
class Guard:
    """A comparison that must come out as it did: `left code right` is `outcome`; seen at `line`."""

    code: str
    left: Any
    right: Any
    outcome: bool
    line: str
    number: float | None = None  # the plain number on one side, which belongs to the path taken


class Recording:
    """What one run of a function wrote down besides its graph."""

    def __init__(self) -> None:
        self.guards: list[Guard] = []
        self.unfit: list[str] = []  # why the run cannot stand for others, each with its line
        self.journal = Journal()
        self._known: set[tuple[str, Any, Any]] = set()
        self._note = ""  # what the next guards say besides their line

    def refuse(self, why: str) -> None:
        """The function did what a replay would not repeat."""
        text = f"{why} ({_line()})"
        if text not in self.unfit:
            self.unfit.append(text)

    def guard(self, code: str, left: Value | float, right: Value | float, outcome: bool) -> None:
        """Write down a comparison of nodes and plain numbers, and its outcome.

        It is known by its two nodes, which the guards keep alive; only a plain number is known by its bits.
        """
        a, b = (x.hex() if isinstance(x, float) else id(x) for x in (left, right))
        if (code, a, b) not in self._known:
            self._known.add((code, a, b))
            number = left if isinstance(left, float) else right if isinstance(right, float) else None
            one, other = (constant(x) if isinstance(x, float) else x for x in (left, right))
            self.guards.append(Guard(code, one, other, outcome, _line() + self._note, number))

    @contextmanager
    def noting(self, note: str) -> Iterator[None]:
        """Let guards say why they are there."""
        before, self._note = self._note, note
        try:
            yield
        finally:
            self._note = before

    def compare(self, code: str, left: Any, right: Any) -> Any:
        """The outcome of a comparison of Values, probes and numbers, guarded."""
        sides: list[Value | float] = []
        for x in (left, right):
            if not isinstance(x, (Value, Probe, int, float)):
                return NotImplemented
            sides.append(x if isinstance(x, Value) else x.node if isinstance(x, Probe) else float(x))
        one, other = sides
        outcome = bool(_COMPARE[code](*[x if isinstance(x, float) else number_of(x) for x in sides]))
        self.guard(code, one, other, outcome)
        return outcome

    def truncated(self, x: Probe) -> Any:
        """int(x), guarded by the interval in which it comes out so."""
        if x.whole:
            return int(x.exact())
        k = math.trunc(x.recorded_number)
        if abs(k) > 2**52:
            return math.trunc(x.exact())
        low, high = (k, k + 1) if k > 0 else (k - 1, k) if k < 0 else (-1, 1)
        (self.compare("ge", x, float(low)) if k > 0 else self.compare("gt", x, float(low)))
        (self.compare("ge", float(high), x) if k < 0 else self.compare("gt", float(high), x))
        return k

    def picked(self, items: list[Any], index: Probe) -> Any:
        """A recorded lookup."""
        nodes = [
            x if isinstance(x, Value) else x.node if isinstance(x, Probe) else constant(x) for x in items
        ]
        made = Value.apply(PICK, [*nodes, index.node])
        if any(isinstance(x, Value) for x in items):
            return made
        kinds = {*map(kind_of, items)}
        kind = kinds.pop() if len(kinds) == 1 else float
        return Probe(self, made, kind if range_of(kind) or issubclass(kind, float) else float)

    def probe(self, node: Value) -> Probe:
        """What `.data` gives while recording."""
        return Probe(self, self.stopped(node))

    def stopped(self, node: Value) -> Value:
        """A node with the same number, from which no gradient goes back."""
        made = stopped(node)
        if made is not node:
            self.journal.note(made)
        return made


def _line() -> str:
    path, line = modes.caller_place(2)
    return f"{path}:{line}"


@contextmanager
def recording() -> Iterator[Recording]:
    """Record everything that this context does with Values."""
    run = Recording()
    state = random.getstate()
    token = CURRENT.set(run)
    _install()
    try:
        with modes.forced():
            yield run
    finally:
        _uninstall()
        CURRENT.reset(token)
        if random.getstate() != state:
            run.unfit.append("it draws random numbers")


# -- what is exchanged on Value ---------------------------------------------------------------------------


def _raw(depth: int) -> bool:
    """Whether the library itself reads, except where it decides by what it reads."""
    name = sys._getframe(depth + 1).f_globals.get("__name__", "")
    return bool(name.startswith("autograd.") and name not in ("autograd.point", "autograd.dual"))


def _read(self: Value) -> Any:
    run = CURRENT.get()
    if run is None or _raw(1):
        return DATA.__get__(self)
    return run.probe(self)


def _write(self: Value, x: Any) -> None:
    run = CURRENT.get()
    if run is not None and not _raw(1):
        run.refuse("it assigns to .data")
        x = x.exact() if isinstance(x, Probe) else x
    DATA.__set__(self, x)


def _versions() -> dict[str, Any]:
    """The attributes of Value that are exchanged, by name."""

    def method(original: Any, recorded: Callable[..., Any]) -> Any:
        def either(self: Value, *args: Any, **kwargs: Any) -> Any:
            run = CURRENT.get()
            return original(self, *args, **kwargs) if run is None else recorded(run, self, *args, **kwargs)

        return either

    def refused(name: str) -> Any:
        original = getattr(Value, name)

        def refuse(run: Recording, self: Value, *args: Any, **kwargs: Any) -> Any:
            run.refuse(f"it calls {name}()")
            return original(self, *args, **kwargs)

        return method(original, refuse)

    def initial(run: Recording, self: Value, data: Any, *args: Any, **kwargs: Any) -> None:
        initialise(self, data.recorded_number if isinstance(data, Probe) else data, *args, **kwargs)
        if isinstance(data, Probe):
            source = run.stopped(data.node) if data.node.a is None else data.node
            self.a, self.b, self.a_data, self.b_data = source, None, number_of(self), number_of(self)
            self.op = STOP
            run.journal.note(self)

    initialise = Value.__init__
    flipped = {"__lt__": "gt", "__le__": "ge"}
    made: dict[str, Any] = {"data": property(_read, _write), "__init__": method(initialise, initial)}
    for name, code in (("__gt__", "gt"), ("__ge__", "ge"), *flipped.items()):

        def compared(
            run: Recording, self: Value, other: Any, code: str = code, swap: bool = name in flipped
        ) -> Any:
            return run.compare(code, other, self) if swap else run.compare(code, self, other)

        made[name] = method(getattr(Value, name), compared)
    for name, reading in (
        ("__bool__", bool),
        ("__float__", float),
        ("__int__", int),
        ("__trunc__", math.trunc),
        ("__floor__", math.floor),
        ("__ceil__", math.ceil),
        ("__round__", round),
        ("__format__", format),
    ):

        def plain(run: Recording, self: Value, *args: Any, reading: Any = reading) -> Any:
            if reading is float:
                self.refuse_active()
            return reading(run.probe(self), *args)

        made[name] = method(getattr(Value, name), plain)
    made["item"] = method(Value.item, lambda run, self: run.probe(self))
    made["detach"] = method(Value.detach, lambda run, self: run.stopped(self))
    made["label"] = property(lambda self: self.__dict__.get("label", ""), _label)
    made["_backward"] = property(Value._backward.fget, _rule)  # type: ignore[attr-defined]  # a property
    made.update(operators(CURRENT))
    made.update({name: refused(name) for name in ("backward", "zero_grad")})
    return made


def _label(self: Value, label: str) -> None:
    self.__dict__["label"] = label
    run = CURRENT.get()
    if run is not None:
        run.journal.labelled.append(self)


def _rule(self: Value, rule: Callable[[], None]) -> None:
    Habits.__dict__["_backward"].__set__(self, rule)
    run = CURRENT.get()
    if run is not None:
        run.journal.complete = False


_before: dict[str, Any] = {}
_MISSING = object()


def _install() -> None:
    global _installed
    with _INSTALLING:
        _installed += 1
        if _installed > 1:
            return
        for name, version in _versions().items():
            _before[name] = Value.__dict__.get(name, _MISSING)
            setattr(Value, name, version)
        for module in NODE_MAKERS:
            vars(module)["watched"] = watched_in(CURRENT)
        _before["point"] = (backward.gradients, point._check_unchanged)
        vars(point)["gradients"] = _gradients  # probes stand for floats
        point._check_unchanged = _unchecked


def _uninstall() -> None:
    global _installed
    with _INSTALLING:
        _installed -= 1
        if _installed:
            return
        for module in NODE_MAKERS:
            vars(module)["watched"] = watched
        vars(point)["gradients"], point._check_unchanged = _before.pop("point")
        for name, version in _before.items():
            if version is _MISSING:
                delattr(Value, name)
            else:
                setattr(Value, name, version)
        _before.clear()


def _gradients(root: Any, gradient: float, inputs: Any, sort: Any = None) -> Any:
    """Numbers of a gradient taken inside a recorded function: the gradient's own graph, probed."""
    run = CURRENT.get()
    if run is None:
        return backward.gradients(root, gradient, inputs, sort)
    if gradient != 1.0:
        run.refuse("it takes the numbers of a weighted gradient")
    found = point.gradient_graph(root, inputs, sort)
    return [run.probe(x if isinstance(x, Value) else constant(x)) for x in found]


def _unchecked(node: Any, parents: Any) -> None:
    """While recording nobody can change `.data` unseen, so there is nothing to check."""
