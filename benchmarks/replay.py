"""Replay beside its peers and in what people do with it, in one run: ratios, not times, are what to trust.

    python benchmarks/replay.py [WORK ...] [--quick] [--row TEXT] [--repeats 7] [--json FILE]

Works: people, moons, xor, digits, microgpt, dag, forms, cold; all when none is named. Each row is CPU time of one thread, the
median of repeats in which all rows take turns; the last two figures of a row are its least and most over that. Peers are
measured where they are installed (torch, jax, micrograd, casadi) and named where not; the C programs in `benchmarks/c`,
the limit, are compiled with cc. What a competitor computes is compared with what the others compute before anything is
timed. At the end stand two tables of goals with the figure that this run reached, met or missed, and where missed
what takes the time, from a profile.

`--quick` takes some three minutes in place of some twelve: fewer repeats, smaller graphs, nothing that compiles kernels
anew. `--row TEXT` measures only rows whose names contain the text (and replay's own, which they are divided by).
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import importlib
import json
import platform
import tempfile
import time

from works.timing import Run, print_goals

WORKS = ("people", "moons", "xor", "digits", "microgpt", "dag", "forms", "cold")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"of {', '.join(WORKS)}; all when left out")
    parser.add_argument("--quick", action="store_true", help="some three minutes in place of some twelve")
    parser.add_argument("--row", action="append", default=[], metavar="TEXT", help="only rows with this text")
    parser.add_argument("--repeats", type=int, help="measurements of each row: 7, quick 3")
    parser.add_argument("--json", metavar="FILE", help="also write everything measured to this file")
    options = parser.parse_args()
    unknown = set(options.works) - set(WORKS)
    if unknown:
        parser.error(f"no work is named {', '.join(sorted(unknown))}: there are {', '.join(WORKS)}")
    begin, goals = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options.repeats or (3 if options.quick else 7), folder, options.quick, options.row)
        for name in options.works or WORKS:
            goals += importlib.import_module(f"works.{name}").measure(run)
    print_goals(goals)
    seconds = time.perf_counter() - begin
    print(
        f"\n{sum(goal.verdict == 'met' for goal in goals)} of {len(goals)} goals met; {seconds:.0f} s in all"
    )
    if options.json:
        found = {
            "python": platform.python_version(),
            "quick": options.quick,
            "repeats": run.repeats,
            "seconds": seconds,
            "races": {race.name: race.record() for race in run.races},
            "goals": [{**goal._asdict(), "verdict": goal.verdict} for goal in goals],
        }
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1)


if __name__ == "__main__":
    main()
