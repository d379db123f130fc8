"""Every path from a node to the result, with the product of the local derivatives along it.

There may be 2**60 of them.  So they are counted without being listed, and the largest are found first.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import NamedTuple

from autograd.trace.steps import Node, Step, Trace


@dataclass(eq=False)
class Path:
    """One way of a node to move the result: the steps from the result down, and their product."""

    steps: tuple[Step, ...]

    @property
    def nodes(self) -> list[Node]:
        """From the result to the node."""
        return [self.steps[0].node, *[step.operand for step in self.steps]]

    @property
    def product(self) -> float:
        """The product of the local derivatives along the path; 0 where a choice keeps the path out."""
        if any(step.is_kept_out for step in self.steps):
            return 0.0
        return reduce(mul, [step.local for step in self.steps], 1.0)


def count_paths(trace: Trace, goal: Node) -> int:
    """How many paths lead from the root to `goal`: exact, however many."""
    counts: dict[Node, int] = {trace.root: 1}
    for step in trace.steps:
        counts[step.operand] = counts.get(step.operand, 0) + counts.get(step.node, 0)
    return counts.get(goal, 0)


def largest_paths(trace: Trace, goal: Node, most: int) -> list[Path]:
    """The `most` paths with the largest products by size, told in the order of the backward pass.

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
    return sorted(found, key=lambda path: [step.number for step in reversed(path.steps)])


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
        way = best[way.step.operand][way.then]
    return Path(tuple(steps))


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
