"""Read back, an expression is the tree that it was written from; no bracket is missing and none could go."""

import ast
import random
import re
import xml.etree.ElementTree as ET

import pytest

import autograd as ag
from autograd import Value
from autograd.explanation.cells import formula
from autograd.explanation.mathml import Web
from autograd.explanation.symbols import Text
from autograd.explanation.tex import Tex
from autograd.trace.steps import trace_graph

NUMBERS = (3.0, 2.0, -3.0, -0.5, 0.25, -2.0, 1e-7, -1e-7, 1.5e20)
AT = {"p": 1.37, "q": 0.59, "r": 2.21, "s": 0.83}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "hypot": ag.hypot,
}
UNARY = {"neg": lambda a: -a, "tanh": ag.tanh}
SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}
TEX = r"\\left\(|\\right\)|\\frac|\\cdot|\\operatorname\{\w+\}|\\tanh|[{}^+\-,]|[a-z]|[\d.]+"
PYTHON = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def grown(draws, depth, leaves):
    """Give a random expression of these leaves and of numbers."""
    if depth == 0 or draws.random() < 0.15:
        return draws.choice(leaves) if draws.random() < 0.75 else draws.choice(NUMBERS)
    op = draws.choice([*BINARY, *UNARY, "+", "-", "*", "neg"])
    parts = [grown(draws, depth - 1, leaves) for _ in range(1 if op in UNARY else 2)]
    if not any(isinstance(x, Value) for x in parts):
        return draws.choice(leaves)
    return (UNARY.get(op) or BINARY[op])(*parts)


def tree(node):
    """Give a told node as nested tuples."""
    if not node.operands:
        return node.number if node.is_constant else node.name
    return (SIGNS.get(node.op.name, node.op.name), *map(tree, node.operands))


def signed(tree_):
    """Give the tree with the minus of a number as part of it."""
    if not isinstance(tree_, tuple):
        return tree_
    op, *parts = tree_[0], *map(signed, tree_[1:])
    return -parts[0] if op == "neg" and isinstance(parts[0], float) else (op, *parts)


def from_python(text):
    def read(e):
        if isinstance(e, ast.BinOp):
            return (PYTHON[type(e.op)], read(e.left), read(e.right))
        if isinstance(e, ast.UnaryOp):
            return ("neg", read(e.operand))
        if isinstance(e, ast.Call):
            return (e.func.id, *map(read, e.args))
        return e.id if isinstance(e, ast.Name) else float(e.value)

    return signed(read(ast.parse(text, mode="eval").body))


def from_tex(text):
    """Read LaTeX as one reads it: a sign behind a sign, a dot or a power is refused."""
    reader = TexReader(text)
    read = reader.whole()
    reader.refuse(bool(reader.left))
    return signed(read)


class TexReader:
    def __init__(self, text):
        self.text = text
        self.left = re.findall(TEX, text)

    def refuse(self, wrong):
        if wrong:
            raise SyntaxError(self.text)

    def take(self, wanted=""):
        self.refuse(not self.left or (wanted and self.left[0] != wanted))
        return self.left.pop(0)

    def comes(self, *signs):
        return bool(self.left) and self.left[0] in signs and bool(self.take())

    def whole(self):
        negative = self.comes("-")
        read = self.product(negative)
        while self.left and self.left[0] in "+-":
            read = (self.take(), read, self.product(False))
        return read

    def product(self, negative):
        read = ("neg", self.power()) if negative else self.power()
        while self.comes("\\cdot"):
            read = ("*", read, self.power())
        return read

    def power(self):
        base = self.atom()
        return ("**", base, self.group()) if self.comes("^") else base

    def group(self):
        self.take("{")
        inner = self.whole()
        self.take("}")
        return inner

    def atom(self):
        sign = self.take()
        if sign == "\\frac":
            return ("/", self.group(), self.group())
        if sign == "\\left(":
            return self.inside()[0]
        if sign.startswith("\\"):
            self.take("\\left(")
            return (sign.replace("\\operatorname{", "").strip("\\}"), *self.inside())
        self.refuse(not re.fullmatch(r"[a-z]|[\d.]+", sign))
        return sign if sign.isalpha() else float(sign)

    def inside(self):
        found = [self.whole()]
        while self.comes(","):
            found.append(self.whole())
        self.take("\\right)")
        return found


def as_tex(element):
    """Give MathML as LaTeX, what is hidden left out."""
    inner = [as_tex(x) for x in element if "style" not in x.attrib]
    text = (element.text or "").strip()
    if element.tag in ("mfrac", "msup"):
        return ("\\frac{%s}{%s}" if element.tag == "mfrac" else "%s^{%s}") % tuple(inner)
    if element.tag == "mo":
        return {"(": "\\left(", ")": "\\right)", "\u00b7": "\\cdot", "\u2212": "-"}.get(text, text) + " "
    if element.tag == "mi" and len(text) > 1:
        return rf"\operatorname{{{text}}}"
    return text or "".join(inner)


def number(tree_):
    if not isinstance(tree_, tuple):
        return AT.get(tree_, tree_)
    return ({**BINARY, **UNARY}[tree_[0]])(*map(number, tree_[1:]))


def bare(text, brackets, read):
    """Give the brackets, no function's, without which the text would read the same."""
    opened, found = [], []
    for match in re.finditer(brackets, text):
        if not match[0].endswith(")"):
            opened.append(match)
            continue
        begin = opened.pop()
        before, inside, after = text[: begin.start()], text[begin.end() : match.start()], text[match.end() :]
        of_function = re.search(r"\w\}?$", before)
        after_sign = re.search(r"-\s?$", before) and inside.startswith("-")
        of_fraction = after.lstrip().startswith("^") and "\\frac" in inside
        if of_function or after_sign or of_fraction:
            continue
        try:
            if read(before + inside + after) == read(text):
                found.append(begin.group() + inside)
        except SyntaxError:
            continue
    return found


@pytest.mark.parametrize("seed", range(3))
def test_brackets_stand_where_they_are_needed_and_nowhere_else(seed):
    draws = random.Random(seed)
    told = 0
    while told < 300:
        leaves = [Value(x, label=name) for name, x in AT.items()]
        y = grown(draws, draws.choice((2, 3, 4)), leaves)
        if not isinstance(y, Value):
            continue
        root = trace_graph(y, {}).root
        written = {kind: formula(root, kind, 3000) for kind in (Text, Tex, Web)}
        if not root.operands or written[Text].length > 200:
            continue
        told += 1
        text, tex = written[Text].text, written[Tex].text
        web = as_tex(ET.fromstring(written[Web].text))  # noqa: S314 - markup made here
        assert from_python(text) == signed(tree(root))
        assert bare(text, r"[()]", from_python) == []
        for mathematics in (tex, web):
            try:
                value = float(number(from_python(text)))
            except (ArithmeticError, TypeError):  # 0**-1, a complex number
                break
            assert number(from_tex(mathematics)) == pytest.approx(value, rel=1e-9, nan_ok=True)
            assert bare(mathematics, r"\\left\(|\\right\)", from_tex) == []
