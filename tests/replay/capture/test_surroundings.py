"""What a recorded function reads besides its arguments."""

import collections
import contextvars
import decimal
import functools
import itertools
import operator
import os
import random
import sys
import threading
import types
import weakref
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from math import copysign
from typing import Any

import pytest
from side_by_side import World, compare, parameters

from autograd import Value, record


class Slotted:
    __slots__ = ("factor",)

    def __init__(self) -> None:
        self.factor = 1.0

    def __getitem__(self, _: int) -> float:
        return self.factor

    def __setitem__(self, _: int, x: float) -> None:
        self.factor = x


@pytest.mark.parametrize(
    "held", [Slotted(), deque([1.0]), array("d", [1.0]), bytearray(b"\1"), [1.0], {0: 1.0}]
)
def test_a_factor_changed_in_any_container_is_noticed(held: Any) -> None:
    w = Value(2.0)
    f = record(lambda x: w * x * held[0], [w], backend="python")
    assert [f(1.0).data for _ in range(4)] == [2.0] * 4
    held[0] = 3
    assert [f(1.0).data for _ in range(4)] == [6.0] * 4


def test_a_first_attribute_of_a_function_or_an_object_without_any_is_noticed() -> None:
    class Plain:
        pass

    def scale() -> float:
        return getattr(scale, "factor", 1.0) * getattr(thing, "factor", 1.0)

    w, thing = Value(2.0), Plain()
    f = record(lambda x: w * x * scale(), [w], backend="python")
    assert [f(1.0).data for _ in range(4)] == [2.0] * 4
    for holder, want in ((scale, 6.0), (thing, 18.0)):
        holder.factor = 3.0  # type: ignore[union-attr]  # new on both
        assert [f(1.0).data for _ in range(4)] == [want] * 4


def test_zero_that_turns_negative_is_noticed() -> None:
    w, held = Value(2.0), [0.0]
    f = record(lambda x: w * x * copysign(1.0, held[0]), [w], backend="python")
    assert [f(1.0).data for _ in range(3)] == [2.0] * 3
    held[0] = -0.0
    assert f(1.0).data == -2.0


def test_one_that_turns_true_is_noticed() -> None:
    w, held = Value(2.0), {"mask": 1}
    f = record(lambda x: w * x * (5.0 if held["mask"] is True else 1.0), [w], backend="python")
    assert [f(1.0).data for _ in range(3)] == [2.0] * 3
    held["mask"] = True
    assert f(1.0).data == 10.0


class Base:
    rate = 1.0

    def scale(self) -> float:
        return self.rate


class Derived(Base):
    @property
    def hidden(self) -> float:
        return self.rate


class ByName:
    def __init__(self, held: dict[str, float]) -> None:
        self.__dict__["held"] = held

    def __getattr__(self, name: str) -> float:
        held: dict[str, float] = self.__dict__["held"]
        return held["rate"]


Reader = Callable[[], float]
Setter = Callable[[float], Any]


def in_dict(wrap: Callable[[dict[str, float]], Any]) -> tuple[Reader, Setter]:
    """A reader of a wrapped dict, and what changes it behind the wrapper."""
    held = {"rate": 1.0}
    wrapped = wrap(held)
    return lambda: float(wrapped["rate"]), lambda x: held.update(rate=x)


def in_bound_method() -> tuple[Reader, Setter]:
    held = {"rate": 1.0}
    get = held.get
    return lambda: float(get("rate") or 0), lambda x: held.update(rate=x)


def in_partial() -> tuple[Reader, Setter]:
    held = [1.0]
    return functools.partial(operator.getitem, held, 0), lambda x: operator.setitem(held, 0, x)


def in_any_attribute() -> tuple[Reader, Setter]:
    held = {"rate": 1.0}
    one = ByName(held)
    return lambda: one.anything, lambda x: held.update(rate=x)


def in_environment() -> tuple[Reader, Setter]:
    return lambda: float(os.environ["AUTOGRAD_TEST"]), lambda x: os.environ.update(AUTOGRAD_TEST=str(x))


def in_getenv() -> tuple[Reader, Setter]:
    return (
        lambda: float(os.getenv("AUTOGRAD_TEST") or 1),
        lambda x: os.environ.update(AUTOGRAD_TEST=str(x)),
    )


def in_decimals() -> tuple[Reader, Setter]:
    return (
        lambda: float(decimal.Decimal(1) / decimal.Decimal(7)),
        lambda x: setattr(decimal.getcontext(), "prec", 3 + int(x)),
    )


def in_module() -> tuple[Reader, Setter]:
    made = types.ModuleType("module_of_a_test")
    inner = types.ModuleType("module_of_a_test.inner")
    vars(made)["inner"] = inner
    vars(inner)["rate"] = 1.0
    return lambda: float(made.inner.rate), lambda x: setattr(inner, "rate", x)


def in_import() -> tuple[Reader, Setter]:
    made = types.ModuleType("imported_by_a_test")
    vars(made)["rate"] = 1.0
    sys.modules["imported_by_a_test"] = made

    def read() -> float:
        from imported_by_a_test import rate  # type: ignore[import-not-found]  # made above

        return float(rate)

    return read, lambda x: setattr(made, "rate", x)


def in_base_class() -> tuple[Reader, Setter]:
    return Derived().scale, lambda x: setattr(Base, "rate", x)


def in_property() -> tuple[Reader, Setter]:
    one = Derived()
    return lambda: one.hidden, lambda x: setattr(one, "rate", x)


