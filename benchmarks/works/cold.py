"""Starts, each in a fresh process: kernels compiled once on a machine, and the first replay when they are there."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

from works.timing import MORE, PEOPLE, Goal, Race, there

NODES = 10_000
SMALL = """
import autograd as ag
from autograd import Value
w = [Value(0.1 * i) for i in range(9)]
def loss(x, y):
    h = [ag.sigmoid(w[3 * k] * x + w[3 * k + 1] * y + w[3 * k + 2]) for k in (0, 1)]
    return ag.sigmoid(w[6] * h[0] + w[7] * h[1] + w[8]) ** 2
fast = ag.record(loss, params=w)
while not fast.replays:
    fast(0.5, 1.0)
"""
WITHOUT_SCIPY = "import sys\nsys.modules['scipy'] = None\n" + SMALL  # importing it says that it is not there
BATCHES = SMALL + "fast.batch([0.5] * 40, [1.0] * 40)\nfast.train([0.5] * 40, [1.0] * 40, epochs=3, lr=0.1)\n"
FIRST_CALLS = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
import autograd
from works.random_graph import RandomGraph
graph = RandomGraph({NODES})
fast = autograd.record(graph.loss, params=graph.params)
while not fast.replays:
    begin = time.process_time()
    fast(0.0)
    print(time.process_time() - begin)
"""
IMPORT, READY, NO_SCIPY = "import autograd", "import to first replay, SciPy there", "the same, no SciPy"
ANEW, ANEW_BATCHES, ANEW_ALL = "small net, no kernels there", "with batches and train", "all named optimisers"


def child(code, cache=None):
    """(CPU seconds of this Python with this program, what it printed); None: kernels where the user has them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)} if cache else dict(os.environ)
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, text=True, capture_output=True
    ).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, printed


def compiled_anew(run, cache):
    """One race of one measurement each: from nothing, in the order in which a user meets them."""
    steps = {ANEW: SMALL, ANEW_BATCHES: BATCHES, ANEW_ALL: "from autograd.replay import warm\nwarm()\n"}
    race = Race(run, "first use", "kernels compiled anew, CPU seconds so far", "s", ours=ANEW)
    total = 0.0
    for name, code in steps.items():
        total += child(code, cache)[0]
        race.times[name], race.spread[name] = total, (total, total)
    race.table()
    return [
        Goal(PEOPLE, "first use on a machine: until a small net replays", race.times[ANEW], 20, "CPU s"),
        Goal(PEOPLE, "first use on a machine: in all", race.times[ANEW_ALL], 45, "CPU s"),
    ]


def measure(run):
    if not there("numba"):
        print("\nnumba is not installed: nothing is compiled")
        return []
    cache = Path(run.folder, "kernels")
    goals = [] if run.quick else compiled_anew(run, cache)
    cache = None if run.quick else cache
    race = Race(run, "start", "a fresh process, kernels there, CPU seconds", "s", ours=READY)

    def process(code):
        child(code, cache)
        return lambda: child(code, cache)[0]

    nothing = process("pass")()
    race.enter(READY, lambda: process(SMALL))
    race.enter(NO_SCIPY, lambda: process(WITHOUT_SCIPY))
    race.enter(IMPORT, lambda: process("import autograd"))
    race.show()
    calls = [[float(x) for x in child(FIRST_CALLS, cache)[1].split()] for _ in range(run.repeats)]
    first, *more, replay = (median(times) for times in zip(*calls, strict=True))
    race.extra = {"python": nothing, "first call": first, "confirming": sum(more), "first replay": replay}
    print(
        f"  {NODES:,} nodes: first call {first:.3f} s, the {len(more)} that confirm it {sum(more):.3f} s, ",
        end="",
    )
    print(f"the first replay, with loading NumPy, Numba and the kernels, {replay:.3f} s")
    return [
        *goals,
        Goal(PEOPLE, "import to first replay, SciPy installed", race.times[READY], 0.8, "CPU s"),
        Goal(PEOPLE, "import to first replay, without SciPy", race.times.get(NO_SCIPY), 0.7, "CPU s"),
        Goal(MORE, f"first call of {NODES:,} nodes in a fresh process", first, 0.3, "CPU s"),
    ]
