"""`fast.to_sympy()`: a recorded function and its gradients as algebra."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.entry import Op, Operand
from autograd.interop.asked import slots_of
from autograd.interop.naming import Tensor
from autograd.interop.signature import Signature
from autograd.interop.vocabulary import WORDS
from autograd.program import STOP
from autograd.replay.capture.variant import Variant
from autograd.replay.ops import UnsupportedError
from autograd.value import Value

SAME = [  # what is called there as here
    "exp", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
    "acosh", "atanh", "erf", "erfc", "gamma", "digamma", "polygamma", "sign", "floor", "atan2",
]  # fmt: skip
FEW = 200  # nodes up to which everything stands in one expression


class Algebra(NamedTuple):
    """What `to_sympy` gives.

    Attributes:
        expression: the loss.
        symbols: name -> symbol, of parameters (`w`, `layers.0.weight[1, 2]`) and inputs (`x[0]`).
        gradients: name of a parameter -> the derivative of the loss to it.
        replacements: pairs (symbol, expression) in the order of computation, for programs of more than 200
            nodes: `expression` and `gradients` are said in these. Empty for small ones.
    """

    expression: Any
    symbols: dict[str, Any]
    gradients: dict[str, Any]
    replacements: list[tuple[Any, Any]]


class Term(Operand):
    """A SymPy expression that the table's rules can be read on."""

    __slots__ = ("it",)
    reading = 9

    def __init__(self, it: Any) -> None:
        self.it = it

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """The op on expressions and numbers."""
        return cls(value_of(op, [x.it if isinstance(x, Term) else exact(x) for x in operands]))


def exact(x: Any) -> Any:
    """A number in all its digits: whole ones as integers."""
    import sympy

    number = float(x)
    return sympy.Integer(int(number)) if number.is_integer() else sympy.Float(number)


def value_of(op: Op, xs: Sequence[Any]) -> Any:
    """An op of the table on SymPy expressions.

    Raises:
        UnsupportedError: SymPy has no such function, and none makes it up.
    """
    made, composed = _table().get(op.name), WORDS.made_of(op)
    if made is not None:
        return made(*xs)
    if op is STOP:
        return xs[0]
    if composed is not None:
        numbers = [float(x) if x.is_number else Term(x) for x in xs]
        found = composed(*numbers)
        if found is not None:
            return found.it if isinstance(found, Term) else exact(found)
    raise UnsupportedError(op.name)


