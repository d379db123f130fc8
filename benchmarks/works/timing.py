"""CPU time in turns: competitors that do the same work, their table, and the goals it decides."""

from __future__ import annotations

import cProfile
import gc
import importlib.util
import pstats
import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

SOURCES = Path(__file__).parent.parent / "c"
REPLAY = "replay (numba)"
UNAUDITED = "replay (numba), audit=False"
AGREE = 1e-9  # relative: how near the results of all competitors must be
PEOPLE, PEERS, MORE = "what people do", "against peers, one thread, same arithmetic", "also"
TABLES = (PEOPLE, PEERS, MORE)
# -mprefer-vector-width: gcc takes half of what the machine has when it is not told
FLAGS = ("-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-w")
EPOCHS = (1, 5, 50)  # a call of `train`: what a call costs once is shared by so many
Measurement = Callable[[], float]


@dataclass
class Run:
    """What one run of the benchmark is asked for, and what it found.

    Attributes:
        repeats: measurements of each row.
        folder: for compiled programs and kernels.
        quick: leave out what takes long.
        rows: measure only rows whose names contain one of these; none: all.
    """

    repeats: int
    folder: str
    quick: bool = False
    rows: Sequence[str] = ()
    races: list[Race] = field(default_factory=list)

    def wants(self, row: str) -> bool:
        """Whether a row is among those asked for."""
        return not self.rows or any(text in row for text in self.rows)


class Goal(NamedTuple):
    """What was wanted, and the figure that this run reached; None where a row is missing."""

    table: str
    what: str
    reached: float | None
    bound: float
    unit: str = "x"
    at_least: bool = False
    limit: str = ""

    @property
    def beyond(self) -> float | None:
        """1 or more where the goal is met, else the share of it that was reached."""
        if self.reached is None:
            return None
        return self.reached / self.bound if self.at_least else self.bound / self.reached

    @property
    def verdict(self) -> str:
        """Met, missed by how much, or not measured."""
        if self.beyond is None:
            return "not measured"
        return "met" if self.beyond >= 1 else f"MISSED by {1 / self.beyond:.2f}x"

    def explained(self, run: Callable[[], Any]) -> Goal:
        """The same; where it is missed with what takes the time now, from a profile of `run`."""
        if self.beyond is None or self.beyond >= 1:
            return self
        return self._replace(limit=busiest(run))


def busiest(run: Callable[[], Any], most: int = 4) -> str:
    """Where a run spends its time: the functions with most of their own, and their shares."""
    profile = cProfile.Profile()
    profile.runcall(run)
    stats: Any = pstats.Stats(profile)
    own = sorted(((row[2], place) for place, row in stats.stats.items()), reverse=True)[:most]
    total = max(stats.total_tt, 1e-12)
    shares = [(100 * seconds / total, _named(*place)) for seconds, place in own]
    return ", ".join(f"{share:.0f} % {name}" for share, name in shares if share >= 2)


def _named(file: str, _line: int, function: str) -> str:
    """`module.function`; of what is built in only its name."""
    if file == "~":
        name = re.search(r"method '?([\w.]+)'?", function)
        return name.group(1).removeprefix("builtins.") if name else function.strip("<>")
    return f"{Path(file).stem}.{function.strip('<>')}"


def print_goals(goals: Sequence[Goal]) -> None:
    """The summary: a table for each kind of goal, a line per goal, what is next where one is missed."""
    width = max(len(goal.what) for goal in goals)
    for table in TABLES:
        mine = [goal for goal in goals if goal.table == table]
        if mine:
            print(f"\n{table:<{width}}  {'goal':>18}  {'reached':>14}")
        for goal in mine:
            wanted = f"{'at least' if goal.at_least else 'at most'} {goal.bound:,g} {goal.unit}"
            reached = "-" if goal.reached is None else f"{shown(goal.reached)} {goal.unit}"
            print(f"{goal.what:<{width}}  {wanted:>18}  {reached:>14}  {goal.verdict}")
            if goal.limit:
                print(f"{'':<{width}}  the time now: {goal.limit}")


def shown(x: float) -> str:
    """A figure with three digits or all before its point."""
    return f"{x:,.{0 if abs(x) >= 100 else 1 if abs(x) >= 10 else 2}f}"


def there(module: str) -> bool:
    """Whether a peer is installed."""
    return importlib.util.find_spec(module) is not None


def agree(got: Any, truth: Any, who: str) -> None:
    """Stop the run where a competitor computes something else: numbers, or sequences of them."""
    pairs = zip(got, truth, strict=True) if isinstance(truth, Sequence) else [(got, truth)]
    for x, y in pairs:
        if not abs(x - y) <= AGREE * max(1.0, abs(y)):
            raise ArithmeticError(f"{who} gives {x!r} where the others give {y!r}")


