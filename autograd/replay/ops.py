"""The table read for replay: the codes of its ops, what each is made of, and what flows back as source.

A derivative is stated once, in `autograd.ops`. Here its rules are read on names of operands, and what comes
out is Python source in a target's spelling: NumPy's arrays, or the kernels' eight floats. A target says how
it calls the ops that have codes, and may give a few flows of its own that are faster. What is made of it is
printed by `python -m autograd.replay.executors.numpy_ops` and, for the kernels, by
`python -m autograd.replay.kernels.elementwise`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.entry import TABLE, Op, Operand
from autograd.program import PICK, STOP

# The ops that have codes, by their number of operands; the first of each are asked for first.
ONE = [
    "neg", "exp", "log", "tanh", "relu", "sigmoid", "sqrt", "square", "reciprocal", "abs", "sin", "cos",
    "softplus", "silu", "stop", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh",
    "expm1", "log1p", "cbrt", "erf", "erfc", "normal_cdf", "sech2", "sign",
]  # fmt: skip
TWO = [
    "add", "sub", "mul", "div", "pow", "maximum", "minimum", "gt", "ge", "lt", "le", "eq", "ne", "hypot",
    "atan2", "copysign",
]  # fmt: skip
THREE, LISTS = ["where", "clamp"], ["dot", "sum", "logsumexp", "pick", "surprisal"]
FREQUENT = 15, 13, 2  # so many of each are in the kernels' first function, the others apart from them
CODES = {
    name: first + i
    for first, names in ((0, ONE), (40, TWO), (60, THREE), (70, LISTS))
    for i, name in enumerate(names)
}
COMMON = {CODES[name] for names, count in zip((ONE, TWO, THREE), FREQUENT) for name in names[:count]}
SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<=", "eq": "==", "ne": "!="}
NE = TABLE["ne"]
OPS = {**TABLE, "stop": STOP, "pick": PICK}
READABLE = {"atan"}  # the readable rule has all digits where no number is huge or tiny


class UnsupportedError(Exception):
    """A program holds an op that only plain Python can run."""


# -- what an op without a code is made of -----------------------------------------------------------------


def compose(op: Op, operands: Sequence[Any], words: Vocabulary | None = None) -> Any:
    """An op's value as an expression of ops that have codes; None: it has a code and stands as it is.

    Where its rule is flat, no gradient may come from what it is made of.

    Args:
        op: of the table, or one's own.
        operands: what can be read: slots, names, numbers.
        words: who asks; the executors of replay where left out.

    Raises:
        UnsupportedError: it can be neither.
    """
    words = words or NATIVE
    made = words.made_of(op)
    if made is not None:
        flat = [op.rule(i) is None for i in range(len(operands))]
        if not all(flat):
            operands = [STOP(x) if no and isinstance(x, Operand) else x for x, no in zip(operands, flat)]
        found = made(*operands)
        if found is not None:
            return STOP(found) if all(flat) else found
    words.code_of(op)
    return None


@dataclass(frozen=True)
class Vocabulary:
    """The ops that somebody runs, by their codes, and what he makes the others of.

    Attributes:
        codes: by the op's name.
        made: by name the value as an expression of other ops, before what the table says.
    """

    codes: Mapping[str, int]
    made: Mapping[str, Callable[..., Any]]

    def made_of(self, op: Op) -> Callable[..., Any] | None:
        """What an op has to be asked for what it is made of; None where there is no such thing."""
        return self.made.get(op.name, op.composed)

    def code_of(self, op: Op) -> int:
        """The code of an op.

        Raises:
            UnsupportedError: it has none; the message is its name.
        """
        if OPS.get(op.name) is not op or op.name not in self.codes:
            raise UnsupportedError(op.name)
        return self.codes[op.name]


def _extreme(op: Op) -> Callable[..., Any]:
    """Maximum or minimum of more than two: the number of pairs of pairs, and shares for ties among all."""

    def made(*xs: Any) -> Any:
        if len(xs) <= 2:
            return None if len(xs) == 2 else xs[0]
        best = xs
        while len(best) > 1:
            best = (*[op.on(pair) for pair in zip(best[::2], best[1::2])], *best[len(best) & ~1 :])
        top = STOP(best[0])
        hits = [OPS["eq"](x, top) for x in xs]  # ties share evenly among all
        ties = OPS["sum"](hits)
        nothing = [x - STOP(x) for x in xs]
        return OPS["dot"]([hit / ties for hit in hits], nothing, top)  # adds 0, and the gradient

    return made


NATIVE = Vocabulary(CODES, {name: _extreme(TABLE[name]) for name in ("maximum", "minimum")})


# -- rules as source ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """How a target writes the ops that have codes.

    Attributes:
        calls: for each op the name of a function of its operands, or a pattern such as `({0} * {0})`.
        number: the pattern of a constant, such as `splat({})`.
        select: writes "x where the comparison holds, else y", from its name and four texts.
        fast: for an op the flow to each operand as written by hand, in a, b, c, y, g.
        finish: the last line of a flow, from its expression and what writes one.
    """

    calls: Mapping[str, str]
    number: str
    select: Callable[[str, str, str, str, str], str]
    fast: Mapping[str, Sequence[str]] = field(default_factory=dict)
    finish: Callable[[Any, Callable[[Any], str]], str] | None = None


class Source(Operand):
    """An expression whose leaves are names: what a rule becomes when it is read on names.

    >>> x = Source("x")
    >>> sigmoid = TABLE["sigmoid"]
    >>> write(1 - 2 * sigmoid(x), NAMES)
    '1.0 - 2.0 * sigmoid(x)'
    """

    __slots__ = ("name", "operands")
    reading = 9

    def __init__(self, name: str, operands: tuple[Any, ...] = ()) -> None:
        self.name, self.operands = name, operands

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """The op on these operands, or what it is made of."""
        read = tuple(x if isinstance(x, Source) else float(x) for x in operands)
        made = None if op.name == "fma" else compose(op, read)  # every target has a fused one
        return cls(op.name, read) if made is None else made


ATOM = 3  # what stands in a pattern needs no look at what is around it
INFIX = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}
NAMES = Target({}, "{}", lambda name, a, b, x, y: f"({x} if {a} {SIGNS[name]} {b} else {y})")


def write(x: Any, target: Target, precedence: int = 0, names: Mapping[str, str] | None = None) -> str:
    """The text of an expression, in brackets where an operator of this precedence stands around it."""
    names = names or {}
    if not isinstance(x, Source):
        text = target.number.format(repr(float(x)))
        return f"({text})" if text.startswith("-") and precedence else text
    if not x.operands:
        return x.name
    if names and (text := names.get(write(x, target), "")):
        return text

    def inner(operand: Any, around: int = 0) -> str:
        return write(operand, target, around, names)

    if x.name in INFIX:
        sign, own = INFIX[x.name]
        left, right = inner(x.operands[0], own), inner(x.operands[1], own + 1)  # order is kept
        text = f"{left} {sign} {right}"
        return f"({text})" if own < precedence else text
    if x.name == "where":
        condition, *sides = x.operands
        if isinstance(condition, Source) and condition.name in SIGNS:
            left, right = map(inner, condition.operands)
            return target.select(condition.name, left, right, *map(inner, sides))
        return target.select("ne", inner(condition), target.number.format("0.0"), *map(inner, sides))
    call = target.calls.get(x.name, x.name)
    operands = [inner(operand, ATOM if "{" in call else 0) for operand in x.operands]
    if x.name in SIGNS:
        left, right = operands
        return target.select(x.name, left, right, target.number.format("1.0"), target.number.format("0.0"))
    return call.format(*operands) if "{" in call else f"{call}({', '.join(operands)})"


def flow(op: Op, i: int) -> Any:
    """What flows to operand i, given what flows to the result: an expression of a, b, c, y and g."""
    g, y, operands = Source("g"), Source("y"), tuple(Source(name) for name in "abc"[: op.arity])
    rule = op.rule(i, readable=op.name in READABLE)
    if rule is None:
        return 0.0
    local = rule(*operands, y)
    return _times(g, _with_result(local, op.name, operands, y), op.choice)


def _with_result(x: Any, name: str, operands: tuple[Source, ...], y: Source) -> Any:
    """The expression with y wherever it computes the op's own result again."""
    if not isinstance(x, Source):
        return x
    if x.name == name and all(a is b for a, b in zip(x.operands, operands)):
        return y
    return Source(x.name, tuple(_with_result(z, name, operands, y) for z in x.operands))


