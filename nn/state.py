"""The state of whatever takes part in a run: one door for callbacks, schedules and what they hold.

    state_of(thing)              its attributes that are data, and the states of what has a state of its own
    load_state_of(thing, state)  puts them back, in place
    packed, unpacked             the same as JSON, bit for bit, and nothing that could run is ever read

Data are numbers, text, None, bytes, members of enums, NumPy's numbers and arrays, lists, tuples, dicts, sets,
deques of them, and objects of the user's own classes. Functions and objects of libraries stay as the program
made them; an iterator, which nobody can ask where it stands, is refused.
"""

from __future__ import annotations

import inspect
import io
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from autograd import Value
from nn.messages import problem

PLAIN = (bool, int, float, str, type(None))
WRITTEN = (complex, Fraction, Decimal)  # as text
SIMPLE = (*PLAIN, *WRITTEN, bytes, Enum)
MAKERS: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple, "set": set, "frozenset": frozenset, "bytes": bytes.fromhex,
    **{kind.__name__: kind for kind in WRITTEN},
}  # fmt: skip
OF, INSIDE = "state_of", "state"  # how the state of an object inside another stands there


class _Unknown:
    """Stands for what is no data."""


def has_state(x: Any) -> bool:
    """Whether an object says its own state."""
    return not isinstance(x, type) and hasattr(x, "state_dict") and hasattr(x, "load_state_dict")


