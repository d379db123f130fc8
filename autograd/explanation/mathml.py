"""Expressions in MathML: `Web` reads the same rules as `Text` does, for notebooks and pages.

Some hosts strip the markup of a notebook that they do not trust, and keep its text. So what only the layout
shows, such as the bar of a fraction, stands in the markup as hidden text too: without tags a formula still
reads as a true one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from autograd.entry import TABLE, Op
from autograd.explanation.symbols import ATOM, COMPARE, INFIX_RANKS, POWER, PRODUCT, SIGN, SUM, Symbol
from autograd.trace.folding import ORDERS, name_of

SIGNS = {"mul": "·", "prod": "·", "sub": "−", "sum": "+", "le": "≤", "ge": "≥", "ne": "≠"}
MINUS = "<mo>−</mo>"
OPENED = 4  # inputs of a dot that is written as a sum of products


def hidden(text: str) -> str:
    """Text that is read only where the markup is gone."""
    return f'<mtext style="display:none">{text}</mtext>'


def row(*parts: str) -> str:
    """Parts side by side, as one argument of a fraction or a power."""
    return f"<mrow>{''.join(parts)}</mrow>"


def sign(text: str) -> str:
    """An operator."""
    return f"<mo>{escape(text)}</mo>"


def bracketed(inner: str) -> str:
    """Brackets that are seen."""
    return f"<mo>(</mo>{inner}<mo>)</mo>"


class Web(Symbol):
    """An expression in MathML; `inner` is its markup without `<math>` around it."""

    __slots__ = ("inner",)
    times = "·"
    back, forth = "←", "→"
    power_of_ten = PRODUCT

    def __init__(self, inner: str, number: float, rank: int = ATOM, tight: str = "") -> None:  # noqa: ARG002 - MathML spaces by itself
        super().__init__(f"<math>{inner}</math>", number, rank)
        self.inner = inner

    @property
    def length(self) -> int:
        """How many characters are read."""
        return len(re.sub("<[^>]*>", "", self.inner))

    @classmethod
    def name(cls, text: str, number: float) -> Web:
        """The symbol of a node: `v1` as v with the index 1, `w[0,1]` with both."""
        return cls(_name(text), number)

    @classmethod
    def of_digits(cls, shown: str) -> str:
        """A number's digits with a true minus and powers of ten."""
        size = shown.removeprefix("-")
        inner = {"inf": "<mi>∞</mi>", "nan": "<mi>nan</mi>"}.get(size) or _size(size)
        return row(MINUS, inner) if shown.startswith("-") else inner

    @classmethod
    def shown(cls, text: str) -> str:
        """An equality of numbers, or a number alone: `1 * -3 = -3`."""
        before = ""
        parts = []
        for part in text.split(" "):
            if part in ("*", "+", "=", "-"):
                before = part
                parts.append(sign({"*": "·", "-": "−"}.get(part, part)))
                continue
            number = cls.numeral(0.0, part)
            loose = before in ("*", "+", "-") and part.startswith("-")
            parts.append(bracketed(number.inner) if loose else number.inner)
        return f"<math>{''.join(parts)}</math>"

    @classmethod
    def plain(cls, text: str) -> str:
        """Words between symbols, escaped."""
        return _signs(escape(text, quote=False))

    @classmethod
    def prose(cls, text: str) -> str:
        """A sentence with expressions in it: their signs as in mathematics."""
        return _signs(re.sub(r"\*\*(\([^)]*\)|-?\w+)", r"<sup>\1</sup>", text).replace(" - ", " − "))

    @classmethod
    def partial(cls, node: str, operand: str, side: str) -> str:
        """`∂v1/∂a` as a fraction, the operand told apart where it stands there twice."""
        above, below = (_inner(x) for x in (node, operand))
        if side:
            below = f"<msub>{row(below)}<mtext>{escape(side)}</mtext></msub>"
        return f"<math>{fraction(sign('∂') + above, sign('∂') + below)}</math>"

    @classmethod
    def derivative(cls, root: str, leaf: str) -> str:
        """`dL/da` as a fraction."""
        return f"<math>{fraction('<mi>d</mi>' + _inner(root), '<mi>d</mi>' + _inner(leaf))}</math>"

    @classmethod
    def joined(cls, left: Web, right: Web) -> Web:
        """Two expressions of one number with an equality sign between them."""
        return cls(left.inner + sign("=") + right.inner, left.number, COMPARE)

    @classmethod
    def multiple(cls, count: int, x: Web) -> Web:
        """`2a`; the expression itself where it stands once."""
        if count == 1 or x.rank < ATOM or x.literal:
            return super().multiple(count, x)
        return cls(f"<mn>{count}</mn>{hidden('*')}{x.inner}", count * x.number, PRODUCT)

    @classmethod
    def grouped(cls, x: Web) -> Web:
        """The expression `x` in brackets."""
        return cls(bracketed(x.inner), x.number)

    @classmethod
    def write(cls, op: Op, parts: Sequence[Web], number: float) -> Web:
        """The expression of `op` on these parts, as it stands."""
        name = op.name
        if name == "div" and len(parts) == 2:
            above, below = parts
            up = hidden("(") + above.inner + hidden(")") if above.rank < PRODUCT else above.inner
            down = hidden("(") + below.inner + hidden(")") if below.rank < ATOM else below.inner
            return cls(fraction(up, down), number, POWER)
        if name in ("pow", "square"):
            exponent = cls.numeral(2.0) if name == "square" else parts[1]
            base = _wrapped(parts[0], ATOM)
            raised = exponent.inner if exponent.rank == ATOM else hidden("(") + exponent.inner + hidden(")")
            return cls(f"<msup>{row(base, hidden('**'))}{row(raised)}</msup>", number, POWER)
        if name == "neg":
            return cls(row(MINUS, _wrapped(parts[0], SIGN + 1)), number, SIGN)
        if name in ("dot", "sumprod") and len(parts) // 2 <= OPENED:
            n = len(parts) // 2
            products = [cls.write(TABLE["mul"], pair, 0.0) for pair in zip(parts[:n], parts[n : 2 * n])]
            return cls._infix("sum", [*products, *parts[2 * n :]], number)
        if name in INFIX_RANKS or name in ("sum", "prod"):
            return cls._infix(name, parts, number)
        if name == "sqrt":
            inner = f"{hidden('sqrt(')}<msqrt>{parts[0].inner}</msqrt>{hidden(')')}"
            return cls(inner, number)
        orders = [x.number for x in parts[len(parts) - ORDERS.get(name, 0) :]]
        inside = sign(",").join(x.inner for x in parts[: len(parts) - len(orders)])
        if len(parts) == 1:  # a name in brackets of its own
            inside = re.sub(r"^<mtext>\((.*)\)</mtext>$", r"<mtext>\1</mtext>", inside)
        return cls(f"<mi>{escape(name_of(op, orders))}</mi>{bracketed(inside)}", number)

    @classmethod
    def _infix(cls, name: str, parts: Sequence[Web], number: float) -> Web:
        rank = {"sum": SUM, "prod": PRODUCT}.get(name) or INFIX_RANKS.get(name, COMPARE)
        between = SIGNS.get(name) or TABLE[name].sign
        loose = name in ("add", "sum", "mul", "prod")  # a + (b + c) reads as a + b + c where it is set
        inner = [_wrapped(parts[0], rank + (rank == COMPARE))]
        for x in parts[1:]:
            signed = x.inner.startswith(f"<mrow>{MINUS}")
            inner += [sign(between), _wrapped(x, ATOM if signed else rank + (not loose or rank == COMPARE))]
        return cls("".join(inner), number, rank)


