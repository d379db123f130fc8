"""The random state of a run: Python's `random`, NumPy's, and every generator that a part of it holds."""

from __future__ import annotations

import functools
import random
import sys
import types
from typing import Any

from autograd import Value
from nn.messages import problem
from nn.state import packed, unpacked

SKIPPED = ("state", "param_groups", "_tensors")  # of an optimiser: as long as the model, and numbers
NUMBERS = (Value, float, int, str)


def generators_in(roots: dict[str, Any]) -> dict[str, Any]:
    """Every generator that the objects hold, however deep, by where it was first found.

    >>> from nn import Dropout
    >>> list(generators_in({"model": Dropout(0.5, generator=random.Random(0))}))
    ['model._generator']
    """
    found: dict[str, Any] = {}
    seen: set[int] = set()
    waiting = list(roots.items())[::-1]
    while waiting:
        name, x = waiting.pop()
        if id(x) in seen or isinstance(x, (*NUMBERS, type, types.ModuleType)):
            continue
        seen.add(id(x))
        if _kind(x):
            found[name] = x
        else:
            waiting += [(f"{name}.{inner}", y) for inner, y in _inside(x)][::-1]
    return found


def _inside(x: Any) -> list[tuple[str, Any]]:
    if isinstance(x, (list, tuple, set, frozenset)):
        items = list(x)
        return [] if items and isinstance(items[0], NUMBERS) else [(str(i), y) for i, y in enumerate(items)]
    if isinstance(x, dict):
        return [(str(key), y) for key, y in x.items()]
    if isinstance(x, functools.partial):
        return [("func", x.func), ("args", x.args), ("keywords", x.keywords)]
    if isinstance(x, (types.MethodType, types.BuiltinMethodType)):
        return [("self", x.__self__), ("func", getattr(x, "__func__", None))]
    if isinstance(x, types.FunctionType):
        return _held_by(x)
    if type(x).__module__.split(".")[0] in sys.stdlib_module_names - {"__main__"}:
        return []
    held = [(name, y) for name, y in getattr(x, "__dict__", {}).items() if name not in SKIPPED]
    methods = [f for kind in type(x).__mro__ if not _is_ours(kind) for f in vars(kind).values()]
    for method in methods:
        if isinstance(method, types.FunctionType):
            held += [(name, y) for name, y in _held_by(method) if _kind(y)]
    return held


def _is_ours(kind: type) -> bool:
    return kind.__module__.split(".")[0] in ("nn", "autograd", "builtins")


def _held_by(function: types.FunctionType) -> list[tuple[str, Any]]:
    """What a function has captured; of its module's names those of generators alone."""
    names, code = function.__globals__, function.__code__
    held = [(name, names[name]) for name in code.co_names if name in names and _kind(names[name])]
    held += [(name, _content(cell)) for name, cell in zip(code.co_freevars, function.__closure__ or ())]
    held += [(str(i), y) for i, y in enumerate(function.__defaults__ or ())]
    return [*held, *(function.__kwdefaults__ or {}).items(), *vars(function).items()]


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not assigned yet
        return None


def _kind(x: Any) -> str:
    """What kind of generator it is, "" for none."""
    if isinstance(x, random.Random):
        return "" if isinstance(x, random.SystemRandom) else "random.Random"
    numpy = sys.modules.get("numpy")
    if numpy is None or type(x).__module__.split(".")[0] != "numpy":
        return ""
    kinds = ("Generator", "RandomState", "BitGenerator")
    return next((f"numpy.random.{kind}" for kind in kinds if isinstance(x, getattr(numpy.random, kind))), "")


def state_of_generator(generator: Any) -> Any:
    """Where a generator stands, for JSON."""
    kind = _kind(generator)
    if kind == "random.Random":
        return packed(generator.getstate())
    if kind == "numpy.random.RandomState":
        return packed(generator.get_state(legacy=False))
    return packed(getattr(generator, "bit_generator", generator).state)


def set_state_of_generator(generator: Any, state: Any) -> None:
    """Let a generator go on where `state_of_generator` was taken."""
    kind = _kind(generator)
    if kind == "random.Random":
        generator.setstate(unpacked(state))
    elif kind == "numpy.random.RandomState":
        generator.set_state(unpacked(state))
    else:
        getattr(generator, "bit_generator", generator).state = unpacked(state)


def random_state(roots: dict[str, Any]) -> dict[str, Any]:
    """Where all generators stand: the global ones, and those that the objects hold."""
    found: dict[str, Any] = {"random": packed(random.getstate())}
    if "numpy" in sys.modules:
        import numpy as np

        found["numpy"] = packed(np.random.get_state(legacy=False))
    held = generators_in(roots)
    found["generators"] = {name: [_kind(g), state_of_generator(g)] for name, g in held.items()}
    return found


def set_random_state(roots: dict[str, Any], state: dict[str, Any]) -> None:
    """Let all generators go on where `random_state` was taken.

    Raises:
        ValueError: the objects hold other generators than then; the message names them.
    """
    held = generators_in(roots)
    then = {f"{name} ({kind})" for name, (kind, _) in state["generators"].items()}
    now = {f"{name} ({_kind(g)})" for name, g in held.items()}
    if then != now:
        raise problem(ValueError, "state_generators", names=", ".join(sorted(then ^ now)))
    for name, (_, one) in state["generators"].items():
        set_state_of_generator(held[name], one)
    if "numpy" in state:
        import numpy as np

        np.random.set_state(unpacked(state["numpy"]))
    random.setstate(unpacked(state["random"]))
