"""Expressions typed at the command line: read through `ast` with a white list, never through `eval`."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from autograd import Operand, Value
from autograd.drawing.measure import columns_of, room
from autograd.messages import say
from autograd.messages.chinese import narrowed

CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf}
OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}  # fmt: skip
SIGNS = {  # of Python, not of the calculator: the sign, and what to type instead
    ast.BitXor: ("^", "cli_power"),
    ast.MatMult: ("@", "cli_dot"),
    ast.BitAnd: ("&", "cli_signs"),
    ast.BitOr: ("|", "cli_absolute"),
    ast.LShift: ("<<", "cli_signs"),
    ast.RShift: (">>", "cli_signs"),
    ast.Not: ("not", "cli_minus"),
    ast.Invert: ("~", "cli_minus"),
}
SIGNS_OF_PRINT = str.maketrans("·⋅×∗÷−–", "****/--")  # as text processors and formulas write them
OTHER_NAMES = {
    "max": "maximum", "min": "minimum", "ln": "log",
    "tg": "tan", "arctg": "atan", "arctan": "atan", "arcsin": "asin", "arccos": "acos",
}  # fmt: skip
COMPARISONS = {ast.Gt: autograd.gt, ast.GtE: autograd.ge, ast.Lt: autograd.lt, ast.LtE: autograd.le}
LONGEST = 10_000  # characters
TWO_LISTS = ("dot", "sumprod", "dist")
PYTHON_SAYS = r"not iterable|\w\(\) (takes|missing|got)"  # where numbers stand that should be a list


class ExpressionError(ValueError):
    """What is wrong with an expression, and where: `text`, `column` (from 0), `advice`."""

    def __init__(self, problem: str, text: str = "", column: int = 0, advice: str = "") -> None:
        super().__init__(problem)
        self.problem, self.text, self.column, self.advice = problem, text, column, advice

    def pointed(self) -> str:
        """The problem, and under it the expression with a pointer at the place."""
        if not self.text:
            return say("cli_error", problem=self.problem) + (f"\n  {self.advice}" if self.advice else "")
        span = room() - 10
        start = max(0, self.column - span * 2 // 3)
        shown, pointer = (
            self.text[start : start + span],
            " " * columns_of(self.text[start : self.column]) + "^",
        )
        return f"{say('cli_error', problem=self.problem)}\n  {shown}\n  {pointer} {self.advice}".rstrip()


def functions() -> dict[str, Callable[..., Any]]:
    """What an expression may call: the table's functions by their public names."""
    names = [name for name in autograd.TABLE if name not in ("add", "sub", "mul", "div", "neg", "eq", "ne")]
    found = {name: getattr(autograd, name) for name in names if hasattr(autograd, name)}
    return {**found, "softmax": autograd.softmax, "log_softmax": autograd.log_softmax, "dist": autograd.dist}


def parse(text: str, numbers: Sequence[str]) -> tuple[Value, dict[str, Value]]:
    """The graph of an expression at given numbers.

    Args:
        text: such as "tanh(w*x + b)"; operators + - * / **, comparisons, functions of the table; also as a
            Chinese keyboard types it: full-width brackets, digits and signs.
        numbers: such as ["w=2", "x=-1", "b=0.5"].

    Returns:
        The result, and the leaves by name in the order given.

    Raises:
        ExpressionError: says what is wrong, points at the place, and says what to type.

    >>> root, leaves = parse("w*x + 1", ["w=2", "x=3"])
    >>> root.data, list(leaves)
    (7.0, ['w', 'x'])
    """
    text = narrowed(text).strip().translate(SIGNS_OF_PRINT)
    if not text:
        raise ExpressionError(say("cli_empty"), advice=say("cli_empty_advice"))
    if len(text) > LONGEST:
        raise ExpressionError(say("cli_long", count=len(text), most=LONGEST))
    leaves = {}
    for given in numbers:
        name, value = _read_number(given)
        if name in leaves:
            raise ExpressionError(say("cli_twice", name=name), advice=say("cli_twice_advice", name=name))
        leaves[name] = Value(value, label=name)
    try:
        tree = ast.parse(text, mode="eval")
        reader = _Reader(text, leaves)
        result = reader.read(tree.body)
    except SyntaxError as error:
        column = max(0, (error.offset or 1) - 1) if error.lineno in (1, None) else len(text) - 1
        advice = _advice(text, error.msg)
        raise ExpressionError(say("cli_incomplete"), text, min(column, len(text)), advice) from None
    except (RecursionError, MemoryError):
        raise ExpressionError(say("cli_deep")) from None
    except ValueError as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(say("cli_unreadable", error=error)) from None  # a null character, say
    unused = [name for name in leaves if name not in reader.used]
    if unused:
        advice = say("cli_unused_advice", name=unused[0])
        raise ExpressionError(say("cli_unused", name=unused[0]), text, advice=advice)
    if isinstance(result, list):
        raise ExpressionError(say("cli_several"), text, advice=say("cli_several_advice", text=text))
    return (result if isinstance(result, Value) else Value(result, requires_grad=False)), leaves


