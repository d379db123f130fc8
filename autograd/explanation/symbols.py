"""Names that ops can be applied to: the table's rules, read on them, become expressions.

    >>> from autograd.ops import TABLE
    >>> o = Text.name("o", 0.5)
    >>> TABLE["tanh"].rule(0, readable=True)(Text.name("v4", 0.55), o).text
    '1 - o**2'

`Text` writes Python, `Web` (in `mathml.py`) MathML, `Tex` (in `tex.py`) LaTeX. A symbol carries its number
too, so that `where` can take the branch which was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from autograd.entry import TABLE, Op, Operand, read_on_floats
from autograd.number import to_float
from autograd.trace.digits import constant, digits
from autograd.trace.folding import ORDERS, form_of, name_of

Kind = TypeVar("Kind", bound="Symbol")

COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = 0, 1, 2, 3, 4, 9


class Symbol(Operand):
    """An expression with its number; `rank` says how tightly its outermost operator binds.

    `literal` marks a number written as such, `fixed` one that never changes: a constant of the graph
    or of a rule, which may be worked out while writing (`3 - 1` becomes 2).
    """

    __slots__ = ("figures", "fixed", "literal", "number", "rank", "text", "tight")
    reading = 3
    back, forth = "<-", "->"  # arrows between nodes, on the way back and forth
    power_of_ten = ATOM  # the rank of 1e-07; where it is set as a product, that of one

    def __init__(self, text: str, number: float, rank: int = ATOM, tight: str = "") -> None:
        self.text, self.number, self.rank, self.tight = text, number, rank, tight or text
        self.literal = self.fixed = False
        self.figures = ""  # of a number: how it is written in Python

    @classmethod
    def name(cls: type[Kind], text: str, number: float) -> Kind:
        """The symbol of a node."""
        return cls(text, number)

    @classmethod
    def numeral(cls: type[Kind], number: float, shown: str = "", fixed: bool = False) -> Kind:
        """The symbol of a number, in the digits `shown`."""
        shown = shown or (constant(number) if fixed else digits(number))
        rank = SIGN if shown.startswith("-") else cls.power_of_ten if "e" in shown else ATOM
        symbol = cls(cls.of_digits(shown), number, rank)
        symbol.literal, symbol.fixed, symbol.figures = True, fixed, shown
        return symbol

    @classmethod
    def of_digits(cls, shown: str) -> str:
        """A number's digits as they are set: as they stand in Python."""
        return shown

    @classmethod
    def of_rule(cls: type[Kind], number: float) -> Kind:
        """A number that stands in a rule, such as 1 / sqrt(2 * pi); its number is what is shown of it."""
        shown = digits(number)
        if float(shown) != number:
            shown = f"{number:.6g}"
        return cls.numeral(float(shown), shown, fixed=True)

    @property
    def length(self) -> int:
        """How many characters are read."""
        return len(self.text)

    @classmethod
    def shown(cls, text: str) -> str:
        """An equality of numbers, or a number alone: `1 * -3 = -3`."""
        return text

    @classmethod
    def derivative(cls, root: str, leaf: str) -> str:
        """`dL/da`."""
        return f"d{root}/d{leaf}"

    @classmethod
    def grouped(cls: type[Kind], x: Kind) -> Kind:
        """The expression `x` in brackets."""
        return cls(f"({x.text})", x.number)

    @classmethod
    def joined(cls: type[Kind], left: Kind, right: Kind) -> Kind:
        """Two expressions of one number with an equality sign between them."""
        return cls(f"{left.text} = {right.text}", left.number, COMPARE)

    @classmethod
    def multiple(cls: type[Kind], count: int, x: Kind) -> Kind:
        """`2*a`; the expression itself where it stands once."""
        whole = cls.numeral(float(count), fixed=True)
        return x if count == 1 else cls.write(TABLE["mul"], [whole, x], count * x.number)

    @classmethod
    def plain(cls, text: str) -> str:
        """Words between symbols."""
        return text

    @classmethod
    def prose(cls, text: str) -> str:
        """A sentence that holds symbols already."""
        return text

    @classmethod
    def partial(cls, node: str, operand: str, side: str) -> str:  # noqa: ARG003 - the form of the others
        """What stands before a local derivative: nothing in Python, ∂v1/∂a in mathematics."""
        return ""

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """Read an op inside a rule: constants are worked out, `1 *` and `** 1` are dropped."""
        parts = [x if isinstance(x, cls) else cls.of_rule(to_float(x)) for x in operands]
        read = cls.known(op, parts)
        if read is not None:
            return read
        if op.name == "where":
            return parts[1] if parts[0].number else parts[2]
        number = read_on_floats(lambda *xs: op.value(*xs[:-1]), [x.number for x in parts], 0.0)
        if op.name != "div" and all(x.fixed for x in parts):  # 1 / 2 says more than 0.5
            return cls.numeral(number, fixed=True)
        return _shorter(op.name, parts) or cls.write(op, parts, number)

    @classmethod
    def known(cls: type[Kind], op: Op, parts: Sequence[Any]) -> Kind | None:
        """An op that has no name of the field, in ops that have one; None for any other."""
        read = form_of(op, [x.number if x.fixed else x for x in parts])
        return read if read is None or isinstance(read, cls) else cls.of_rule(read)

    @classmethod
    def write(cls: type[Kind], op: Op, parts: Sequence[Kind], number: float) -> Kind:
        """The expression of `op` on these parts, as it stands."""
        raise NotImplementedError


