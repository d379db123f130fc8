"""The arguments of a recorded function as arrays: which there are, of which shape, and what is fixed."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TAKEN = {
    "params", "batch", "lead", "loss", "gradients", "failed", "valid", "here", "rest", "left", "bad", "more",
    "order", "way", "name", "place", "constants", "self", "np", "torch", "jax", "jnp", "math", "float",
}  # fmt: skip


class ExportError(Exception):
    """A recorded function cannot be written for another library; the message says why and what works."""


@dataclass(frozen=True)
class Input:
    """One array among the arguments.

    Attributes:
        name: a Python name.
        path: how it is reached from the argument, such as `x` or `x["left"][0]`.
        shape: of one sample.
        whole: whether its numbers were ints or token numbers.
    """

    name: str
    path: str
    shape: tuple[int, ...]
    whole: bool


@dataclass(frozen=True)
class Signature:
    """What a function takes.

    Attributes:
        arguments: the names of those that hold numbers, in order.
        inputs: the arrays in them, in the order in which the recorded program knows their numbers.
        fixed: the names of those that hold none (text, a switch): they are what they were while recording.
    """

    arguments: list[str]
    inputs: list[Input]
    fixed: list[str]


def signature_of(function: Callable[..., Any], key: Any) -> Signature:
    """What a recorded function takes, from the key of the arguments that a program was recorded with."""
    positional, named = key
    names = _names(function, len(positional))
    arguments: list[str] = []
    inputs: list[Input] = []
    fixed: list[str] = []
    for name, part in [*zip(names, positional), *named]:
        found = _inputs(part, name, name)
        inputs += found
        (arguments if found else fixed).append(name)
    return Signature(arguments, inputs, fixed)


def _names(function: Callable[..., Any], count: int) -> list[str]:
    try:
        parameters = [*inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):  # built in, or wrapped in something odd
        parameters = []
    names: list[str] = []
    for p in parameters:
        if p.kind is p.VAR_POSITIONAL:
            names += [f"{p.name}_{k}" for k in range(count - len(names))]
        elif p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            names.append(p.name)
    names += [f"x{k}" for k in range(len(names), count)]
    return [_free(name) for name in names[:count]]


def _free(name: str) -> str:
    """A name that means nothing else in what is written."""
    taken = keyword.iskeyword(name) or name in TAKEN or re.fullmatch(r"(d_)?[vg]\d+|INDEX_.*|way_\d+", name)
    return f"{name}_" if taken else name


def _shape(part: Any) -> tuple[tuple[int, ...], bool] | None:
    """(shape, whether whole) where a part is one array of numbers, else None."""
    if isinstance(part, str):
        return (), part != "number"
    kind = part[0]
    if kind == "value":
        return (), False
    if kind == "scalar":
        return (), part[2] != "number"
    if kind == "array":
        return part[3], part[5] != "number"
    if kind not in ("list", "tuple"):
        return None
    items = [_shape(item) for item in part[2 if kind == "list" else 1 :]]
    first = items[0] if items else None
    if first is None or any(item is None or item[0] != first[0] for item in items):
        return None
    return (len(items), *first[0]), all(item[1] for item in items if item is not None)


def _inputs(part: Any, name: str, path: str) -> list[Input]:
    found = _shape(part)
    if found is not None:
        return [Input(name, path, *found)]
    if part[0] == "dict":
        entries = [(item[0], item[1], repr(item[0])) for item in part[2:]]
    elif part[0] in ("list", "tuple", "named"):
        items = part[1:] if part[0] == "tuple" else part[2:]
        entries = [(str(k), item, str(k)) for k, item in enumerate(items)]
    else:
        return []
    return [
        x
        for k, (key, item, text) in enumerate(entries)
        for x in _inputs(
            item, f"{name}_{key}" if f"{name}_{key}".isidentifier() else f"{name}_{k}", f"{path}[{text}]"
        )
    ]
