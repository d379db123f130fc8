"""The lines at the end of a story: what the loss means, which names are made up, what `.grad` holds now."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from autograd.messages import listed, word
from autograd.trace.digits import ROUNDING, digits
from autograd.trace.folding import is_known
from autograd.trace.nodes import is_order_lost
from autograd.trace.steps import Node, Trace
from autograd.value import Value

NUMERALS = "〇一两三四五六七八九十"


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


def closing(trace: Trace, lang: str | None) -> list[str]:
    """The closing lines, those that apply."""
    lines = [together(trace, lang), made_up(trace, lang)]
    lines += [_no_rule(trace, lang), _in_a_set(trace, lang), _set_by_hand(trace, lang), note(trace, lang)]
    return [line for line in lines if line]


def together(trace: Trace, lang: str | None) -> str:
    """What the gradient of a known loss is as a whole."""
    loss = cross_entropy_of(trace.root)
    if loss is None:
        return ""
    if any(len(x.uses) != 1 + (i == loss.target) for i, x in enumerate(loss.scores)):
        return ""  # a score is used elsewhere too, so its gradient is not its share
    shares = [x.uses[-1].flow for x in loss.scores]
    told = [trace.digits(x) + (" - 1" if i == loss.target else "") for i, x in enumerate(shares)]
    names = {x.name.rstrip("0123456789") for x in loss.scores}
    z = names.pop() if len(names) == 1 else "z"
    count = NUMERALS[len(shares)] if len(shares) < len(NUMERALS) else f" {len(shares)} "
    return word("together", lang, z=z, shares=", ".join(told), count=count)


def made_up(trace: Trace, lang: str | None) -> str:
    """The line that says which names are made up; not about what the user cannot give a name."""
    losses = [loss.whole for node in trace.nodes if (loss := cross_entropy_of(node))]
    named = {x: None for node in trace.nodes for x in (*node.operands, node)}
    made = [node for node in named if node.made_up and node not in losses]
    made.sort(key=lambda node: int("".join(filter(str.isdecimal, node.name)) or 0))
    mine = [node for node in made if not node.inside]
    if mine:
        key = "made_up_one" if len(made) == 1 else "made_up"
        return word(key, lang, names=_listed([x.name for x in made], lang))
    return word("made_up_inside", lang, names=_listed([x.name for x in made], lang)) if made else ""


def _listed(names: list[str], lang: str | None) -> str:
    if len(names) < 3:
        return names[0] if len(names) == 1 else word("pair", lang, first=names[0], last=names[1])
    return word("range", lang, first=names[0], last=names[-1])


def _no_rule(trace: Trace, lang: str | None) -> str:
    names = listed((x.name for x in trace.unknown[:5]), lang)
    return word("unknown_locals", lang, node=names) if names else ""


def _in_a_set(trace: Trace, lang: str | None) -> str:
    lost = [x.name for x in trace.nodes if len(x.operands) > 1 and is_order_lost(x.source)]
    return word("own_in_set", lang, nodes=", ".join(lost)) if lost else ""


def _set_by_hand(trace: Trace, lang: str | None) -> str:
    """The line for a `.data` that is not what the forward pass computed, or read."""
    for node in trace.nodes:
        made: Any = node if node.inside else node.source  # of several nodes shown as one, the last
        known = isinstance(node.source, Value) and is_known(node.op) and is_known(made.op)
        computed = [(node, made.op.value(*made.numbers))] if known else []
        for x, was in [*zip(node.operands, node.numbers), *computed]:
            now, then = trace.digits(x.number), trace.digits(was)
            if now != then and not math.isclose(x.number, was, rel_tol=ROUNDING):
                return word("note_data", lang, name=x.name, now=now, then=then, root=trace.root.name)
    return ""


def note(trace: Trace, lang: str | None) -> str:
    """The line for a `.grad` that holds something else than this pass says."""
    for leaf in trace.leaves:
        now = getattr(leaf.source, "grad", None)
        rounding = ROUNDING * max([abs(step.flow) for step in leaf.uses], default=0.0)
        if not isinstance(now, float) or now == leaf.grad or now == 0.0 or now != now:
            continue
        if abs(now - leaf.grad) <= rounding:
            continue
        runs, begun_with = getattr(trace.root.source, "__dict__", {}).get("_passes", (0, 0.0))
        explained = runs and math.isclose(now, begun_with * leaf.grad, rel_tol=1e-9)
        why = word("note_other", lang)
        if explained and runs > 1:
            why = word("note_runs", lang, runs=runs)
        elif explained:
            why = word("note_begun", lang, gradient=digits(begun_with))
        fields = {"now": trace.digits(now), "expected": trace.digits(leaf.grad), "root": trace.root.name}
        return word("note", lang, name=leaf.name, why=why, **fields)
    return ""
