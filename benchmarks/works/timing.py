"""CPU time in turns: competitors that do the same work, their table, and the goals it decides."""

from __future__ import annotations

import gc
import importlib.util
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

SOURCES = Path(__file__).parent.parent / "c"
REPLAY = "replay (numba)"
UNAUDITED = "replay (numba), audit=False"
AGREE = 1e-9  # relative: how near the results of all competitors must be


class Goal(NamedTuple):
    """What was wanted, and the figure that this run reached; None where a peer is missing."""

    what: str
    reached: float | None
    bound: float
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """Met, missed by how much, or not measured."""
        if self.reached is None:
            return "not measured"
        beyond = self.reached / self.bound if self.at_least else self.bound / self.reached
        return "met" if beyond >= 1 else f"MISSED by {1 / beyond:.2f}x"


def print_goals(goals: Sequence[Goal]) -> None:
    """The summary: one line per goal."""
    width = max(len(goal.what) for goal in goals)
    print(f"\n{'goal':<{width}}  {'wanted':>16}  {'reached':>11}")
    for goal in goals:
        wanted = f"{'at least' if goal.at_least else 'at most'} {goal.bound:,g}"
        reached = "-" if goal.reached is None else f"{goal.reached:,.{2 if goal.reached < 1000 else 0}f}"
        print(f"{goal.what:<{width}}  {wanted:>16}  {reached:>11}  {goal.verdict}")


def there(module: str) -> bool:
    """Whether a peer is installed."""
    return importlib.util.find_spec(module) is not None


def agree(got: Any, truth: Any, who: str) -> None:
    """Stop the run where a competitor computes something else: numbers, or sequences of them."""
    pairs = zip(got, truth, strict=True) if isinstance(truth, Sequence) else [(got, truth)]
    for x, y in pairs:
        if not abs(x - y) <= AGREE * max(1.0, abs(y)):
            raise ArithmeticError(f"{who} gives {x!r} where the others give {y!r}")


def cpu(function: Callable[[int], Any], count: int) -> Callable[[], float]:
    """A measurement: microseconds of CPU time per step of `function(count)`."""

    def run() -> float:
        begin = time.process_time()
        function(count)
        return (time.process_time() - begin) / count * 1e6

    return run


class Work:
    """What a work trains: its parameters, and the numbers from which every competitor starts."""

    def __init__(self, params: Sequence[Any]) -> None:
        self.params = params
        self.start = [p.data for p in params]

    def reset(self) -> None:
        """Back to the start."""
        for p, x in zip(self.params, self.start):
            p.data, p.grad = x, 0.0


class Race:
    """Competitors that do the same work, measured in turns.

    Args:
        title: the work.
        unit: what one measurement of a competitor counts.
        ours: the row that the others are divided by.
    """

    def __init__(self, title: str, unit: str = "us per step", ours: str = REPLAY) -> None:
        self.title, self.unit, self.ours = title, unit, ours
        self.runs: dict[str, Callable[[], float]] = {}
        self.missing: dict[str, str] = {}
        self.times: dict[str, float] = {}

    def enter(self, name: str, run: Callable[[], float]) -> None:
        """A competitor, as a function that measures itself once."""
        self.runs[name] = run

    def enter_peer(self, module: str, name: str, make: Callable[[], Callable[[], float]]) -> None:
        """A competitor that needs a library."""
        if there(module):
            self.enter(name, make())
        else:
            self.missing[name] = f"{module} is not installed"

    def enter_c(self, name: str, make: Callable[[], Callable[[], float]]) -> None:
        """A competitor that needs a C compiler."""
        if shutil.which("cc"):
            self.enter(name, make())
        else:
            self.missing[name] = "there is no cc"

    def run(self, repeats: int) -> dict[str, float]:
        """Measure all in turns; the medians."""
        found: dict[str, list[float]] = {name: [] for name in self.runs}
        gc.collect()
        gc.freeze()  # or Python engines would pay for walks through the libraries of the others
        for _ in range(repeats):
            for name, run in self.runs.items():
                found[name].append(run())
        gc.unfreeze()
        self.times = {name: median(times) for name, times in found.items()}
        return self.times

    def show(self, repeats: int) -> None:
        """Measure, and print a table."""
        self.run(repeats)
        print(f"\n{self.title}")
        for name, value in sorted(self.times.items(), key=lambda pair: pair[1]):
            print(f"  {name:<34} {value:>14,.2f} {self.unit}   {value / self.times[self.ours]:>12,.2f} x")
        for name, why in self.missing.items():
            print(f"  {name:<34} left out: {why}")

    def ratio(self, above: str, below: str) -> float | None:
        """One row's time over another's; None where one of them was left out."""
        return ratio(self.times, above, below)


def ratio(times: Mapping[str, float], above: str, below: str) -> float | None:
    """One time over another; None where one of them is missing."""
    return times[above] / times[below] if above in times and below in times else None


def compiled(name: str, folder: str) -> str:
    """The path in `folder` of a program of `benchmarks/c`, compiled when it is not there yet."""
    target = Path(folder, name)
    if not target.exists():
        flags = ["-O3", "-march=native", "-ffast-math", "-w"]
        subprocess.run(["cc", *flags, "-o", str(target), str(SOURCES / f"{name}.c"), "-lm"], check=True)
    return str(target)


def c_run(program: str, arguments: Sequence[float], numbers: Sequence[float] | bytes) -> list[float]:
    """What a program prints, given arguments and its standard input: its time first, then results."""
    given = numbers if isinstance(numbers, bytes) else "\n".join(map(repr, numbers)).encode()
    command = [program, *map(str, arguments)]
    return [
        float(x) for x in subprocess.run(command, input=given, capture_output=True, check=True).stdout.split()
    ]
