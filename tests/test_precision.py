"""Digits of precision: the whole table against mpmath, at points made by rule.

`python tests/precision/survey.py` prints the figures. Half of the points, drawn by a seed, are looked at, but
at least 100; `EVERY_POINT=1 python -m pytest tests/test_precision.py` looks at all, and `.ci/more` does so.
"""

import os
import random
from itertools import product

import pytest
from mpmath import mp, mpf
from precision.survey import REFERENCES, forward, points_of, reverse, survey

from autograd.entry import BUILT_IN, TABLE

# All that misses, as (operands, differentiated to): 0 / 5e-324 twice to the divisor, since 1 / 5e-324 is too
# large for a float; and a norm twice, where the other operands' length is subnormal, thus rounded.
TINY = 5e-324
MISSES = {
    "div": {((a, b), (1, 1)) for a in (0.0, -0.0) for b in (TINY, -TINY)},
    "norm": {
        *product([(1e-160, -TINY, TINY), (1e-160, TINY, -TINY)], [(0, 0), (0, 1), (0, 2)]),
        *product([(TINY, -TINY, -1e-08)], [(2, 0), (2, 1)]),
    },
}


def test_every_entry_has_its_reference():
    assert not BUILT_IN - REFERENCES.keys()


@pytest.mark.parametrize("name", REFERENCES)
def test_at_100_points_and_more_values_and_derivatives_both_ways_are_within_16_32_and_64_units(name):
    looked_at = points_of(name)
    assert len(looked_at) >= 100
    if "EVERY_POINT" not in os.environ:
        looked_at = random.Random(name).sample(looked_at, max(100, len(looked_at) // 2))
    missed = {way: set() for way in (reverse, forward)}
    for found in survey(name, looked_at):
        if found.missed:
            missed[found.way].add((found.xs, found.to))
    assert missed[reverse] == {(xs, to) for xs, to in MISSES.get(name, set()) if xs in looked_at}
    assert missed[forward] <= missed[reverse]


@pytest.mark.parametrize("name", [name for name in REFERENCES if any(REFERENCES[name].firsts)])
def test_the_derivatives_of_a_reference_are_those_of_its_value(name):
    reference = REFERENCES[name]
    for xs in sample(name, len(reference.firsts)):
        for i, first in enumerate(reference.firsts):
            if first is None:
                continue
            assert summed(first)(*xs) == pytest.approx(slope(reference.value, xs, i), rel=1e-18, abs=1e-18)
            for j in range(i, len(xs)):
                if reference.firsts[j] is not None:
                    second = summed(reference.seconds.get((i, j), lambda *_: 0))(*xs)
                    assert second == pytest.approx(slope(first, xs, j), rel=1e-18, abs=1e-18)


def sample(name, count):
    """Three points of the entry's sampling range, orders of differentiation kept."""
    rng = random.Random(name)
    ranges = TABLE[name].sample if name in TABLE else ((-3.0, 3.0),)
    return [[mpf(rng.uniform(*ranges[i % len(ranges)])) for i in range(count)] for _ in range(3)]


def summed(formula):
    def total(*xs):
        terms = formula(*xs)
        return mpf(mp.fsum(terms) if isinstance(terms, list) else terms)

    return total


def slope(formula, xs, i):
    return mp.diff(lambda x: summed(formula)(*xs[:i], x, *xs[i + 1 :]), xs[i])
