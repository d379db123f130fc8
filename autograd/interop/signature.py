"""The arguments of a recorded function as arrays: which there are, of which shape, and what is fixed."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from typing import Any

from autograd.messages import say
from autograd.replay.ops import OPS

TAKEN = {
    "params", "batch", "lead", "loss", "gradients", "failed", "valid", "here", "rest", "left", "bad", "more",
    "order", "way", "name", "place", "constants", "self", "np", "torch", "jax", "jnp", "math", "float",
    "PARAMS", "value_and_gradients", "pick", "one_hot", "add_at", "add_rows_at", "share_of", "shares", *OPS,
}  # fmt: skip
OWN = re.compile(
    r"source|place|memory|table|constants(_\d+)?|(d_)?[vg]\d+|way_\d+|(INDEX|MASK|recorded|own|flow_of)_.*(?<!_)"
    r"|(nothing|minus_infinity|filler)(_\d+)?"
)


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

    What holds none (text, a switch) is what it was while recording.
    """

    arguments: list[str]
    inputs: list[Input]


def signature_of(function: Callable[..., Any], key: Any) -> Signature:
    """What a recorded function takes, from the key of the arguments that a program was recorded with."""
    positional, named = key
    names = [*_names(function, len(positional)), *(name for name, _ in named)]
    every: list[str] = []
    for name in names:
        every.append(_free(name, every))
    arguments: list[str] = []
    inputs: list[Input] = []
    for name, part in zip(every, [*positional, *(part for _, part in named)]):
        found = _inputs(part, name, name)
        for x in found:  # where an argument holds several arrays, their names are new ones
            free = name if x.name == name else _free(x.name, [*every, *(y.name for y in inputs)])
            inputs.append(replace(x, name=free))
        if found:
            arguments.append(name)
    return Signature(arguments, inputs)


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
    return names[:count]


def takes_nothing(function: Callable[..., Any]) -> bool:
    """Whether a function has no arguments, so that there is no example of them."""
    try:
        return not inspect.signature(function).parameters
    except (TypeError, ValueError):  # built in, or wrapped in something odd
        return False


def _free(name: str, others: Container[str]) -> str:
    """A name that means nothing else in what is written."""
    while keyword.iskeyword(name) or name in TAKEN or name in others or OWN.fullmatch(name):
        name += "_"
    return name


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


def _written(key: Any) -> str:
    """The key of a dict as Python text, from what `Arguments` made of it.

    Raises:
        ExportError: it is an object that no text says.
    """
    if isinstance(key, str):
        return repr(key)
    kind, *parts = key
    if kind == "tuple":
        return f"({', '.join(map(_written, parts))},)"
    if kind == "object":
        raise ExportError(say("export_key"))
    return str(parts[0])


def _inputs(part: Any, name: str, path: str) -> list[Input]:
    found = _shape(part)
    if found is not None:
        return [Input(name, path, *found)]
    if part[0] == "dict":
        entries = [(_written(key).strip("'"), item, _written(key)) for key, item in part[2:]]
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
