import dataclasses
from collections import defaultdict, namedtuple

import numpy as np
import pytest

from autograd.structure import flatten, in_order_of, point_entries

Pair = namedtuple("Pair", "a b")


@dataclasses.dataclass(frozen=True)
class Line:
    w: list
    b: float


STRUCTURES = [
    3.0,
    [1.0, [2.0, (3.0,)]],
    Pair(1.0, [2.0]),
    {"w": [1.0], "b": {"c": 2.0}},
    Line([1.0, 2.0], 3.0),
    [],
    {},
    (),
    [Line([Pair(1.0, 2.0)], 3.0), {"x": (4.0,)}],
]


@pytest.mark.parametrize("structure", STRUCTURES, ids=repr)
def test_what_is_taken_apart_is_put_together_again(structure):
    entries, rebuild = flatten(structure)
    assert entries == sorted(entries)
    assert rebuild(entries) == structure
    assert type(rebuild(entries)) is type(structure)
    doubled = flatten(rebuild([2 * x for x in entries]))[0]
    assert doubled == [2 * x for x in entries]


def test_the_original_is_left_as_it_is():
    structure = {"w": [1.0], "line": Line([2.0], 3.0)}
    flatten(structure)[1]([10.0, 20.0, 30.0])
    assert structure == {"w": [1.0], "line": Line([2.0], 3.0)}


def test_a_defaultdict_keeps_its_default():
    rebuilt = flatten(defaultdict(list, a=1.0))[1]([2.0])
    assert rebuilt["missing"] == []
    assert rebuilt["a"] == 2.0


def test_arrays_keep_their_shape_and_untouched_ones_their_kind():
    array = np.array([[1, 2], [3, 4]])
    entries, rebuild = flatten(array)
    assert entries == [1, 2, 3, 4]
    assert rebuild(entries) is array
    assert rebuild([1.5, 2.5, 3.5, 4.5]).tolist() == [[1.5, 2.5], [3.5, 4.5]]
    assert rebuild([np.zeros(3)] * 4).shape == (2, 2, 3)
    assert rebuild([[0.0] * 3] * 4).shape == (2, 2, 3)
    assert rebuild([{"a": 1.0}] * 4).dtype == object
    assert flatten(np.zeros((0, 3)))[1]([]).shape == (0, 3)


@pytest.mark.parametrize("wrong", ["1", None, {1.0}, 1j, [1.0, "x"], iter([1.0]), object(), Line])
def test_a_point_of_anything_else_is_refused(wrong):
    with pytest.raises(TypeError, match="the point holds something else"):
        point_entries(wrong)


def test_dicts_are_brought_into_the_order_of_others():
    assert list(in_order_of({"b": 1, "a": 2}, {"a": 0, "b": 0})) == ["a", "b"]
    assert in_order_of([{"b": 1, "a": 2}], [{"a": 0, "b": 0}]) == [{"a": 2, "b": 1}]
    with pytest.raises(ValueError, match=r"has the keys \['a'\], and what it belongs to has \['b'\]"):
        in_order_of({"a": 1}, {"b": 0})
