"""Every path from a node to the result, with the product of the local derivatives along it.

There may be 2**60 of them.  So they are counted without being listed, and the largest are found first.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import Any, NamedTuple

from autograd.trace.steps import Node, Step, Trace

LONGEST = 9  # nodes of a path that are named; of more, both ends


@dataclass(eq=False, repr=False)
class Path:
    """One way of a node to move the result: the steps from the result down, and their product."""

    steps: tuple[Step, ...]
    goal: Node

    def __repr__(self) -> str:
        names = [node.name for node in self.nodes]
        if len(names) > LONGEST:
            names = [*names[:4], f"... ({len(names) - 8}) ...", *names[-4:]]
        return f"{' <- '.join(names)}: {self.goal.digits(self.product)}"

    @property
    def nodes(self) -> list[Node]:
        """The nodes of the way, from the result to the node."""
        return [*[step.node for step in self.steps], self.goal]

    @property
    def product(self) -> float:
        """The product of the local derivatives along the path; 0 where a choice keeps the path out."""
        if any(step.is_kept_out for step in self.steps):
            return 0.0
        return reduce(mul, [step.local for step in self.steps], 1.0)


def count_paths(trace: Trace) -> dict[Node, int]:
    """How many paths lead from the root to each node that it depends on: exact, however many."""
    counts: dict[Node, int] = {trace.root: 1}
    for step in trace.steps:
        if step.node in counts:
            counts[step.operand] = counts.get(step.operand, 0) + counts[step.node]
    return counts


def every_path(trace: Trace, goal: Node) -> Iterator[Path]:
    """All paths to `goal`, one after the other, in the order of the backward pass."""
    depending = count_paths(trace)
    stack: list[tuple[Node, _Chain]] = [(goal, None)]
    while stack:
        node, below = stack.pop()
        if node is not trace.root:
            stack += [(x.node, (x, below)) for x in reversed(node.uses) if x.node in depending]
            continue
        steps = []
        while below is not None:
            step, below = below
            steps.append(step)
        yield Path(tuple(steps), goal)


def largest_paths(trace: Trace, goal: Node, most: int) -> list[Path]:
    """The `most` paths with the largest products by size, the largest first; all of them as backward goes.

    Every node keeps the best `most` ways on to the goal, so the work grows with the edges, not the paths.
    """
    best: dict[Node, list[_Way]] = {goal: [_Way(0.0, None, 0)]}
    for node in trace.nodes:
        if node is goal:
            continue
        ways = [
            _Way(_log(step.local) + way.size, step, i)
            for step in trace.steps_at(node)
            for i, way in enumerate(best.get(step.operand, ()))
        ]
        if ways:
            best[node] = heapq.nlargest(most, ways, key=lambda way: way.size)
    found = [_walk(best, trace.root, i) for i in range(len(best.get(trace.root, ())))]
    found.sort(key=lambda path: [step.number for step in reversed(path.steps)])
    if count_paths(trace).get(goal, 0) > len(found):
        found.sort(key=lambda path: -abs(path.product) if path.product == path.product else 0.0)
    return found


_Chain = Any  # None, or a step and the chain below it


class _Way(NamedTuple):
    """One of a node's best ways on to the goal: the next step, then the operand's way number `then`."""

    size: float  # the log of the product's size
    step: Step | None
    then: int


def _walk(best: Mapping[Node, Sequence[_Way]], node: Node, i: int) -> Path:
    steps: list[Step] = []
    way = best[node][i]
    while way.step is not None:
        steps.append(way.step)
        node = way.step.operand
        way = best[node][way.then]
    return Path(tuple(steps), node)


def _log(x: float) -> float:
    """The log of a size; 0 and nan count as the smallest."""
    return math.log(abs(x)) if x and x == x else -1e9


def parts_on_paths(trace: Trace, goal: Node) -> Sequence[Step]:
    """The steps that lie on some path to `goal`."""
    reaching = {goal}
    for step in reversed(trace.steps):
        if step.operand in reaching:
            reaching.add(step.node)
    return [step for step in trace.steps if step.operand in reaching and step.node in reaching]
