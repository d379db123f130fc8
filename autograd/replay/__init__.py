"""Replay: a function over Values, recorded once, run at native speed, never silently wrong.

    record   run it on Values and write down what decides        recording, probe, surroundings, variant
    tidy     fold, merge, drop; sums of products become dots      lowering, tidy
    group    equal instructions side by side, loops rolled up     tape
    run      the same tape in plain Python, NumPy or Numba        numpy_executor, numba_executor, kernels

NumPy and Numba are imported only by what runs on them.
"""

from __future__ import annotations

from autograd.replay.capture.probe import is_recorded, pick
from autograd.replay.function import Recorded, record
from autograd.replay.jit import warm

__all__ = ["Recorded", "is_recorded", "pick", "record", "warm"]
