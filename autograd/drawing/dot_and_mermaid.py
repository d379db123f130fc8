"""The picture as source text for other programs, DOT and mermaid; and micrograd's `draw_dot`."""

from __future__ import annotations

from typing import Any

from autograd.drawing.cards import Look, label, rows
from autograd.drawing.graphviz_layout import run_dot
from autograd.drawing.scene import Box, Scene
from autograd.graph import Root, is_constant, is_node, node_of
from autograd.messages import say
from autograd.number import kind_of
from autograd.settings import chosen_word
from autograd.trace.names import find_names, one_line
from autograd.trace.nodes import gradients_of, op_sign
from autograd.trace.opening import read_graph


def to_dot(scene: Scene, look: Look, direction: str = "LR") -> str:
    """DOT source of a scene: records with name, expression, data and gradient; labels on the edges."""
    lines = [
        "digraph {",
        f'  rankdir={direction}; bgcolor="transparent"; ordering=in; nodesep=0.2;',
        '  node [shape=record, style="rounded,filled", fillcolor="#ffffff", color="#84919e", '
        'fontname="DejaVu Sans", fontsize=11, height=0.3];',
        '  edge [color="#84919e", fontcolor="#6a35b8", fontname="DejaVu Sans", fontsize=10, arrowsize=0.6];',
    ]
    for number, box in enumerate(scene.boxes):
        lines.append(f'  n{number} [label="{" | ".join(map(escape_record, _fields(box, look)))}"];')
    for link in scene.links:
        text = label(link, look).strip()
        more = f' [label="{escape_record(text)}"]' if text else ""
        lines.append(f"  n{link.source} -> n{link.target}{more};")
    return "\n".join([*lines, "}"]) + "\n"


def _fields(box: Box, look: Look) -> list[str]:
    """The lines of a box: name and expression, for a group below each other, then its numbers."""
    group = box.kind == "group"
    head = f"{box.name} = {box.expression}" if box.expression and not group else box.name
    numbers = [f"{key} {text}".strip() for key, text in rows(box, look)]
    return [head, *([box.expression] if group else []), *numbers]


def check_nodes(root: Any) -> None:
    """Check that there is a graph to be drawn.

    Raises:
        TypeError: `root` is no node, nor a list of nodes.
    """
    for node in root if isinstance(root, (list, tuple)) and root else [root]:
        if not is_node(node):
            raise TypeError(say("draw_no_graph", kind=kind_of(node)))


def escape_record(text: str) -> str:
    r"""Text for a field of a record: everything that DOT or a record gives a meaning is escaped.

    >>> escape_record('x<y "z"')
    'x\\<y \\"z\\"'
    """
    return "".join("\\" + c if c in '\\"{}|<>' else c for c in one_line(text))


def draw_dot(root: Root, format: str = "svg", rankdir: str = "LR") -> Any:  # noqa: A002 - micrograd's parameter
    """The graph as a `graphviz.Digraph`, built as by micrograd: records for values, ovals for ops.

    Args:
        root: a Value, or a node of another engine.
        format: what `render()` writes: "svg", "png", ...
        rankdir: "LR" (left to right) or "TB" (top to bottom).

    Raises:
        ImportError: the package `graphviz` is missing.
        ValueError: another direction.

    >>> from autograd import Value
    >>> a = Value(2.0, label="a"); b = a * a
    >>> b.backward()
    >>> "{ a | data 2.0000 | grad 4.0000 }" in draw_dot(b).source
    True
    """
    chosen_word("draw_dot", "rankdir", rankdir, ("LR", "TB"))
    try:
        from graphviz import Digraph
    except ImportError:
        raise ImportError(say("draw_needs_graphviz")) from None
    root = node_of(root)
    check_nodes(root)
    graph = read_graph(root)
    names = find_names(root, order=graph.nodes)
    made_up = set(names.made_up)

    class InlineDigraph(Digraph):  # type: ignore[misc]  # graphviz has no types
        def _repr_image_svg_xml(self) -> str:  # what a notebook asks for; graphviz itself waits for ever
            return run_dot(self.source, "svg").decode()

        def __reduce__(self) -> tuple[Any, ...]:  # a class of this function is not found by its name
            return object.__new__, (Digraph,), vars(self)

    dot = InlineDigraph(format=format, graph_attr={"rankdir": rankdir})
    told = zip(graph.nodes, graph.operands, gradients_of(graph.nodes))
    for number, (node, operands, grad) in enumerate(told):
        name = "" if names[node] in made_up else escape_record(names[node])
        fields = [name] if name else []
        fields += [f"{say('draw_data')} {node.data:.4f}"]
        if not is_constant(node):
            fields += [say("draw_none") if grad is None else f"{say('draw_grad')} {grad:.4f}"]
        text = f"{{ {' | '.join(fields)} }}"
        dot.node(name=str(number), label=text, shape="record")
        if operands:
            sign = op_sign(node)
            dot.node(name=f"{number}{sign}", label=sign)
            dot.edge(f"{number}{sign}", str(number))
            for operand in operands:
                dot.edge(str(operand), f"{number}{sign}")
    return dot


MOST_EDGES, MOST_CHARACTERS = 500, 50_000  # mermaid's own limits
SPECIAL = '"#&<>;`\\*_{}[]()|~'


def to_mermaid(scene: Scene, look: Look, direction: str = "LR") -> str:
    """A mermaid flowchart of a scene.

    Raises:
        ValueError: it is larger than mermaid draws.
    """
    lines = [f"flowchart {direction}"]
    for number, box in enumerate(scene.boxes):
        text = "<br/>".join(map(escape_mermaid, _fields(box, look)))
        lines.append(f'  n{number}(["{text}"])' if box.kind == "constant" else f'  n{number}["{text}"]')
    for link in scene.links:
        text = escape_mermaid(label(link, look).strip())
        arrow = f'-- "{text}" -->' if text else "-->"
        lines.append(f"  n{link.source} {arrow} n{link.target}")
    source = "\n".join(lines) + "\n"
    if len(scene.links) > MOST_EDGES or len(source) > MOST_CHARACTERS:
        counts = {"edges": len(scene.links), "count": len(source)}
        raise ValueError(say("draw_mermaid", most_edges=MOST_EDGES, most=MOST_CHARACTERS, **counts))
    return source


def escape_mermaid(text: str) -> str:
    """Text for a quoted label: what mermaid or HTML gives a meaning is written as a character code.

    >>> escape_mermaid('x<y')
    'x#60;y'
    """
    return "".join(f"#{ord(c)};" if c in SPECIAL else c for c in one_line(text))