def _read_number(given: str) -> tuple[str, float]:
    name, equals, number = narrowed(given).partition("=")
    name = name.strip()
    if not equals or not name.isidentifier():
        raise ExpressionError(say("cli_form", given=repr(given)), advice=say("cli_form_advice", name="x"))
    if name in CONSTANTS or name in functions():
        raise ExpressionError(say("cli_meaning", name=name), advice=say("cli_meaning_advice"))
    try:
        return name, float(number.replace("_", "x"))  # 1_000 is Python alone
    except ValueError:
        raise ExpressionError(
            say("cli_no_number", number=repr(number), given=given), advice=say("cli_form_advice", name=name)
        ) from None


class _Reader:
    """Turns a syntax tree into a graph, node kind by node kind; what is not listed is refused."""

    def __init__(self, text: str, leaves: dict[str, Value]) -> None:
        self.text, self.leaves = text, leaves
        self.used: set[str] = set()
        self.functions = functions()

    def read(self, node: ast.AST) -> Any:
        method = getattr(self, "read_" + type(node).__name__, None)
        if method is None:
            raise self.refuse(
                say("cli_cannot_stand", what=ast.get_source_segment(self.text, node) or "..."),
                node,
                say("cli_where" if isinstance(node, ast.IfExp) else "cli_use"),
            )
        return method(node)

    def refuse(self, problem: str, node: ast.AST, advice: str = "") -> ExpressionError:
        line, offset = getattr(node, "lineno", 1) - 1, getattr(node, "col_offset", 0)
        lines = self.text.split("\n")
        before = [*lines[:line], lines[line].encode()[:offset].decode(errors="ignore")]
        return ExpressionError(problem, self.text, len("\n".join(before)), advice)

    def read_Constant(self, node: ast.Constant) -> float:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            told = say("cli_not_a_number", what=repr(node.value))
            raise self.refuse(told, node, say("cli_not_a_number_advice"))
        try:
            return float(node.value)
        except OverflowError:
            return math.inf

    def read_Name(self, node: ast.Name) -> Any:
        if node.id in self.leaves:
            self.used.add(node.id)
            return self.leaves[node.id]
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in self.functions:
            told = say("cli_is_function", name=node.id)
            raise self.refuse(told, node, say("cli_is_function_advice", name=node.id))
        raise self.refuse(say("cli_missing", name=node.id), node, say("cli_missing_advice", name=node.id))

    def read_BinOp(self, node: ast.BinOp) -> Any:
        combine = OPERATORS.get(type(node.op))
        if combine is None:
            sign, advice = SIGNS[type(node.op)]
            raise self.refuse(say("cli_sign", sign=sign), node.right, say(advice))
        left, right = self.number(node.left), self.number(node.right)
        if not isinstance(left, Operand) and not isinstance(right, Operand):
            left = Value(left, requires_grad=False)  # 1/0 and (-8)**(1/3) follow IEEE 754, as in a graph
        result = combine(left, right)
        return result if result.requires_grad else result.data

    def read_UnaryOp(self, node: ast.UnaryOp) -> Any:
        if not isinstance(node.op, (ast.USub, ast.UAdd)):
            sign, advice = SIGNS[type(node.op)]
            raise self.refuse(say("cli_sign", sign=sign), node, say(advice))
        x = self.number(node.operand)
        return -x if isinstance(node.op, ast.USub) else x

    def read_Compare(self, node: ast.Compare) -> Any:
        compare = COMPARISONS.get(type(node.ops[0]))
        if len(node.ops) != 1 or compare is None:
            raise self.refuse(say("cli_comparison"), node, say("cli_comparison_advice"))
        return compare(self.number(node.left), self.number(node.comparators[0]))

    def read_List(self, node: ast.List) -> list[Any]:
        return [self.number(item) for item in node.elts]

    read_Tuple = read_List  # noqa: N815 - named after the node kind

    def read_Call(self, node: ast.Call) -> Any:
        if node.keywords:
            raise self.refuse(say("cli_named"), node.keywords[0], say("cli_named_advice"))
        called = node.func
        if not isinstance(called, (ast.Name, ast.Attribute)):
            raise self.refuse(say("cli_not_called"), node, say("cli_not_called_advice"))
        name = called.id if isinstance(called, ast.Name) else called.attr
        function = self.functions.get(name)
        if function is None:
            raise self.refuse(say("cli_no_function", name=name), called, _nearest(name, self.functions))
        before = [called.value] if isinstance(called, ast.Attribute) else []  # x.tanh() as in a notebook
        arguments = [self.read(x) for x in [*before, *node.args]]
        try:
            return function(*arguments)
        except (TypeError, ValueError) as error:
            if re.search(PYTHON_SAYS, str(error)) or say("list_advice") in str(error):
                two = name in TWO_LISTS
                problem = say("cli_takes_lists" if two else "cli_takes_list", name=name)
                advice = say("cli_takes_lists_advice" if two else "cli_takes_list_advice", name=name)
                raise self.refuse(problem, node, advice) from None
            said = str(error)
            told = said if said.startswith(name) else f"{name}{say('colon')}{said}"
            raise self.refuse(told, node) from None

    def read_Subscript(self, node: ast.Subscript) -> Any:
        items, place = self.read(node.value), self.read(node.slice)
        if not isinstance(items, list):
            raise self.refuse(say("cli_no_list"), node, say("cli_no_list_advice"))
        if not isinstance(place, float) or not place.is_integer() or not -len(items) <= place < len(items):
            raise self.refuse(say("cli_place"), node.slice, say("cli_place_advice", last=len(items) - 1))
        return items[int(place)]

    def number(self, node: ast.AST) -> Any:
        x = self.read(node)
        if isinstance(x, list):
            raise self.refuse(say("cli_list"), node, say("cli_list_advice"))
        return x


def _advice(text: str, said: str) -> str:
    """What to look at, by Python's own words: 2x is a product, a bracket stands alone."""
    found = re.search(r"(?<![\w.])(\d+\.?\d*)([^\W\d]\w*)", text)
    if found and "literal" in said:
        return say("cli_product", left=found[1], right=found[2])
    for words, key in (("never closed", "cli_never_closed"), ("unmatched", "cli_unmatched")):
        bracket = re.search(r"'.'", said)
        if words in said and bracket:
            return say(key, bracket=bracket[0])
    function = re.search(r"\b([a-z]\w*) +([\w.]+)", text)
    if function and function[1] in functions():
        return say("cli_brackets", name=function[1], operand=function[2])
    return say("cli_equals" if re.search(r"(?<![<>!=])=(?!=)", text) else "cli_syntax")


def _nearest(name: str, known: dict[str, Any]) -> str:
    from difflib import get_close_matches

    close = [OTHER_NAMES[name]] if name in OTHER_NAMES else get_close_matches(name, known, n=1, cutoff=0.6)
    return say("cli_did_you_mean", name=close[0]) if close else say("cli_some_functions")