def in_weak_reference() -> tuple[Reader, Setter]:
    one = Derived()
    seen = weakref.ref(one)
    return lambda: float(seen().rate), lambda x, one=one: setattr(one, "rate", x)  # type: ignore[union-attr,misc]  # a slot


def in_context_variable() -> tuple[Reader, Setter]:
    variable = contextvars.ContextVar("rate", default=1.0)
    return variable.get, variable.set


def in_thread() -> tuple[Reader, Setter]:
    local = threading.local()
    local.rate = 1.0
    return lambda: float(local.rate), lambda x: setattr(local, "rate", x)


def in_default() -> tuple[Reader, Setter]:
    held = [1.0]

    def read(held: list[float] = held) -> float:
        return held[0]

    return read, lambda x: operator.setitem(held, 0, x)


def in_replaced_default() -> tuple[Reader, Setter]:
    def read(rate: float = 1.0) -> float:
        return rate

    return read, lambda x: setattr(read, "__defaults__", (x,))


def in_function() -> tuple[Reader, Setter]:
    def read() -> float:
        return float(read.rate)  # type: ignore[attr-defined]  # set below

    vars(read)["rate"] = 1.0
    return read, lambda x: vars(read).update(rate=x)


HOLDERS = {
    "dict": lambda: in_dict(lambda held: held),
    "read-only view": lambda: in_dict(types.MappingProxyType),
    "chain of dicts": lambda: in_dict(lambda held: collections.ChainMap({}, held)),
    "bound method": in_bound_method,
    "partial": in_partial,
    "attributes by name": in_any_attribute,
    "environment": in_environment,
    "getenv": in_getenv,
    "decimals": in_decimals,
    "module in a module": in_module,
    "import inside": in_import,
    "base class": in_base_class,
    "property": in_property,
    "weak reference": in_weak_reference,
    "context variable": in_context_variable,
    "thread's own": in_thread,
    "default argument": in_default,
    "replaced default": in_replaced_default,
    "attribute of a function": in_function,
}


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    context = decimal.getcontext().copy()
    yield
    decimal.setcontext(context)
    os.environ.pop("AUTOGRAD_TEST", None)
    Base.rate = 1.0


@pytest.mark.parametrize("name", HOLDERS)
def test_a_rate_is_read_anew_wherever_it_is_kept(name: str) -> None:
    def make() -> World:
        w = parameters()
        read, write = HOLDERS[name]()
        write(1.0)
        return World(lambda x: w[0] * x * read(), w, before=lambda k: write(1.0 + k // 6))

    replays, why = compare(make)
    assert replays > 0, why


def test_a_rate_in_an_array_that_is_seen_through_a_view_is_read_anew() -> None:
    import numpy as np

    def make() -> World:
        w, held = parameters(), np.array([1.0, 2.0])
        view = held[:1]
        return World(lambda x: w[0] * x * float(view[0]), w, before=lambda k: held.__setitem__(0, k // 6))

    assert compare(make)[0] > 0


def own_generator() -> Callable[[], float]:
    return random.Random(0).random


def numpys_generator() -> Callable[[], float]:
    import numpy as np

    generator = np.random.default_rng(0)
    return lambda: float(generator.random())


def numpys_old_generator() -> Callable[[], float]:
    import numpy as np

    np.random.seed(11)
    return lambda: float(np.random.rand())


def the_generator() -> Callable[[], float]:
    random.seed(11)
    return random.random


@pytest.mark.parametrize("generator", [own_generator, numpys_generator, numpys_old_generator, the_generator])
def test_whoever_draws_runs_as_it_is(generator: Callable[[], Callable[[], float]]) -> None:
    def make() -> World:
        w, draw = parameters(), generator()
        return World(lambda x: w[0] * x * (2.0 if draw() < 0.15 else 1.0), w)

    replays, why = compare(make)
    assert replays == 0
    assert "random" in why


@pytest.mark.parametrize("kind", ["count", "cycle", "generator"])
def test_whoever_reads_from_an_iterator_runs_as_it_is(kind: str) -> None:
    def make() -> World:
        w = parameters()
        held: Any = {"count": itertools.count(1), "cycle": itertools.cycle([1, 1, 1, 1, 2])}.get(kind)
        held = held or (k // 5 for k in range(99))
        return World(lambda x: w[0] * x * (next(held) // 2), w)

    replays, why = compare(make)
    assert replays == 0
    assert "iterator" in why


def test_defaults_of_named_arguments_that_are_exchanged_as_a_whole_are_noticed() -> None:
    def rate(*, base: float = 1.0) -> float:
        return base

    w = Value(2.0)
    f = record(lambda x: w * x * rate(), [w], backend="python", audit=False)
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5
    rate.__kwdefaults__ = {"base": 3.0}
    assert [f(1.0).data for _ in range(5)] == [6.0] * 5


class Point:
    def __init__(self, x: float, y: float) -> None:
        self.x, self.y = x, y

    def distance(self, w: Value) -> Value:
        return (w * self.x - self.y) ** 2


def test_a_global_that_is_called_as_an_attribute_is_does_not_count() -> None:
    w, point = Value(2.0), Point(3.0, 1.0)
    loss = record(lambda t: point.distance(w) * t, [w], backend="python")
    space = globals()
    try:
        for space["x"], space["y"] in ((0.1 * k, 1.0 - k) for k in range(30)):
            loss(space["x"])
    finally:
        del space["x"], space["y"]
    assert loss.replays > 20
