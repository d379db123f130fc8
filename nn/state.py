"""The state of whatever takes part in a run: one door for callbacks, schedules and what they hold.

    state_of(thing)              its attributes that are data, and the states of what has a state of its own
    load_state_of(thing, state)  puts them back, in place
    packed, unpacked             the same as JSON, bit for bit, and nothing that could run is ever read

Data are numbers, text, None, bytes, NumPy's numbers and arrays, lists, tuples, dicts, sets, deques of them,
and objects of the user's own classes. Functions and objects of libraries stay what the program made them.
"""

from __future__ import annotations

import inspect
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

from autograd import Value
from nn.messages import problem

PLAIN = (bool, int, float, str, bytes, type(None))
MAKERS: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple, "set": set, "frozenset": frozenset, "deque": deque, "bytes": bytes.fromhex,
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
    return isinstance(x, PLAIN) or (isinstance(x, tuple) and all(isinstance(y, PLAIN) for y in x))


def _is_users(x: Any) -> bool:
    """Whether an object is of a class of the user's own, not of a library."""
    module = type(x).__module__
    top, file = module.split(".")[0], getattr(sys.modules.get(module), "__file__", None) or ""
    library = top in ("nn", "autograd", "builtins") or (top in sys.stdlib_module_names and top != "__main__")
    return not (library or "-packages" in file or isinstance(x, type)) and hasattr(x, "__dict__")


def _taken(x: Any, around: tuple[Any, ...] = ()) -> Any:
    """A copy of data; `around` are the objects that it stands in."""
    if isinstance(x, PLAIN):
        return x
    if type(x).__module__ == "numpy":
        return x.copy() if getattr(x, "dtype", None) is not None and not x.dtype.hasobject else _Unknown
    if isinstance(x, Value):
        return {OF: "Value", INSIDE: x.data} if x.a is None else _Unknown
    if has_state(x):
        state = _taken(x.state_dict(), around)
        return state if state is _Unknown else {OF: type(x).__name__, INSIDE: state}
    if type(x) in (list, tuple, set, frozenset, deque):
        items = [_taken(y, around) for y in x]
        if any(y is _Unknown for y in items):
            return _Unknown
        return deque(items, x.maxlen) if type(x) is deque else type(x)(items)
    if type(x) is dict:
        pairs = {key: _taken(y, around) for key, y in x.items()}
        keys = all(isinstance(_taken(key), (*PLAIN, tuple, frozenset)) for key in x)
        return pairs if keys and all(y is not _Unknown for y in pairs.values()) else _Unknown
    if _is_users(x) and not any(x is y for y in around):
        attributes = {name: _taken(y, (*around, x)) for name, y in vars(x).items()}
        inside = {name: y for name, y in attributes.items() if y is not _Unknown}
        return {OF: type(x).__name__, INSIDE: inside}
    return _Unknown


def _restored(name: str, x: Any, now: Any) -> Any:
    if isinstance(x, dict) and x.keys() == {OF, INSIDE}:
        if type(now).__name__ != x[OF]:
            raise problem(ValueError, "state_inside", name=name, kind=x[OF], now=type(now).__name__)
        if isinstance(now, Value):
            now.data = float(x[INSIDE])
        elif has_state(now):
            now.load_state_dict(x[INSIDE])
        else:
            load_state_of(now, x[INSIDE])
        return now
    if type(x) is dict:
        known = now if type(now) is dict else {}
        made = {key: _restored(f"{name}[{key!r}]", y, known.get(key)) for key, y in x.items()}
        known.clear()
        known.update(made)
        return known
    if type(x) in (list, tuple, deque):
        there = list(now) if type(now) is type(x) else []
        there += [None] * (len(x) - len(there))
        items = [_restored(f"{name}[{i}]", y, there[i]) for i, y in enumerate(x)]
        if type(x) is list and type(now) is list:
            now[:] = items
            return now
        return deque(items, x.maxlen) if type(x) is deque else type(x)(items)
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
    if type(x) is bytes:
        return {"$bytes": x.hex()}
    if type(x) in PLAIN:
        return x
    if type(x) is list:
        return [packed(y, name) for y in x]
    if type(x) is dict:
        if all(type(key) is str and key[:1] != "$" for key in x):
            return {key: packed(y, name) for key, y in x.items()}
        return {"$dict": [[packed(key, name), packed(y, name)] for key, y in x.items()]}
    if type(x).__module__ == "numpy" and hasattr(x, "tolist") and not x.dtype.hasobject:
        shown = x.tobytes().hex() if x.dtype.kind not in "fiub" else x.tolist()
        return {"$numpy": [x.dtype.str, list(x.shape) if hasattr(x, "__len__") else None, shown]}
    kind = type(x).__name__
    if kind not in MAKERS:
        raise problem(TypeError, "state_kind", name=name, kind=kind)
    items = [packed(y, name) for y in (sorted(x) if kind.endswith("set") else x)]
    return {f"${kind}": items, **({"maxlen": x.maxlen} if kind == "deque" else {})}


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
    return MAKERS[tag[1:]](unpacked(x[tag]))


def _array(kind: str, shape: list[int] | None, shown: Any) -> Any:
    import numpy as np

    found = np.frombuffer(bytes.fromhex(shown), kind) if isinstance(shown, str) else np.array(shown, kind)
    return found.reshape(shape).copy() if shape is not None else found.reshape(())[()]
