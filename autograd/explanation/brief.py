"""A graph of more than 12 op nodes: one line per node, and of very large ones both ends."""

from __future__ import annotations

from autograd.explanation.cells import forward_cells, results
from autograd.explanation.expressions import expression_text, symbol
from autograd.explanation.reading import Block, Grid, Line
from autograd.explanation.symbols import Symbol
from autograd.explanation.table import gradient_cell
from autograd.messages import word
from autograd.trace.steps import Trace

SHOWN = 60  # nodes; of more, the first and the last 20
ENDS = 20
LEAVES = 40
LONGEST = 44


def brief_blocks(trace: Trace, lang: str | None, kind: type[Symbol]) -> list[Block]:
    """One line per node, forward; then the gradients of the leaves."""
    root = trace.root.name
    leaf = trace.leaves[0].name if trace.leaves else root
    told = word("many_steps", lang, nodes=len(trace.nodes), steps=len(trace.steps), root=root, leaf=leaf)
    head = [kind.plain(word(key, lang)) for key in ("node", "expression", "value", "sum_over_uses")]
    rows: list[list[str] | Line] = []
    left_out = range(ENDS, len(trace.nodes) - ENDS) if len(trace.nodes) > SHOWN else range(0)
    for i, node in enumerate(trace.nodes):
        if i in left_out:
            if i == left_out[0]:
                rows.append(Line(kind.plain(word("left_out", lang, count=len(left_out), root=root))))
            continue
        name, expression, _, value = forward_cells(node, kind)
        if len(expression) > LONGEST:
            expression = expression_text(node, kind, LONGEST)
        rows.append([name, expression, value, gradient_cell(trace, node, kind, lang)])
    blocks: list[Block] = [
        Line(kind.plain(told)),
        Line(""),
        Grid(head, rows, right=(2,), ruled=True),
        Line(""),
    ]
    found = results(trace, lang, kind, LEAVES)
    leaves: list[list[str] | Line] = [
        [f"{symbol(x.leaf, kind).text}.grad", f"= {x.gradient}", kind.plain(x.meaning)] for x in found
    ]
    if len(trace.leaves) > LEAVES:
        leaves.append(Line(kind.plain(word("more_leaves", lang, count=len(trace.leaves) - LEAVES))))
    return [
        *blocks,
        Line(word("result", lang), "head"),
        Grid([], leaves, gap=" ", indent="  ", prose=(2,)),
        Line(""),
    ]