def _table() -> dict[str, Callable[..., Any]]:
    import sympy as sp

    def choose(condition: Any, a: Any, b: Any) -> Any:
        return sp.Piecewise((a, condition), (b, True))

    def flag(condition: Any) -> Any:
        return choose(condition, sp.Integer(1), sp.Integer(0))

    def nearest(x: Any) -> Any:
        up = sp.floor(x + sp.Rational(1, 2))
        return up - choose(sp.Eq(up, x + sp.Rational(1, 2)), sp.Mod(up, 2), sp.Integer(0))  # to the even one

    def pairs(*xs: Any) -> Any:
        n = len(xs) // 2
        return sp.Add(*[a * b for a, b in zip(xs[:n], xs[n : 2 * n])], *xs[2 * n :])

    return {
        **{name: getattr(sp, name) for name in SAME},
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "neg": lambda x: -x,
        "pow": lambda a, b: a**b,
        "square": lambda x: x**2,
        "reciprocal": lambda x: 1 / x,
        "expm1": lambda x: sp.exp(x) - 1,
        "log2": lambda x: sp.log(x) / sp.log(2),
        "log10": lambda x: sp.log(x) / sp.log(10),
        "log1p": lambda x: sp.log(1 + x),
        "cbrt": lambda x: sp.sign(x) * sp.Abs(x) ** sp.Rational(1, 3),
        "degrees": lambda x: 180 * x / sp.pi,
        "radians": lambda x: sp.pi * x / 180,
        "lgamma": lambda x: sp.log(sp.Abs(sp.gamma(x))),
        "relu": lambda x: choose(x > 0, x, sp.Integer(0)),
        "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
        "softplus": lambda x: sp.log(1 + sp.exp(x)),
        "silu": lambda x: x / (1 + sp.exp(-x)),
        "softsign": lambda x: x / (1 + sp.Abs(x)),
        "normal_cdf": lambda x: (1 + sp.erf(x / sp.sqrt(2))) / 2,
        "sech2": lambda x: sp.sech(x) ** 2,
        "ceil": sp.ceiling,
        "trunc": lambda x: choose(x > 0, sp.floor(x), sp.ceiling(x)),
        "gt": lambda a, b: flag(a > b),
        "ge": lambda a, b: flag(a >= b),
        "lt": lambda a, b: flag(a < b),
        "le": lambda a, b: flag(a <= b),
        "eq": lambda a, b: flag(sp.Eq(a, b)),
        "ne": lambda a, b: flag(sp.Ne(a, b)),
        "where": lambda c, a, b: choose(sp.Ne(c, 0), a, b),
        "abs": sp.Abs,
        "clamp": lambda x, low, high: sp.Piecewise((low, x < low), (high, x > high), (x, True)),
        "copysign": lambda a, b: sp.Abs(a) * choose(b >= 0, sp.Integer(1), sp.Integer(-1)),
        "nearest": nearest,
        "fmod": lambda a, b: a - b * choose(a / b > 0, sp.floor(a / b), sp.ceiling(a / b)),
        "mod": sp.Mod,
        "remainder": lambda a, b: a - b * nearest(a / b),
        "floordiv": lambda a, b: sp.floor(a / b),
        "hypot": lambda a, b: sp.sqrt(a**2 + b**2),
        "xlogy": lambda a, b: a * sp.log(b),
        "maximum": sp.Max,
        "minimum": sp.Min,
        "sum": sp.Add,
        "dot": pairs,
        "norm": lambda *xs: sp.sqrt(sp.Add(*[x**2 for x in xs])),
        "logsumexp": lambda *xs: sp.log(sp.Add(*map(sp.exp, xs))),
        "logsumexp_rest": lambda *_: sp.Integer(0),
    }


def make_sympy(
    variants: Sequence[Variant], leaves: Sequence[Value], tensors: Sequence[Tensor], signature: Signature
) -> Algebra:
    """The program as algebra; several ways become a `Piecewise` over their conditions.

    Raises:
        UnsupportedError: an op has no form in SymPy.
    """
    import sympy

    symbols, parameters, inputs = _symbols(tensors, signature)
    ways = [Way(one, leaves, parameters, inputs, f"_{k}" if k else "") for k, one in enumerate(variants)]
    replacements = [pair for way in ways for pair in way.replacements]
    if len(ways) == 1:
        return Algebra(ways[0].loss, symbols, ways[0].gradients, replacements)

    def joined(parts: Sequence[Any]) -> Any:
        return sympy.Piecewise(*[(part, way.condition) for part, way in zip(parts, ways)])

    gradients = {name: joined([way.gradients[name] for way in ways]) for name in ways[0].gradients}
    return Algebra(joined([way.loss for way in ways]), symbols, gradients, replacements)


def _symbols(
    tensors: Sequence[Tensor], signature: Signature
) -> tuple[dict[str, Any], dict[int, str], list[Any]]:
    """(name -> symbol, number of a parameter -> its name, the symbols of the inputs in order)."""
    import sympy

    symbols: dict[str, Any] = {}
    parameters: dict[int, str] = {}
    for t in tensors:
        for index in np.ndindex(t.shape):
            name = f"{t.name}[{', '.join(map(str, index))}]" if index else t.name
            symbols[name], parameters[int(t.index[index])] = sympy.Symbol(name, real=True), name
    inputs = []
    for x in signature.inputs:
        for index in np.ndindex(x.shape):
            name = f"{x.path}[{', '.join(map(str, index))}]" if index else x.path
            inputs.append(symbols.setdefault(name, sympy.Symbol(name, real=True)))
    return symbols, parameters, inputs


