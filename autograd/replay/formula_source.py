"""Formulas as source: lines that compute what is one number for all once, and the rest for each number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.replay.formula import UpdateFormula, UpdateReading, is_simple, leaves
from autograd.replay.ops import NAMES, SIGNS, Source, Target, inner_parts, write

# how a formula is written of single numbers
NUMBERS = Target(
    calls={"neg": "(-{0})", "pow": "({0} ** {1})", "square": "({0} * {0})", "reciprocal": "(1.0 / {0})"},
    number="{}",
    select=lambda name, a, b, x, y: f"({x} if {a} {SIGNS[name]} {b} else {y})",
)


class Parted:
    """What an update computes once for all numbers (`once`), and what for each, in terms of the former.

    Args:
        varying: the names of what is not the same for all numbers.
        kernel: eight floats at a time: a product and a sum become one, a quotient by what is the same for
            all a product, and each number is spread first.
    """

    def __init__(self, varying: set[str], kernel: bool) -> None:
        self.varying, self.kernel = varying, kernel
        self.once: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def each(self, x: Any) -> Any:
        """An expression with names in the place of what is computed once."""
        if not isinstance(x, Source):
            return x
        if self._same(x):
            return self._named(x)
        if not x.operands:
            return x
        return (self._fused(x) if self.kernel else None) or Source(x.name, tuple(map(self.each, x.operands)))

    def _named(self, x: Source) -> Source:
        if not x.operands and not self.kernel:
            return x
        text = write(x, NAMES)
        if text not in self._names:
            self._names[text] = f"s{len(self._names)}"
            self.once[self._names[text]] = x
        return Source(self._names[text])

    def _same(self, x: Any) -> bool:
        return isinstance(x, Source) and not leaves(x) & self.varying and is_simple(x)

    def _product(self, x: Any) -> bool:
        return isinstance(x, Source) and x.name == "mul" and not self._same(x)

    def _fused(self, x: Source) -> Source | None:
        a, b = x.operands[0], x.operands[-1]
        if x.name == "add" and (self._product(a) or self._product(b)):
            (p, q), rest = (a.operands, b) if self._product(a) else (b.operands, a)
            return Source("fma", (self.each(p), self.each(q), self.each(rest)))
        if x.name == "sub" and self._product(b) and self._same(b.operands[0]):
            p, q = b.operands
            return Source("fma", (self._named(Source("neg", (p,))), self.each(q), self.each(a)))
        if x.name == "div" and self._same(b):
            return Source("mul", (self.each(a), self._named(Source("div", (1.0, b)))))
        return None


def parts_of(
    formula: UpdateFormula, reading: UpdateReading, kernel: bool = False
) -> tuple[set[str], dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The names that a reading uses, what it leaves in all memories, what is computed once, and for each."""
    outputs, parted = reading.outputs(), Parted(formula.varying(), kernel)
    shared = {name: x for name, x in outputs.items() if name.removeprefix("new_") in formula.shared}
    each = {name: parted.each(x) for name, x in outputs.items() if name not in shared}
    return {name for x in outputs.values() for name in leaves(x)}, shared, parted.once, each


def assignments(outputs: Mapping[str, Any], target: Target) -> list[str]:
    """Lines that give the expressions their names, and `t0`, `t1`, ... to what they hold more than once."""
    counts: dict[str, int] = {}
    parts: dict[str, Any] = {}
    for x in outputs.values():
        for part in inner_parts(x):
            text = write(part, target)
            counts[text] = counts.get(text, 0) + 1
            parts.setdefault(text, part)
    own = {write(x, target): name for name, x in outputs.items() if isinstance(x, Source) and x.operands}
    names: dict[str, str] = {}
    lines, temporaries = [], 0
    for text, part in parts.items():
        if text in own or counts[text] > 1:
            name = own.get(text, f"t{temporaries}")
            temporaries += text not in own
            lines.append(f"{name} = {write(part, target, names=names)}")
            names[text] = name
    done = {line.partition(" = ")[0] for line in lines}
    return [
        *lines,
        *(f"{name} = {write(x, target, names=names)}" for name, x in outputs.items() if name not in done),
    ]