def _shorter(name: str, parts: Sequence[Symbol]) -> Any:
    """The part, or its negative, that is all there is to say of `1 * x`, `x / 1`, `x**1`, `x + 0`."""
    if name == "neg" and parts[0].literal:
        x = parts[0]
        shown = x.figures.removeprefix("-") if x.number < 0 else "-" * bool(x.number) + x.figures
        return x.numeral(-x.number, shown, x.fixed)
    if len(parts) != 2:
        return None
    left, right = parts
    ones = {"mul": (1.0, 1.0), "div": (None, 1.0), "pow": (None, 1.0), "add": (0.0, 0.0), "sub": (None, 0.0)}
    dropped_left, dropped_right = ones.get(name, (None, None))
    if left.fixed and left.number == dropped_left:
        return right
    if right.fixed and right.number == dropped_right:
        return left
    if name == "mul" and left.fixed and left.number == -1.0:
        return -right
    if name == "mul" and right.fixed and right.number == -1.0:
        return -left
    return None


class Text(Symbol):
    """An expression in Python's notation, spaced so that it reads: `a*a + a*b`, `(1 - o**2) * w1`.

    A product that stands alone has blanks round its signs, one inside an expression has none.
    """

    __slots__ = ()
    times, less = "*", "<"

    @classmethod
    def write(cls, op: Op, parts: Sequence[Text], number: float) -> Text:
        """The expression of `op` on these parts, as it stands."""
        name = op.name
        if name in INFIX_RANKS and len(parts) == 2:
            return cls.infix(op.sign, INFIX_RANKS[name], parts, number)
        if name == "neg":
            return cls("-" + _wrapped(parts[0], SIGN + 1), number, SIGN)
        if name in ("sum", "prod") and len(parts) > 1:
            sign, rank = ("+", SUM) if name == "sum" else ("*", PRODUCT)
            return cls.infix(sign, rank, parts, number)
        if name in ("dot", "sumprod"):
            n = len(parts) // 2
            left, right = (", ".join(x.tight for x in some) for some in (parts[:n], parts[n : 2 * n]))
            rest = "".join(f", {x.tight}" for x in parts[2 * n :])
            return cls(f"{name}([{left}], [{right}]{rest})", number)
        orders = [x.number for x in parts[len(parts) - ORDERS.get(name, 0) :]]
        inside = ", ".join(x.tight for x in parts[: len(parts) - len(orders)])
        if len(parts) == 1 and parts[0].rank == ATOM:  # a name in brackets of its own
            inside = unwrapped(inside)
        return cls(f"{name_of(op, orders)}({inside})", number)

    @classmethod
    def infix(cls, sign: str, rank: int, parts: Sequence[Text], number: float) -> Text:
        """Operands around an operator; what binds tighter is written without spaces."""
        first, *others = parts
        if rank == POWER:
            return cls.power(_wrapped(first, POWER + 1), others[0], number)
        sign = {"*": cls.times, "<": cls.less, "<=": cls.less + "="}.get(sign, sign)
        least = [rank + (rank == COMPARE), *[rank + 1] * len(others)]  # a + (b + c) is another graph
        loose = [_wrapped(x, needed, x.rank > rank) for x, needed in zip(parts, least)]
        tight = [_wrapped(x, needed, True) for x, needed in zip(parts, least)]
        if sign == "-":  # a - (-0.5), as pictures write it
            loose[1:] = [f"({x})" if x.startswith("-") else x for x in loose[1:]]
        text = f" {sign} ".join(loose)
        return cls(text, number, rank, sign.join(tight) if rank == PRODUCT else text)

    @classmethod
    def power(cls, base: str, exponent: Text, number: float) -> Text:
        """Base and exponent, the base in parentheses where it needs them."""
        return cls(f"{base}**{_wrapped(exponent, COMPARE if exponent.literal else SIGN)}", number, POWER)


INFIX_RANKS = {"add": SUM, "sub": SUM, "pow": POWER}
INFIX_RANKS.update(dict.fromkeys(("mul", "div", "mod", "floordiv"), PRODUCT))
INFIX_RANKS.update(dict.fromkeys(("gt", "ge", "lt", "le", "eq", "ne"), COMPARE))


def unwrapped(name: str) -> str:
    """A name without the brackets that it has as one word: `x1*w1` of `(x1*w1)`."""
    return name[1:-1] if name.startswith("(") and name.endswith(")") else name


def _wrapped(x: Symbol, rank: int, tight: bool = False) -> str:
    return wrapped_in(x, rank, "(", ")", tight)


def wrapped_in(x: Symbol, rank: int, before: str, after: str, tight: bool = False) -> str:
    """The text of `x`, in parentheses where it binds less than `rank`."""
    return before + x.tight + after if x.rank < rank else x.tight if tight else x.text
