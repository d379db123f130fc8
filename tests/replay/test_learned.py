"""What may be recorded, what is left to run as it is, and what becomes of errors on the way."""

import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from side_by_side import XS, World, compare, parameters

import autograd as ag
from autograd import Value, record


def test_a_recursive_function_calls_itself() -> None:
    w = Value(2.0)

    @record(params=[w], backend="python")
    def power(x: float, n: int) -> Any:
        return x * w if n == 0 else power(x, n - 1) * w

    for x in (1.0, 2.0, 3.0, 4.0, 5.0):
        w.grad = 0.0
        assert power(x, 2).data == 8 * x
        assert w.grad == 12 * x
    assert power.replays > 0


def test_an_error_while_recording_leaves_everything_as_it_was() -> None:
    w, fail = Value(2.0), SimpleNamespace(at=None)
    f = record(lambda x: w * x * (1 / (0 if fail.at == x else 1)), [w], backend="python")
    before = dict(vars(Value))
    for at in (1.0, 2.0):
        fail.at = at
        with pytest.raises(ZeroDivisionError):
            f(at)
        assert dict(vars(Value)) == before
        assert w.grad == 0.0
    fail.at = None
    assert [f(x).data for x in (1.0, 2.0, 3.0, 4.0, 5.0)] == [2.0, 4.0, 6.0, 8.0, 10.0]
    assert w.grad == 15.0
    assert f.replays > 0


async def later(x: float) -> float:
    return x


def several(x: float) -> Iterator[float]:
    yield x


async def later_several(x: float) -> AsyncIterator[float]:
    yield x


@pytest.mark.parametrize(
    ("function", "kind"), [(later, "async"), (several, "generator"), (later_several, "generator")]
)
def test_what_returns_no_loss_is_refused_at_once(function: Callable[..., Any], kind: str) -> None:
    with pytest.raises(TypeError, match=f"{function.__name__} is an? {kind} function"):
        record(function)


def test_a_method_is_recorded_bound_and_as_a_decorator() -> None:
    class Model:
        def __init__(self, start: float) -> None:
            self.w, self.scale = Value(start), 1.0

        def loss(self, x: float) -> Value:
            return self.w * x * self.scale

        @record(backend="python")
        def decorated(self, x: float) -> Value:
            return self.w * x * self.scale

    one, other = Model(2.0), Model(3.0)
    bound = record(one.loss, params=[one.w], backend="python")
    for x in (1.0, 2.0, 3.0, 4.0, 5.0):
        assert bound(x).data == one.decorated(x).data == 2.0 * x
        assert other.decorated(x).data == 3.0 * x
    assert (one.w.grad, other.w.grad) == (30.0, 15.0)
    one.scale = 2.0
    assert bound(1.0).data == one.decorated(1.0).data == 4.0
    assert bound.replays >= 1


def test_keywords_defaults_and_any_number_of_arguments() -> None:
    def make() -> World:
        w = parameters()

        def f(x: float, *rest: float, scale: float = 2.0, **more: float) -> Any:
            return w[0] * x * scale + ag.sum([w[1] * r for r in rest]) + more.get("shift", 0.0)

        return World(f, w, [(x, *[x] * (k % 2)) for k, x in enumerate(XS)])

    assert compare(make)[0] > 0
    w = Value(2.0)
    f = record(lambda x, *, scale=2.0, **more: w * x * scale + more.get("shift", 0.0), [w], backend="python")
    for k in range(6):
        assert f(1.0, scale=float(k)).data == 2.0 * k
        assert f(1.0, shift=float(k)).data == 4.0 + k
    assert f.replays > 0


def test_functions_made_in_a_loop_see_the_last_variable() -> None:
    w, made = Value(2.0), []
    for k in (1.0, 2.0, 3.0):
        made.append(record(lambda x: w * x * k, [w], backend="python"))  # noqa: B023 - the point
        assert [made[0](1.0).data for _ in range(5)] == [2.0 * k] * 5
    assert [f(1.0).data for f in made] == [6.0] * 3


@pytest.mark.parametrize(
    "edit",
    [
        lambda v: v.append(1.0),
        lambda v: v.sort(),
        lambda v: v.__setitem__(0, 9.0),
        lambda v: v.pop(),
        lambda v: v.reverse(),
    ],
)
def test_a_list_edited_in_place_is_the_callers(edit: Callable[[list[float]], Any]) -> None:
    def make() -> World:
        w = parameters()

        def f(v: list[float]) -> Any:
            edit(v)
            return ag.sum([w[i % 3] * x for i, x in enumerate(v)])

        return World(f, w, [([x, 0.2, -x],) for x in XS])

    replays, why = compare(make)
    assert replays == 0
    assert "changes an argument in place" in why


def test_an_array_and_a_dict_edited_in_place_are_the_callers() -> None:
    import numpy as np

    def make() -> World:
        w = parameters()

        def f(held: dict[str, Any], a: Any) -> Any:
            a[0] += 1.0
            return w[0] * held.pop("x") * a[0]

        return World(f, w, [({"x": x, "y": 1.0}, np.array([x, 2.0])) for x in XS])

    assert "changes an argument in place" in compare(make)[1]


