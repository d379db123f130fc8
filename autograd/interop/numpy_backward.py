"""The backward pass of a program in arrays, written out in NumPy: one line for each flow."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.interop.arrays import Operand, Step
from autograd.interop.python_source import BATCH, ENTRIES, LETTERS, Writer
from autograd.interop.views import Array, View
from autograd.replay.ops import OPS, Target, flow_lines


@dataclass
class Backward:
    """Writes the lines of the backward pass.

    Attributes:
        lines: in order.
        flows: helper functions by name: the flow to an operand of an op, as source.
        begun: the arrays whose gradient has a line.
    """

    writer: Writer
    target: Target
    lines: list[str] = field(default_factory=list)
    flows: dict[str, str] = field(default_factory=dict)
    begun: set[Array] = field(default_factory=set)
    _own: set[Array] = field(default_factory=set)

    def write(self) -> list[str]:
        """The lines."""
        program = self.writer.program
        wanted = set(program.parameters)
        for step in program.steps:
            if any(x in wanted for operand in step.operands for x in _arrays(operand.view)):
                wanted.add(step.result)
        self._wanted = wanted
        (root,) = program.loss.arrays
        if root in wanted:
            self._send(program.loss, "np.ones((batch, 1))" if root.wide else "np.full(1, float(batch))")
        for step in reversed(program.steps):
            if step.result in self.begun:
                self._step(step)
        return self.lines

    def _name(self, array: Array) -> str:
        name = self.writer.names[array]
        return f"d_{name}" if name.isidentifier() else f"gradients[{array.name!r}]"

    # -- a step -------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> None:
        g = self._name(step.result)
        for i, operand in enumerate(step.operands):
            if any(x in self._wanted for x in _arrays(operand.view)):
                self._flow(step, i, operand, g)

    def _flow(self, step: Step, i: int, operand: Operand, g: str) -> None:
        if step.op == "dot":
            self._dot(step, i, operand, g)
        elif step.op == "sum":
            self._spread(step, operand, f"{Writer.bracketed(g)}[..., None]")
        elif step.op == "logsumexp":
            x, y = self.writer.with_entries(operand, step), self.writer.names[step.result]
            self._spread(step, operand, f"{g}[..., None] * shares({x}, {y}[..., None])")
        elif step.op == "pick":
            if i == 0:
                index = self.writer.expanded(step.operands[1], step)
                self._spread(step, operand, f"{g}[..., None] * one_hot({index}.astype(int), {step.entries})")
        elif OPS[step.op].rule(i) is not None:
            self._elementwise(step, i, operand, g)

    def _elementwise(self, step: Step, i: int, operand: Operand, g: str) -> None:
        told = [self.writer.literal(x.view) or self.writer.expanded(x, step) for x in step.operands]
        operands = dict(zip("abc", told))
        lines = flow_lines(step.op, i, self.target)
        known = {**operands, "y": self.writer.names[step.result], "g": g}
        if len(lines) == 1 and (short := _filled(lines[0].removeprefix("return "), known)):
            text = short
        else:
            arguments = [name for name in ("a", "b", "c", "y", "g") if _mentions(lines, name)]
            name = f"flow_of_{step.op}" + (f"_{'abc'[i]}" if OPS[step.op].arity != 1 else "")
            body = "\n    ".join(lines)
            self.flows[name] = f"def {name}({', '.join(arguments)}):\n    {body}"
            text = f"{name}({', '.join(known[name] for name in arguments)})"
        axes = [k for k, n in enumerate(step.axes) if n > 1]
        self._send_to(operand, self._summed(text, operand, axes, len(step.axes), step.wide))

    def _summed(self, text: str, operand: Operand, axes: Sequence[int], count: int, wide: bool) -> str:
        """A flow on `count` axes, added along those of `axes` that the operand lacks."""
        lead = 1 if wide else 0
        away = [k + lead for k in axes if k not in operand.axes]
        ones = [k + lead for k in range(count) if k not in axes and k not in operand.axes]
        gone = [0] if wide and not operand.view.wide else []
        if not operand.axes and ones:  # one number keeps one axis
            ones.pop()
        elif not operand.axes:
            last = away.pop()
            text = f"{Writer.bracketed(text)}.sum({last}, keepdims=True)"
        where = sorted([*gone, *away, *ones])
        if not where:
            return text
        return f"{Writer.bracketed(text)}.sum({where[0] if len(where) == 1 else tuple(where)})"

    def _spread(self, step: Step, operand: Operand, text: str) -> None:
        """A flow on all axes of a step and its entries."""
        full = [*step.axes, step.entries]
        axes = [k for k, n in enumerate(full) if n > 1]
        sizes = ["batch"] * step.wide + [str(n) for n in full]
        text = f"np.broadcast_to({text}, ({', '.join(sizes)},))"
        self._send_to(operand, self._summed(text, operand, axes, len(full), step.wide))

    def _dot(self, step: Step, i: int, operand: Operand, g: str) -> None:
        if i == 2:
            axes = [k for k, n in enumerate(step.axes) if n > 1]
            self._send_to(operand, self._summed(g, operand, axes, len(step.axes), step.wide))
            return
        other = step.operands[1 - i]
        every = "".join(LETTERS[: len(step.axes)])
        out = self.writer.letters(operand, step)
        theirs = self.writer.letters(other, step)
        gs = (BATCH if step.wide else "") + every
        view = self.writer.array(other)
        missing = set(out) - set(gs + theirs)
        text = ""
        if (gs, theirs, out) == ("za", "zj", "aj"):
            text = f"{g}.T @ {view}"
        elif (gs, theirs, out) == ("za", "aj", "zj"):
            text = f"{Writer.bracketed(g)} @ {view}"
        elif not missing:
            text = f"np.einsum({f'{gs},{theirs}->{out}'!r}, {g}, {view})"
        else:  # the entries of this operand meet one number
            kept = "".join(letter for letter in out if letter not in missing)
            text = f"np.einsum({f'{gs},{theirs}->{kept}'!r}, {g}, {view})"
            text = f"{text}[..., None] + np.zeros({step.entries})"
        if ENTRIES not in out + theirs and step.entries > 1:
            text = f"{step.entries}.0 * {text}"
        if not operand.axes:
            text = f"{Writer.bracketed(text)}[..., None]" if operand.view.wide else f"np.reshape({text}, 1)"
        self._send_to(operand, text)

    def _send_to(self, operand: Operand, text: str) -> None:
        """A flow to an operand, where it is asked for."""
        if operand.mask is not None:
            text = f"np.where({self.writer.index(operand.mask)}, {text}, 0.0)"
        self._send(operand.view, text)

    # -- into a view --------------------------------------------------------------------------------------

    def _send(self, view: View, text: str) -> None:
        """Add a flow, in the shape of a view, to the gradients of what it is a view of."""
        lead = ":, " if view.wide else ""
        name = f"g{len(self.lines)}"
        if view.pieces:
            self.lines.append(f"{name} = {text}")
            self._split(name, view.pieces, view.wide)
            return
        if view.order is not None:
            back = [view.order.index(k) for k in range(len(view.order))]
            order = [0, *[k + 1 for k in back]] if view.wide else back
            text = f"{Writer.bracketed(text)}.transpose({', '.join(map(str, order))})"
        if len(view.arrays) > 1:
            if view.index is None:
                self.lines.append(f"{name} = {self._as(text, (view.size,), view.shape, view.wide)}")
            else:
                self.lines.append(f"{name} = np.zeros({f'(batch, {view.size})' if view.wide else view.size})")
                self._send_gathered(view, name, text)
            self._split(name, view.parts, view.wide)
            return
        (array,) = view.arrays
        if array not in self._wanted:
            return
        name = self._name(array)
        if view.plain:
            if view.shape != array.shape:
                text = self.writer.reshaped(Writer.bracketed(text), array.shape, array.wide)
                text = text.replace(".reshape()", ".reshape(())")
            self._add(array, text)
            return
        self._begin(array)
        target = name if len(array.shape) == 1 else f"{name}.reshape({'batch, ' * array.wide}-1)"
        if view.index is not None:
            self._send_gathered(view, target, text)
            return
        if view.part:
            target = f"{target}[{lead}{view.part[0]}:{view.part[1]}]"
        if view.rows:
            begin, end = view.columns
            target = f"{self.writer.reshaped(target, view.rows, view.wide)}[{lead}:, {begin}:{end}]"
            flow = self._as(text, (view.rows[0], end - begin), view.shape, view.wide)
        else:
            size = view.part[1] - view.part[0] if view.part else array.size
            flow = self._as(text, (size,), view.shape, view.wide)
        self.lines.append(f"{target} += {flow}")

    def _send_gathered(self, view: View, target: str, text: str) -> None:
        """Add to the places of a gather, some of which may stand in its index more than once."""
        rows = view.width > 1
        if rows:
            target = self.writer.reshaped(target, (view.size // view.width, view.width), view.wide)
        flow = self._as(text, (len(view.index), *[view.width] * rows), view.shape, view.wide)
        index = self.writer.index(view.index)
        if len(np.unique(view.index)) == len(view.index):
            self.lines.append(f"{target}[{':, ' if view.wide else ''}{index}] += {flow}")
        else:
            self.lines.append(f"{'add_rows_at' if rows else 'add_at'}({target}, {index}, {flow})")

    def _split(self, name: str, parts: Sequence[View], wide: bool) -> None:
        """A flow to views side by side."""
        lead, begin = ":, " if wide else "", 0
        for part in parts:
            end = begin + part.out[0]
            if any(x in self._wanted for x in _arrays(part)):
                text = f"{name}[{lead}{begin}:{end}]"
                self._send(part, text if part.wide or not wide else f"{text}.sum(0)")
            begin = end

    def _as(self, text: str, shape: Sequence[int], now: Sequence[int], wide: bool) -> str:
        same = tuple(shape) == tuple(now)
        return text if same else self.writer.reshaped(Writer.bracketed(text), shape, wide)

    def _add(self, array: Array, text: str) -> None:
        name = self._name(array)
        if array in self.begun:
            self._own.discard(array)  # a sum may lie in memory in another order
            self.lines.append(f"{name} = {name} + {text}")
        else:
            self.begun.add(array)
            self.lines.append(f"{name} = {text}")

    def _begin(self, array: Array) -> None:
        """Zeros, or what there is in memory of its own: parts of it are about to be added to in place."""
        if array in self.begun and array not in self._own:
            name = self._name(array)  # a sum of arrays without axes is no array
            copied = f"{name}.copy()" if array.wide or array.shape else f"np.array({name})"
            self.lines.append(f"{name} = {copied}")
        self._own.add(array)
        if array not in self.begun:
            self.begun.add(array)
            sizes = ["batch"] * array.wide + [str(n) for n in array.shape]
            shape = f"({', '.join(sizes)}{',' if sizes else ''})"
            self.lines.append(f"{self._name(array)} = np.zeros({shape})")


def _arrays(view: View) -> list[Array]:
    return [*view.arrays, *[x for piece in view.pieces for x in _arrays(piece)]]


def _filled(text: str, known: dict[str, str]) -> str:
    """A flow with its names replaced, where each stands once at most; "" else."""
    names = [x.id for x in ast.walk(ast.parse(text)) if isinstance(x, ast.Name) and x.id in known]
    if len(names) != len(set(names)):
        return ""
    tree = ast.parse(text, mode="eval")
    new = {name: ast.parse(part, mode="eval").body for name, part in known.items()}

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> Any:
            return new.get(node.id, node)

    return ast.unparse(Fill().visit(tree))


def _mentions(lines: Sequence[str], name: str) -> bool:
    found = (x for line in lines for x in ast.walk(ast.parse(line.removeprefix("return "))))
    return any(isinstance(x, ast.Name) and x.id == name for x in found)
