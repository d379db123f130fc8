"""`check_gradients`: every gradient against measured slopes, and what a wrong one looks like."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd import modes
from autograd.backward import gradients, postorder
from autograd.calculus import call_at
from autograd.entry import CONSTANT
from autograd.messages import say
from autograd.node import ByHand, local_numbers, set_grads
from autograd.point import one_value
from autograd.settings import FROM_0, chosen_number
from autograd.slope import NOTHING, Function, Slope, measure
from autograd.special import total
from autograd.structure import flatten
from autograd.value import Value


class GradientError(AssertionError):
    """A gradient or a local derivative that does not agree with the measured slope."""


@dataclass
class Report:
    """What `check_gradients` looked at; true when all of it was measured and smooth.

    Attributes:
        checked: how many gradients and local derivatives agree with the measurement.
        kinks: places where the slopes to the left and to the right differ.
        unmeasured: places where no slope could be measured, with the reason.
    """

    checked: int = 0
    kinks: list[str] = field(default_factory=list)
    unmeasured: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.checked > 0 and not self.kinks and not self.unmeasured


def check_gradients(f: Callable[..., Any], inputs: Any, tolerance: float = 1e-6) -> Report:
    """Compare the gradient of `f`, and each op's local derivatives on the way, with measured slopes.

    Args:
        f: a function of numbers or Values that returns one Value; called as f(x), f(list) or f(*tuple).
        inputs: the point: a number, a (nested) list, or a tuple for several arguments. Values keep
            their identity (their `.data` is moved and put back), so a model's parameters can be checked.
        tolerance: the largest difference allowed, relative to the slope.

    Returns:
        A `Report`; kinks and places that cannot be measured are listed in it, never skipped silently.

    Raises:
        GradientError: names op, operand, point, both numbers and the likely mistake.
        ValueError: there is nothing to check.

    >>> from autograd import check_gradients
    >>> bool(check_gradients(lambda x, y: x * y + x.tanh(), (0.5, -2.0)))
    True
    """
    tolerance = chosen_number("check_gradients", "tolerance", tolerance, FROM_0)
    flat, rebuild = flatten(inputs)
    leaves = [x if isinstance(x, Value) else Value(x) for x in flat]
    if not leaves:
        raise ValueError(say("unchecked"))

    def run() -> Value:
        with modes.differentiation(()):  # no `no_grad` around takes the graph away
            found: Value = one_value(call_at(f, rebuild(leaves)))
        return found

    report, output = Report(), run()
    order = postorder(output)[0]
    strict = any(node.op.own for node in order)
    noise = _rounding(output, order)
    for number, node in enumerate(order):
        if isinstance(node.op, ByHand):
            _check_by_hand(report, run, leaves, node, number, tolerance)
        else:
            _check_entry(report, node, tolerance)
    names = [leaf.label or f"{i}" for i, leaf in enumerate(leaves)]
    point = ", ".join(f"{name} = {leaf.data!r}" for name, leaf in zip(names, leaves))
    claims = gradients(output, 1.0, leaves)
    steepest = max((abs(claim) for claim in claims if math.isfinite(claim)), default=0.0)
    for name, leaf, claim in zip(names, leaves, claims):
        slope = measure(moved(leaf, lambda: run().data), leaf.data, noise)
        problem = _judge(report, claim, slope, tolerance, f"input {name} at {point}", strict, steepest)
        if problem:
            guess = guess_mistake(claim, slope.value)
            rule, measured = f"{claim:.6g}", f"{slope.value:.6g}"
            told = say("gradient_wrong", operand=name, point=point, rule=rule, measured=measured, guess=guess)
            raise GradientError(told)
    return report


def _rounding(output: Value, order: Sequence[Value]) -> float:
    """By how much the rounding of all intermediate results may move the output; inf below narrow steps."""
    for node in order:
        flat = node.op.own is False and any(rule is None for rule in node.op.rules)
        if flat and any(math.ulp(x) > 1e-3 for x in node.numbers):
            return math.inf  # floor and its kin have steps that numbers as large as these do not resolve
    parts = [math.ulp(x.data) * abs(g) for x, g in zip(order, gradients(output, 1.0, order))]
    return total(*[part for part in parts if math.isfinite(part)])


def _names(operands: Sequence[Value]) -> list[str]:
    """What an error calls operands: by their labels, or `x`, `a` and `b`; of more than two `x1`, `x2`, ..."""
    if len(operands) > 2:
        return [f"x{i}" for i in range(1, len(operands) + 1)]
    letters = "x" if len(operands) == 1 else "ab"
    return [x.label or letter for x, letter in zip(operands, letters)]


def _check_entry(report: Report, node: Value, tolerance: float) -> None:
    """The local derivatives of one node against slopes of the entry's value."""
    numbers, op = node.numbers, node.op
    for i, claim in enumerate(local_numbers(node)):
        if (
            claim is None
            or node.parents[i].op is CONSTANT
            or op.name in ("add", "sub", "mul", "neg", "sum", "dot")
        ):  # products and sums: exact by form
            continue

        def along(x: float, i: int = i) -> float:
            return op.value(*numbers[:i], x, *numbers[i + 1 :])

        slope = measure(along, numbers[i])
        names = _names(node.parents)
        point = ", ".join(f"{name} = {x!r}" for name, x in zip(names, numbers))
        if _judge(report, claim, slope, tolerance, f"{op.name}: {names[i]} at {point}", op.own):
            guess = guess_mistake(claim, slope.value, numbers[i], node.data)
            raise _rule_error(op.name, names[i], point, claim, slope.value, guess)


