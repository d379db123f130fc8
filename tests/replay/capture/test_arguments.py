"""Arguments of a recorded function."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from side_by_side import World, compare, parameters

from autograd import Value, record


def test_integers_beyond_the_floats_keep_their_digits() -> None:
    w = Value(1.0)
    f = record(lambda k: w * (k % 7), [w], backend="python")
    for k in (2**53, 2**53 + 1, 2**53 + 3, 10**400, 10**400 + 1, 5, 6):
        assert f(k).data == k % 7


@pytest.mark.parametrize("array", [False, True])
def test_integers_beyond_the_floats_keep_their_digits_in_a_batch(array: bool) -> None:
    w = Value(1.0)
    f = record(lambda k: w * (k % 7), [w], backend="python")
    for ks in ([2**53 + 1, 2**53 + 3, 2**60 + 1, 5], [5, 2**53 + 1, 2**53 + 3, 2**60 + 1]):
        for _ in range(2):
            assert f.batch(np.array(ks) if array else ks, reduction="sum").data == sum(k % 7 for k in ks)


def test_an_integer_beyond_the_largest_float_stands_in_a_batch() -> None:
    w, ks = Value(1.0), [3, 10**400, 10**400 + 1]
    f = record(lambda k: w * (k % 7), [w], backend="python")
    assert f.batch(ks, reduction="sum").data == sum(k % 7 for k in ks)


def in_order(**given: float) -> float:
    total = 0.0
    for x in given.values():
        total = total * 2 + x
    return total


@pytest.mark.parametrize(
    ("read", "one", "other"),
    [
        (lambda k: in_order(**k), {"a": 3.0, "b": 2.0}, {"b": 2.0, "a": 3.0}),
        (lambda k: 10.0 if isinstance(next(iter(k)), bool) else 1.0, {1: 2.0}, {True: 2.0}),
        (lambda k: 10.0 if isinstance(next(iter(k)), float) else 1.0, {1: 2.0}, {1.0: 2.0}),
        (lambda k: 10.0 if isinstance(next(iter(k))[0], bool) else 1.0, {(1, 2): 2.0}, {(True, 2): 2.0}),
        (lambda k: str(next(iter(k))).count("-") + 1.0, {0.0: 2.0}, {-0.0: 2.0}),
    ],
)
def test_dicts_that_python_calls_equal_are_two_kinds_of_arguments(
    read: Callable[[Any], float], one: Any, other: Any
) -> None:
    def make() -> World:
        w = parameters()
        return World(lambda k: w[0] * read(k), w, [(dict(one),), (dict(other),)] * 12)

    assert compare(make)[0] > 0


def test_keywords_in_another_order_are_another_kind_of_arguments() -> None:
    w = Value(2.0)
    f = record(lambda **given: w * in_order(**given), [w], backend="python")
    for _ in range(6):
        assert f(a=3.0, b=2.0).data == 16.0
        assert f(b=2.0, a=3.0).data == 14.0
    assert f.replays > 0


def test_arrays_that_are_one_and_arrays_that_are_two_differ() -> None:
    def make() -> World:
        w = parameters()
        one, other = np.array([1.0, 2.0]), np.array([1.0, 2.0])
        calls = [(one, one if k % 3 else other) for k in range(24)]
        return World(lambda a, b: w[0] * a[0] * (2 if a is b else 1), w, calls)

    assert compare(make)[0] > 0


def test_an_array_of_no_dimensions_is_an_array() -> None:
    def make() -> World:
        w = parameters()
        calls = [(np.array(1.0 + k) if k % 2 else np.float64(1.0 + k),) for k in range(16)]
        return World(lambda a: w[0] * float(a) * (2.0 if isinstance(a, np.ndarray) else 1.0), w, calls)

    compare(make)


def test_values_as_keys_of_a_dict_are_known_by_identity() -> None:
    w, v = Value(2.0), Value(3.0)
    f = record(lambda table: w * table.get(w, 1.0), [w], backend="python")
    for _ in range(6):
        assert f({w: 5.0}).data == 10.0
        assert f({v: 5.0}).data == 2.0
    assert f.replays > 0


def same_as_global_list(w: Any, known: Any) -> Callable[..., Any]:
    return lambda x: w[0] * x[0] * (5.0 if x is known else 1.0)


def same_by_id(w: Any, known: Any) -> Callable[..., Any]:
    return lambda x: w[0] * x[0] * (5.0 if id(x) == id(known) else 1.0)


@pytest.mark.parametrize("first", [True, False], ids=["itself first", "a copy first"])
@pytest.mark.parametrize("kind", ["list", "dict", "array"])
@pytest.mark.parametrize("ask", [same_as_global_list, same_by_id])
def test_an_argument_that_is_what_the_function_reads_is_not_a_copy_of_it(
    ask: Callable[..., Any], kind: str, first: bool
) -> None:
    known: Any = [1.0, 2.0] if kind == "list" else {0: 1.0}
    if kind == "array":
        known = np.array([1.0, 2.0])

    def make() -> World:
        w = parameters()
        held = known.copy()
        calls = [(held,), (held.copy(),)] if first else [(held.copy(),), (held,)]
        return World(ask(w, held), w, calls * 6)

    replays, why = compare(make, audit=False)
    assert replays > 0 or "by `is` or id(x)" in why


def test_rows_of_data_that_an_object_holds_are_replayed() -> None:
    class Fit:
        def __init__(self) -> None:
            self.w, self.rows = Value(2.0), [[1.0 * i, 2.0] for i in range(12)]
            self.mode = self.usual = object()

        def loss(self, row: list[float]) -> Any:
            return self.w * row[0] if self.mode is self.usual else self.w

    fit = Fit()
    f = record(fit.loss, [fit.w], backend="python")
    for row in fit.rows:
        assert f(row).data == 2.0 * row[0]
    assert f.replays > 3


@pytest.mark.parametrize(
    "read",
    [
        lambda x, _: 5.0 if x.flags.writeable else 1.0,
        lambda x, _: 5.0 if x.flags["C_CONTIGUOUS"] else 1.0,
        lambda x, _: x.strides[0],
        lambda x, _: 5.0 if x.base is None else 1.0,
        lambda x, _: x.ravel("K")[1] + x.flatten(order="A")[2],
        lambda x, y: 5.0 if np.shares_memory(x, y) else 1.0,
        lambda x, y: 5.0 if np.may_share_memory(x, y) else 1.0,
    ],
)
def test_how_an_array_lies_in_memory_is_asked_of_the_array_itself(read: Callable[[Any, Any], Any]) -> None:

    def make() -> World:
        w, calls = parameters(), []
        for i in range(12):
            one = np.array([[1.0, 2.0], [3.0, 4.0 + i]])
            one = np.asfortranarray(one) if i % 3 == 1 else one
            one.flags.writeable = i % 4 != 3
            calls.append((one, one[:1] if i % 2 else one.copy()))
        return World(lambda x, y: w[0] * x[0, 1] * read(x, y), w, calls)

    compare(make, audit=False)


class Scaled(Value):
    """A Value with a factor of its own."""

    __slots__ = ("factor",)


def test_the_slots_of_a_class_of_values_are_looked_at() -> None:
    w, x = Scaled(2.0), Scaled(3.0)
    w.factor = x.factor = 1.0
    f = record(lambda x: w * w.factor * x * x.factor, [w], backend="python", audit=False)
    assert [f(x).data for _ in range(5)] == [6.0] * 5
    x.factor = 10.0
    assert [f(x).data for _ in range(5)] == [60.0] * 5
    w.factor = 7.0
    assert [f(x).data for _ in range(5)] == [420.0] * 5
    assert f.replays > 0
