"""A told graph as the stepper page needs it: data, JavaScript of its ops, texts with places for operands.

In a text, `§0`, `§1`, ... stand for the operands and `§y` for the result; the page puts in names or numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.entry import TABLE, Op, Rule
from autograd.explanation.cells import title
from autograd.explanation.expressions import own_name, written
from autograd.explanation.javascript import definitions, derivatives_code, value_code
from autograd.explanation.page_views import Views
from autograd.explanation.symbols import Symbol, Text
from autograd.messages.sentences import sentences
from autograd.trace.steps import Node, Trace

LEAF, CONSTANT = -1, -2


class Template(Text):
    """A text with places for operands; `where` is written out, since numbers may change the branch."""

    __slots__ = ()

    @classmethod
    def apply(cls, op: Op, operands: Sequence[Any]) -> Any:
        """Read an op inside a rule."""
        if op.name != "where":
            return super().apply(op, operands)
        parts = [x if isinstance(x, cls) else cls.numeral(float(x), fixed=True) for x in operands]
        taken = parts[1] if parts[0].number else parts[2]
        return cls(f"where({', '.join(x.text for x in parts)})", taken.number)


class PageGraph(NamedTuple):
    """What a page holds of its graph: a script that sets `G` and `ops`, and how high its pictures are."""

    script: str
    height: float


def page_graph(trace: Trace, *, lang: str, mode: str, step: str) -> PageGraph:
    """The script of a page for these facts, which opens in `lang` at `step`."""
    nodes = in_order(trace)
    number = {node: i for i, node in enumerate(nodes)}
    entries: dict[str, int] = {}
    told = [_node(node, number, entries) for node in nodes]
    views = Views(nodes, trace.steps).told
    data = {
        "title": title(trace).rsplit(" = ", 1)[0], "lang": lang, "mode": mode, "step": step,
        "by": "edge" if len(views) == 1 else "node",
        "nodes": told, "views": views,
    }  # fmt: skip
    code = [f"{text.split(',words:')[0]}" for text in entries]
    ops = ",\n".join(entries)
    script = f"{definitions(code)}\nconst G = {as_script(data)}\nconst ops = [{ops}]"
    return PageGraph(script, max(view["size"][1] for view in views))


def as_script(data: Any) -> str:
    """Data as JavaScript that no HTML in a name can break out of."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def in_order(trace: Trace) -> list[Node]:
    """Every node, operands before results: leaves and constants first."""
    leaves = dict.fromkeys(trace.leaves)
    for node in trace.nodes:
        leaves.update(dict.fromkeys(x for x in node.operands if x.is_leaf))
    return [*leaves, *trace.nodes] if trace.nodes else [trace.root]


def _node(node: Node, number: dict[Node, int], entries: dict[str, int]) -> list[Any]:
    if node.is_leaf:
        return [node.name, CONSTANT if node.is_constant else LEAF, [], node.number]
    entry = _entry(node)
    operands = [number[x] for x in node.operands]
    told = [node.name, entries.setdefault(entry, len(entries)), operands]
    return told if "v:0" not in entry else [*told, node.number]


def _entry(node: Node) -> str:
    """The JavaScript object of a node's op; nodes whose texts and code are the same share it."""
    op, count = node.op, len(node.operands)
    known = op is not None and TABLE.get(op.name) is op
    known = known and all(x.number is None or x.rule is not None for x in node.locals)
    value = value_code(op, count) if op is not None and known else None
    slopes = (
        derivatives_code(op, count)
        if op is not None and value is not None
        else as_script([x.number for x in node.locals])
    )
    parts = [_place(i, x) for i, x in enumerate(node.operands)]
    y = Template.name("§y", node.number)
    rules = [_rule(x.rule, parts, y, x.number) for x in node.locals]
    name = own_name(node) if op is None else op.name
    return (
        f"{{name:{as_script(name)},v:{'0' if value is None else f'x=>{value}'},d:(x,y)=>{slopes}"
        f",words:{as_script(_words(name, rules))},text:{as_script(written(node, parts, Template).text)}"
        f",rules:{as_script(rules)}{',choice:1' if op is not None and op.choice else ''}}}"
    )


def _place(i: int, operand: Node) -> Template:
    if operand.is_constant:
        return Template.numeral(operand.number, operand.name if operand.label else "", fixed=True)
    return Template.name(f"§{i}", operand.number)


def _rule(rule: Rule | None, parts: Sequence[Template], y: Template, number: float | None) -> str:
    if rule is None:
        return "" if number is None else Template.numeral(number).text
    read = rule(*parts, y)
    return read.text if isinstance(read, Symbol) else Template.numeral(float(read)).text


def _words(name: str, rules: Sequence[str]) -> list[str]:
    return sentences(name, {"y": "§y", "a": "§0", "b": "§1"}, rules)
