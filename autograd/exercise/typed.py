"""What a learner typed, as a number."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from autograd.messages.chinese import narrowed
from autograd.number import Traced, is_number, to_float

NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?!\w)"
ARITHMETIC = re.compile(rf"(?:{NUMBER}|[a-z_]\w*|[\s+\-*/()])*", re.ASCII | re.IGNORECASE)
LEADING_ZEROS = re.compile(r"(?<![\w.])0+(?=\d)")  # which Python refuses
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
        return _value(_parsed(given), {})
    if isinstance(given, Traced):
        return float(given.data)  # type: ignore[attr-defined]  # what has a number behind it keeps it there
    if isinstance(given, bool) or not is_number(given):
        raise TypeError(given)
    return to_float(given)


def read_formula(text: str) -> Callable[[float], float] | None:
    """A text such as "3*x**2" as a function of its one letter or name; None where it has none, or several.

    The function raises ValueError where the formula has no number, and so does a text that cannot be read.

    >>> read_formula("2**n")(5.0), read_formula("-1/x**2")(2.0), read_formula("32")
    (32.0, -0.25, None)
    """
    tree = _parsed(text)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return (lambda x: _value(tree, dict.fromkeys(names, x))) if len(names) == 1 else None


def _parsed(given: str) -> ast.AST:
    text = narrowed(given).replace(",", ".").replace("\u3002", ".").strip()
    if not ARITHMETIC.fullmatch(text) or "\u3001" in given:  # that one stands between two numbers
        raise ValueError(given)
    try:
        return ast.parse(LEADING_ZEROS.sub("", text), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(given) from error


def _value(tree: ast.AST, names: Mapping[str, float]) -> float:
    try:
        found = _computed(tree, names)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not math.isfinite(found):  # 1e999 is no number that anybody means
        raise ValueError(found)
    return found


def _computed(node: ast.AST, names: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant):
        x = node.value
        if isinstance(x, (int, float)) and not isinstance(x, bool):
            return float(x)
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, (ast.BinOp, ast.UnaryOp)) and type(node.op) in OPERATORS:
        operands = [node.operand] if isinstance(node, ast.UnaryOp) else [node.left, node.right]
        return float(OPERATORS[type(node.op)](*[_computed(x, names) for x in operands]))
    raise ValueError(ast.unparse(node))
