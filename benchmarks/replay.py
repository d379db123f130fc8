"""Replay beside its peers, in one run: ratios, not times, are what to trust.

    python benchmarks/replay.py [moons xor digits microgpt dag cold] [--repeats 7] [--json FILE]

Every row is CPU time of one thread, the median of interleaved repeats. Peers are measured where they are
installed (torch, jax, micrograd, casadi) and named where not; the C programs in `benchmarks/c`, the limit, are
compiled with cc. The results of all competitors are compared with each other before anything is timed. At the end
stands every goal with the figure that this run reached.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import importlib
import json
import tempfile

from works.timing import print_goals

WORKS = ("moons", "xor", "digits", "microgpt", "dag", "cold")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("works", nargs="*", metavar="work", help=f"of {', '.join(WORKS)}; all when left out")
    parser.add_argument("--repeats", type=int, default=7, help="measurements of each competitor")
    parser.add_argument("--json", metavar="FILE", help="also write the goals to this file")
    options = parser.parse_args()
    unknown = set(options.works) - set(WORKS)
    if unknown:
        parser.error(f"no work is named {', '.join(sorted(unknown))}: there are {', '.join(WORKS)}")
    goals = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.works or WORKS:
            goals += importlib.import_module(f"works.{name}").measure(options.repeats, folder)
    print_goals(goals)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump([{**goal._asdict(), "verdict": goal.verdict} for goal in goals], file, indent=1)


if __name__ == "__main__":
    main()
