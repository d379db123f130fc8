"""Examples in docstrings as code: an extension of griffe, which reads the docstrings for the site.

Ours stand in paragraphs that begin with `>>>` and under no heading; Markdown would take those for quotations.
"""

from __future__ import annotations

from typing import Any

import griffe


class Doctests(griffe.Extension):
    """Fence every paragraph that begins with a prompt."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change the docstring of one object, which is read later."""
        if obj.docstring:
            paragraphs = obj.docstring.value.split("\n\n")
            obj.docstring.value = "\n\n".join(
                f"```pycon\n{text.rstrip()}\n```" if text.lstrip("\n").startswith(">>>") else text
                for text in paragraphs
            )
