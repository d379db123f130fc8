"""The ways through a recorded function as source for a library that differentiates by itself: torch, JAX."""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.interop.arrays import Arrays
from autograd.interop.python_source import Dialect, Writer, arguments_of
from autograd.interop.signature import Signature

COUNT = itertools.count()


@dataclass(frozen=True)
class Form:
    """What differs between a module's methods and a pure function.

    Attributes:
        dialect: how the library says what all of them have.
        owner: `self.` where the ways and the constants belong to a module; "" else.
        given: the first arguments of a way, without `self`.
        parameter: from a parameter's name how it is reached.
        begin: lines before the arguments are looked at.
        spread: the pattern of a loss, once for each sample.
        ones: the lines `valid = ...` for a way that holds everywhere.
        none: lines that begin with no loss, and nothing valid.
        asked: the lines that put into `here` where a way holds, from its call; no gradient flows there.
    """

    dialect: Dialect
    owner: str
    given: tuple[str, ...]
    parameter: Callable[[str], str]
    begin: tuple[str, ...]
    spread: str
    ones: str
    none: tuple[str, ...]
    asked: tuple[str, ...]


def compiled(source: str, title: str, names: dict[str, Any]) -> dict[str, Any]:
    """What a source defines, beside `names`; a traceback through it shows its lines."""
    file = f"<{title} {next(COUNT)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    exec(compile(source, file, "exec"), names)  # noqa: S102 - what was written from a program
    return names


def write_ways(
    form: Form, programs: Sequence[Arrays], signature: Signature, function: str
) -> tuple[str, dict[str, Any]]:
    """The source of `way_0`, ... and of `function`, which takes the way that holds; and the constants."""
    inputs = [x.name for x in signature.inputs]
    me = ["self"] if form.owner else []
    lines: list[str] = []
    constants: dict[str, Any] = {}
    for k, program in enumerate(programs):
        names = {x: form.parameter(x.name) for x in program.parameters} | dict(zip(program.inputs, inputs))
        writer = Writer(program, form.dialect, names, f"_{k}" if k else "")
        forward = writer.forward()
        loss = form.spread.format(Writer.bracketed(writer.whole(program.loss)))
        if program.guards:
            loss = f"{form.dialect.library}.where(valid, {loss}, float('nan'))"
        constants |= writer.constants
        lines += [
            f"def way_{k}({', '.join([*me, *form.given, *inputs])}):",
            *(f"    {name} = {form.owner}{name}" for name in writer.constants if form.owner),
            *(f"    {line}" for line in forward),
            f"    {form.ones}",
            *(f"    valid = valid & {writer.condition(x)}  # {x.line}" for x in program.guards),
            f"    return {loss}, valid",
            "",
        ]
    first = me or [form.given[0]]
    guarded = any(one.guards for one in programs)
    lines += [
        f"def {function}({', '.join([*first, *signature.arguments])}):",
        *(f"    {line}" for line in form.begin),
        *(f"    {line}" for line in arguments_of(signature, form.dialect)),
        *(f"    {line}" for line in _joined(form, programs, inputs)),
        f"    return loss.reshape(lead){', valid.reshape(lead)' if guarded else ''}",
        "",
    ]
    for k, program in enumerate(programs if len(programs) > 1 else ()):
        constants |= {f"recorded_{k}_{x}": numbers for x, numbers in zip(inputs, program.examples)}
    return "\n".join(lines), constants


def _joined(form: Form, programs: Sequence[Arrays], inputs: Sequence[str]) -> list[str]:
    """The lines that take the only way, or for each sample the first whose conditions hold.

    A way runs on the samples that take it; in the place of the others it gets those it was recorded with, so
    that what it would make of them brings no nan into the gradients.
    """
    calls = [f"{form.owner}way_{k}({', '.join([*form.given, *inputs])})" for k in range(len(programs))]
    if len(programs) == 1:
        return [f"loss, valid = {calls[0]}"]
    lines = [*form.none]
    for k, program in enumerate(programs):
        lines += [line.format(calls[k]) for line in form.asked]
        own = []
        for x, numbers in zip(inputs, program.examples):
            own.append(f"own_{k}_{x}")
            shape = f"here.reshape({', '.join(map(str, [-1] + [1] * numbers.ndim))})"
            lines.append(
                f"{own[-1]} = {form.dialect.library}.where({shape}, {x}, {form.owner}recorded_{k}_{x})"
            )
        way = f"{form.owner}way_{k}({', '.join([*form.given, *own])})"
        lines += [f"loss = {form.dialect.library}.where(here, {way}[0], loss)", "valid = valid | here"]
    return lines
