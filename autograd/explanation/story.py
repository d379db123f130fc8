"""`explain`: the chain rule for your own expression, in words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.explanation import text
from autograd.explanation.telling import Step, Telling, tell


class Explanation:
    """What `explain` returns: prints as text, shows itself as a table in notebooks.

    Attributes:
        steps: the facts, one `Step` per edge, in the order in which `backward()` adds them.
    """

    def __init__(self, telling: Telling, lang: str | None) -> None:
        self.telling = telling
        self.lang = lang

    @property
    def steps(self) -> list[Step]:
        """The steps of the backward pass."""
        return self.telling.steps

    def text(self) -> str:
        """For a terminal: at most 100 columns."""
        return text.whole(self.telling, self.lang)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()


def explain(root: Any, *, lang: str | None = None, names: Mapping[str, Any] | None = None) -> Explanation:
    """Tell the forward and the backward pass of `root`, step by step.

    Args:
        root: a Value, or a node of your own with `.data` and its operands.
        lang: "en" or "zh"; by default the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    >>> from autograd import Value, explain
    >>> a, b = Value(2.0), Value(-3.0)
    >>> L = a * b
    >>> print(explain(L))  # doctest: +ELLIPSIS
    L = a * b = -6   (rounded for display, computed with all digits)
    ...
      a.grad = -3      b            a up by 0.01: L down by about 0.03
      b.grad = 2       a            b up by 0.01: L up by about 0.02
    """
    return Explanation(tell(root, names), lang)
