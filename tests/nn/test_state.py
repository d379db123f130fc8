import itertools
import json
import math
import random
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction

import numpy as np
import pytest

import nn
from autograd import Value
from nn import optim, progress, schedules
from nn.looking import film
from nn.state import has_state, load_state_of, packed, settings_of, state_of, unpacked

DATA = [
    None, True, 3, -0.0, 0.1 + 0.2, 5e-324, math.inf, math.nan, 10**40, "text", "é", b"\x00\xff",
    [], [1, [2.0]], (1, (2, "x")), {"a": 1, "b": [2]}, {1: "x", (2, 3): None}, {"$tuple": 1}, {"": 1},
    {1, 2}, frozenset([3]), deque([1, 2], maxlen=3), deque(),
    np.float64(0.1), np.float32(0.1), np.int64(2**60), np.bool_(True), np.array([[1.5, -0.0]]),
    np.array([], int), np.array(7), np.array(["ab", "c"]), np.array([1 + 2j]), np.zeros((0, 3), np.float32),
]  # fmt: skip


class Colour(Enum):
    RED, BLUE = 1, 2


class Level(IntEnum):
    LOW, HIGH = 1, 2


Point = namedtuple("Point", "x y")
DATA += [
    Colour.BLUE, Level.HIGH, Point(1, (2.0, None)), [Point(Colour.RED, {})], {Colour.RED: 1}, {1, "a"},
    1 + 2j, Fraction(1, 3), Decimal("0.10"),
]  # fmt: skip


@pytest.mark.parametrize("x", DATA)
def test_data_come_back_from_json_bit_for_bit(x):
    back = unpacked(json.loads(json.dumps(packed(x))))
    assert repr(back) == repr(x)
    assert type(back) is type(x)
    if hasattr(x, "dtype"):
        assert back.dtype == x.dtype
        assert back.tobytes() == x.tobytes()


@pytest.mark.parametrize("x", [object(), print, Value(1.0), [1, object()], {"a": nn}, np.array([object()])])
def test_what_is_no_data_is_refused_by_name(x):
    with pytest.raises(TypeError, match=r"the state of counter holds a \w+, which a checkpoint cannot"):
        packed(x, "counter")


class Inner:
    def __init__(self):
        self.total, self.owner = 0.0, None


class Thing:
    def __init__(self, size=3, name="thing", function=print, shape=(1, 2), data=()):
        self.size, self.name, self.function, self.shape = size, name, function, shape
        self.seen, self.table, self.inner, self.leaf = [], {}, Inner(), Value(1.0)
        self.best, self.parts, self.data = None, [Inner()], list(data)


def test_a_state_holds_data_and_objects_of_ones_own_and_no_functions():
    thing = Thing()
    thing.inner.owner = thing  # a cycle is no data
    state = state_of(thing)
    assert "function" not in state
    assert state["inner"] == {"state_of": "Inner", "state": {"total": 0.0}}
    assert state["leaf"] == {"state_of": "Value", "state": 1.0}


def test_a_state_is_a_copy_and_is_put_back_in_place():
    thing, other = Thing(), Thing()
    thing.seen.append([1])
    thing.table["a"] = (1, 2)
    thing.inner.total = thing.parts[0].total = 5.0
    thing.leaf.data, thing.best = 7.0, np.float64(2.0)
    state = unpacked(json.loads(json.dumps(packed(state_of(thing)))))
    thing.seen[0].append(2)
    seen, table, inner, leaf = other.seen, other.table, other.inner, other.leaf
    load_state_of(other, state)
    assert (other.seen, other.table, other.best) == ([[1]], {"a": (1, 2)}, 2.0)
    assert other.seen is seen
    assert other.table is table
    assert other.inner is inner
    assert other.leaf is leaf
    assert (inner.total, other.parts[0].total, leaf.data) == (5.0, 5.0, 7.0)


def test_an_object_that_is_not_there_is_named():
    thing, other = Thing(), Thing()
    other.inner = None
    with pytest.raises(ValueError, match=r"Thing.inner was a Inner .* and is NoneType now"):
        load_state_of(other, state_of(thing))


def test_settings_are_the_numbers_and_words_that_an_object_was_made_with():
    assert settings_of(Thing(4)) == {"size": 4, "name": "thing", "shape": (1, 2)}
    rate = nn.LearningRate(print, monitor="loss")
    rate.schedule = schedules.StepLR(optim.SGD([Value(1.0)]), 5)
    assert settings_of(rate) == {
        "monitor": "loss", "per": "epoch", "schedule.step_size": 5, "schedule.gamma": 0.1,
        "schedule.last_epoch": 0,
    }  # fmt: skip


def test_every_callback_schedule_and_optimizer_says_its_state():
    kinds = [
        x
        for room in (nn.callbacks, nn.checkpoint, nn.schedules, nn.optim, progress, film)
        for x in vars(room).values()
        if isinstance(x, type) and issubclass(x, (nn.Callback, schedules.Schedule, nn.Optimizer))
    ]
    assert len(kinds) > 15
    assert all(map(has_state, [kind.__new__(kind) for kind in kinds]))


def test_dicts_of_other_kinds_stay_what_they_are():
    class Holder:
        def __init__(self):
            self.counts, self.lists, self.order = Counter(), defaultdict(list), OrderedDict()

    first, second = Holder(), Holder()
    first.counts["a"] += 2
    first.lists["b"].append(1.0)
    first.order["c"] = (1, 2)
    load_state_of(second, unpacked(json.loads(json.dumps(packed(state_of(first))))))
    assert (second.counts, second.lists, second.order) == (first.counts, first.lists, first.order)
    second.lists["new"].append(1)
    assert second.counts["new"] == 0


def test_a_member_of_an_enum_is_replaced_and_never_changed():
    first, second = Thing(), Thing()
    first.mode, second.mode = Colour.BLUE, Colour.RED
    load_state_of(second, unpacked(packed(state_of(first))))
    assert second.mode is Colour.BLUE
    assert (Colour.RED.value, Colour.RED.name) == (1, "RED")


@pytest.mark.parametrize("make", [lambda: iter([1]), lambda: (x for x in [1]), itertools.count])
def test_an_iterator_is_refused_by_name(make):
    thing = Thing()
    thing.stream = make()
    with pytest.raises(TypeError, match="the state of Thing holds a"):
        state_of(thing)


def test_a_class_that_the_program_has_not_is_refused():
    for text in ('{"$enum": ["os", "system", "x"]}', '{"$named": ["builtins", "tuple", [1]]}'):
        with pytest.raises(ValueError, match=r"a state needs the class (os|builtins)"):
            unpacked(json.loads(text))


def test_what_a_library_holds_is_left_alone(tmp_path):
    class Holder:
        def __init__(self):
            self.random, self.file = random.Random(1), (tmp_path / "log").open("w")

    holder = Holder()
    assert state_of(holder) == {}
    holder.file.close()
