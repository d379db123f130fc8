"""A told graph as the pages need it: nodes as data, the ops of its nodes as JavaScript."""

from __future__ import annotations

from typing import Any

from autograd.drawing.collapse import scopes_of
from autograd.explanation.cells import title
from autograd.explanation.expressions import own_name
from autograd.explanation.javascript import Entry, as_script, op_entry, table_script
from autograd.messages.sentences import template
from autograd.trace.folding import Graph, Shown, is_known
from autograd.trace.names import one_line
from autograd.trace.steps import Node, Trace

LEAF, CONSTANT = -1, -2
VISIBLE = 40  # boxes up to which a graph is shown whole; beyond, its scopes are told too


def page_graph(trace: Trace, *, lang: str, mode: str, step: str) -> str:
    """The script of a page for these facts, which opens in `lang` at `step`."""
    nodes = in_order(trace)
    number = {node: i for i, node in enumerate(nodes)}
    entries: dict[str, Entry] = {}
    read = {x: was for node in reversed(nodes) for x, was in zip(node.operands, node.numbers)}
    data = {
        "title": title(trace).rsplit(" = ", 1)[0], "lang": lang, "mode": mode, "step": step,
        "nodes": [_node(node, number, entries, read.get(node, node.number)) for node in nodes],
    }  # fmt: skip
    if len(nodes) > VISIBLE:
        data["scopes"] = _scopes(nodes, number)
    return f"{table_script(entries)}\nconst G = {as_script(data)}"


def in_order(trace: Trace) -> list[Node]:
    """Every node, operands before results, a leaf just before its first use: as pictures number them."""
    found: dict[Node, None] = {}
    for node in [*trace.nodes, trace.root]:
        found.update(dict.fromkeys((*[x for x in node.operands if x.is_leaf], node)))
    return list(found)


def _scopes(nodes: list[Node], number: dict[Node, int]) -> list[list[str]]:
    sources = [node.source for node in nodes]
    operands = [tuple(number[x] for x in node.operands) for node in nodes]
    found = scopes_of(Graph(sources, operands, sources, sources))
    return [[one_line(step) for step in scope] for scope in found]


def _node(node: Node, number: dict[Node, int], entries: dict[str, Entry], read: float) -> list[Any]:
    """`[name, op, operands, value, more]`; the last two only where they are needed.

    `read` is what the forward pass read: the page computes it again from the leaves.
    """
    if node.is_leaf:
        return [node.name, CONSTANT if node.is_constant else LEAF, [], read]
    key, entry = _entry(node)
    entries.setdefault(key, entry)
    told = [node.name, key, [number[x] for x in node.operands], node.number]
    if not node.beside:
        return told
    shares = {x.op.share: number[x] for x in node.beside if isinstance(x.op, Shown)}
    return [*told, {"beside": [shares.get(i) for i in range(len(node.operands))]}]


def _entry(node: Node) -> tuple[str, Entry]:
    """The key and the object of a node's op; nodes of one op on as many operands share it."""
    op, count = node.op, len(node.operands)
    if op is not None and is_known(op) and _by_table(node):
        share = op.share if isinstance(op, Shown) and op.share is not None else ""
        return f"{op.name}{share}/{count}", op_entry(op, count)
    name = own_name(node) if op is None else op.name
    slopes = as_script([x.number for x in node.locals])
    known = [x.number is not None for x in node.locals]
    entry = {"n": as_script(name), "v": "0", "d": f"()=>{slopes}", "own": "1"}
    if any(x.unknown for x in node.locals):
        entry["unknown"] = "1"
    return f"own {name} {slopes} {'unknown' in entry}", {**entry, "w": as_script(template("", known))}


def _by_table(node: Node) -> bool:
    """Whether the node's local derivatives are its op's."""
    return all(x.number is None or x.rule is not None for x in node.locals)
