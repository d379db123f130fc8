"""The whole story in LaTeX: values forward, then every gradient as the sum over its uses."""

from __future__ import annotations

from autograd.explanation.cells import forward_cells, untold_leaves
from autograd.explanation.path_story import use_by_use
from autograd.explanation.tex import Tex, tex_name, tex_number
from autograd.trace.steps import Trace

BEGIN, END = "\\begin{aligned}\n", "\n\\end{aligned}"


def whole(trace: Trace) -> str:
    r"""One `aligned` for the forward pass and the gradients, from the root to the leaves.

    `d` stands for everything downstream, `\partial` for one node's own formula.
    """
    lines = [f"{tex_name(x.name)} &= {tex_number(trace.digits(x.number))}" for x in untold_leaves(trace, Tex)]
    for node in trace.nodes:
        name, *others = forward_cells(node, Tex)
        value = tex_number(others.pop())
        lines.append(f"{name} &= " + " = ".join(x for x in [*others, value] if x))
    root = tex_name(trace.root.name)
    lines.append(rf"\frac{{d{root}}}{{d{root}}} &= 1")
    done = {trace.root}
    order = [step.operand for step in trace.steps if step.is_last]
    for node in order:
        if node not in done:
            done.add(node)
            told = use_by_use(trace, node).removeprefix(BEGIN).removesuffix(END)
            result = f" = {tex_number(trace.digits(node.grad))}"
            lines.append(told.removesuffix(result) if len(node.uses) > 1 else told)
            if len(node.uses) > 1:  # the flows themselves, too, and the result once
                flows = " + ".join(_term(trace.digits(step.flow)) for step in node.uses)
                lines.append(f"&= {flows}{result}")
    return BEGIN + " \\\\\n".join(lines) + END


def _term(flow: str) -> str:
    shown = tex_number(flow)
    return f"({shown})" if shown.startswith("-") else shown
