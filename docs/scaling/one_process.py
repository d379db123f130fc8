"""Train on one process: python one_process.py STEPS."""

import sys
import time

from problem import RATE, SAMPLES, X, fast, y

steps = int(sys.argv[1])
fast.train(X, y, lr=0.0)  # what is recorded and compiled once is not timed
start = time.perf_counter()
losses = fast.train(X, y, epochs=steps, lr=RATE)  # all samples in one batch: an epoch is a step
seconds = time.perf_counter() - start
print(*losses, sep="\n")
print(f"{SAMPLES * steps / seconds:.0f} samples a second", file=sys.stderr)
