"""What a learner typed, as a number."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from typing import Any

from autograd.messages.chinese import narrowed
from autograd.number import Traced, is_number, to_float

ARITHMETIC = re.compile(r"[\d\s.+\-*/()eE]*")
OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: math.pow,
    ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip


def read_number(given: Any) -> float:
    """The number that was answered: a number, a Value, or a text such as "0.5*-3", "-3/2", "0,5".

    Raises:
        TypeError: it is no number.
        ValueError: the text is none.

    >>> read_number("0.5*-3"), read_number("−3/2"), read_number("0,5"), read_number("１５")
    (-1.5, -1.5, 0.5, 15.0)
    """
    if isinstance(given, str):
        text = narrowed(given).replace(",", ".").replace("\u3002", ".").strip()
        if not ARITHMETIC.fullmatch(text) or "\u3001" in given:  # that one stands between two numbers
            raise ValueError(given)
        try:
            return _computed(ast.parse(text, mode="eval").body)
        except (SyntaxError, ArithmeticError) as error:
            raise ValueError(given) from error
    if isinstance(given, Traced):
        return float(given.data)  # type: ignore[attr-defined]  # what has a number behind it keeps it there
    if isinstance(given, bool) or not is_number(given):
        raise TypeError(given)
    return to_float(given)


def _computed(node: ast.AST) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, (ast.BinOp, ast.UnaryOp)) and type(node.op) in OPERATORS:
        operands = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
        return float(OPERATORS[type(node.op)](*map(_computed, operands)))
    raise ValueError(ast.unparse(node))
