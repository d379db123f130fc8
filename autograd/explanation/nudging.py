"""`nudge`: what the gradient predicts for a small change of a leaf, and what really happens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autograd.explanation.expressions import symbol
from autograd.explanation.meaning import moved
from autograd.explanation.path_story import find_node
from autograd.explanation.reading import Block, Grid, Line, Reading
from autograd.explanation.symbols import Symbol
from autograd.explanation.tex import Tex
from autograd.explanation.words import word
from autograd.trace.digits import digits
from autograd.trace.steps import Node, Trace, trace_graph

SIZES = (0.1, 0.01, 0.001, 0.0001)
ROUNDING = 2.0**-50  # relative to the numbers that are subtracted


class Change(NamedTuple):
    """One nudge: by how much, what the gradient says, what happens."""

    h: float
    predicted: float
    real: float

    @property
    def error(self) -> float:
        """Real minus predicted."""
        return self.real - self.predicted

    @property
    def slope(self) -> float:
        """The real change per unit."""
        return self.real / self.h


class Nudge(Reading):
    """What `nudge` returns: a row per size of the nudge.

    Attributes:
        changes: `Change(h, predicted, real)` with `.error` and `.slope`, in the order of the sizes.
    """

    def __init__(self, trace: Trace, leaf: Node, sizes: Sequence[float], lang: str | None) -> None:
        self.trace, self.leaf, self.lang = trace, leaf, lang
        self.changes = []
        for h in sizes:
            now = moved(trace, leaf, h)
            if now is None:
                raise ValueError(word("cannot_move", lang, root=trace.root.name))
            self.changes.append(Change(h, leaf.grad * h, now - trace.root.number))

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """Where it starts, the table, what it shows."""
        root, leaf = self.trace.root, self.leaf
        names = {"leaf": symbol(leaf, kind).text, "root": symbol(root, kind).text}
        numbers = {"start": digits(leaf.number), "value": digits(root.number), "grad": digits(leaf.grad)}
        head = [kind.plain(word(key, self.lang)) for key in ("h", "predicted", "real", "error", "slope")]
        rows: list[list[str] | Line] = [
            [f"{x.h:g}", digits(x.predicted), self.real(x), self.error(x), digits(x.slope)]
            for x in self.changes
        ]
        told = Line(word("nudge", self.lang, **names, **numbers))
        end = Line(
            kind.plain(
                word(self.verdict(), self.lang, leaf=leaf.name, root=root.name, start=numbers["start"])
            )
        )
        return [told, Line(""), Grid(head, rows, right=(0, 1, 2, 3, 4), indent="  "), Line(""), end]

    def error(self, change: Change) -> str:
        """The error, 0 where it is rounding alone."""
        return "0" if self._rounding(change) else digits(float(f"{change.error:.3g}"))

    def real(self, change: Change) -> str:
        """The real change, in digits that let the error be seen."""
        shown = digits(change.real)
        enough = self._rounding(change) or abs(float(shown) - change.real) <= 0.1 * abs(change.error)
        return shown if enough else f"{change.real:.8g}"

    def _rounding(self, change: Change) -> bool:
        sizes = [
            abs(self.trace.root.number),
            abs(change.real),
            *[abs(x.number) for x in self.trace.nodes],
        ]
        return abs(change.error) <= ROUNDING * max(x for x in sizes if math.isfinite(x))

    def verdict(self) -> str:
        """The key of the sentence: a straight line, a slope, or none."""
        seen = [x for x in self.changes if not self._rounding(x)]
        if not seen:
            return "nudge_straight"
        relative = [abs(x.error / x.h) for x in self.changes]
        small, large = min(self.changes, key=lambda x: abs(x.h)), max(self.changes, key=lambda x: abs(x.h))
        if self._rounding(small):
            return "nudge_error"
        if abs(large.h) <= abs(small.h):
            return "nudge_one"
        shrinks = relative[self.changes.index(small)] < 0.5 * relative[self.changes.index(large)]
        return "nudge_error" if shrinks else "nudge_off"

    def latex(self) -> str:
        """The table as a LaTeX `array`."""
        rows = [["h", r"\text{grad} \cdot h", r"\Delta", r"\Delta - \text{grad} \cdot h", r"\Delta / h"]]
        for x in self.changes:
            cells = [x.h, x.predicted, x.real, x.error, x.slope]
            rows.append([Tex.numeral(cell).text for cell in cells])
        lines = [" & ".join(row) + r" \\" for row in rows]
        return "\n".join([r"\begin{array}{rrrrr}", lines[0], r"\hline", *lines[1:], r"\end{array}"])


def nudge(
    root: Any,
    leaf: Any,
    h: float | Sequence[float] = SIZES,
    *,
    lang: str | None = None,
    names: Mapping[str, Any] | None = None,
) -> Nudge:
    """Change `leaf` a little: the change that its gradient predicts for `root`, and the real one.

    Args:
        root: the result.
        leaf: the leaf or node that is changed; nothing is changed for good.
        h: one change, or several.
        lang: "en" or "zh"; by default the language in force.
        names: variable names to use instead of the caller's, such as `locals()`.

    Raises:
        ValueError: `leaf` is not part of the graph, or the graph holds a node that cannot be computed again.

    >>> from autograd import Value, nudge
    >>> x = Value(3.0)
    >>> y = x * x - 3 * x + 4
    >>> print(nudge(y, x))
    x from 3, y = 4; the gradient x.grad = 3 predicts the change
    <BLANKLINE>
      h       predicted: grad * h  real change   error  real change / h
         0.1                  0.3         0.31    0.01              3.1
        0.01                 0.03       0.0301  0.0001             3.01
       0.001                0.003     0.003001   1e-06            3.001
      0.0001               0.0003   0.00030001   1e-08           3.0001
    <BLANKLINE>
    h ten times smaller, the error about 100 times smaller: the gradient is the slope.
    """
    trace = trace_graph(root, names)
    sizes = [float(h)] if isinstance(h, (int, float)) else [float(x) for x in h]
    return Nudge(trace, find_node(trace, leaf), sizes, lang)
