"""What the backward() of somebody's own engine does: run on the objects themselves, watched, and undone.

A copy would not do: the closures of the nodes hold the originals. So every node's attributes are kept before
and put back after, whatever happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from autograd.trace.nodes import held_operands, local_derivatives, table_number
from autograd.trace.steps import Node, Trace, in_order
from autograd.value import Value

MOST_NODES = 60  # op nodes; a wrong order may take one step for every path
MOST = 2_000  # additions
CLOSE = 1e-9


class Addition(NamedTuple):
    """One time that a `.grad` was written."""

    speaker: Any  # the node whose rule ran; None where that cannot be known
    operand: Any
    before: float
    after: float


class OwnStep(NamedTuple):
    """One step of the learner's, and where the operand's gradient should be after it."""

    node: Node | None  # None: the start, or nobody knows who spoke
    place: int  # which operand; -1 where this edge has handed on already
    operand: Node
    yours: float | None  # None: the code takes no such step
    right: float | None  # None: there is no such step to take

    @property
    def parts(self) -> bool:
        """True where the two differ."""
        if self.yours is None or self.right is None:
            return True
        return abs(self.yours - self.right) > CLOSE * max(1.0, abs(self.right)) or self.yours != self.yours


class OwnPass(NamedTuple):
    """A watched pass: its steps beside the right ones, and how it ended."""

    steps: list[OwnStep]
    error: str

    @property
    def first_wrong(self) -> int | None:
        """The place of the first step that differs."""
        return next((k for k, step in enumerate(self.steps) if step.parts), None)

    @property
    def parts(self) -> bool:
        """True where the learner's code does something else than is right, or fails."""
        return self.first_wrong is not None or bool(self.error)


class _TooManyError(BaseException):
    """Ends a pass that goes on and on; no `except Exception` of the learner's holds it up."""


def own_pass(trace: Trace) -> OwnPass | None:
    """Run the learner's own backward() on the graph and compare it step by step.

    None for Values, for engines without a backward(), for large graphs, and where the objects cannot be
    watched. Every attribute of every node is as it was before.
    """
    root = trace.root.source
    backward = getattr(type(root), "backward", None)
    if isinstance(root, Value) or not callable(backward) or len(trace.nodes) > MOST_NODES or trace.unknown:
        return None
    nodes = in_order(trace.nodes, trace.root)
    error = ""
    with _watched([node.source for node in nodes]) as seen:
        if seen is None:
            return None
        try:
            root.backward()
        except _TooManyError:
            error = f"{MOST:,}"
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}".rstrip(": ")
    return OwnPass(_beside(trace, nodes, seen), error)


# -- watching -----------------------------------------------------------------------------------------------


@contextmanager
def _watched(objects: Sequence[Any]) -> Iterator[list[Addition] | None]:
    """Objects whose gradients begin at 0 and tell when they are written; all of it is undone."""
    kept = [_attributes(x) for x in objects]
    kinds = [type(x) for x in objects]
    seen: list[Addition] = []
    known = {id(x) for x in objects}
    users = _users(objects)
    speaking: list[Any] = []
    last_read: list[Any] = [None]

    def watching(kind: Any) -> type:
        def write(self: Any, name: str, value: Any) -> None:
            if name == "grad" and id(self) in known:
                speaker = speaking[-1] if speaking else last_read[0]
                if not speaking and id(speaker) not in users[id(self)]:
                    speaker = None
                before = _number(kind.__getattribute__(self, "grad"))
                seen.append(Addition(speaker, self, before, _number(value)))
                if len(seen) > MOST:
                    raise _TooManyError
            kind.__setattr__(self, name, value)

        def read(self: Any, name: str) -> Any:
            if name == "grad":
                last_read[0] = self
            return kind.__getattribute__(self, name)

        names = {"__slots__": (), "__setattr__": write, "__getattribute__": read}
        return type(kind.__name__, (kind,), names)

    try:
        made = {kind: watching(kind) for kind in set(kinds)}
        for x in objects:
            rule = getattr(x, "_backward", None)
            x.grad = 0.0
            if callable(rule) and "_backward" in getattr(x, "__dict__", ()):
                x._backward = _spoken(rule, x, speaking)
            x.__class__ = made[type(x)]
    except (TypeError, AttributeError):  # made in C, or closed in another way
        _put_back(objects, kinds, kept)
        yield None
        return
    try:
        yield seen
    finally:
        _put_back(objects, kinds, kept)


