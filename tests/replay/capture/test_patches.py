"""Whatever tells the number of a Value is read like `.data`, and the class is whole after every recording."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from interrupts import interrupted_at, moments_in
from side_by_side import World, compare

from autograd import Value, modes, record
from autograd.replay.capture import patches
from autograd.replay.capture.recording import recording
from autograd.replay.this_thread import HERE


@dataclasses.dataclass
class Held:
    v: Value


READINGS: dict[str, Callable[[Value], Any]] = {
    "repr": lambda v: -1.0 if "-" in repr(v).split(",")[0] else 1.0,
    "str": lambda v: -1.0 if "-" in str(v).split(",")[0] else 1.0,
    "text": lambda v: -1.0 if "-" in f"{v}".split(",")[0] else 1.0,
    "format": lambda v: float(f"{v:.3f}"),
    "copy": copy.copy,
    "copy of a result": lambda v: copy.copy(v * 2),
    "number of a copy": lambda v: copy.copy(v).data,
    "deep copy": copy.deepcopy,
    "deep copy of a list": lambda v: copy.deepcopy([v, v])[1],
    "deep copy of a result": lambda v: copy.deepcopy(v * 2),
    "pickle": lambda v: pickle.loads(pickle.dumps(v)),
    "asdict": lambda v: dataclasses.asdict(Held(v))["v"],
    "astuple": lambda v: dataclasses.astuple(Held(v))[0].data,
    "a_data": lambda v: (v * 1.0).a_data,
    "b_data": lambda v: (1.0 * v).b_data,
    "a_data by text": lambda v: getattr(v * 1.0, "a_data"),  # noqa: B009 - as some write it
    "numbers": lambda v: (v * 1.0).numbers[0],
    "local derivatives": lambda v: (v * v).local_derivatives[0](),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_number_is_followed_however_it_is_read(name: str) -> None:
    def make() -> World:
        a, b = Value(2.0), Value(3.0)

        def move(k: int) -> None:
            if k >= 3:
                a.data = 2.0 + k
            if k >= 8:
                b.data = -3.0 + k

        return World(lambda x: a * x * READINGS[name](b) + b, [a, b], before=move)

    compare(make)


@pytest.mark.parametrize("name", ["copy", "deep copy", "asdict", "format", "copy of a result"])
def test_copies_of_leaves_are_replayed(name: str) -> None:
    a, b = Value(2.0), Value(3.0)
    f = record(lambda x: a * x * READINGS[name](b), [a, b], backend="python")
    assert [f(1.0).data for _ in range(6)] == [2.0 * (6.0 if "result" in name else 3.0)] * 6
    assert f.replays > 0


def test_a_deep_copy_keeps_what_is_one_one() -> None:
    w = Value(2.0)

    def f(x: float) -> Any:
        one, other = copy.deepcopy([w, w])
        return w * x * (one if one is other else 0.0)

    recorded = record(f, [w], backend="python")
    assert [recorded(1.0).data for _ in range(6)] == [4.0] * 6
    assert recorded.replays > 0


def test_no_attribute_of_a_value_tells_its_number_unseen() -> None:
    quiet = {"backward", "zero_grad"}  # no readings; told with their line
    for name in sorted(set(dir(Value)) - quiet):
        if name.startswith("__") and name not in ("__abs__", "__neg__", "__float__", "__int__", "__bool__"):
            continue
        try:
            getattr(Value(2.0) * 1.0, name)
        except AttributeError:
            continue  # a name of other libraries, of which an error says what to write: it tells no number

        def read(v: Value, name: str = name) -> Any:
            found = getattr(v * 1.0, name)
            try:
                found = found() if callable(found) else found
            except TypeError:
                return 1.0
            if isinstance(found, tuple):
                found = found[0] if found else 1.0
                found = found() if callable(found) else found
            return found if isinstance(found, (Value, int, float)) else 1.0

        def make(read: Callable[[Value], Any] = read) -> World:
            a, b = Value(2.0), Value(3.0)

            def move(k: int) -> None:
                a.data = 2.0 + max(k - 3, 0)
                b.data = 3.0 + max(k - 8, 0)

            return World(lambda x: a * read(b) + b * x, [a, b], [(0.5 + 0.1 * k,) for k in range(14)], move)

        compare(make, audit=False)


def test_a_recording_takes_no_name_that_a_node_may_be_given() -> None:
    before = dir(Value)
    with recording():
        added = set(dir(Value)).difference(before)
    assert added
    assert all(name.startswith("_") for name in added)
    w = Value(2.0)

    def labelled(x: Any) -> Any:
        y = w * x
        y.number = y.slope = 7.0
        return y * y

    f = record(labelled, [w], backend="python")
    assert [f(x).data for x in (1.0, 2.0, 3.0, 4.0)] == [4.0, 16.0, 36.0, 64.0]


def test_a_gradient_that_the_library_sets_costs_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(patches, "say", lambda key, **_: said.append(key) or key)
    w = Value(2.0)
    with recording({"grad"}):
        (w * 3.0 - w).tanh()
        assert not said
        w.grad = 1.0
        assert said == ["runs_assigns"]


def test_an_interrupt_at_any_moment_of_a_recording_leaves_the_class_whole() -> None:
    whole = dict(vars(Value))

    def recorded() -> Any:
        w = Value(2.0)
        return record(lambda x: (w * x).tanh() if w > x else w * w.data, [w], backend="python")

    def twice() -> None:
        f = recorded()
        f(1.0)
        f(1.5)

    count = max(moments_in(twice) for _ in range(2))
    for moment in range(count):
        with suppress(KeyboardInterrupt), interrupted_at(moment):
            twice()
        assert dict(vars(Value)) == whole
        assert (HERE.run, HERE.body, modes.watching, modes.watchers) == (None, False, 0, set())
    f = recorded()
    assert [round(f(x).data, 6) for x in (0.0, 3.0, 0.0, 3.0)] == [0.0, 4.0, 0.0, 4.0]


def test_a_recorded_function_says_what_to_send_in_its_place() -> None:
    w = Value(2.0)
    f = record(lambda x: w * x, [w], backend="python")
    for send in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"neither pickled nor copied.*recorded\.function"):
            send(f)
