"""`detect_anomaly`: find the op that *first* made a number that is not finite, and say where."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd import modes
from autograd.backward import flows
from autograd.graph import topological_order
from autograd.hinting import say_place
from autograd.messages import say


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Inside, the first op that makes inf or nan from finite numbers raises and names itself.

    Values are checked as they are made, gradients when `backward` is called inside; graphs made
    outside are checked then too.

    Raises:
        FloatingPointError: op, operands, source line, and how many later values only inherit it.

    >>> from autograd import Value, detect_anomaly
    >>> with detect_anomaly():
    ...     Value(0.0, label="p").log()
    Traceback (most recent call last):
    FloatingPointError: log(p) with p = 0.0 gave -inf (...
    """
    before = modes.ANOMALY.get()
    try:
        modes.ANOMALY.set(True)
        with modes.watch(_check_node):
            yield
    finally:
        modes.ANOMALY.set(before)


def _check_node(node: Any) -> Any:
    node.place = modes.caller_place(2)
    if not math.isfinite(node.data) and all(map(math.isfinite, node.numbers)):
        raise FloatingPointError(_tell(node, 0))
    return node


def check_backward(root: Any, gradient: float) -> None:
    """Raise for the first value or gradient of `root`'s graph that is not finite.

    Raises:
        FloatingPointError: names the culprit.
    """
    order = topological_order(root)
    broken = [node for node in order if not math.isfinite(node.data)]
    if broken:
        raise FloatingPointError(_tell(broken[0], len(broken) - 1))
    bad = [flow for flow in flows(root, gradient) if not math.isfinite(flow.after)]
    if bad:
        first, heirs = bad[0], len({id(flow.operand) for flow in bad}) - 1
        raise FloatingPointError(
            say("anomaly_gradient", operand=_name(first.operand), expression=_expression(first.node),
                result=first.after, place=_place(first.node), inherit=_inherit(heirs))
        )  # fmt: skip


def _tell(node: Any, heirs: int) -> str:
    parents, numbers = node.parents, node.numbers
    shown = ", ".join(f"{_name(p)} = {x!r}" for p, x in zip(parents, numbers) if _name(p) != repr(x))
    expression = _expression(node) + (say("anomaly_with", operands=shown) if shown else "")
    advice = say("anomaly_log_advice") if node.op.name == "log" and numbers == (0.0,) else ""
    told = {"expression": expression, "result": node.data, "place": _place(node), "inherit": _inherit(heirs)}
    return say("anomaly", **told, advice=advice)


def _inherit(heirs: int) -> str:
    return say("anomaly_inherit", count=heirs) if heirs else ""


def _place(node: Any) -> str:
    place = node.__dict__.get("place")
    return say_place(*place) if place else ""


def _name(node: Any) -> str:
    return node.label or repr(node.data)


def _expression(node: Any) -> str:
    names = [_name(parent) for parent in node.parents]
    if not names:
        return _name(node)
    if len(names) == 2 and not node.op.sign.isalnum():
        return f"{names[0]} {node.op.sign} {names[1]}"
    return f"{node.op.name}({', '.join(names)})"
