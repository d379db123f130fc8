"""What hangs on Values, objects and classes of one's own is read anew; nothing is kept alive."""

import gc
import weakref
from collections import UserDict
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from side_by_side import XS, World, compare, parameters

import autograd as ag
from autograd import Value, record

Reader = Callable[[], float]
Setter = Callable[[float], Any]
RATE = 1.0


class Parameter(Value):
    rate = 1.0

    def scaled(self) -> Any:
        return self * RATE

    def by_class(self) -> Any:
        return self * self.rate


class Pair(NamedTuple):
    x: float

    def scaled(self) -> float:
        return self.x * RATE


class Row(tuple):
    rate = 1.0

    def scaled(self) -> float:
        return RATE


class Items(list):
    def __getitem__(self, i: Any) -> Any:
        return list.__getitem__(self, i) * RATE


class Table(dict):
    def __missing__(self, name: str) -> float:
        return RATE


class Number(float):
    rate = 1.0

    def scaled(self) -> float:
        return RATE


class Whole(int):
    def scaled(self) -> float:
        return RATE


class Base:
    rate = 1.0


class Derived(Base):
    pass


def global_rate(read: Reader) -> tuple[Reader, Setter]:
    return read, lambda x: globals().update(RATE=x)


def on(holder: Any, name: str = "rate") -> Setter:
    return lambda x: setattr(holder, name, x)


def in_attribute_of_a_value() -> tuple[Reader, Setter]:
    v = Value(1.0)
    v.rate = 1.0
    return lambda: v.rate, on(v)


def in_list_on_a_value() -> tuple[Reader, Setter]:
    v = Value(1.0)
    v.rates = [1.0]
    return lambda: v.rates[0], lambda x: v.rates.__setitem__(0, x)


def in_attribute_that_a_value_gets_later() -> tuple[Reader, Setter]:
    v = Value(1.0)
    return lambda: getattr(v, "rate", 1.0), lambda x: x != 1.0 and setattr(v, "rate", x)


def in_attribute_whose_absence_is_caught() -> tuple[Reader, Setter]:
    v = Value(1.0)

    def read() -> float:
        try:
            return float(v.rate)
        except AttributeError:
            return 1.0

    return read, lambda x: x != 1.0 and setattr(v, "rate", x)


def in_label() -> tuple[Reader, Setter]:
    v = Value(1.0)
    return lambda: 1.0 + len(v.label), lambda x: x != 1.0 and setattr(v, "label", "x" * int(x))


def in_scope() -> tuple[Reader, Setter]:
    v = Value(1.0)
    return lambda: 1.0 + len(v.scope), lambda x: setattr(v, "scope", ("x",) * int(x))


def in_all_that_a_value_has() -> tuple[Reader, Setter]:
    v = Value(1.0)
    return lambda: float(sum(vars(v).values())), on(v)


def in_class_of_a_tuple() -> tuple[Reader, Setter]:
    row = Row((1.0, 2.0))
    return lambda: row.rate, on(Row)


def in_tuple() -> tuple[Reader, Setter]:
    row = Row((1.0, 2.0))
    return lambda: row.rate, on(row)


def in_float() -> tuple[Reader, Setter]:
    number = Number(2.0)
    return lambda: number.rate, on(number)


def in_subclass_that_overrides_later() -> tuple[Reader, Setter]:
    return lambda: Derived.rate, on(Derived)


def in_subclass_of_an_object() -> tuple[Reader, Setter]:
    one = Derived()
    return lambda: one.rate, on(Derived)


def in_special_method_exchanged_later() -> tuple[Reader, Setter]:
    class Called:
        def __call__(self) -> float:
            return 1.0

    versions = {1.0: Called.__call__, 2.0: lambda _: 2.0, 3.0: lambda _: 3.0}
    return Called(), lambda x: setattr(Called, "__call__", versions[x])


def in_closure_of_a_wrapper_named_like_the_library() -> tuple[Reader, Setter]:
    held = [1.0]

    def scaled(x: Any) -> Any:
        return ag.tanh(x) * held[0]

    scaled.__module__ = ag.tanh.__class__.__module__
    return lambda: float(scaled(0.5)), lambda x: held.__setitem__(0, x)


def in_thing_behind_a_weak_reference_alone() -> tuple[Reader, Setter]:
    one = Base()
    seen = weakref.ref(one)
    return lambda: seen().rate, lambda x, one=one: setattr(one, "rate", x)


def in_function_behind_a_weak_reference() -> tuple[Reader, Setter]:
    def one(rate: float = 1.0) -> float:
        return rate

    seen = weakref.ref(one)
    return lambda: float(seen()()), lambda x, one=one: setattr(one, "__defaults__", (x,))


