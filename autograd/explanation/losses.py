"""Losses that are recognised in a graph, so that a text can say what their gradient means."""

from __future__ import annotations

from typing import NamedTuple

from autograd.trace.steps import Node


class CrossEntropy(NamedTuple):
    """`logsumexp(scores) - scores[target]`."""

    scores: tuple[Node, ...]
    target: int
    whole: Node  # the logsumexp


def cross_entropy_of(root: Node) -> CrossEntropy | None:
    """The parts of `logsumexp(z1, z2, ...) - z1`, or None for any other node."""
    if root.op is None or root.op.name != "sub":
        return None
    whole, right = root.operands
    if whole.op is None or whole.op.name != "logsumexp" or not whole.made_up or len(whole.uses) > 1:
        return None
    hits = [i for i, x in enumerate(whole.operands) if x is right]
    if len(hits) != 1 or len(whole.operands) == 1:
        return None
    return CrossEntropy(whole.operands, hits[0], whole)
