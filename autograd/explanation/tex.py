"""Expressions in LaTeX: `Tex` reads the same rules as `Text` does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd.entry import Op
from autograd.explanation.symbols import ATOM, COMPARE, POWER, PRODUCT, SIGN, SUM, Symbol, wrapped_in
from autograd.trace.digits import constant, digits

FUNCTIONS = {
    "exp": r"\exp", "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "sinh": r"\sinh",
    "cosh": r"\cosh", "tanh": r"\tanh", "maximum": r"\max", "minimum": r"\min", "asin": r"\arcsin",
    "acos": r"\arccos", "atan": r"\arctan", "sigmoid": r"\sigma", "gamma": r"\Gamma", "log2": r"\log_2",
    "log10": r"\log_{10}",
}  # fmt: skip
SIGNS = {
    "add": "+", "sub": "-", "mul": r"\cdot", "gt": ">", "ge": r"\ge", "lt": "<", "le": r"\le", "eq": "=",
    "ne": r"\ne", "mod": r"\bmod",
}  # fmt: skip
GREEK = {
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "eta",
    "theta",
    "lambda",
    "mu",
    "sigma",
    "tau",
    "phi",
    "omega",
}
ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_",
    "^": r"\^{}", "~": r"\~{}", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def tex_name(name: str) -> str:
    r"""A node's name: `v1` as v_1, one letter as it is, others upright, anything else as text.

    >>> tex_name("v1"), tex_name("x"), tex_name("loss"), tex_name("w[0]")
    ('v_1', 'x', '\\mathrm{loss}', 'w_{0}')
    """
    if name in GREEK:
        return "\\" + name
    if re.fullmatch("[A-Za-z]", name):
        return name
    indexed = re.fullmatch(r"([A-Za-z]+)(?:_?(\d+)|((?:\[\d+\])+))", name)
    if indexed:
        letters, number, brackets = indexed.groups()
        index = number or brackets[1:-1].replace("][", ",")
        return (
            f"{tex_name(letters)}_{index}"
            if number and len(index) == 1
            else f"{tex_name(letters)}_{{{index}}}"
        )
    if re.fullmatch("[A-Za-z]+", name):
        return rf"\mathrm{{{name}}}"
    return r"\text{" + tex_escape(name) + "}"


def tex_escape(text: str) -> str:
    """Text with what is special in LaTeX escaped."""
    return "".join(ESCAPES.get(c, c) for c in text)


def tex_number(shown: str) -> str:
    r"""A number's digits: inf as the symbol, 1e-07 as a power of ten.

    >>> tex_number("1.235e-07"), tex_number("-inf")
    ('1.235\\cdot 10^{-7}', '-\\infty')
    """
    if shown.endswith("inf"):
        return shown.replace("inf", r"\infty")
    if shown == "nan":
        return r"\mathrm{nan}"
    mantissa, _, exponent = shown.replace("...", r"\ldots ").partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else shown


class Tex(Symbol):
    """An expression in LaTeX."""

    __slots__ = ()
    back, forth = r"\leftarrow", r"\to"

    @classmethod
    def name(cls, text: str, number: float) -> Tex:
        """The symbol of a node."""
        return cls(tex_name(text), number)

    @classmethod
    def numeral(cls, number: float, shown: str = "", fixed: bool = False) -> Tex:
        """The symbol of a number."""
        shown = shown or (constant(number) if fixed else digits(number))
        rank = SIGN if shown.startswith("-") else PRODUCT if "e" in shown else ATOM
        symbol = cls(tex_number(shown), number, rank)
        symbol.literal, symbol.fixed = True, fixed
        return symbol

    @classmethod
    def plain(cls, text: str) -> str:
        """Words in a formula."""
        return r"\text{" + tex_escape(text) + "}"

    @classmethod
    def write(cls, op: Op, parts: Sequence[Tex], number: float) -> Tex:
        """The expression of `op` on these parts, as it stands."""
        name = op.name
        if (name in SIGNS and len(parts) == 2) or (name in ("sum", "prod") and len(parts) > 1):
            return cls._infix(name, parts, number)
        if name == "div":
            return cls(rf"\frac{{{parts[0].text}}}{{{parts[1].text}}}", number, PRODUCT + 1)
        if name in ("pow", "square"):
            exponent = "2" if name == "square" else parts[1].text
            return cls(f"{wrapped_in(parts[0], ATOM, *PARENTHESES)}^{{{exponent}}}", number, POWER)
        if name == "neg":
            return cls("-" + wrapped_in(parts[0], SIGN + 1, *PARENTHESES), number, SIGN)
        if name in ("sqrt", "abs", "floor", "ceil"):
            before, after = AROUND[name]
            return cls(before + parts[0].text + after, number)
        if name == "dot":
            return cls._dot(parts, number)
        function = FUNCTIONS.get(name) or r"\operatorname{" + tex_escape(name) + "}"
        return cls(function + r"\left(" + ", ".join(x.text for x in parts) + r"\right)", number)

    @classmethod
    def _infix(cls, name: str, parts: Sequence[Tex], number: float) -> Tex:
        rank = SUM if name in ("add", "sub", "sum") else PRODUCT if name in ("mul", "prod") else COMPARE
        sign = SIGNS[{"sum": "add", "prod": "mul"}.get(name, name)]
        texts = [wrapped_in(parts[0], rank, *PARENTHESES)]
        tighter = name == "sub" or rank == COMPARE  # elsewhere a + (b + c) is a + b + c
        for x in parts[1:]:
            signed = x.literal or x.text.startswith("-")
            texts += [wrapped_in(x, ATOM if signed else rank + tighter, *PARENTHESES)]
        return cls(f" {sign} ".join(texts), number, rank)

    @classmethod
    def _dot(cls, parts: Sequence[Tex], number: float) -> Tex:
        n = len(parts) // 2
        products = [cls._infix("mul", [w, x], 0.0) for w, x in zip(parts[:n], parts[n : 2 * n])]
        terms = [*products, *parts[2 * n :]]
        return terms[0] if len(terms) == 1 else cls._infix("sum", terms, number)


PARENTHESES = (r"\left(", r"\right)")
AROUND = {
    "sqrt": (r"\sqrt{", "}"),
    "abs": (r"\left|", r"\right|"),
    "floor": (r"\lfloor ", r" \rfloor"),
    "ceil": (r"\lceil ", r" \rceil"),
}
