"""The table beside mpmath: `python tests/precision/survey.py [names]` prints how far each entry is off."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from precision.measure import Reference, exact, points, units_off
from precision.more_operands import MORE_OPERANDS
from precision.one_operand import ONE_OPERAND

import autograd as ag
from autograd import Value, ops
from autograd.entry import TABLE
from autograd.lists import log_softmax

REFERENCES: dict[str, Reference] = {**ONE_OPERAND, **MORE_OPERANDS}
BARS = (16, 32, 64)  # units in the last place for values, first and second derivatives
FUNCTIONS = TABLE | {
    "dot": lambda v, w, x, y, b: ops.dot([v, w], [x, y], b),
    "sumprod": lambda v, w, x, y: ops.sumprod([v, w], [x, y]),
    "logsumexp_rest": lambda *xs: ops.logsumexp_rest(*xs, ops.logsumexp(xs)),
    "softmax": lambda *xs: ops.softmax(xs)[0],
    "log_softmax": lambda *xs: log_softmax(xs)[0],
    "dist": lambda a, b, c, d: ag.dist([a, b], [c, d]),
}


class Finding(NamedTuple):
    """One number of ours and how far it is off; `to` says which operands it was differentiated to."""

    way: Callable
    xs: tuple[float, ...]
    to: tuple[int, ...]
    got: float
    off: float

    @property
    def missed(self) -> bool:
        return self.off > BARS[len(self.to)]


def reverse(name: str, xs: tuple[float, ...], slopes: list[int]) -> Iterator[tuple[tuple[int, ...], float]]:
    """Value, first derivatives both ways (as numbers, and as more graph), second derivatives."""
    nodes = [Value(x) for x in xs]
    y = FUNCTIONS[name](*nodes)
    yield (), y.data
    if not slopes:
        return
    numbers, graphs = ag.grad(y, nodes), ag.grad(y, nodes, create_graph=True)
    for i in slopes:
        yield (i,), numbers[i]
        yield (i,), graphs[i].data
        bends = ag.grad(graphs[i], nodes)
        yield from (((i, j), bends[j]) for j in slopes)


def forward(name: str, xs: tuple[float, ...], slopes: list[int]) -> Iterator[tuple[tuple[int, ...], float]]:
    """First and second derivatives by dual numbers, nested for the second."""

    def along(i, f):
        return lambda *zs: ag.jvp(lambda z: f(*zs[:i], z, *zs[i + 1 :]), zs[i], 1.0)[1]

    for i in slopes:
        yield (i,), along(i, FUNCTIONS[name])(*xs)
    for i, j in product(slopes, repeat=2):
        yield (i, j), along(j, along(i, FUNCTIONS[name]))(*xs)


@cache
def points_of(name: str) -> list[tuple[float, ...]]:
    """The points at which an entry is looked at."""
    return points(REFERENCES[name])


def survey(name: str, looked_at: list[tuple[float, ...]]) -> Iterator[Finding]:
    """All findings of one entry: by reverse mode at these points, by forward mode at every tenth."""
    reference = REFERENCES[name]
    slopes = [i for i, first in enumerate(reference.firsts) if first is not None]
    formulas = {(): reference.value, **{(i,): reference.firsts[i] for i in slopes}}
    formulas |= {
        (i, j): reference.seconds.get((i, j), lambda *_: 0) for i in slopes for j in slopes if i <= j
    }
    for k, xs in enumerate(looked_at):
        truths: dict = {}
        for way in (reverse, forward) if k % 10 == 0 else (reverse,):
            for to, got in way(name, xs, slopes):
                key = tuple(sorted(to))
                if key not in truths:
                    truths[key] = exact(formulas[key], xs)
                if truths[key] is not None:
                    yield Finding(way, xs, to, got, units_off(got, truths[key]))


def main(names: list[str]) -> None:
    right = 0
    for name in names or REFERENCES:
        worst, missed, seen = [0.0, 0.0, 0.0], [], set()
        for found in survey(name, points_of(name)):
            seen.add(found.xs)
            worst[len(found.to)] = max(worst[len(found.to)], found.off)
            missed += [found] if found.missed else []
        right += not missed
        units = " ".join(f"{off:8.1f}" for off in worst)
        print(f"{name:18} {len(seen):5} points, off by at most {units} units", flush=True)
        for found in missed:
            print(f"    miss: {found}")
    print(f"{right} of {len(names or REFERENCES)} entries are right everywhere")


if __name__ == "__main__":
    main(sys.argv[1:])
