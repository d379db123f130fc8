"""Expressions in LaTeX: `Tex` reads the same rules as `Text` does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd.entry import TABLE, Op
from autograd.explanation.reading import Grid
from autograd.explanation.symbols import ATOM, COMPARE, POWER, PRODUCT, SIGN, SUM, Symbol, wrapped_in
from autograd.trace.folding import ORDERS, name_of

GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "lambda", "mu", "sigma", "tau",
    "phi", "omega",
}  # fmt: skip
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
        index = index if number and len(index) == 1 else f"{{{index}}}"
        return f"{tex_name(letters)}_{index}"
    if re.fullmatch("[A-Za-z]+", name):
        return rf"\mathrm{{{name}}}"
    return r"\text{" + tex_escape(name) + "}"


def array(grid: Grid, columns: str) -> str:
    """A table as a LaTeX `array`."""
    rows = [grid.head, *[row for row in grid.rows if isinstance(row, list)]]
    lines = [" & ".join(row) + r" \\" for row in rows]
    return "\n".join([rf"\begin{{array}}{{{columns}}}", lines[0], r"\hline", *lines[1:], r"\end{array}"])


def equations(lines: Sequence[str]) -> str:
    """Lines of equations, one below the other, with their `&=` aligned."""
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


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
    power_of_ten = PRODUCT

    @classmethod
    def name(cls, text: str, number: float) -> Tex:
        """The symbol of a node."""
        return cls(tex_name(text), number)

    @classmethod
    def of_digits(cls, shown: str) -> str:
        """A number's digits as they are set."""
        return tex_number(shown)

    @classmethod
    def plain(cls, text: str) -> str:
        """Words in a formula."""
        return r"\text{" + tex_escape(text) + "}"

    @classmethod
    def write(cls, op: Op, parts: Sequence[Tex], number: float) -> Tex:
        """The expression of `op` on these parts, as it stands."""
        name = op.name
        if name in RANKS and len(parts) > 1:
            return cls._infix(name, parts, number)
        if name == "div":
            return cls(rf"\frac{{{parts[0].text}}}{{{parts[1].text}}}", number, POWER)
        if name in ("pow", "square"):
            exponent = "2" if name == "square" else parts[1].text
            return cls(f"{wrapped_in(parts[0], ATOM, *PARENTHESES)}^{{{exponent}}}", number, POWER)
        if name == "neg":
            return cls("-" + wrapped_in(parts[0], SIGN + 1, *PARENTHESES), number, SIGN)
        if name == "dot":
            return cls._dot(parts, number)
        orders = [x.number for x in parts[len(parts) - ORDERS.get(name, 0) :]]
        inside = ", ".join(x.text for x in parts[: len(parts) - len(orders)])
        if len(parts) == 1:  # a name in brackets of its own
            inside = re.sub(r"^\\text\{\((.*)\)\}$", r"\\text{\1}", inside)
        name, _, order = name_of(op, orders).partition("^")
        if "%s" in op.tex:
            return cls(op.tex % inside, number)
        function = op.tex or r"\operatorname{" + tex_escape(name) + "}" + (f"^{{{order}}}" if order else "")
        return cls(function + r"\left(" + inside + r"\right)", number)

    @classmethod
    def _infix(cls, name: str, parts: Sequence[Tex], number: float) -> Tex:
        rank = RANKS[name]
        op = TABLE[{"sum": "add", "prod": "mul"}.get(name, name)]
        sign = op.tex or op.sign
        texts = [wrapped_in(parts[0], rank, *PARENTHESES)]
        tighter = name == "sub" or rank == COMPARE  # elsewhere a + (b + c) is a + b + c
        for x in parts[1:]:
            signed = x.text.startswith("-")
            texts += [wrapped_in(x, ATOM if signed else rank + tighter, *PARENTHESES)]
        return cls(f" {sign} ".join(texts), number, rank)

    @classmethod
    def _dot(cls, parts: Sequence[Tex], number: float) -> Tex:
        n = len(parts) // 2
        products = [cls._infix("mul", [w, x], 0.0) for w, x in zip(parts[:n], parts[n : 2 * n])]
        terms = [*products, *parts[2 * n :]]
        return terms[0] if len(terms) == 1 else cls._infix("sum", terms, number)


PARENTHESES = (r"\left(", r"\right)")
RANKS = {"add": SUM, "sub": SUM, "sum": SUM, "mul": PRODUCT, "prod": PRODUCT, "mod": PRODUCT}
RANKS |= dict.fromkeys(("gt", "ge", "lt", "le", "eq", "ne"), COMPARE)
