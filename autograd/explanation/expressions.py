"""Expressions of nodes and rules, in names and in numbers, for any kind of `Symbol`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from autograd.entry import TABLE, Op, Rule
from autograd.explanation.symbols import Symbol, unwrapped
from autograd.messages import word
from autograd.trace.digits import Equation, agrees, constant
from autograd.trace.folding import is_known
from autograd.trace.nodes import op_sign
from autograd.trace.steps import WIDE, Node

S = TypeVar("S", bound=Symbol)
LONGEST = 80


def symbol(node: Node, kind: type[S]) -> S:
    """A node's name; a constant without a name is its number."""
    if node.is_constant and node.name == constant(node.number):
        return kind.numeral(node.number, node.name, fixed=True)
    return kind.name(node.name, node.number)


def defined(node: Node, kind: type[S]) -> S:
    """A node's name at the left of an equality sign, where a label that holds operators needs no brackets."""
    return kind.name(unwrapped(node.name), node.number) if node.label else symbol(node, kind)


def expression(node: Node, kind: type[S]) -> S:
    """What a node was computed from, one op deep: `v1 + v2`."""
    return written(node, [symbol(x, kind) for x in node.operands], kind)


def expression_text(node: Node, kind: type[S], longest: int = LONGEST) -> str:
    """`expression` as text; an op on many operands is told by the first and the last: `dot(w1, ..., b)`."""
    text = expression(node, kind).text
    if len(text) <= longest or len(node.operands) <= 4:
        return text
    name = own_name(node) if node.op is None else node.op.name
    first, last = (symbol(node.operands[i], kind).text for i in (0, -1))
    return kind.plain(f"{name}(") + first + kind.plain(", ..., ") + last + kind.plain(")")


def written(node: Node, parts: Sequence[S], kind: type[S]) -> S:
    """The node's op on these parts."""
    read = None if node.op is None else kind.known(node.op, parts)
    if read is not None:
        return read
    power = re.fullmatch(r"\*\*(-?\d+(\.\d+)?)", own_name(node)) if node.op is None else None
    if power and len(parts) == 1:  # micrograd's `_op` of x**2
        exponent = kind.numeral(float(power[1]), power[1], fixed=True)
        return kind.write(TABLE["pow"], [*parts, exponent], node.number)
    if node.op is None or (node.op.name not in TABLE and node.op.name != node.op.sign):
        name = "" if node.op is None else node.op.name
        op = Op(name or own_name(node), lambda *_: node.number, arity=None)
        return kind.write(op, parts, node.number)
    return kind.write(node.op, parts, node.number)


def own_name(node: Node) -> str:
    """What a node of one's own says that it is: its `_op` or `op`, or the method of its rule; else `?`."""
    return op_sign(node.source) or "?"


def in_numbers(node: Node, kind: type[S]) -> S | None:
    """The expression with numbers put in, in digits that make it true; None when there are none."""
    op, equation = node.op, node.equation
    shown = None if equation is None else node.digits.of(*equation)
    if op is None or shown is None:
        return None
    parts = [kind.numeral(float(text), text) for text in shown]
    read = kind.known(op, parts)
    if read is not None:
        return read if agrees(read.number, node.number) else None
    if op.name == "logsumexp" and max(map(abs, node.numbers)) < 300:  # exp stays finite
        exps = [kind.write(TABLE["exp"], [part], 1.0) for part in parts]
        inner = exps[0] if len(exps) == 1 else kind.write(TABLE["sum"], exps, 1.0)
        return kind.write(TABLE["log"], [inner], node.number)
    return kind.write(op, parts, node.number)


def first_products(node: Node, kind: type[S]) -> str:
    """How a wide dot begins and ends in numbers: `0.5*-3 + 2*1 + ... + 0.25`."""
    count = len(node.numbers) // 2
    weights, inputs = node.numbers[:count], node.numbers[count : 2 * count]
    shown = [kind.numeral(x, node.digits(x)) for k in (0, 1, -1) for x in (weights[k], inputs[k])]
    products = [kind.write(TABLE["mul"], shown[k : k + 2], 0.0) for k in (0, 2, 4)]
    if len(node.numbers) % 2:
        products[2] = kind.numeral(node.numbers[-1], node.digits(node.numbers[-1]))
    return kind.write(TABLE["sum"], [*products[:2], kind.name("...", 0.0), products[2]], 0.0).text