def cpu(function: Callable[[int], Any], count: int) -> Measurement:
    """A measurement: microseconds of CPU time per step of `function(count)`."""

    def run() -> float:
        begin = time.process_time()
        function(count)
        return (time.process_time() - begin) / count * 1e6

    return run


def calls_of(train: Callable[[int], Any], epochs: int, samples: int = 1, least: int = 100) -> Measurement:
    """Microseconds of CPU time per step where each call of `train(epochs)` makes few of them."""
    calls = -(-least // epochs)

    def run() -> float:
        begin = time.process_time()
        for _ in range(calls):
            train(epochs)
        return (time.process_time() - begin) / (calls * epochs * samples) * 1e6

    run()
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
        run: what is asked for; rows that are not are never made.
        name: of the work in a few letters.
        title: the work.
        unit: what one measurement of a competitor counts.
        ours: the row that the others are divided by.
    """

    def __init__(
        self, run: Run, name: str, title: str, unit: str = "us per step", ours: str = REPLAY
    ) -> None:
        self.asked, self.name, self.title, self.unit, self.ours = run, name, title, unit, ours
        self.runs: dict[str, Measurement] = {}
        self.missing: dict[str, str] = {}
        self.times: dict[str, float] = {}
        self.spread: dict[str, tuple[float, float]] = {}
        self.extra: dict[str, float] = {}  # figures that no row is
        run.races.append(self)

    def enter(self, name: str, make: Callable[[], Measurement], needs: str = "") -> None:
        """A competitor.

        Args:
            name: of its row.
            make: checks that it computes what the others do, and gives a function that measures it once.
            needs: the library or program without which the row is left out.
        """
        if name != self.ours and not self.asked.wants(name):
            return
        if needs and not (shutil.which(needs) if needs == "cc" else there(needs)):
            self.missing[name] = f"{needs} is not installed"
        else:
            self.runs[name] = make()

    def run(self) -> dict[str, float]:
        """Measure all in turns; the medians."""
        found: dict[str, list[float]] = {name: [] for name in self.runs}
        gc.collect()
        gc.freeze()  # or Python engines would pay for walks through the libraries of the others
        order = random.Random(0)  # who comes after torch finds its own code gone from the caches
        for _ in range(self.asked.repeats):
            for name in order.sample([*self.runs], len(self.runs)):
                found[name].append(self.runs[name]())
        gc.unfreeze()
        self.times = {name: median(times) for name, times in found.items()}
        self.spread = {name: (min(times), max(times)) for name, times in found.items()}
        return self.times

    def show(self) -> None:
        """Measure, and print a table."""
        self.run()
        self.table()

    def table(self) -> None:
        """Print what was measured."""
        print(f"\n{self.title}")
        for name, value in sorted(self.times.items(), key=lambda pair: pair[1]):
            beside = value / self.times[self.ours]
            least, most = (x / value for x in self.spread[name])
            print(
                f"  {name:<44} {value:>14,.2f} {self.unit}   {beside:>10,.2f} x   {least:.2f} to {most:.2f}"
            )
        for name, why in self.missing.items():
            print(f"  {name:<44} left out: {why}")

    def ratio(self, above: str, below: str) -> float | None:
        """One row's time over another's; None where one of them was left out."""
        return ratio(self.times, above, below)

    def record(self) -> dict[str, Any]:
        """For a file."""
        rows = {name: [x, *self.spread[name]] for name, x in self.times.items()}
        return {
            "title": self.title,
            "unit": self.unit,
            "ours": self.ours,
            "rows": rows,
            "missing": self.missing,
            "extra": self.extra,
        }


def ratio(times: Mapping[str, float], above: str, below: str) -> float | None:
    """One time over another; None where one of them is missing."""
    return times[above] / times[below] if above in times and below in times else None


def compiled(name: str, folder: str) -> str:
    """The path in `folder` of a program of `benchmarks/c`, compiled when it is not there yet."""
    target = Path(folder, name)
    if not target.exists():
        source = str(SOURCES / f"{name}.c")
        subprocess.run(["cc", *FLAGS, "-o", str(target), source, "-lm"], check=True)
    return str(target)


def c_run(program: str, arguments: Sequence[float], numbers: Sequence[float] | bytes) -> list[float]:
    """What a program prints, given arguments and its standard input: its time first, then results."""
    given = numbers if isinstance(numbers, bytes) else "\n".join(map(repr, numbers)).encode()
    command = [program, *map(str, arguments)]
    return [
        float(x) for x in subprocess.run(command, input=given, capture_output=True, check=True).stdout.split()
    ]
