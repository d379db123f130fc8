"""The picture as mermaid text, for READMEs: GitHub and GitLab draw it."""

from __future__ import annotations

from autograd.drawing.cards import Look, label, rows
from autograd.drawing.scene import Scene
from autograd.messages import say
from autograd.trace.names import one_line

MOST_EDGES, MOST_CHARACTERS = 500, 50_000  # mermaid's own limits
SPECIAL = '"#&<>;`\\*_{}[]()|~'


def to_mermaid(scene: Scene, look: Look, direction: str = "LR") -> str:
    """A mermaid flowchart of a scene.

    Raises:
        ValueError: it is larger than mermaid draws.
    """
    lines = [f"flowchart {direction}"]
    for number, box in enumerate(scene.boxes):
        head = f"{box.name} = {box.expression}" if box.expression and box.kind != "group" else box.name
        fields = [head] + ([box.expression] if box.kind == "group" else [])
        fields += [f"{key} {text}".strip() for key, text in rows(box, look)]
        text = "<br/>".join(map(escape_mermaid, fields))
        lines.append(f'  n{number}(["{text}"])' if box.kind == "constant" else f'  n{number}["{text}"]')
    for link in scene.links:
        text = escape_mermaid(label(link, look).strip())
        lines.append(
            f'  n{link.source} -- "{text}" --> n{link.target}'
            if text
            else f"  n{link.source} --> n{link.target}"
        )
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
