"""Collapsing by scope: which nodes are drawn as one box.

A scope is a path such as `("MLP(2, [4])", "layers.0: Layer(2 -> 4)", "neurons.3: Neuron(2)")`: each step a
name, a kind, or both.  Modules set it on their outputs; a node without a scope whose consumers are all in one
belongs there too, and so does a leaf that is used in one place only, such as a weight.  Siblings of one kind
share a box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograd.graph import is_constant
from autograd.messages import listed, say
from autograd.trace.folding import Graph
from autograd.trace.names import one_line

Path = tuple[str, ...]
SEPARATE = 4  # up to so many siblings of one kind are drawn one by one
ENOUGH = 40  # boxes: with fewer, scopes are opened further


class NodeGroup(NamedTuple):
    """A box for many nodes: its name, its kind, and the numbers of the nodes."""

    name: str
    kind: str
    nodes: list[int]
    content: str = ""  # "16 x Neuron(2)", where all that it holds is of one kind
    opens: str = ""  # what `expand` takes to open it, or the first of several


class Parts(NamedTuple):
    """A graph cut into what is drawn: per node its part's number, per part a group or a node's number."""

    part: list[int]
    parts: list[NodeGroup | int]
    scopes: Sequence[Path] = ()  # of every node


def collapsed(graph: Graph, expand: Iterable[str] = (), most: int = 300) -> Parts:
    """Cut a graph into groups by scope and single nodes.

    Args:
        graph: what is to be drawn.
        expand: dotted names of scopes to open, such as "layers.0"; what encloses them is opened too.
        most: nodes outside every scope are drawn one by one up to this number, then as one box.
    """
    scopes = scopes_of(graph)
    opened = _opened(scopes, expand)
    loose = [i for i, scope in enumerate(scopes) if scope == ()]
    if len(loose) > most:
        scopes = _gather_loose(graph, scopes)
        opened = _opened(scopes, expand)
    cut = _cut(scopes, opened)
    for _ in range(4):
        further = opened | {scope for scope in _shown(scopes, opened) if _falls_apart(scopes, scope)}
        finer = _cut(scopes, further)
        if len(finer.parts) > ENOUGH or further == opened:
            break
        cut, opened = finer, further
    return cut


def _shown(scopes: Sequence[Path], opened: set[Path]) -> set[Path]:
    """The scopes that are boxes when `opened` are open."""
    return {_visible(scope, opened) for scope in set(scopes)} - {()}


def _falls_apart(scopes: Sequence[Path], scope: Path) -> bool:
    """True when a scope holds more than one box for scopes."""
    n = len(scope)
    steps = {inner[n] for inner in set(scopes) if len(inner) > n and inner[:n] == scope}
    return len({_kind(step) for step in steps}) > 1 or 1 < len(steps) <= SEPARATE


def scopes_of(graph: Graph) -> list[Path]:
    """The scope of every node, also of those that got none of their own; () outside of all."""
    own: list[Path] = [tuple(getattr(node, "scope", ()) or ()) for node in graph.nodes]
    found: list[Path | None] = [scope or None for scope in own]  # None: no consumer has been met
    private = [not operands and not is_constant(node) for node, operands in zip(graph.nodes, graph.operands)]
    common: dict[tuple[Path, Path], Path] = {}
    for i in range(len(own) - 1, -1, -1):
        scope = found[i] or ()
        found[i] = scope
        for k in graph.operands[i]:
            before = found[k]
            if before is None:
                found[k] = scope
            elif before != scope and not own[k]:
                if private[k]:  # a leaf that is used in several places belongs to none
                    found[k] = ()
                    continue
                if (before, scope) not in common:
                    common[before, scope] = _common(before, scope)
                found[k] = common[before, scope]
    return [scope or () for scope in found]


def _common(one: Path, other: Path) -> Path:
    """The scope that encloses both."""
    n = 0
    while n < min(len(one), len(other)) and one[n] == other[n]:
        n += 1
    return one[:n]


def dotted(scope: Path) -> str:
    """The name of a scope as `expand` takes it: "layers.0" for ("MLP(2, [4])", "layers.0: Layer(2 -> 4)")."""
    steps = [step.split(": ")[0] for step in scope]
    return ".".join(steps[1:] if len(steps) > 1 and "(" in steps[0] else steps)


def _opened(scopes: Sequence[Path], expand: Iterable[str]) -> set[Path]:
    """The scopes to be opened: those asked for, with all that encloses them."""
    wanted = {expand} if isinstance(expand, str) else set(expand)
    opened: set[Path] = set()
    known: set[str] = set()
    for scope in set(scopes):
        for n in range(1, len(scope) + 1):
            known.add(dotted(scope[:n]))
            if dotted(scope[:n]) in wanted:
                opened.update(scope[:k] for k in range(1, n + 1))
    if wanted - known:
        names = listed(repr(name) for name in sorted(known)[:8])
        raise ValueError(say("draw_no_scope", name=min(wanted - known), known=names or "-"))
    return opened


def _visible(scope: Path, opened: set[Path]) -> Path:
    """The outermost enclosing scope that is not opened; () when all are."""
    for n in range(1, len(scope) + 1):
        if scope[:n] not in opened:
            return scope[:n]
    return ()


def _cut(scopes: Sequence[Path], opened: set[Path]) -> Parts:
    """Parts for the scopes that are visible when `opened` are open."""
    visible = {scope: _visible(scope, opened) for scope in set(scopes)}
    box_of = _share_boxes(sorted(set(visible.values()) - {()}))
    parts: list[NodeGroup | int] = []
    part = [0] * len(scopes)
    number: dict[Path, int] = {}
    for i, scope in enumerate(scopes):
        shown = visible[scope]
        if not shown:
            part[i] = len(parts)
            parts.append(i)
            continue
        key, name, kind = box_of[shown]
        if key not in number:
            number[key] = len(parts)
            content = _content(scopes, shown) if key == shown else ""
            parts.append(NodeGroup(name, kind, [], content, dotted(shown)))
        part[i] = number[key]
        box = parts[part[i]]
        if isinstance(box, NodeGroup):
            box.nodes.append(i)
    return Parts(part, parts, scopes)


def _share_boxes(visible: Sequence[Path]) -> dict[Path, tuple[Path, str, str]]:
    """For each scope its box: (key, name, kind); many siblings of one kind get the same."""
    families: dict[tuple[Path, str], list[Path]] = {}
    for scope in visible:
        families.setdefault((scope[:-1], _kind(scope[-1])), []).append(scope)
    boxes: dict[Path, tuple[Path, str, str]] = {}
    for (_, kind), siblings in families.items():
        for scope in siblings:
            name, _, own = scope[-1].partition(": ")
            if len(siblings) > SEPARATE:
                shared = (*siblings[0][:-1], f"{len(siblings)} x {kind}")
                boxes[scope] = (shared, one_line(shared[-1]), one_line(dotted(scope[:-1])))
            else:
                boxes[scope] = (scope, one_line(dotted(scope) if own else name), one_line(own))
    return boxes


def _content(scopes: Sequence[Path], scope: Path) -> str:
    """What a scope holds if that is several scopes of one kind, "16 x Neuron(2)"; else ""."""
    n = len(scope)
    inner = {other[n] for other in set(scopes) if len(other) > n and other[:n] == scope}
    kinds = {_kind(step) for step in inner}
    return f"{len(inner)} x {one_line(min(kinds))}" if len(kinds) == 1 and len(inner) > 1 else ""


def _kind(step: str) -> str:
    """What siblings have in common: the kind, or the name without its number."""
    name, _, kind = step.partition(": ")
    return kind or name.rstrip("0123456789").rstrip("._ ")


def _gather_loose(graph: Graph, scopes: Sequence[Path]) -> list[Path]:
    """Scopes of their own for the many nodes outside: leaves in one, the rest in another, results apart."""
    used = {k for operands in graph.operands for k in operands}
    loose = [("other ops",) if operands else ("other leaves",) for operands in graph.operands]
    return [scope if scope or i not in used else loose[i] for i, scope in enumerate(scopes)]


def crossing_links(graph: Graph, parts: Parts) -> dict[tuple[int, int], int]:
    """Edges between different parts, with how many uses each stands for."""
    links: dict[tuple[int, int], int] = {}
    part = parts.part
    for i, operands in enumerate(graph.operands):
        target = part[i]
        for k in operands:
            if part[k] != target:
                pair = (part[k], target)
                links[pair] = links.get(pair, 0) + 1
    return links
