"""What a gradient says: one sentence per leaf that a person can check by changing the leaf a little.

The sentence is checked before it is said: the graph is computed again with the leaf moved.
"""

from __future__ import annotations

import math

from autograd.entry import TABLE
from autograd.explanation.expressions import local_symbol, own_name
from autograd.explanation.symbols import Text
from autograd.explanation.words import word
from autograd.trace.digits import digits, total
from autograd.trace.steps import Node, Step, Trace

STEPS = (0.01, 1e-4, 1e-6)  # how far a leaf is moved: as far as the gradient tells the change to 10 %
NEAR = 0.1
LARGEST_CHECKED = 2000  # nodes; beyond, sentences are said unchecked


def meaning(trace: Trace, leaf: Node, lang: str | None) -> str:
    """One sentence about the leaf's gradient."""
    names = {"leaf": leaf.name, "root": trace.root.name}
    if leaf is trace.root:
        return word("exactly_itself", lang, **names)
    if trace.unknown and leaf.grad != leaf.grad:
        return word("not_known", lang, nodes=", ".join(x.name for x in trace.unknown[:3]))
    if not math.isfinite(leaf.grad):
        return word("not_finite", lang, grad=digits(leaf.grad), culprit=culprit(trace, lang))
    seen: list[tuple[float, float]] = []
    for h in STEPS:
        up, down = (_change(trace, leaf, by) for by in (h, -h))
        if up is None or down is None or (_near(up, leaf.grad * h, h) and _near(-down, leaf.grad * h, h)):
            return _says(trace, leaf, h, up, lang)
        seen.append((up, down))
    (up, down), h = seen[0], STEPS[0]
    key = "kink" if max(map(abs, seen[-1])) < 1e3 * STEPS[-1] else "jump"
    return word(key, lang, **names, step=digits(h), up=digits(up), down=digits(down))


def _change(trace: Trace, leaf: Node, by: float) -> float | None:
    now = moved(trace, leaf, by) if len(trace.nodes) <= LARGEST_CHECKED else None
    return None if now is None else now - trace.root.number


def _near(real: float, predicted: float, h: float) -> bool:
    return abs(real - predicted) <= (NEAR * abs(predicted) if predicted else 0.02 * h)


def _says(trace: Trace, leaf: Node, h: float, up: float | None, lang: str | None) -> str:
    change = leaf.grad * h
    names = {"leaf": leaf.name, "root": trace.root.name}
    if change:
        return word("up" if change > 0 else "down", lang, **names, step=digits(h), change=rough(abs(change)))
    causes = list(dict.fromkeys(reasons(trace, leaf, lang)))
    if not causes:
        return word("nothing_bare", lang, **names)
    return word("hardly" if up else "nothing", lang, **names, reason=word("and", lang).join(causes[:2]))


def rough(x: float) -> str:
    """About two digits: 0.015, 0.0034, 1.2e-07."""
    near = round(x, 4)
    return digits(near) if abs(near - x) <= 0.05 * x else digits(float(f"{x:.2g}"))


def moved(trace: Trace, leaf: Node, by: float) -> float | None:
    """The root's number with one leaf moved; None where a node cannot be computed again."""
    now = {leaf: leaf.number + by}
    for node in trace.nodes:
        if any(x in now for x in node.operands):
            if node.op is None or TABLE.get(node.op.name) is not node.op:
                return None
            now[node] = node.op.value(*[now.get(x, was) for x, was in zip(node.operands, node.numbers)])
    return now.get(trace.root, trace.root.number)


def reasons(trace: Trace, leaf: Node, lang: str | None) -> list[str]:
    """Why a gradient is 0: the factor that is 0 on every way from the root to the leaf."""
    found: list[str] = []
    waiting, seen = [leaf], {leaf}
    while waiting:
        node = waiting.pop(0)
        if node.uses and all(step.flow for step in node.uses):
            flows = [step.flow for step in node.uses]
            found.append(word("because_cancel", lang, flows=total(flows, 0.0).removesuffix(" = 0")))
            continue
        if not node.uses and node is not trace.root:
            found += _flat_users(trace, node, lang)
        for step in node.uses:
            if step.local == 0:
                found.append(_zero_local(step, lang))
            elif step.node not in seen:
                seen.add(step.node)
                waiting.append(step.node)
    return found


def _flat_users(trace: Trace, node: Node, lang: str | None) -> list[str]:
    users = [x for x in trace.nodes if node in x.operands]
    names = [own_name(x) if x.op is None else x.op.name for x in users]
    return [word("because_flat", lang, op=name) for name in names]


def _zero_local(step: Step, lang: str | None) -> str:
    node, op = step.node, step.node.op
    if op is not None and op.name == "relu":
        operand = node.operands[0]
        return word("because_relu", lang, name=operand.name, number=digits(operand.number))
    if op is not None and op.choice:
        return word("because_chosen", lang, op=op.name)
    local = node.locals[step.index]
    for rule in (local.rule, local.exact):
        told = local_symbol(rule, node, Text)
        if told is not None and not told.literal and told.number == 0:
            return word("because_zero", lang, symbol=told.text)
    return word("because_flat", lang, op="?" if op is None else op.name)


def culprit(trace: Trace, lang: str | None) -> str:
    """The first number of the two passes that is not finite."""
    for node in [*trace.leaves, *trace.nodes]:
        if not math.isfinite(node.number):
            return word("culprit_value", lang, node=node.name, number=digits(node.number))
    for step in trace.steps:
        if not math.isfinite(step.local):
            fields = {"node": step.node.name, "name": step.operand.name, "local": digits(step.local)}
            return word("culprit_local", lang, **fields)
        if not math.isfinite(step.after):
            return word("culprit_sum", lang, name=step.operand.name, number=digits(step.after))
    return ""
