"""What the code of a learner's own engine does, step by step, in two columns: yours and right."""

from __future__ import annotations

from autograd.explanation.cells import equalities, forward_cells
from autograd.explanation.expressions import symbol
from autograd.explanation.reading import Block, Grid, Line, Row
from autograd.explanation.symbols import Symbol
from autograd.messages import word
from autograd.trace.own_pass import OwnPass, OwnStep
from autograd.trace.steps import Trace

SHOWN = 40  # steps


def own_blocks(trace: Trace, own: OwnPass, lang: str | None, kind: type[Symbol]) -> list[Block]:
    """The forward pass, the learner's backward() beside the right one, and the gradients it leaves."""
    told = kind.plain(word("forward_what", lang, root=trace.root.name))
    rows: list[Row] = [equalities(forward_cells(node, kind)) for node in trace.nodes]
    head = Line(f"{word('forward', lang)} {told}", "head")
    blocks: list[Block] = [Line(""), head, Grid([], rows, gap=" ", indent="  "), Line("")]
    return [*(blocks if rows else []), *own_columns(trace, own, lang, kind)]


def own_columns(trace: Trace, own: OwnPass, lang: str | None, kind: type[Symbol]) -> list[Block]:
    """The two columns alone, the first step that parts marked, and what the leaves hold in the end."""
    head = [kind.plain(word(key, lang)) for key in ("step", "edge", "own_yours", "own_right")]
    first = own.first_wrong
    rows: list[Row] = []
    for k, step in enumerate(own.steps[: max(SHOWN, (first or 0) + 1)]):
        mark = word("own_parts", lang) if k == first else ""
        rows.append([*_cells(trace, k, step, lang, kind), kind.plain(mark)])
    if len(own.steps) > len(rows):
        rows.append(Line(word("order_more", lang, count=len(own.steps) - len(rows))))
    blocks: list[Block] = [Line(kind.plain(word("own_head", lang, root=trace.root.name)), "head")]
    blocks.append(Grid([*head, ""], rows, gap="   ", indent="  ", right=(0,), prose=(4,)))
    if own.error:
        blocks.append(Line("  " + kind.plain(word("own_stops", lang, error=own.error)), "bad"))
    if first is None and not own.error:
        return [*blocks, Line("  " + kind.plain(word("own_same", lang)), "good")]
    leaves: list[Row] = []
    for leaf in trace.leaves:
        mine = [step.yours for step in own.steps if step.operand is leaf and step.yours is not None]
        right = [step.right for step in own.steps if step.operand is leaf and step.right is not None]
        cells = [trace.digits(x[-1]) if x else "0" for x in (mine, right)]
        leaves.append([f"{symbol(leaf, kind).text}.grad", *cells])
    names = [kind.plain(word(key, lang)) for key in ("gradient", "own_yours", "own_right")]
    return [*blocks, Line(""), Grid(names, leaves, gap="   ", indent="  "), Line("")]


def _cells(trace: Trace, k: int, step: OwnStep, lang: str | None, kind: type[Symbol]) -> list[str]:
    name = symbol(step.operand, kind).text
    speaker = "?" if step.node is None else symbol(step.node, kind).text
    edge = f"{speaker} {kind.forth} {_target(step, name, lang)}" if k else word("starts", lang)
    yours = word("own_missing", lang) if step.yours is None else f"{name}.grad = {trace.digits(step.yours)}"
    right = word("own_no_step", lang) if step.right is None else f"{name}.grad = {trace.digits(step.right)}"
    return [str(k) if k else "", edge, kind.plain(yours) if step.yours is None else yours, right]


def _target(step: OwnStep, name: str, lang: str | None) -> str:
    if step.node is None or step.place < 0 or step.node.operands.count(step.operand) < 2:
        return name
    if len(step.node.operands) > 2:
        return word("side", lang, name=name, side=word("nth", lang, n=step.place + 1))
    return word("side", lang, name=name, side=word(("left", "right")[step.place], lang))
