"""An optimiser's `update` read once on names: the formula of which the arrays' and the kernels' code is made.

`update` is called with operands that write down what is done to them, with the settings of its group (which
also know their numbers, so that it may ask `if` of them) and with a memory that notes what is looked up and
left there. An optimiser remembers nothing at its first update, so that one is read on its own. What was read
has to give what `update` itself gives at a few points; else the optimiser runs as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import NoneType
from typing import Any

from autograd import descent
from autograd.entry import TABLE, Op, Operand
from autograd.messages import say
from autograd.number import is_number, to_float
from autograd.replay.ops import NAMES, ONE, SIGNS, THREE, TWO, Source, UnsupportedError, compose, write

Update = Callable[..., Any]
CALLED_BY_NAME = {*ONE, *TWO, *THREE, "fma"}  # what all targets can write
POWERS = {2.0: "square", 0.5: "sqrt", 1.0: "identity", -1.0: "reciprocal"}
# what a single number can be asked for in all targets, apart from the rest
SIMPLE = {
    "add", "sub", "mul", "div", "neg", "pow", "sqrt", "exp", "log", "square", "reciprocal", "where", *SIGNS,
}  # fmt: skip
# of an optimiser: what no formula depends on
SHARED_BY_ALL = {"defaults", "param_groups", "state", "_tensors", "_lent", "_arrays"}
KEPT = 256
READ: dict[Any, list[UpdateFormula]] = {}  # by what they depend on apart from the settings asked for
LONGEST = 2000  # operands in a formula, each as often as it is used
POINTS = (0.7, -0.3), (-1.3, 0.9), (0.4, 0.0), (0.0, 2.5)  # numbers and gradients to compare at


class UnreadableError(Exception):
    """An update does what no formula can say; the message is what."""


class Name(Source):
    """An operand of an update: x, g, something remembered or a setting, and all that is made of these.

    Attributes:
        number: of what is made of settings alone; None of what a training changes.
    """

    __slots__ = ("asked", "number", "size")
    size: int
    __hash__ = Source.__hash__

    def __init__(self, name: str, operands: tuple[Any, ...] = (), number: float | None = None) -> None:
        super().__init__(name, operands)
        self.number = number
        self.asked: set[str] = next((x.asked for x in operands if isinstance(x, Name)), set())
        self.size = 1
        for x in operands:
            self.size += x.size if isinstance(x, Name) else 0
        if self.size > LONGEST:
            raise UnreadableError(say("formula_long"))

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """The op on these operands, or what it is made of."""
        if any(isinstance(x, Operand) and not isinstance(x, Name) for x in operands):
            raise UnreadableError(say("formula_operand"))
        read = tuple(x if isinstance(x, Name) else to_float(x) for x in operands)
        if op.name == "pow" and (simpler := POWERS.get(read[1] if isinstance(read[1], float) else 0.0)):
            return TABLE[simpler](read[0])
        made = None if op.name == "fma" else compose(op, read)
        if made is None:
            if op.name not in CALLED_BY_NAME:
                raise UnsupportedError(op.name)
            made = cls(op.name, read)
        numbers = [x.number if isinstance(x, Name) else x for x in read]
        if isinstance(made, Name) and None not in numbers:
            made.number = op.value(*(x for x in numbers if x is not None))
        return made

    def __bool__(self) -> bool:
        if self.number is None:
            raise UnreadableError(say("formula_if"))
        self.asked |= leaves(self)
        return self.number != 0

    # fmt: off
    def __lt__(self, other: Any) -> Any: return self._binary(TABLE["lt"], self, other)
    def __le__(self, other: Any) -> Any: return self._binary(TABLE["le"], self, other)
    def __gt__(self, other: Any) -> Any: return self._binary(TABLE["gt"], self, other)
    def __ge__(self, other: Any) -> Any: return self._binary(TABLE["ge"], self, other)
    def __eq__(self, other: object) -> Any: return self._binary(TABLE["eq"], self, other)
    def __ne__(self, other: object) -> Any: return self._binary(TABLE["ne"], self, other)
    # fmt: on


class Remembered(dict[str, Any]):
    """The memory of a number while an update is read: names in the place of numbers.

    Attributes:
        starts: what was looked up with a number for when it is not there, and these numbers.
    """

    def __init__(self, known: Collection[str]) -> None:
        self.before = {name: Name(f"memory_{name}") for name in sorted(known)}
        self.starts: dict[str, float] = {}
        super().__init__(self.before)

    def get(self, name: str, default: Any = None) -> Any:
        """What is remembered; where that is a number to begin with, a name as well."""
        if name in self:
            return self[name]
        start: Any = default.number if isinstance(default, Name) else default
        if not is_number(start):
            return default
        if isinstance(default, Name):
            default.asked |= leaves(default)
        self.starts[name] = start
        return Name(f"memory_{name}")

    def setdefault(self, name: str, default: Any = None) -> Any:
        """What `get` gives, which stays there."""
        self[name] = self.get(name, default)
        return self[name]


@dataclass(frozen=True)
class UpdateReading:
    """One reading of an update: expressions of x, g, `memory_...` and `group_...`.

    Attributes:
        new: of the new number.
        memory: of what the update left in the memory, by name.
        starts: numbers to begin with, by name.
    """

    new: Any
    memory: dict[str, Any]
    starts: dict[str, float]

    def text(self) -> str:
        """What was read; two readings with one text are one."""
        return "\n".join(f"{name} = {write(x, NAMES)}" for name, x in self.outputs().items())

    def outputs(self) -> dict[str, Any]:
        """The expressions by the names they are given."""
        return {**{f"new_{name}": x for name, x in sorted(self.memory.items())}, "new_x": self.new}


@dataclass(frozen=True)
class UpdateFormula:
    """An update as a formula.

    Attributes:
        name: of the optimiser.
        settings: the names of the numbers among the settings, in order; `group_lr` is the first.
        first: the reading where nothing (or what was there before) is remembered; None: as `later`.
        later: the reading of all further updates.
        each: what is remembered of each number, in order.
        shared: what is remembered and the same for all numbers, such as the count of updates.
        known: what is remembered before the first update.
        asked: the settings that `if` was asked of, and their numbers.
    """

    name: str
    settings: tuple[str, ...]
    first: UpdateReading | None
    later: UpdateReading
    each: tuple[str, ...]
    shared: tuple[str, ...]
    known: frozenset[str]
    asked: Mapping[str, float]

    def varying(self) -> set[str]:
        """The names of what is not the same for all numbers."""
        return {"x", "g", *(f"memory_{name}" for name in self.each)}


def settings_of(group: Mapping[str, Any]) -> dict[str, float]:
    """The numbers among the settings of a group, by the names that a formula gives them."""
    found = {"group_lr": 0.0}
    for key, names in names_of(group).items():
        x = group[key]
        found.update(zip(names, map(float, x if isinstance(x, tuple) else (x,))))
    return found


def names_of(group: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names that a formula gives to the numbers in each setting."""
    found = {}
    for key, x in group.items():
        if x.__class__ is bool or not key.isidentifier():
            continue
        parts = x if isinstance(x, tuple) else (x,)
        if x.__class__ is float:  # as nearly all are
            found[key] = [f"group_{key}"]
        elif all(is_number(part) and not isinstance(part, bool) for part in parts):
            found[key] = [_name(key, i) for i in range(len(parts))] if parts is x else [_name(key)]
    return found


