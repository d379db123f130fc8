"""Cold start, each in a fresh process: the import, compiling the kernels once on a machine, and first calls after it."""

import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median

from works.timing import Goal, there

NODES = 10_000
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


def child(*arguments, cache):
    """(CPU seconds of this Python with these arguments, what it printed)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    printed = subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, text=True, capture_output=True
    ).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, printed


def measure(repeats, folder):
    cache = str(Path(folder, "kernels"))
    print("\ncold start, CPU seconds of a fresh process")

    def show(what, seconds):
        print(f"  {what:<64} {seconds:8.3f}")

    def typical(code):
        return median(child("-c", code, cache=cache)[0] for _ in range(repeats))

    nothing, imported = typical("pass"), typical("import autograd")
    show("import autograd, beyond Python's own start", imported - nothing)
    if not there("numba"):
        print("  numba is not installed: nothing to compile")
        return []
    show("python -m autograd warm, no kernels there", child("-m", "autograd", "warm", cache=cache)[0])
    show(
        "python -m autograd warm, all kernels there",
        median(child("-m", "autograd", "warm", cache=cache)[0] for _ in range(repeats)),
    )
    calls = [[float(x) for x in child("-c", FIRST_CALLS, cache=cache)[1].split()] for _ in range(repeats)]
    first, *more, replay = (median(times) for times in zip(*calls))
    show(f"first call of {NODES:,} nodes", first)
    show(f"the next {len(more)}, which confirm what was recorded", sum(more))
    show("the first replay, with loading NumPy, Numba and the kernels", replay)
    return [Goal(f"first call of {NODES:,} nodes in a fresh process: CPU seconds", first, 0.3)]
