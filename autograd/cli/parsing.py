"""Expressions typed at the command line: read through `ast` with a white list, never through `eval`."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import autograd
from autograd import Operand, Value

CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf}
OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}
SIGNS = {  # of Python, not of the calculator: the sign, and what to type instead
    ast.BitXor: ("^", "for a power write **"),
    ast.MatMult: ("@", "write dot([a, b], [c, d])"),
    ast.BitAnd: ("&", "use + - * / **"),
    ast.BitOr: ("|", "for an absolute value write abs(x)"),
    ast.LShift: ("<<", "use + - * / **"),
    ast.RShift: (">>", "use + - * / **"),
    ast.Not: ("not", "use - or +"),
    ast.Invert: ("~", "use - or +"),
}
OTHER_NAMES = {
    "max": "maximum", "min": "minimum", "ln": "log",
    "arctan": "atan", "arcsin": "asin", "arccos": "acos",
}  # fmt: skip
COMPARISONS = {ast.Gt: autograd.gt, ast.GtE: autograd.ge, ast.Lt: autograd.lt, ast.LtE: autograd.le}
WHERE = "write  where(condition, then, otherwise)"
LONGEST = 10_000  # characters


class ExpressionError(ValueError):
    """What is wrong with an expression, and where: `text`, `column` (from 0), `advice`."""

    def __init__(self, problem: str, text: str = "", column: int = 0, advice: str = "") -> None:
        super().__init__(problem)
        self.problem, self.text, self.column, self.advice = problem, text, column, advice

    def pointed(self) -> str:
        """The problem, and under it the expression with a pointer at the place."""
        if not self.text:
            return f"error: {self.problem}" + (f"\n  {self.advice}" if self.advice else "")
        start = max(0, self.column - 60)
        shown, pointer = self.text[start : start + 90], " " * (self.column - start) + "^"
        return f"error: {self.problem}\n  {shown}\n  {pointer} {self.advice}".rstrip()


def functions() -> dict[str, Callable[..., Any]]:
    """What an expression may call: the table's functions by their public names."""
    names = [name for name in autograd.TABLE if name not in ("add", "sub", "mul", "div", "neg", "eq", "ne")]
    found = {name: getattr(autograd, name) for name in names if hasattr(autograd, name)}
    return {**found, "softmax": autograd.softmax, "log_softmax": autograd.log_softmax, "dist": autograd.dist}


def parse(text: str, numbers: Sequence[str]) -> tuple[Value, dict[str, Value]]:
    """The graph of an expression at given numbers.

    Args:
        text: such as "tanh(w*x + b)"; operators + - * / **, comparisons, functions of the table.
        numbers: such as ["w=2", "x=-1", "b=0.5"].

    Returns:
        The result, and the leaves by name in the order given.

    Raises:
        ExpressionError: says what is wrong, points at the place, and says what to type.

    >>> root, leaves = parse("w*x + 1", ["w=2", "x=3"])
    >>> root.data, list(leaves)
    (7.0, ['w', 'x'])
    """
    text = text.strip()
    if not text:
        raise ExpressionError("the expression is empty", advice='type one in quotes, such as "tanh(w*x + b)"')
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression has {len(text):,} characters, at most {LONGEST:,} are read")
    leaves = {}
    for given in numbers:
        name, value = _read_number(given)
        if name in leaves:
            raise ExpressionError(f"{name} has two numbers", advice=f"leave one  {name}=...  out")
        leaves[name] = Value(value, label=name)
    try:
        tree = ast.parse(text, mode="eval")
        reader = _Reader(text, leaves)
        result = reader.read(tree.body)
    except SyntaxError as error:
        column = max(0, (error.offset or 1) - 1) if error.lineno in (1, None) else len(text) - 1
        raise ExpressionError(
            "this is not a complete expression", text, min(column, len(text)), _advice(text, error.msg)
        ) from None
    except (RecursionError, MemoryError):
        raise ExpressionError("the expression is nested too deeply to read") from None
    except ValueError as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"this cannot be read: {error}") from None  # a null character, say
    unused = [name for name in leaves if name not in reader.used]
    if unused:
        raise ExpressionError(f"{unused[0]} has a number but does not stand in the expression", text, 0,
                              f"leave out  {unused[0]}=...")  # fmt: skip
    if isinstance(result, list):
        raise ExpressionError("the expression gives several numbers, one is needed", text, 0,
                              f"add them up or pick one:  sum({text})")  # fmt: skip
    return (result if isinstance(result, Value) else Value(result, requires_grad=False)), leaves