def _name(key: str, i: int | None = None) -> str:
    return f"group_{key}" if i is None else f"group_{key}{i + 1}"


def _named(group: Mapping[str, Any], free: Collection[str]) -> dict[str, Any]:
    """The settings of a group, names for numbers; those in `free` change while training goes on."""
    numbers = settings_of(group)

    def named(name: str, x: Any) -> Any:
        return Name(name, (), None if name in free else numbers[name]) if name in numbers else x

    found: dict[str, Any] = {key: named(_name(key), x) for key, x in group.items()}
    tuples = {key: x for key, x in group.items() if isinstance(x, tuple)}
    return found | {key: tuple(named(_name(key, i), y) for i, y in enumerate(x)) for key, x in tuples.items()}


def read(
    update: Update, name: str, group: Mapping[str, Any], known: Collection[str], free: Collection[str]
) -> UpdateFormula:
    """The formula of an update; one of a user's is compared again each time, for a global may have changed.

    Args:
        update: f(x, g, memory, group), which gives the new number.
        name: of the optimiser.
        group: its settings.
        known: what is remembered before the first update.
        free: settings that change while training goes on, such as `group_lr`.

    Raises:
        UnreadableError: it is none, or does not give what `update` gives.
    """
    numbers = settings_of(group)
    key = _key(update, name, group, numbers, known, free)
    for formula in READ.get(key, ()):
        if all(numbers[one] == number for one, number in formula.asked.items()):
            with suppress(UnreadableError):
                if not _is_ours(update):
                    _compare(update, group, formula, POINTS[:1])
                return formula
    formula = _read(update, name, group, known, free)
    _compare(update, group, formula, POINTS)
    if key is not None:
        if len(READ) > KEPT:
            READ.clear()
        READ[key] = [formula, *READ.get(key, ())[:7]]
    return formula


def _is_ours(update: Any) -> bool:
    return getattr(update, "__module__", "") == descent.__name__


def _key(update: Update, name: str, *rest: Any) -> Any:
    """What a formula depends on apart from numbers among the settings; None where that is not known."""
    group, numbers, known, free = rest
    owner = getattr(update, "__self__", None)
    own = {k: x for k, x in (vars(owner) if owner else {}).items() if k not in SHARED_BY_ALL}
    words = {k: x for k, x in group.items() if f"group_{k}" not in numbers and f"group_{k}1" not in numbers}
    function = getattr(update, "__func__", update)
    plain = (str, int, float, type, tuple, NoneType)
    if not all(isinstance(x, plain) for x in [*own.values(), *words.values()]):
        return None
    try:
        settings = (*numbers,), (*words.items(),)  # which numbers, in their order, and what the others are
        key = function, name, (*own.items(),), *settings, frozenset(known), frozenset(free)
        if _is_ours(function):  # which no comparison follows
            key += (*filter(callable, vars(descent).values()),)
        hash(key)
    except TypeError:
        return None
    return key


