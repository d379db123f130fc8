"""Plain runs: what recording cannot show is found by running the function as it is."""

import ctypes
from collections.abc import Callable
from typing import Any

import pytest
from side_by_side import XS, World, compare, moving, parameters

import autograd as ag
from autograd import ReplayMismatch, Value, record
from autograd.replay.capture.arithmetic import number_of
from autograd.replay.capture.variant import Variant
from autograd.replay.plain_run import near, scales


@pytest.mark.parametrize(
    "kind",
    [
        lambda x: type(x) is float,
        lambda x: type(x) == float,  # noqa: E721 - as people write it
        lambda x: type(x).__name__ == "float",
        lambda x: {float: True}.get(type(x), False),
        lambda x: x.__class__ is float,
        lambda x: isinstance(x, float),
    ],
)
def test_whoever_asks_for_the_type_gets_the_same_answer_from_the_first_call_on(
    kind: Callable[[Any], bool],
) -> None:
    def make() -> World:
        w = parameters()
        return World(lambda x: w[0] * (x if kind(x) else 5.0) if x > 0 else w[1] * kind(x), w)

    compare(make)


def test_a_warning_says_that_the_type_was_asked_and_what_to_write() -> None:
    w = Value(2.0)
    f = record(lambda x: w * (x if type(x) is float else 5.0), [w], backend="python")
    with pytest.warns(RuntimeWarning, match=r"isinstance\(x, \.\.\.\) can be recorded"):
        assert f(3.0).data == 6.0
    assert w.grad == 3.0


@pytest.mark.parametrize("kind", ["float64", "float32", "int64", "uint8"])
def test_numbers_of_numpy_keep_their_type(kind: str) -> None:
    import numpy as np

    def make() -> World:
        w = parameters()
        calls = [(getattr(np, kind)(abs(x)),) for x in XS]
        return World(lambda x: w[0] * float(x) + (1.0 if isinstance(x, np.generic) else 2.0), w, calls)

    compare(make)


def test_arrays_give_numbers_of_numpy() -> None:
    import numpy as np

    def make() -> World:
        w = parameters()
        return World(
            lambda a: w[0] * a[0] + w[1] * a[1] * isinstance(a[0], np.floating),
            w,
            [(np.array([x, 2.0]),) for x in XS],
        )

    assert compare(make)[0] > 0


def test_a_number_that_slipped_through_is_found_when_the_parameters_move() -> None:
    def make() -> World:
        w = parameters()
        return World(lambda x: w[0] * x * number_of(w[1]) + w[2], w, before=moving(w, since=8))

    assert "where the function itself gives" in compare(make)[1]


def test_an_error_that_only_a_stand_in_raises_is_no_error_of_the_call() -> None:
    w = Value(2.0)
    f = record(lambda x: w * abs(x * 1j), [w], backend="python")
    with pytest.warns(RuntimeWarning, match=r"recording it raised TypeError.*test_plain_run\.py:\d+"):
        assert f(3.0).data == 6.0
    assert w.grad == 3.0


def hidden(w: Value, u: Value) -> tuple[Any, Callable[[float, float], Value]]:
    """A function with a number in foreign memory, which no picture of its surroundings shows."""
    held = (ctypes.c_double * 1)(0.0)
    return held, lambda x, y: w * x - y + u * x * held[0]


# A difference found after numbers were served puts those in doubt, and a warning that goes by within a
# loop would leave them standing: so it is an error, which says since when.


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_a_check_stops_where_a_gradient_alone_has_changed(backend: str) -> None:
    w, u = Value(2.0), Value(0.0)
    held, function = hidden(w, u)
    f = record(function, [w, u], backend=backend, check_every=8, audit=False)
    for k in range(7):
        w.data += 0.5
        f(3.0 + k, 1.0)
    held[0], u.grad = 1.0, 0.0
    with pytest.raises(ReplayMismatch, match=r"has the gradients .* the function itself") as found:
        f(3.0, 1.0)
    assert (found.value.call, found.value.since, u.grad) == (8, 4, 0.0)
    assert f(3.0, 1.0).data == function(3.0, 1.0).data
    assert u.grad == 3.0  # from then on it runs as it is


@pytest.mark.parametrize("backend", ["python", "numpy", "numba"])
def test_a_check_of_batches_and_trainings_stops_too(backend: str) -> None:
    for name, settings in (("batch", {}), ("train", {"lr": 0.0})):
        w, u = Value(2.0), Value(0.0)
        held, function = hidden(w, u)
        f = record(function, [w, u], backend=backend, check_every=4, audit=False)
        columns = [[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]
        for _ in range(3):
            getattr(f, name)(*columns, **settings)
        held[0] = 1.0
        with pytest.raises(ReplayMismatch, match="has the gradients"):
            getattr(f, name)(*columns, **settings)


def test_without_an_audit_a_state_in_foreign_memory_goes_unseen_and_with_it_is_told() -> None:
    for audit in (False, True):
        w, u = Value(2.0), Value(1.0)
        held, function = hidden(w, u)
        f = record(function, [w, u], backend="python", audit=audit)
        for k in range(5):  # two recorded, the first two of the program are audits
            w.data += 1.0
            before = f(3.0, 1.0 + k).data
        assert f.replays == (1 if audit else 2)
        held[0] = 1.0
        if audit:  # in place of the program's fourth replay
            with pytest.raises(ReplayMismatch, match="all numbers since call 5 are in doubt"):
                f(3.0, 5.0)
        else:
            assert f(3.0, 5.0).data == before != function(3.0, 5.0).data


def recorded(function, w, *arguments) -> Variant:
    f = record(function, [w], backend="python")
    for _ in range(4):
        f(*arguments)
    return f.program.variant


def test_near_measures_by_the_largest_number():
    assert near([1.0, 1e-20, float("nan"), float("inf")], [1.0 + 1e-12, 0.0, float("nan"), float("inf")])
    assert not near([1.0], [1.0 + 1e-10])
    assert near([1.0], [1.0 + 1e-10], 100.0)
    assert not near([1.0], [float("nan")])
    assert not near([1.0], [1.0, 1.0])


@pytest.mark.parametrize("factor", [1e-6, 1.0, 1e6])
def test_at_the_very_minimum_a_rounding_of_the_terms_is_no_difference(factor):
    w = Value(factor / 7.0)
    variant = recorded(lambda x: (w * x - 3.0 * factor / 7.0) ** 2, w, 3.1)
    numbers = variant.numbers([3.0])
    rounding = (2e-16 * factor) ** 2
    assert near([0.0], [rounding], scales(variant, numbers)[0])
    assert not near([0.0], [(1e-9 * factor) ** 2], scales(variant, numbers)[0])
    numbers = variant.numbers([4.0])
    loss = variant.program.run(numbers)[variant.program.root]
    assert not near([loss], [loss * (1 + 1e-8)], scales(variant, numbers)[0])


def test_terms_that_cancel_to_their_last_digits_leave_room_for_these():
    w = Value(30.0)
    variant = recorded(lambda x: ag.softplus(w * x) - w * x, w, 1.1)
    loss, gradient = scales(variant, variant.numbers([1.1]))
    assert 66.0 < loss < 300.0  # both terms are 33, and one is computed from the other
    assert gradient == pytest.approx(2.2, rel=1e-6)  # and both slopes 1.1


def test_an_index_is_no_number_to_be_shaken():
    w = Value(2.0)
    variant = recorded(lambda k: w * ag.pick([1.0, 1e30], k), w, 1)
    assert scales(variant, variant.numbers([0.0]))[0] < 100.0
