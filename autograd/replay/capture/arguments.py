"""The arguments of a recorded function: their structure is a key, the numbers in them are inputs."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from operator import is_
from typing import Any

from autograd.replay.capture.arithmetic import DATA, SMALL
from autograd.replay.capture.mentions import Read
from autograd.replay.capture.states import PLAIN_TYPES, slot_of, slots_of
from autograd.value import Value

NUMBER, WHOLE, LARGE, NODE = "number", "whole", "large", "value"
NOTHING = Read()
MOST = 2**53  # up to here every int is a float; larger ones are part of the key


class Arguments:
    """One call's arguments, taken apart.

    Attributes:
        key: hashable; calls with the same key differ in nothing but their numbers.
        leaves: the floats, ints and Values among the arguments, in order.
        kinds: for each leaf NUMBER, WHOLE, LARGE (a whole number beyond SMALL) or NODE.
        objects: other arguments, and classes whose methods these may call, known by identity.

    Args:
        args, kwargs: as given.
        captured: the `id`s of Values that the function reaches by itself: as arguments they are the same
            leaf, so they are known by identity and no inputs.
        read: the attributes that the function may read from Values: those of Values among the arguments are
            part of the key.
        alike: the `id`s of objects of which the function may ask whether a part of its arguments is the same.
    """

    def __init__(
        self,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        captured: Container[int] = frozenset(),
        read: Read = NOTHING,
        alike: Container[int] = frozenset(),
    ) -> None:
        self._captured, self._read, self._alike = captured, read, alike
        self.known = False  # whether the function may ask so of one of these
        self.leaves: list[Any] = []
        self.kinds: list[str] = []
        self.objects: list[Any] = []
        self._aliases: dict[int, int] = {}
        self._parts: dict[int, int] = {}  # lists and the like: where one stands twice, it is the same
        self.structure = (tuple(args), dict(kwargs))
        self.key: Any = (
            tuple([self._look(x) for x in args]),
            tuple([(name, self._look(x)) for name, x in kwargs.items()]),
        )

    def _look(self, x: Any) -> Any:
        kind = x.__class__
        if kind is float:
            return self._leaf(x, NUMBER)
        if kind is int:
            return self._leaf(x, kind_of_whole(x)) if -MOST <= x <= MOST else ("int", x)
        if isinstance(x, Value):
            if id(x) in self._captured:
                return ("captured", id(x))
            alias = self._aliases.setdefault(id(x), len(self.leaves))
            self._leaf(x, NODE)
            return (NODE, alias, x.requires_grad if x.a is None else None, *self._look_at_value(x, kind))
        if kind is tuple:
            return ("tuple", *self._look_at_each(x))
        if id(x) in self._parts:
            return ("again", self._parts[id(x)])  # its leaves are there already, once, as in `rebuilt`
        if kind is list or kind is dict:
            alias = self._part(x)
            if kind is dict:
                return ("dict", alias, *[(self._named(name), self._look(y)) for name, y in x.items()])
            return ("list", alias, *self._look_at_each(x))
        if kind.__module__ == "numpy":
            return self._look_at_numpy(x)
        if isinstance(x, tuple) and hasattr(kind, "_make"):  # a named tuple
            self.objects.append(kind)
            return ("named", kind, *[self._look(y) for y in x])
        if kind is str or kind is bool or x is None or kind is bytes:
            return (kind.__name__, x)
        return self._object(x)

    def _look_at_each(self, xs: Sequence[Any]) -> list[Any]:
        if set(map(type, xs)) != {float}:
            return [self._look(x) for x in xs]
        kinds = [NUMBER] * len(xs)
        self.leaves += xs
        self.kinds += kinds
        return kinds

    def _part(self, x: Any) -> Any:
        """Which of the arguments' lists and the like it is, and whether the function knows it besides."""
        alias = self._parts.setdefault(id(x), len(self._parts))
        if id(x) not in self._alike:
            return alias
        self.known = True
        return (alias, id(x))

    def _object(self, x: Any) -> Any:
        self.objects.append(x)
        return ("object", id(x))

    def _named(self, name: Any) -> Any:
        """A key of a dict: 1, 1.0 and True are three."""
        kind = name.__class__
        if kind is str:
            return name
        if kind in PLAIN_TYPES:
            return (kind.__name__, repr(name))
        return ("tuple", *map(self._named, name)) if kind is tuple else self._object(name)

    def _attribute(self, x: Any) -> Any:
        return ("text", x) if x.__class__ is str else self._named(x)

    def _look_at_value(self, x: Value, kind: type) -> list[Any]:
        """What the function may read from a Value besides its number."""
        held = self._read.of(x)
        found: list[Any] = [(name, self._attribute(y)) for name, y in held.items()]
        if kind is not Value:
            found.append(self._object(kind))
            found += [(slot.__name__, self._attribute(slot_of(x, slot))) for slot in slots_of(kind)]
        return found

    def _look_at_numpy(self, x: Any) -> Any:
        kind = _kind_of_array(x)
        if kind not in "fiu":
            return self._object(x)
        if kind != "f" and _most(x) > MOST:
            return ("integers", x.shape, x.dtype.str, x.tobytes())
        kind = NUMBER if kind == "f" else LARGE if _most(x) > SMALL else WHOLE
        if not hasattr(x, "__setitem__"):
            self._leaf(x.item(), kind)
            return ("scalar", x.dtype.str, kind)
        for y in x.ravel().tolist():
            self._leaf(y, kind)
        alias = self._part(x)
        return ("array", x.__class__, alias, x.shape, x.dtype.str, kind)

    def _leaf(self, x: Any, kind: str) -> str:
        self.leaves.append(x)
        self.kinds.append(kind)
        return kind

    @property
    def numbers(self) -> list[float]:
        """The leaves as floats."""
        return [DATA.__get__(x) if isinstance(x, Value) else float(x) for x in self.leaves]

    def rebuilt(
        self, leaf: Callable[[Any, str], Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any], ArgumentParts]:
        """The same structure with every leaf replaced by `leaf(leaf, kind)`, and its lists and the like."""
        captured, parts = self._captured, ArgumentParts()

        def other(x: Any, kind: str) -> Any:
            return x if kind is NODE and id(x) in captured else leaf(x, kind)

        args, kwargs = self.structure
        return (
            tuple(_rebuild(x, other, parts) for x in args),
            {name: _rebuild(x, other, parts) for name, x in kwargs.items()},
            parts,
        )