def _read(
    update: Update, name: str, group: Mapping[str, Any], known: Collection[str], free: Collection[str]
) -> UpdateFormula:
    try:
        first, asked = _reading(update, group, known, free)
        later, asked_later = _reading(update, group, {*known, *first.memory}, free)
        again, _ = _reading(update, group, {*known, *first.memory}, free)
    except UnsupportedError as problem:
        raise UnreadableError(say("formula_op", op=problem)) from None
    except Exception as problem:  # whatever an update does with what is no float
        if isinstance(problem, UnreadableError):
            raise
        raise UnreadableError(f"{type(problem).__name__}: {problem}") from None
    if later.text() != again.text() or {*later.memory} - {*known, *first.memory}:
        raise UnreadableError(say("formula_changes"))
    alike = first.text() == later.text()
    names = {*later.memory, *_remembered(first), *_remembered(later)}
    shared = _shared(names, [later] if alike else [first, later])
    each = [x for x in sorted(names) if x not in shared]
    numbers = settings_of(group)
    return UpdateFormula(
        "".join(c for c in name.lower() if c.isalnum()) or "update",
        (*numbers,),
        None if alike else first,
        UpdateReading(later.new, later.memory, first.starts),
        (*each,),
        (*sorted(shared),),
        frozenset(known),
        {one: numbers[one] for one in asked | asked_later if one in numbers},
    )


def _reading(
    update: Update, group: Mapping[str, Any], known: Collection[str], free: Collection[str]
) -> tuple[UpdateReading, set[str]]:
    memory, settings, asked = Remembered(known), _named(group, free), set[str]()
    for x in settings.values():
        for part in x if isinstance(x, tuple) else (x,):
            if isinstance(part, Name):
                part.asked = asked
    new = update(Name("x"), Name("g"), memory, settings)
    if not {*memory.starts, *memory.before} <= {*memory} or not all(name.isidentifier() for name in memory):
        raise UnreadableError(say("formula_memory"))
    for found in (new, *memory.values()):
        if not isinstance(found, Name) and not is_number(found):
            raise UnreadableError(say("formula_result", kind=type(found).__name__))
    changed = {name: x for name, x in memory.items() if memory.before.get(name) is not x}
    return UpdateReading(new, changed, memory.starts), asked


def leaves(x: Any) -> set[str]:
    """The names in an expression."""
    if not isinstance(x, Source):
        return set()
    return set().union(*map(leaves, x.operands)) if x.operands else {x.name}


def is_simple(x: Any) -> bool:
    """Whether an expression holds nothing but what a single number can be asked for in all targets."""
    if not isinstance(x, Source) or not x.operands:
        return True
    return x.name in SIMPLE and all(map(is_simple, x.operands))


def _remembered(reading: UpdateReading) -> set[str]:
    """What a reading looks up in the memory."""
    names = {name for x in reading.outputs().values() for name in leaves(x)}
    return {name.removeprefix("memory_") for name in names if name.startswith("memory_")}


def _shared(names: set[str], readings: Sequence[UpdateReading]) -> set[str]:
    """What is remembered and made of settings alone, and of what is made of these."""
    shared, before = set(names), set[str]()
    while shared != before:
        before = set(shared)
        varying = {"x", "g", *(f"memory_{name}" for name in names - shared)}
        for reading in readings:
            shared -= {name for name, x in reading.memory.items() if varying & leaves(x) or not is_simple(x)}
    return shared


def value(x: Any, numbers: Mapping[str, float]) -> float:
    """An expression's number where these are the numbers of its names."""
    if not isinstance(x, Source):
        return float(x)
    if not x.operands:
        return numbers[x.name]
    return TABLE[x.name].value(*[value(operand, numbers) for operand in x.operands])


def _compare(
    update: Update, group: Mapping[str, Any], formula: UpdateFormula, points: Sequence[tuple[float, float]]
) -> None:
    """Refuse what does not give what the update itself gives, one update after the other.

    A branch that an update takes by the type of its operands would go unseen without it.
    """
    later, first, known = formula.later, formula.first or formula.later, formula.known
    settings = settings_of(group)
    for start, slope in points:
        x, memory = start, dict.fromkeys(known, 0.5)
        for reading in (first, later, later):
            numbers = {f"memory_{name}": float(n) for name, n in {**later.starts, **memory}.items()}
            numbers.update(settings, x=x, g=slope)
            try:
                x = float(update(x, slope, memory, dict(group)))
                wanted = {f"new_{name}": memory[name] for name in reading.memory} | {"new_x": x}
                found = {name: value(part, numbers) for name, part in reading.outputs().items()}
            except (ArithmeticError, ValueError):
                break  # not at this point
            except (KeyError, TypeError) as problem:
                raise UnreadableError(f"{type(problem).__name__}: {problem}") from None
            if not all(_near(number, found[name]) for name, number in wanted.items()):
                raise UnreadableError(say("formula_differs"))


def _near(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-12) or (a != a and b != b)
