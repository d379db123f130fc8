"""What code mentions, and modules in which it looks for names."""

import importlib
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, record
from autograd.replay.capture.mentions import mentioned

NAME = "rates_of_a_test"
ATTRIBUTE = "rate"


@pytest.fixture
def module() -> Iterator[Any]:
    made: Any = types.ModuleType(NAME)
    exec("store = {'rate': 1.0}\ndef __getattr__(name): return store[name]", vars(made))  # noqa: S102 - its source
    sys.modules[NAME] = made
    yield made
    del sys.modules[NAME]


def by_function_of_the_module(module: Any) -> Callable[[], float]:
    return lambda: float(module.rate)


def by_default(module: Any) -> Callable[[], float]:
    del module.__getattr__
    return lambda: float(getattr(module, "rate", 1.0))


def by_question(module: Any) -> Callable[[], float]:
    del module.__getattr__
    return lambda: float(module.rate) if hasattr(module, "rate") else 1.0


def by_all_its_names(module: Any) -> Callable[[], float]:
    return lambda: float(vars(module).get("rate", 1.0))


def by_import_module(_: Any) -> Callable[[], float]:
    return lambda: float(importlib.import_module("rates_of_a_test").rate)


def by_import_module_of_a_name(_: Any) -> Callable[[], float]:
    return lambda: float(importlib.import_module(NAME).rate)


def by_table_of_modules(_: Any) -> Callable[[], float]:
    return lambda: float(sys.modules["rates_of_a_test"].rate)


def by_attribute(module: Any) -> Callable[[], float]:
    held = types.SimpleNamespace(settings=module)
    return lambda: float(held.settings.rate)


def by_list(module: Any) -> Callable[[], float]:
    held = [module]
    return lambda: float(held[0].rate)


def by_a_name_that_is_a_global(module: Any) -> Callable[[], float]:
    del module.__getattr__
    return lambda: float(getattr(module, ATTRIBUTE, 1.0))


WAYS = [f for name, f in dict(globals()).items() if name.startswith("by_")]


@pytest.mark.parametrize("way", WAYS, ids=lambda f: f.__name__)
def test_a_rate_that_a_module_gets_later_is_noticed(
    way: Callable[[Any], Callable[[], float]], module: Any
) -> None:
    w, read = Value(2.0), way(module)
    f = record(lambda x: w * x * read(), [w], backend="python")
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5
    assert f.replays > 0
    module.rate = 3.0
    assert [f(1.0).data for _ in range(5)] == [6.0] * 5


def test_what_a_modules_getattr_reads_is_read_anew(module: Any) -> None:
    w = Value(2.0)
    f = record(lambda x: w * x * module.rate, [w], backend="python")
    assert [f(1.0).data for _ in range(5)] == [2.0] * 5
    module.store["rate"] = 3.0
    assert [f(1.0).data for _ in range(5)] == [6.0] * 5
    assert f.replays > 0


def test_a_getattr_that_a_module_gets_later_is_noticed(module: Any) -> None:
    del module.__getattr__

    def read() -> float:
        try:
            return float(module.rate)
        except AttributeError:
            return 1.0

    w = Value(2.0)
    f = record(lambda x: w * x * read(), [w], backend="python")
    for rate in (1.0, 3.0, 4.0):
        assert [f(1.0).data for _ in range(5)] == [2.0 * rate] * 5
        module.__getattr__ = lambda _, rate=rate: rate + 1.0 if rate > 1.0 else 3.0


def test_a_module_that_the_first_call_imports_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lazy_rates_of_a_test.py").write_text("rate = 1.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    w = Value(2.0)

    def loss(x: float) -> Any:
        import lazy_rates_of_a_test as lazy  # type: ignore[import-not-found]  # written above

        return w * x * lazy.rate

    f = record(loss, [w], backend="python")
    assert [f(1.0).data for _ in range(6)] == [2.0] * 6
    assert f.replays > 0
    sys.modules["lazy_rates_of_a_test"].rate = 3.0  # type: ignore[attr-defined]  # a module's global
    assert [f(1.0).data for _ in range(5)] == [6.0] * 5
    del sys.modules["lazy_rates_of_a_test"]


def test_a_module_imported_by_a_computed_name_leaves_the_function_alone(module: Any) -> None:
    w, ending = Value(2.0), "a_test"
    module.rate = 1.0
    f = record(lambda x: w * x * importlib.import_module("rates_of_" + ending).rate, [w], backend="python")
    with pytest.warns(RuntimeWarning, match="imports modules by names that nobody sees"):
        assert f(1.0).data == 2.0
    module.rate = 3.0
    assert f(1.0).data == 6.0


def test_a_module_exchanged_for_another_is_noticed(module: Any) -> None:
    del module.__getattr__
    w, module.rate = Value(2.0), 1.0

    def loss(x: float) -> Any:
        from rates_of_a_test import rate  # type: ignore[import-not-found]  # made above

        return w * x * rate

    f = record(loss, [w], backend="python")
    assert [f(1.0).data for _ in range(6)] == [2.0] * 6
    assert f.replays > 0
    sys.modules[NAME] = other = types.ModuleType(NAME)
    other.rate = 3.0  # type: ignore[attr-defined]  # a module's global
    assert [f(1.0).data for _ in range(5)] == [6.0] * 5


def test_code_that_asks_for_identity_says_so() -> None:
    one, other = [0.0], [1.0]
    assert "is" in mentioned((lambda x: x is one).__code__).names
    assert "is" in mentioned((lambda x: x is not other or [x]).__code__).names
    assert "is" not in mentioned((lambda x: [x is None, x is True, x == other]).__code__).names
