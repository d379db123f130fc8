"""A program in arrays as Python source: one line a step, in the spelling of NumPy, torch or JAX."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.interop.arrays import Arrays, Guard, Operand, Step
from autograd.interop.signature import Signature
from autograd.interop.views import Array, View
from autograd.replay.ops import INFIX, SIGNS, Target

LETTERS = "abcdefghi"  # axes of results; `j` is the one that goes away, `z` the batch
ENTRIES, BATCH = "j", "z"


@dataclass(frozen=True)
class Dialect:
    """How a library says what all of them have: patterns.

    Attributes:
        target: the ops of the table.
        library: its name in the text.
        array: an argument as an array.
        number: a number where a function wants an array.
        to_shape: an array in a shape that stands as text, by broadcasting.
        concatenate: arrays side by side along an axis.
        transpose: an array with its axes in another order.
        whole: numbers as the index of one of so many entries, counted from 0; the last of them is given.
    """

    target: Target
    library: str
    array: str
    number: str
    to_shape: str
    concatenate: str
    transpose: str
    whole: str


def like_numpy(library: str, target: Target) -> Dialect:
    """The spelling of NumPy, and of what has its names."""
    return Dialect(
        target,
        library,
        array=f"{library}.asarray({{0}}, float)",
        number=f"{library}.array({{0}})",
        to_shape=f"{library}.broadcast_to({{0}}, {{1}})",
        concatenate=f"{library}.concatenate([{{0}}], {{1}})",
        transpose="{0}.transpose({1})",
        whole=f"{library}.clip({{0}}.astype(int), 0, {{1}})",  # conditions say whether there is such an entry
    )


class Writer:
    """Writes the lines of the forward pass.

    Args:
        program: in arrays.
        dialect: of which library.
        names: for parameters and inputs.
        mark: what is added to the names of constants.

    Attributes:
        lines: assignments, one a step.
        constants: name of each array of constants or indices -> its numbers, in the order of first use.
        names: array -> the name it has in the text.
    """

    def __init__(self, program: Arrays, dialect: Dialect, names: dict[Array, str], mark: str = "") -> None:
        self.program, self.dialect, self.names, self.mark = program, dialect, names, mark
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self._indices: dict[bytes, str] = {}
        self.single = {array: numbers for array, numbers in program.constants if np.isfinite(numbers).all()}
        for array, _ in program.constants:
            self.names[array] = f"{array.name}{mark}"

    def forward(self) -> list[str]:
        """The lines of all steps."""
        for step in self.program.steps:
            self.names[step.result] = step.result.name
            self.lines.append(f"{step.result.name} = {self.step(step)}")
        return self.lines

    # -- steps --------------------------------------------------------------------------------------------

    def step(self, step: Step) -> str:
        """One step's expression: an array of its results, with the batch before them where there is one."""
        writers = {"dot": self._dot, "pick": self._pick, "table": self._table}
        writers |= dict.fromkeys(("sum", "logsumexp"), self._reduced)
        text = writers.get(step.op, self._elementwise)(step)
        spread = {k for x in step.operands if not self.literal(x.view) for k in x.axes}
        if all(n == 1 or k in spread for k, n in enumerate(step.axes)):
            return text
        return self.spread(self.bracketed(text), step.axes, step.wide)  # the same, some times

    def _elementwise(self, step: Step) -> str:
        several = len(step.axes) > 1
        operands = [
            self.literal(x.view) or (self.expanded(x, step) if several else self.shown(x))
            for x in step.operands
        ]
        return self.call(step.op, operands)

    def call(self, op: str, operands: Sequence[str]) -> str:
        """An op of the table on texts."""
        target = self.dialect.target
        if op in INFIX:
            return f" {INFIX[op][0]} ".join(map(self.bracketed, operands))
        if op in SIGNS:
            left, right = operands
            return target.select(op, left, right, target.number.format("1.0"), target.number.format("0.0"))
        operands = [self.dialect.number.format(x) if _is_number(x) else x for x in operands]
        call = target.calls.get(op, op)
        if "{" in call:
            return call.format(*map(self.bracketed, operands))
        return f"{call}({', '.join(operands)})"

    @staticmethod
    def bracketed(text: str) -> str:
        """In brackets where an operator stands in it."""
        depth = 0
        for letter in text:
            depth += letter in "([{"
            depth -= letter in ")]}"
            if letter == " " and depth == 0:
                return f"({text})"
        return text

    def letters(self, operand: Operand, step: Step) -> str:
        """An operand's axes as letters, for `einsum`."""
        at = "".join(ENTRIES if k == len(step.axes) else LETTERS[k] for k in operand.axes)
        return (BATCH if operand.view.wide else "") + at

    def _dot(self, step: Step) -> str:
        a, b, *rest = step.operands
        text = self._matrix_product(step, a, b)
        if text:
            if rest:
                text += f" + {self.view(rest[0].view)}"
            return text
        left, right = self.letters(a, step), self.letters(b, step)
        both = set(left + right)
        kept = [k for k in range(len(step.axes)) if LETTERS[k] in both]
        out = (BATCH if BATCH in both else "") + "".join(LETTERS[k] for k in kept)
        views = [self.array(x) for x in (a, b)]
        text = f"{self.dialect.library}.einsum('{left},{right}->{out}', {', '.join(views)})"
        if left == right == ENTRIES and views[0] == views[1]:  # squares, as in a penalty: one by one
            parts = a.view.pieces or (a.view.parts if a.view.plain else [a.view])
            text = " + ".join(f"{self.call('square', [self.whole(x)])}.sum()" for x in parts)
        if ENTRIES not in both and step.entries > 1:  # the same product, some times
            text = f"{step.entries}.0 * {text}"
        text = self._aligned(text, step, kept, BATCH in both)
        return f"{text} + {self.expanded(rest[0], step)}" if rest else text

    def _matrix_product(self, step: Step, a: Operand, b: Operand) -> str:
        """`x @ w.T` where a dot is just that: one axis, weights that every sample shares."""
        masked = a.mask is not None or b.mask is not None
        if masked or len(step.axes) != 1 or not (b.view.wide and not a.view.wide) or b.axes != (1,):
            return ""
        if a.axes == (0, 1):
            return f"{self.view(b.view)} @ {self.view(a.view)}.T"
        if a.axes == (1,) and step.axes == (1,):
            return f"({self.view(b.view)} @ {self.view(a.view)}).reshape(-1, 1)"
        return ""

    def _aligned(self, text: str, step: Step, kept: Sequence[int], wide: bool) -> str:
        """With an axis of size 1 for each axis of the step that it lacks."""
        if len(kept) == len(step.axes):
            return text
        shape = [n if k in kept else 1 for k, n in enumerate(step.axes)]
        return self.reshaped(self.bracketed(text), shape, wide)

    def _reduced(self, step: Step) -> str:
        (a,) = step.operands
        text = self.shown(a)
        kept = [k for k in a.axes if k < len(step.axes)]
        if len(step.axes) not in a.axes:  # the same entry, some times
            n = step.entries
            more = f"{n}.0 * {self.bracketed(text)}" if step.op == "sum" else f"{text} + {math.log(n)!r}"
            text = more if n > 1 else text
            kept = kept or [0] * (step.axes == (1,))
        elif step.op == "sum":
            text = f"{self.bracketed(text)}.sum(-1)"
        else:
            text = f"logsumexp({text})"
        return self._aligned(text, step, kept, a.view.wide)

    def _pick(self, step: Step) -> str:
        a, b = step.operands
        last = step.entries - 1
        index = self.dialect.whole.format(self.bracketed(self.view(b.view)), last)
        inside = [k for k in a.axes if k < len(step.axes)]
        if (
            not a.view.wide
            and b.view.wide
            and (*b.axes, *inside) == (*range(len(step.axes)),)
            and a.axes[-1] == len(step.axes)
        ):
            index = index if b.axes else f"{index}[:, 0]"  # rows of a table, as an embedding has them
            return f"{self.bracketed(self.view(_last_axis_first(a.view)))}[{index}]"
        index = self.dialect.whole.format(self.bracketed(self.expanded(b, step)), last)
        return f"pick({self.with_entries(a, step)}, {index})"

    def _table(self, step: Step) -> str:
        ops, *rows = step.table
        calls = "".join(f"lambda a, b, c: {self.call(op, 'abc'[:count])}, " for op, count in ops)
        tables = ", ".join(map(self.index, rows))
        return f"table({self.view(step.operands[0].view)}, {step.result.size}, {tables}, ({calls}))"

    def with_entries(self, operand: Operand, step: Step) -> str:
        """An operand of `pick` with all axes of the step and the entries."""
        sizes = [*step.axes, step.entries]
        shape = [n if k in operand.axes else 1 for k, n in enumerate(sizes)]
        text = self.bracketed(self.shown(operand))
        if operand.view.out == (*shape,):
            return text
        lead = [-1] if operand.view.wide else []
        return f"{text}.reshape({', '.join(map(str, lead + shape))})"

    # -- views --------------------------------------------------------------------------------------------

    def shown(self, operand: Operand) -> str:
        """An operand's view, and what stands where it is not asked for."""
        text = self.view(operand.view)
        if operand.mask is None:
            return text
        fill = repr(operand.fill) if math.isfinite(operand.fill) else f"float('{operand.fill}')"
        return f"{self.dialect.library}.where({self.index(operand.mask)}, {text}, {fill})"

    def array(self, operand: Operand) -> str:
        """An operand as an array; a single number without its axis of one."""
        if not operand.axes:
            return self.full(operand)
        return self.whole(operand.view) if operand.mask is None else self.shown(operand)

    def whole(self, view: View) -> str:
        """A view as an array, also where it is one number everywhere."""
        text = self.view(view)
        return self.dialect.number.format(text) + ".reshape(1)" if _is_number(text) else text

    def full(self, operand: Operand) -> str:
        """A single number without its axis of one."""
        text = self.view(operand.view)
        if _is_number(text):
            return self.dialect.number.format(text)
        return f"{self.bracketed(text)}{'[:, 0]' if operand.view.wide else '[0]'}"

    def expanded(self, operand: Operand, step: Step) -> str:
        """A view with an axis for each of the step's, of size 1 where it is the same along it."""
        text, view = self.shown(operand), operand.view
        if _is_number(text):
            return text
        if len(operand.axes) == len(step.axes) or (not operand.axes and len(step.axes) == 1):
            return text
        shape = [n if k in operand.axes else 1 for k, n in enumerate(step.axes)]
        lead = [-1] if view.wide else []
        return f"{self.bracketed(text)}.reshape({', '.join(map(str, lead + shape))})"

    def literal(self, view: View) -> str:
        """The number that a view of constants is everywhere, as text; "" for any other view."""
        if view.pieces or len(view.arrays) != 1 or view.arrays[0] not in self.single:
            return ""
        numbers = self.single[view.arrays[0]].ravel()
        if view.index is not None:
            numbers = numbers[view.index]
        elif view.part:
            numbers = numbers[slice(*view.part)]
        if view.rows:
            numbers = numbers.reshape(view.rows)[:, slice(*view.columns)].ravel()
        same = (numbers == numbers[0]).all() and (np.signbit(numbers) == np.signbit(numbers[0])).all()
        return repr(float(numbers[0])) if same else ""

    def view(self, view: View) -> str:
        """A view as an expression: (batch, *shape) where it is wide, else its shape."""
        wide = view.wide
        if view.out == (1,) and (number := self.literal(view)):
            return number
        if view.pieces:
            parts = [self.whole(x) for x in view.pieces]
            if wide:
                parts = [
                    text if x.wide else self.spread(text, x.out, True) for x, text in zip(view.pieces, parts)
                ]
            return self.dialect.concatenate.format(", ".join(parts), 1 if wide else 0)
        if len(view.arrays) > 1:
            text = self.view(View(pieces=view.parts))
            flat = True
        else:
            (array,) = view.arrays
            text = self.name(array)
            flat = len(array.shape) == 1
            if view.plain and view.shape == array.shape:
                return self._turned(text, view)
        lead = ":, " if wide else ""
        if not flat and (view.index is not None or view.part or view.rows):
            text = f"{text}.reshape({'-1, ' if wide else ''}{view.arrays[0].size if wide else -1})"
            flat = True
        now: tuple[int, ...] = (view.size,) if flat else view.arrays[0].shape
        if view.index is not None:
            now = (len(view.index),)
            if view.width > 1:
                text = self.reshaped(text, (view.size // view.width, view.width), wide)
                now = (*now, view.width)
            text = f"{text}[{lead}{self.index(view.index)}]"
        if view.part:
            text, now = f"{text}[{lead}{view.part[0]}:{view.part[1]}]", (view.part[1] - view.part[0],)
        if view.rows:
            begin, end = view.columns
            text = f"{self.reshaped(text, view.rows, wide)}[{lead}:, {begin}:{end}]"
            now = (view.rows[0], end - begin)
        if now != view.shape:
            text = self.reshaped(text, view.shape, wide)
        return self._turned(text, view)

    def name(self, array: Array) -> str:
        """An array's name in the text."""
        for known, numbers in self.program.constants:
            if known is array:
                self.constants[self.names[array]] = numbers
        return self.names[array]

    @staticmethod
    def reshaped(text: str, shape: Sequence[int], wide: bool) -> str:
        """In another shape, the batch before it where there is one."""
        sizes = [-1, *shape] if wide else [*shape]
        return f"{text}.reshape({', '.join(map(str, sizes))})"

    def _turned(self, text: str, view: View) -> str:
        if view.order is None:
            return text
        order = [0, *[k + 1 for k in view.order]] if view.wide else [*view.order]
        return self.dialect.transpose.format(text, ", ".join(map(str, order)))

    def spread(self, text: str, shape: Sequence[int], wide: bool) -> str:
        """The same numbers in a larger shape, for each sample where they differ from one to the next."""
        sizes = [*["batch"] * wide, *map(str, shape)]
        return self.dialect.to_shape.format(text, f"({', '.join(sizes)},)")

    def index(self, index: Any) -> str:
        """The name of a constant index, or mask."""
        key = index.dtype.str.encode() + str(index.shape).encode() + index.tobytes()
        if key not in self._indices:
            kind = "MASK" if index.dtype == bool else "INDEX"
            self._indices[key] = f"{kind}_{len(self._indices)}{self.mark}"
            self.constants[self._indices[key]] = index
        return self._indices[key]

    def condition(self, guard: Guard) -> str:
        """Whether a guard holds: one answer for each sample, or one for all."""
        left, right = map(self.bracketed, (self.whole(guard.left), self.view(guard.right)))
        return f"{'' if guard.outcome else '~'}({left} {SIGNS[guard.code]} {right}).reshape(-1)"


def arguments_of(signature: Signature, dialect: Dialect) -> list[str]:
    """Lines that make every argument an array with one axis for the batch."""
    if not signature.inputs:
        return ["lead, batch = (), 1"]
    library = dialect.library
    lines = [f"{x.name} = {dialect.array.format(x.path)}" for x in signature.inputs]
    shapes = ", ".join(
        f"{x.name}.shape[: {x.name}.ndim - {len(x.shape)}]" if x.shape else f"{x.name}.shape"
        for x in signature.inputs
    )
    lines += [f"lead = {library}.broadcast_shapes({shapes})", "batch = math.prod(lead)"]
    for x in signature.inputs:
        if x.shape:
            told = f"{x.path} needs the shape {x.shape}, or one with axes of a batch in front: it has"
            lines.append(f"if {x.name}.shape[-{len(x.shape)}:] != {x.shape}:")
            lines.append(f"    raise ValueError({told!r} + f' {{{x.name}.shape}}')")
        sizes = ", ".join(["*lead", *map(str, x.shape)])
        spread = dialect.to_shape.format(x.name, f"({sizes},)" if not x.shape else f"({sizes})")
        lines.append(f"{x.name} = {spread}.reshape({', '.join(map(str, ['batch', *x.shape]))})")
    return lines


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _last_axis_first(view: View) -> View:
    order = view.order or tuple(range(len(view.shape)))
    order = (order[-1], *order[:-1])
    return replace(view, order=None if order == tuple(range(len(order))) else order)