def state_of(thing: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """A copy of an object's attributes that are data, those named in `but` left out.

    >>> class Counter:
    ...     def __init__(self):
    ...         self.count, self.seen, self.say = 2, [0.5], print
    >>> state_of(Counter())
    {'count': 2, 'seen': [0.5]}
    """
    attributes = {name: x for name, x in getattr(thing, "__dict__", {}).items() if name not in but}
    found = {name: _taken(x, (thing,)) for name, x in attributes.items()}
    return {name: x for name, x in found.items() if x is not _Unknown}


def load_state_of(thing: Any, state: dict[str, Any]) -> None:
    """Put back what `state_of` took; lists and dicts that are there are filled, not replaced.

    Raises:
        ValueError: an object inside that has a state is not there.
    """
    for name, x in state.items():
        vars(thing)[name] = _restored(f"{type(thing).__name__}.{name}", x, vars(thing).get(name))


def kept_state(x: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """What an object says of its state; of one that says nothing, all its attributes that are data."""
    state: dict[str, Any] = x.state_dict() if has_state(x) else state_of(x, but)
    return state


def put_back_state(x: Any, state: dict[str, Any]) -> None:
    """Put back what `kept_state` took."""
    if has_state(x):
        x.load_state_dict(state)
    else:
        load_state_of(x, state)


@contextmanager
def modes_kept(model: Any) -> Iterator[None]:
    """Whatever happens inside, every module is training or evaluating afterwards as it was before."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


class Modes:
    """Lets all modules of a model train or evaluate, epoch by epoch."""

    def __init__(self) -> None:
        self._modules: list[Any] = []
        self._moment: Any = None

    def switch(self, model: Any, training: bool, moment: Any) -> bool:
        """Let them; they are gathered again where the moment is another one than last time, or None.

        Returns:
            False where the model has ways of its own to do it, which then ran.
        """
        if moment is None or _walks_by_itself(model):
            model.train() if training else model.eval()
            return moment is None
        if moment != self._moment:
            self._modules, self._moment = model.modules(), moment
        for module in self._modules:
            module.training = training
        return True


def _walks_by_itself(model: Any) -> bool:
    """Whether a model's class, or the model, has other ways than `Module` to reach its modules."""
    names = ("train", "eval", "modules")
    held = [vars(model), *map(vars, type(model).__mro__)]
    return sum(name in one for one in held for name in names) > len(names)


def settings_of(thing: Any) -> dict[str, Any]:
    """The numbers and words that an object was made with, as far as it keeps them under their names.

    Those of an object with a state inside it stand there with its name before them.
    """
    try:
        names = set(inspect.signature(type(thing).__init__).parameters)
    except (TypeError, ValueError):
        names = set()
    held = getattr(thing, "__dict__", {})
    found = {name: x for name, x in held.items() if name in names and _is_setting(x)}
    for name, x in held.items():
        if has_state(x) and name != "optimizer":
            found.update({f"{name}.{inner}": y for inner, y in settings_of(x).items()})
    return found


def _is_setting(x: Any) -> bool:
    return isinstance(x, SIMPLE) or (isinstance(x, tuple) and all(isinstance(y, SIMPLE) for y in x))


def _is_users(x: Any) -> bool:
    """Whether an object is of a class of the user's own, not of a library."""
    module = type(x).__module__
    top, file = module.split(".")[0], getattr(sys.modules.get(module), "__file__", None) or ""
    library = top in ("nn", "autograd", "builtins") or (top in sys.stdlib_module_names and top != "__main__")
    return not (library or "-packages" in file or isinstance(x, type)) and hasattr(x, "__dict__")


def _taken(x: Any, around: tuple[Any, ...] = ()) -> Any:
    """A copy of data; `around` are the objects that it stands in.

    Raises:
        TypeError: an iterator.
    """
    if isinstance(x, SIMPLE):
        return x
    if type(x).__module__ == "numpy":
        return x.copy() if getattr(x, "dtype", None) is not None and not x.dtype.hasobject else _Unknown
    if isinstance(x, Value):
        return {OF: "Value", INSIDE: x.data} if x.a is None else _Unknown
    if has_state(x):
        state = _taken(x.state_dict(), around)
        return state if state is _Unknown else {OF: type(x).__name__, INSIDE: state}
    if isinstance(x, (list, tuple, set, frozenset, deque)):
        items = [_taken(y, around) for y in x]
        return _Unknown if any(y is _Unknown for y in items) else _like(x, items)
    if isinstance(x, dict):
        pairs = {key: _taken(y, around) for key, y in x.items()}
        keys = all(isinstance(_taken(key), (*SIMPLE, tuple, frozenset)) for key in x)
        return pairs if keys and all(y is not _Unknown for y in pairs.values()) else _Unknown
    if isinstance(x, Iterator) and not isinstance(x, io.IOBase):
        owner = type(around[0]).__name__ if around else "state"
        raise problem(TypeError, "state_kind", name=owner, kind=type(x).__name__)
    if _is_users(x) and not any(x is y for y in around):
        attributes = {name: _taken(y, (*around, x)) for name, y in vars(x).items()}
        inside = {name: y for name, y in attributes.items() if y is not _Unknown}
        return {OF: type(x).__name__, INSIDE: inside}
    return _Unknown


def _like(x: Any, items: list[Any]) -> Any:
    """The items as such a collection; of a subclass, as what it is made from."""
    if isinstance(x, tuple):
        return type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, deque):
        return deque(items, x.maxlen)
    return next(kind for kind in (list, set, frozenset) if isinstance(x, kind))(items)


def _restored(name: str, x: Any, now: Any) -> Any:
    if isinstance(x, dict) and x.keys() == {OF, INSIDE}:
        if type(now).__name__ != x[OF]:
            raise problem(ValueError, "state_inside", name=name, kind=x[OF], now=type(now).__name__)
        if isinstance(now, Value):
            now.data = float(x[INSIDE])
        else:
            put_back_state(now, x[INSIDE])
        return now
    if isinstance(x, dict):
        known = now if isinstance(now, dict) else {}
        made = {key: _restored(f"{name}[{key!r}]", y, known.get(key)) for key, y in x.items()}
        known.clear()
        known.update(made)
        return known
    if isinstance(x, (list, tuple, deque)):
        there = list(now) if isinstance(now, (list, tuple, deque)) else []
        there += [None] * (len(x) - len(there))
        items = [_restored(f"{name}[{i}]", y, there[i]) for i, y in enumerate(x)]
        if isinstance(x, list) and isinstance(now, list):
            now[:] = items
            return now
        return _like(x, items)
    return x


def packed(x: Any, name: str = "state") -> Any:
    """Data as what JSON holds; kinds that JSON has not are written as a dict with a `$`.

    Args:
        x: as `state_of` gives it.
        name: whose state, for the error.

    Raises:
        TypeError: it is no data.

    >>> packed((1, 2.5)), unpacked(packed((1, 2.5)))
    ({'$tuple': [1, 2.5]}, (1, 2.5))
    """
    kind = type(x).__name__
    if type(x) in PLAIN:
        return x
    if isinstance(x, Enum):
        return {"$enum": [*_place_of(x, name), x.name]}
    if type(x) in WRITTEN:
        return {f"${kind}": str(x)}
    if type(x) is bytes:
        return {"$bytes": x.hex()}
    if isinstance(x, list):
        return [packed(y, name) for y in x]
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return {"$named": [*_place_of(x, name), [packed(y, name) for y in x]]}
    if isinstance(x, dict):
        if all(type(key) is str and key[:1] != "$" for key in x):
            return {key: packed(y, name) for key, y in x.items()}
        return {"$dict": [[packed(key, name), packed(y, name)] for key, y in x.items()]}
    if isinstance(x, deque):
        return {"$deque": [packed(y, name) for y in x], "maxlen": x.maxlen}
    if type(x) in (tuple, set, frozenset):
        return {f"${kind}": [packed(y, name) for y in (x if kind == "tuple" else sorted(x, key=repr))]}
    if type(x).__module__ == "numpy" and hasattr(x, "tolist") and not x.dtype.hasobject:
        shown = x.tobytes().hex() if x.dtype.kind not in "fiub" else x.tolist()
        return {"$numpy": [x.dtype.str, list(x.shape) if hasattr(x, "__len__") else None, shown]}
    raise problem(TypeError, "state_kind", name=name, kind=kind)


def unpacked(x: Any) -> Any:
    """What `packed` was given."""
    if isinstance(x, list):
        return [unpacked(y) for y in x]
    if not isinstance(x, dict):
        return x
    tag = next(iter(x), "")
    if not tag.startswith("$"):
        return {key: unpacked(y) for key, y in x.items()}
    if tag == "$dict":
        return {unpacked(key): unpacked(y) for key, y in x[tag]}
    if tag == "$numpy":
        return _array(*x[tag])
    if tag == "$deque":
        return deque(unpacked(x[tag]), x["maxlen"])
    if tag == "$enum":
        module, place, member = x[tag]
        return _class_at(module, place, Enum)[member]
    if tag == "$named":
        module, place, items = x[tag]
        return _class_at(module, place, tuple)(*unpacked(items))
    return MAKERS[tag[1:]](unpacked(x[tag]))


def _place_of(x: Any, name: str) -> list[str]:
    """Where the class of an enum or named tuple stands."""
    module, place = type(x).__module__, type(x).__qualname__
    if getattr(sys.modules.get(module), place, None) is not type(x):
        raise problem(TypeError, "state_kind", name=name, kind=type(x).__name__)
    return [module, place]


def _class_at(module: str, place: str, base: type) -> Any:
    """A class that the program has loaded; nothing is imported because a file says so."""
    found = getattr(sys.modules.get(module), place, None)
    if not (
        isinstance(found, type) and issubclass(found, base) and (base is Enum or hasattr(found, "_fields"))
    ):
        raise problem(ValueError, "state_class", kind=f"{module}.{place}")
    return found


def _array(kind: str, shape: list[int] | None, shown: Any) -> Any:
    import numpy as np

    found = np.frombuffer(bytes.fromhex(shown), kind) if isinstance(shown, str) else np.array(shown, kind)
    return found.reshape(shape).copy() if shape is not None else found.reshape(())[()]