class ArgumentParts:
    """The lists, dicts and arrays of rebuilt arguments, beside the caller's own."""

    def __init__(self) -> None:
        # by id of the caller's: it, ours, what ours held
        self.made: dict[int, tuple[Any, Any, list[Any]]] = {}

    def add(self, theirs: Any, ours: Any) -> Any:
        """Keep one more pair of them; returns ours."""
        self.made[id(theirs)] = (theirs, ours, _held(ours))
        return ours

    def write_back(self, plain: Callable[[Any], Any]) -> bool:
        """Do to the caller's what a run did to ours; whether it did anything."""
        edited = [
            (theirs, ours)
            for theirs, ours, held in self.made.values()
            if len(now := _held(ours)) != len(held) or not all(map(is_, now, held))
        ]
        back = {id(ours): theirs for theirs, ours, _ in self.made.values()}

        def undone(x: Any) -> Any:
            return back[id(x)] if id(x) in back else plain(x)

        for theirs, ours in edited:
            if isinstance(theirs, list):
                theirs[:] = map(undone, ours)
            elif isinstance(theirs, dict):
                theirs.clear()
                theirs.update((name, undone(y)) for name, y in ours.items())
            else:
                theirs.flat[:] = [plain(y) for y in ours.cells.ravel()]
        return bool(edited)


def _held(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return [*part, *part.values()]
    return [*part] if isinstance(part, list) else part.cells.ravel().tolist()


def kind_of_whole(x: int) -> str:
    """WHOLE or LARGE: products of large ones may leave the floats."""
    return WHOLE if -SMALL <= x <= SMALL else LARGE


def _kind_of_array(x: Any) -> str:
    """NumPy's letter for the kind of numbers in an array; O for what does not go into float64."""
    dtype = getattr(x, "dtype", None)
    kind: str = getattr(dtype, "kind", "O")
    subclass = hasattr(x, "__setitem__") and type(x).__name__ != "ndarray"
    return "O" if dtype is None or dtype.itemsize > 8 or subclass else kind


def _most(x: Any) -> int:
    """The largest magnitude among integers."""
    return max(int(x.max()), -int(x.min())) if x.size else 0


def _rebuild(x: Any, leaf: Callable[[Any, str], Any], parts: ArgumentParts) -> Any:
    kind = x.__class__
    if kind is float:
        return leaf(x, NUMBER)
    if kind is int:
        return leaf(x, kind_of_whole(x)) if -MOST <= x <= MOST else x
    if isinstance(x, Value):
        return leaf(x, NODE)
    if id(x) in parts.made:
        return parts.made[id(x)][1]
    if kind is list:
        return parts.add(x, [_rebuild(y, leaf, parts) for y in x])
    if kind is tuple:
        return tuple(_rebuild(y, leaf, parts) for y in x)
    if kind is dict:
        return parts.add(x, {name: _rebuild(y, leaf, parts) for name, y in x.items()})
    if isinstance(x, tuple) and hasattr(kind, "_make"):
        return kind._make([_rebuild(y, leaf, parts) for y in x])
    if kind.__module__ == "numpy" and (letter := _kind_of_array(x)) in "fiu":
        if letter != "f" and _most(x) > MOST:
            return x
        letter = NUMBER if letter == "f" else LARGE if _most(x) > SMALL else WHOLE
        if not hasattr(x, "__setitem__"):
            return leaf(x, letter)
        from autograd.replay.capture.probe_arrays import array_of

        return parts.add(x, array_of([leaf(y, letter) for y in x.ravel()], x))
    return x
