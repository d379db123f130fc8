"""What a function stores while it is recorded is a number, the very one that it would have stored."""

import functools
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple

import pytest
from side_by_side import World, compare

from autograd import Value, record

Store = Callable[[float], Any]


class Holder:
    last: Any = None


class Slotted:
    __slots__ = ("last",)


class Pair(NamedTuple):
    x: Any
    y: int


def dict_item() -> tuple[Any, Callable[[float], Any], Callable[[], Any]]:
    held: dict[str, Any] = {}
    return held, lambda x: held.__setitem__("k", x), lambda: held["k"]


def dict_key() -> Any:
    held: dict[Any, Any] = OrderedDict(a=1)
    return held, lambda x: held.__setitem__(x, 1), lambda: [*held][-1]


def list_item() -> Any:
    held: list[Any] = []
    return held, held.append, lambda: held[-1]


def deque_item() -> Any:
    held: deque[Any] = deque()
    return held, held.append, lambda: held[-1]


def set_item() -> Any:
    held: set[Any] = set()
    return held, held.add, lambda: next(iter(held))


def tuple_item() -> Any:
    held: list[Any] = []
    return held, lambda x: held.append((1, (x, 2))), lambda: held[-1][1][0]


def named_tuple_item() -> Any:
    held: list[Any] = []
    return held, lambda x: held.append(Pair(x, 2)), lambda: held[-1].x


def attribute() -> Any:
    held = Holder()
    return held, lambda x: setattr(held, "last", x), lambda: held.last


def attribute_of_a_value() -> Any:
    held = Value(1.0)
    return held, lambda x: setattr(held, "last", x), lambda: held.last


def slot() -> Any:
    held = Slotted()
    return held, lambda x: setattr(held, "last", x), lambda: held.last


def class_attribute() -> Any:
    class Own:
        last: Any = None

    return Own, lambda x: setattr(Own, "last", x), lambda: Own.last


def default_of_a_function() -> Any:
    held: list[Any] = []

    def keep(x: Any) -> None:
        held.append(lambda x=x: x)

    return held, keep, lambda: float(held[-1]())


def cell_of_a_function() -> Any:
    held: list[Any] = []

    def keep(x: Any) -> None:
        held.append(lambda: x)

    return held, keep, lambda: float(held[-1]())


def captured_variable() -> Any:
    last: Any = None

    def keep(x: Any) -> None:
        nonlocal last
        last = x

    return keep, keep, lambda: last


def context_variable() -> Any:
    held: ContextVar[Any] = ContextVar("held", default=None)
    return held, held.set, held.get


def argument_of_an_error() -> Any:
    held: list[Any] = []
    return held, lambda x: held.append(ValueError(x)), lambda: held[-1].args[0]


PLACES = [dict_item, dict_key, list_item, deque_item, set_item, tuple_item, named_tuple_item, attribute,
          attribute_of_a_value, slot, class_attribute, default_of_a_function, cell_of_a_function,
          captured_variable, context_variable, argument_of_an_error]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("source", ["argument", "data", "item"])
@pytest.mark.filterwarnings("ignore:.*runs as it is")  # numbers are compared here
def test_what_is_stored_is_the_number(place: Callable[[], Any], source: str) -> None:
    _, keep, kept = place()
    w, v = Value(2.0), Value(0.5)

    def f(x: float) -> Any:
        keep({"argument": x, "data": v.data, "item": v.item()}[source] * 2)
        return w * x

    recorded = record(f, [w, v], backend="python")
    for k in range(4):
        v.data = 0.5 + k
        assert recorded(1.5 + k).data == 2.0 * (1.5 + k)
        if place is not set_item:
            assert type(kept()) is float
            assert kept() == (3.0 + 2 * k if source == "argument" else 1.0 + 2 * k)


@pytest.mark.parametrize("place", PLACES, ids=lambda f: f.__name__)
def test_what_is_stored_once_stays_what_it_was(place: Callable[[], Any]) -> None:
    def make() -> World:
        _, keep, kept = place()
        w, v, done = Value(2.0), Value(0.5), [False]

        def f(x: float) -> Any:
            if not done[0]:
                keep(v.data * 2)
                done[0] = True
            return w * x * kept()

        def move(k: int) -> None:
            if k >= 3:
                w.data = 2.0 + k
            if k >= 7:
                v.data = 0.5 + k

        return World(f, [w, v], before=move)

    compare(make)


def cached_model() -> Any:
    class Model:
        def __init__(self) -> None:
            self.w = Value(1.5)

        @functools.cached_property
        def square(self) -> float:
            return self.w.data**2

        @functools.lru_cache(maxsize=8)  # noqa: B019 - as people write it
        def scaled(self, k: float, *, by: float = 1.0) -> float:
            return self.w.data * k * by

        @functools.cache  # noqa: B019 - as people write it
        def plain(self) -> float:
            return self.w.data + 1.0

    return Model()


@pytest.mark.parametrize(
    "read",
    [
        lambda m, x: m.square,
        lambda m, x: m.scaled(2.0),
        lambda m, x: m.scaled(x - x + 2.0, by=3.0),
        lambda m, x: m.plain(),
    ],
)
def test_a_cached_number_is_kept_as_it_was(read: Callable[[Any, float], float]) -> None:
    models = []

    def make() -> World:
        model, b = cached_model(), Value(2.0)
        models.append(model)

        def move(k: int) -> None:
            if k >= 1:
                model.w.data = 7.0 + k
            if k >= 5:
                b.data = 1.0 + k

        return World(lambda x: b * x * read(model, x), [model.w, b], before=move)

    compare(make)
    assert {type(read(model, 0.5)) for model in models} == {float}


