"""A function that asks the world runs as it is, and a warning names the line."""

import datetime
import time
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from autograd import Value, record

RATE = 2.0


def now() -> float:
    return float(datetime.datetime.now(datetime.timezone.utc).year < 3000)


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda _: time.time() > 0, "reads a clock by time"),
        (lambda _: perf_counter() > -1, "reads a clock by perf_counter"),
        (lambda _: now(), "reads a clock by now"),
        (lambda path: float(open(path).read()), "opens a file by open"),  # noqa: SIM115 - as people write it
        (lambda path: float(path.read_text()), "opens a file by open"),
        (lambda path: len([*path.parent.iterdir()]), "asks the operating system"),
        (lambda _: globals()["RATE"], "looks up names by text by globals"),
        (lambda _: eval("RATE"), "runs text by eval"),  # noqa: S307 - as people write it
    ],
)
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # the file is what is asked for
def test_whoever_asks_runs_as_it_is(ask: Callable[[Any], float], what: str, tmp_path: Path) -> None:
    path = tmp_path / "number"
    path.write_text("1.0")
    w = Value(2.0)
    f = record(lambda x: w * x * ask(path), [w], backend="python")
    f(1.0)
    f(2.0)
    with pytest.warns(RuntimeWarning, match=rf"{what}.*test_impure_calls\.py:\d+"):
        f(3.0)
    f(4.0)
    assert f.replays == 0


def test_a_profiler_goes_on() -> None:
    import sys

    seen: list[str] = []
    w = Value(2.0)
    f = record(lambda x: w * x, [w], backend="python", audit=False)
    sys.setprofile(lambda _frame, event, _: seen.append(event))
    try:
        for _ in range(4):
            f(1.0)
        assert sys.getprofile() is not None
    finally:
        sys.setprofile(None)
    assert f.replays == 1