def pieces(node: Node, index: int, kind: type[S], lang: str | None = None) -> list[str]:
    """The local derivative to an operand: rule in names, with numbers put in, and the number.

    Fewer when there is nothing to tell: ['b', '-3'], ['1'].
    """
    local = node.locals[index]
    if local.number is None:
        return []
    if local.unknown:
        return ["?"]
    number = kind.shown(node.digits(local.number))
    chosen = _choice(node, index, kind, lang)
    if chosen:
        return [chosen]
    for rule, equation in node.slopes(index):
        told = _told_rule(rule, equation, node, kind)
        if told is not None:
            names, numbers = told
            short = [names] if names == number else [names, number]
            return [names, numbers, number] if numbers and numbers not in (number, names) else short
    return [number]


def _told_rule(rule: Rule, equation: Equation, node: Node, kind: type[S]) -> tuple[str, str] | None:
    """A rule in names and in numbers, if it gives the number."""
    read = local_symbol(rule, node, kind)
    if read is None or not agrees(read.number, equation.result):
        return None
    if len(node.operands) > WIDE:
        return read.text, ""

    def with_numbers(xs: Sequence[float], shown: Sequence[str]) -> Any:
        fixed = [*[x.is_constant for x in node.operands], *[False] * (len(node.beside) + 1)]
        return rule(*[kind.numeral(x, text, fixed=f) for x, text, f in zip(xs, shown, fixed)])

    def evaluate(xs: Sequence[float]) -> float:
        """The number of what is printed, the constants of the rule rounded as they are shown."""
        equation.evaluate(xs)
        read_ = with_numbers(xs, [""] * len(xs))
        return read_.number if isinstance(read_, kind) else float(read_)

    shown = node.digits.of(evaluate, equation.numbers, equation.result)
    if shown is None:
        return read.text, ""
    numbers = with_numbers([float(text) for text in shown], shown)
    python = isinstance(numbers, kind) and not numbers.fixed and "^(" not in numbers.text  # as gamma^(3)(2)
    return read.text, numbers.text if python else ""


def local_symbol(rule: Rule | None, node: Node, kind: type[S]) -> S | None:
    """A rule read on the names of the node and its operands."""
    if rule is None:
        return None
    if len(node.operands) > WIDE and (node.op is None or node.op.name not in ("sum", "dot")):
        return None
    if kind not in node.symbols:
        node.symbols[kind] = [symbol(x, kind) for x in (*node.operands, *node.beside, node)]
    read = rule(*node.symbols[kind])
    return read if isinstance(read, kind) else kind.numeral(float(read), fixed=True)


def _choice(node: Node, index: int, kind: type[S], lang: str | None) -> str:
    """For an op that selects: the number, and the comparison that decided, `1 (v3 > 0)`."""
    op, number = node.op, node.locals[index].number
    if op is None or number is None or not op.choice or not is_known(op):
        return ""
    names = [symbol(x, kind) for x in node.operands]
    me, y = names[index], symbol(node, kind)
    if op.name == "relu":
        told = _compared(me, ">" if number else "<=", kind.numeral(0.0))
    elif op.name in ("maximum", "minimum"):
        told = _compared(me, "==" if number else "<" if op.name == "maximum" else ">", y)
    elif op.name == "where":
        holds = "condition_holds" if names[0].number else "condition_fails"
        return word(holds, lang, number=kind.shown(node.digits(number)))
    elif op.name == "clamp" and index:
        signs = ("<", ">=") if index == 1 else (">", "<=")
        told = _compared(names[0], signs[not number], me)
    elif op.name == "clamp":
        x, low, high = names
        if number:
            told = f"{_compared(low, '<=', x)}, {_compared(x, '<=', high)}"
        else:
            told = _compared(x, "<", low) if x.number < low.number else _compared(x, ">", high)
    else:
        return kind.shown(node.digits(number))
    return f"{kind.shown(node.digits(number))} ({told})"


COMPARISONS = {op.sign: op for op in (TABLE[name] for name in ("gt", "ge", "lt", "le", "eq", "ne"))}


def _compared(left: S, sign: str, right: S) -> str:
    return left.write(COMPARISONS[sign], [left, right], 0.0).text