def in_set_behind_a_weak_reference() -> tuple[Reader, Setter]:
    one = {1.0}
    seen = weakref.ref(one)
    return lambda: max(seen()), lambda x, one=one: one.add(x)


def in_proxy() -> tuple[Reader, Setter]:
    one = Base()
    proxy = weakref.proxy(one)
    return lambda: proxy.rate, lambda x, one=one: setattr(one, "rate", x)


def in_dict_of_ones_own_kind() -> tuple[Reader, Setter]:
    held = UserDict({"rate": 1.0})
    return lambda: held["rate"], lambda x: held.update(rate=x)


HOLDERS: dict[str, Callable[[], tuple[Reader, Setter]]] = {
    name[3:].replace("_", " "): found for name, found in dict(globals()).items() if name.startswith("in_")
}
PAIR, ROW, ITEMS, TABLE = Pair(1.0), Row((1.0,)), Items([1.0]), Table()
NUMBER, WHOLE, PARAMETER = Number(1.0), Whole(1), Parameter(1.0)
HOLDERS |= {
    "method of a named tuple": lambda: global_rate(lambda: 1.0 * PAIR.scaled()),
    "method of a tuple": lambda: global_rate(lambda: 1.0 * ROW.scaled()),
    "items of a list": lambda: global_rate(lambda: ITEMS[0]),
    "missing items of a dict": lambda: global_rate(lambda: TABLE["rate"]),
    "method of a float": lambda: global_rate(lambda: 1.0 * NUMBER.scaled()),
    "method of an int": lambda: global_rate(lambda: 1.0 * WHOLE.scaled()),
    "method of a class of Values": lambda: global_rate(lambda: PARAMETER.scaled().data),
    "class of Values": lambda: (lambda: PARAMETER.by_class().data, on(Parameter)),
}  # fmt: skip


@pytest.fixture(autouse=True)
def as_before() -> Any:
    yield
    globals()["RATE"] = 1.0
    for kind in (Parameter, Row, Base):
        kind.rate = 1.0
    if "rate" in vars(Derived):
        del Derived.rate


