"""What every node of a graph is called: its label, else the caller's variable, else v1, v2, ...

Constants are called by their number.  The same names stand in pictures, texts, tables and pages.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from autograd.graph import is_constant, topological_order
from autograd.messages import say
from autograd.trace.digits import constant

LIBRARY = tuple(str(Path(__file__).parents[2] / package) for package in ("autograd", "nn"))
# what XML forbids, and marks that turn the direction of the text around them
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)
LARGEST_LIST = 10_000  # elements of the caller's lists that are looked through


class Names:
    """The names of the nodes of one graph, looked up by node: `names[node]`."""

    def __init__(self, by_id: dict[int, str], made_up: list[str]) -> None:
        self.by_id = by_id
        self.made_up = made_up  # in forward order

    def __getitem__(self, node: Any) -> str:
        return self.by_id[id(node)]

    def __contains__(self, node: object) -> bool:
        return id(node) in self.by_id


def find_names(
    root: Any, names: Mapping[str, Any] | None = None, *, order: Sequence[Any] | None = None
) -> Names:
    """Names for every node that `root` (a node or several) was computed from.

    Args:
        root: a node, or a list of nodes.
        names: variable names to use instead of the caller's, such as `locals()`.
        order: the nodes in forward order, if the caller has them at hand.

    Raises:
        TypeError: the names are no dict.

    No two nodes share a name: a label that stands twice gets `_2`. Constants are excepted.

    >>> from autograd import Value
    >>> a = Value(2.0); b = Value(-3.0, label="bias")
    >>> L = a * a + b
    >>> found = find_names(L)
    >>> found[a], found[b], found[L], found.made_up
    ('a', 'bias', 'L', ['v1'])
    """
    nodes = topological_order(root) if order is None else order
    by_id: dict[int, str] = {}
    taken: set[str] = set()
    for node in nodes:
        label = one_line(getattr(node, "label", "") or "")
        if label:
            by_id[id(node)] = _free(label, taken)
            taken.add(by_id[id(node)])
    wanted = {id(node) for node in nodes}
    if names is not None and not isinstance(names, Mapping):
        raise TypeError(say("names_kind", kind=type(names).__name__))
    variables = _callers_variables() if names is None else _names_in(names.items())
    for name, found in variables:
        if found in wanted and found not in by_id and name not in taken:
            by_id[found] = name
            taken.add(name)
    made_up: list[str] = []
    count = 0
    for node in nodes:
        if id(node) in by_id:
            continue
        if is_constant(node):
            by_id[id(node)] = constant(node.data)
            continue
        count += 1
        while f"v{count}" in taken:
            count += 1
        by_id[id(node)] = f"v{count}"
        made_up.append(f"v{count}")
    return Names(by_id, made_up)


def one_line(text: Any) -> str:
    """A label on one line: runs of white space become one space, what cannot be printed is dropped."""
    return UNPRINTABLE.sub("", " ".join(str(text).split()))


def _free(name: str, taken: set[str]) -> str:
    """`name`, with a number behind it when another node is called so already."""
    count, free = 1, name
    while free in taken:
        count += 1
        free = f"{name}_{count}"
    return free


def _callers_variables() -> Iterator[tuple[str, int]]:
    """Pairs (variable, id of its object) of the frames outside this library, innermost first.

    Frames are looked through up to the first module or notebook cell.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(LIBRARY):
        frame = frame.f_back
    while frame is not None:
        yield from _names_in(frame.f_locals.items())
        if frame.f_locals is frame.f_globals or frame.f_code.co_name == "<module>":
            return
        if frame.f_back is None or frame.f_back.f_globals is not frame.f_globals:
            yield from _names_in(frame.f_globals.items())
            return
        frame = frame.f_back


def _names_in(variables: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, int]]:
    """Variables first, then elements of lists as `w[0]` and `w[0][1]`, then a model's parameters."""
    public = [
        (name, value) for name, value in list(variables) if str(name).isidentifier() and str(name)[0] != "_"
    ]
    found = public
    for _ in range(3):
        inner: list[tuple[str, Any]] = []
        for name, value in found:
            yield name, id(value)
            if type(value) in (list, tuple) and len(inner) + len(value) <= LARGEST_LIST:
                inner.extend((f"{name}[{i}]", element) for i, element in enumerate(value))
        found = inner
    for _, value in public:
        if callable(getattr(type(value), "named_parameters", None)):
            yield from _parameters_of(value)


def _parameters_of(model: Any) -> Iterator[tuple[str, int]]:
    """A model's parameters, `layers.0.neurons.3.w.1` as `w[0,3,1]`; in full where that would be ambiguous."""
    named = [(name, id(parameter)) for name, parameter in model.named_parameters()]
    short = [_shortened(name) for name, _ in named]
    for (name, parameter), brief in zip(named, short):
        yield brief if len(set(short)) == len(short) else name, parameter


def _shortened(name: str) -> str:
    """The last word of a dotted name, with the numbers in it as an index."""
    steps = name.split(".")
    numbers = ",".join(step for step in steps if step.isdigit())
    word = next((step for step in reversed(steps) if not step.isdigit()), "")
    return f"{word}[{numbers}]" if numbers else word
