"""What a gradient says: one sentence per leaf that a person can check by changing the leaf a little.

The sentence is checked before it is said: the graph is computed again with the leaf moved.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from autograd.explanation.expressions import local_symbol, own_name
from autograd.explanation.symbols import Text
from autograd.messages import listed, word
from autograd.trace.digits import digits
from autograd.trace.folding import is_known
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
        return word("not_known", lang, nodes=listed((x.name for x in trace.unknown[:3]), lang))
    if not math.isfinite(leaf.grad):
        return word("not_finite", lang, grad=trace.digits(leaf.grad), culprit=culprit(trace, lang))
    seen = look_around(trace, leaf)
    if seen.kind == "slope":
        return _says(trace, leaf, seen.h, seen.up, lang)
    moves = {"step": digits(seen.h), "up": digits(seen.up), "down": digits(seen.down)}
    told = word(f"at_{seen.kind}", lang, **names, **moves)
    chosen = [_chosen(node, lang) for node in trace.nodes if _at_a_kink(node, leaf)]
    return told + word("kink_chosen", lang, told=chosen[0]) if chosen and seen.kind == "kink" else told


class Around(NamedTuple):
    """What is around a leaf's number: a slope, a kink or a jump, and how the root moves with a step."""

    kind: str
    h: float
    up: Any  # None where the graph cannot be computed again
    down: Any


def look_around(trace: Trace, leaf: Node) -> Around:
    """Whether the gradient of a leaf tells the change to both sides, for a step that is small enough."""
    seen: list[Around] = []
    for h in STEPS:
        up, down = (_change(trace, leaf, by) for by in (h, -h))
        seen.append(Around("slope", h, up, down))
        if up is None or down is None:
            return seen[-1]
        predicted = leaf.grad * h
        if all(_near(x, predicted, h) or _rounding(trace, x - predicted) for x in (up, -down)):
            return seen[-1]
    last = seen[-1]
    small = abs(last.up) < 1e3 * last.h and abs(last.down) < 1e3 * last.h  # nan is no kink
    return seen[0]._replace(kind="kink" if small else "jump")


def _at_a_kink(node: Node, leaf: Node) -> bool:
    """Whether a choice of the library stands in the place of a slope: at 0, or where operands tie."""
    name, numbers = node.op.name if node.op else "", node.numbers
    if name in ("relu", "leaky_relu", "elu", "abs"):
        at_kink = numbers[0] == 0.0
    elif name in ("maximum", "minimum"):
        at_kink = numbers.count(node.number) > 1
    elif name == "clamp":
        at_kink = numbers[0] in numbers[1:]
    else:
        return False
    return at_kink and _depends(node, leaf)


def _depends(node: Node, leaf: Node) -> bool:
    waiting, seen = [node], {node}
    while waiting:
        for x in waiting.pop().operands:
            if x is leaf:
                return True
            if x not in seen:
                seen.add(x)
                waiting.append(x)
    return False


def _chosen(node: Node, lang: str | None) -> str:
    name = node.op.name if node.op else ""
    if name in ("maximum", "minimum"):
        return word("kink_tie", lang, op=name)
    local = node.digits(node.locals[0].number or 0.0)
    return word("kink_slope", lang, op=name, at=node.digits(node.numbers[0]), slope=local)


def _change(trace: Trace, leaf: Node, by: float) -> float | None:
    return change_of_root(trace, leaf, by) if len(trace.nodes) <= LARGEST_CHECKED else None


def _rounding(trace: Trace, error: float) -> bool:
    """True for a difference that the rounding of the numbers in the graph alone can make."""
    sizes = [abs(x.number) for x in trace.nodes if math.isfinite(x.number)]
    return abs(error) <= 2.0**-52 * max(4, len(trace.nodes)) * max(sizes, default=0.0)


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


def change_of_root(trace: Trace, leaf: Node, by: float) -> float | None:
    """How much the root moves with one leaf, from the numbers of the forward pass on.

    None where a node cannot be computed again. A `.data` that was set by hand since then counts for whoever
    read it, as a shift.
    """
    before, now = {leaf: leaf.number}, {leaf: leaf.number + by}
    for node in trace.nodes:
        if any(x in now for x in node.operands):
            if node.op is None or not is_known(node.op):
                return None
            pairs = zip(node.operands, node.numbers)
            read = [_moved(was, before[x], now[x]) if x in now else was for x, was in pairs]
            before[node], now[node] = node.op.value(*node.numbers), node.op.value(*read)
    return now[trace.root] - before[trace.root] if trace.root in now else 0.0


def _moved(read: float, before: float, now: float) -> float:
    return now if read == before else read + (now - before)


def reasons(trace: Trace, leaf: Node, lang: str | None) -> list[str]:
    """Why a gradient is 0: the factor that is 0 on every way from the root to the leaf."""
    found: list[str] = []
    waiting, seen = [leaf], {leaf}
    while waiting:
        node = waiting.pop(0)
        if node.grad:  # what it hands on is too small for a float
            continue
        flows = [step.flow for step in node.uses if step.flow]
        if flows:
            told = trace.digits.total(flows, 0.0).removesuffix(" = 0")
            found.append(word("because_cancel", lang, flows=told))
        if not node.uses and node is not trace.root:
            found += _flat_users(trace, node, lang)
        for step in node.uses:
            if step.flow:
                continue
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
        return word("because_relu", lang, name=operand.name, number=node.digits(operand.number))
    if op is not None and op.choice:
        return word("because_chosen", lang, op=op.name)
    local = node.locals[step.index]
    for rule in (local.rule, local.exact):
        told = local_symbol(rule, node, Text)
        if told is not None and not told.literal and told.number == 0:
            return word("because_zero", lang, symbol=told.text)
    return word("because_flat", lang, op="?" if op is None else op.name)


def _domain(node: Node, lang: str | None) -> str:
    """Why an op has no number here: the power or the root of a negative number."""
    name = node.op.name if node.op else ""
    if name not in ("pow", "log", "log2", "log10", "sqrt") or not node.numbers[0] < 0:
        return ""
    fields = {"node": node.name, "name": node.operands[0].name, "number": node.digits(node.numbers[0])}
    return word("because_negative_power" if name == "pow" else "because_root", lang, op=name, **fields)


def culprit(trace: Trace, lang: str | None) -> str:
    """The first number of the two passes that is not finite."""
    for node in [*trace.leaves, *trace.nodes]:
        if not math.isfinite(node.number):
            reason = _domain(node, lang) if node.number != node.number else ""
            return reason or word("culprit_value", lang, node=node.name, number=trace.digits(node.number))
    for step in trace.steps:
        if not math.isfinite(step.local):
            node, base = step.node, step.node.operands[0]
            if node.op is not None and node.op.name == "pow" and step.index == 1 and base.number < 0:
                told = {"name": base.name, "number": trace.digits(base.number), "to": step.operand.name}
                return word("because_log", lang, node=node.name, **told)
            fields = {"node": step.node.name, "name": step.operand.name, "local": trace.digits(step.local)}
            return word("culprit_local", lang, **fields)
        if not math.isfinite(step.after):
            return word("culprit_sum", lang, name=step.operand.name, number=trace.digits(step.after))
    return ""
