"""Replay: a function over Values, recorded once, run at native speed, never silently wrong.

    record   run it on Values and write down what decides        capture/, learned
    tidy     fold, merge, drop; sums of products become dots      passes/lowering, passes/tidy
    group    equal instructions side by side, loops rolled up     passes/grouping to passes/tape
    run      the same tape in plain Python, NumPy or Numba        executors/, kernels/
    call     one call, many samples, a whole training             function, samples, training_loop
    audit    the function itself beside it, ever more rarely      audit

NumPy and Numba are imported only by what runs on them.
"""

from __future__ import annotations

from autograd.replay.audit import ReplayMismatch
from autograd.replay.capture.probe import is_recorded, pick
from autograd.replay.function import Recorded, record
from autograd.replay.warming import warm

__all__ = ["Recorded", "ReplayMismatch", "is_recorded", "pick", "record", "warm"]