def _spoken(rule: Callable[[], Any], node: Any, speaking: list[Any]) -> Callable[[], Any]:
    def run() -> Any:
        speaking.append(node)
        try:
            return rule()
        finally:
            speaking.pop()

    return run


def _number(x: Any) -> float:
    try:
        return float(x)
    except (TypeError, ValueError):
        return float("nan")


def _users(objects: Sequence[Any]) -> dict[int, set[int]]:
    users: dict[int, set[int]] = {id(x): set() for x in objects}
    for x in objects:
        for operand in held_operands(x) or ():
            users.setdefault(id(operand), set()).add(id(x))
    return users


def _slots(x: Any) -> list[str]:
    names: list[str] = []
    for kind in type(x).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        names += [slots] if isinstance(slots, str) else slots
    return [name for name in names if name not in ("__dict__", "__weakref__")]


def _attributes(x: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    slots = {name: getattr(x, name) for name in _slots(x) if hasattr(x, name)}
    return dict(getattr(x, "__dict__", {})), slots


def _put_back(objects: Sequence[Any], kinds: Sequence[type], kept: Sequence[tuple[Any, Any]]) -> None:
    for x, kind, (attributes, slots) in zip(objects, kinds, kept):
        if type(x) is not kind:
            x.__class__ = kind
        if attributes or hasattr(x, "__dict__"):
            x.__dict__.clear()
            x.__dict__.update(attributes)
        for name, value in slots.items():
            setattr(x, name, value)


# -- beside the right pass ----------------------------------------------------------------------------------


def _right_locals(node: Node) -> list[float]:
    """The local derivatives by the table where the op is known, else the learner's."""
    parents = [x.source for x in node.operands]
    own = local_derivatives(node.source, parents)
    told = [table_number(node.source, parents, i) for i in range(len(parents))]
    return [(x.number or 0.0) if t is None else t for x, t in zip(own, told)]


def _beside(trace: Trace, nodes: Sequence[Node], seen: Sequence[Addition]) -> list[OwnStep]:
    by_id = {id(node.source): node for node in nodes}
    locals_ = {node: _right_locals(node) for node in trace.nodes}
    right = dict.fromkeys(nodes, 0.0)
    right[trace.root] = 1.0
    for node in reversed(trace.nodes):
        for operand, local in zip(node.operands, locals_[node]):
            right[operand] += right[node] * local
    so_far = dict.fromkeys(nodes, 0.0)
    waiting = {node: list(range(len(node.operands))) for node in trace.nodes}
    seed = [x.after for x in seen if x.speaker is None and by_id[id(x.operand)] is trace.root and x.after]
    steps = [OwnStep(None, 0, trace.root, seed[-1] if seed else 0.0, 1.0)]
    for speaker, operand, _, after in seen:
        spoke, target = by_id.get(id(speaker)), by_id[id(operand)]
        if spoke is None:
            if target is not trace.root and after:  # not the zeroing before a pass
                steps.append(OwnStep(None, -1, target, after, None))
            continue
        edges = [i for i in waiting.get(spoke, ()) if spoke.operands[i] is target]
        if not edges:
            steps.append(OwnStep(spoke, -1, target, after, None))
            continue
        waiting[spoke].remove(edges[0])
        so_far[target] += right[spoke] * locals_[spoke][edges[0]]
        steps.append(OwnStep(spoke, edges[0], target, after, so_far[target]))
    for node in reversed(trace.nodes):
        for i in waiting[node]:
            so_far[node.operands[i]] += right[node] * locals_[node][i]
            if right[node] and locals_[node][i]:
                steps.append(OwnStep(node, i, node.operands[i], None, so_far[node.operands[i]]))
    return steps