class Way:
    """One program as algebra: its loss, the gradients by name, and the condition under which it stands."""

    def __init__(
        self,
        variant: Variant,
        leaves: Sequence[Value],
        parameters: dict[int, str],
        inputs: Sequence[Any],
        mark: str,
    ) -> None:
        import sympy

        self.program, self.mark = variant.program, mark
        self.names = {*parameters.values(), *map(str, inputs)}
        self.small = len(self.program.codes) <= FEW
        self.replacements: list[tuple[Any, Any]] = []
        self.slots: list[Any] = [exact(x) for x in variant.numbers([0.0] * len(variant.given))]
        for slot, symbol in zip(variant.given, inputs):
            self.slots[slot] = symbol
        names = {slot: parameters[k] for k, slot in enumerate(slots_of(variant, leaves)) if slot >= 0}
        for slot, name in names.items():
            self.slots[slot] = sympy.Symbol(name, real=True)
        self._forward()
        self.loss = self.slots[self.program.root]
        flows = self._backward(set(names))
        self.gradients = dict.fromkeys(parameters.values(), sympy.Integer(0))
        self.gradients |= {name: flows.get(slot, sympy.Integer(0)) for slot, name in names.items()}
        relations = {"gt": sympy.Gt, "ge": sympy.Ge, "eq": sympy.Eq}
        tests = [
            (relations[code](self.slots[a], self.slots[b]), outcome)
            for code, a, b, outcome, _ in variant.guards
        ]
        self.condition = sympy.And(*[test if outcome else sympy.Not(test) for test, outcome in tests])

    def _kept(self, x: Any, letter: str) -> Any:
        """An expression, or in a large program the symbol that stands for it."""
        if self.small or x.is_Atom:
            return x
        import sympy

        name = f"{letter}{len(self.replacements)}{self.mark}"
        while name in self.names:
            name += "_"
        symbol = sympy.Symbol(name, real=True)
        self.replacements.append((symbol, x))
        return symbol

    def _operands(self, k: int) -> Any:
        return self.program.operands[self.program.starts[k] : self.program.starts[k + 1]]

    def _forward(self) -> None:
        for k, code in enumerate(self.program.codes):
            value = _applied(self.program.kinds[code], [self.slots[i] for i in self._operands(k)])
            self.slots.append(self._kept(value, "t"))

    def _backward(self, wanted: set[int]) -> dict[int, Any]:
        """The chain rule, with the table's rules read on expressions: slot -> the sum of its flows."""
        import sympy

        program, first = self.program, len(self.program.leaves)
        needed, flows = _needed(program, wanted), {program.root: sympy.Integer(1)}
        for k in reversed(range(program.reach)):
            if first + k not in flows:
                continue
            op, g = program.kinds[program.codes[k]], self._kept(flows.pop(first + k), "g")
            places = self._operands(k)
            if op.name == "pick":
                *entries, last = places
                for i, place in enumerate(entries):
                    if place in needed:
                        flow = g * _hit(self.slots[last], i)
                        flows[place] = flows.get(place, sympy.Integer(0)) + flow
                continue
            for i, place in enumerate(places):
                rule = op.rule(i, readable=True) if place in needed else None
                if rule is not None:
                    local = rule(*[Term(self.slots[p]) for p in places], Term(self.slots[first + k]))
                    local = local.it if isinstance(local, Term) else exact(local)
                    flows[place] = flows.get(place, sympy.Integer(0)) + g * local
        return flows


def _applied(op: Op, xs: Sequence[Any]) -> Any:
    if op.name == "pick":  # the last operand says which
        *entries, k = xs
        import sympy

        if k.is_number:
            return entries[int(k)]
        return sympy.Piecewise(*[(x, sympy.Eq(k, i)) for i, x in enumerate(entries)])
    return value_of(op, xs)


def _hit(k: Any, i: int) -> Any:
    """1 where an index is i, else 0."""
    import sympy

    return sympy.Integer(int(k == i)) if k.is_number else sympy.Piecewise((1, sympy.Eq(k, i)), (0, True))


def _needed(program: Any, wanted: set[int]) -> set[int]:
    """Slots that depend on what is wanted."""
    found, leaves = set(wanted), len(program.leaves)
    for k in range(len(program.codes)):
        if found.intersection(program.operands[program.starts[k] : program.starts[k + 1]]):
            found.add(leaves + k)
    return found