def test_where_a_number_is_kept_in_a_place_that_nobody_watches_the_function_is_left_alone() -> None:
    w, held = Value(2.0), []  # type: ignore[var-annotated]  # of numbers
    keep = held.append

    def f(x: float) -> Any:
        keep(x)
        return w * x

    recorded = record(f, [w], backend="python")
    with pytest.warns(RuntimeWarning, match="runs as it is"):
        [recorded(float(k)) for k in range(4)]
    assert held == [0.0, 1.0, 2.0, 3.0]
    assert {type(x) for x in held} == {float}


@pytest.mark.filterwarnings("ignore:.*runs as it is")  # numbers are compared here
def test_an_array_that_is_stored_is_an_array() -> None:
    import numpy as np

    w, held, kept = Value(2.0), {}, []  # type: ignore[var-annotated]  # arrays

    def f(a: Any) -> Any:
        held["a"] = a
        kept.append((a * 2, 1))
        return w * a[0]

    recorded = record(f, [w], backend="python")
    for k in range(4):
        assert recorded(np.array([1.0 + k, 2.0])).data == 2.0 * (1.0 + k)
        assert (type(held["a"]), type(kept[-1][0])) == (np.ndarray, np.ndarray)
        assert [*held["a"], *kept[-1][0]] == [1.0 + k, 2.0, 2.0 * (1.0 + k), 4.0]


def test_an_array_made_of_stand_ins_is_one_of_numbers() -> None:
    import numpy as np

    def make() -> World:
        w, b, cache = Value(2.0), Value(0.5), {}  # type: ignore[var-annotated]  # of arrays

        def f(x: float) -> Any:
            if not cache:
                cache["pair"] = [np.array([[b.data, 1.0], [x, 2.0]]), np.array([w, b.data])]
                cache["other"] = 1, (np.array([b.data, 3.0]),)
            numbers, mixed = cache["pair"]
            return w * x * numbers[0, 0] + mixed[1] * w * cache["other"][1][0][0]

        def check(k: int) -> None:
            b.data = 0.5 + k
            if cache:
                assert cache["pair"][0].dtype == float
                assert type(cache["pair"][1][1]) is float
                assert type(cache["other"][1][0][0]) in (float, np.float64)

        return World(f, [w, b], [(1.0 + k,) for k in range(9)], check)

    compare(make)


@pytest.mark.filterwarnings("ignore:.*runs as it is")  # numbers are compared here
def test_a_result_of_ones_own_kind_holds_numbers() -> None:
    w = Value(2.0)

    def f(x: float) -> Any:
        found = Holder()
        found.last = [w.data * 2, x]
        return found

    recorded = record(f, [w], backend="python")
    for k in range(4):
        assert [type(x) for x in recorded.value(1.0 + k).last] == [float, float]


def test_an_error_carries_numbers() -> None:
    w, held = Value(2.0), []  # type: ignore[var-annotated]  # of numbers

    def f(x: float) -> Any:
        held.append(w.data)
        raise ValueError(w.data * x, x)

    with pytest.raises(ValueError, match=r"\(6\.0, 3\.0\)") as caught:
        record(f, [w], backend="python")(3.0)
    assert [type(x) for x in (*caught.value.args, *held)] == [float] * 3


def test_what_holds_itself_holds_nothing_beyond_the_call() -> None:
    w = Value(2.0)

    def f(x: float) -> Any:
        def down(n: int) -> Any:
            return w * x if n == 0 else down(n - 1) * w.data

        return down(2)

    recorded = record(f, [w], backend="python")
    assert [recorded(1.0 + k).data for k in range(6)] == [8.0 * (1.0 + k) for k in range(6)]
    assert recorded.replays > 0


@pytest.mark.filterwarnings("ignore:.*runs as it is")  # numbers are compared here
def test_a_value_made_of_a_number_inside_is_a_leaf_of_its_own() -> None:
    w, held = Value(2.0), {}  # type: ignore[var-annotated]  # Values

    def f(x: float) -> Any:
        if "v" not in held:
            held["v"] = Value(w.data * 2)
        return w * held["v"] * x

    recorded = record(f, [w], backend="python")
    for k in range(8):
        w.data, w.grad = 2.0 + k, 0.0
        assert recorded(1.0).data == (2.0 + k) * 4.0
        assert (w.grad, held["v"].parents) == (4.0, ())
    assert held["v"].grad == sum(2.0 + k for k in range(8))


def work_in_thread(call: Callable[[], Any]) -> None:
    thread = threading.Thread(target=call)
    thread.start()
    thread.join(10)


def work_in_executor(call: Callable[[], Any]) -> None:
    EXECUTOR.submit(call).result(10)


def work_in_context(call: Callable[[], Any]) -> None:
    import contextvars

    contextvars.Context().run(call)


def work_in_event_loop(call: Callable[[], Any]) -> None:
    import asyncio

    async def run() -> None:
        call()

    asyncio.run(run())


from concurrent.futures import ThreadPoolExecutor  # noqa: E402 - beside its only use

EXECUTOR = ThreadPoolExecutor(1)
EXECUTOR.submit(int).result(10)


@pytest.mark.parametrize("work", [work_in_thread, work_in_executor, work_in_context, work_in_event_loop])
def test_what_is_read_elsewhere_is_read_anew(work: Callable[..., None]) -> None:
    def make() -> World:
        w, v = Value(2.0), Value(0.5)

        def f(x: float) -> Any:
            found: list[Any] = []
            work(lambda: found.append(v.data * 2 + (1.0 if v > 3.0 else 0.0) + x))
            return w * x * found[0]

        def move(k: int) -> None:
            if k >= 3:
                w.data = 2.0 + k
            if k >= 7:
                v.data = 0.5 + k / 4

        return World(f, [w, v], before=move)

    replays, why = compare(make)
    assert (replays > 0) == (work is work_in_context), why
