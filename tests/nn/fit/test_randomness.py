import functools
import json
import random

import numpy as np
import pytest

import nn
from nn.fit import randomness
from nn.fit.randomness import generators_in, random_state, set_random_state

module_wide = random.Random(9)


class Shaky(nn.Module):
    def __init__(self, generator):
        self.inner, self._rows = {"rng": [generator]}, [[1.0, 2.0]]

    def forward(self, x):
        return x + module_wide.gauss(0, 1)


def method_owner():
    class Owner:
        def __init__(self):
            self.rng = random.Random(2)

        def draw(self):
            return self.rng.random()

    return Owner().draw


def closure(rng):
    return lambda: [rng.random()]


def default(rng=random.Random(6)):  # noqa: B008 - what is tried
    return rng.random()


HOLDERS = {
    "a layer": (lambda: nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5, random.Random(1))), 1),
    "lists and dicts, and a module's own name": (lambda: Shaky(np.random.default_rng(1)), 2),
    "a method": (method_owner, 1),
    "a closure": (lambda: closure(random.Random(3)), 1),
    "a default": (lambda: default, 1),
    "a partial": (lambda: functools.partial(print, np.random.RandomState(4)), 1),
    "a generator's method": (lambda: random.Random(5).gauss, 1),
    "nothing": (lambda: nn.MLP(2, [3, 1]), 0),
    "text, numbers, modules, classes": (lambda: ["x", 1.0, nn, random, random.Random, None], 0),
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_generators_are_found_wherever_they_are_held(holder):
    make, count = HOLDERS[holder]
    assert len(generators_in({"it": make()})) == count


def test_one_generator_in_two_places_is_found_once():
    rng = random.Random(1)
    assert list(generators_in({"a": nn.Dropout(0.5, rng), "b": [rng]})) == ["a._generator"]


KINDS = [
    lambda: random.Random(1),
    lambda: np.random.default_rng(1),
    lambda: np.random.Generator(np.random.MT19937(1)),
    lambda: np.random.Generator(np.random.Philox(1)),
    lambda: np.random.RandomState(1),
]


def drawn(generator):
    gauss = generator.gauss if hasattr(generator, "gauss") else generator.normal
    return [gauss(0, 1) for _ in range(3)] + [float(np.random.normal()), random.gauss(0, 1)]


@pytest.mark.parametrize("make", KINDS)
def test_every_kind_goes_on_bit_for_bit_through_json(make):
    first, second = make(), make()
    drawn(first)
    state = json.loads(json.dumps(random_state({"it": [first]})))
    expected = drawn(first)
    set_random_state({"it": [second]}, state)
    assert drawn(second) == expected


def test_other_generators_are_refused_by_name_and_nothing_is_set():
    state = random_state({"a": [random.Random(1)]})
    before = random.getstate()
    with pytest.raises(
        ValueError, match=r"generators differ .*: a.0 \(random.Random\), b \(numpy.random.Gen"
    ):
        set_random_state({"a": [], "b": np.random.default_rng()}, state)
    assert random.getstate() == before


def test_a_name_not_assigned_yet_is_no_error():
    def outer():
        inner = lambda: later
        found = generators_in({"f": inner})
        later = 1
        return found, later

    assert outer()[0] == {}


def test_numbers_of_the_system_have_no_state():
    assert generators_in({"it": random.SystemRandom()}) == {}
    assert randomness.SKIPPED