def test_lists_that_are_one_and_lists_that_are_two_differ() -> None:
    def make() -> World:
        w = parameters()
        calls = []
        for k, x in enumerate(XS):
            one = [x]
            calls.append((one, one if k % 3 else [x]))
        return World(lambda a, b: w[0] * a[0] * (2 if a is b else 1), w, calls)

    assert compare(make)[0] > 0


def test_a_value_that_is_frozen_gets_no_gradient() -> None:
    def make() -> World:
        w = parameters()

        def freeze(k: int) -> None:
            w[0].requires_grad = k // 8 % 2 == 0

        return World(lambda x: w[0] * x + w[1], w, before=freeze)

    assert compare(make)[0] > 0


def test_arguments_that_are_values_are_themselves() -> None:
    def make() -> World:
        w = parameters()
        other, table = Value(1.5), {w[0]: 2.0, w[1]: 3.0}

        def f(v: Value) -> Any:
            return v * table.get(v, 4.0) * (2.0 if v is w[0] else 1.0) + (v in w) + w[2] * (id(v) == id(w[1]))

        return World(f, w, [((w[0], w[1], other, Value(float(k)))[k % 4],) for k in range(32)])

    assert compare(make)[0] > 0


def test_reading_or_writing_a_gradient_inside_is_told_with_its_line() -> None:
    w = Value(2.0)
    f = record(lambda x: w * x + w.grad, [w], backend="python")
    with pytest.warns(RuntimeWarning, match=r"it reads \.grad .*test_learned\.py:\d+"):
        f(1.0)
    f.function(1.0)
    assert f(1.0).data == 2.0 + 1.0


def test_objects_that_are_new_at_each_call_are_told_once_and_not_kept_for_ever() -> None:
    w = Value(2.0)
    f = record(lambda sample: w * sample.x, [w], backend="python")
    with pytest.warns(RuntimeWarning, match=r"always new objects \(SimpleNamespace\)") as said:
        found = [f(SimpleNamespace(x=float(k))).data for k in range(200)]
    assert found == [2.0 * k for k in range(200)]
    assert len(said) == 1


def test_texts_that_are_new_at_each_call_do_not_pile_up() -> None:
    w = Value(2.0)
    f = record(lambda text: w * len(text), [w], backend="python")
    for k in range(1500):
        f(str(k))
    assert len(f.learned.variants) <= 1025


@pytest.mark.parametrize(
    "made", [lambda w, x: (w * x for _ in range(2)), lambda w, x: SimpleNamespace(loss=w * x)]
)
def test_results_that_hold_more_than_numbers_are_made_by_the_function(made: Callable[..., Any]) -> None:
    w = Value(2.0)
    f = record(lambda x: made(w, x), [w], backend="python")
    with pytest.warns(RuntimeWarning, match=r"returns a|keeps what stands"):  # by Python's version
        results = [f.value(float(k)) for k in range(6)]
    assert len({id(result) for result in results}) == 6
    assert f.replays == 0


def test_named_tuples_come_back_as_themselves() -> None:
    from collections import namedtuple

    pair = namedtuple("pair", "loss size")
    w = Value(2.0)
    f = record(lambda x: pair(w * x, 3), [w], backend="python")
    results = [f.value(float(k)) for k in range(6)]
    assert [(r.loss.data, r.size, type(r)) for r in results] == [(2.0 * k, 3, pair) for k in range(6)]
    assert f.replays > 0


def test_each_call_runs_the_function_once_or_not_at_all() -> None:
    w, calls = Value(2.0), []
    f = record(lambda x: (calls.append(1), w * x)[1], [w], backend="python")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for k in range(10):
            f(float(k))
            assert len(calls) == k + 1


def test_too_many_ways_are_told_with_their_lines_and_with_what_to_write() -> None:
    table = [[Value(0.1 * i * k) for k in range(4)] for i in range(12)]

    def loss(token: int) -> Any:
        row = table[token]
        top = max(v.data for v in row)
        shares = [(v - top).exp() for v in row]
        return shares[0] / ag.sum(shares)

    f = record(loss, backend="python")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for k in range(48):
            assert f(k % 12).data == pytest.approx(loss(k % 12).data)
    (text,) = [str(w.message) for w in said]
    assert all(word in text for word in ("test_learned.py:", "autograd.pick(", "autograd.softmax("))


def test_an_array_is_indexed_by_an_int_of_numpy_as_outside() -> None:
    import numpy as np

    def make() -> World:
        w, table = parameters(), np.array([1.0, 2.0, 3.0])
        calls = [(kind(k % 3),) for k in range(16) for kind in (np.int64, np.uint8, int)]
        return World(lambda k: w[0] * table[k] + w[1], w, calls)

    assert compare(make)[0] > 0


def test_an_array_is_indexed_by_an_array_as_outside() -> None:
    import numpy as np

    def make() -> World:
        w, table = parameters(), np.array([1.0, 2.0, 3.0])
        return World(lambda k: w[0] * table[k].sum() + w[1], w, [(np.array([k % 3, 0]),) for k in range(12)])

    compare(make)
