"""`nudge`: what the gradient predicts for a small change of a leaf, and what really happens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autograd.explanation.expressions import symbol
from autograd.explanation.meaning import change_of_root, look_around
from autograd.explanation.path_story import find_node
from autograd.explanation.reading import Block, Grid, Line, Reading, Row
from autograd.explanation.symbols import Symbol
from autograd.explanation.tex import Tex, array
from autograd.graph import Root
from autograd.messages import word
from autograd.number import is_number, to_float, to_list
from autograd.settings import chosen_number
from autograd.trace.digits import digits
from autograd.trace.steps import Node, Trace, trace_graph

SIZES = (0.1, 0.01, 0.001, 0.0001)
ROUNDING = 2.0**-52  # of each op, relative to the numbers that it is made of
SLOPE = 1.5  # an error that shrinks as this power of h or faster leaves a slope


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
    """What `nudge` returns: for each size of the nudge a row to the right and a row to the left.

    Attributes:
        changes: `Change(h, predicted, real)` with `.error` and `.slope`, of h and -h for each size.
    """

    def __init__(self, trace: Trace, leaf: Node, sizes: Sequence[float], lang: str | None) -> None:
        self.trace, self.leaf, self.lang = trace, leaf, lang
        self.changes: list[Change] = []
        sizes = [float(chosen_number("nudge", "h", size)) for size in sizes]
        for h in [by for size in sizes for by in (size, -size)]:
            real = change_of_root(trace, leaf, h)
            if real is None:
                raise ValueError(word("cannot_move", lang, root=trace.root.name))
            self.changes.append(Change(h, leaf.grad * h, real))

    def blocks(self, kind: type[Symbol]) -> list[Block]:
        """Where it starts, the table, what it shows."""
        root, leaf = self.trace.root, self.leaf
        names = {"leaf": symbol(leaf, kind).text, "root": symbol(root, kind).text}
        told = {"start": leaf.number, "value": root.number, "grad": leaf.grad}
        numbers = {key: root.digits(x) for key, x in told.items()}
        head = [kind.plain(word(key, self.lang)) for key in ("h", "predicted", "real", "error", "slope")]
        rows: list[Row] = []
        for x in self.changes:
            cells = [f"{x.h:g}", digits(x.predicted), self.real(x), self.error(x), digits(x.slope)]
            rows.append([kind.shown(cell) for cell in cells])
        printed = {key: kind.shown(number) for key, number in numbers.items()}
        start = Line(word("nudge", self.lang, **names, **printed))
        key, fields = self.verdict()
        fields = {"leaf": leaf.name, "root": root.name, "start": numbers["start"], **fields}
        end = Line(kind.plain(word(key, self.lang, **fields)))
        return [start, Line(""), Grid(head, rows, right=(0, 1, 2, 3, 4), indent="  "), Line(""), end]

    def error(self, change: Change) -> str:
        """The error, 0 where it is rounding alone."""
        return "0" if self._rounding(change) else digits(float(f"{change.error:.3g}"))

    def real(self, change: Change) -> str:
        """The real change, in digits that let the error be seen."""
        shown = digits(change.real)
        enough = self._rounding(change) or abs(float(shown) - change.real) <= 0.1 * abs(change.error)
        return shown if enough else f"{change.real:.8g}"

    def _rounding(self, change: Change) -> bool:
        sizes = [abs(self.trace.root.number), abs(change.real), *[abs(x.number) for x in self.trace.nodes]]
        largest = max([x for x in sizes if math.isfinite(x)], default=0.0)
        return abs(change.error) <= ROUNDING * max(4, len(self.trace.nodes)) * largest

    def verdict(self) -> tuple[str, dict[str, str]]:
        """The key of the sentence and what it needs: a straight line, a slope, a kink or a jump."""
        right, left = ([x for x in self.changes if (x.h > 0) is up] for up in (True, False))
        around = look_around(self.trace, self.leaf).kind
        if around != "slope":
            sides = [self._power(side) for side in (right, left)]
            bad = [power is not None and power < SLOPE for power in sides]
            where = "to_both_sides" if bad[0] == bad[1] else "to_the_right" if bad[0] else "to_the_left"
            return f"nudge_{around}", {"where": word(where, self.lang)}
        if all(map(self._rounding, self.changes)):
            return "nudge_straight", {}
        powers = [x for side in (right, left) if (x := self._power(side)) is not None]
        if not powers or min(powers) < SLOPE:
            return "nudge_one", {}
        if math.inf in powers:
            return "nudge_soon", {}
        return "nudge_error", {"times": f"{float(f'{10.0 ** min(powers):.1g}'):,.0f}"}

    def _power(self, side: Sequence[Change]) -> float | None:
        """The power of h with which the error shrinks on one side; inf: at once, None: not known."""
        seen = sorted((x for x in side if not self._rounding(x)), key=lambda x: abs(x.h))
        if not seen:
            return math.inf if len(side) > 1 else None
        small, large = seen[0], seen[-1]
        if abs(small.h) == abs(large.h):
            return math.inf if len(side) > 1 and large.h != min(side, key=lambda x: abs(x.h)).h else None
        return math.log(abs(large.error / small.error)) / math.log(abs(large.h / small.h))

    def latex(self) -> str:
        """The table as a LaTeX `array`."""
        head = ["h", r"\text{grad} \cdot h", r"\Delta", r"\Delta - \text{grad} \cdot h", r"\Delta / h"]
        numbers = ((x.h, x.predicted, x.real, x.error, x.slope) for x in self.changes)
        return array(Grid(head, [[Tex.numeral(x).text for x in row] for row in numbers]), "rrrrr")


def nudge(
    root: Root,
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
      h        predicted: grad * h  real change  error   real change / h
          0.1                  0.3         0.31    0.01              3.1
         -0.1                 -0.3        -0.29    0.01              2.9
         0.01                 0.03       0.0301  0.0001             3.01
        -0.01                -0.03      -0.0299  0.0001             2.99
        0.001                0.003     0.003001   1e-06            3.001
       -0.001               -0.003    -0.002999   1e-06            2.999
       0.0001               0.0003   0.00030001   1e-08           3.0001
      -0.0001              -0.0003  -0.00029999   1e-08           2.9999
    <BLANKLINE>
    h ten times smaller, the error about 100 times smaller: the gradient is the slope.
    """
    trace = trace_graph(root, names)
    sizes = [to_float(x) for x in ([h] if is_number(h) else to_list(h))]
    return Nudge(trace, find_node(trace, leaf), sizes, lang)