def _read_number(given: str) -> tuple[str, float]:
    name, equals, number = given.partition("=")
    name = name.strip()
    if not equals or not name.isidentifier():
        raise ExpressionError(f"{given!r} is not of the form name=number", advice="type for example  x=0.5")
    if name in CONSTANTS or name in functions():
        raise ExpressionError(f"{name} has a meaning already", advice="choose another name")
    try:
        return name, float(number.replace("−", "-").replace("_", "x"))  # the long minus of text processors
    except ValueError:
        raise ExpressionError(
            f"{number!r} is not a number (in {given})", advice=f"type for example  {name}=0.5"
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
                f"{ast.get_source_segment(self.text, node) or 'this'} cannot stand in an expression",
                node,
                WHERE if isinstance(node, ast.IfExp) else "use numbers, names, + - * / ** and functions",
            )
        return method(node)

    def refuse(self, problem: str, node: ast.AST, advice: str = "", at_end: bool = False) -> ExpressionError:
        line, offset = (
            getattr(node, "lineno", 1),
            getattr(node, "end_col_offset" if at_end else "col_offset", 0),
        )
        before = self.text.split("\n")[: line - 1]
        here = self.text.split("\n")[line - 1].encode()[:offset].decode(errors="ignore")
        return ExpressionError(problem, self.text, sum(len(x) + 1 for x in before) + len(here), advice)

    def read_Constant(self, node: ast.Constant) -> float:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise self.refuse(f"{node.value!r} is not a number", node, "write a number or a name")
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
            raise self.refuse(f"{node.id} is a function", node, f"write  {node.id}(...)")
        raise self.refuse(f"{node.id} has no number", node, f"add  {node.id}=0.5")

    def read_BinOp(self, node: ast.BinOp) -> Any:
        combine = OPERATORS.get(type(node.op))
        if combine is None:
            sign, advice = SIGNS[type(node.op)]
            raise self.refuse(f"the operator {sign} is not known", node.right, advice)
        left, right = self.number(node.left), self.number(node.right)
        if not isinstance(left, Operand) and not isinstance(right, Operand):
            left = Value(left, requires_grad=False)  # 1/0 and (-8)**(1/3) follow IEEE 754, as in a graph
        result = combine(left, right)
        return result if result.requires_grad else result.data

    def read_UnaryOp(self, node: ast.UnaryOp) -> Any:
        if not isinstance(node.op, (ast.USub, ast.UAdd)):
            sign, advice = SIGNS[type(node.op)]
            raise self.refuse(f"the operator {sign} is not known", node, advice)
        x = self.number(node.operand)
        return -x if isinstance(node.op, ast.USub) else x

    def read_Compare(self, node: ast.Compare) -> Any:
        compare = COMPARISONS.get(type(node.ops[0]))
        if len(node.ops) != 1 or compare is None:
            raise self.refuse(
                "one comparison of two numbers is allowed", node, "write  a > b, a >= b, a < b or a <= b"
            )
        return compare(self.number(node.left), self.number(node.comparators[0]))

    def read_List(self, node: ast.List) -> list[Any]:
        return [self.number(item) for item in node.elts]

    read_Tuple = read_List  # noqa: N815 - named after the node kind

    def read_Call(self, node: ast.Call) -> Any:
        if node.keywords:
            raise self.refuse("named arguments are not read", node.keywords[0], "give the arguments in order")
        called = node.func
        if not isinstance(called, (ast.Name, ast.Attribute)):
            raise self.refuse("this cannot be called", node, "write  f(x)  with a function's name")
        name = called.id if isinstance(called, ast.Name) else called.attr
        function = self.functions.get(name)
        if function is None:
            raise self.refuse(f"the function {name} is not known", called, _nearest(name, self.functions))
        before = [called.value] if isinstance(called, ast.Attribute) else []  # x.tanh() as in a notebook
        arguments = [self.read(x) for x in [*before, *node.args]]
        try:
            return function(*arguments)
        except (TypeError, ValueError) as error:
            raise self.refuse(f"{name}: {error}", node) from None

    def number(self, node: ast.AST) -> Any:
        x = self.read(node)
        if isinstance(x, list):
            raise self.refuse("a list cannot be calculated with", node, "give it to sum, dot, logsumexp, ...")
        return x


def _advice(text: str, said: str) -> str:
    """Python's own words, but for what is written the way it is spoken: 2x."""
    found = re.search(r"(?<![\w.])(\d+\.?\d*)([^\W\d]\w*)", text)
    return f"for a product write  {found[1]}*{found[2]}" if found and "literal" in said else said


def _nearest(name: str, known: dict[str, Any]) -> str:
    from difflib import get_close_matches

    close = [OTHER_NAMES[name]] if name in OTHER_NAMES else get_close_matches(name, known, n=1, cutoff=0.6)
    return (
        f"did you mean  {close[0]}?"
        if close
        else "use exp log tanh sigmoid relu sqrt sin cos sum dot maximum ..."
    )