def _times(g: Source, local: Any, choice: bool) -> Any:
    """G * local; what was not chosen gets exactly nothing, so that inf * 0 does not arise."""
    if not isinstance(local, Source):
        return g * local if local not in (1.0, -1.0) else g if local == 1.0 else -g
    if local.name == "neg":
        return -_times(g, local.operands[0], choice)
    if local.name in SIGNS:
        return OPS["where"](local, g, 0.0)
    first = local.operands[0] if local.operands else None
    if local.name == "div" and first in (1.0, -1.0):
        return g / local.operands[1] if first == 1.0 else -(g / local.operands[1])
    if local.name == "where" and set(local.operands[1:]) == {0.0, 1.0}:
        chosen, other = local.operands[1:]
        return OPS["where"](first, g if chosen else 0.0, g if other else 0.0)
    if local.name == "mul" and all(isinstance(x, Source) and x.name in SIGNS for x in local.operands):
        return OPS["where"](first, OPS["where"](local.operands[1], g, 0.0), 0.0)
    return OPS["where"](OPS["eq"](local, 0.0), 0.0, g * local) if choice else g * local


def statements(x: Any, target: Target) -> tuple[list[str], dict[str, str]]:
    """Assignments for what an expression holds more than once, and the names that they give."""
    counts: dict[str, int] = {}
    found: dict[str, Source] = {}
    for part in inner_parts(x):
        text = write(part, target)
        counts[text] = counts.get(text, 0) + 1
        found.setdefault(text, part)
    names: dict[str, str] = {}
    lines = []
    for text, part in found.items():
        if counts[text] > 1:
            written = write(part, target, names=names)
            names[text] = f"t{len(names)}"
            lines.append(f"{names[text]} = {written}")
    return lines, names


def inner_parts(x: Any) -> Iterator[Source]:
    """Every part of an expression that is no name, the innermost first."""
    if isinstance(x, Source) and x.operands:
        for operand in x.operands:
            yield from inner_parts(operand)
        yield x


def flow_lines(name: str, i: int, target: Target) -> list[str]:
    """The flow to operand i of the op: lines of source, of which the last is `return ...`."""
    x = flow(OPS[name], i) if name not in target.fast else Source(target.fast[name][i])
    lines, names = statements(x, target)

    def text_of(part: Any) -> str:
        return write(part, target, names=names)

    return [*lines, target.finish(x, text_of) if target.finish else f"return {text_of(x)}"]