def _check_by_hand(
    report: Report,
    run: Callable[[], Value],
    leaves: Sequence[Value],
    node: Any,
    number: int,
    tolerance: float,
) -> None:
    """A hand-written `_backward`: is it linear in the upstream gradient, does it add, is it right?"""
    parents = node.parents
    claims = [float(claim or 0.0) for claim in local_numbers(node)]
    _probe_habits(node, parents)
    for i, (parent, claim) in enumerate(zip(parents, claims)):
        if any(parent is other for j, other in enumerate(parents) if j != i):
            report.unmeasured.append(say("operand_twice", op=node.op.name))
            continue
        slope = _slope_through(run, leaves, number, i, len(parents))
        name = parent.label or ("x" if len(parents) == 1 else f"x{i + 1}")
        point = f"{name} = {parent.data!r}"
        if slope is None:
            report.unmeasured.append(say("moves_alone", op=node.op.name, operand=i + 1))
        elif _judge(report, claim, slope, max(tolerance, 1e-5), f"{node.op.name}: {point}"):
            guess = guess_mistake(claim, slope.value, parent.data, node.data)
            raise _rule_error(node.op.name, name, point, claim, slope.value, guess)


def _rule_error(op: str, operand: str, point: str, claim: float, slope: float, guess: str) -> GradientError:
    numbers = {"rule": f"{claim:.4g}", "measured": f"{slope:.4g}"}
    return GradientError(say("rule_wrong", op=op, operand=operand, point=point, guess=guess, **numbers))


def _probe_habits(node: Any, parents: Sequence[Value]) -> None:
    """Run the rule on prepared gradients: it must double with the upstream gradient, and add."""
    if "by_hand" not in node.__dict__:
        return
    nodes = [node, *parents]
    before = [x.grad for x in nodes]

    def handed(upstream: float, held: float) -> list[float]:
        set_grads(nodes, [upstream, *[held] * len(parents)])
        node.__dict__["by_hand"]()
        return [x.grad for x in parents]

    try:
        once, twice, added = handed(1.0, 0.0), handed(2.0, 0.0), handed(1.0, 4.0)
    finally:
        set_grads(nodes, before)
    for x, y, z in zip(once, twice, added):
        if x and not math.isclose(y, 2 * x, rel_tol=1e-9):
            raise GradientError(say("forgot_upstream", op=node.op.name))
        if x and math.isclose(z, x, rel_tol=1e-9):
            raise GradientError(say("forgot_adding", op=node.op.name))


def _slope_through(
    run: Callable[[], Value], leaves: Sequence[Value], number: int, i: int, count: int
) -> Slope | None:
    """The slope of node `number` to its operand `i`, from moving an input that moves no other operand."""
    for leaf in leaves:

        def at(x: float, leaf: Value = leaf) -> Any:
            return moved(leaf, lambda: postorder(run())[0][number])(x)

        x, step = leaf.data, 1e-6 * abs(leaf.data) or 1e-6
        xs0, xs1 = at(x - step).numbers, at(x + step).numbers
        if [j for j in range(count) if xs0[j] != xs1[j]] == [i]:
            inner = measure(lambda x, at=at: at(x).numbers[i], x)  # type: ignore[misc]  # at: bound now
            outer = measure(lambda x, at=at: at(x).data, x)  # type: ignore[misc]  # as above
            return _quotient(outer, inner)
    return None