@pytest.mark.parametrize("name", HOLDERS)
def test_a_rate_is_read_anew_whatever_it_hangs_on(name: str) -> None:
    def make() -> World:
        as_they_were()
        w = parameters()
        read, write = HOLDERS[name]()
        write(1.0)
        return World(lambda x: w[0] * x * read(), w, before=lambda k: write(1.0 + k // 6))

    def as_they_were() -> None:
        globals()["RATE"] = 1.0
        if "rate" in vars(Derived):
            del Derived.rate

    replays, why = compare(make)
    assert replays > 0, why


ARGUMENTS: dict[str, tuple[Callable[[float], Any], Callable[[Any, float], Any], Callable[[Any], Any]]] = {
    "attribute": (Value, lambda v, x: setattr(v, "rate", x), lambda v: v * v.rate),
    "label": (Value, lambda v, x: setattr(v, "label", "x" * int(x)), lambda v: v * len(v.label)),
    "label by text": (
        Value,
        lambda v, x: setattr(v, "label", "x" * int(x)),
        lambda v: v * len(v.label),
    ),
    "scope": (Value, lambda v, x: setattr(v, "scope", ("x",) * int(x)), lambda v: v * len(v.scope)),
    "method": (Parameter, lambda _, x: globals().update(RATE=x), lambda v: v.scaled()),
    "class": (Parameter, lambda _, x: setattr(Parameter, "rate", x), lambda v: v.by_class()),
    "named tuple": (Pair, lambda _, x: globals().update(RATE=x), lambda p: p.scaled()),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_rate_is_read_anew_whatever_argument_it_hangs_on(name: str) -> None:
    kind, write, read = ARGUMENTS[name]

    def make() -> World:
        w = parameters()
        calls = [(kind(x),) for x in XS]
        return World(lambda v: w[0] * read(v), w, calls, lambda k: write(calls[k][0], 1.0 + k // 6))

    assert compare(make)[0] > 0


def test_a_name_of_a_builtin_that_a_notebook_defines_later_is_noticed() -> None:
    space: dict[str, Any] = {"__name__": "notebook", "w": Value(2.0)}
    exec("def f(x): return w * max(x, 1.0)", space)  # noqa: S102 - a notebook's cell
    f = record(space["f"], [space["w"]], backend="python")
    assert [f(3.0).data for _ in range(5)] == [6.0] * 5
    space["max"] = lambda a, b: 10 * a + b
    assert [f(3.0).data for _ in range(5)] == [62.0] * 5
    assert f.replays > 0


def test_a_weak_reference_dies_as_it_would_without_a_recording() -> None:
    w, one = Value(2.0), Base()
    seen = weakref.ref(one)
    f = record(lambda x: w * x * (9.0 if seen() is None else 1.0), [w], backend="python")
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5
    assert f.replays > 0
    del one
    assert seen() is None
    assert [f(1.0).data for _ in range(5)] == [18.0] * 5


def test_a_weak_set_and_a_weak_dictionary_lose_what_nobody_holds() -> None:
    w, one = Value(2.0), Base()
    kept, named = weakref.WeakSet([one]), weakref.WeakValueDictionary(one=one)
    f = record(lambda x: w * x * (1 + len(kept) + len(named)), [w], backend="python")
    assert [f(1.0).data for _ in range(5)] == [6.0] * 5
    del one
    gc.collect()
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5


def test_a_finalizer_and_a_weak_method_tell_that_their_object_is_gone() -> None:
    class Own:
        def rate(self) -> float:
            return 1.0

    w, one = Value(2.0), Own()
    end, method = weakref.finalize(one, int), weakref.WeakMethod(one.rate)
    f = record(lambda x: w * x * (1 + end.alive + (method() is not None)), [w], backend="python")
    assert [f(1.0).data for _ in range(5)] == [6.0] * 5
    del one
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5


def test_a_proxy_whose_object_is_gone_raises_in_the_recorded_function_too() -> None:
    w, one = Value(2.0), Base()
    proxy = weakref.proxy(one)
    f = record(lambda x: w * x * proxy.rate, [w], backend="python")
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5
    del one
    with pytest.raises(ReferenceError):
        f(1.0)


def test_a_weak_reference_to_a_value_leaves_the_function_alone() -> None:
    w, v = Value(2.0), Value(3.0)
    seen = weakref.ref(v)
    f = record(lambda x: w * x * (seen() or 1.0), [w], backend="python")
    with pytest.warns(RuntimeWarning, match="weak reference to a Value"):
        assert f(1.0).data == 6.0
    del v
    assert f(1.0).data == 2.0


@pytest.mark.parametrize("kind", [Base, lambda: {Base()}])
def test_an_argument_given_once_is_not_kept_alive(kind: Callable[..., Any]) -> None:
    w = Value(2.0)
    f = record(lambda one, x: w * x * (2.0 if one is not None else 1.0), [w], backend="python")
    one = kind()
    assert [f(one, 1.0).data for _ in range(5)] == [4.0] * 5
    assert f.replays > 0
    held = Base()
    if hasattr(one, "__dict__"):
        one.held = held
    f(one, 1.0)
    seen, inner = weakref.ref(one), weakref.ref(held)
    del one, held
    gc.collect()
    assert (seen(), inner()) == (None, None)
    assert f(kind(), 1.0).data == 4.0


@pytest.mark.parametrize("calls", [1, 2, 6])
def test_a_value_given_as_an_argument_is_not_kept_alive(calls: int) -> None:
    w = Value(2.0)
    f = record(lambda v, x: w * v * x, [w], backend="python")
    v = Value(3.0)
    assert [f(v, 1.0).data for _ in range(calls)] == [6.0] * calls
    assert v.grad == 2.0 * calls
    seen = weakref.ref(v)
    del v
    gc.collect()
    assert seen() is None
    for k in range(6):
        v = Value(1.0 + k)
        assert f(v, 1.0).data == 2.0 + 2 * k
        assert v.grad == 2.0


def test_an_argument_without_weak_references_is_let_go_too() -> None:
    alive = []

    class Slotted:
        __slots__ = ("x",)

        def __init__(self) -> None:
            alive.append(1)

        def __del__(self) -> None:
            alive.pop()

    w = Value(2.0)
    f = record(lambda one, x: w * x * (2.0 if one is not None else 1.0), [w], backend="python")
    for _ in range(40):
        assert f(Slotted(), 1.0).data == 4.0
    assert len(alive) <= 16


def test_programs_of_arguments_that_live_on_outlive_those_of_others() -> None:
    w, kept = Value(2.0), Base()
    f = record(lambda one, x: w * x * one.rate, [w], backend="python", audit=False)
    for _ in range(4):
        f(kept, 1.0)
    replays = f.replays
    f(Base(), 1.0)
    f(kept, 1.0)
    assert f.replays == replays + 1


def test_what_a_thread_has_of_its_own_is_that_threads() -> None:
    import threading

    local, w, found = threading.local(), Value(2.0), []
    local.rate = 1.0
    f = record(lambda x: w * x * local.rate, [w], backend="python")
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5

    def other() -> None:
        local.rate = 3.0
        found.append(f(1.0).data)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(10)
    assert found == [6.0]
    assert f(1.0).data == 2.0
