"""Names for the parameters of a recorded function: those of its network, else their labels, else numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from autograd.value import Value


@dataclass(frozen=True, eq=False)
class Tensor:
    """Parameters under one name.

    Attributes:
        name: dotted, such as `layers.0.weight`.
        shape: () for a single number.
        index: which of the parameters stands where, in this shape.
    """

    name: str
    shape: tuple[int, ...]
    index: Any


OUTPUTS = ("loss", "failed")  # of an ONNX model, whose names are one kind


def tensors_of(
    function: Callable[..., Any], leaves: Sequence[Value], taken: Container[str] = ()
) -> list[Tensor]:
    """Names and shapes for parameters.

    Entries of one list, or of a list of lists, are one tensor under their common name; so are the vectors of
    parts that are all alike, such as the neurons of a layer. What no network knows has its label, else the
    name of the variable that the function reads it from, else a number.

    Args:
        function: a network's parameters have the names by which it knows them, where the function reaches it.
        leaves: the parameters.
        taken: the names of arguments; a parameter called so gets an underscore behind its name.
    """
    named = _named(function, leaves)
    groups: dict[str, dict[tuple[int, ...], int]] = {}
    for name, k in named.items():
        stem, index = _split(name)
        groups.setdefault(stem, {})[index] = k
    made = [t for stem, entries in groups.items() for t in _rectangular(stem, entries)]
    while (merged := _merged(made)) is not None:
        made = merged
    return _apart(made, taken)


def _named(function: Callable[..., Any], leaves: Sequence[Value]) -> dict[str, int]:
    """Name -> number of the parameter."""
    place = {id(leaf): k for k, leaf in enumerate(leaves)}
    named: dict[str, int] = {}
    for prefix, network in _networks(function):
        for name, p in network.named_parameters():
            if id(p) in place:
                named[f"{prefix}{name}"] = place.pop(id(p))
    for name, x in _reached(function):
        for path, leaf in _listed(x, name):
            if id(leaf) in place and path not in named and not leaf.label:
                named[path] = place.pop(id(leaf))
    for k, leaf in enumerate(leaves):
        if id(leaf) in place:
            label = getattr(leaf, "label", "") or ""
            as_read = unicodedata.normalize("NFKC", label)  # what Python makes of a name
            plain = label.isidentifier() and label == as_read and label not in named
            name = label if plain else f"p{k}"
            while name in named:
                name += "_"
            named[name] = place.pop(id(leaf))
    return named


def _apart(tensors: Sequence[Tensor], taken: Container[str]) -> list[Tensor]:
    """The same, with an underscore behind a name that means something else already."""
    names: list[str] = []
    for t in tensors:
        name = t.name
        while name in taken or name in OUTPUTS or name in names:
            name += "_"
        names.append(name)
    return [replace(t, name=name) for t, name in zip(tensors, names)]


def _networks(function: Callable[..., Any]) -> list[tuple[str, Any]]:
    """(prefix, network) for what the function reaches and has `named_parameters`; one alone has no prefix."""
    found: dict[int, tuple[str, Any]] = {}
    for name, x in _reached(function):
        held = {} if isinstance(x, (type, ModuleType)) else getattr(x, "__dict__", {})
        for part, y in [(name, x), *((key, y) for key, y in held.items() if name == "self")]:
            if callable(getattr(y, "named_parameters", None)) and not isinstance(y, type):
                found.setdefault(id(y), (part, y))
                break
    several = len(found) > 1
    return [(f"{name}." if several else "", x) for name, x in found.values()]


def _reached(function: Any) -> Iterator[tuple[str, Any]]:
    """(name, object) for all that a function names: captured, global, default, and what it is bound to."""
    function = getattr(function, "as_written", function)
    owner = getattr(function, "__self__", None)
    if owner is not None:
        yield "self", owner
    if not hasattr(function, "__code__"):
        yield "self", function
        function = getattr(type(function), "__call__", None)  # noqa: B004 - the method itself is looked into
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None:
        return
    for name, cell in zip(code.co_freevars, function.__closure__ or ()):
        try:
            yield name, cell.cell_contents
        except ValueError:  # noqa: PERF203 - a cell that is not filled yet says so in no other way
            continue
    for name in _mentioned(code):
        if name in function.__globals__:
            yield name, function.__globals__[name]
    for x in function.__defaults__ or ():
        yield "default", x


def _mentioned(code: CodeType) -> Iterator[str]:
    """The names in a function and in what stands inside it: a comprehension is a function of its own."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _mentioned(part)


def _listed(x: Any, name: str) -> Iterator[tuple[str, Value]]:
    """(dotted path, Value) for what stands in a list or dict, or in lists and dicts of it."""
    if isinstance(x, Value):
        yield name, x
    elif isinstance(x, (list, tuple)):
        for k, part in enumerate(x):
            yield from _listed(part, f"{name}.{k}")
    elif isinstance(x, dict):
        for key, part in x.items():
            if isinstance(key, str) and key.isidentifier():
                yield from _listed(part, f"{name}.{key}")


def _split(name: str) -> tuple[str, tuple[int, ...]]:
    """`a.0.w.1.2` is `a.0.w` at (1, 2)."""
    parts = name.split(".")
    at = len(parts)
    while at > 1 and parts[at - 1].isdigit():
        at -= 1
    return ".".join(parts[:at]), tuple(map(int, parts[at:]))


def _rectangular(stem: str, entries: dict[tuple[int, ...], int]) -> list[Tensor]:
    """One tensor where the entries fill a rectangle; else one for each."""
    depths = {len(index) for index in entries}
    if len(depths) == 1:
        shape = tuple(max(index[k] for index in entries) + 1 for k in range(depths.pop()))
        if np.prod(shape, dtype=int) == len(entries):
            places = np.zeros(shape, np.int64)
            for index, k in entries.items():
                places[index] = k
            return [Tensor(stem, shape, places)]
    return [Tensor(".".join([stem, *map(str, index)]), (), np.array(k)) for index, k in entries.items()]


def _merged(tensors: list[Tensor]) -> list[Tensor] | None:
    """Tensors where the parts of one list, of vectors and single numbers all alike, have become one part."""
    lists: dict[str, dict[int, dict[str, Tensor]]] = {}
    for t in tensors:
        match = re.fullmatch(r"(.*)\.(\d+)\.([A-Za-z_]\w*)", t.name)
        if match:
            stem, k, rest = match.groups()
            lists.setdefault(stem, {}).setdefault(int(k), {})[rest] = t
    for stem, parts in lists.items():
        kinds = {tuple(sorted((rest, t.shape) for rest, t in part.items())) for part in parts.values()}
        below = [t for t in tensors if re.match(rf"{re.escape(stem)}\.\d+\.", t.name)]
        if len(kinds) != 1 or [*parts] != [*range(len(parts))] or len(parts) < 2:
            continue
        if any(len(t.shape) > 1 for t in below) or len(below) != sum(map(len, parts.values())):
            continue
        new = {
            rest: Tensor(
                f"{stem}.{rest}",
                (len(parts), *t.shape),
                np.stack([part[rest].index for part in parts.values()]),
            )
            for rest, t in parts[0].items()
        }
        gone = {id(t) for t in below}
        at = next(i for i, t in enumerate(tensors) if id(t) in gone)
        before = [t for t in tensors[:at] if id(t) not in gone]
        return [*before, *new.values(), *[t for t in tensors[at:] if id(t) not in gone]]
    return None