def _quotient(outer: Slope, inner: Slope) -> Slope | None:
    """The slope of a node to its operand, from those of both to an input."""
    if not inner.is_settled or inner.is_kink:
        return None
    rate = inner.value
    error = abs(outer.error / rate) + abs(outer.value / rate * inner.error / rate)
    left, right = sorted((outer.left / rate, outer.right / rate))
    return Slope(outer.value / rate, error, left, right, outer.is_kink, outer.typical / abs(rate))


def moved(leaf: Value, run: Callable[[], float]) -> Function:
    """`run()` as a function of the leaf's number, which is put back after each call."""

    def at(x: float) -> float:
        before, leaf.data = leaf.data, x
        try:
            return run()
        finally:
            leaf.data = before

    return at


def _judge(
    report: Report,
    claim: float,
    slope: Slope,
    tolerance: float,
    where: str,
    strict: bool = True,
    steepest: float = 0.0,
) -> bool:
    """Enter one comparison in the report; True when the claimed slope is wrong.

    A slope that rounding does not show to be other than the claim counts as checked, relative to how steep
    the function is nearby, or `steepest` to another input where it does not depend on this one (what a
    softmax has in common); not so with `strict`, where a rule of one's own took part.
    """
    if not (math.isfinite(slope.value) and math.isfinite(slope.left) and math.isfinite(slope.right)):
        report.unmeasured.append(say("not_finite_around", where=where))
        return False
    if slope.is_kink:
        low, high = sorted((slope.left, slope.right))
        left, right = f"{slope.left:.4g}", f"{slope.right:.4g}"
        report.kinks.append(say("kink", where=where, left=left, right=right))
        margin = 1e-3 * max(abs(low), abs(high))
        return not low - margin <= claim <= high + margin
    near = abs(claim - slope.value) <= tolerance * abs(slope.value) + 10 * slope.error
    if slope.is_settled:
        report.checked += near
        return not near
    small = near and not strict and slope.error <= 1e-6 * max(slope.typical, abs(claim))
    flat = claim == slope.value == 0.0 and (not strict or slope.error < NOTHING)
    flat |= near and not strict and abs(claim) <= 1e-14 * steepest and slope.error <= 1e-9 * steepest
    if small or flat:
        report.checked += 1
    else:
        fields = {"slope": f"{slope.value:.4g}", "error": f"{slope.error:.1g}"}
        report.unmeasured.append(say("not_settled", where=where, **fields))
    return False


# what a beginner's rule often is, as (text, number) of operand x and result y
_FORMS: list[tuple[str, Callable[[float], float]]] = [
    ("1 - {}**2", lambda z: 1 - z * z),
    ("{0} * (1 - {0})", lambda z: z * (1 - z)),
    ("{}", lambda z: z),
    ("1 / {}", lambda z: 1 / z if z else math.inf),
    ("1 / (2 * {})", lambda z: 0.5 / z if z else math.inf),
    ("{}**2", lambda z: z * z),
]


def guess_mistake(claim: float, slope: float, x: float | None = None, y: float | None = None) -> str:
    """A sentence on what the wrong number looks like, "" when it looks like nothing known."""

    def same(a: float, b: float) -> bool:
        return math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-9)

    if x is not None and y is not None:
        for form, number in _FORMS:
            if same(claim, number(x)) and same(slope, number(y)):
                return say("guess_output", rule=f"{claim:.4g}", used=form.format("x"), meant=form.format("y"))
            if same(claim, number(y)) and same(slope, number(x)):
                return say("guess_input", rule=f"{claim:.4g}", used=form.format("y"), meant=form.format("x"))
    if claim == 0:
        return say("guess_nothing")
    if same(claim, -slope):
        return say("guess_sign")
    ratio = claim / slope if slope else math.inf
    for k in (2, 3, 4, 5, 10, 100):
        if same(ratio, k) or same(ratio, 1 / k) or same(ratio, -k) or same(ratio, -1 / k):
            return say("guess_factor", factor=f"{ratio:.4g}")
    return ""