def fraction(above: str, below: str) -> str:
    """A fraction; without tags a quotient."""
    return f"<mfrac>{row(above, hidden('/'))}{row(below)}</mfrac>"


def _wrapped(x: Web, rank: int) -> str:
    return bracketed(x.inner) if x.rank < rank else x.inner


def _inner(text: str) -> str:
    """The markup of a symbol's text."""
    return text.removeprefix("<math>").removesuffix("</math>")


def _size(shown: str) -> str:
    mantissa, e, exponent = shown.partition("e")
    if not e:
        return f"<mn>{mantissa}</mn>"
    power = exponent.removeprefix("+").lstrip("0") if exponent[:1] != "-" else exponent[1:].lstrip("0")
    minus = sign("−") if exponent.startswith("-") else ""
    ten = f"<msup>{row('<mn>10</mn>', hidden('**'))}{row(minus, f'<mn>{power}</mn>')}</msup>"
    return f"<mn>{mantissa}</mn>{sign('·')}{ten}"


def _name(text: str) -> str:
    indexed = re.fullmatch(r"([A-Za-z]+)(?:(_?)(\d+)|((?:\[\d+(?:,\d+)*\])+))", text)
    if indexed:
        letters, dash, number, brackets = indexed.groups()
        if number:
            return f"<msub><mi>{letters}</mi>{row(hidden(dash) if dash else '', f'<mn>{number}</mn>')}</msub>"
        inside = brackets[1:-1].replace("][", ",")
        numbers = sign(",").join(f"<mn>{x}</mn>" for x in inside.split(","))
        return f"<msub><mi>{letters}</mi>{row(hidden('['), numbers, hidden(']'))}</msub>"
    if re.fullmatch(r"[^\W\d_]+", text):
        return f"<mi>{text}</mi>"
    return f"<mtext>{escape(text, quote=True)}</mtext>"


def _signs(text: str) -> str:
    """Signs of Python between words as they are printed."""
    return re.sub(r"(?<![\w.)\]>-])-(?=\d|inf\b|<math>)", "−", text.replace(" * ", " · "))
